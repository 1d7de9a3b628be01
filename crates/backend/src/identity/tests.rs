//! Every operation against a mocked transport.

mod credentials;
mod odd;
mod operations;
mod refusals;
mod unconnected;
mod wire;

use aws_sdk_chimesdkidentity::config::http::HttpResponse;
use aws_smithy_mocks::{Rule, RuleMode, mock_client};
use aws_smithy_types::body::SdkBody;
use domain::Region;
use domain::arn::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, LexBotAliasArn};
use domain::input::{
    Configuration, CreateAppInstance, CreateAppInstanceAdmin, CreateAppInstanceBot,
    CreateAppInstanceUser, DeleteAppInstance, DeleteAppInstanceAdmin, DeleteAppInstanceBot,
    DeleteAppInstanceUser, DeregisterAppInstanceUserEndpoint, DescribeAppInstance,
    DescribeAppInstanceAdmin, DescribeAppInstanceBot, DescribeAppInstanceUser,
    DescribeAppInstanceUserEndpoint, EndpointAttributes, ExpirationSettings,
    GetAppInstanceRetentionSettings, InRegion, Input as _, ListAppInstanceAdmins,
    ListAppInstanceBots, ListAppInstanceUserEndpoints, ListAppInstanceUsers, ListAppInstances,
    ListTagsForResource, PutAppInstanceRetentionSettings, PutAppInstanceUserExpirationSettings,
    RegisterAppInstanceUserEndpoint, RetentionSettings, TagResource, UntagResource,
    UpdateAppInstance, UpdateAppInstanceBot, UpdateAppInstanceUser, UpdateAppInstanceUserEndpoint,
};
use domain::name::{AppInstanceName, BotName, DeviceToken, EndpointName, LocaleId, Metadata};
use domain::name::{UserId, UserName};
use domain::settings::{
    AllowMessages, Days, EndpointType, InvokedBy, LexConfiguration, StandardMessages,
    TargetedMessages,
};
use domain::tag::Tags;
use domain::token::RequestToken;

use super::Client;
use super::client::configure;

const INSTANCE: &str =
    "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222-4333-8444-555555555555";
const USER: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222-4333-8444-555555555555/user/us-east-1:alice@x";
const BOT: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222-4333-8444-555555555555/bot/b-1";
const PINPOINT: &str = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef";
const LEX: &str = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST";

/// The client that is used, but for its transport.
fn client(rules: &[&Rule]) -> Client {
    Client::of(mock_client!(
        aws_sdk_chimesdkidentity,
        RuleMode::MatchAny,
        rules,
        configure
    ))
}

fn answer(status: u16, code: Option<&'static str>) -> HttpResponse {
    let status = status.try_into().unwrap();
    let mut response = HttpResponse::new(status, SdkBody::from("{}"));
    if let Some(code) = code {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    let id = "6f1c7f0e-3b0a-4e0c-8d5a-0d7c2c1b9a55";
    response.headers_mut().insert("x-amzn-requestid", id);
    response
}

fn instance() -> AppInstanceArn {
    INSTANCE.parse().unwrap()
}

fn user() -> AppInstanceUserArn {
    USER.parse().unwrap()
}

fn bot() -> AppInstanceBotArn {
    BOT.parse().unwrap()
}

fn token() -> RequestToken {
    "token-1".to_owned().try_into().unwrap()
}

fn metadata(text: &str) -> Metadata {
    Metadata::parse(text).unwrap()
}

fn days(days: u32) -> Days {
    Days::try_from(days).unwrap()
}

fn tags() -> Tags {
    Tags::from_service([("env".into(), "prod".into())])
}

fn lex() -> LexConfiguration {
    LexConfiguration {
        invoked_by: Some(InvokedBy {
            standard_messages: StandardMessages::Mentions.into(),
            targeted_messages: TargetedMessages::All.into(),
        }),
        lex_bot_alias_arn: LEX.parse::<LexBotAliasArn>().unwrap(),
        locale_id: LocaleId::parse("en_US").unwrap(),
        welcome_intent: None,
    }
}

fn create_app_instance() -> InRegion<CreateAppInstance> {
    let input = CreateAppInstance {
        name: AppInstanceName::parse("Support").unwrap(),
        metadata: metadata(""),
        client_request_token: token(),
        tags: tags(),
    };
    input.in_region(Region::UsEast1)
}

fn list_app_instances() -> InRegion<ListAppInstances> {
    let input = ListAppInstances {
        max_results: 25,
        next_token: None,
    };
    input.in_region(Region::UsEast1)
}

macro_rules! inputs {
    ($($name:ident: $operation:ident { $($member:ident: $value:expr),* $(,)? })*) => {
        $(fn $name() -> $operation { $operation { $($member: $value),* } })*
    };
}

inputs! {
    describe_app_instance: DescribeAppInstance { app_instance_arn: instance() }
    update_app_instance: UpdateAppInstance {
        app_instance_arn: instance(),
        name: AppInstanceName::parse("Support").unwrap(),
        metadata: metadata(""),
    }
    delete_app_instance: DeleteAppInstance { app_instance_arn: instance() }
    get_app_instance_retention_settings: GetAppInstanceRetentionSettings {
        app_instance_arn: instance(),
    }
    put_app_instance_retention_settings: PutAppInstanceRetentionSettings {
        app_instance_arn: instance(),
        app_instance_retention_settings: RetentionSettings::new(None),
    }
    list_tags_for_resource: ListTagsForResource { resource_arn: user().into() }
    tag_resource: TagResource { resource_arn: user().into(), tags: tags() }
    untag_resource: UntagResource { resource_arn: user().into(), tag_keys: vec!["env".into()] }
    create_app_instance_user: CreateAppInstanceUser {
        app_instance_arn: instance(),
        app_instance_user_id: UserId::parse("us-east-1:alice@x").unwrap(),
        name: UserName::parse("Alice").unwrap(),
        metadata: metadata("m"),
        client_request_token: token(),
        tags: Tags::default(),
        expiration_settings: Some(ExpirationSettings::after(days(30))),
    }
    describe_app_instance_user: DescribeAppInstanceUser { app_instance_user_arn: user() }
    list_app_instance_users: ListAppInstanceUsers {
        app_instance_arn: instance(),
        max_results: 50,
        next_token: Some("t1".into()),
    }
    update_app_instance_user: UpdateAppInstanceUser {
        app_instance_user_arn: user(),
        name: UserName::parse("Alice").unwrap(),
        metadata: metadata(""),
    }
    delete_app_instance_user: DeleteAppInstanceUser { app_instance_user_arn: user() }
    put_app_instance_user_expiration_settings: PutAppInstanceUserExpirationSettings {
        app_instance_user_arn: user(),
        expiration_settings: None,
    }
    create_app_instance_admin: CreateAppInstanceAdmin {
        app_instance_arn: instance(),
        app_instance_admin_arn: USER.parse().unwrap(),
    }
    describe_app_instance_admin: DescribeAppInstanceAdmin {
        app_instance_arn: instance(),
        app_instance_admin_arn: BOT.parse().unwrap(),
    }
    list_app_instance_admins: ListAppInstanceAdmins {
        app_instance_arn: instance(),
        max_results: 10,
        next_token: None,
    }
    delete_app_instance_admin: DeleteAppInstanceAdmin {
        app_instance_arn: instance(),
        app_instance_admin_arn: USER.parse().unwrap(),
    }
    create_app_instance_bot: CreateAppInstanceBot {
        app_instance_arn: instance(),
        name: BotName::parse("").unwrap(),
        metadata: metadata(""),
        client_request_token: token(),
        tags: Tags::default(),
        configuration: Configuration { lex: lex() },
    }
    describe_app_instance_bot: DescribeAppInstanceBot { app_instance_bot_arn: bot() }
    list_app_instance_bots: ListAppInstanceBots {
        app_instance_arn: instance(),
        max_results: 10,
        next_token: None,
    }
    update_app_instance_bot: UpdateAppInstanceBot {
        app_instance_bot_arn: bot(),
        name: BotName::parse("Helper").unwrap(),
        metadata: metadata("m"),
        configuration: None,
    }
    delete_app_instance_bot: DeleteAppInstanceBot { app_instance_bot_arn: bot() }
    register_app_instance_user_endpoint: RegisterAppInstanceUserEndpoint {
        app_instance_user_arn: user(),
        name: EndpointName::parse("Phone").unwrap(),
        r#type: EndpointType::Apns,
        resource_arn: PINPOINT.parse().unwrap(),
        endpoint_attributes: EndpointAttributes {
            device_token: DeviceToken::parse("device-token-1").unwrap(),
            voip_device_token: None,
        },
        client_request_token: token(),
        allow_messages: AllowMessages::All,
    }
    describe_app_instance_user_endpoint: DescribeAppInstanceUserEndpoint {
        app_instance_user_arn: user(),
        endpoint_id: "e-1".into(),
    }
    list_app_instance_user_endpoints: ListAppInstanceUserEndpoints {
        app_instance_user_arn: user(),
        max_results: 10,
        next_token: None,
    }
    update_app_instance_user_endpoint: UpdateAppInstanceUserEndpoint {
        app_instance_user_arn: user(),
        endpoint_id: "e-1".into(),
        name: EndpointName::parse("").unwrap(),
        allow_messages: Some(AllowMessages::None.into()),
    }
    deregister_app_instance_user_endpoint: DeregisterAppInstanceUserEndpoint {
        app_instance_user_arn: user(),
        endpoint_id: "e-1".into(),
    }
}
