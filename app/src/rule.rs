//! What a value of a form must be, in code and in words, and what a number of days does.

use domain::arn::{AppInstanceArn, AppInstanceUserArn, LexBotAliasArn, PinpointAppArn};
use domain::consequence::{self, ExpirationEffect, RetentionEffect};
use domain::grant::Grant;
use domain::name::{
    AppInstanceName, BotName, DeviceToken, EndpointName, IntentName, LocaleId, Metadata, UserId,
    UserName,
};
use domain::settings::Days;
use domain::{Problem, Timestamp};
use serde::{Deserialize, Serialize};

/// A rule that a value keeps. Each is a constructor of `domain`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is named for the constructor it runs")]
pub enum Rule {
    None,
    Filled,
    Chosen,
    AppInstanceName,
    UserName,
    BotName,
    EndpointName,
    UserId,
    Metadata,
    DeviceToken,
    LocaleId,
    IntentName,
    PinpointApp(AppInstanceUserArn),
    LexAlias(AppInstanceArn),
    /// Typed to confirm; only needed when the field of days loses something.
    Confirm {
        name: String,
        when: When,
    },
    /// Retention, with what is in force and the time of the page.
    Retention {
        present: Option<Days>,
        now: Timestamp,
    },
    /// Expiration, with when the user was created (nothing for a new user).
    Expiration {
        created: Option<Timestamp>,
        now: Timestamp,
    },
    NewPassword,
    /// What a role is limited to, one a line.
    Limits,
}

/// When a confirmation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// Whatever the other fields hold.
    Always,
    /// When the days of the form's retention or expiration rule would delete something.
    Loses,
}

impl Rule {
    /// Checks a value. Empty optional values are not checked.
    pub fn check(&self, value: &str, optional: bool) -> Result<(), Problem> {
        if optional && value.is_empty() {
            return Ok(());
        }
        match self {
            Self::Filled if value.is_empty() => Err(Problem::Empty),
            Self::Chosen if value.is_empty() => Err(Problem::NotAChoice),
            Self::AppInstanceName => AppInstanceName::parse(value).map(drop),
            Self::UserName => UserName::parse(value).map(drop),
            Self::BotName => BotName::parse(value).map(drop),
            Self::EndpointName => EndpointName::parse(value).map(drop),
            Self::UserId => UserId::parse(value).map(drop),
            Self::Metadata => Metadata::parse(value).map(drop),
            Self::DeviceToken => DeviceToken::parse(value).map(drop),
            Self::LocaleId => LocaleId::parse(value).map(drop),
            Self::IntentName => IntentName::parse(value).map(drop),
            Self::PinpointApp(user) => PinpointAppArn::parse(value, user).map(drop),
            Self::LexAlias(instance) => LexBotAliasArn::parse(value, instance).map(drop),
            Self::Confirm { name, .. } if consequence::confirms(value, name) => Ok(()),
            Self::Confirm { .. } => Err(Problem::Mismatch),
            Self::Retention { .. } | Self::Expiration { .. } => value.parse::<Days>().map(drop),
            Self::Limits => value.parse::<Grant>().map(drop),
            Self::NewPassword if value.chars().count() < 8 => Err(Problem::TooShort { min: 8 }),
            Self::None | Self::Filled | Self::Chosen | Self::NewPassword => Ok(()),
        }
    }

    /// The rule in words, shown under the control.
    pub fn words(&self) -> &'static str {
        match self {
            Self::None | Self::Filled | Self::Chosen => "",
            Self::AppInstanceName => "1 to 256 characters",
            Self::UserName => "1 to 100 characters",
            Self::BotName => "Up to 256 characters",
            Self::EndpointName => "Up to 1,600 characters",
            Self::UserId => {
                "1 to 64 of A–Z, digits and : - _ . @, first and last a letter or digit"
            }
            Self::Metadata => "Up to 1,024 bytes",
            Self::DeviceToken => "1 to 1,600 characters",
            Self::LocaleId => "A Lex V2 locale, for example en_US",
            Self::IntentName => "Letters and single underscores",
            Self::PinpointApp(_) => "A Pinpoint application of the same account and Region",
            Self::LexAlias(_) => "A Lex V2 bot alias of the same account and Region",
            Self::Confirm { .. } => "Capitals do not matter; pasting is fine",
            Self::Retention { .. } | Self::Expiration { .. } => "A whole number from 1 to 5475",
            Self::NewPassword => "8 to 256 characters; a passphrase is best",
            Self::Limits => "One a line, up to 100",
        }
    }

    /// The rule in words for what is typed: metadata that looks like JSON is told whether it is.
    pub fn words_for(&self, value: &str) -> String {
        let note = match self {
            Self::Metadata => json_note(value),
            _ => "",
        };
        format!("{}{note}", self.words())
    }

    /// Whether it only counts once the days of the form delete something.
    pub const fn waits(&self) -> bool {
        matches!(
            self,
            Self::Confirm {
                when: When::Loses,
                ..
            }
        )
    }

    /// How much of the limit a value uses, for the counter: used, limit.
    pub fn count(&self, value: &str) -> Option<(usize, usize)> {
        let characters = || value.chars().count();
        match self {
            Self::AppInstanceName | Self::BotName => Some((characters(), 256)),
            Self::UserName => Some((characters(), 100)),
            Self::UserId => Some((characters(), 64)),
            Self::Metadata => Some((value.len(), 1024)),
            _ => None,
        }
    }

    /// What the days do, if the rule is about days.
    pub fn effect(&self, value: &str) -> Option<DaysEffect> {
        let days = value.parse::<Days>().ok()?;
        match self {
            Self::Retention { present, now } => Some(DaysEffect::Retention {
                days,
                effect: consequence::retention(*present, Some(days), *now),
            }),
            Self::Expiration { created, now } => {
                let effect = consequence::expiration(created.unwrap_or(*now), Some(days), *now);
                Some(DaysEffect::Expiration(effect))
            }
            _ => None,
        }
    }
}

/// Metadata is free text; when it looks like JSON, it is said whether it is.
fn json_note(text: &str) -> &'static str {
    if !text.trim_start().starts_with(['{', '[']) {
        ". Free text or JSON"
    } else if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        ". Valid JSON"
    } else {
        ". Not valid JSON; saved as text"
    }
}

/// What a number of days does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaysEffect {
    /// To the messages of an instance.
    Retention {
        /// The days.
        days: Days,
        /// What they do.
        effect: RetentionEffect,
    },
    /// To a user.
    Expiration(ExpirationEffect),
}

impl DaysEffect {
    /// Whether something is deleted, so that a confirmation is asked for.
    pub const fn loses(self) -> bool {
        matches!(
            self,
            Self::Retention {
                effect: RetentionEffect::Shorter { .. },
                ..
            } | Self::Expiration(ExpirationEffect::Past(_))
        )
    }

    /// The date that it is about, for showing in the zone of the reader too.
    pub const fn date(self) -> Option<Timestamp> {
        match self {
            Self::Expiration(ExpirationEffect::At(at) | ExpirationEffect::Past(at)) => Some(at),
            _ => None,
        }
    }

    /// The headline and the sentence.
    pub fn words(self) -> (String, String) {
        match self {
            Self::Retention {
                effect: RetentionEffect::Same,
                ..
            } => (
                "Nothing changes".to_owned(),
                "This is what is in force now.".to_owned(),
            ),
            Self::Retention {
                days,
                effect: RetentionEffect::Longer,
            } => (
                "Messages are kept longer".to_owned(),
                format!("Messages stay for {days}. Nothing is deleted by this."),
            ),
            Self::Retention {
                days,
                effect:
                    RetentionEffect::Shorter {
                        older_than,
                        permanent_from,
                    },
            } => (
                format!("Messages older than {days} disappear"),
                format!(
                    "Everything sent before {older_than} goes now. Until {permanent_from} it comes \
                     back if you extend retention or turn it off; after that it is gone for good."
                ),
            ),
            Self::Expiration(ExpirationEffect::Never) => {
                ("The user does not expire".to_owned(), String::new())
            }
            Self::Expiration(ExpirationEffect::At(_)) => (
                "The user expires on this date".to_owned(),
                "It stays usable until then; AWS deletes it usually within 6 hours after. You can \
                 change or clear this until it is deleted."
                    .to_owned(),
            ),
            Self::Expiration(ExpirationEffect::Past(_)) => (
                "The user is deleted within hours".to_owned(),
                "Counted from its creation, this date is past. AWS deletes it usually within 6 \
                 hours, with its endpoints, tags and admin role. It cannot be restored."
                    .to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confirmation_is_asked_for_only_when_something_is_lost() {
        let rule = Rule::Retention {
            present: "90".parse().ok(),
            now: Timestamp(1_700_000_000_000),
        };
        assert!(rule.effect("30").is_some_and(DaysEffect::loses));
        assert!(rule.effect("91").is_some_and(|effect| !effect.loses()));
        assert!(rule.effect("abc").is_none());
    }
}
