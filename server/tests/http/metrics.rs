//! What Prometheus reads.

use axum::http::{Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Browser, Dashboard, PASSWORD, assert_says, run};

/// The second listener of a program.
fn metrics(dashboard: &mut Dashboard) -> Browser {
    let line = dashboard.lines.next().unwrap().unwrap();
    let address = line.strip_prefix("metrics at http://").unwrap();
    Browser::new(address.strip_suffix("/metrics").unwrap().parse().unwrap())
}

/// The value of a series, by how its line begins.
fn value(text: &str, series: &str) -> Option<f64> {
    let mut lines = text.lines();
    let line = lines.find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))?;
    line.parse().ok()
}

#[tokio::test]
async fn what_happened_is_counted_and_no_data_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["operator", "add", "canary-operator", "--role", "Admin"];
    run(folder.path(), &add, PASSWORD);
    let mut dashboard = Dashboard::start_with(folder.path(), &["--metrics-listen", "127.0.0.1:0"]);
    let reader = metrics(&mut dashboard);
    let browser = &dashboard.browser;
    browser.sign_in("canary-guess", "canary-password").await;
    let signed_in = browser.sign_in("canary-operator", PASSWORD).await;
    signed_in.location();
    let cookie = browser.cookies().unwrap();
    let instance = browser.make_instance("canary-instance").await;
    let id = instance.rsplit('/').next().unwrap().to_owned();
    browser
        .make_user(&instance, "canary-user", "Canary name")
        .await;
    for page in [&*instance, "/canary-nowhere?canary-query=1", "/api/canary"] {
        browser.get(page).await;
    }
    let made_up = Method::from_bytes(b"CANARY").unwrap();
    browser.send(made_up, "/", &[], "").await;

    let answer = reader.get("/metrics").await;

    let text = answer.text();
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    for secret in [
        "canary",
        "Canary",
        "CANARY",
        PASSWORD,
        &cookie,
        &id,
        "127.0.0.1",
        "arn:",
        "123456789012",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    for (series, expected) in [
        (
            r#"carillon_sign_ins_total{way="sign-in",outcome="bad-credentials"}"#,
            1.0,
        ),
        (
            r#"carillon_sign_ins_total{way="sign-in",outcome="succeeded"}"#,
            1.0,
        ),
        (
            r#"carillon_aws_calls_total{operation="CreateAppInstance",outcome="succeeded"}"#,
            1.0,
        ),
        (r#"carillon_audit_rows_total{phase="begun"}"#, 2.0),
        (r#"carillon_audit_rows_total{phase="succeeded"}"#, 2.0),
        (
            r#"carillon_http_requests_total{route="/api/app-instances/create",method="POST",status="3xx"}"#,
            1.0,
        ),
        ("carillon_panics_total", 0.0),
        (
            r#"carillon_http_requests_shed_total{of="body",bound="client"}"#,
            0.0,
        ),
        (
            r#"carillon_connections_refused_total{of="connection",bound="all"}"#,
            0.0,
        ),
        ("carillon_http_requests_in_flight", 0.0),
        ("carillon_password_hashes_waiting", 0.0),
    ] {
        assert_eq!(value(text, series), Some(expected), "{series}: {text}");
    }
    assert_says(
        text,
        &[
            "carillon_build_info{version=\"",
            "carillon_connections ",
            "carillon_http_request_duration_seconds_bucket{route=\"/api/users/create\",le=\"0.005\"}",
            "carillon_aws_call_duration_seconds_count{operation=\"CreateAppInstance\"} 1",
        ],
    );
    dashboard.stop();
}

#[tokio::test]
async fn the_second_listener_answers_metrics_only_and_by_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut dashboard = Dashboard::start_with(folder.path(), &["--metrics-listen", "127.0.0.1:0"]);
    let reader = metrics(&mut dashboard);
    let foreign = [("host", "evil.example")];

    for (what, answer, status) in [
        ("a page", reader.get("/sign-in").await, 404),
        (
            "a function",
            reader.call("/api/session/sign-in", &[]).await,
            404,
        ),
        ("a post", reader.post("/metrics", &[]).await, 405),
        (
            "another name",
            reader.send(Method::GET, "/metrics", &foreign, "").await,
            200,
        ),
        (
            "a page by another name",
            reader.send(Method::GET, "/sign-in", &foreign, "").await,
            421,
        ),
        (
            "the dashboard",
            dashboard.browser.get("/metrics").await,
            303,
        ),
    ] {
        assert_eq!(answer.status.as_u16(), status, "{what}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    }
    dashboard.stop();
}

#[test]
fn others_than_this_machine_are_not_given_metrics_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["serve", "--listen", "127.0.0.1:0"];
    let metrics = ["--metrics-listen", "0.0.0.0:0"];

    let output = run(folder.path(), &[&arguments[..], &metrics].concat(), "");

    assert_eq!(output.status.code(), Some(1));
    let told = crate::support::said(&output.stderr);
    assert!(told.contains("refusing to give metrics on"), "{told}");
}

#[tokio::test]
async fn one_reader_too_many_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let mut dashboard = Dashboard::start_with(folder.path(), &["--metrics-listen", "127.0.0.1:0"]);
    let to = metrics(&mut dashboard).address;
    let open = async || {
        let mut stream = TcpStream::connect(to).await.unwrap();
        let request = "GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n";
        // It may be closed before it was written, or after.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut start = [0; 12];
        let is_answered = stream.read_exact(&mut start).await.is_ok();
        (is_answered, stream)
    };
    let mut held = Vec::new();
    for at in 0..16 {
        let (is_answered, stream) = open().await;
        assert!(is_answered, "{at}");
        held.push(stream);
    }

    assert!(!open().await.0);

    held.pop();
    // The server learns of the end by itself.
    let mut tries = 0;
    while !open().await.0 {
        tries += 1;
        assert!(tries < 1000, "a place never becomes free");
    }
    dashboard.stop();
}
