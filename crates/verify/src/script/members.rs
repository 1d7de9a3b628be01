//! What is in an AppInstance: users, admins, bots, push endpoints.

use serde_json::{Value, json};

use super::{Step, same};
use crate::known::Known;
use crate::request::{Request, label};
use crate::service::Answer;

fn user_path(arn: &str) -> String {
    format!("/app-instance-users/{}", label(arn))
}

fn create_user(known: &Known, id: &str, token: &str, more: Value) -> Request {
    let mut body = json!({
        "AppInstanceArn": known.instance,
        "AppInstanceUserId": id,
        "Name": "Alice",
        "ClientRequestToken": known.token(token),
    });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    Request::post("/app-instance-users", &body)
}

fn whole(days: u32) -> Value {
    json!({
        "Metadata": "m",
        "Tags": [{ "Key": "a", "Value": "1" }],
        "ExpirationSettings": { "ExpirationDays": days, "ExpirationCriterion": "CREATED_TIMESTAMP" },
    })
}

fn same_user(known: &mut Known, answer: &Answer) -> Option<&'static str> {
    same(&known.user, answer.text("AppInstanceUserArn"))
}

fn list_users(known: &Known, more: &str) -> Request {
    let instance = label(&known.instance);
    Request::get(format!(
        "/app-instance-users?app-instance-arn={instance}{more}"
    ))
}

pub(super) fn users() -> Vec<Step> {
    vec![
        Step::new("CreateAppInstanceUser", "with everything", |known| {
            create_user(known, "alice", "user", whole(30))
        })
        .learning(|known, answer| {
            if let Some(arn) = answer.text("AppInstanceUserArn") {
                arn.clone_into(&mut known.user);
            }
            None
        }),
        Step::new(
            "CreateAppInstanceUser",
            "one that is there, equal",
            |known| create_user(known, "alice", "equal", whole(30)),
        )
        .learning(same_user),
        Step::new(
            "CreateAppInstanceUser",
            "one that is there, another expiration",
            |known| create_user(known, "alice", "days", whole(31)),
        )
        .learning(same_user),
        Step::new(
            "CreateAppInstanceUser",
            "one that is there, without metadata",
            |known| create_user(known, "alice", "plain", json!({})),
        )
        .learning(same_user),
        Step::new(
            "CreateAppInstanceUser",
            "the same request with its token",
            |known| create_user(known, "alice", "user", whole(30)),
        )
        .learning(same_user),
        Step::new(
            "CreateAppInstanceUser",
            "a token that made something else",
            |known| create_user(known, "bob", "user", json!({})),
        ),
        Step::new("CreateAppInstanceUser", "with what is needed", |known| {
            create_user(
                known,
                "us-east-1:carol.b_c-d@example.org",
                "second",
                json!({}),
            )
        }),
        Step::new("CreateAppInstanceUser", "an id with a slash", |known| {
            create_user(known, "a/b", "slash", json!({}))
        }),
        Step::new("CreateAppInstanceUser", "without a token", |known| {
            let body = json!({
                "AppInstanceArn": known.instance, "AppInstanceUserId": "dora", "Name": "Dora",
            });
            Request::post("/app-instance-users", &body)
        }),
        Step::new("CreateAppInstanceUser", "a name of blanks", |known| {
            create_user(known, "eve", "blank", json!({ "Name": "  " }))
        }),
        Step::new("DescribeAppInstanceUser", "one with everything", |known| {
            Request::get(user_path(&known.user))
        }),
        Step::new(
            "DescribeAppInstanceUser",
            "one that is not there",
            |known| Request::get(user_path(&known.user_named("nobody"))),
        ),
        Step::new("ListAppInstanceUsers", "a page of one", |known| {
            list_users(known, "&max-results=1")
        })
        .learning(|known, answer| {
            let token = answer.text("NextToken")?;
            token.clone_into(&mut known.next_token);
            None
        }),
        Step::new("ListAppInstanceUsers", "the next page", |known| {
            let token = label(&known.next_token);
            list_users(known, &format!("&max-results=1&next-token={token}"))
        })
        // Whether there is a third page is told by what was made.
        .ignoring(&["AppInstanceUsers[].Metadata"]),
        Step::new("ListAppInstanceUsers", "a token of nobody", |known| {
            list_users(known, "&next-token=nobody")
        }),
        Step::new("UpdateAppInstanceUser", "name and metadata", |known| {
            let body = json!({ "Name": "Alice", "Metadata": "" });
            Request::put(user_path(&known.user), &body)
        }),
        Step::new(
            "DescribeAppInstanceUser",
            "with metadata that is empty",
            |known| Request::get(user_path(&known.user)),
        ),
        Step::new(
            "PutAppInstanceUserExpirationSettings",
            "5475 days",
            |known| {
                let target = format!("{}/expiration-settings", user_path(&known.user));
                Request::put(target, &whole(5475))
            },
        ),
        Step::new("PutAppInstanceUserExpirationSettings", "none", |known| {
            let target = format!("{}/expiration-settings", user_path(&known.user));
            Request::put(target, &json!({}))
        }),
        Step::new("DescribeAppInstanceUser", "without expiration", |known| {
            Request::get(user_path(&known.user))
        }),
    ]
}

fn admins_path(known: &Known) -> String {
    format!("/app-instances/{}/admins", label(&known.instance))
}

fn admin_path(known: &Known, member: &str) -> String {
    format!("{}/{}", admins_path(known), label(member))
}

fn promote(known: &Known) -> Request {
    Request::post(
        admins_path(known),
        &json!({ "AppInstanceAdminArn": known.user }),
    )
}

fn demote(known: &Known) -> Request {
    Request::delete(admin_path(known, &known.user))
}

pub(super) fn admins() -> Vec<Step> {
    vec![
        Step::new("CreateAppInstanceAdmin", "a user", promote),
        Step::new("CreateAppInstanceAdmin", "again", promote),
        Step::new(
            "CreateAppInstanceAdmin",
            "a user who is not there",
            |known| {
                let nobody = json!({ "AppInstanceAdminArn": known.user_named("nobody") });
                Request::post(admins_path(known), &nobody)
            },
        ),
        Step::new("DescribeAppInstanceAdmin", "a user", |known| {
            Request::get(admin_path(known, &known.user))
        }),
        Step::new("ListAppInstanceAdmins", "one", |known| {
            Request::get(admins_path(known))
        }),
        Step::new("DeleteAppInstanceAdmin", "a user", demote),
        Step::new("DeleteAppInstanceAdmin", "again", demote),
        Step::new("DescribeAppInstanceAdmin", "a user who is none", |known| {
            Request::get(admin_path(known, &known.user))
        }),
        Step::new("ListAppInstanceAdmins", "none", |known| {
            Request::get(admins_path(known))
        }),
    ]
}

fn bot_path(arn: &str) -> String {
    format!("/app-instance-bots/{}", label(arn))
}

fn configuration(known: &Known) -> Value {
    let invoked = json!({ "StandardMessages": "MENTIONS", "TargetedMessages": "ALL" });
    json!({ "Lex": { "LexBotAliasArn": known.alias(), "LocaleId": "en_US", "InvokedBy": invoked } })
}

pub(super) fn bots() -> Vec<Step> {
    vec![
        Step::new("CreateAppInstanceBot", "with everything", |known| {
            let body = json!({
                "AppInstanceArn": known.instance, "Name": "Bot", "Metadata": "m",
                "Tags": [{ "Key": "a", "Value": "1" }], "Configuration": configuration(known),
                "ClientRequestToken": known.token("bot"),
            });
            Request::post("/app-instance-bots", &body)
        })
        .learning(|known, answer| {
            let arn = answer.text("AppInstanceBotArn")?;
            arn.clone_into(&mut known.bot);
            None
        }),
        Step::new("DescribeAppInstanceBot", "one with everything", |known| {
            Request::get(bot_path(&known.bot))
        }),
        Step::new("DescribeAppInstanceBot", "one that is not there", |known| {
            Request::get(bot_path(&known.no_bot()))
        }),
        Step::new("ListAppInstanceBots", "one", |known| {
            let instance = label(&known.instance);
            Request::get(format!("/app-instance-bots?app-instance-arn={instance}"))
        }),
        Step::new("UpdateAppInstanceBot", "without a configuration", |known| {
            let body = json!({ "Name": "", "Metadata": "" });
            Request::put(bot_path(&known.bot), &body)
        }),
        Step::new("UpdateAppInstanceBot", "one that is not there", |known| {
            let body = json!({ "Name": "", "Metadata": "" });
            Request::put(bot_path(&known.no_bot()), &body)
        }),
        Step::new("DeleteAppInstanceBot", "one", |known| {
            Request::delete(bot_path(&known.bot))
        }),
        Step::new("DeleteAppInstanceBot", "again", |known| {
            Request::delete(bot_path(&known.bot))
        }),
    ]
}

fn endpoints_path(known: &Known) -> String {
    format!("{}/endpoints", user_path(&known.user))
}

fn endpoint_path(known: &Known) -> String {
    format!("{}/{}", endpoints_path(known), label(&known.endpoint))
}

fn register(known: &Known, token: &str) -> Request {
    let body = json!({
        "Name": "Phone", "Type": "GCM", "ResourceArn": known.application(),
        "EndpointAttributes": { "DeviceToken": known.token("device") },
        "ClientRequestToken": known.token(token),
    });
    Request::post(endpoints_path(known), &body)
}

pub(super) fn endpoints() -> Vec<Step> {
    vec![
        Step::new("RegisterAppInstanceUserEndpoint", "a phone", |known| {
            register(known, "phone")
        })
        .learning(|known, answer| {
            let id = answer.text("EndpointId")?;
            id.clone_into(&mut known.endpoint);
            None
        }),
        Step::new(
            "RegisterAppInstanceUserEndpoint",
            "the same device again",
            |known| register(known, "again"),
        )
        .learning(|known, answer| match answer.text("EndpointId") {
            Some(id) if id == known.endpoint => Some("the same endpoint"),
            Some(_) => Some("another endpoint"),
            None => None,
        }),
        Step::new("DescribeAppInstanceUserEndpoint", "a phone", |known| {
            Request::get(endpoint_path(known))
        }),
        Step::new(
            "DescribeAppInstanceUserEndpoint",
            "one that is not there",
            |known| Request::get(format!("{}/{}", endpoints_path(known), Known::NO_ENDPOINT)),
        ),
        Step::new("ListAppInstanceUserEndpoints", "one", |known| {
            Request::get(endpoints_path(known))
        }),
        Step::new("UpdateAppInstanceUserEndpoint", "a name", |known| {
            let body = json!({ "Name": "Other", "AllowMessages": "NONE" });
            Request::put(endpoint_path(known), &body)
        }),
        Step::new("UpdateAppInstanceUserEndpoint", "nothing", |known| {
            Request::put(endpoint_path(known), &json!({}))
        }),
        Step::new("DeregisterAppInstanceUserEndpoint", "a phone", |known| {
            Request::delete(endpoint_path(known))
        }),
        Step::new("DeregisterAppInstanceUserEndpoint", "again", |known| {
            Request::delete(endpoint_path(known))
        }),
        Step::new("DeleteAppInstanceUser", "one", |known| {
            Request::delete(user_path(&known.user))
        }),
        Step::new("DeleteAppInstanceUser", "again", |known| {
            Request::delete(user_path(&known.user))
        }),
    ]
}
