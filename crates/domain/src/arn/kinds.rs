//! ARNs that may be of several kinds: who can be promoted, what can be tagged.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, split};
use crate::problem::{Kind, Problem};

/// A user or a bot: what can be promoted to AppInstanceAdmin.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[expect(missing_docs, reason = "the variants are the two types above")]
pub enum MemberArn {
    User(AppInstanceUserArn),
    Bot(AppInstanceBotArn),
}

impl MemberArn {
    /// The whole ARN as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::User(arn) => arn.as_str(),
            Self::Bot(arn) => arn.as_str(),
        }
    }

    /// The AppInstance it belongs to.
    pub const fn instance(&self) -> &AppInstanceArn {
        match self {
            Self::User(arn) => arn.instance(),
            Self::Bot(arn) => arn.instance(),
        }
    }

    /// The id within its AppInstance.
    pub fn id(&self) -> &str {
        match self {
            Self::User(arn) => arn.user_id().as_str(),
            Self::Bot(arn) => arn.id(),
        }
    }
}

impl FromStr for MemberArn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text.parse::<ResourceArn>() {
            Ok(ResourceArn::User(arn)) => Ok(Self::User(arn)),
            Ok(ResourceArn::Bot(arn)) => Ok(Self::Bot(arn)),
            Ok(ResourceArn::Instance(_)) | Err(Problem::WrongKind { .. }) => {
                Err(Problem::WrongKind {
                    wanted: Kind::UserOrBot,
                })
            }
            Err(problem) => Err(problem),
        }
    }
}

text_type!(MemberArn, Problem, |arn| arn.as_str().to_owned());

/// Anything of this service that has an ARN of its own and can be tagged.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[expect(missing_docs, reason = "the variants are the three types above")]
pub enum ResourceArn {
    Instance(AppInstanceArn),
    User(AppInstanceUserArn),
    Bot(AppInstanceBotArn),
}

impl ResourceArn {
    /// The whole ARN as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Instance(arn) => arn.as_str(),
            Self::User(arn) => arn.as_str(),
            Self::Bot(arn) => arn.as_str(),
        }
    }

    /// The AppInstance that it is or belongs to.
    pub const fn instance(&self) -> &AppInstanceArn {
        match self {
            Self::Instance(arn) => arn,
            Self::User(arn) => arn.instance(),
            Self::Bot(arn) => arn.instance(),
        }
    }

    /// Whether its id keeps the rule for ids of its kind.
    pub fn is_usual(&self) -> bool {
        match self {
            Self::Instance(arn) => arn.is_usual(),
            Self::User(arn) => arn.is_usual(),
            Self::Bot(arn) => arn.is_usual(),
        }
    }
}

impl FromStr for ResourceArn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let parts = split(text)?;
        let mut segments = parts.resource.splitn(4, '/');
        match (segments.next(), segments.next(), segments.next()) {
            (Some("app-instance"), Some(_), None) => text.parse().map(Self::Instance),
            (Some("app-instance"), Some(_), Some("user")) => text.parse().map(Self::User),
            (Some("app-instance"), Some(_), Some("bot")) => text.parse().map(Self::Bot),
            _ => Err(Problem::WrongKind {
                wanted: Kind::IdentityResource,
            }),
        }
    }
}

text_type!(ResourceArn, Problem, |arn| arn.as_str().to_owned());

impl From<AppInstanceArn> for ResourceArn {
    fn from(arn: AppInstanceArn) -> Self {
        Self::Instance(arn)
    }
}

impl From<AppInstanceUserArn> for ResourceArn {
    fn from(arn: AppInstanceUserArn) -> Self {
        Self::User(arn)
    }
}

impl From<AppInstanceBotArn> for ResourceArn {
    fn from(arn: AppInstanceBotArn) -> Self {
        Self::Bot(arn)
    }
}

impl From<MemberArn> for ResourceArn {
    fn from(arn: MemberArn) -> Self {
        match arn {
            MemberArn::User(arn) => Self::User(arn),
            MemberArn::Bot(arn) => Self::Bot(arn),
        }
    }
}
