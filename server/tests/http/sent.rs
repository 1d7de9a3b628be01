//! What is said about what was sent to AWS: only what the wire told, whatever failed and in
//! whichever layer the answer was made.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use backend::{Clock, Phase};
use domain::{Cause, Operation, Role, Sent};
use serde_json::json;
use server::limits::Limits;

use crate::support::{
    Answer, Browser, CREATE_CALL, PASSWORD, TestApp, arn, credentials, instance_form, target, token,
};

const CONTROL: &[&str] = &["--emulator-control"];

/// A console that gives an answer two seconds.
async fn start_in_a_hurry() -> TestApp {
    let limits = Limits {
        answer: Duration::from_secs(2),
        sign_ins: NonZeroU32::MAX,
        ..Limits::default()
    };
    TestApp::start_within(Clock::system(), CONTROL, &limits).await
}

/// Lets every call of an operation go wrong from now on.
async fn fail(app: &TestApp, operation: &str, how: serde_json::Value) {
    let mut fault = how;
    fault["operation"] = operation.into();
    app.inject(&[fault]).await;
}

fn hang() -> serde_json::Value {
    json!({ "kind": "hang" })
}

fn error(code: &str) -> serde_json::Value {
    json!({ "kind": "error", "code": code })
}

async fn make_user(admin: &Browser) -> String {
    let instance = admin.make_instance("Support").await;
    admin.make_user(&instance, "us-east-1:ann", "Ann").await
}

async fn delete_user(admin: &Browser, user: &str) -> Answer {
    let arn = arn(user);
    let fields = [
        ("target", &*target(&arn)),
        ("confirm_user_id", "us-east-1:ann"),
    ];
    admin.call("/api/users/delete", &fields).await
}

#[tokio::test]
async fn a_change_that_is_unanswered_when_the_time_is_up_is_not_blamed_on_the_database() {
    let app = start_in_a_hurry().await;
    let (_, operator) = app.sign_in(Role::Operator).await;
    fail(&app, "CreateAppInstance", hang()).await;

    let (call_token, form_token) = (token(), token());
    let (call, form) = (
        instance_form(&call_token, "A"),
        instance_form(&form_token, "B"),
    );
    let (call, form) = tokio::join!(
        operator.call(CREATE_CALL, &call),
        operator.post(CREATE_CALL, &form)
    );

    assert_eq!(call.status, StatusCode::GATEWAY_TIMEOUT, "{}", call.text());
    let failure = call.failure();
    assert_eq!(failure.cause, Cause::OutcomeUnknown);
    assert_eq!(failure.trace.sent, Some(Sent::Unanswered));
    let entry = failure.trace.entry.unwrap();
    let entry = app.backend.audit().whole().entry(&entry).await.unwrap();
    // Its call goes on, and gives it an outcome.
    assert_eq!(entry.unwrap().phase, Phase::Begun);
    assert_eq!(form.status, StatusCode::GATEWAY_TIMEOUT);
    let words = form.words();
    assert!(words.contains(&Cause::OutcomeUnknown.headline()), "{words}");
    assert!(!words.contains("was sent"), "{words}");
    assert!(
        !words.contains(&Cause::StoreUnavailable.headline()),
        "{words}"
    );
}

#[tokio::test]
async fn a_page_that_takes_too_long_says_that_and_no_more() {
    let app = start_in_a_hurry().await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    fail(&app, "ListAppInstances", hang()).await;

    let page = viewer.get("/embedded/us-east-1/app-instances").await;

    assert_eq!(page.status, StatusCode::GATEWAY_TIMEOUT);
    let words = page.words();
    assert!(words.contains(&Cause::TookTooLong.headline()), "{words}");
    assert!(!words.contains("sent to AWS"), "{words}");
}

#[tokio::test]
async fn a_delete_that_aws_leaves_unanswered_is_unknown_and_told_by_the_call_itself() {
    let app = TestApp::start_with(CONTROL).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let user = make_user(&admin).await;
    fail(&app, "DeleteAppInstanceUser", hang()).await;
    let began = Instant::now();

    let answer = delete_user(&admin, &user).await;

    assert_eq!(
        answer.status,
        StatusCode::GATEWAY_TIMEOUT,
        "{}",
        answer.text()
    );
    let failure = answer.failure();
    assert_eq!(failure.cause, Cause::OutcomeUnknown);
    assert_eq!(
        failure.trace.operation,
        Some(Operation::DeleteAppInstanceUser)
    );
    assert_eq!(failure.trace.sent, Some(Sent::Unanswered));
    let last = app.newest_entries(1).await;
    assert_eq!(last[0].phase, Phase::Unknown);
    assert!(began.elapsed() < Limits::default().answer);
}

#[tokio::test]
async fn a_delete_is_not_sent_to_an_aws_that_left_its_first_question_unanswered() {
    let app = TestApp::start_with(CONTROL).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let user = make_user(&admin).await;
    fail(&app, "DescribeAppInstanceAdmin", hang()).await;

    let answer = delete_user(&admin, &user).await;

    let failure = answer.failure();
    assert_eq!(failure.cause, Cause::AwsUnavailable, "{}", answer.text());
    let asked = Some(Operation::DescribeAppInstanceAdmin);
    assert_eq!(failure.trace.operation, asked);
    assert_eq!(failure.trace.sent, Some(Sent::Nothing));
    assert!(!app.calls().await.contains_key("DeleteAppInstanceUser"));
}

#[tokio::test]
async fn a_part_that_was_made_before_is_told() {
    let app = TestApp::start_with(CONTROL).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let user = make_user(&admin).await;
    let arn = arn(&user);
    let instance = arn.split("/user/").next().unwrap();
    let promote = [("target", &*target(instance)), ("member", &*arn)];
    let promoted = admin.call("/api/admins/create", &promote).await;
    assert_eq!(promoted.status, StatusCode::OK, "{}", promoted.text());
    fail(&app, "DeleteAppInstanceUser", error("ConflictException")).await;

    let answer = delete_user(&admin, &user).await;

    let failure = answer.failure();
    assert_eq!(failure.cause, Cause::Conflict);
    assert_eq!(failure.trace.sent, Some(Sent::Partly));
}

#[tokio::test]
async fn what_was_refused_before_any_call_is_told_and_only_where_a_change_was_asked_for() {
    let app = TestApp::start_with(CONTROL).await;
    let (_, operator) = app.sign_in(Role::Operator).await;
    let token = token();
    let sent = async |fields: &[(&str, &str)]| {
        let answer = operator.call(CREATE_CALL, fields).await;
        let failure = answer.failure();
        (failure.cause.code(), failure.trace.sent)
    };

    assert_eq!(
        sent(&instance_form(&token, "")).await,
        ("invalid", Some(Sent::Nothing))
    );
    fail(&app, "CreateAppInstance", error("ForbiddenException")).await;
    assert_eq!(
        sent(&instance_form(&token, "A")).await,
        ("forbidden", Some(Sent::Answered))
    );
    let wrong = credentials("nobody", PASSWORD);
    let refused = app.anonymous().call("/api/session/sign-in", &wrong).await;
    assert_eq!(refused.failure().trace.sent, None);
}

#[tokio::test]
async fn the_form_says_what_was_sent_beside_what_went_wrong() {
    let mut app = TestApp::start_with(CONTROL).await;
    let (_, operator) = app.sign_in(Role::Operator).await;
    let token = token();
    fail(&app, "CreateAppInstance", error("ForbiddenException")).await;
    let refused = operator
        .post(CREATE_CALL, &instance_form(&token, "A"))
        .await;
    let refused = operator.get(refused.location()).await.words();
    app.lose_aws().await;
    let lost = operator
        .post(CREATE_CALL, &instance_form(&token, "A"))
        .await;
    let lost = operator.get(lost.location()).await.words();

    assert!(!refused.contains("was sent to AWS"), "{refused}");
    assert!(lost.contains("No change was sent to AWS."), "{lost}");
    assert!(lost.contains("No connection to AWS"), "{lost}");
}
