//! ClientRequestToken: one per rendered form, kept across retries, so that a double click or a
//! retry never creates two.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// A token for a retry: 2 to 64 of `A–Z a–z 0–9 - _` (`ClientRequestToken`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestToken(String);

text_type! {
    /// The token as text.
    RequestToken.0, Problem
}

impl FromStr for RequestToken {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let is_token = (2..=64).contains(&text.len()) && text.bytes().all(allowed);
        is_token
            .then(|| Self(text.to_owned()))
            .ok_or(Problem::NotAChoice)
    }
}
