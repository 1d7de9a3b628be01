//! Answers of the SDK as domain types. Strict about ids: an answer without one is a bug of
//! somebody, logged, and never shown as an empty text.

use std::str::FromStr;

use aws_sdk_chimesdkidentity::primitives::DateTime;
use domain::settings::Days;
use domain::{Cause, Failure, Timestamp};

/// Parses an id that an answer must hold.
pub(super) fn required<T: FromStr>(member: &'static str, text: Option<&str>) -> Result<T, Failure> {
    present(member, text)?
        .parse()
        .map_err(|_| incomplete(member, "malformed"))
}

/// Takes a member that an answer must hold.
pub(super) fn present<T>(member: &'static str, value: Option<T>) -> Result<T, Failure> {
    value.ok_or_else(|| incomplete(member, "missing"))
}

fn incomplete(member: &'static str, what: &'static str) -> Failure {
    tracing::error!(member, what, "an answer of AWS could not be used");
    Cause::Internal.into()
}

/// Notes an unusable member that the page can do without.
pub(super) fn unusable(member: &'static str) {
    tracing::warn!(
        member,
        "a member of an answer is not known here and is not shown"
    );
}

pub(super) fn timestamp(at: Option<&DateTime>) -> Option<Timestamp> {
    at.and_then(|at| at.to_millis().ok()).map(Timestamp)
}

pub(super) fn days(member: &'static str, days: i32) -> Result<Days, Failure> {
    u32::try_from(days)
        .ok()
        .and_then(|days| Days::try_from(days).ok())
        .ok_or_else(|| incomplete(member, "out of range"))
}

/// Text that may be absent; the API sends no empty ones.
pub(super) fn text(text: Option<String>) -> String {
    text.unwrap_or_default()
}

/// A number of the domain as the SDK counts. The domain's are far below the limit.
pub(super) fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A text that may be left out when it is empty.
pub(super) fn unless_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// What a builder of the SDK refuses can only be a required member that we forgot.
pub(super) fn built<T, E>(result: Result<T, E>) -> Result<T, Failure> {
    result.map_err(|_| incomplete("input", "incomplete"))
}

/// A list goes on when the token is there and not empty.
pub(super) fn next_token(token: Option<String>) -> Option<String> {
    token.filter(|token| !token.is_empty())
}
