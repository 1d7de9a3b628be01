//! Where a call goes: the connection, its AWS account, its Region.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A Region that has Chime SDK Identity. There are two (AWS General Reference, Chime SDK
/// endpoints).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Region {
    /// `us-east-1`, N. Virginia.
    UsEast1,
    /// `eu-central-1`, Frankfurt.
    EuCentral1,
}

impl Region {
    /// Every Region that has the service.
    pub const ALL: &[Self] = &[Self::UsEast1, Self::EuCentral1];
    /// The partition that all of them are in, as ARNs name it: China and `GovCloud` do not have the
    /// service.
    pub const PARTITION: &str = "aws";

    /// The name that AWS gives it: `us-east-1`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UsEast1 => "us-east-1",
            Self::EuCentral1 => "eu-central-1",
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Says that a text is not one of the two Regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Chime SDK Identity exists in us-east-1 and eu-central-1 only")]
pub struct UnknownRegion;

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(name: &str) -> Result<Self, UnknownRegion> {
        Self::ALL
            .iter()
            .copied()
            .find(|region| region.as_str() == name)
            .ok_or(UnknownRegion)
    }
}

impl TryFrom<String> for Region {
    type Error = UnknownRegion;

    fn try_from(name: String) -> Result<Self, UnknownRegion> {
        name.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.as_str().to_owned()
    }
}

/// An AWS account number: twelve digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

impl AccountId {
    /// The twelve digits, without spaces.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits in groups of four, as the AWS console shows them: `1234-5678-9012`.
    pub fn grouped(&self) -> String {
        format!("{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }
}

/// Says that a text is not twelve digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an account id has twelve digits")]
pub struct NotAnAccount;

impl FromStr for AccountId {
    type Err = NotAnAccount;

    fn from_str(text: &str) -> Result<Self, NotAnAccount> {
        let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| Self(text.to_owned())).ok_or(NotAnAccount)
    }
}

impl TryFrom<String> for AccountId {
    type Error = NotAnAccount;

    fn try_from(text: String) -> Result<Self, NotAnAccount> {
        text.parse()
    }
}

impl From<AccountId> for String {
    fn from(account: AccountId) -> Self {
        account.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of data a connection holds. Its word is shown everywhere, with a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Environment {
    Production,
    Staging,
    Development,
    Sandbox,
    Other,
}

impl Environment {
    /// All environments.
    pub const ALL: &[Self] = &[
        Self::Production,
        Self::Staging,
        Self::Development,
        Self::Sandbox,
        Self::Other,
    ];

    /// The word that is shown. In small letters it is also the CSS class of its colour.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "Production",
            Self::Staging => "Staging",
            Self::Development => "Development",
            Self::Sandbox => "Sandbox",
            Self::Other => "Other",
        }
    }
}

impl FromStr for Environment {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let wanted = |environment: &Self| environment.name().eq_ignore_ascii_case(name);
        Self::ALL
            .iter()
            .copied()
            .find(wanted)
            .ok_or("one of production, staging, development, sandbox, other")
    }
}
