//! What pages show: the answers of the API as they came. A member that AWS left out is empty, and a
//! member that has no meaning here keeps its text.

use serde::{Deserialize, Serialize};

use crate::arn::{
    AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, MemberArn, PinpointAppArn,
};
use crate::failure::{Cause, Failure};
use crate::given::Given;
use crate::settings::{AllowMessages, Days, LexConfiguration};
use crate::timestamp::Timestamp;

/// A row of ListAppInstances. The API gives no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "members of the API")]
pub struct AppInstanceSummary {
    pub arn: Given<AppInstanceArn>,
    pub name: String,
    pub metadata: String,
}

/// An AppInstance as DescribeAppInstance gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "members of the API")]
pub struct AppInstance {
    pub arn: Given<AppInstanceArn>,
    pub name: String,
    pub metadata: String,
    pub created: Option<Timestamp>,
    pub updated: Option<Timestamp>,
}

/// How long messages of an instance are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// `None` means off: messages are kept for good.
    pub days: Option<Days>,
    /// When deletion starts to be permanent (`InitiateDeletionTimestamp`).
    pub permanent_from: Option<Timestamp>,
}

/// A row of ListAppInstanceUsers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "members of the API")]
pub struct AppInstanceUserSummary {
    pub arn: Given<AppInstanceUserArn>,
    pub name: String,
    pub metadata: String,
}

/// A user as DescribeAppInstanceUser gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "members of the API")]
pub struct AppInstanceUser {
    pub arn: Given<AppInstanceUserArn>,
    pub name: String,
    pub metadata: String,
    pub created: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    /// Days after creation; `None` means the user does not expire.
    pub expires_after: Option<Days>,
}

impl AppInstanceUser {
    /// When it expires; `None` means never, or that AWS did not say when it was created.
    pub fn expires_at(&self) -> Option<Timestamp> {
        Some(self.created?.plus_days(self.expires_after?.get()))
    }
}

/// An AppInstanceAdmin: a user or a bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "members of the API")]
pub struct AppInstanceAdmin {
    pub member: Given<MemberArn>,
    pub name: String,
    /// Known from DescribeAppInstanceAdmin only; lists lack it.
    pub since: Option<Timestamp>,
}

impl AppInstanceAdmin {
    /// What DescribeAppInstanceAdmin says of a user or bot; `None` for one that is no admin, for
    /// which AWS answers as if it were forbidden.
    pub fn if_any(described: Result<Self, Failure>) -> Result<Option<Self>, Failure> {
        match described {
            Ok(admin) => Ok(Some(admin)),
            Err(failure) if matches!(failure.cause, Cause::Forbidden | Cause::NotFound) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

/// A row of ListAppInstanceBots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "members of the API")]
pub struct AppInstanceBotSummary {
    pub arn: Given<AppInstanceBotArn>,
    pub name: String,
    pub metadata: String,
}

/// A bot as DescribeAppInstanceBot gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "members of the API")]
pub struct AppInstanceBot {
    pub arn: Given<AppInstanceBotArn>,
    pub name: String,
    pub metadata: String,
    pub configuration: Option<LexConfiguration>,
    /// Has the deprecated `RespondsTo` and no `InvokedBy`.
    pub responds_to: bool,
    pub created: Option<Timestamp>,
    pub updated: Option<Timestamp>,
}

/// Whether pushes reach an endpoint. A text that is unknown here is shown as AWS wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointState {
    /// `ACTIVE` or `INACTIVE`; empty when AWS said nothing.
    pub status: String,
    /// `INVALID_DEVICE_TOKEN`, `INVALID_PINPOINT_ARN`, or nothing.
    pub reason: Option<String>,
}

impl EndpointState {
    /// Whether pushes are delivered.
    pub fn is_active(&self) -> bool {
        self.status == "ACTIVE"
    }

    /// Why pushes are not delivered, and what mends it; `None` for reasons that are unknown here.
    pub fn remedy(&self) -> Option<(&'static str, &'static str)> {
        Some(match self.reason.as_deref()? {
            "INVALID_DEVICE_TOKEN" => (
                "The push service no longer knows this device token; usually the app was removed \
                 or installed again.",
                "Let the app register its new token, then deregister this endpoint.",
            ),
            "INVALID_PINPOINT_ARN" => (
                "The Pinpoint application of this endpoint is gone or has no channel for its type.",
                "Set up the application again, or deregister this endpoint and register it with \
                 another one.",
            ),
            _ => return None,
        })
    }
}

/// A row of ListAppInstanceUserEndpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "members of the API")]
pub struct EndpointSummary {
    pub user: Given<AppInstanceUserArn>,
    pub id: String,
    pub name: String,
    /// `APNS`, `APNS_SANDBOX`, `GCM`, or what AWS adds later; empty when it gave none.
    pub kind: String,
    pub allow_messages: Given<AllowMessages>,
    pub state: EndpointState,
}

/// An endpoint as DescribeAppInstanceUserEndpoint gives it, with its tokens masked. Pages and
/// snippets in a browser never hold a whole token unless it is revealed, which is audited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "members of the API")]
pub struct Endpoint {
    pub user: Given<AppInstanceUserArn>,
    pub id: String,
    pub name: String,
    pub kind: String,
    pub resource_arn: Given<PinpointAppArn>,
    pub device_token: Option<MaskedToken>,
    pub voip_device_token: Option<MaskedToken>,
    pub allow_messages: Given<AllowMessages>,
    pub state: EndpointState,
    pub created: Option<Timestamp>,
    pub updated: Option<Timestamp>,
}

/// A device token of which only the end is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskedToken {
    /// The last four characters; nothing when the token has eight or fewer.
    pub end: String,
    /// How many characters it has.
    pub length: u32,
}

impl MaskedToken {
    /// Keeps the end of a token.
    pub fn of(token: &str) -> Self {
        let length = token.chars().count();
        let end = if length > 8 {
            token.chars().skip(length - 4).collect()
        } else {
            String::new()
        };
        Self {
            end,
            length: u32::try_from(length).unwrap_or(u32::MAX),
        }
    }
}

/// The tokens of an endpoint in full. Not serialisable: they go to the one page that reveals them.
#[derive(Clone, PartialEq, Eq)]
pub struct RevealedTokens {
    /// The token for messages; `None` when AWS gave none.
    pub device_token: Option<String>,
    /// The token for calls; `None` when there is none.
    pub voip_device_token: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_forbidden_to_describe_is_no_admin() {
        assert_eq!(
            AppInstanceAdmin::if_any(Err(Cause::Forbidden.into())),
            Ok(None)
        );
        let throttled = Failure::from(Cause::Throttled);
        assert_eq!(
            AppInstanceAdmin::if_any(Err(throttled.clone())),
            Err(throttled)
        );
    }

    #[test]
    fn each_known_reason_has_a_cause_and_a_remedy() {
        let state = |reason: Option<&str>| EndpointState {
            status: "INACTIVE".into(),
            reason: reason.map(Into::into),
        };
        for reason in ["INVALID_DEVICE_TOKEN", "INVALID_PINPOINT_ARN"] {
            assert!(state(Some(reason)).remedy().is_some(), "{reason}");
        }
        assert_eq!(state(Some("NEW_REASON")).remedy(), None);
        assert_eq!(state(None).remedy(), None);
    }

    #[test]
    fn a_short_token_is_masked_wholly() {
        assert_eq!(
            MaskedToken::of("12345678"),
            MaskedToken {
                end: String::new(),
                length: 8
            }
        );
        assert_eq!(MaskedToken::of("123456789").end, "6789");
    }
}
