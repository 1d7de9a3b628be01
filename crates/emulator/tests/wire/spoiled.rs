//! Answers that arrive spoiled: the call takes effect, and its answer cannot be used, or not soon.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::wire::{Answer, Wire, label, rest};

/// The answer to a create while this fault is there, and the ARN that it should tell.
async fn create(wire: &Wire, mut fault: Value) -> (Answer, String) {
    fault["operation"] = "CreateAppInstance".into();
    wire.control("PUT", "settings", &json!({ "faults": [fault] }))
        .await;
    let body = json!({ "Name": "A", "ClientRequestToken": "t-1" });
    let answer = wire.call("POST", "/app-instances", &body).await;
    let listed = wire.call("GET", "/app-instances", &Value::Null).await;
    let arn = listed.json()["AppInstances"][0]["AppInstanceArn"].clone();
    (answer, arn.as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_drip_brings_the_whole_body_slowly() {
    let wire = Wire::start().await;
    let begun = Instant::now();

    let (answer, arn) = create(&wire, json!({ "kind": "drip", "bytes_per_second": 200 })).await;

    let took = begun.elapsed();
    let least = Duration::from_secs(1) * u32::try_from(answer.body.len()).unwrap() / 200;
    assert!(took >= least, "{took:?}, and not {least:?}");
    assert_eq!(answer.status, 201);
    assert_eq!(answer.json(), json!({ "AppInstanceArn": arn }));
    let length = answer.body.len().to_string();
    assert_eq!(answer.header("content-length"), Some(length.as_str()));
    wire.stop().await;
}

#[tokio::test]
async fn a_drip_does_not_hold_up_a_stop() {
    let wire = Wire::start().await;
    let fault = json!({ "operation": "*", "kind": "drip", "bytes_per_second": 1 });
    wire.control("PUT", "settings", &json!({ "faults": [fault] }))
        .await;
    let mut stream = wire.begin("GET", "/app-instances", &Value::Null).await;
    // The head comes at once.
    stream.readable().await.unwrap();

    let begun = Instant::now();
    wire.stop().await;

    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    let (ended, answer) = rest(&mut stream).await;
    assert!(
        ended.is_ok() && answer.ends_with(r#"{"AppInstances":[]}"#),
        "{answer}"
    );
}

#[tokio::test]
async fn a_truncated_body_is_shorter_than_its_length() {
    let wire = Wire::start().await;

    let (answer, arn) = create(&wire, json!({ "kind": "truncate" })).await;

    let whole = json!({ "AppInstanceArn": arn }).to_string();
    assert_eq!(answer.status, 201);
    let length = whole.len().to_string();
    assert_eq!(answer.header("content-length"), Some(length.as_str()));
    assert_eq!(answer.body, whole[..whole.len() / 2]);
    wire.stop().await;
}

#[tokio::test]
async fn garbage_comes_with_the_status_of_a_success_and_is_no_json() {
    let wire = Wire::start().await;

    let (answer, _) = create(&wire, json!({ "kind": "garbage" })).await;

    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let length = answer.body.len().to_string();
    assert_eq!(answer.header("content-length"), Some(length.as_str()));
    assert!(
        serde_json::from_str::<Value>(&answer.body).is_err(),
        "{answer:?}"
    );
    wire.stop().await;
}

#[tokio::test]
async fn an_answer_without_a_body_is_not_spoiled() {
    let wire = Wire::start().await;
    for kind in [
        json!({ "kind": "drip", "bytes_per_second": 1 }),
        json!({ "kind": "truncate" }),
        json!({ "kind": "garbage" }),
    ] {
        let arn = wire.app_instance("A").await;
        let mut fault = kind.clone();
        fault["operation"] = "DeleteAppInstance".into();
        wire.control("PUT", "settings", &json!({ "faults": [fault] }))
            .await;

        let target = format!("/app-instances/{}", label(&arn));
        let answer = wire.call("DELETE", &target, &Value::Null).await;

        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{kind}");
        wire.control("POST", "reset", &Value::Null).await;
    }
    wire.stop().await;
}
