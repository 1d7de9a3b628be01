//! Names, ids and metadata, each with the limits of the service model.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::problem::Problem;

fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn at_most(text: &str, max: u32) -> Result<(), Problem> {
    let actual = length(text);
    if actual > max {
        Err(Problem::TooLong { max, actual })
    } else {
        Ok(())
    }
}

fn filled(text: &str) -> Result<(), Problem> {
    if text.is_empty() {
        return Err(Problem::Empty);
    }
    if text.trim().is_empty() {
        return Err(Problem::Blank);
    }
    Ok(())
}

/// The character class of AppInstance and bot names: what XML allows (`NonEmptyResourceName`).
fn printable(text: &str) -> Result<(), Problem> {
    let allowed = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}'
            | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
    };
    match text.chars().position(|c| !allowed(c)) {
        Some(at) => Err(Problem::ControlCharacter {
            position: u32::try_from(at + 1).unwrap_or(u32::MAX),
        }),
        None => Ok(()),
    }
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $parse:expr) => {
        $(#[$doc])*
        ///
        /// `Debug` hides it: the model marks it sensitive.
        #[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text that keeps the rule, or says which rule it breaks.
            pub fn parse(text: &str) -> Result<Self, Problem> {
                let check: fn(&str) -> Result<(), Problem> = $parse;
                check(text).map(|()| Self(text.to_owned()))
            }

            /// The value as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Problem;

            fn try_from(text: String) -> Result<Self, Problem> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

name_type! {
    /// The name of an AppInstance: 1 to 256 characters, not all blank (`NonEmptyResourceName`).
    AppInstanceName, |text| {
        filled(text)?;
        at_most(text, 256)?;
        printable(text)
    }
}

name_type! {
    /// The name of an AppInstanceUser: 1 to 100 characters, one of them not blank (`UserName`).
    UserName, |text| {
        filled(text)?;
        at_most(text, 100)
    }
}

name_type! {
    /// The name of an AppInstanceBot: up to 256 characters, may be empty (`ResourceName`).
    BotName, |text| {
        at_most(text, 256)?;
        printable(text)
    }
}

name_type! {
    /// The name of an endpoint: up to 1600 characters, may be empty (`SensitiveString1600`).
    EndpointName, |text| at_most(text, 1600)
}

name_type! {
    /// A device token of Apple's or Google's push service: 1 to 1600 characters.
    DeviceToken, |text| {
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        at_most(text, 1600)
    }
}

name_type! {
    /// The id of a user, chosen by the application: 1 to 64 of `A–Z a–z 0–9 : - _ . @`, first and
    /// last a letter or digit (`UserId`).
    UserId, |text| {
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.' | '@');
        if let Some(character) = text.chars().find(|c| !allowed(*c)) {
            return Err(Problem::UserIdCharacter { character });
        }
        at_most(text, 64)?;
        let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if !edge(text.chars().next()) {
            return Err(Problem::UserIdStart);
        }
        if !edge(text.chars().next_back()) {
            return Err(Problem::UserIdEnd);
        }
        Ok(())
    }
}

/// The most bytes of metadata ("a 1KB string in UTF-8", API reference).
pub const MAX_METADATA_BYTES: u32 = 1024;

name_type! {
    /// Metadata: up to 1,024 **bytes** of UTF-8, newlines allowed.
    Metadata, |text| {
        let actual = u32::try_from(text.len()).unwrap_or(u32::MAX);
        if actual > MAX_METADATA_BYTES {
            return Err(Problem::TooManyBytes { max: MAX_METADATA_BYTES, actual });
        }
        Ok(())
    }
}

name_type! {
    /// A Lex V2 locale: `en_US`, `es_419`.
    LocaleId, |text| {
        let good = text.split_once('_').is_some_and(|(language, place)| {
            language.len() == 2
                && language.bytes().all(|b| b.is_ascii_lowercase())
                && (2..=3).contains(&place.len())
                && place.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        });
        if good { Ok(()) } else { Err(Problem::Locale) }
    }
}

name_type! {
    /// A Lex intent: 1 to 100 letters and single underscores, none in front (`LexIntentName`).
    IntentName, |text| {
        let parts_ok = text
            .strip_suffix('_')
            .unwrap_or(text)
            .split('_')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic()));
        if !parts_ok {
            return Err(Problem::Intent);
        }
        at_most(text, 100)
    }
}

macro_rules! may_be_empty {
    ($($name:ident)*) => {
        $(impl Default for $name {
            /// The empty text.
            fn default() -> Self {
                Self(String::new())
            }
        }

        impl $name {
            /// Whether it is the empty text, which the API takes by leaving the member out.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        })*
    };
}

may_be_empty! { BotName EndpointName Metadata }

macro_rules! readable {
    ($($name:ident)*) => {
        $(impl $name {
            /// A text as AWS gave it, even when it breaks the rule. What somebody types goes
            /// through `parse`.
            pub fn read(text: &str) -> Self {
                Self(text.to_owned())
            }
        })*
    };
}

readable! { UserId LocaleId IntentName }

/// Browsers send CR LF for a line break in a text area; the value keeps LF, so that what was read
/// and is saved unchanged stays the same bytes.
pub fn unix_newlines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// How many lines a control of a form has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Line breaks are lost.
    One,
    /// Line breaks all become LF.
    Several,
}

/// What a form sent. If the form sent back what was read and only the browser changed some
/// characters, it is what was read, since nobody meant that change.
pub fn unless_changed<'a>(sent: &'a str, read: &'a str, lines: Lines) -> &'a str {
    let as_sent = |text: &str| {
        let text = unix_newlines(text)
            .replace('\r', "\n")
            .replace('\0', "\u{FFFD}");
        match lines {
            Lines::One => text.replace('\n', ""),
            Lines::Several => text,
        }
    };
    if as_sent(sent) == as_sent(read) {
        read
    } else {
        sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_back_from_a_form_as_it_was_read_is_what_was_read() {
        let kept = [
            ("ab", "a\nb", Lines::One),
            ("ab", "a\r\nb", Lines::One),
            ("a\r\nb", "a\r\nb", Lines::Several),
            ("a\r\nb\r\nc", "a\rb\nc", Lines::Several),
            ("a\u{FFFD}", "a\0", Lines::Several),
        ];
        for (sent, read, lines) in kept {
            assert_eq!(unless_changed(sent, read, lines), read, "{read:?}");
        }
        for (sent, read, lines) in [
            ("a b", "a\nb", Lines::One),
            ("ab", "a\nb", Lines::Several),
            ("", "a", Lines::One),
        ] {
            assert_eq!(unless_changed(sent, read, lines), sent, "{read:?}");
        }
    }

    #[test]
    fn instance_names_have_1_to_256_characters() {
        assert_eq!(AppInstanceName::parse(""), Err(Problem::Empty));
        assert_eq!(AppInstanceName::parse("  \t"), Err(Problem::Blank));
        assert!(AppInstanceName::parse(&"é".repeat(256)).is_ok());
        assert_eq!(
            AppInstanceName::parse(&"x".repeat(257)),
            Err(Problem::TooLong {
                max: 256,
                actual: 257
            })
        );
        assert_eq!(
            AppInstanceName::parse("a\u{7}"),
            Err(Problem::ControlCharacter { position: 2 })
        );
        assert!(AppInstanceName::parse("Démo 🚀 </textarea><script>").is_ok());
    }

    #[test]
    fn metadata_is_counted_in_bytes() {
        assert!(Metadata::parse("").is_ok());
        assert!(Metadata::parse(&"é".repeat(512)).is_ok());
        assert_eq!(
            Metadata::parse(&format!("{}x", "é".repeat(512))),
            Err(Problem::TooManyBytes {
                max: 1024,
                actual: 1025
            })
        );
    }

    #[test]
    fn each_wrong_user_id_has_its_own_sentence() {
        assert_eq!(
            UserId::parse("a/b"),
            Err(Problem::UserIdCharacter { character: '/' })
        );
        assert_eq!(
            UserId::parse("a+b"),
            Err(Problem::UserIdCharacter { character: '+' })
        );
        assert_eq!(
            UserId::parse("é"),
            Err(Problem::UserIdCharacter { character: 'é' })
        );
        assert_eq!(UserId::parse(".a"), Err(Problem::UserIdStart));
        assert_eq!(UserId::parse("a."), Err(Problem::UserIdEnd));
        assert_eq!(
            UserId::parse(&"x".repeat(65)),
            Err(Problem::TooLong {
                max: 64,
                actual: 65
            })
        );
        assert!(UserId::parse("us-east-1:alice.b_c-d@ex.org1").is_ok());
    }

    #[test]
    fn intents_and_locales_keep_the_rules_of_lex() {
        assert!(IntentName::parse("Welcome_Intent").is_ok());
        for wrong in ["", "_a", "a__b", "a1"] {
            assert_eq!(IntentName::parse(wrong), Err(Problem::Intent), "{wrong}");
        }
        assert!(LocaleId::parse("en_US").is_ok() && LocaleId::parse("es_419").is_ok());
        for wrong in ["", "en", "EN_us", "en-US"] {
            assert_eq!(LocaleId::parse(wrong), Err(Problem::Locale), "{wrong}");
        }
    }

    #[test]
    fn debug_hides_the_text() {
        assert_eq!(
            format!("{:?}", UserName::parse("Alice").unwrap()),
            "UserName(…)"
        );
    }
}
