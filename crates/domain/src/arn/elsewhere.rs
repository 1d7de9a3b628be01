//! ARNs of other services that the API takes: Pinpoint applications and Lex V2 bot aliases.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{AppInstanceArn, AppInstanceUserArn, is_service_id, split};
use crate::problem::{Kind, Problem};

/// The ARN of a Pinpoint application: `arn:aws:mobiletargeting:{region}:{account}:apps/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PinpointAppArn(String);

text_type! {
    /// The whole ARN as text.
    PinpointAppArn.0, Problem
}

impl PinpointAppArn {
    /// An application as AWS gave it, even when it breaks our rules.
    pub fn read(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Parses, and refuses an application of another account or Region: Chime needs it in the
    /// same ones (developer guide, "Using push notifications").
    pub fn parse(text: &str, user: &AppInstanceUserArn) -> Result<Self, Problem> {
        Self::parse_in(text, user.instance())
    }

    /// Parses, and refuses an application of another account or Region than that of an AppInstance.
    pub fn parse_in(text: &str, instance: &AppInstanceArn) -> Result<Self, Problem> {
        same_place(text, instance)
    }
}

/// Parses, and refuses what is in another account or Region than an AppInstance.
fn same_place<A: FromStr<Err = Problem>>(
    text: &str,
    instance: &AppInstanceArn,
) -> Result<A, Problem> {
    let arn = text.trim().parse()?;
    let parts = split(text.trim())?;
    if parts.account != instance.account().as_str() {
        return Err(Problem::OtherAccount {
            account: instance.account().to_string(),
        });
    }
    if parts.region != instance.region().as_str() {
        return Err(Problem::OtherRegion {
            region: instance.region().to_string(),
        });
    }
    Ok(arn)
}

impl FromStr for PinpointAppArn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let parts = split(text)?;
        let id = parts.resource.strip_prefix("apps/").unwrap_or_default();
        if parts.service != "mobiletargeting" || !is_service_id(id) {
            return Err(Problem::WrongKind {
                wanted: Kind::PinpointApp,
            });
        }
        Ok(Self(text.to_owned()))
    }
}

/// The ARN of a Lex V2 bot alias: `arn:aws:lex:{region}:{account}:bot-alias/{bot}/{alias}`, two
/// ids of ten capitals and digits (API reference, `LexBotAliasArn`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LexBotAliasArn(String);

text_type! {
    /// The whole ARN as text.
    LexBotAliasArn.0, Problem
}

impl LexBotAliasArn {
    /// An alias as AWS gave it, even when it breaks our rules.
    pub fn read(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Parses, and refuses a bot of another account or Region (developer guide, "Creating a Lex
    /// bot").
    pub fn parse(text: &str, instance: &AppInstanceArn) -> Result<Self, Problem> {
        same_place(text, instance)
    }
}

impl FromStr for LexBotAliasArn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let parts = split(text)?;
        let ids = parts
            .resource
            .strip_prefix("bot-alias/")
            .and_then(|ids| ids.split_once('/'));
        let is_id = |id: &str| {
            id.len() == 10
                && id
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        };
        match ids {
            Some((bot, alias)) if parts.service == "lex" && is_id(bot) && is_id(alias) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Problem::LexAlias),
        }
    }
}
