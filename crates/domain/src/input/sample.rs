//! Values for [`super::AnyInput::sample`]: one for each type that a member can have.

use super::{
    ChannelRetentionSettings, Configuration, EndpointAttributes, ExpirationSettings,
    RetentionSettings,
};
use crate::arn::{
    AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, LexBotAliasArn, MemberArn,
    PinpointAppArn, ResourceArn,
};
use crate::given::Given;
use crate::name::{
    AppInstanceName, BotName, DeviceToken, EndpointName, IntentName, LocaleId, Metadata, UserId,
    UserName,
};
use crate::settings::{
    AllowMessages, Days, EndpointType, InvokedBy, LexConfiguration, StandardMessages,
    TargetedMessages,
};
use crate::tag::Tags;
use crate::token::RequestToken;

/// A type that has a value to show.
pub(super) trait Sample {
    fn sample() -> Self;
}

macro_rules! texts {
    ($($type:ty => $text:expr;)*) => {
        $(impl Sample for $type {
            fn sample() -> Self {
                String::from($text).try_into().expect("the test below makes each")
            }
        })*
    };
}

macro_rules! instance {
    () => {
        "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222-4333-8444-555555555555"
    };
}
const USER: &str = concat!(instance!(), "/user/us-east-1:alice@x");

texts! {
    AppInstanceArn => instance!();
    AppInstanceUserArn => USER;
    AppInstanceBotArn => concat!(instance!(), "/bot/b-1");
    MemberArn => USER;
    ResourceArn => USER;
    PinpointAppArn => "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef";
    LexBotAliasArn => "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST";
    AppInstanceName => "Support";
    UserName => "Alice";
    BotName => "Helper";
    EndpointName => "Phone";
    UserId => "us-east-1:alice@x";
    Metadata => "m";
    DeviceToken => "device-token-1";
    RequestToken => "token-1";
    LocaleId => "en_US";
    IntentName => "Welcome";
}

macro_rules! values {
    ($($type:ty => $value:expr;)*) => {
        $(impl Sample for $type {
            fn sample() -> Self {
                $value
            }
        })*
    };
}

values! {
    // The id of an endpoint: the only member that is any text.
    String => "e-1".into();
    // MaxResults.
    u32 => 25;
    Days => Days::read(30);
    EndpointType => EndpointType::Apns;
    AllowMessages => AllowMessages::None;
    Tags => Tags::from_service([("env".into(), "prod".into())]);
    // The keys of tags.
    Vec<String> => vec!["env".into()];
    RetentionSettings => RetentionSettings {
        channel_retention_settings: ChannelRetentionSettings { retention_days: Sample::sample() },
    };
    ExpirationSettings => ExpirationSettings::after(Sample::sample());
    InvokedBy => InvokedBy {
        standard_messages: StandardMessages::Mentions.into(),
        targeted_messages: TargetedMessages::All.into(),
    };
    LexConfiguration => LexConfiguration {
        invoked_by: Sample::sample(),
        lex_bot_alias_arn: Sample::sample(),
        locale_id: Sample::sample(),
        welcome_intent: Sample::sample(),
    };
    Configuration => Configuration { lex: Sample::sample() };
    EndpointAttributes => EndpointAttributes {
        device_token: Sample::sample(),
        voip_device_token: Sample::sample(),
    };
    // The NextToken: the first page.
    Option<String> => None;
    Option<Days> => Some(Sample::sample());
    Option<ExpirationSettings> => Some(Sample::sample());
    Option<InvokedBy> => Some(Sample::sample());
    Option<IntentName> => Some(Sample::sample());
    Option<Configuration> => Some(Sample::sample());
    Option<DeviceToken> => Some(Sample::sample());
    Option<Given<AllowMessages>> => Some(AllowMessages::sample().into());
}

#[cfg(test)]
mod tests {
    use crate::input::AnyInput;
    use crate::operation::Operation;

    #[test]
    fn every_operation_has_a_sample() {
        for operation in Operation::ALL {
            assert_eq!(AnyInput::sample(*operation).operation(), *operation);
        }
    }
}
