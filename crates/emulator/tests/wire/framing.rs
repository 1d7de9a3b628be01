//! Refusals below the routes: SDKs read them like all others.

use crate::wire::{KEY, Signing, Wire};

#[tokio::test]
async fn what_is_no_request_is_refused_in_the_form_of_the_service() {
    let wire = Wire::start().await;
    let (long, longer) = ("a".repeat(70_000), "a".repeat(600_000));
    let many: Vec<String> = (0..200).map(|at| format!("x-{at}: a\r\n")).collect();
    let many = many.concat();
    for (sent, status) in [
        ("no request\r\n\r\n".to_owned(), 400),
        (
            "GET /app instances HTTP/1.1\r\nhost: localhost\r\n\r\n".to_owned(),
            400,
        ),
        (
            "GET / HTTP/1.1\r\nhost: localhost\r\nx y: z\r\n\r\n".to_owned(),
            400,
        ),
        (
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n".to_owned(),
            400,
        ),
        (
            format!("GET /{long} HTTP/1.1\r\nhost: localhost\r\n\r\n"),
            414,
        ),
        (
            format!("GET /{longer} HTTP/1.1\r\nhost: localhost\r\n\r\n"),
            431,
        ),
        (
            format!("GET / HTTP/1.1\r\nhost: localhost\r\n{many}\r\n"),
            431,
        ),
    ] {
        let answer = wire.raw(sent.as_bytes()).await;
        let begin = &sent[..sent.len().min(40)];
        assert_eq!(answer.refusal().0, status, "{begin}: {answer:?}");
        assert_eq!(answer.header("connection"), Some("close"));
    }
    wire.stop().await;
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_form_of_the_service() {
    let wire = Wire::start().await;
    for (method, path, status) in [
        ("GET", "/nothing/here", 404),
        ("GET", "//app-instances", 404),
        ("PATCH", "/app-instances", 405),
        ("OPTIONS", "/app-instances", 405),
        ("OPTIONS", "*", 404),
        ("TRACE", "/tags", 405),
        ("GET", "/_emulator", 404),
        ("GET", "/_emulator/nothing", 404),
        ("DELETE", "/_emulator/settings", 405),
        ("POST", "/_emulator/endpoints/%FF/state", 400),
    ] {
        let answer = wire.send(method, path, &[], "").await;
        assert_eq!(answer.refusal().0, status, "{method} {path}");
    }
    wire.stop().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_or_broken_is_told_apart() {
    let wire = Wire::start().await;
    let (_, headers) = wire.sign("POST", "/app-instances", "", &Signing::default());
    let lines: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let lines = lines.concat();
    let head = format!(
        "POST /app-instances HTTP/1.1\r\nhost: {}\r\n{lines}",
        wire.host()
    );
    let large = format!(
        "{head}connection: close\r\ncontent-length: {}\r\n\r\n{}",
        1024 * 1024 + 1,
        " ".repeat(1024 * 1024 + 1)
    );
    let broken = format!("{head}transfer-encoding: chunked\r\n\r\nno length\r\n");

    let refused = wire.raw(large.as_bytes()).await;
    assert_eq!(refused.refusal(), (413, "RequestEntityTooLargeException"));
    let refused = wire.raw(broken.as_bytes()).await;
    assert_eq!(refused.refusal(), (400, "BadRequestException"));
    assert!(headers.iter().any(|(_, value)| value.contains(KEY)));
    wire.stop().await;
}
