//! Calls that wait before they are served.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::wire::Wire;

#[tokio::test]
async fn a_call_waits_as_long_as_one_of_its_forms_says() {
    let wire = Wire::start().await;
    for latency in [
        json!(50),
        json!({ "min": 50, "max": 60 }),
        json!({ "median": 50, "p99": 50 }),
    ] {
        let settings = json!({ "latency_ms": latency });
        let shown = wire.control("PUT", "settings", &settings).await.json();
        assert_eq!(shown["latency_ms"], latency);

        let begun = Instant::now();
        wire.call("GET", "/app-instances", &Value::Null).await;

        assert!(begun.elapsed() >= Duration::from_millis(50), "{latency}");
    }
    wire.stop().await;
}

#[tokio::test]
async fn a_latency_that_cannot_be_meant_is_told() {
    let wire = Wire::start().await;
    let settings = json!({ "latency_ms": { "min": 1 } }).to_string();

    let refused = wire
        .send("PUT", "/_emulator/settings", &[], &settings)
        .await;

    assert_eq!(refused.refusal(), (400, "BadRequestException"));
    assert!(
        refused.body.contains("{min, max} or {median, p99}"),
        "{refused:?}"
    );
    wire.stop().await;
}
