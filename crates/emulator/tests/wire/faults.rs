//! Injected errors: the status that AWS gives them, or the one that a test asks for.

use serde_json::{Value, json};

use crate::wire::Wire;

#[tokio::test]
async fn an_injected_error_has_the_status_that_aws_gives_it() {
    let wire = Wire::start().await;
    for (code, status) in [
        ("AccessDeniedException", 403),
        ("ExpiredTokenException", 403),
        ("MissingAuthenticationTokenException", 403),
        ("AccessDenied", 403),
        ("ThrottledClientException", 429),
        ("ValidationException", 400),
    ] {
        let fault = json!({ "operation": "*", "kind": "error", "code": code });
        let settings = json!({ "faults": [fault] });
        wire.control("PUT", "settings", &settings).await;
        let answer = wire.call("GET", "/app-instances", &Value::Null).await;
        assert_eq!(answer.refusal(), (status, code));
    }
    wire.stop().await;
}

#[tokio::test]
async fn a_fault_may_have_a_status_of_its_own() {
    let wire = Wire::start().await;
    let fault = |status: u16| {
        let fault = json!({
            "operation": "*", "kind": "error", "code": "AccessDeniedException", "status": status,
        });
        json!({ "faults": [fault] })
    };
    wire.control("PUT", "settings", &fault(400)).await;
    let answer = wire.call("GET", "/app-instances", &Value::Null).await;
    assert_eq!(answer.refusal(), (400, "AccessDeniedException"));

    let refused = fault(200).to_string();
    let refused = wire.send("PUT", "/_emulator/settings", &[], &refused).await;
    assert_eq!(refused.refusal(), (400, "BadRequestException"));
    wire.stop().await;
}
