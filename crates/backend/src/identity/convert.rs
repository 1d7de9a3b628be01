//! Answers of the SDK as domain types, as they came: a member that AWS left out is empty, and one
//! that cannot be understood stays text. No answer of AWS makes a page fail.

use std::str::FromStr;

use aws_sdk_chimesdkidentity::primitives::DateTime;
use domain::settings::Days;
use domain::{Cause, Failure, Given, Timestamp};

use super::Listing;

/// A member with a meaning, or the text that it is.
pub(super) fn given<T: FromStr>(member: &'static str, text: Option<&str>) -> Given<T> {
    let given = Given::read(text.unwrap_or_default());
    if given.known().is_none() {
        let what = if text.is_none() {
            "missing"
        } else {
            "not known"
        };
        tracing::warn!(member, what, "a member of an answer of AWS is unusual");
    }
    given
}

/// The time in milliseconds; a finer or larger one as near as can be counted.
pub(super) fn timestamp(at: Option<&DateTime>) -> Option<Timestamp> {
    let end = |at: &DateTime| if at.secs() < 0 { i64::MIN } else { i64::MAX };
    at.map(|at| Timestamp(at.to_millis().unwrap_or_else(|_| end(at))))
}

/// A number of days, which may be none that can be set.
pub(super) fn days(member: &'static str, days: i32) -> Days {
    let days = Days::read(days);
    if !days.is_usual() {
        tracing::warn!(member, "a number of days of AWS is out of range");
    }
    days
}

/// Text that may be absent.
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

/// A builder of the SDK refuses only when we forgot a required member.
pub(super) fn built<T, E>(result: Result<T, E>) -> Result<T, Failure> {
    result.map_err(|_| {
        tracing::error!("an input was not complete");
        Cause::Internal.into()
    })
}

/// A page of a list. The list goes on when the token is there and not empty.
pub(super) fn listing<R, T>(
    rows: Option<Vec<R>>,
    token: Option<String>,
    item: impl Fn(R) -> T,
) -> Listing<T> {
    let rows = rows.unwrap_or_default();
    Listing {
        items: rows.into_iter().map(item).collect(),
        next_token: token.filter(|token| !token.is_empty()),
    }
}
