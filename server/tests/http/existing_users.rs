//! Creating a user who is there already, or may be: what is said is what is known.

use axum::http::Method;
use backend::{AuditFilter, Entry};
use domain::{Cause, Problem, Role};

use crate::support::{Browser, TestApp, arn, token};

const CREATE: &str = "/api/users/create";

struct World {
    app: TestApp,
    browser: Browser,
    /// The page of an AppInstance.
    instance: String,
}

impl World {
    async fn start() -> Self {
        let app = TestApp::start_with(&["--emulator-control"]).await;
        let (_, browser) = app.sign_in(Role::Admin).await;
        let instance = browser.make_instance("Support").await;
        Self {
            app,
            browser,
            instance,
        }
    }

    fn list(&self) -> String {
        format!("{}/users", self.instance)
    }

    /// Lets calls fail in AWS.
    async fn fail(&self, faults: serde_json::Value) {
        let settings = serde_json::json!({ "faults": faults }).to_string();
        self.app.control(Method::PUT, "settings", settings).await;
    }

    /// What the audit has last of a create.
    async fn last_create(&self) -> Entry {
        let filter = AuditFilter {
            operation: Some("CreateAppInstanceUser".to_owned()),
            ..AuditFilter::default()
        };
        let audit = self.app.backend.audit().whole();
        audit.recent(&filter, None, 1).await.unwrap().remove(0)
    }
}

fn creation<'a>(page: &'a str, instance: &'a str, token: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("page", page),
        ("instance", instance),
        ("token", token),
        ("user_id", "ana"),
        ("name", "Ana"),
        ("metadata", "{\"team\":\"a\"}"),
        ("expiration_days", ""),
        ("tag_key[0]", "tier"),
        ("tag_value[0]", "gold"),
    ]
}

/// A form with one field replaced or added.
fn with<'a>(
    fields: &[(&'a str, &'a str)],
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(other, _)| *other != name);
    kept.copied().chain([(name, value)]).collect()
}

/// AWS answers such a create as if it had made the user.
#[tokio::test]
async fn a_user_that_is_there_with_equal_values_is_not_called_created() {
    let world = World::start().await;
    let page = format!("{}/create-user", world.instance);
    let (arn, first, second) = (arn(&world.instance), token(), token());
    let fields = creation(&page, &arn, &first);
    let made = world.browser.post(CREATE, &fields).await;
    let user = made.location().to_owned();
    world.browser.read(&user).await;

    for fields in [
        with(&fields, "token", &second),
        with(&with(&fields, "token", &second), "another", "true"),
    ] {
        let refused = world.browser.post(CREATE, &fields).await;
        let form = world.browser.get(refused.location()).await;

        assert!(refused.location().starts_with(&page));
        assert!(!form.words().contains("created"), "{}", form.words());
        let told = "This ID is already taken in this AppInstance. Open the existing one";
        assert!(form.words().contains(told));
        assert!(form.text().contains(&format!("href=\"{user}\"")));
    }
    let entry = world.last_create().await;
    assert_eq!(
        entry.input["ClientRequestToken"], *first,
        "nothing was sent"
    );
}

/// The second one's form is no retry of the first one's, whatever token it sends.
#[tokio::test]
async fn a_token_of_another_operator_makes_nobody_theirs() {
    let world = World::start().await;
    let (_, colleague) = world.app.sign_in(Role::Operator).await;
    let page = format!("{}/create-user", world.instance);
    let (arn, token) = (arn(&world.instance), token());
    let fields = creation(&page, &arn, &token);
    world.browser.post(CREATE, &fields).await.location();

    let failure = colleague.call(CREATE, &fields).await.failure();

    assert_eq!(failure.field_problems()[0].problem, Problem::Taken);
}

/// The form is sent again after its answer got lost on the way from AWS.
#[tokio::test]
async fn a_create_whose_answer_was_lost_can_be_sent_again() {
    let world = World::start().await;
    let page = format!("{}/create-user", world.instance);
    let (arn, token) = (arn(&world.instance), token());
    let fields = creation(&page, &arn, &token);
    let fault = serde_json::json!({
        "operation": "CreateAppInstanceUser", "kind": "reset", "times": 3, "after_commit": true,
    });
    world.fail(serde_json::json!([fault])).await;
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
    let world = World::start().await;
    let page = format!("{}/create-user", world.instance);
    let (arn, token) = (arn(&world.instance), token());
    let fields = with(&creation(&page, &arn, &token), "another", "true");
    let fault = serde_json::json!({
        "operation": "DescribeAppInstanceUser", "kind": "error", "code": "ForbiddenException",
    });
    world.fail(serde_json::json!([fault])).await;

    let made = world.browser.post(CREATE, &fields).await;

    let words = world.browser.read(made.location()).await;
    let told = "AppInstanceUser created, or it was there with the same values ana";
    assert!(words.contains(told), "{words}");
}

/// Without knowing whether one is there nothing is sent.
#[tokio::test]
async fn nobody_is_created_when_it_cannot_be_read_who_is_there() {
    let world = World::start().await;
    let page = format!("{}/create-user", world.instance);
    let (arn, token) = (arn(&world.instance), token());
    let fault = serde_json::json!({
        "operation": "DescribeAppInstanceUser", "kind": "error", "code": "ServiceFailureException",
    });
    world.fail(serde_json::json!([fault])).await;

    let fields = creation(&page, &arn, &token);
    let failure = world.browser.call(CREATE, &fields).await.failure();

    assert_eq!(failure.cause, Cause::AwsUnavailable);
    world.fail(serde_json::json!([])).await;
    let list = world.browser.read(&world.list()).await;
    assert!(list.contains("No users yet"), "{list}");
}
