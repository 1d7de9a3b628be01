//! The input of every operation, as the API writes it.
//!
//! One struct per operation. The backend builds the SDK call from it, "As code" writes snippets
//! from it and the audit stores it, so the three cannot differ. Serialised, it is the JSON that
//! `aws … --cli-input-json` takes, and it is read back from that: what waits for its turn is kept so
//! ([`AnyInput`]).

mod any;
mod lists;
mod sample;
mod settings;

use serde::{Deserialize, Serialize};

use crate::account::Region;
use crate::arn::{
    AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, MemberArn, PinpointAppArn, ResourceArn,
};
use crate::given::Given;
use crate::name::{AppInstanceName, BotName, EndpointName, Metadata, UserId, UserName};
use crate::operation::Operation;
use crate::settings::{AllowMessages, EndpointType};
use crate::tag::Tags;
use crate::token::RequestToken;

pub use any::AnyInput;
pub use lists::ListOf;
use sample::Sample;
pub use settings::{
    ChannelRetentionSettings, Configuration, EndpointAttributes, ExpirationSettings,
    RetentionSettings,
};

/// The input of one operation.
pub trait Input: Serialize + Sized {
    /// The operation that takes it.
    const OPERATION: Operation;

    /// Whether the input itself says to which Region the call goes ([`Input::region`]).
    const HAS_REGION: bool = !matches!(
        Self::OPERATION,
        Operation::CreateAppInstance | Operation::ListAppInstances
    );

    /// The resource that the call is about, for the audit and the IAM statement. `None` for lists
    /// and creates of AppInstances.
    fn resource(&self) -> Option<ResourceArn>;

    /// The Region that the call goes to: that of the resource. `None` where [`InRegion`] has to say
    /// it.
    fn region(&self) -> Option<Region> {
        self.resource().map(|arn| arn.instance().region())
    }

    /// Adds the Region to an input that is about no resource.
    fn in_region(self, region: Region) -> InRegion<Self> {
        InRegion {
            region,
            input: self,
        }
    }
}

/// What each struct below tells [`AnyInput`] about its members.
trait Members: Input {
    /// The names of its members, as Rust writes them.
    const NAMES: &[&str];

    /// A valid input with every member that it may have.
    fn sample() -> Self;
}

/// The input of an operation that is about no resource, with the Region that it is for. Serialised, it
/// is the input alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InRegion<I> {
    /// The Region that the call goes to.
    #[serde(skip)]
    pub region: Region,
    /// The input, without the Region.
    #[serde(flatten)]
    pub input: I,
}

impl<I: Input> Input for InRegion<I> {
    const OPERATION: Operation = I::OPERATION;
    const HAS_REGION: bool = true;

    fn resource(&self) -> Option<ResourceArn> {
        self.input.resource()
    }

    fn region(&self) -> Option<Region> {
        Some(self.region)
    }
}

macro_rules! inputs {
    ($($operation:ident($this:ident) on $resource:expr => {
        $($(#[$attribute:meta])* $member:ident : $type:ty),* $(,)?
    })*) => {
        $(
            #[doc = concat!("The input of ", stringify!($operation), ".")]
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

            impl Members for $operation {
                const NAMES: &[&str] = &[$(stringify!($member)),*];

                fn sample() -> Self {
                    Self { $($member: Sample::sample()),* }
                }
            }
        )*
    };
}

inputs! {
    CreateAppInstance(_this) on None => {
        name: AppInstanceName,
        #[serde(default, skip_serializing_if = "Metadata::is_empty")]
        metadata: Metadata,
        client_request_token: RequestToken,
        #[serde(default, skip_serializing_if = "Tags::is_empty")]
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
        #[serde(default, skip_serializing_if = "Metadata::is_empty")]
        metadata: Metadata,
        client_request_token: RequestToken,
        #[serde(default, skip_serializing_if = "Tags::is_empty")]
        tags: Tags,
        #[serde(default, skip_serializing_if = "Option::is_none")]
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
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
        #[serde(default, skip_serializing_if = "BotName::is_empty")]
        name: BotName,
        #[serde(default, skip_serializing_if = "Metadata::is_empty")]
        metadata: Metadata,
        client_request_token: RequestToken,
        #[serde(default, skip_serializing_if = "Tags::is_empty")]
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        configuration: Option<Configuration>,
    }
    DeleteAppInstanceBot(this) on Some(this.app_instance_bot_arn.clone().into()) => {
        app_instance_bot_arn: AppInstanceBotArn,
    }
    RegisterAppInstanceUserEndpoint(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
        #[serde(default, skip_serializing_if = "EndpointName::is_empty")]
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        allow_messages: Option<Given<AllowMessages>>,
    }
    DeregisterAppInstanceUserEndpoint(this) on Some(this.app_instance_user_arn.clone().into()) => {
        app_instance_user_arn: AppInstanceUserArn,
        endpoint_id: String,
    }
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
