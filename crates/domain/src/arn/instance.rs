//! AppInstances and what is in them: users and bots.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{is_readable, is_service_id, split};
use crate::account::{AccountId, Region};
use crate::name::UserId;
use crate::problem::{Kind, Problem};

/// The ARN of an AppInstance: `arn:aws:chime:{region}:{account}:app-instance/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AppInstanceArn {
    text: String,
    region: Region,
    account: AccountId,
    id: String,
}

text_type! {
    /// The whole ARN as text.
    AppInstanceArn.text, Problem
}

impl AppInstanceArn {
    /// Puts an ARN together from an id that somebody typed. Fails when it breaks the rule for ids.
    pub fn new(region: Region, account: &AccountId, id: &str) -> Result<Self, Problem> {
        if !is_service_id(id) {
            return Err(Problem::WrongKind {
                wanted: Kind::AppInstance,
            });
        }
        Self::read(region, account, id)
    }

    /// Puts an ARN together from an id that AWS gave, even when it breaks the rule for ids.
    pub fn read(region: Region, account: &AccountId, id: &str) -> Result<Self, Problem> {
        format!("arn:aws:chime:{region}:{account}:app-instance/{id}").parse()
    }

    /// Whether the id keeps the rule for ids.
    pub fn is_usual(&self) -> bool {
        is_service_id(&self.id)
    }

    /// The Region the instance is in.
    pub const fn region(&self) -> Region {
        self.region
    }

    /// The account it belongs to.
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// The id of the AppInstance, in practice a UUID.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl FromStr for AppInstanceArn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let wrong = Problem::WrongKind {
            wanted: Kind::AppInstance,
        };
        let parts = split(text)?;
        let id = parts
            .resource
            .strip_prefix("app-instance/")
            .ok_or_else(|| wrong.clone())?;
        if parts.service != "chime" || id.contains('/') || !is_readable(id) {
            return Err(wrong);
        }
        let region = parts.region.parse().map_err(|_| Problem::OtherRegion {
            region: "us-east-1 and eu-central-1".to_owned(),
        })?;
        let account = parts.account.parse().map_err(|_| Problem::NotAnArn)?;
        Ok(Self {
            text: text.to_owned(),
            region,
            account,
            id: id.to_owned(),
        })
    }
}

/// Splits `…:app-instance/{id}/{word}/{rest}` into the instance's ARN and the rest, which is an
/// id that can stand in an address.
fn child<'a>(
    text: &'a str,
    word: &str,
    wanted: Kind,
) -> Result<(AppInstanceArn, &'a str), Problem> {
    let parts = split(text)?;
    let wrong = || Problem::WrongKind { wanted };
    let resource = parts
        .resource
        .strip_prefix("app-instance/")
        .ok_or_else(wrong)?;
    let (_, below) = resource.split_once('/').ok_or_else(wrong)?;
    let rest = below
        .strip_prefix(word)
        .and_then(|rest| rest.strip_prefix('/'))
        .filter(|rest| is_readable(rest))
        .ok_or_else(wrong)?;
    let instance = &text[..text.len() - below.len() - 1];
    Ok((instance.parse().map_err(|_| wrong())?, rest))
}

/// The ARN of an AppInstanceUser: `{AppInstanceArn}/user/{AppInstanceUserId}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AppInstanceUserArn {
    text: String,
    instance: AppInstanceArn,
    user_id: UserId,
}

text_type! {
    /// The whole ARN as text.
    AppInstanceUserArn.text, Problem
}

impl AppInstanceUserArn {
    /// Puts an ARN together from an id that AWS gave, even when it breaks the rule for ids. Fails
    /// only for an id that cannot stand in an address.
    pub fn read(instance: &AppInstanceArn, user_id: &str) -> Result<Self, Problem> {
        format!("{instance}/user/{user_id}").parse()
    }

    /// Whether the id keeps the rule for ids of users.
    pub fn is_usual(&self) -> bool {
        UserId::parse(self.user_id.as_str()).is_ok()
    }

    /// Puts an ARN together from a user id, which keeps the rules by its type.
    pub fn new(instance: &AppInstanceArn, user_id: &UserId) -> Self {
        let text = format!("{instance}/user/{user_id}");
        Self {
            text,
            instance: instance.clone(),
            user_id: user_id.clone(),
        }
    }

    /// The AppInstance that the user belongs to.
    pub const fn instance(&self) -> &AppInstanceArn {
        &self.instance
    }

    /// The id that the application chose.
    pub const fn user_id(&self) -> &UserId {
        &self.user_id
    }
}

impl FromStr for AppInstanceUserArn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let (instance, id) = child(text, "user", Kind::AppInstanceUser)?;
        Ok(Self {
            text: text.to_owned(),
            instance,
            user_id: UserId::read(id),
        })
    }
}

/// The ARN of an AppInstanceBot: `{AppInstanceArn}/bot/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AppInstanceBotArn {
    text: String,
    instance: AppInstanceArn,
    id: String,
}

text_type! {
    /// The whole ARN as text.
    AppInstanceBotArn.text, Problem
}

impl AppInstanceBotArn {
    /// Puts an ARN together from an id that somebody typed. Fails when it breaks the rule for ids.
    pub fn new(instance: &AppInstanceArn, id: &str) -> Result<Self, Problem> {
        if !is_service_id(id) {
            return Err(Problem::WrongKind {
                wanted: Kind::AppInstanceBot,
            });
        }
        Self::read(instance, id)
    }

    /// Puts an ARN together from an id that AWS gave, even when it breaks the rule for ids.
    pub fn read(instance: &AppInstanceArn, id: &str) -> Result<Self, Problem> {
        format!("{instance}/bot/{id}").parse()
    }

    /// Whether the id keeps the rule for ids.
    pub fn is_usual(&self) -> bool {
        is_service_id(&self.id)
    }

    /// The AppInstance that the bot belongs to.
    pub const fn instance(&self) -> &AppInstanceArn {
        &self.instance
    }

    /// The id that the service made.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl FromStr for AppInstanceBotArn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let (instance, id) = child(text, "bot", Kind::AppInstanceBot)?;
        Ok(Self {
            text: text.to_owned(),
            instance,
            id: id.to_owned(),
        })
    }
}
