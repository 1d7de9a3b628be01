//! The names that the console answers to, and what the log says of others.

use std::fs::{self, File};

use axum::http::{Method, StatusCode};

use crate::support::{Dashboard, TestApp, carillon_that_logs};

const NAMES: [&str; 4] = [
    "--public-url",
    "https://console.example",
    "--also-known-as",
    "console.internal, https://console.example:8443",
];

#[tokio::test]
async fn probes_are_answered_by_any_name_or_address_and_by_none() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for path in ["/livez", "/readyz"] {
        for host in [
            "evil.example",
            "10.1.2.3:3000",
            "[fd00::1]:3000",
            "carillon.default.svc",
            "a b",
        ] {
            let answer = browser.send(Method::GET, path, &[("host", host)], "").await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {host}");
        }
    }
    // Nothing else is, below them or beside them.
    for path in ["/livez/", "/livez/x", "/sign-in", "/metrics", "/pkg/livez"] {
        let headers = [("host", "evil.example")];
        let answer = browser.send(Method::GET, path, &headers, "").await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn a_form_is_taken_under_each_name_from_that_name_only() {
    let app = TestApp::start_with(&NAMES).await;
    let browser = app.anonymous();
    for (host, origin, is_taken) in [
        ("console.example", "https://console.example", true),
        ("console.example:8443", "https://console.example:8443", true),
        ("console.internal", "https://console.internal", true),
        ("console.internal", "http://console.internal", false),
        ("console.internal", "https://console.example", false),
        ("console.example", "https://console.internal", false),
    ] {
        let page = browser
            .send(Method::GET, "/sign-in", &[("host", host)], "")
            .await;
        assert_eq!(page.status, StatusCode::OK, "{host}");
        let headers = [
            ("host", host),
            ("origin", origin),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let form = browser.send(Method::POST, "/theme", &headers, "theme=dark");
        let status = form.await.status;
        assert_eq!(
            status != StatusCode::FORBIDDEN,
            is_taken,
            "{origin} at {host}: {status}"
        );
    }
}

#[tokio::test]
async fn the_log_says_by_which_name_and_from_where_what_was_refused_came() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let mut command = carillon_that_logs("warn", folder.path(), &serve);
    command.args(NAMES).stderr(File::create(&log).unwrap());
    let dashboard = Dashboard::of(command);
    let huge = format!("{}.example", "a".repeat(4000));
    for host in ["evil.example:99", &huge] {
        dashboard
            .browser
            .send(Method::GET, "/", &[("host", host)], "")
            .await;
    }
    let foreign = [
        ("host", "console.example"),
        ("origin", "https://evil.example"),
    ];
    dashboard
        .browser
        .send(Method::POST, "/theme", &foreign, "")
        .await;
    dashboard.stop();

    let log = fs::read_to_string(log).unwrap();
    let refusals = log.lines().filter(|line| line.contains("was refused"));
    let [name, huge, origin] = &refusals.collect::<Vec<_>>()[..] else {
        panic!("{log}")
    };
    for part in [
        "host=evil.example:99 ",
        "localhost, 127.0.0.1, console.example, console.internal, console.example:8443",
        "--also-known-as",
    ] {
        assert!(name.contains(part), "{part}: {name}");
    }
    assert!(huge.contains("aaaa…") && huge.len() < 500, "{huge}");
    for part in [
        "origin=https://evil.example ",
        "sec_fetch_site=(none)",
        "host=console.example ",
        "expected=https://console.example",
    ] {
        assert!(origin.contains(part), "{part}: {origin}");
    }
}
