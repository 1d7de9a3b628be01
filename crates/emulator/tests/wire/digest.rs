//! `GET /_emulator/digest`: equal for equal populations, and other for every difference.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::wire::{Wire, label};

async fn digest(wire: &Wire) -> Value {
    wire.control("GET", "digest", &Value::Null).await.json()
}

async fn digest_of(wire: &Wire, arn: &str) -> Value {
    let path = format!("digest?instance={}", label(arn));
    wire.control("GET", &path, &Value::Null).await.json()
}

/// Makes something, with a token of its own, and returns the answer.
async fn make(wire: &Wire, target: &str, mut body: Value) -> Value {
    body["ClientRequestToken"] = uuid().into();
    let made = wire.call("POST", target, &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json()
}

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// An AppInstance in which everything occurs; its users, and its two equal bots, in the order that is asked for.
struct Population {
    arn: String,
    admin: String,
    bot: String,
    endpoint: String,
}

async fn populate(wire: &Wire, users: [&str; 2]) -> Population {
    let tags = json!([{ "Key": "env", "Value": "test" }]);
    let made = make(wire, "/app-instances", json!({ "Name": "A", "Tags": tags })).await;
    let arn = made["AppInstanceArn"].as_str().unwrap().to_owned();
    for id in users {
        let body = json!({
            "AppInstanceArn": arn, "AppInstanceUserId": id, "Name": format!("User {id}"), "Tags": tags,
        });
        make(wire, "/app-instance-users", body).await;
    }
    let alias = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST";
    let configuration = json!({ "Lex": { "LexBotAliasArn": alias, "LocaleId": "en_US" } });
    let mut bot = String::new();
    for _ in 0..2 {
        let body = json!({ "AppInstanceArn": arn, "Configuration": configuration, "Tags": tags });
        let made = make(wire, "/app-instance-bots", body).await;
        made["AppInstanceBotArn"]
            .as_str()
            .unwrap()
            .clone_into(&mut bot);
    }
    let admin = format!("{arn}/user/alice");
    for member in [&admin, &bot] {
        let target = format!("/app-instances/{}/admins", label(&arn));
        make(wire, &target, json!({ "AppInstanceAdminArn": member })).await;
    }
    let target = format!("/app-instance-users/{}/endpoints", label(&admin));
    let body = json!({
        "Type": "GCM",
        "ResourceArn": "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef0123456789abcdef",
        "EndpointAttributes": { "DeviceToken": "phone" },
    });
    let made = make(wire, &target, body).await;
    let endpoint = format!("{target}/{}", made["EndpointId"].as_str().unwrap());
    Population {
        arn,
        admin,
        bot,
        endpoint,
    }
}

#[tokio::test]
async fn equal_populations_have_one_digest() {
    let wire = Wire::start().await;
    let first = populate(&wire, ["alice", "bob"]).await;
    // Another day, other ids, another order.
    wire.control("PUT", "clock", &json!({ "offset_seconds": 86_400 }))
        .await;
    let second = populate(&wire, ["bob", "alice"]).await;

    let shown = digest_of(&wire, &first.arn).await;

    assert_eq!(shown, digest_of(&wire, &second.arn).await);
    let counts = |of: &Value| -> Vec<(String, u64)> {
        let kinds = of["kinds"].as_object().unwrap().iter();
        kinds
            .map(|(name, kind)| (name.clone(), kind["count"].as_u64().unwrap()))
            .collect()
    };
    let expected = |instances: u64| {
        [
            ("admins", 2),
            ("app_instances", 1),
            ("bots", 2),
            ("endpoints", 1),
            ("tags", 5),
            ("user_ids", 2),
            ("users", 2),
        ]
        .map(|(name, count)| (name.to_owned(), count * instances))
    };
    assert_eq!(counts(&shown), expected(1));
    let whole = digest(&wire).await;
    assert_eq!(whole["accounts"].as_array().unwrap().len(), 1);
    let account = &whole["accounts"][0];
    assert_eq!(account["account_id"], "123456789012");
    assert_eq!(account["region"], "us-east-1");
    assert_eq!(counts(account), expected(2));
    wire.stop().await;
}

#[tokio::test]
async fn every_change_changes_the_digest_and_that_of_its_kind() {
    let wire = Wire::start().await;
    let made = populate(&wire, ["alice", "bob"]).await;
    let (instance, user) = (label(&made.arn), label(&made.admin));
    let tag = |arn: &str| json!({ "ResourceARN": arn, "Tags": [{ "Key": "new", "Value": "x" }] });
    let days = json!({ "ChannelRetentionSettings": { "RetentionDays": 3 } });
    let changes = [
        (
            "PUT",
            format!("/app-instances/{instance}"),
            json!({ "Name": "B", "Metadata": "" }),
            "app_instances",
        ),
        (
            "PUT",
            format!("/app-instances/{instance}/retention-settings"),
            json!({ "AppInstanceRetentionSettings": days }),
            "app_instances",
        ),
        (
            "PUT",
            format!("/app-instance-users/{user}"),
            json!({ "Name": "Other", "Metadata": "" }),
            "users",
        ),
        (
            "POST",
            "/tags?operation=tag-resource".to_owned(),
            tag(&made.arn),
            "tags",
        ),
        (
            "POST",
            "/tags?operation=tag-resource".to_owned(),
            tag(&made.admin),
            "tags",
        ),
        (
            "POST",
            "/tags?operation=tag-resource".to_owned(),
            tag(&made.bot),
            "tags",
        ),
        (
            "PUT",
            made.endpoint.clone(),
            json!({ "Name": "Phone", "AllowMessages": "NONE" }),
            "endpoints",
        ),
        (
            "DELETE",
            format!("/app-instances/{instance}/admins/{user}"),
            Value::Null,
            "admins",
        ),
        (
            "DELETE",
            format!("/app-instance-bots/{}", label(&made.bot)),
            Value::Null,
            "bots",
        ),
        (
            "DELETE",
            format!("/app-instance-users/{user}"),
            Value::Null,
            "user_ids",
        ),
    ];
    let mut seen = HashSet::new();
    seen.insert(digest(&wire).await["sha256"].to_string());

    for (method, target, body, kind) in changes {
        let before = digest_of(&wire, &made.arn).await;
        let answer = wire.call(method, &target, &body).await;
        assert!(answer.status < 300, "{answer:?}");

        let after = digest_of(&wire, &made.arn).await;

        assert_ne!(
            after["kinds"][kind], before["kinds"][kind],
            "{method} {target}"
        );
        assert_ne!(after["sha256"], before["sha256"], "{method} {target}");
        let whole = digest(&wire).await["sha256"].to_string();
        assert!(seen.insert(whole), "{method} {target}");
    }
    wire.stop().await;
}

#[tokio::test]
async fn user_ids_are_hashed_so_that_a_test_can_do_it_too() {
    let wire = Wire::start().await;
    let made = populate(&wire, ["bob", "alice"]).await;

    let shown = digest_of(&wire, &made.arn).await;

    // printf 'alice\nbob\n' | sha256sum
    let expected = "464165db627e0547246fff8acfc08662c1aea3b98d9884434e4e7bee3d681b0e";
    assert_eq!(
        shown["kinds"]["user_ids"],
        json!({ "count": 2, "sha256": expected })
    );
    wire.stop().await;
}

#[tokio::test]
async fn users_that_swap_their_app_instance_are_noticed() {
    let wire = Wire::start().await;
    let mut whole = Vec::new();
    for ids in [["a", "b", "c", "d"], ["a", "c", "b", "d"]] {
        wire.control("POST", "reset", &Value::Null).await;
        for (name, ids) in [("A", &ids[..2]), ("B", &ids[2..])] {
            let arn = wire.app_instance(name).await;
            for id in ids {
                let body = json!({ "AppInstanceArn": arn, "AppInstanceUserId": id, "Name": "N" });
                make(&wire, "/app-instance-users", body).await;
            }
        }
        whole.push(digest(&wire).await["sha256"].clone());
    }
    assert_ne!(whole[0], whole[1]);
    wire.stop().await;
}

#[tokio::test]
async fn what_is_deleted_or_not_there_has_no_digest() {
    let wire = Wire::start().await;
    let empty = digest(&wire).await;
    let arn = wire.app_instance("A").await;
    assert_ne!(digest(&wire).await, empty);

    let target = format!("/app-instances/{}", label(&arn));
    wire.call("DELETE", &target, &Value::Null).await;

    assert_eq!(digest(&wire).await, empty);
    for (query, status) in [
        (format!("instance={}", label(&arn)), 403),
        ("instance=A".to_owned(), 400),
        ("instances=A".to_owned(), 400),
    ] {
        let path = format!("/_emulator/digest?{query}");
        let refused = wire.send("GET", &path, &[], "").await;
        assert_eq!(refused.refusal().0, status, "{query}");
    }
    wire.stop().await;
}
