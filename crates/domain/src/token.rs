//! ClientRequestToken: one per rendered form, kept across retries, so that a double click or a
//! retry never creates two.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// A token for a retry: 2 to 64 of `A–Z a–z 0–9 - _` (`ClientRequestToken`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestToken(String);

impl RequestToken {
    /// The token as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RequestToken {
    type Error = Problem;

    fn try_from(text: String) -> Result<Self, Problem> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if (2..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err(Problem::NotAChoice)
        }
    }
}

impl From<RequestToken> for String {
    fn from(token: RequestToken) -> Self {
        token.0
    }
}

impl fmt::Display for RequestToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
