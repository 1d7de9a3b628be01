//! What a change will do, in numbers and dates, before it is made.
//!
//! Pure functions. Sources: developer guide, "Managing message retention" and "AppInstanceUser
//! expiration".

use serde::{Deserialize, Serialize};

use crate::problem::{Field, FieldProblem, Problem};
use crate::reading::as_read;
use crate::settings::Days;
use crate::timestamp::Timestamp;

/// Days after a change of retention in which deleted messages can still be brought back by
/// extending it or turning it off.
pub const GRACE_DAYS: i32 = 30;

/// Hours within which the service usually deletes an expired user.
pub const SWEEP_HOURS: u32 = 6;

/// What it does to messages when retention is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RetentionEffect {
    /// Nothing: the same as now.
    Same,
    /// Messages are kept longer, or for good. Nothing is lost.
    Longer,
    /// Messages older than the new number of days go now, and for good after the grace period.
    Shorter {
        /// Messages sent before this are deleted.
        older_than: Timestamp,
        /// Until then they come back if retention is extended or turned off.
        permanent_from: Timestamp,
    },
}

/// Compares retention now with what is wanted. `None` means off: kept for good.
pub fn retention(present: Option<Days>, wanted: Option<Days>, now: Timestamp) -> RetentionEffect {
    let shorter = match (present, wanted) {
        (present, wanted) if present == wanted => return RetentionEffect::Same,
        (None, Some(wanted)) => wanted,
        (Some(present), Some(wanted)) if wanted < present => wanted,
        // Longer than now, or for good.
        _ => return RetentionEffect::Longer,
    };
    RetentionEffect::Shorter {
        older_than: now.plus_days(-shorter.get()),
        permanent_from: now.plus_days(GRACE_DAYS),
    }
}

/// What it does to a user when its expiration is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExpirationEffect {
    /// The user stays for good.
    Never,
    /// The user is deleted some hours after this.
    At(Timestamp),
    /// The date is past: the user is deleted within hours.
    Past(Timestamp),
}

/// When a user expires that was created at `created`, and whether that is past.
pub fn expiration(created: Timestamp, after: Option<Days>, now: Timestamp) -> ExpirationEffect {
    match after.map(|days| created.plus_days(days.get())) {
        None => ExpirationEffect::Never,
        Some(at) if at <= now => ExpirationEffect::Past(at),
        Some(at) => ExpirationEffect::At(at),
    }
}

/// A count that may have been cut short, because counting costs one call per fifty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Count {
    /// All of them.
    Exactly(u32),
    /// There are more than this.
    MoreThan(u32),
    /// It could not be counted.
    Unknown,
}

impl Count {
    /// In words: `12`, `more than 500`, `an unknown number of`.
    pub fn text(self) -> String {
        match self {
            Self::Exactly(count) => grouped(count),
            Self::MoreThan(count) => format!("more than {}", grouped(count)),
            Self::Unknown => "an unknown number of".to_owned(),
        }
    }
}

/// Digits in groups of three: `12,480`.
pub fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whether another of a kind is left when one goes: an admin of an AppInstance, an endpoint of a
/// user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remaining {
    /// There is at least one other.
    Others,
    /// There is no other: it is the last.
    None,
    /// The others could not be read.
    Unknown,
}

/// The word to type as a confirmation: the name, or the id when no name can be read.
pub fn word_for<'a>(name: &'a str, id: &'a str) -> &'a str {
    if as_read(name).is_empty() { id } else { name }
}

/// Whether what was typed confirms a word. It guards against accidents only, so it compares what a
/// person reads ([`as_read`]), not the bytes. A word of which nothing can be read cannot be
/// confirmed.
pub fn confirms(typed: &str, word: &str) -> bool {
    let typed = as_read(typed);
    !typed.is_empty() && typed == as_read(word)
}

/// Refuses the text of a field unless it [`confirms`] a word.
pub fn confirm(field: Field, typed: &str, word: &str) -> Result<(), FieldProblem> {
    if confirms(typed, word) {
        return Ok(());
    }
    let problem = if typed.is_empty() {
        Problem::Empty
    } else {
        Problem::Mismatch
    };
    Err(FieldProblem { field, problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn days(number: u32) -> Option<Days> {
        Days::try_from(number).ok()
    }

    #[test]
    fn only_lowering_retention_loses_messages() {
        assert_eq!(retention(days(90), days(90), NOW), RetentionEffect::Same);
        assert_eq!(retention(days(90), days(91), NOW), RetentionEffect::Longer);
        assert_eq!(retention(days(90), None, NOW), RetentionEffect::Longer);
        let shorter = RetentionEffect::Shorter {
            older_than: Timestamp(NOW.0 - 30 * 86_400_000),
            permanent_from: NOW.plus_days(30),
        };
        assert_eq!(retention(days(90), days(30), NOW), shorter);
        assert_eq!(retention(None, days(30), NOW), shorter);
    }

    #[test]
    fn an_expiration_before_now_deletes_the_user() {
        let created = Timestamp(NOW.0 - 30 * 86_400_000);
        assert_eq!(expiration(created, None, NOW), ExpirationEffect::Never);
        assert_eq!(
            expiration(created, days(30), NOW),
            ExpirationEffect::Past(NOW)
        );
        assert_eq!(
            expiration(created, days(31), NOW),
            ExpirationEffect::At(NOW.plus_days(1))
        );
    }

    #[test]
    fn a_name_is_confirmed_whatever_the_keyboard() {
        assert!(confirms(
            "tailspin  games - guild chat",
            "Tailspin Games – guild chat"
        ));
        assert!(confirms(" o'neil ", "O’Neil"));
        assert!(!confirms("Tailspin", "Tailspin Games"));
    }

    #[test]
    fn a_name_is_confirmed_however_it_is_stored() {
        assert!(confirms("café", "Cafe\u{301}"));
        assert!(confirms("abcfed", "abc\u{202e}fed"));
        assert!(confirms("abc\u{fffd}fed", "abc\u{202e}fed"));
        assert!(confirms("guild chat", "Guild\u{200b}\u{a0}Chat"));
    }

    #[test]
    fn what_has_no_name_to_read_is_confirmed_by_its_id() {
        assert_eq!(word_for("Chat", "id"), "Chat");
        for name in ["", " ", "\u{200b}", "\u{3164}"] {
            assert_eq!(word_for(name, "id"), "id", "{name:?}");
            assert!(!confirms("", name) && !confirms("\u{200b}", name));
        }
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(Count::Exactly(12_480).text(), "12,480");
        assert_eq!(Count::MoreThan(500).text(), "more than 500");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(grouped(0), "0");
    }
}
