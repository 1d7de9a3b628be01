//! Pages that call from a browser.

use serde_json::json;

use crate::wire::{Signing, Wire};

const PAGE: &str = "http://localhost:3000";

async fn preflight(wire: &Wire, origin: &str, target: &str) -> crate::wire::Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "PUT"),
        (
            "access-control-request-headers",
            "authorization,content-type,x-amz-date,x-amz-user-agent",
        ),
    ];
    wire.send("OPTIONS", target, &headers, "").await
}

#[tokio::test]
async fn a_page_of_an_origin_that_was_named_may_call() {
    let wire = Wire::with_origins(&[PAGE, "https://app.example"]).await;

    let allowed = preflight(&wire, PAGE, "/app-instances").await;

    assert_eq!(allowed.status, 200, "{allowed:?}");
    assert_eq!(allowed.header("access-control-allow-origin"), Some(PAGE));
    let methods = allowed.header("access-control-allow-methods").unwrap();
    assert!(
        methods.contains("DELETE") && methods.contains("PUT"),
        "{methods}"
    );
    let headers = allowed.header("access-control-allow-headers").unwrap();
    assert!(headers.contains("x-amz-user-agent"), "{headers}");
    wire.stop().await;
}

#[tokio::test]
async fn a_page_sees_the_request_id_and_the_exception() {
    let wire = Wire::with_origins(&[PAGE]).await;
    let (target, mut headers) = wire.sign("GET", "/app-instances", "", &Signing::default());
    headers.push(("origin".to_owned(), PAGE.to_owned()));
    let of = |headers: &[(String, String)]| -> Vec<(String, String)> { headers.to_vec() };
    let signed = of(&headers);
    let signed: Vec<_> = signed
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();

    let listed = wire.send("GET", &target, &signed, "").await;
    let refused = wire.send("GET", &target, &[("origin", PAGE)], "").await;

    assert_eq!((listed.status, refused.status), (200, 403));
    for answer in [listed, refused] {
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
        let exposed = answer.header("access-control-expose-headers").unwrap();
        for name in ["x-amzn-requestid", "x-amzn-errortype", "date"] {
            assert!(exposed.contains(name), "{exposed}");
        }
    }
    wire.stop().await;
}

#[tokio::test]
async fn other_pages_may_not_call() {
    let wire = Wire::with_origins(&[PAGE]).await;
    for origin in ["http://localhost:3001", "https://evil.example", "null"] {
        let answer = preflight(&wire, origin, "/app-instances").await;
        assert_eq!(
            answer.header("access-control-allow-origin"),
            None,
            "{origin}"
        );
    }
    wire.stop().await;
}

#[tokio::test]
async fn nothing_is_said_to_pages_unless_an_origin_is_named() {
    let wire = Wire::start().await;

    let refused = preflight(&wire, PAGE, "/app-instances").await;

    assert_eq!(refused.refusal(), (405, "UnknownOperationException"));
    assert_eq!(refused.header("access-control-allow-origin"), None);
    wire.stop().await;
}

#[tokio::test]
async fn every_origin_may_be_named() {
    let wire = Wire::with_origins(&["*"]).await;
    let answer = preflight(&wire, "https://app.example", "/app-instances").await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    wire.stop().await;
}

#[tokio::test]
async fn the_control_plane_answers_no_page() {
    let wire = Wire::with_origins(&["*"]).await;
    let asked = preflight(&wire, PAGE, "/_emulator/settings").await;
    assert_eq!(asked.header("access-control-allow-origin"), None);
    let settings = json!({ "latency_ms": 1 }).to_string();
    let from_page = [("origin", PAGE)];
    let refused = wire
        .send("PUT", "/_emulator/settings", &from_page, &settings)
        .await;
    assert_eq!(refused.refusal(), (403, "ForbiddenException"));
    assert_eq!(refused.header("access-control-allow-origin"), None);
    wire.stop().await;
}
