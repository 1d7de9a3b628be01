//! What is wanted of one resource.

use serde::{Deserialize, Serialize};

use crate::arn::{PinpointAppArn, ResourceArn};
use crate::import::Expires;
use crate::name::{DeviceToken, EndpointName, Metadata, UserName};
use crate::settings::{AllowMessages, EndpointType};
use crate::tag::Tags;

/// What is acted on: a resource, or an endpoint of a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The resource; of an endpoint, its user.
    pub arn: ResourceArn,
    /// The id of the endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
}

impl<A: Into<ResourceArn>> From<A> for Subject {
    fn from(arn: A) -> Self {
        Self {
            arn: arn.into(),
            endpoint: None,
        }
    }
}

/// What is wanted of one resource. What is left out stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// There is a user like this: it is made, or changed where it differs. Tags are set and never
    /// removed.
    Put {
        /// The name; a new user needs one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<UserName>,
        /// The metadata.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metadata: Option<Metadata>,
        /// When it expires.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires: Option<Expires>,
        /// Tags that it has, beside others.
        #[serde(default, skip_serializing_if = "Tags::is_empty")]
        tags: Tags,
        /// Whether it is an admin; otherwise its role stays as it is.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        admin: bool,
    },
    /// The user that is there is called so, and has this metadata.
    Update {
        /// The name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<UserName>,
        /// The metadata.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metadata: Option<Metadata>,
    },
    /// The user expires then.
    Expire(Expires),
    /// It has these tags, beside others.
    Tag(Tags),
    /// It has no tag with one of these keys.
    Untag(Vec<String>),
    /// The user or bot is an admin.
    Promote,
    /// The user or bot is no admin.
    Demote,
    /// The user or bot is gone.
    Delete,
    /// The user has such an endpoint.
    Register {
        /// Its name; empty for none.
        #[serde(default, skip_serializing_if = "EndpointName::is_empty")]
        name: EndpointName,
        /// The push service.
        r#type: EndpointType,
        /// The Pinpoint application.
        resource_arn: PinpointAppArn,
        /// The token of the device.
        device_token: DeviceToken,
        /// The token for calls.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        voip_device_token: Option<DeviceToken>,
        /// Which messages it gets; all when nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        allow_messages: Option<AllowMessages>,
    },
    /// The endpoint allows these messages.
    Allow(AllowMessages),
    /// The endpoint is gone.
    Deregister,
}

/// What has to be read before it is known what a change takes. Each is a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a call of its own")]
pub struct Reads {
    /// The resource itself.
    pub resource: bool,
    /// Its tags.
    pub tags: bool,
    /// Whether it is an admin.
    pub admin: bool,
    /// The endpoints of a user.
    pub endpoints: bool,
}

impl Reads {
    /// How many calls that are.
    pub fn calls(self) -> u32 {
        [self.resource, self.tags, self.admin, self.endpoints]
            .map(u32::from)
            .iter()
            .sum()
    }
}

impl Change {
    /// What has to be read for it. A delete reads everything, since the audit keeps it all.
    pub fn reads(&self, subject: &Subject) -> Reads {
        let resource = Reads {
            resource: true,
            ..Reads::default()
        };
        match self {
            Self::Put { tags, admin, .. } => Reads {
                tags: !tags.is_empty(),
                admin: *admin,
                ..resource
            },
            Self::Update { .. }
            | Self::Expire(_)
            | Self::Register { .. }
            | Self::Allow(_)
            | Self::Deregister => resource,
            Self::Tag(_) | Self::Untag(_) => Reads {
                tags: true,
                ..Reads::default()
            },
            Self::Promote | Self::Demote => Reads {
                admin: true,
                ..resource
            },
            Self::Delete => Reads {
                resource: true,
                tags: true,
                admin: true,
                endpoints: matches!(subject.arn, ResourceArn::User(_)),
            },
        }
    }
}
