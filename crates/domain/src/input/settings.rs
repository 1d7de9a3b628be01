//! The structures inside inputs.

use serde::{Deserialize, Serialize};

use crate::name::DeviceToken;
use crate::settings::{Days, LexConfiguration};

/// How long an AppInstance keeps messages (`AppInstanceRetentionSettings`). An empty inner object
/// switches retention off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetentionSettings {
    /// The retention of channel messages, the only kind there is.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChannelRetentionSettings {
    /// How many days messages are kept. `None` is written as an absent member: they are kept for
    /// good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<Days>,
}

/// When a user expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ExpirationSettings {
    /// How many days after its creation the user expires.
    pub expiration_days: Days,
    expiration_criterion: ExpirationCriterion,
}

/// What the days are counted from (`ExpirationCriterion`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ExpirationCriterion {
    /// The creation of the user; the API has no other.
    CreatedTimestamp,
}

impl ExpirationSettings {
    /// The user is deleted this many days after it was created.
    pub const fn after(days: Days) -> Self {
        Self {
            expiration_days: days,
            expiration_criterion: ExpirationCriterion::CreatedTimestamp,
        }
    }
}

/// The configuration of a bot, as the API nests it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Configuration {
    /// The Lex V2 configuration, the only kind there is.
    pub lex: LexConfiguration,
}

/// The tokens of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndpointAttributes {
    /// The token of the device for messages.
    pub device_token: DeviceToken,
    /// The token for calls; for Apple devices only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voip_device_token: Option<DeviceToken>,
}
