//! AppInstanceBots: create, describe, list, update, delete.

use aws_sdk_chimesdkidentity::types;
use domain::Failure;
use domain::arn::AppInstanceBotArn;
use domain::input::{
    Configuration, CreateAppInstanceBot, DeleteAppInstanceBot, DescribeAppInstanceBot,
    ListAppInstanceBots, UpdateAppInstanceBot,
};
use domain::name::{IntentName, LocaleId};
use domain::settings::{InvokedBy, LexConfiguration};
use domain::view::{AppInstanceBot, AppInstanceBotSummary};

use super::classify::{answer, page};
use super::convert::{
    built, next_token, number, present, required, text, timestamp, unless_empty, unusable,
};
use super::{Client, Listing, Made, Request, tags};

impl Request for CreateAppInstanceBot {
    type Output = AppInstanceBotArn;

    async fn send(&self, client: &Client) -> Result<AppInstanceBotArn, Failure> {
        let request = client
            .sdk()
            .create_app_instance_bot()
            .app_instance_arn(self.app_instance_arn.as_str())
            .set_name(unless_empty(self.name.as_str()))
            .set_metadata(unless_empty(self.metadata.as_str()))
            .set_tags(tags::list(&self.tags)?)
            .configuration(configuration(&self.configuration)?)
            .client_request_token(self.client_request_token.as_str());
        let output = answer::<Self, _, _>(request.send().await)?;
        required("AppInstanceBotArn", output.app_instance_bot_arn())
    }

    fn made(made: &AppInstanceBotArn) -> Option<Made> {
        Some(Made::Resource(made.to_string()))
    }
}

impl Request for DescribeAppInstanceBot {
    type Output = AppInstanceBot;

    async fn send(&self, client: &Client) -> Result<AppInstanceBot, Failure> {
        let request = client
            .sdk()
            .describe_app_instance_bot()
            .app_instance_bot_arn(self.app_instance_bot_arn.as_str());
        let output = answer::<Self, _, _>(request.send().await)?;
        let bot = present("AppInstanceBot", output.app_instance_bot)?;
        let lex = bot.configuration().and_then(types::Configuration::lex);
        Ok(AppInstanceBot {
            arn: required("AppInstanceBotArn", bot.app_instance_bot_arn())?,
            configuration: lex.and_then(lex_configuration),
            responds_to: lex
                .is_some_and(|lex| lex.invoked_by().is_none() && lex.responds_to().is_some()),
            created: timestamp(bot.created_timestamp()),
            updated: timestamp(bot.last_updated_timestamp()),
            name: text(bot.name),
            metadata: text(bot.metadata),
        })
    }
}

impl Request for ListAppInstanceBots {
    type Output = Listing<AppInstanceBotSummary>;

    async fn send(&self, client: &Client) -> Result<Self::Output, Failure> {
        let request = client
            .sdk()
            .list_app_instance_bots()
            .app_instance_arn(self.app_instance_arn.as_str())
            .max_results(number(self.max_results))
            .set_next_token(self.next_token.clone());
        let output = page::<Self, _, _>(self.next_token.as_deref(), request.send().await)?;
        let items = output.app_instance_bots.unwrap_or_default();
        Ok(Listing {
            items: items.into_iter().map(summary).collect::<Result<_, _>>()?,
            next_token: next_token(output.next_token),
        })
    }
}

fn summary(row: types::AppInstanceBotSummary) -> Result<AppInstanceBotSummary, Failure> {
    Ok(AppInstanceBotSummary {
        arn: required("AppInstanceBotArn", row.app_instance_bot_arn())?,
        name: text(row.name),
        metadata: text(row.metadata),
    })
}

impl Request for UpdateAppInstanceBot {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let configuration = self.configuration.as_ref().map(configuration).transpose()?;
        let request = client
            .sdk()
            .update_app_instance_bot()
            .app_instance_bot_arn(self.app_instance_bot_arn.as_str())
            .name(self.name.as_str())
            .metadata(self.metadata.as_str())
            .set_configuration(configuration);
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

impl Request for DeleteAppInstanceBot {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let request = client
            .sdk()
            .delete_app_instance_bot()
            .app_instance_bot_arn(self.app_instance_bot_arn.as_str());
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

fn configuration(configuration: &Configuration) -> Result<types::Configuration, Failure> {
    let lex = &configuration.lex;
    let invoked_by = |invoked_by: InvokedBy| {
        let invoked_by = types::InvokedBy::builder()
            .standard_messages(invoked_by.standard_messages.as_str().into())
            .targeted_messages(invoked_by.targeted_messages.as_str().into());
        built(invoked_by.build())
    };
    let lex = types::LexConfiguration::builder()
        .lex_bot_alias_arn(lex.lex_bot_alias_arn.as_str())
        .locale_id(lex.locale_id.as_str())
        .set_invoked_by(lex.invoked_by.map(invoked_by).transpose()?)
        .set_welcome_intent(lex.welcome_intent.clone().map(String::from));
    Ok(types::Configuration::builder()
        .lex(built(lex.build())?)
        .build())
}

/// The configuration as far as it is known here. A choice that AWS added later is left out, so
/// that the bot's page still opens.
fn lex_configuration(lex: &types::LexConfiguration) -> Option<LexConfiguration> {
    let invoked_by = lex.invoked_by().and_then(|invoked_by| {
        let standard = invoked_by.standard_messages().as_str().parse();
        let targeted = invoked_by.targeted_messages().as_str().parse();
        let (Ok(standard_messages), Ok(targeted_messages)) = (standard, targeted) else {
            unusable("InvokedBy");
            return None;
        };
        Some(InvokedBy {
            standard_messages,
            targeted_messages,
        })
    });
    let alias = lex.lex_bot_alias_arn().parse();
    let (Ok(lex_bot_alias_arn), Ok(locale_id)) = (alias, LocaleId::parse(lex.locale_id())) else {
        unusable("LexConfiguration");
        return None;
    };
    Some(LexConfiguration {
        invoked_by,
        lex_bot_alias_arn,
        locale_id,
        welcome_intent: lex
            .welcome_intent()
            .and_then(|intent| IntentName::parse(intent).ok()),
    })
}
