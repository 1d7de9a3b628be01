//! Calls that fail on purpose: with an error, with the page of a proxy, with a connection that is reset; before the call
//! takes effect and after it.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::wire::{Wire, rest};

/// Creates an AppInstance and gets no answer, since the connection is reset.
async fn lose_create(wire: &Wire, body: &Value) {
    let mut stream = wire.begin("POST", "/app-instances", body).await;
    let (ended, answer) = rest(&mut stream).await;
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(answer, "");
}

async fn names(wire: &Wire) -> Vec<Value> {
    let listed = wire.call("GET", "/app-instances", &Value::Null).await;
    let found = listed.json()["AppInstances"].as_array().unwrap().clone();
    found
        .into_iter()
        .map(|summary| summary["Name"].clone())
        .collect()
}

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

#[tokio::test]
async fn a_call_whose_answer_is_lost_takes_effect_once() {
    let body = json!({ "Name": "A", "ClientRequestToken": "t-1" });
    for (fault, least) in [
        (json!({ "kind": "reset" }), 0),
        (json!({ "kind": "hang", "milliseconds": 100 }), 100),
    ] {
        let wire = Wire::start().await;
        let mut fault = fault;
        fault["operation"] = "CreateAppInstance".into();
        fault["after_commit"] = true.into();
        fault["times"] = 1.into();
        wire.control("PUT", "settings", &json!({ "faults": [fault] }))
            .await;

        let begun = Instant::now();
        lose_create(&wire, &body).await;

        assert!(begun.elapsed() >= Duration::from_millis(least));
        assert_eq!(names(&wire).await, ["A"]);
        let again = wire.call("POST", "/app-instances", &body).await;
        assert_eq!(again.status, 201, "{again:?}");
        assert_eq!(names(&wire).await, ["A"]);
        wire.stop().await;
    }
}

#[tokio::test]
async fn a_call_that_is_reset_or_hangs_takes_no_effect_by_itself() {
    let wire = Wire::start().await;
    for fault in [
        json!({ "operation": "CreateAppInstance", "kind": "reset", "times": 1 }),
        json!({ "operation": "CreateAppInstance", "kind": "hang", "milliseconds": 1, "times": 1 }),
    ] {
        wire.control("PUT", "settings", &json!({ "faults": [fault] }))
            .await;
        let body = json!({ "Name": "A", "ClientRequestToken": "t-1" });
        lose_create(&wire, &body).await;
    }
    assert_eq!(names(&wire).await, [Value::Null; 0]);
    wire.stop().await;
}

#[tokio::test]
async fn a_proxy_answers_in_place_of_the_service() {
    let wire = Wire::start().await;
    for (after_commit, left) in [(false, 0), (true, 1)] {
        let fault = json!({
            "operation": "CreateAppInstance", "kind": "html_502", "after_commit": after_commit,
        });
        wire.control("PUT", "settings", &json!({ "faults": [fault] }))
            .await;

        let body = json!({ "Name": "A", "ClientRequestToken": "t-1" });
        let answer = wire.call("POST", "/app-instances", &body).await;

        assert_eq!(answer.status, 502);
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert!(answer.body.starts_with("<html>"), "{answer:?}");
        for name in ["x-amzn-requestid", "x-amzn-errortype"] {
            assert_eq!(answer.header(name), None, "{answer:?}");
        }
        assert_eq!(names(&wire).await.len(), left);
    }
    wire.stop().await;
}

/// Which of 64 calls fail, one letter each.
async fn hits(wire: &Wire, settings: &Value) -> String {
    wire.control("PUT", "settings", settings).await;
    let mut hits = String::new();
    for _ in 0..64 {
        let answer = wire.call("GET", "/app-instances", &Value::Null).await;
        hits.push(if answer.status == 200 { '.' } else { 'x' });
    }
    hits
}

#[tokio::test]
async fn a_seed_makes_chance_repeat_itself() {
    let wire = Wire::start().await;
    let fault = json!({ "operation": "*", "kind": "error", "probability": 0.5 });
    let seeded = |seed| json!({ "seed": seed, "faults": [fault] });

    let first = hits(&wire, &seeded(42)).await;

    assert_ne!(hits(&wire, &json!({})).await, first, "the sequence goes on");
    assert_eq!(hits(&wire, &seeded(42)).await, first);
    assert_ne!(hits(&wire, &seeded(43)).await, first);
    assert_ne!(hits(&wire, &json!({ "seed": null })).await, first);
    wire.stop().await;
}

#[tokio::test]
async fn a_reset_begins_the_sequence_of_the_first_seed_again() {
    let fault = json!({ "operation": "*", "kind": "error", "probability": 0.5 });
    let faults = json!({ "faults": [fault] });
    let wire = Wire::with(|config| config.settings.seed = Some(42)).await;

    let first = hits(&wire, &faults).await;
    wire.control("POST", "reset", &Value::Null).await;

    assert_eq!(hits(&wire, &faults).await, first);
    wire.stop().await;
}
