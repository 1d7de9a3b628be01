//! What each operation sends, and what it makes of the answer.

use aws_sdk_chimesdkidentity::Client as Sdk;
use aws_sdk_chimesdkidentity::operation as op;
use aws_sdk_chimesdkidentity::primitives::DateTime;
use aws_sdk_chimesdkidentity::types;
use aws_smithy_mocks::mock;
use domain::view::{
    AppInstance, AppInstanceAdmin, AppInstanceBot, AppInstanceBotSummary, AppInstanceSummary,
    AppInstanceUser, AppInstanceUserSummary, Endpoint, EndpointState, EndpointSummary, MaskedToken,
    Retention, RevealedTokens,
};
use domain::{Given, Timestamp};

use super::super::{Listing, Request, RevealTokens};
use super::*;

macro_rules! operations {
    ($($method:ident: |$sdk:ident| $sent:expr, $output:expr => $expected:expr;)*) => {
        $(
            #[tokio::test]
            async fn $method() {
                let rule = mock!(Sdk::$method)
                    .match_requests(|$sdk| $sent)
                    .then_output(|| $output);

                let answer = super::$method().send(&client(&[&rule])).await;

                assert_eq!(answer, Ok($expected));
                assert_eq!(rule.num_calls(), 1);
            }
        )*
    };
}

fn at(millis: i64) -> DateTime {
    DateTime::from_millis(millis)
}

fn one<T>(item: T) -> Listing<T> {
    Listing {
        items: vec![item],
        next_token: Some("t2".into()),
    }
}

fn identity(arn: &str) -> types::Identity {
    types::Identity::builder().arn(arn).name("A").build()
}

fn admin(arn: &str, since: Option<i64>) -> AppInstanceAdmin {
    AppInstanceAdmin {
        member: Given::read(arn),
        name: "A".into(),
        since: since.map(Timestamp),
    }
}

fn sdk_lex() -> types::LexConfiguration {
    let invoked_by = types::InvokedBy::builder()
        .standard_messages(types::StandardMessages::Mentions)
        .targeted_messages(types::TargetedMessages::All)
        .build();
    types::LexConfiguration::builder()
        .lex_bot_alias_arn(LEX)
        .locale_id("en_US")
        .invoked_by(invoked_by.unwrap())
        .build()
        .unwrap()
}

fn sdk_endpoint() -> types::AppInstanceUserEndpoint {
    let attributes = types::EndpointAttributes::builder().device_token("device-token-1");
    types::AppInstanceUserEndpoint::builder()
        .app_instance_user_arn(USER)
        .endpoint_id("e-1")
        .name("Phone")
        .r#type(types::AppInstanceUserEndpointType::Gcm)
        .resource_arn(PINPOINT)
        .endpoint_attributes(attributes.build().unwrap())
        .allow_messages(types::AllowMessages::All)
        .endpoint_state(sdk_state())
        .created_timestamp(at(1))
        .build()
}

fn sdk_state() -> types::EndpointState {
    types::EndpointState::builder()
        .status(types::EndpointStatus::Inactive)
        .status_reason(types::EndpointStatusReason::InvalidDeviceToken)
        .build()
        .unwrap()
}

fn state() -> EndpointState {
    EndpointState {
        status: "INACTIVE".into(),
        reason: Some("INVALID_DEVICE_TOKEN".into()),
    }
}

fn has_one_tag(tags: &[types::Tag]) -> bool {
    matches!(tags, [tag] if tag.key() == "env" && tag.value() == "prod")
}

operations! {
    create_app_instance: |i| i.name() == Some("Support") && i.metadata().is_none()
        && i.client_request_token() == Some("token-1") && has_one_tag(i.tags()),
        op::create_app_instance::CreateAppInstanceOutput::builder().app_instance_arn(INSTANCE).build()
        => instance().into();
    describe_app_instance: |i| i.app_instance_arn() == Some(INSTANCE),
        op::describe_app_instance::DescribeAppInstanceOutput::builder().app_instance(
            types::AppInstance::builder().app_instance_arn(INSTANCE).name("S")
                .created_timestamp(at(1_700_000_000_123)).build(),
        ).build()
        => AppInstance {
            arn: instance().into(), name: "S".into(), metadata: String::new(),
            created: Some(Timestamp(1_700_000_000_123)), updated: None,
        };
    list_app_instances: |i| i.max_results() == Some(25) && i.next_token().is_none(),
        op::list_app_instances::ListAppInstancesOutput::builder().next_token("t2").app_instances(
            types::AppInstanceSummary::builder().app_instance_arn(INSTANCE).name("S").metadata("m").build(),
        ).build()
        => one(AppInstanceSummary { arn: instance().into(), name: "S".into(), metadata: "m".into() });
    // Empty metadata is sent, since an update replaces and leaving it out is an error.
    update_app_instance: |i| i.app_instance_arn() == Some(INSTANCE) && i.name() == Some("Support")
        && i.metadata() == Some(""),
        op::update_app_instance::UpdateAppInstanceOutput::builder().build() => ();
    delete_app_instance: |i| i.app_instance_arn() == Some(INSTANCE),
        op::delete_app_instance::DeleteAppInstanceOutput::builder().build() => ();
    get_app_instance_retention_settings: |i| i.app_instance_arn() == Some(INSTANCE),
        op::get_app_instance_retention_settings::GetAppInstanceRetentionSettingsOutput::builder()
            .app_instance_retention_settings(types::AppInstanceRetentionSettings::builder()
                .channel_retention_settings(
                    types::ChannelRetentionSettings::builder().retention_days(90).build(),
                ).build())
            .initiate_deletion_timestamp(at(5)).build()
        => Retention { days: Some(days(90)), permanent_from: Some(Timestamp(5)) };
    // Switching off is an empty inner object, not an absent one.
    put_app_instance_retention_settings: |i| i.app_instance_retention_settings()
        .and_then(|settings| settings.channel_retention_settings())
        .is_some_and(|channel| channel.retention_days().is_none()),
        op::put_app_instance_retention_settings::PutAppInstanceRetentionSettingsOutput::builder().build()
        => Retention { days: None, permanent_from: None };
    list_tags_for_resource: |i| i.resource_arn() == Some(USER),
        op::list_tags_for_resource::ListTagsForResourceOutput::builder()
            .tags(types::Tag::builder().key("env").value("prod").build().unwrap()).build()
        => tags();
    tag_resource: |i| i.resource_arn() == Some(USER) && has_one_tag(i.tags()),
        op::tag_resource::TagResourceOutput::builder().build() => ();
    untag_resource: |i| i.resource_arn() == Some(USER) && i.tag_keys() == ["env"],
        op::untag_resource::UntagResourceOutput::builder().build() => ();
    create_app_instance_user: |i| i.app_instance_user_id() == Some("us-east-1:alice@x")
        && i.metadata() == Some("m") && i.tags.is_none()
        && i.expiration_settings().is_some_and(|e| e.expiration_days() == 30
            && *e.expiration_criterion() == types::ExpirationCriterion::CreatedTimestamp),
        op::create_app_instance_user::CreateAppInstanceUserOutput::builder().app_instance_user_arn(USER).build()
        => user().into();
    describe_app_instance_user: |i| i.app_instance_user_arn() == Some(USER),
        op::describe_app_instance_user::DescribeAppInstanceUserOutput::builder().app_instance_user(
            types::AppInstanceUser::builder().app_instance_user_arn(USER).name("A")
                .expiration_settings(types::ExpirationSettings::builder().expiration_days(7)
                    .expiration_criterion(types::ExpirationCriterion::CreatedTimestamp).build().unwrap())
                .build(),
        ).build()
        => AppInstanceUser {
            arn: user().into(), name: "A".into(), metadata: String::new(), created: None, updated: None,
            expires_after: Some(days(7)),
        };
    // An empty token ends a list.
    list_app_instance_users: |i| i.next_token() == Some("t1") && i.max_results() == Some(50),
        op::list_app_instance_users::ListAppInstanceUsersOutput::builder().next_token("")
            .app_instance_users(types::AppInstanceUserSummary::builder()
                .app_instance_user_arn(USER).name("A").build()).build()
        => Listing {
            items: vec![AppInstanceUserSummary {
                arn: user().into(), name: "A".into(), metadata: String::new(),
            }],
            next_token: None,
        };
    update_app_instance_user: |i| i.name() == Some("Alice") && i.metadata() == Some(""),
        op::update_app_instance_user::UpdateAppInstanceUserOutput::builder().build() => ();
    delete_app_instance_user: |i| i.app_instance_user_arn() == Some(USER),
        op::delete_app_instance_user::DeleteAppInstanceUserOutput::builder().build() => ();
    put_app_instance_user_expiration_settings: |i| i.expiration_settings().is_none(),
        op::put_app_instance_user_expiration_settings::PutAppInstanceUserExpirationSettingsOutput::builder().build()
        => None;
    create_app_instance_admin: |i| i.app_instance_admin_arn() == Some(USER) && i.app_instance_arn() == Some(INSTANCE),
        op::create_app_instance_admin::CreateAppInstanceAdminOutput::builder().app_instance_admin(identity(USER)).build()
        => admin(USER, None);
    describe_app_instance_admin: |i| i.app_instance_admin_arn() == Some(BOT),
        op::describe_app_instance_admin::DescribeAppInstanceAdminOutput::builder().app_instance_admin(
            types::AppInstanceAdmin::builder().admin(identity(BOT)).created_timestamp(at(9)).build(),
        ).build()
        => admin(BOT, Some(9));
    list_app_instance_admins: |i| i.max_results() == Some(10),
        op::list_app_instance_admins::ListAppInstanceAdminsOutput::builder().next_token("t2").app_instance_admins(
            types::AppInstanceAdminSummary::builder().admin(identity(USER)).build(),
        ).build()
        => one(admin(USER, None));
    delete_app_instance_admin: |i| i.app_instance_admin_arn() == Some(USER) && i.app_instance_arn() == Some(INSTANCE),
        op::delete_app_instance_admin::DeleteAppInstanceAdminOutput::builder().build() => ();
    create_app_instance_bot: |i| i.name().is_none() && i.client_request_token() == Some("token-1")
        && i.configuration().and_then(|c| c.lex()) == Some(&sdk_lex()),
        op::create_app_instance_bot::CreateAppInstanceBotOutput::builder().app_instance_bot_arn(BOT).build()
        => bot().into();
    describe_app_instance_bot: |i| i.app_instance_bot_arn() == Some(BOT),
        op::describe_app_instance_bot::DescribeAppInstanceBotOutput::builder().app_instance_bot(
            types::AppInstanceBot::builder().app_instance_bot_arn(BOT).name("H")
                .configuration(types::Configuration::builder().lex(sdk_lex()).build()).build(),
        ).build()
        => AppInstanceBot {
            arn: bot().into(), name: "H".into(), metadata: String::new(), configuration: Some(lex()),
            responds_to: false, created: None, updated: None,
        };
    list_app_instance_bots: |i| i.app_instance_arn() == Some(INSTANCE),
        op::list_app_instance_bots::ListAppInstanceBotsOutput::builder().next_token("t2").app_instance_bots(
            types::AppInstanceBotSummary::builder().app_instance_bot_arn(BOT).name("H").build(),
        ).build()
        => one(AppInstanceBotSummary { arn: bot().into(), name: "H".into(), metadata: String::new() });
    update_app_instance_bot: |i| i.name() == Some("Helper") && i.metadata() == Some("m") && i.configuration().is_none(),
        op::update_app_instance_bot::UpdateAppInstanceBotOutput::builder().build() => ();
    delete_app_instance_bot: |i| i.app_instance_bot_arn() == Some(BOT),
        op::delete_app_instance_bot::DeleteAppInstanceBotOutput::builder().build() => ();
    register_app_instance_user_endpoint: |i| i.app_instance_user_arn() == Some(USER)
        && i.name() == Some("Phone") && i.r#type() == Some(&types::AppInstanceUserEndpointType::Apns)
        && i.resource_arn() == Some(PINPOINT) && i.allow_messages() == Some(&types::AllowMessages::All)
        && i.endpoint_attributes().is_some_and(|a| a.device_token() == "device-token-1"),
        op::register_app_instance_user_endpoint::RegisterAppInstanceUserEndpointOutput::builder().endpoint_id("e-1").build()
        => "e-1".to_owned();
    // The token of a device does not get further than here.
    describe_app_instance_user_endpoint: |i| i.endpoint_id() == Some("e-1"),
        op::describe_app_instance_user_endpoint::DescribeAppInstanceUserEndpointOutput::builder()
            .app_instance_user_endpoint(sdk_endpoint()).build()
        => Endpoint {
            user: user().into(), id: "e-1".into(), name: "Phone".into(), kind: "GCM".into(),
            resource_arn: Given::read(PINPOINT),
            device_token: Some(MaskedToken { end: "en-1".into(), length: 14 }), voip_device_token: None,
            allow_messages: AllowMessages::All.into(), state: state(), created: Some(Timestamp(1)),
            updated: None,
        };
    list_app_instance_user_endpoints: |i| i.app_instance_user_arn() == Some(USER),
        op::list_app_instance_user_endpoints::ListAppInstanceUserEndpointsOutput::builder().next_token("t2")
            .app_instance_user_endpoints(types::AppInstanceUserEndpointSummary::builder()
                .app_instance_user_arn(USER).endpoint_id("e-1").name("Phone")
                .r#type(types::AppInstanceUserEndpointType::ApnsSandbox).endpoint_state(sdk_state()).build())
            .build()
        => one(EndpointSummary {
            user: user().into(), id: "e-1".into(), name: "Phone".into(), kind: "APNS_SANDBOX".into(),
            allow_messages: Given::read(""), state: state(),
        });
    update_app_instance_user_endpoint: |i| i.endpoint_id() == Some("e-1") && i.name() == Some("")
        && i.allow_messages() == Some(&types::AllowMessages::None),
        op::update_app_instance_user_endpoint::UpdateAppInstanceUserEndpointOutput::builder().build() => ();
    deregister_app_instance_user_endpoint: |i| i.endpoint_id() == Some("e-1") && i.app_instance_user_arn() == Some(USER),
        op::deregister_app_instance_user_endpoint::DeregisterAppInstanceUserEndpointOutput::builder().build() => ();
}

#[tokio::test]
async fn revealing_gives_the_whole_token() {
    let rule = mock!(Sdk::describe_app_instance_user_endpoint).then_output(|| {
        op::describe_app_instance_user_endpoint::DescribeAppInstanceUserEndpointOutput::builder()
            .app_instance_user_endpoint(sdk_endpoint())
            .build()
    });
    let input = RevealTokens(super::describe_app_instance_user_endpoint());

    let tokens = input.send(&client(&[&rule])).await.unwrap();

    let expected = RevealedTokens {
        device_token: Some("device-token-1".into()),
        voip_device_token: None,
    };
    assert!(tokens == expected);
}
