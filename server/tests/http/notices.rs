//! What somebody is told of their own account: in the header of every page until they have seen it.

use axum::http::{Method, StatusCode};
use backend::Clock;
use domain::Role;
use server::limits::Limits;

use crate::support::{Browser, PASSWORD, TestApp};

const COUNT: &str = "1 notice about your account";

/// Signs somebody in from another address than theirs.
async fn sign_in_elsewhere(app: &TestApp, name: &str) -> Browser {
    let browser = app.anonymous();
    let body = format!(
        "username={name}&password={}&next=",
        PASSWORD.replace(' ', "+")
    );
    let headers = [
        ("x-forwarded-for", "198.51.100.7"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = browser.send(Method::POST, "/api/session/sign-in", &headers, body);
    assert_eq!(answer.await.status, StatusCode::OK);
    browser
}

#[tokio::test]
async fn a_sign_in_from_elsewhere_is_told_on_every_page_until_it_was_seen() {
    let proxy = ["--trusted-proxy", "127.0.0.1"];
    let app = TestApp::start_within(Clock::system(), &proxy, &Limits::default()).await;
    let (_, browser) = app.sign_in(Role::Viewer).await;
    let (_, other) = app.sign_in(Role::Viewer).await;
    assert!(!browser.read("/").await.contains("about your account"));
    sign_in_elsewhere(&app, &browser.username().await).await;

    for page in ["/", "/audit", "/account", "/nowhere"] {
        let page = browser.get(page).await;
        assert!(page.words().contains(COUNT), "{}", page.words());
        assert!(page.text().contains("href=\"/account#h-notices\""));
    }
    let page = browser.get("/account").await;
    for fact in ["Signed in from a new address", "198.51.100.7", "New"] {
        assert!(page.words().contains(fact), "{fact} in {}", page.words());
    }
    assert!(!other.read("/").await.contains("about your account"));

    // To look is not to say so.
    assert!(browser.read("/account").await.contains(COUNT));
    let until = page.value_of("until").unwrap();
    let fields = [
        ("page", "/account"),
        ("form", "notices"),
        ("until", &*until),
    ];
    let seen = browser.post("/api/account/see-notices", &fields).await;
    assert_eq!(seen.location(), "/account");
    let page = browser.read("/account").await;
    assert!(!page.contains("about your account"), "{page}");
    assert!(page.contains("Signed in from a new address"), "{page}");
    assert!(!page.contains("I know about these"), "{page}");
}

#[tokio::test]
async fn nobody_marks_notices_who_is_not_signed_in() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let refused = browser.call("/api/account/see-notices", &[("until", "0")]);
    assert_eq!(refused.await.status, StatusCode::UNAUTHORIZED);
}
