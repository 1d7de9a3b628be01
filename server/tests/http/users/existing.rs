//! Creating a user who is there already, or may be: what is said is what is known.

use domain::{Cause, Problem, Role};

use super::CREATE;
use crate::support::{Form, World, token};

/// A console whose AWS says this wherever it is asked about a user, and a form that makes one.
async fn start_refusing(code: &str) -> (World, Form) {
    let world = World::start().await;
    let creation = world.creation();
    let fault = serde_json::json!({
        "operation": "DescribeAppInstanceUser", "kind": "error", "code": code,
    });
    world.app.inject(&[fault]).await;
    (world, creation)
}

/// AWS answers such a create as if it had made the user.
#[tokio::test]
async fn a_user_that_is_there_with_equal_values_is_not_called_created() {
    let world = World::start().await;
    let (creation, second) = (world.creation(), token());
    let made = world.browser.post(CREATE, &creation.fields()).await;
    let user = made.location().to_owned();
    world.browser.read(&user).await;

    for fields in [
        creation.with(&[("token", &second)]),
        creation.with(&[("token", &second), ("another", "true")]),
    ] {
        let refused = world.browser.post(CREATE, &fields).await;
        let form = world.browser.get(refused.location()).await;

        assert!(refused.location().starts_with(&creation.page));
        assert!(!form.words().contains("created"), "{}", form.words());
        let told = "This ID is already taken in this AppInstance. Open the existing one";
        assert!(form.words().contains(told));
        assert!(form.text().contains(&format!("href=\"{user}\"")));
    }
    let entry = world.last("CreateAppInstanceUser").await;
    assert_eq!(
        entry.input["ClientRequestToken"], *creation.token,
        "nothing was sent"
    );
}

/// The second one's form is no retry of the first one's, whatever token it sends.
#[tokio::test]
async fn a_token_of_another_operator_makes_nobody_theirs() {
    let world = World::start().await;
    let (_, colleague) = world.app.sign_in(Role::Operator).await;
    let creation = world.creation();
    let fields = creation.fields();
    world.browser.post(CREATE, &fields).await.location();

    let failure = colleague.call(CREATE, &fields).await.failure();

    assert_eq!(failure.field_problems()[0].problem, Problem::Taken);
}

/// The form is sent again after its answer got lost on the way from AWS.
#[tokio::test]
async fn a_create_whose_answer_was_lost_can_be_sent_again() {
    let world = World::start().await;
    let creation = world.creation();
    let fields = creation.fields();
    let fault = serde_json::json!({
        "operation": "CreateAppInstanceUser", "kind": "reset", "times": 3, "after_commit": true,
    });
    world.app.inject(&[fault]).await;
    let lost = world.browser.call(CREATE, &fields).await.failure();

    let again = world.browser.post(CREATE, &fields).await;

    assert_eq!(lost.cause, Cause::OutcomeUnknown);
    assert!(
        again.location().ends_with("/users/ana"),
        "{}",
        again.location()
    );
    let words = world.browser.read(again.location()).await;
    // The answer that would have told is lost for good.
    let told = "AppInstanceUser created, or it was there with the same values Ana";
    assert!(words.contains(told), "{words}");
}

/// AWS says "forbidden" of what is not there and of what the credentials may not see.
#[tokio::test]
async fn a_user_that_cannot_be_seen_is_not_called_new() {
    let (world, creation) = start_refusing("ForbiddenException").await;

    let made = world
        .browser
        .post(CREATE, &creation.with(&[("another", "true")]))
        .await;

    let words = world.browser.read(made.location()).await;
    let told = "AppInstanceUser created, or it was there with the same values ana";
    assert!(words.contains(told), "{words}");
}

/// Without knowing whether one is there nothing is sent.
#[tokio::test]
async fn nobody_is_created_when_it_cannot_be_read_who_is_there() {
    let (world, creation) = start_refusing("ServiceFailureException").await;

    let call = world.browser.call(CREATE, &creation.fields()).await;
    let failure = call.failure();

    assert_eq!(failure.cause, Cause::AwsUnavailable);
    world.app.inject(&[]).await;
    let list = world.browser.read(&world.users()).await;
    assert!(list.contains("No users yet"), "{list}");
}
