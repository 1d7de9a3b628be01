//! Shapes `Configuration`, `LexConfiguration` and `InvokedBy`.

use serde::{Deserialize, Serialize};

use crate::constraints::{length, one_of, required, violated};
use crate::error::ApiError;
use crate::object::Object;
use crate::scope::Scope;

/// The configuration as it arrives.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfigurationInput {
    lex: Option<Object<LexInput>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LexInput {
    responds_to: Option<String>,
    invoked_by: Option<Object<InvokedByInput>>,
    lex_bot_alias_arn: Option<String>,
    locale_id: Option<String>,
    welcome_intent: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InvokedByInput {
    standard_messages: Option<String>,
    targeted_messages: Option<String>,
}

/// A valid configuration, as it is stored and answered.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Configuration {
    lex: Lex,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the members are named by the model"
)]
struct Lex {
    #[serde(skip_serializing_if = "Option::is_none")]
    responds_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoked_by: Option<InvokedBy>,
    lex_bot_alias_arn: String,
    locale_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    welcome_intent: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InvokedBy {
    standard_messages: String,
    targeted_messages: String,
}

impl ConfigurationInput {
    /// Checks the rules of the model, and that the Lex bot is in the caller's account and Region (developer guide,
    /// "Creating a Lex bot").
    pub(crate) fn check(self, scope: &Scope) -> Result<Configuration, ApiError> {
        let Object(lex) = required("configuration.lex", self.lex)?;
        let lex_bot_alias_arn =
            required("configuration.lex.lexBotAliasArn", lex.lex_bot_alias_arn)?;
        check_alias(&lex_bot_alias_arn, scope)?;
        let locale_id = required("configuration.lex.localeId", lex.locale_id)?;
        if !is_locale(&locale_id) {
            return Err(violated(
                "configuration.lex.localeId",
                "Member must be a Lex V2 locale such as en_US",
            ));
        }
        if let Some(responds_to) = &lex.responds_to {
            one_of(
                "configuration.lex.respondsTo",
                responds_to,
                &["STANDARD_MESSAGES"],
            )?;
        }
        if let Some(intent) = &lex.welcome_intent {
            check_intent(intent)?;
        }
        let invoked_by = lex
            .invoked_by
            .map(|Object(found)| found.check())
            .transpose()?;
        let (responds_to, welcome_intent) = (lex.responds_to, lex.welcome_intent);
        Ok(Configuration {
            lex: Lex {
                responds_to,
                invoked_by,
                lex_bot_alias_arn,
                locale_id,
                welcome_intent,
            },
        })
    }
}

impl InvokedByInput {
    fn check(self) -> Result<InvokedBy, ApiError> {
        let member = "configuration.lex.invokedBy.standardMessages";
        let standard_messages = required(member, self.standard_messages)?;
        one_of(
            member,
            &standard_messages,
            &["AUTO", "ALL", "MENTIONS", "NONE"],
        )?;
        let member = "configuration.lex.invokedBy.targetedMessages";
        let targeted_messages = required(member, self.targeted_messages)?;
        one_of(member, &targeted_messages, &["ALL", "NONE"])?;
        Ok(InvokedBy {
            standard_messages,
            targeted_messages,
        })
    }
}

/// Shape `LexBotAliasArn`: `arn:aws:lex:{region}:{account}:bot-alias/{bot}/{alias}`, the ids being ten characters.
fn check_alias(arn: &str, scope: &Scope) -> Result<(), ApiError> {
    let member = "configuration.lex.lexBotAliasArn";
    length(member, arn, 15, 2048)?;
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let is_id = |id: &str| {
        id.len() == 10
            && id
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    let ids = parts
        .get(5)
        .and_then(|resource| resource.strip_prefix("bot-alias/")?.split_once('/'));
    let shaped = parts[..].starts_with(&["arn", "aws", "lex"])
        && ids.is_some_and(|(bot, alias)| is_id(bot) && is_id(alias));
    if !shaped {
        return Err(violated(
            member,
            "Member must be the ARN of a Lex V2 bot alias",
        ));
    }
    if parts[3..5] != [scope.region.as_str(), scope.account_id.as_str()] {
        return Err(violated(
            member,
            "Member must be in the account and Region of the AppInstance",
        ));
    }
    Ok(())
}

/// Shape `LexIntentName`: 1 to 100 letters, each followed by at most one underscore.
fn check_intent(intent: &str) -> Result<(), ApiError> {
    let member = "configuration.lex.welcomeIntent";
    length(member, intent, 1, 100)?;
    let bytes = intent.as_bytes();
    let allowed = bytes.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_');
    if allowed && !intent.starts_with('_') && !intent.contains("__") {
        Ok(())
    } else {
        Err(violated(
            member,
            "Member must satisfy regular expression pattern: ^([A-Za-z]_?)+$",
        ))
    }
}

/// `en_US`, `es_419`: the list of Lex V2 grows, so only the form is checked.
fn is_locale(locale: &str) -> bool {
    locale.split_once('_').is_some_and(|(language, region)| {
        language.len() == 2
            && language.bytes().all(|b| b.is_ascii_lowercase())
            && (2..=3).contains(&region.len())
            && region
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(lex: &Value) -> Result<Configuration, ApiError> {
        let scope = Scope {
            account_id: "123456789012".to_owned(),
            region: "us-east-1".to_owned(),
        };
        serde_json::from_value::<ConfigurationInput>(json!({ "Lex": lex }))
            .unwrap()
            .check(&scope)
    }

    fn valid() -> Value {
        json!({
            "LexBotAliasArn": "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST",
            "LocaleId": "en_US",
        })
    }

    fn with(member: &str, value: &Value) -> Value {
        let mut lex = valid();
        lex[member] = value.clone();
        lex
    }

    #[test]
    fn a_configuration_is_answered_as_it_came() {
        let invoked = json!({"StandardMessages": "MENTIONS", "TargetedMessages": "ALL"});
        for lex in [
            valid(),
            with("InvokedBy", &invoked),
            with("RespondsTo", &json!("STANDARD_MESSAGES")),
        ] {
            let stored = serde_json::to_value(check(&lex).unwrap()).unwrap();
            assert_eq!(stored, json!({ "Lex": lex }));
        }
        for intent in ["Welcome_Intent", "a_", "A"] {
            assert!(
                check(&with("WelcomeIntent", &json!(intent))).is_ok(),
                "{intent}"
            );
        }
        assert!(check(&with("LocaleId", &json!("es_419"))).is_ok());
    }

    #[test]
    fn what_the_model_forbids_is_a_bad_request() {
        for (member, value) in [
            (
                "LexBotAliasArn",
                json!("arn:aws:lex:us-east-1:123456789012:bot-alias/ABC/DEF"),
            ),
            (
                "LexBotAliasArn",
                json!("arn:aws:lex:eu-central-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST"),
            ),
            (
                "LexBotAliasArn",
                json!("arn:aws-cn:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST"),
            ),
            ("LexBotAliasArn", Value::Null),
            ("LocaleId", json!("english")),
            ("LocaleId", Value::Null),
            ("RespondsTo", json!("EVERYTHING")),
            ("WelcomeIntent", json!("_Welcome")),
            ("WelcomeIntent", json!("Welcome__Intent")),
            ("WelcomeIntent", json!("Welcome1")),
            ("InvokedBy", json!({"StandardMessages": "AUTO"})),
            (
                "InvokedBy",
                json!({"StandardMessages": "SOME", "TargetedMessages": "ALL"}),
            ),
        ] {
            let error = check(&with(member, &value)).err().unwrap();
            assert_eq!(error.exception, "BadRequestException", "{member} {value}");
        }
    }
}
