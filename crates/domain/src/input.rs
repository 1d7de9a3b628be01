//! The input of every operation, as the API writes it.
//!
//! One struct per operation. The backend builds the SDK call from it, "As code" writes snippets
//! from it and the audit stores it, so the three cannot differ. Serialised, it is the JSON that
//! `aws … --cli-input-json` takes.

use serde::Serialize;

use crate::arn::{
    AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, MemberArn, PinpointAppArn, ResourceArn,
};
use crate::given::Given;
use crate::name::{
    AppInstanceName, BotName, DeviceToken, EndpointName, Metadata, UserId, UserName,
};
use crate::operation::Operation;
use crate::settings::{AllowMessages, Days, EndpointType, LexConfiguration};
use crate::tag::Tags;
use crate::token::RequestToken;

/// The input of one operation.
pub trait Input: Serialize {
    /// The operation that takes it.
    const OPERATION: Operation;

    /// The resource that the call is about, for the audit and the IAM statement. `None` for lists
    /// and creates of AppInstances.
    fn resource(&self) -> Option<ResourceArn>;
}

macro_rules! inputs {
    ($($operation:ident($this:ident) on $resource:expr => {
        $($(#[$attribute:meta])* $member:ident : $type:ty),* $(,)?
    })*) => {
        $(
            #[doc = concat!("The input of ", stringify!($operation), ".")]
            #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
            #[serde(rename_all = "PascalCase")]
            #[expect(missing_docs, reason = "members of the API")]
            pub struct $operation { $($(#[$attribute])* pub $member: $type),* }

            impl Input for $operation {
                const OPERATION: Operation = Operation::$operation;

                fn resource(&self) -> Option<ResourceArn> {
                    let $this = self;
                    $resource
                }
            }
        )*
    };
}

inputs! {
    CreateAppInstance(_this) on None => {
        name: AppInstanceName,
        #[serde(skip_serializing_if = "is_empty")]
        metadata: Metadata,
        client_request_token: RequestToken,
        #[serde(skip_serializing_if = "Tags::is_empty")]
        tags: Tags,
    }
    DescribeAppInstance(this) on Some(this.app_instance_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
    }
    ListAppInstances(_this) on None => {
        max_results: u32,
        #[serde(skip)]
        next_token: Option<String>,
    }
    UpdateAppInstance(this) on Some(this.app_instance_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
        name: AppInstanceName,
        metadata: Metadata,
    }
    DeleteAppInstance(this) on Some(this.app_instance_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
    }
    GetAppInstanceRetentionSettings(this) on Some(this.app_instance_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
    }
    PutAppInstanceRetentionSettings(this) on Some(this.app_instance_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
        app_instance_retention_settings: RetentionSettings,
    }
    ListTagsForResource(this) on Some(this.resource_arn.clone()) => {
        #[serde(rename = "ResourceARN")]
        resource_arn: ResourceArn,
    }
    TagResource(this) on Some(this.resource_arn.clone()) => {
        #[serde(rename = "ResourceARN")]
        resource_arn: ResourceArn,
        tags: Tags,
    }
    UntagResource(this) on Some(this.resource_arn.clone()) => {
        #[serde(rename = "ResourceARN")]
        resource_arn: ResourceArn,
        tag_keys: Vec<String>,
    }
    CreateAppInstanceUser(this) on
        Some(AppInstanceUserArn::new(&this.app_instance_arn, &this.app_instance_user_id).into()) =>
    {
        app_instance_arn: AppInstanceArn,
        app_instance_user_id: UserId,
        name: UserName,
        #[serde(skip_serializing_if = "is_empty")]
        metadata: Metadata,
        client_request_token: RequestToken,
        #[serde(skip_serializing_if = "Tags::is_empty")]
        tags: Tags,
        #[serde(skip_serializing_if = "Option::is_none")]
        expiration_settings: Option<ExpirationSettings>,
    }
    DescribeAppInstanceUser(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
    }
    ListAppInstanceUsers(this) on Some(this.app_instance_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
        max_results: u32,
        #[serde(skip)]
        next_token: Option<String>,
    }
    UpdateAppInstanceUser(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
        name: UserName,
        metadata: Metadata,
    }
    DeleteAppInstanceUser(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
    }
    PutAppInstanceUserExpirationSettings(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
        #[serde(skip_serializing_if = "Option::is_none")]
        expiration_settings: Option<ExpirationSettings>,
    }
    CreateAppInstanceAdmin(this) on Some(this.app_instance_admin_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
        app_instance_admin_arn: MemberArn,
    }
    DescribeAppInstanceAdmin(this) on Some(this.app_instance_admin_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
        app_instance_admin_arn: MemberArn,
    }
    ListAppInstanceAdmins(this) on Some(this.app_instance_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
        max_results: u32,
        #[serde(skip)]
        next_token: Option<String>,
    }
    DeleteAppInstanceAdmin(this) on Some(this.app_instance_admin_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
        app_instance_admin_arn: MemberArn,
    }
    CreateAppInstanceBot(this) on Some(this.app_instance_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
        #[serde(skip_serializing_if = "is_empty")]
        name: BotName,
        #[serde(skip_serializing_if = "is_empty")]
        metadata: Metadata,
        client_request_token: RequestToken,
        #[serde(skip_serializing_if = "Tags::is_empty")]
        tags: Tags,
        configuration: Configuration,
    }
    DescribeAppInstanceBot(this) on Some(this.app_instance_bot_arn.clone().into()) => {
        app_instance_bot_arn: AppInstanceBotArn,
    }
    ListAppInstanceBots(this) on Some(this.app_instance_arn.clone().into()) => {
        app_instance_arn: AppInstanceArn,
        max_results: u32,
        #[serde(skip)]
        next_token: Option<String>,
    }
    UpdateAppInstanceBot(this) on Some(this.app_instance_bot_arn.clone().into()) => {
        app_instance_bot_arn: AppInstanceBotArn,
        name: BotName,
        metadata: Metadata,
        #[serde(skip_serializing_if = "Option::is_none")]
        configuration: Option<Configuration>,
    }
    DeleteAppInstanceBot(this) on Some(this.app_instance_bot_arn.clone().into()) => {
        app_instance_bot_arn: AppInstanceBotArn,
    }
    RegisterAppInstanceUserEndpoint(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
        #[serde(skip_serializing_if = "is_empty")]
        name: EndpointName,
        r#type: EndpointType,
        resource_arn: PinpointAppArn,
        endpoint_attributes: EndpointAttributes,
        client_request_token: RequestToken,
        allow_messages: AllowMessages,
    }
    DescribeAppInstanceUserEndpoint(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
        endpoint_id: String,
    }
    ListAppInstanceUserEndpoints(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
        max_results: u32,
        #[serde(skip)]
        next_token: Option<String>,
    }
    UpdateAppInstanceUserEndpoint(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
        endpoint_id: String,
        name: EndpointName,
        #[serde(skip_serializing_if = "Option::is_none")]
        allow_messages: Option<Given<AllowMessages>>,
    }
    DeregisterAppInstanceUserEndpoint(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
        endpoint_id: String,
    }
}

fn is_empty<T: Clone + Into<String>>(text: &T) -> bool {
    let text: String = text.clone().into();
    text.is_empty()
}

/// Retention of an instance: an empty inner object switches it off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetentionSettings {
    /// For channel messages, the only kind there is.
    pub channel_retention_settings: ChannelRetentionSettings,
}

impl RetentionSettings {
    /// Keeps messages for some days; `None` keeps them for good.
    pub const fn new(days: Option<Days>) -> Self {
        Self {
            channel_retention_settings: ChannelRetentionSettings {
                retention_days: days,
            },
        }
    }
}

/// Retention of channel messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChannelRetentionSettings {
    /// `None` is written as an absent member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<Days>,
}

/// When a user expires. The criterion is always the time of creation; the API has no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ExpirationSettings {
    /// Days after creation.
    pub expiration_days: Days,
    expiration_criterion: &'static str,
}

impl ExpirationSettings {
    /// The user is deleted this many days after it was created.
    pub const fn after(days: Days) -> Self {
        Self {
            expiration_days: days,
            expiration_criterion: "CREATED_TIMESTAMP",
        }
    }
}

/// The configuration of a bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Configuration {
    /// The only kind there is.
    pub lex: LexConfiguration,
}

/// The tokens of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndpointAttributes {
    /// Of the device.
    pub device_token: DeviceToken,
    /// For calls, APNS only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voip_device_token: Option<DeviceToken>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_the_json_of_the_api() {
        let input = CreateAppInstance {
            name: AppInstanceName::parse("Démo").unwrap(),
            metadata: Metadata::parse("").unwrap(),
            client_request_token: "tok-1".to_owned().try_into().unwrap(),
            tags: Tags::from_service([("env".into(), "dév".into())]),
        };
        insta::assert_snapshot!(serde_json::to_string(&input).unwrap(), @r#"{"Name":"Démo","ClientRequestToken":"tok-1","Tags":[{"Key":"env","Value":"dév"}]}"#);
    }

    #[test]
    fn retention_off_is_an_empty_object() {
        let settings = RetentionSettings::new(None);
        assert_eq!(
            serde_json::to_string(&settings).unwrap(),
            r#"{"ChannelRetentionSettings":{}}"#
        );
    }
}
