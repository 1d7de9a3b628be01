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
            // Whether it is the right name the server says: it knows how a person reads it.
            Self::Confirm { .. } if value.trim().is_empty() => Err(Problem::Empty),
            Self::Retention { .. } | Self::Expiration { .. } => value.parse::<Days>().map(drop),
            Self::Limits => value.parse::<Grant>().map(drop),
            Self::NewPassword if value.chars().count() < 8 => Err(Problem::TooShort { min: 8 }),
            Self::None | Self::Filled | Self::Chosen | Self::NewPassword | Self::Confirm { .. } => {
                Ok(())
            }
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

    /// The time that the days are about, if the rule is about days of something that is there: empty while
    /// the value is no number of days.
    pub fn bar(&self, value: &str) -> Option<TimeBar> {
        let (created, now, present) = match self {
            Self::Retention { present, now } => (*now, *now, *present),
            Self::Expiration {
                created: Some(created),
                now,
            } => (*created, *now, None),
            _ => return None,
        };
        Some(match self.effect(value) {
            None => TimeBar::default(),
            Some(DaysEffect::Retention { days, effect }) => {
                TimeBar::of_messages(days, present, effect)
            }
            Some(DaysEffect::Expiration(effect)) => TimeBar::of_life(created, effect, now),
        })
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

/// The time that a number of days is about, as a bar: what stays of it and what goes, each from where to
/// where, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeBar {
    /// What stays.
    pub keep: (i64, i64),
    /// What goes.
    pub lose: (i64, i64),
}

impl TimeBar {
    /// How much a part is of the whole.
    fn share(part: i64, whole: i64) -> i64 {
        let thousandths = part.saturating_mul(1000).checked_div(whole);
        thousandths.unwrap_or(0).clamp(0, 1000)
    }

    /// Messages from the oldest to today.
    fn of_messages(days: Days, present: Option<Days>, effect: RetentionEffect) -> Self {
        if !matches!(effect, RetentionEffect::Shorter { .. }) {
            return Self {
                keep: (0, 1000),
                lose: (0, 0),
            };
        }
        // While retention is off nobody knows how old messages are.
        let whole = present.map_or(i64::from(days.get()) * 3, |present| {
            i64::from(present.get())
        });
        let gone = 1000 - Self::share(i64::from(days.get()), whole);
        Self {
            keep: (gone, 1000),
            lose: (0, gone),
        }
    }

    /// The life of a user from its creation to its expiration, or to today where that is past.
    fn of_life(created: Timestamp, effect: ExpirationEffect, now: Timestamp) -> Self {
        let since = |at: Timestamp| at.0.saturating_sub(created.0);
        match effect {
            ExpirationEffect::Never => Self::default(),
            ExpirationEffect::At(at) => Self {
                keep: (Self::share(since(now), since(at)), 1000),
                lose: (0, 0),
            },
            ExpirationEffect::Past(at) => {
                let ended = Self::share(since(at), since(now));
                Self {
                    keep: (0, ended),
                    lose: (ended, 1000),
                }
            }
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
        /// How long messages are to be kept.
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
                "This is in force already.".to_owned(),
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
                "The user can be used until then. AWS usually deletes the user within 6 hours after \
                 that; you can change or clear the date until it has."
                    .to_owned(),
            ),
            Self::Expiration(ExpirationEffect::Past(_)) => (
                "The user is deleted within hours".to_owned(),
                "Counted from the creation, this date is past. AWS usually deletes the user within 6 \
                 hours, with endpoints, tags and admin role, and cannot restore it."
                    .to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn a_choice_has_to_be_made() {
        assert_eq!(Rule::Chosen.check("", false), Err(Problem::NotAChoice));
        assert_eq!(Rule::Chosen.check("APNS", false), Ok(()));
    }

    #[test]
    fn a_bar_shows_which_messages_go() {
        let bar = |present: &str, days| {
            let present = present.parse().ok();
            Rule::Retention { present, now: NOW }.bar(days).unwrap()
        };
        let lowered = TimeBar {
            keep: (667, 1000),
            lose: (0, 667),
        };
        assert_eq!(bar("90", "30"), lowered);
        // It was off: how old the oldest message is, nobody knows.
        assert_eq!(bar("", "30"), lowered);
        for harmless in [bar("90", "90"), bar("90", "5475")] {
            assert_eq!(harmless.lose, (0, 0));
            assert_eq!(harmless.keep, (0, 1000));
        }
        assert_eq!(bar("90", "soon"), TimeBar::default());
    }

    #[test]
    fn a_bar_shows_how_much_of_a_life_is_left_or_over() {
        let created = Some(Timestamp(NOW.0 - 30 * 86_400_000));
        let bar = |created, days| Rule::Expiration { created, now: NOW }.bar(days);
        let left = bar(created, "40").unwrap();
        assert_eq!((left.keep, left.lose), ((750, 1000), (0, 0)));
        let over = bar(created, "15").unwrap();
        assert_eq!((over.keep, over.lose), ((0, 500), (500, 1000)));
        // A time that no service should send is no reason to panic.
        let odd = bar(Some(Timestamp(i64::MIN / 2)), "1").unwrap();
        assert_eq!(odd.lose.1, 1000);
        // Created this moment, and over at once.
        let born = bar(Some(NOW), "1").unwrap();
        assert_eq!(born.keep, (0, 1000));
        assert_eq!(
            bar(None, "15"),
            None,
            "a user who is not there yet has no life to show"
        );
    }

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
