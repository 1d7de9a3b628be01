//! What a row of a file asks for.

use serde::{Deserialize, Serialize};

use crate::arn::{MemberArn, PinpointAppArn};
use crate::name::{DeviceToken, EndpointName, Metadata, UserId, UserName};
use crate::settings::{AllowMessages, Days, EndpointType};
use crate::tag::Tags;

/// When a user is to expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expires {
    /// So many days after it was created.
    After(Days),
    /// It stays until somebody deletes it.
    Never,
}

impl Expires {
    /// The days; `None` for never.
    pub const fn days(self) -> Option<Days> {
        match self {
            Self::After(days) => Some(days),
            Self::Never => None,
        }
    }
}

impl From<Option<Days>> for Expires {
    fn from(days: Option<Days>) -> Self {
        days.map_or(Self::Never, Self::After)
    }
}

/// What a row asks for. Every value keeps its rule; `None` leaves as it is what is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// A user that is there, with these values.
    User {
        /// Its id.
        id: UserId,
        /// Its name. Without one a user can be changed, but not created.
        name: Option<UserName>,
        /// Its metadata, never empty.
        metadata: Option<Metadata>,
        /// When it expires.
        expires: Option<Expires>,
        /// Tags that are to be set. Other tags of the user stay.
        tags: Tags,
    },
    /// A user or bot that is an admin of the AppInstance.
    Admin {
        /// The user or bot, of the AppInstance that is imported into.
        member: MemberArn,
    },
    /// An endpoint that is registered.
    Endpoint {
        /// Whose it is.
        user_id: UserId,
        /// Its name, never empty.
        name: Option<EndpointName>,
        /// The push service.
        r#type: EndpointType,
        /// The Pinpoint application, in the account and Region of the AppInstance.
        resource_arn: PinpointAppArn,
        /// The token of the device.
        device_token: DeviceToken,
        /// The token for calls, of Apple's services only.
        voip_device_token: Option<DeviceToken>,
        /// Whether it gets messages.
        allow_messages: Option<AllowMessages>,
    },
}

impl Wanted {
    /// What two rows must not both have: the id of a user, the ARN of an admin, and of an endpoint
    /// the user, application and token. For [`Duplicates`](super::Duplicates), not for people: it
    /// may hold a token.
    pub fn key(&self) -> String {
        match self {
            Self::User { id, .. } => id.to_string(),
            Self::Admin { member } => member.to_string(),
            Self::Endpoint {
                user_id,
                resource_arn,
                device_token,
                ..
            } => format!("{user_id}\n{resource_arn}\n{device_token}"),
        }
    }
}
