//! The fields that the forms of creating and editing a bot share, and what they hold.

use domain::arn::{AppInstanceArn, LexBotAliasArn};
use domain::input::Configuration;
use domain::name::{BotName, IntentName, LocaleId, Metadata, unix_newlines};
use domain::problem::Check;
use domain::settings::{InvokedBy, LexConfiguration, StandardMessages, TargetedMessages};
use domain::{Cause, Failure, Field};

use crate::form::{Control, FieldSpec, FormSpec, Rule};

/// What a form of a bot sends.
pub(super) struct Typed<'a> {
    pub name: &'a str,
    pub metadata: &'a str,
    pub lex_bot_alias_arn: &'a str,
    pub locale_id: &'a str,
    pub welcome_intent: &'a str,
    pub standard_messages: &'a str,
    pub targeted_messages: &'a str,
}

impl<'a> Typed<'a> {
    /// What a form as it stands holds.
    pub fn of(spec: &'a FormSpec) -> Self {
        Self {
            name: spec.value_of(Field::Name),
            metadata: spec.value_of(Field::Metadata),
            lex_bot_alias_arn: spec.value_of(Field::LexBotAliasArn),
            locale_id: spec.value_of(Field::LocaleId),
            welcome_intent: spec.value_of(Field::WelcomeIntent),
            standard_messages: spec.value_of(Field::StandardMessages),
            targeted_messages: spec.value_of(Field::TargetedMessages),
        }
    }
}

/// What a valid form holds.
pub(super) struct Values {
    pub name: BotName,
    pub metadata: Metadata,
    pub configuration: Configuration,
}

/// Reads a form; every problem is noted in `check`.
pub(super) fn read(instance: &AppInstanceArn, typed: &Typed, check: &mut Check) -> Option<Values> {
    let name = check.field(Field::Name, BotName::parse(typed.name));
    let metadata = Metadata::parse(&unix_newlines(typed.metadata));
    let metadata = check.field(Field::Metadata, metadata);
    let alias = LexBotAliasArn::parse(typed.lex_bot_alias_arn, instance);
    let alias = check.field(Field::LexBotAliasArn, alias);
    let locale = check.field(Field::LocaleId, LocaleId::parse(typed.locale_id.trim()));
    let intent = match typed.welcome_intent.trim() {
        "" => Some(None),
        intent => check.field(Field::WelcomeIntent, IntentName::parse(intent).map(Some)),
    };
    let standard = check.field(Field::StandardMessages, typed.standard_messages.parse());
    let targeted = check.field(Field::TargetedMessages, typed.targeted_messages.parse());
    let invoked_by = InvokedBy {
        standard_messages: standard?,
        targeted_messages: targeted?,
    };
    let lex = LexConfiguration {
        invoked_by: Some(invoked_by),
        lex_bot_alias_arn: alias?,
        locale_id: locale?,
        welcome_intent: intent?,
    };
    Some(Values {
        name: name?,
        metadata: metadata?,
        configuration: Configuration { lex },
    })
}

/// Why a form was refused.
pub(super) fn refused(check: Check) -> Failure {
    check
        .finish()
        .err()
        .unwrap_or_else(|| Cause::Internal.into())
}

/// The fields, filled with what a bot has; without one, with what most begin with.
pub(super) fn with_fields(
    spec: FormSpec,
    instance: &AppInstanceArn,
    name: &str,
    metadata: &str,
    lex: Option<&LexConfiguration>,
) -> FormSpec {
    let invoked_by = lex.and_then(|lex| lex.invoked_by);
    let standard = invoked_by.map_or(StandardMessages::Auto, |by| by.standard_messages);
    let targeted = invoked_by.map_or(TargetedMessages::All, |by| by.targeted_messages);
    let alias = lex.map_or("", |lex| lex.lex_bot_alias_arn.as_str());
    let locale = lex.map_or("", |lex| lex.locale_id.as_str());
    let intent = lex.and_then(|lex| lex.welcome_intent.as_ref());
    let alias_help = format!(
        "Of a Lex V2 bot in account {} and {}; in Lex, under the bot’s Aliases.",
        instance.account().grouped(),
        instance.region()
    );
    let standard_cards = Control::cards(
        StandardMessages::ALL,
        StandardMessages::as_str,
        StandardMessages::meaning,
    );
    let targeted_cards = Control::cards(
        TargetedMessages::ALL,
        TargetedMessages::as_str,
        TargetedMessages::meaning,
    );
    spec.field(
        FieldSpec::new(Field::Name, Control::short(), Rule::BotName)
            .optional()
            .value(name)
            .help("What members of a channel see."),
    )
    .field(
        FieldSpec::new(
            Field::LexBotAliasArn,
            Control::text(),
            Rule::LexAlias(instance.clone()),
        )
        .value(alias)
        .help(&alias_help),
    )
    .field(
        FieldSpec::new(Field::LocaleId, Control::short(), Rule::LocaleId)
            .value(locale)
            .help("A language of the Lex bot: en_US, en_GB, de_DE, es_419, fr_FR, ja_JP, …"),
    )
    .field(
        FieldSpec::new(Field::WelcomeIntent, Control::short(), Rule::IntentName)
            .optional()
            .value(intent.map_or("", IntentName::as_str))
            .help("The intent that is called when the bot joins a channel."),
    )
    .field(
        FieldSpec::new(Field::StandardMessages, standard_cards, Rule::None)
            .value(standard.as_str())
            .help("Which messages to the whole channel the bot answers."),
    )
    .field(
        FieldSpec::new(Field::TargetedMessages, targeted_cards, Rule::None)
            .value(targeted.as_str())
            .help("Whether it answers messages that are sent to it alone."),
    )
    .field(
        FieldSpec::new(Field::Metadata, Control::TextArea, Rule::Metadata)
            .optional()
            .value(metadata)
            .help("For your application, often JSON. Chime stores it and does not read it."),
    )
}

#[cfg(test)]
pub(super) mod tests {
    use domain::Problem;

    use super::*;

    pub fn instance() -> AppInstanceArn {
        "arn:aws:chime:us-east-1:123456789012:app-instance/1"
            .parse()
            .unwrap()
    }

    pub fn typed<'a>() -> Typed<'a> {
        Typed {
            name: "Helper",
            metadata: "a\r\nb",
            lex_bot_alias_arn: "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST",
            locale_id: "en_US",
            welcome_intent: "",
            standard_messages: "AUTO",
            targeted_messages: "ALL",
        }
    }

    fn problems(typed: &Typed) -> Vec<(Field, Problem)> {
        let mut check = Check::default();
        assert!(read(&instance(), typed, &mut check).is_none());
        let refused = refused(check);
        let problems = refused.field_problems().iter();
        problems
            .map(|found| (found.field, found.problem.clone()))
            .collect()
    }

    #[test]
    fn a_form_is_read_as_the_api_writes_it() {
        let values = read(&instance(), &typed(), &mut Check::default()).unwrap();
        assert_eq!(values.metadata.as_str(), "a\nb");
        assert_eq!(
            serde_json::to_value(&values.configuration).unwrap(),
            serde_json::json!({ "Lex": {
                "InvokedBy": { "StandardMessages": "AUTO", "TargetedMessages": "ALL" },
                "LexBotAliasArn":
                    "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST",
                "LocaleId": "en_US",
            }})
        );
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let wrong = Typed {
            lex_bot_alias_arn: "arn:aws:lex:us-east-1:123456789012:bot/ABCDEFGHIJ",
            locale_id: "en-US",
            welcome_intent: "Step2",
            standard_messages: "SOME",
            targeted_messages: "",
            ..typed()
        };
        assert_eq!(
            problems(&wrong),
            [
                (Field::LexBotAliasArn, Problem::LexAlias),
                (Field::LocaleId, Problem::Locale),
                (Field::WelcomeIntent, Problem::Intent),
                (Field::StandardMessages, Problem::NotAChoice),
                (Field::TargetedMessages, Problem::NotAChoice),
            ]
        );
    }

    #[test]
    fn a_lex_bot_of_another_region_is_refused() {
        let alias = "arn:aws:lex:eu-central-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST";
        let other = Typed {
            lex_bot_alias_arn: alias,
            ..typed()
        };
        assert_eq!(
            problems(&other),
            [(
                Field::LexBotAliasArn,
                Problem::OtherRegion {
                    region: "us-east-1".into()
                }
            )]
        );
    }
}
