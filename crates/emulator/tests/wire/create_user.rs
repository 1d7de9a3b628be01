//! `CreateAppInstanceUser` for an id that is there: samples of AWS create the user at each sign-in.

use serde_json::{Value, json};

use crate::wire::{Answer, Wire, label};

/// Everything that a user can be made with.
fn alice(instance: &str, token: &str) -> Value {
    json!({
        "AppInstanceArn": instance,
        "AppInstanceUserId": "alice",
        "Name": "Alice",
        "Metadata": "m",
        "Tags": [{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }],
        "ExpirationSettings": { "ExpirationDays": 30, "ExpirationCriterion": "CREATED_TIMESTAMP" },
        "ClientRequestToken": token,
    })
}

async fn create(wire: &Wire, body: &Value) -> Answer {
    wire.call("POST", "/app-instance-users", body).await
}

fn arn_of(made: &Answer) -> String {
    let arn = &made.json()["AppInstanceUserArn"];
    arn.as_str().unwrap().to_owned()
}

async fn describe(wire: &Wire, arn: &str) -> Value {
    let target = format!("/app-instance-users/{}", label(arn));
    wire.call("GET", &target, &Value::Null).await.json()
}

async fn control(wire: &Wire, offset: i64) {
    let offset = json!({ "offset_seconds": offset });
    wire.control("PUT", "clock", &offset).await;
}

#[tokio::test]
async fn a_user_that_is_there_with_equal_values_is_answered_and_not_changed() {
    let wire = Wire::start().await;
    let instance = wire.app_instance("A").await;
    let made = create(&wire, &alice(&instance, "t-1")).await;
    let arn = arn_of(&made);
    let before = describe(&wire, &arn).await;
    control(&wire, 3600).await;
    let mut reordered = alice(&instance, "t-2");
    reordered["Tags"].as_array_mut().unwrap().reverse();

    for body in [alice(&instance, "t-3"), reordered] {
        let again = create(&wire, &body).await;

        assert_eq!((again.status, again.json()), (201, made.json()));
    }
    assert_eq!(describe(&wire, &arn).await, before);
    wire.stop().await;
}

#[tokio::test]
async fn a_user_that_is_there_with_another_value_is_a_conflict() {
    let wire = Wire::start().await;
    let instance = wire.app_instance("A").await;
    let made = create(&wire, &alice(&instance, "t-1")).await;
    let arn = arn_of(&made);
    let before = describe(&wire, &arn).await;

    for (member, value) in [
        ("Name", json!("alice")),
        ("Metadata", json!("n")),
        ("Metadata", json!(null)),
        ("Tags", json!([{ "Key": "a", "Value": "1" }])),
        (
            "Tags",
            json!([{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "3" }]),
        ),
        ("Tags", json!(null)),
        ("ExpirationSettings", json!(null)),
        (
            "ExpirationSettings",
            json!({ "ExpirationDays": 31, "ExpirationCriterion": "CREATED_TIMESTAMP" }),
        ),
    ] {
        let mut body = alice(&instance, "t-2");
        body[member] = value;
        let refused = create(&wire, &body).await;

        assert_eq!(refused.refusal(), (409, "ConflictException"), "{member}");
    }
    assert_eq!(describe(&wire, &arn).await, before);
    wire.stop().await;
}

#[tokio::test]
async fn the_values_are_compared_as_they_are_now() {
    let wire = Wire::start().await;
    let instance = wire.app_instance("A").await;
    let plain = |name: &str, token: &str| {
        json!({
            "AppInstanceArn": instance, "AppInstanceUserId": "bob", "Name": name,
            "ClientRequestToken": token,
        })
    };
    let made = create(&wire, &plain("Bob", "t-1")).await;
    let arn = arn_of(&made);
    // Metadata that is empty is as good as none.
    let update = json!({ "Name": "Robert", "Metadata": "" });
    let target = format!("/app-instance-users/{}", label(&arn));
    wire.call("PUT", &target, &update).await;

    assert_eq!(create(&wire, &plain("Bob", "t-2")).await.status, 409);
    assert_eq!(create(&wire, &plain("Robert", "t-3")).await.status, 201);
    // The same request again gets the same answer, also after the user was changed.
    assert_eq!(create(&wire, &plain("Bob", "t-1")).await.status, 201);
    wire.stop().await;
}

#[tokio::test]
async fn a_request_that_found_the_user_can_be_repeated_with_its_token() {
    let wire = Wire::start().await;
    let instance = wire.app_instance("A").await;
    let made = create(&wire, &alice(&instance, "t-1")).await;
    let arn = arn_of(&made);
    assert_eq!(create(&wire, &alice(&instance, "t-2")).await.status, 201);
    let target = format!("/app-instance-users/{}", label(&arn));
    let update = json!({ "Name": "Other", "Metadata": "" });
    wire.call("PUT", &target, &update).await;

    let again = create(&wire, &alice(&instance, "t-2")).await;
    let mut other = alice(&instance, "t-2");
    other["Name"] = json!("Other");
    let misused = create(&wire, &other).await;

    assert_eq!((again.status, again.json()), (201, made.json()));
    assert_eq!(misused.refusal(), (409, "ConflictException"));
    wire.stop().await;
}

#[tokio::test]
async fn a_user_that_is_there_counts_against_no_quota() {
    let wire = Wire::start().await;
    let instance = wire.app_instance("A").await;
    create(&wire, &alice(&instance, "t-1")).await;
    let full = json!({ "quotas": { "users": 1, "tags": 1 } });
    wire.control("PUT", "settings", &full).await;

    assert_eq!(create(&wire, &alice(&instance, "t-2")).await.status, 201);
    let mut other = alice(&instance, "t-3");
    other["AppInstanceUserId"] = json!("bob");
    let refused = create(&wire, &other).await;
    assert_eq!(refused.refusal(), (400, "ResourceLimitExceededException"));
    wire.stop().await;
}

/// The rule is reported of users only; of admins, that a second promotion is a conflict.
#[tokio::test]
async fn what_else_is_there_already_is_a_conflict_or_made_again() {
    let wire = Wire::start().await;
    let instance = wire.app_instance("A").await;
    let user = arn_of(&create(&wire, &alice(&instance, "t-1")).await);
    let admins = format!("/app-instances/{}/admins", label(&instance));
    let admin = json!({ "AppInstanceAdminArn": user });
    let endpoints = format!("/app-instance-users/{}/endpoints", label(&user));
    let endpoint = |token: &str| {
        json!({
            "Type": "GCM", "ClientRequestToken": token, "EndpointAttributes": { "DeviceToken": "d" },
            "ResourceArn": "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef",
        })
    };

    assert_eq!(wire.call("POST", &admins, &admin).await.status, 201);
    let again = wire.call("POST", &admins, &admin).await;
    assert_eq!(again.refusal(), (409, "ConflictException"));
    let first = wire.call("POST", &endpoints, &endpoint("e-1")).await;
    assert_eq!(first.status, 201);
    let again = wire.call("POST", &endpoints, &endpoint("e-2")).await;
    assert_eq!(again.refusal(), (409, "ConflictException"));
    let named = json!({ "Name": "A", "ClientRequestToken": "another" });
    let other = wire.call("POST", "/app-instances", &named).await;
    assert_eq!(other.status, 201);
    assert_ne!(other.json()["AppInstanceArn"], instance);
    wire.stop().await;
}
