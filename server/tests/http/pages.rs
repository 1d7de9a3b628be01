//! The remaining addresses, and the end of the server.

use axum::http::{Method, StatusCode};
use backend::Point;
use domain::Role;

use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_page_of_the_application() {
    let (_app, browser) = TestApp::signed_in(Role::Viewer).await;
    for path in [
        "/nowhere",
        "/embedded/mars-1/app-instances",
        "/other/us-east-1/app-instances",
    ] {
        let page = browser.get(path).await;

        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            page.text().contains("</nav>") || page.text().contains("Carillon"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_theme_is_kept_and_leads_back_to_the_page() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let host = browser.address;
    let choose = async |theme: &str, referer: &str| {
        let headers = [
            ("referer", referer),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        browser
            .send(Method::POST, "/theme", &headers, format!("theme={theme}"))
            .await
    };

    let chosen = choose("dark", &format!("http://{host}/sign-in?next=%2Fa")).await;
    let from_elsewhere = choose("light", "https://evil.example/x").await;

    assert_eq!(chosen.location(), "/sign-in?next=%2Fa");
    assert_eq!(
        chosen.header("set-cookie"),
        "__Host-carillon.theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"
    );
    assert_eq!(from_elsewhere.location(), "/");
    assert!(
        browser
            .get("/sign-in")
            .await
            .text()
            .contains("data-theme=\"light\"")
    );
}

#[tokio::test]
async fn a_page_is_compressed_for_who_can_read_that() {
    let app = TestApp::start().await;

    let page = app
        .anonymous()
        .send(Method::GET, "/sign-in", &[("accept-encoding", "br")], "")
        .await;

    assert_eq!(page.header("content-encoding"), "br");
}

#[tokio::test]
async fn stopping_lets_a_request_finish_and_takes_no_new_one() {
    let app = TestApp::start().await;
    app.add_operator("ann", Role::Viewer).await;
    let browser = app.anonymous();
    let address = browser.address;
    let mut held = app.backend.points().hold(Point::PasswordChecked);
    let slow = tokio::spawn(async move { browser.sign_in("ann", PASSWORD).await });
    held.is_there().await;

    // It is let go when the server was told to stop.
    tokio::join!(app.stop(), async move { drop(held) });

    assert_eq!(slow.await.unwrap().status, StatusCode::SEE_OTHER);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn what_is_wrong_with_the_credentials_is_told_with_a_step_of_its_own() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, browser) = app.sign_in(Role::Admin).await;
    let instance = browser.make_instance("Support").await;
    let all = ["have expired", "clock differs", "were not accepted"];
    let steps = [
        "session tokens last",
        "time service (NTP)",
        "check the access key",
    ];
    for (at, code) in [
        "ExpiredToken",
        "RequestExpired",
        "UnrecognizedClientException",
    ]
    .into_iter()
    .enumerate()
    {
        let fault = serde_json::json!({
            "operation": "DescribeAppInstance", "kind": "error", "code": code,
        });
        app.inject(&[fault]).await;

        let words = browser.read(&instance).await;

        for (other, (headline, step)) in all.iter().zip(steps).enumerate() {
            let told = words.contains(headline) && words.contains(step);
            assert_eq!(told, at == other, "{code}: {words}");
        }
    }
}
