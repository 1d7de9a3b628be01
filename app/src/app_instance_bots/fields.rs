//! The fields that the forms of creating and editing a bot share, and what they hold.

use std::fmt::Display;
use std::str::FromStr;

use domain::arn::{AppInstanceArn, LexBotAliasArn};
use domain::input::Configuration;
use domain::name::{BotName, IntentName, Lines, LocaleId, Metadata, unless_changed};
use domain::problem::Check;
use domain::settings::{InvokedBy, LexConfiguration, StandardMessages, TargetedMessages};
use domain::{Field, Given, Problem};

use super::present::{
    Present, leaves_configuration, standard_messages, targeted_messages, welcome_intent,
};
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::metadata;

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
    /// `None` leaves it as it is.
    pub configuration: Option<Configuration>,
}

/// Reads a form; every problem is noted in `check`. A value that the browser sent back unchanged
/// stays exactly as AWS gave it.
pub(super) fn read(
    instance: &AppInstanceArn,
    typed: &Typed,
    present: &Present,
    check: &mut Check,
) -> Option<Values> {
    let name = unless_changed(typed.name, present.name, Lines::One);
    let name = check.field(Field::Name, BotName::parse(name));
    let metadata = metadata::read(typed.metadata, present.metadata, check);
    let configuration = match present.lex {
        Some(lex) if leaves_configuration(typed, lex) => Some(None),
        lex => configuration(instance, typed, lex, check).map(Some),
    };
    Some(Values {
        name: name?,
        metadata: metadata?,
        configuration: configuration?,
    })
}

/// A choice, or one that AWS gave and this version does not know, which may stay.
fn choice<T: FromStr<Err = Problem> + Display>(
    typed: &str,
    present: &str,
) -> Result<Given<T>, Problem> {
    if typed == present && !present.is_empty() {
        return Ok(Given::read(typed));
    }
    typed.parse().map(T::into)
}

fn configuration(
    instance: &AppInstanceArn,
    typed: &Typed,
    present: Option<&LexConfiguration>,
    check: &mut Check,
) -> Option<Configuration> {
    let alias = LexBotAliasArn::parse(typed.lex_bot_alias_arn, instance);
    let alias = check.field(Field::LexBotAliasArn, alias);
    let locale = check.field(Field::LocaleId, LocaleId::parse(typed.locale_id.trim()));
    let intent = match typed.welcome_intent.trim() {
        "" => Some(None),
        intent => check.field(Field::WelcomeIntent, IntentName::parse(intent).map(Some)),
    };
    let standard = choice(
        typed.standard_messages,
        present.map_or("", standard_messages),
    );
    let standard = check.field(Field::StandardMessages, standard);
    let targeted = choice(
        typed.targeted_messages,
        present.map_or("", targeted_messages),
    );
    let targeted = check.field(Field::TargetedMessages, targeted);
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
    Some(Configuration { lex })
}

/// A rule for what somebody types. What AWS gave may stay, so its field has none.
fn rule_for(rule: Rule, present: &str) -> Rule {
    if present.is_empty() || rule.check(present, false).is_ok() {
        rule
    } else {
        Rule::None
    }
}

/// The fields, filled with what a bot has; without one, with what most begin with.
pub(super) fn with_fields(
    spec: FormSpec,
    instance: &AppInstanceArn,
    present: &Present,
) -> FormSpec {
    let lex = present.lex;
    let standard = lex.map_or(StandardMessages::Auto.as_str(), standard_messages);
    let targeted = lex.map_or(TargetedMessages::All.as_str(), targeted_messages);
    let alias = lex.map_or("", |lex| lex.lex_bot_alias_arn.as_str());
    let locale = lex.map_or("", |lex| lex.locale_id.as_str());
    let intent = lex.map_or("", welcome_intent);
    let alias_help = format!(
        "Of a Lex V2 bot in account {} and {}; in Lex, under the bot’s Aliases.",
        instance.account().grouped(),
        instance.region()
    );
    let standard_cards = Control::cards(
        StandardMessages::ALL,
        StandardMessages::as_str,
        StandardMessages::meaning,
    )
    .or_as_it_is(standard);
    let targeted_cards = Control::cards(
        TargetedMessages::ALL,
        TargetedMessages::as_str,
        TargetedMessages::meaning,
    )
    .or_as_it_is(targeted);
    spec.field(
        FieldSpec::new(Field::Name, Control::short(), Rule::BotName)
            .optional()
            .value(present.name)
            .help("What members of a channel see."),
    )
    .field(
        FieldSpec::new(
            Field::LexBotAliasArn,
            Control::text(),
            rule_for(Rule::LexAlias(instance.clone()), alias),
        )
        .value(alias)
        .help(&alias_help),
    )
    .field(
        FieldSpec::new(
            Field::LocaleId,
            Control::short(),
            rule_for(Rule::LocaleId, locale),
        )
        .value(locale)
        .help("A language of the Lex bot: en_US, en_GB, de_DE, es_419, fr_FR, ja_JP, …"),
    )
    .field(
        FieldSpec::new(
            Field::WelcomeIntent,
            Control::short(),
            rule_for(Rule::IntentName, intent),
        )
        .optional()
        .value(intent)
        .help("The intent that is called when the bot joins a channel."),
    )
    .field(
        FieldSpec::new(Field::StandardMessages, standard_cards, Rule::None)
            .value(standard)
            .help("Which messages to the whole channel the bot answers."),
    )
    .field(
        FieldSpec::new(Field::TargetedMessages, targeted_cards, Rule::None)
            .value(targeted)
            .help("Whether it answers messages that are sent to it alone."),
    )
    .field(metadata::field(present.metadata))
}

#[cfg(test)]
pub(super) mod tests {
    use domain::Failure;

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
        assert!(read(&instance(), typed, &Present::default(), &mut check).is_none());
        let refused = check.finish().unwrap_err();
        let problems = refused.field_problems().iter();
        problems
            .map(|found| (found.field, found.problem.clone()))
            .collect()
    }

    #[test]
    fn a_form_is_read_as_the_api_writes_it() {
        let values = read(
            &instance(),
            &typed(),
            &Present::default(),
            &mut Check::default(),
        );
        let values = values.unwrap();
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

    fn odd() -> LexConfiguration {
        LexConfiguration {
            invoked_by: Some(InvokedBy {
                standard_messages: Given::read("SOME"),
                targeted_messages: TargetedMessages::All.into(),
            }),
            lex_bot_alias_arn: LexBotAliasArn::read("arn:aws:lex:us-east-1:1:bot/x"),
            locale_id: LocaleId::read("zh-Hans"),
            welcome_intent: Some(IntentName::read("1st")),
        }
    }

    fn sent_back(lex: &LexConfiguration) -> Typed<'_> {
        Typed {
            name: "Renamed",
            metadata: "",
            lex_bot_alias_arn: lex.lex_bot_alias_arn.as_str(),
            locale_id: lex.locale_id.as_str(),
            welcome_intent: welcome_intent(lex),
            standard_messages: standard_messages(lex),
            targeted_messages: targeted_messages(lex),
        }
    }

    fn edited(lex: &LexConfiguration, typed: &Typed) -> Result<Values, Failure> {
        let mut check = Check::default();
        let present = Present {
            lex: Some(lex),
            ..Present::default()
        };
        read(&instance(), typed, &present, &mut check).ok_or_else(|| check.finish().unwrap_err())
    }

    #[test]
    fn a_configuration_that_breaks_every_rule_stays_when_only_the_name_is_changed() {
        let old = LexConfiguration {
            invoked_by: None,
            ..odd()
        };
        for lex in [odd(), old] {
            let values = edited(&lex, &sent_back(&lex)).unwrap();
            assert_eq!(values.name.as_str(), "Renamed");
            assert!(values.configuration.is_none());
        }
    }

    #[test]
    fn a_choice_that_is_new_stays_while_another_is_made() {
        let lex = odd();
        let typed = Typed {
            targeted_messages: "NONE",
            lex_bot_alias_arn: typed().lex_bot_alias_arn,
            locale_id: "en_US",
            welcome_intent: "",
            ..sent_back(&lex)
        };
        let values = edited(&lex, &typed).unwrap();
        let by = values
            .configuration
            .and_then(|configuration| configuration.lex.invoked_by);
        let by = serde_json::to_value(by).unwrap();
        let wanted = serde_json::json!({ "StandardMessages": "SOME", "TargetedMessages": "NONE" });
        assert_eq!(by, wanted);

        let made_up = Typed {
            standard_messages: "OTHER",
            ..typed
        };
        assert!(edited(&lex, &made_up).is_err());
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
