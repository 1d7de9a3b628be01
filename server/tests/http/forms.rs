//! Forms without JavaScript, and the statuses that the browser code gets.

use axum::http::StatusCode;
use domain::{Cause, NoConnection, Role};

use crate::support::{
    Browser, CREATE, CREATE_CALL, PASSWORD, SIGN_IN, TestApp, assert_says, changed, credentials,
    instance_form,
};

async fn page_after(browser: &Browser, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(CREATE_CALL, fields).await;
    let location = answer.location();
    assert!(
        location.starts_with(&format!("{CREATE}?draft=")),
        "{location}"
    );
    browser.get(location).await.text().to_owned()
}

#[tokio::test]
async fn a_form_leads_to_what_it_made() {
    let (_app, browser) = TestApp::signed_in(Role::Operator).await;

    let made = browser
        .post(CREATE_CALL, &instance_form("token-1", "Support & Co"))
        .await;
    let again = browser
        .post(CREATE_CALL, &instance_form("token-1", "Support & Co"))
        .await;

    assert!(
        made.location()
            .starts_with("/embedded/us-east-1/app-instances/")
    );
    assert_eq!(
        made.location(),
        again.location(),
        "the same token makes nothing twice"
    );
    let page = browser.get(made.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Support &amp; Co"));
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed() {
    let (_app, browser) = TestApp::signed_in(Role::Operator).await;
    let mut fields = instance_form("token-1", "");
    fields.extend([("tag_key[0]", "team"), ("tag_value[0]", "\"a\"")]);

    let page = page_after(&browser, &fields).await;

    assert!(page.contains("value=\"team\""), "the row is there");
    assert!(page.contains("value=\"&quot;a&quot;\""), "and escaped");
    assert!(
        page.contains("value=\"token-1\""),
        "a retry has the same token"
    );
    assert!(
        page.contains(
            &Cause::Invalid(vec![domain::FieldProblem {
                field: domain::Field::Name,
                problem: domain::Problem::Empty
            }])
            .headline()
        )
    );
}

#[tokio::test]
async fn the_buttons_of_tag_rows_change_the_form_and_nothing_else() {
    let (_app, browser) = TestApp::signed_in(Role::Operator).await;
    let rows = [
        ("tag_key[0]", "one"),
        ("tag_value[0]", "1"),
        ("tag_key[1]", "two"),
        ("tag_value[1]", "2"),
    ];
    let press = async |button| {
        let fields = [
            &instance_form("token-1", "Never made")[..],
            &rows,
            &[button],
        ]
        .concat();
        page_after(&browser, &fields).await
    };

    let added = press(("add_row", "1")).await;
    let removed = press(("remove_row", "0")).await;

    assert!(added.contains("name=\"tag_key[2]\"") && added.contains("value=\"two\""));
    assert!(!removed.contains("value=\"one\"") && removed.contains("value=\"two\""));
    assert!(!removed.contains("name=\"tag_key[1]\""));
    assert!(added.contains("value=\"Never made\""));
    let list = browser.get("/embedded/us-east-1/app-instances").await;
    assert!(!list.text().contains("Never made"));
}

#[tokio::test]
async fn a_password_is_never_held() {
    let app = TestApp::start().await;
    let browser = app.anonymous();

    let answer = browser.sign_in("ann", "secret-typed").await;
    let page = browser.get(answer.location()).await;

    assert!(page.text().contains("value=\"ann\""));
    assert!(!page.text().contains("secret-typed"));
    assert!(page.text().contains(&Cause::BadCredentials.headline()));
}

#[tokio::test]
async fn a_draft_is_shown_to_nobody_else() {
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let (_, other) = app.sign_in(Role::Operator).await;
    let mut fields = instance_form("token-1", "");
    fields.push(("tag_key[0]", "mine"));

    let answer = browser.post(CREATE_CALL, &fields).await;

    assert!(!other.get(answer.location()).await.text().contains("mine"));
}

#[tokio::test]
async fn a_form_never_leads_to_another_site() {
    let app = TestApp::start().await;
    app.add_operator("ann", Role::Viewer).await;
    for elsewhere in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
    ] {
        let browser = app.anonymous();
        let there = [("page", elsewhere), ("next", elsewhere)];
        let form = |password| changed(&credentials("ann", password), &there);

        let refused = browser.post(SIGN_IN, &form("wrong password")).await;
        let done = browser.post(SIGN_IN, &form(PASSWORD)).await;

        assert!(
            refused.location().starts_with("/?draft="),
            "{}",
            refused.location()
        );
        assert_eq!(done.location(), "/");
    }
}

#[tokio::test]
async fn a_wrong_password_does_not_forget_where_to_go() {
    let app = TestApp::start().await;
    app.add_operator("ann", Role::Viewer).await;
    let browser = app.anonymous();
    let page = browser.get("/sign-in?next=%2Faudit").await;
    let page = page.text();
    let page_field = "name=\"page\" value=\"/sign-in?next=%2Faudit\"";
    assert!(page.contains(page_field), "{page}");
    let there = [("page", "/sign-in?next=%2Faudit"), ("next", "/audit")];
    let form = changed(&credentials("ann", "wrong password"), &there);
    let refused = browser.post(SIGN_IN, &form).await;

    let again = browser.get(refused.location()).await;
    let again = again.text();

    assert_says(
        again,
        &[
            "Username or password is not right",
            "name=\"next\" value=\"/audit\"",
        ],
    );
}

#[tokio::test]
async fn the_browser_code_gets_the_status_of_the_failure() {
    let mut app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, operator) = app.sign_in(Role::Operator).await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    let status = async |browser: &Browser, fields: &[(&str, &str)]| {
        let answer = browser.call(CREATE_CALL, fields).await;
        (answer.status.as_u16(), answer.failure().cause.code())
    };

    assert_eq!(
        status(&app.anonymous(), &instance_form("t-1", "A")).await,
        (401, "signed-out")
    );
    // Nobody learns whether what they sent could be read.
    for unread in [&[][..], &[("name", "A")], &instance_form("t-1", "")] {
        let answered = status(&app.anonymous(), unread).await;
        assert_eq!(answered, (401, "signed-out"));
    }
    assert_eq!(
        status(&viewer, &instance_form("t-1", "A")).await,
        (403, "role-needed")
    );
    assert_eq!(
        status(&operator, &instance_form("t-1", "")).await,
        (422, "invalid")
    );
    assert_eq!(status(&operator, &[("name", "A")]).await, (400, "outdated"));
    assert_eq!(
        operator
            .call(CREATE_CALL, &instance_form("t-1", "A"))
            .await
            .status,
        StatusCode::OK
    );

    let lost = serde_json::json!({ "operation": "CreateAppInstance", "kind": "reset" });
    app.inject(&[lost]).await;
    let unknown = operator.call(CREATE_CALL, &instance_form("t-2", "B")).await;
    app.lose_aws().await;
    let away = operator.call(CREATE_CALL, &instance_form("t-3", "C")).await;
    let gone = Cause::NotConnected(NoConnection::Refused);
    for (answer, status, cause) in [
        (unknown, StatusCode::GATEWAY_TIMEOUT, Cause::OutcomeUnknown),
        (away, StatusCode::SERVICE_UNAVAILABLE, gone),
    ] {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("retry-after"), "5");
        assert_eq!(answer.failure().cause, cause);
    }
}

#[tokio::test]
async fn a_read_only_console_says_so() {
    let app = TestApp::start_with(&["--read-only"]).await;
    let (_, browser) = app.sign_in(Role::Admin).await;

    let call = browser.call(CREATE_CALL, &instance_form("t-1", "A")).await;

    call.assert_failed(StatusCode::FORBIDDEN, Cause::ReadOnly);
}

#[tokio::test]
async fn wrong_guesses_are_slowed_down_and_told_how_long() {
    let app = TestApp::start().await;
    app.add_operator("ann", Role::Viewer).await;
    let browser = app.anonymous();
    let guess = credentials("ann", "wrong password");

    let mut last = browser.call(SIGN_IN, &guess).await;
    for _ in 0..12 {
        last = browser.call(SIGN_IN, &guess).await;
    }

    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    let Cause::SlowDown(seconds) = last.failure().cause else {
        panic!("{}", last.text())
    };
    assert_eq!(last.header("retry-after"), seconds.to_string());
}
