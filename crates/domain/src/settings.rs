//! Retention, expiration, and the choices of endpoints and bots.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::arn::LexBotAliasArn;
use crate::given::Given;
use crate::name::{IntentName, LocaleId};
use crate::problem::Problem;

/// A number of days (`RetentionDays`, `ExpirationDays`): from 1 to 5475, fifteen years, when somebody
/// chooses it; whatever AWS gave, when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Days(i32);

impl Days {
    /// The least number that somebody can choose.
    pub const MIN: u32 = 1;
    /// The greatest number that somebody can choose: fifteen years.
    pub const MAX: u32 = 5475;

    /// A number as AWS gave it, which may be out of the range.
    pub const fn read(days: i32) -> Self {
        Self(days)
    }

    /// The number of days.
    pub const fn get(self) -> i32 {
        self.0
    }

    /// Whether the number is in the range from [`Self::MIN`] to [`Self::MAX`].
    pub fn is_usual(self) -> bool {
        u32::try_from(self.0).is_ok_and(|days| (Self::MIN..=Self::MAX).contains(&days))
    }
}

impl TryFrom<u32> for Days {
    type Error = Problem;

    fn try_from(days: u32) -> Result<Self, Problem> {
        i32::try_from(days)
            .ok()
            .map(Self)
            .filter(|days| days.is_usual())
            .ok_or(Problem::NotInRange {
                min: Self::MIN,
                max: Self::MAX,
            })
    }
}

impl FromStr for Days {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        let days = text.parse().map_err(|_| Problem::NotInRange {
            min: Self::MIN,
            max: Self::MAX,
        });
        days.and_then(|days: u32| Self::try_from(days))
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, if self.0 == 1 { "day" } else { "days" })
    }
}

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident => $text:literal, $meaning:literal;)* }) => {
        words! {
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
            pub enum $name { $($(#[$about])* #[serde(rename = $text)] $variant => $text),* }
            /// The value as the API writes it.
            fn as_str, read by str::eq, else Problem = Problem::NotAChoice;
        }

        impl $name {
            /// What it means, in one line.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }
        }
    };
}

choices! {
    /// The push service of an endpoint (`AppInstanceUserEndpointType`).
    EndpointType {
        /// Apple, production.
        Apns => "APNS", "Apple Push Notification service";
        /// Apple, development.
        ApnsSandbox => "APNS_SANDBOX", "Apple, for builds in development";
        /// Google.
        Gcm => "GCM", "Firebase Cloud Messaging, for Android";
    }
}

choices! {
    /// Whether an endpoint gets push messages (`AllowMessages`).
    AllowMessages {
        /// Every message is pushed.
        All => "ALL", "Every message is pushed";
        /// No message is pushed.
        None => "NONE", "Muted: nothing is pushed";
    }
}

choices! {
    /// When a bot answers standard messages (`StandardMessages`).
    StandardMessages {
        /// All messages when there is one other member, else only mentions.
        Auto => "AUTO", "All messages when there is one other member, else only mentions";
        /// It answers every standard message.
        All => "ALL", "Every standard message in the channel";
        /// It answers messages that mention it.
        Mentions => "MENTIONS", "Messages that mention the bot (CHIME.mentions)";
        /// It answers no standard message.
        None => "NONE", "No standard message";
    }
}

choices! {
    /// When a bot answers messages sent to a target (`TargetedMessages`).
    TargetedMessages {
        /// It answers every message that targets it.
        All => "ALL", "Every message that targets the bot";
        /// It answers no targeted message.
        None => "NONE", "No targeted message";
    }
}

/// What calls a bot (`InvokedBy`): the API needs both parts. A choice that AWS added later is kept
/// as it was read, and can be sent back unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct InvokedBy {
    /// Which messages to everyone the bot answers.
    pub standard_messages: Given<StandardMessages>,
    /// Which messages that target the bot it answers.
    pub targeted_messages: Given<TargetedMessages>,
}

/// How a bot answers: a Lex V2 bot (`LexConfiguration`). One that AWS gave may break the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LexConfiguration {
    /// When the bot answers. Absent on old bots, which have the deprecated `RespondsTo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoked_by: Option<InvokedBy>,
    /// The alias of the Lex bot that answers.
    pub lex_bot_alias_arn: LexBotAliasArn,
    /// The language of the Lex bot.
    pub locale_id: LocaleId,
    /// The intent that starts the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome_intent: Option<IntentName>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_run_from_1_to_5475() {
        let range = Err(Problem::NotInRange { min: 1, max: 5475 });
        assert_eq!("1".parse::<Days>().map(Days::get), Ok(1));
        assert_eq!(" 5475 ".parse::<Days>().map(Days::get), Ok(5475));
        assert_eq!("".parse::<Days>(), Err(Problem::Empty));
        for wrong in ["0", "5476", "abc", "-1", "1.5", "99999999999"] {
            assert_eq!(wrong.parse::<Days>(), range, "{wrong}");
        }
    }

    #[test]
    fn days_that_were_read_may_be_any() {
        for read in [-3, 0, 5476, i32::MAX] {
            assert_eq!(Days::read(read).get(), read);
            assert!(!Days::read(read).is_usual(), "{read}");
        }
        assert!(Days::read(90).is_usual());
    }

    #[test]
    fn choices_parse_what_they_print() {
        for choice in EndpointType::ALL {
            assert_eq!(choice.as_str().parse(), Ok(*choice));
        }
        assert_eq!("FCM".parse::<EndpointType>(), Err(Problem::NotAChoice));
    }
}
