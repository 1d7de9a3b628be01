//! What is given twice, in a query or in a body.

use serde_json::Value;

use crate::wire::Wire;

#[tokio::test]
async fn a_query_parameter_that_is_given_twice_is_refused() {
    let wire = Wire::start().await;
    let instance = wire.app_instance("A").await;
    for target in [
        "/app-instances?max-results=1&max-results=2".to_owned(),
        "/app-instances?max-results=1&max%2Dresults=1".to_owned(),
        format!("/tags?arn={instance}&arn={instance}"),
        "/app-instances?odd=1&odd=2".to_owned(),
    ] {
        let answer = wire.call("GET", &target, &Value::Null).await;
        assert_eq!(answer.refusal(), (400, "BadRequestException"), "{target}");
        assert!(answer.body.contains("given twice"), "{answer:?}");
    }
    let twice = "/tags?operation=tag-resource&operation=untag-resource";
    let answer = wire.call_text("POST", twice, "{}").await;
    assert_eq!(answer.refusal(), (400, "BadRequestException"));
    wire.stop().await;
}

#[tokio::test]
async fn a_member_that_is_given_twice_is_told() {
    let wire = Wire::start().await;
    for body in [
        r#"{"Name":"a","Name":"b","ClientRequestToken":"t-1"}"#,
        r#"{"Name":"a","ClientRequestToken":"t-1","Tags":[{"Key":"a","Value":"1","Value":"2"}]}"#,
        r#"{"Name":"a","ClientRequestToken":"t-1","Odd":1,"Odd":2}"#,
    ] {
        let answer = wire.call_text("POST", "/app-instances", body).await;
        assert_eq!(answer.refusal(), (400, "BadRequestException"), "{body}");
        assert!(answer.body.contains("given twice"), "{answer:?}");
    }
    let settings = r#"{"latency_ms":1,"latency_ms":2}"#;
    let answer = wire.send("PUT", "/_emulator/settings", &[], settings).await;
    assert_eq!(answer.refusal(), (400, "BadRequestException"));
    let listed = wire.call("GET", "/app-instances", &Value::Null).await;
    assert_eq!(listed.json()["AppInstances"].as_array().unwrap().len(), 0);
    wire.stop().await;
}
