//! `GET /_emulator/stats`: when calls came, and with which client request tokens.

use serde_json::{Value, json};

use crate::wire::Wire;

async fn stats(wire: &Wire, query: &str) -> Value {
    wire.control("GET", &format!("stats{query}"), &Value::Null)
        .await
        .json()
}

#[tokio::test]
async fn calls_are_counted_by_their_client_request_token() {
    let wire = Wire::start().await;
    let refused = json!({ "operation": "CreateAppInstance", "kind": "error", "times": 1 });
    wire.control("PUT", "settings", &json!({ "faults": [refused] }))
        .await;
    for name in ["A", "A", "B"] {
        let body = json!({ "Name": name, "ClientRequestToken": format!("token-{name}") });
        wire.call("POST", "/app-instances", &body).await;
    }
    wire.call("GET", "/app-instances", &Value::Null).await;

    let shown = stats(&wire, "").await["client_request_tokens"].clone();
    let listed = stats(&wire, "?tokens=1").await["client_request_tokens"].clone();

    let mut expected = json!({ "distinct": 2, "seen": { "1": 1, "2": 1 }, "left_out": 0 });
    assert_eq!(shown, expected);
    expected["calls"] = json!({ "token-A": 2, "token-B": 1 });
    assert_eq!(listed, expected);
    wire.stop().await;
}

#[tokio::test]
async fn arrivals_tell_how_many_calls_came_and_were_throttled() {
    let wire = Wire::start().await;
    let once = json!({ "ListAppInstances": { "per_second": 0.001, "burst": 1 } });
    wire.control("PUT", "settings", &json!({ "rates": once }))
        .await;
    for _ in 0..3 {
        wire.call("GET", "/app-instances", &Value::Null).await;
    }
    wire.call("GET", "/tags?arn=none", &Value::Null).await;

    let shown = stats(&wire, "").await;

    // They may have come in more than one second.
    let seconds = shown["arrivals"].as_object().unwrap().values();
    let (mut all, mut lists) = ((0, 0), (0, 0));
    let add = |sum: &mut (u64, u64), counts: &Value| {
        sum.0 += counts["requests"].as_u64().unwrap_or_default();
        sum.1 += counts["throttled"].as_u64().unwrap_or_default();
    };
    for second in seconds {
        add(&mut all, second);
        add(&mut lists, &second["operations"]["ListAppInstances"]);
    }
    assert_eq!((all, lists), ((4, 2), (3, 2)));
    wire.stop().await;
}

#[tokio::test]
async fn a_reset_forgets_them() {
    let wire = Wire::start().await;
    wire.app_instance("A").await;

    wire.control("POST", "reset", &Value::Null).await;

    let shown = stats(&wire, "?tokens=1").await;
    assert_eq!(shown["arrivals"], json!({}));
    assert_eq!(shown["client_request_tokens"]["calls"], json!({}));
    wire.stop().await;
}
