//! A clock that a test moved as far as it goes.

use serde_json::{Value, json};

use crate::wire::{Wire, label};

/// Seconds of the last day of the year 9999; clients read no later time.
const LAST: f64 = 253_402_300_800.0;

#[tokio::test]
async fn at_the_end_of_time_everything_is_answered() {
    for offset in [i64::MAX, i64::MAX / 1000, 253_402_300_799, i64::MIN] {
        let wire = Wire::start().await;
        let clock = json!({ "offset_seconds": offset });
        wire.control("PUT", "clock", &clock).await;

        let instance = wire.app_instance("A").await;
        let expiration = json!({
            "ExpirationSettings": { "ExpirationDays": 5475, "ExpirationCriterion": "CREATED_TIMESTAMP" },
        });
        let mut user = expiration.clone();
        user["AppInstanceArn"] = json!(instance);
        user["AppInstanceUserId"] = json!("alice");
        user["Name"] = json!("Alice");
        user["ClientRequestToken"] = json!("t-1");
        let made = wire.call("POST", "/app-instance-users", &user).await;
        assert_eq!(made.status, 201, "{offset}: {made:?}");
        let arn = made.json()["AppInstanceUserArn"]
            .as_str()
            .unwrap()
            .to_owned();
        let user = format!("/app-instance-users/{}", label(&arn));
        let retention = json!({
            "AppInstanceRetentionSettings": { "ChannelRetentionSettings": { "RetentionDays": 5475 } },
        });
        let of_instance = format!("/app-instances/{}", label(&instance));
        for (method, target, body) in [
            ("PUT", format!("{user}/expiration-settings"), &expiration),
            (
                "PUT",
                format!("{of_instance}/retention-settings"),
                &retention,
            ),
            ("GET", user, &Value::Null),
            ("GET", of_instance, &Value::Null),
            (
                "GET",
                "/app-instances?max-results=1".to_owned(),
                &Value::Null,
            ),
        ] {
            let answer = wire.call(method, &target, body).await;
            assert_eq!(answer.status, 200, "{offset} {method} {target}: {answer:?}");
            let text = answer.json();
            for time in [
                &text["AppInstanceUser"]["CreatedTimestamp"],
                &text["InitiateDeletionTimestamp"],
            ] {
                let time = time.as_f64().unwrap_or_default();
                assert!((0.0..LAST).contains(&time), "{offset}: {time}");
            }
        }
        wire.control("POST", "sweep", &Value::Null).await;
        wire.stop().await;
    }
}
