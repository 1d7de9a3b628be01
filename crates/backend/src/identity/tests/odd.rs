//! Answers that hold values against the rules: they are read as they came, and never refused.

use aws_sdk_chimesdkidentity::Client as Sdk;
use aws_sdk_chimesdkidentity::config::http::HttpResponse;
use aws_smithy_mocks::mock;
use aws_smithy_types::body::SdkBody;
use domain::{Given, Timestamp};
use serde_json::{Value, json};

use super::super::{Request, RevealTokens};
use super::*;

fn answering(body: &Value) -> HttpResponse {
    HttpResponse::new(200.try_into().unwrap(), SdkBody::from(body.to_string()))
}

macro_rules! read {
    ($method:ident, $body:expr) => {{
        let body: Value = $body;
        let rule = mock!(Sdk::$method).then_http_response(move || answering(&body));
        super::$method().send(&client(&[&rule])).await.unwrap()
    }};
}

/// What AWS may give for the ARN of a user, and whether it is understood as one.
fn odd_users() -> Vec<(String, bool)> {
    let of = |id: &str| format!("{INSTANCE}/user/{id}");
    vec![
        (of(&"u".repeat(74)), true),
        (of("a+b@example.com"), true),
        (of("a/b"), true),
        (of(".hidden"), true),
        (of("日本"), true),
        (USER.replace("arn:aws:", "arn:aws-cn:"), false),
        (USER.replace("us-east-1:1234", "ap-south-1:1234"), false),
        (USER.replace("123456789012", "1"), false),
        (of(".."), false),
        (of("a\nb"), false),
        ("arn:aws:s3:::bucket".to_owned(), false),
        (String::new(), false),
    ]
}

#[tokio::test]
async fn no_row_of_users_is_lost_whatever_its_arn() {
    let rows: Vec<_> = odd_users()
        .iter()
        .map(|(arn, _)| json!({ "AppInstanceUserArn": arn, "Name": "N" }))
        .chain([json!({})])
        .collect();

    let listed = read!(list_app_instance_users, json!({ "AppInstanceUsers": rows }));

    let read: Vec<_> = listed.items.iter().map(|row| &row.arn).collect();
    for (row, (arn, is_known)) in read.iter().zip(odd_users()) {
        assert_eq!((row.as_str(), row.known().is_some()), (&*arn, is_known));
    }
    assert_eq!(read.len(), odd_users().len() + 1);
    assert_eq!(read.last().map(|arn| arn.as_str()), Some(""));
}

#[tokio::test]
async fn no_row_of_the_other_lists_is_lost() {
    let arn = "arn:aws:chime:ap-south-1:1:app-instance/x y";
    let instances = json!([{ "AppInstanceArn": arn }, {}, { "AppInstanceArn": INSTANCE }]);
    let admins = json!([{ "Admin": { "Arn": arn } }, {}, { "Admin": {} }]);
    let bots = json!([{ "AppInstanceBotArn": arn }, {}, { "Name": "b" }]);
    let endpoints = json!([
        {},
        { "EndpointId": "..", "Type": "NEW", "AllowMessages": "SOME" },
        { "EndpointState": { "Status": "SLEEPING", "StatusReason": "WHY" } },
    ]);

    let instances = read!(list_app_instances, json!({ "AppInstances": instances })).items;
    let admins = read!(
        list_app_instance_admins,
        json!({ "AppInstanceAdmins": admins })
    )
    .items;
    let bots = read!(list_app_instance_bots, json!({ "AppInstanceBots": bots })).items;
    let body = json!({ "AppInstanceUserEndpoints": endpoints });
    let endpoints = read!(list_app_instance_user_endpoints, body).items;

    let instances: Vec<_> = instances.iter().map(|row| row.arn.as_str()).collect();
    assert_eq!(instances, [arn, "", INSTANCE]);
    let admins: Vec<_> = admins.iter().map(|row| row.member.as_str()).collect();
    assert_eq!(admins, [arn, "", ""]);
    let bots: Vec<_> = bots.iter().map(|row| row.arn.as_str()).collect();
    assert_eq!(bots, [arn, "", ""]);
    let [nothing, new, asleep] = &endpoints[..] else {
        panic!("{} endpoints", endpoints.len());
    };
    assert_eq!(
        (&*nothing.id, &*nothing.kind, &*nothing.state.status),
        ("", "", "")
    );
    assert_eq!((&*new.kind, new.allow_messages.as_str()), ("NEW", "SOME"));
    assert_eq!(new.allow_messages.known(), None);
    assert_eq!(asleep.state.reason.as_deref(), Some("WHY"));
}

#[tokio::test]
async fn numbers_and_times_out_of_range_are_read_as_they_came() {
    for (days, created, at) in [
        (0, 0.0, 0),
        (-3, -62_135_596_800.5, -62_135_596_800_500),
        (5476, 1e17, i64::MAX),
        (i32::MAX, -1e17, i64::MIN),
    ] {
        let user = json!({
            "Name": "\u{7}",
            "CreatedTimestamp": created,
            "ExpirationSettings": { "ExpirationDays": days, "ExpirationCriterion": "LATER" },
        });
        let user = read!(
            describe_app_instance_user,
            json!({ "AppInstanceUser": user })
        );
        assert_eq!(user.expires_after.map(Days::get), Some(days));
        assert_eq!(user.created, Some(Timestamp(at)));
        assert_eq!(user.name, "\u{7}");

        let kept = json!({ "AppInstanceRetentionSettings": {
            "ChannelRetentionSettings": { "RetentionDays": days } } });
        let retention = read!(get_app_instance_retention_settings, kept);
        assert_eq!(retention.days.map(Days::get), Some(days));
    }
}

#[tokio::test]
async fn a_configuration_that_no_rule_allows_is_read_as_it_came() {
    let lex = json!({
        "LexBotAliasArn": "arn:aws:lex:us-east-1:1:bot/x",
        "LocaleId": "zh-Hans",
        "WelcomeIntent": "1st",
        "InvokedBy": { "StandardMessages": "SOME", "TargetedMessages": "ALL" },
    });
    let bot = json!({ "AppInstanceBot": { "Configuration": { "Lex": lex } } });

    let bot = read!(describe_app_instance_bot, bot);

    assert_eq!(serde_json::to_value(bot.configuration).unwrap(), lex);
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_read_as_nothing() {
    let nothing = Given::read("");
    assert_eq!(read!(create_app_instance, json!({})), nothing);
    assert_eq!(read!(describe_app_instance, json!({})).name, "");
    let nothing = Given::read("");
    assert_eq!(read!(create_app_instance_user, json!({})), nothing);
    assert_eq!(read!(describe_app_instance_user, json!({})).arn, nothing);
    assert_eq!(read!(create_app_instance_admin, json!({})).name, "");
    assert_eq!(read!(describe_app_instance_admin, json!({})).since, None);
    let nothing = Given::read("");
    assert_eq!(read!(create_app_instance_bot, json!({})), nothing);
    assert_eq!(
        read!(describe_app_instance_bot, json!({})).configuration,
        None
    );
    assert_eq!(read!(register_app_instance_user_endpoint, json!({})), "");
    let endpoint = read!(describe_app_instance_user_endpoint, json!({}));
    assert_eq!((endpoint.device_token, &*endpoint.id), (None, ""));
    let tags =
        json!({ "Tags": [{ "Key": "aws:x", "Value": "" }, { "Key": "aws:x", "Value": "2" }] });
    assert_eq!(read!(list_tags_for_resource, tags).len(), 2);
}

#[tokio::test]
async fn an_endpoint_without_tokens_has_none_to_reveal() {
    let rule = mock!(Sdk::describe_app_instance_user_endpoint)
        .then_http_response(|| answering(&json!({ "AppInstanceUserEndpoint": {} })));
    let input = RevealTokens(super::describe_app_instance_user_endpoint());

    let tokens = input.send(&client(&[&rule])).await.unwrap();

    assert!(tokens.device_token.is_none() && tokens.voip_device_token.is_none());
}

#[tokio::test]
async fn a_choice_that_was_read_can_be_sent_back() {
    let input = UpdateAppInstanceUserEndpoint {
        allow_messages: Some(Given::read("SOME")),
        ..super::update_app_instance_user_endpoint()
    };
    let rule = mock!(Sdk::update_app_instance_user_endpoint)
        .match_requests(|sent| {
            sent.allow_messages()
                .is_some_and(|it| it.as_str() == "SOME")
        })
        .then_http_response(|| answering(&json!({})));

    input.send(&client(&[&rule])).await.unwrap();

    assert_eq!(rule.num_calls(), 1);
}
