//! Pages that show a secret are sent as they are, and pages for people who are not signed in tell
//! nothing of the program.

use axum::http::{Method, StatusCode};
use backend::Clock;
use domain::Role;

use crate::support::{Answer, Browser, PASSWORD, TestApp, arn, invitation, target};

async fn open(browser: &Browser, path: &str) -> Answer {
    let headers = [("accept", "text/html"), ("accept-encoding", "br, gzip")];
    browser.send(Method::GET, path, &headers, "").await
}

/// Sends a form, and opens the page that it leads to.
async fn after(browser: &Browser, call: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.post(call, fields).await.location().to_owned();
    open(browser, &page).await
}

fn assert_as_it_is(answer: &Answer, secret: &str) {
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-encoding"), "", "{secret}");
    assert_eq!(answer.header("cache-control"), "no-store, no-transform");
    assert!(answer.text().contains(secret), "{secret}");
}

#[tokio::test]
async fn pages_that_show_a_secret_are_not_compressed() {
    let app = TestApp::start().await;
    let setup = app.backend.accounts().setup_token().await.unwrap().unwrap();
    let setup_page = open(&app.anonymous(), &format!("/setup?token={setup}")).await;
    let (_, browser) = app.sign_in(Role::Admin).await;

    let begin = "/api/account/authenticator/begin";
    let key = after(&browser, begin, &[("page", "/account")]).await;
    let phone = crate::support::Phone::reading(&key);
    let code = phone.code(Clock::system().now());
    let fields = [("page", "/account/authenticator"), ("code", &*code)];
    let codes = after(&browser, "/api/account/authenticator/confirm", &fields).await;
    let fields = invitation("grace", "Viewer");
    let link = after(&browser, "/api/operators/invite", &fields).await;
    let token = link.invitation_token();
    let invitation = open(&app.anonymous(), &format!("/invite?token={token}")).await;
    let instance = browser.make_instance("Support").await;
    let user = browser.make_user(&instance, "ana", "Ana").await;
    let endpoint = browser
        .make_endpoint(&user, "Phone", "device-token-abcd")
        .await;
    let id = endpoint.rsplit('/').next().unwrap();
    let user = arn(&user);
    let fields = [
        ("target", &*target(&user)),
        ("id", id),
        ("page", &*endpoint),
    ];
    let revealed = after(&browser, "/api/endpoints/reveal", &fields).await;

    let register = format!(
        "{}/register-endpoint",
        endpoint.rsplit_once("/endpoints").unwrap().0
    );
    let fields = [
        ("target", &*target(&user)),
        ("token", &*crate::support::token()),
        ("page", &*register),
        ("device_token", "device-token-efgh"),
        ("resource_arn", "none"),
    ];
    let refused = after(&browser, "/api/endpoints/register", &fields).await;
    let empty = open(&browser, &register).await;

    assert_as_it_is(&refused, "device-token-efgh");
    assert_as_it_is(&setup_page, &setup);
    assert_as_it_is(&key, "secret=");
    assert_as_it_is(&codes, "recovery-codes");
    assert_as_it_is(&link, token);
    assert_as_it_is(&invitation, token);
    assert_as_it_is(&revealed, "device-token-abcd");
    // Those that show none are.
    let mut shown = vec![(register, empty)];
    for path in ["/account", &*instance, "/audit"] {
        shown.push((path.to_owned(), open(&browser, path).await));
    }
    for (path, answer) in shown {
        assert_ne!(answer.header("content-encoding"), "", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn nobody_who_is_not_signed_in_learns_the_version() {
    let (app, browser) = TestApp::signed_in(Role::Viewer).await;
    let version = env!("CARGO_PKG_VERSION");
    assert!(browser.read("/account").await.contains(version));

    let nobody = app.anonymous();
    let mut answers = Vec::new();
    for path in [
        "/sign-in",
        "/sign-in/code",
        "/setup?token=a",
        "/invite?token=a",
        "/sign-in/oidc/a",
        "/nowhere",
        "/pkg/nothing.js",
        "/robots.txt",
        "/livez",
        "/readyz",
    ] {
        answers.push(nobody.get(path).await);
    }
    let html = ("accept", "text/html");
    let large = "a".repeat(300_000);
    for (method, headers, body) in [
        (Method::GET, &[html, ("host", "evil.example")][..], ""),
        (Method::POST, &[html, ("sec-fetch-site", "cross-site")], ""),
        (Method::POST, &[html], &*large),
        (Method::GET, &[html, ("origin", "a"), ("origin", "b")], ""),
    ] {
        let answer = nobody.send(method, "/sign-in", headers, body.to_owned());
        let answer = answer.await;
        assert!(answer.status.is_client_error());
        answers.push(answer);
    }
    let form = [("username", "ann"), ("password", PASSWORD)];
    answers.push(nobody.post("/api/session/sign-in", &form).await);
    for answer in answers {
        assert!(!answer.text().contains(version), "{}", answer.text());
        for name in ["server", "x-powered-by"] {
            assert_eq!(answer.header(name), "");
        }
    }
}
