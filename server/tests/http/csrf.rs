//! Which requests are taken for those of another site.

use axum::http::{Method, StatusCode};
use domain::Role;

use crate::support::TestApp;

/// Headers, and whether a request with a cookie is let through.
const PROFILES: &[(&[(&str, &str)], bool)] = &[
    (&[("sec-fetch-site", "same-origin")], true),
    (&[("sec-fetch-site", "none")], true),
    (&[("sec-fetch-site", "same-site")], false),
    (&[("sec-fetch-site", "cross-site")], false),
    (&[("sec-fetch-site", "nonsense")], false),
    (
        &[("sec-fetch-site", "cross-site"), ("origin", "http://HOST")],
        false,
    ),
    (
        &[
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://evil.example"),
        ],
        true,
    ),
    (&[("origin", "http://HOST")], true),
    (&[("origin", "https://HOST")], false),
    (&[("origin", "http://evil.example")], false),
    (&[("origin", "http://127.0.0.1:1")], false),
    (&[("origin", "null")], false),
    (&[], false),
];

#[tokio::test]
async fn only_our_own_pages_change_something() {
    let (_app, browser) = TestApp::signed_in(Role::Viewer).await;
    let host = browser.address.to_string();
    for (profile, is_ours) in PROFILES {
        for path in [
            "/api/app-instances/create",
            "/api/session/sign-in",
            "/theme",
            "/api/nothing",
        ] {
            let headers: Vec<_> = profile
                .iter()
                .map(|(name, value)| (*name, value.replace("HOST", &host)))
                .collect();
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();

            let answer = browser.send(Method::POST, path, &headers, "").await;

            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(!refused, *is_ours, "{path} {headers:?} {}", answer.status);
        }
    }
}

#[tokio::test]
async fn a_program_without_cookies_is_let_through() {
    let app = TestApp::start().await;

    let answer = app
        .anonymous()
        .send(Method::POST, "/api/nothing", &[], "")
        .await;

    // Past this layer, and then at the door: nobody is signed in.
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_refusal_is_a_failure_for_the_browser_code_and_a_page_for_people() {
    let app = TestApp::start().await;
    let foreign = ("sec-fetch-site", "cross-site");
    let browser = app.anonymous();

    let call = browser
        .send(Method::POST, "/api/session/sign-in", &[foreign], "")
        .await;
    let form = browser
        .send(
            Method::POST,
            "/api/session/sign-in",
            &[foreign, ("accept", "text/html")],
            "",
        )
        .await;

    assert_eq!(call.failure().cause.code(), "outdated");
    assert!(form.text().contains("This request came from another site"));
}

#[tokio::test]
async fn another_sites_name_is_refused() {
    let app = TestApp::start_with(&["--public-url", "https://console.example"]).await;
    let browser = app.anonymous();
    for (host, status) in [
        ("127.0.0.1", StatusCode::OK),
        ("localhost:80", StatusCode::OK),
        ("[::1]:1", StatusCode::OK),
        ("console.example", StatusCode::OK),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        (
            "console.example.evil.example",
            StatusCode::MISDIRECTED_REQUEST,
        ),
        ("192.0.2.1", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let answer = browser
            .send(Method::GET, "/sign-in", &[("host", host)], "")
            .await;
        assert_eq!(answer.status, status, "{host}");
    }
}

#[tokio::test]
async fn what_can_be_said_once_is_not_said_twice() {
    let (_app, browser) = TestApp::signed_in(Role::Viewer).await;
    let origin = format!("http://{}", browser.address);
    let form = "application/x-www-form-urlencoded";
    let usual = [
        ("sec-fetch-site", "same-origin"),
        ("origin", &*origin),
        ("referer", &*origin),
        ("content-type", form),
    ];
    let once = browser.send(Method::POST, "/theme", &usual, "theme=dark");
    assert_eq!(once.await.status, StatusCode::SEE_OTHER);

    let ours = browser.cookies().unwrap();
    for second in [
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "cross-site"),
        ("origin", &*origin),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example"),
        ("content-type", form),
        ("content-type", "text/plain"),
        ("cookie", &*ours),
        ("cookie", "a=b; __Host-carillon=c"),
    ] {
        let headers = [&usual[..], &[second]].concat();
        let twice = browser.send(Method::POST, "/theme", &headers, "theme=dark");
        let twice = twice.await;
        assert_eq!(twice.status, StatusCode::BAD_REQUEST, "{second:?}");
        assert_eq!(twice.header("x-content-type-options"), "nosniff");
    }
    // Cookies of others may come as they like.
    let headers = [&usual[..], &[("cookie", "a=b"), ("cookie", "a=c")]].concat();
    let others = browser.send(Method::POST, "/theme", &headers, "theme=dark");
    assert_eq!(others.await.status, StatusCode::SEE_OTHER);
}
