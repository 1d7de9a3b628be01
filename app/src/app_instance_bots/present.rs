//! A bot as it was read, in the texts of its form; and whether a form leaves it as it is.

use domain::name::{IntentName, Lines, unless_changed};
use domain::settings::LexConfiguration;
use domain::view::AppInstanceBot;

use super::fields::Typed;

/// The texts of a bot as it was read; those of one that does not exist yet are empty.
#[derive(Default)]
pub(super) struct Present<'a> {
    pub name: &'a str,
    pub metadata: &'a str,
    pub lex: Option<&'a LexConfiguration>,
}

impl<'a> Present<'a> {
    /// The texts of a bot as it was read.
    pub fn of(bot: &'a AppInstanceBot) -> Self {
        Self {
            name: &bot.name,
            metadata: &bot.metadata,
            lex: bot.configuration.as_ref(),
        }
    }
}

/// The intent as text, empty without one.
pub(super) fn welcome_intent(lex: &LexConfiguration) -> &str {
    lex.welcome_intent.as_ref().map_or("", IntentName::as_str)
}

/// The choice for standard messages as text, empty for a bot that has none.
pub(super) fn standard_messages(lex: &LexConfiguration) -> &str {
    let by = lex.invoked_by.as_ref();
    by.map_or("", |by| by.standard_messages.as_str())
}

/// The choice for targeted messages as text, empty for a bot that has none.
pub(super) fn targeted_messages(lex: &LexConfiguration) -> &str {
    let by = lex.invoked_by.as_ref();
    by.map_or("", |by| by.targeted_messages.as_str())
}

/// Whether a form leaves the configuration as it is, whatever that holds.
pub(super) fn leaves_configuration(typed: &Typed, lex: &LexConfiguration) -> bool {
    [
        (typed.lex_bot_alias_arn, lex.lex_bot_alias_arn.as_str()),
        (typed.locale_id, lex.locale_id.as_str()),
        (typed.welcome_intent, welcome_intent(lex)),
        (typed.standard_messages, standard_messages(lex)),
        (typed.targeted_messages, targeted_messages(lex)),
    ]
    .iter()
    .all(|(sent, read)| unless_changed(sent, read, Lines::One) == *read)
}
