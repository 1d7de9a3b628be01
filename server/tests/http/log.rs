//! What the log says and does not say: that something happened, and never to whom or what.

use std::fs::{self, File};
use std::path::Path;

use axum::http::{Method, StatusCode};
use domain::Cause;
use sqlx::{Connection as _, SqliteConnection};

use crate::support::{
    Browser, CREATE_CALL, Dashboard, KEY, PASSWORD, arn, carillon_that_logs, credentials,
    start_emulator, token,
};

/// What the default is, and all of our own.
const FILTER: &str = "info,server=trace,app=trace,backend=trace,domain=trace,carillon=trace";
const LIST: &str = "/aws/us-east-1/app-instances";

fn instance(token: &str) -> [(&str, &str); 6] {
    [
        ("scope", "aws/us-east-1"),
        ("token", token),
        ("name", "canary-instance"),
        ("metadata", "canary-metadata"),
        ("tag_key[0]", "canary-key"),
        ("tag_value[0]", "canary-value"),
    ]
}

async fn make_user(browser: &Browser, instance: &str) -> StatusCode {
    let (instance, token) = (format!("aws {}", arn(instance)), token());
    let fields = [
        ("target", &*instance),
        ("token", &token),
        ("user_id", "canary-id"),
        ("name", "canary-name"),
        ("metadata", "canary-metadata"),
        ("tag_key[0]", "canary-key"),
        ("tag_value[0]", "canary-value"),
    ];
    browser.call("/api/users/create", &fields).await.status
}

/// An operator whose name is looked for, from the invitation to the first sign-in.
async fn invite(admin: &Browser) {
    let fields = [
        ("username", "canary-ann"),
        ("role", "Viewer"),
        ("scope", "Everything"),
    ];
    let invited = admin.post("/api/operators/invite", &fields).await;
    let page = admin.get(invited.location()).await;
    let ann = Browser::new(admin.address);
    let fields = [
        ("token", page.invitation_token()),
        ("new_password", PASSWORD),
    ];
    let chosen = ann.call("/api/session/accept", &fields).await;
    assert_eq!(chosen.status, StatusCode::OK, "{}", chosen.text());
    let out = ann.call("/api/session/sign-out", &[]).await;
    assert_eq!(out.status, StatusCode::OK, "{}", out.text());
}

/// Names where they do not belong: addresses that lead nowhere, searches, forms of other sites.
async fn ask_for_nonsense(browser: &Browser, instance: &str) {
    for path in [
        "/canary",
        "/canary/us-east-1/app-instances?q=canary",
        "/api/canary?canary=canary",
        "/sign-in?next=%2Fcanary",
        "/go?arn=arn%3Aaws%3Achime%3Aus-east-1%3A123456789012%3Aapp-instance%2Fcanary",
        "/audit?operator=canary&instance=arn%3Aaws%3Achime%3Acanary",
        &format!("{LIST}?q=canary"),
        &format!("{LIST}/canary"),
        &format!("{instance}/users/canary?q=canary"),
    ] {
        browser.get(path).await;
    }
    let guess = credentials("canary-nobody", PASSWORD);
    let guessed = browser.twin().call("/api/session/sign-in", &guess).await;
    assert_eq!(guessed.failure().cause, Cause::BadCredentials);
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://other.example"),
    ];
    let sent = browser.send(Method::POST, CREATE_CALL, &foreign, "name=canary");
    assert_eq!(sent.await.status, StatusCode::FORBIDDEN);
}

/// While another program holds the database.
async fn meet_a_held_database(folder: &Path, browser: &Browser) {
    let url = format!("sqlite:{}", folder.join("carillon.sqlite3").display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("BEGIN EXCLUSIVE")
        .execute(&mut other)
        .await
        .unwrap();
    let (token, guess) = (token(), credentials("canary-nobody", PASSWORD));
    let (create, stranger) = (instance(&token), Browser::new(browser.address));
    let (made, signed_in) = tokio::join!(
        browser.call(CREATE_CALL, &create),
        stranger.call("/api/session/sign-in", &guess),
    );
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    for answer in [made, signed_in] {
        assert_eq!(answer.failure().cause, Cause::StoreUnavailable);
    }
}

#[tokio::test]
async fn the_log_says_what_happened_and_not_to_whom() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = start_emulator(true).await;
    let endpoint = format!("http://{}", emulator.address());
    let line = ["serve", "--listen", "127.0.0.1:0"];
    let mut command = carillon_that_logs(FILTER, folder.path(), &line);
    command
        .args(["--backend", "aws", "--endpoint-url", &endpoint])
        .args(["--account-id", "123456789012"])
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", KEY)
        .env("CARILLON_ADMIN_PASSWORD", PASSWORD)
        .stderr(File::create(folder.path().join("log")).unwrap());
    let dashboard = Dashboard::of(command);
    let browser = &dashboard.browser;
    let form = credentials("admin", PASSWORD);
    let signed_in = browser.post("/api/session/sign-in", &form).await;
    assert_eq!(signed_in.location(), "/");

    let made = browser.post(CREATE_CALL, &instance(&token())).await;
    let made = made.location().to_owned();
    assert_eq!(make_user(browser, &made).await, StatusCode::OK);
    // AWS repeats the id of what is there already.
    let again = make_user(browser, &made).await;
    assert_eq!(again, StatusCode::UNPROCESSABLE_ENTITY);
    let lost =
        r#"{"faults": [{"operation": "CreateAppInstanceUser", "kind": "reset", "times": 1}]}"#;
    let control = Browser::new(emulator.address());
    let put = control.send(Method::PUT, "/_emulator/settings", &[], lost);
    assert!(put.await.status.is_success());
    assert!(!make_user(browser, &made).await.is_success());
    invite(browser).await;
    ask_for_nonsense(browser, &made).await;
    meet_a_held_database(folder.path(), browser).await;
    emulator.stop().await;
    assert!(!make_user(browser, &made).await.is_success());
    browser.get(&made).await;
    dashboard.stop();

    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    for happened in [
        "answered",
        "a write was finished",
        "a call to AWS failed",
        "a request of another site was refused",
        "the database did not answer as it should",
        "stopping",
    ] {
        assert!(log.contains(happened), "{happened}");
    }
    let id = made.rsplit('/').next().unwrap();
    for told in ["canary", "arn:aws", "arn%3A", id, "app-instances?", "admin"] {
        let lines: Vec<_> = log.lines().filter(|line| line.contains(told)).collect();
        assert!(lines.is_empty(), "{told}: {lines:#?}");
    }
}
