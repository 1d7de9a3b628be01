//! Where a call goes: the connection, its AWS account, its Region.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

words! {
    /// A Region that has Chime SDK Identity. There are two (AWS General Reference, Chime SDK
    /// endpoints).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(try_from = "String", into = "String")]
    pub enum Region {
        /// `us-east-1`, N. Virginia.
        UsEast1 => "us-east-1",
        /// `eu-central-1`, Frankfurt.
        EuCentral1 => "eu-central-1",
    }
    /// The name that AWS gives it: `us-east-1`.
    fn as_str, read by str::eq, else UnknownRegion = UnknownRegion;
}

impl Region {
    /// The partition that all of them are in, as ARNs name it: China and `GovCloud` do not have the
    /// service.
    pub const PARTITION: &str = "aws";
}

serialised_as_text!(Region, UnknownRegion, |region| region.as_str().to_owned());

/// Says that a text is not one of the two Regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Chime SDK Identity exists in us-east-1 and eu-central-1 only")]
pub struct UnknownRegion;

/// An AWS account number: twelve digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

text_type! {
    /// The twelve digits, without spaces.
    AccountId.0, NotAnAccount
}

impl AccountId {
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

words! {
    /// What kind of data a connection holds. Its word is shown everywhere, with a colour.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[expect(missing_docs, reason = "the words say it")]
    pub enum Environment {
        Production => "Production",
        Staging => "Staging",
        Development => "Development",
        Sandbox => "Sandbox",
        Other => "Other",
    }
    /// The word that is shown. In small letters it is also the CSS class of its colour.
    fn name, read by str::eq_ignore_ascii_case, else &'static str =
        "one of production, staging, development, sandbox, other";
}
