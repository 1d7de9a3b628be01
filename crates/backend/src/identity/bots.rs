//! AppInstanceBots: create, describe, list, update, delete.

use aws_sdk_chimesdkidentity::types;
use domain::arn::{AppInstanceBotArn, LexBotAliasArn};
use domain::input::{
    Configuration, CreateAppInstanceBot, DeleteAppInstanceBot, DescribeAppInstanceBot,
    ListAppInstanceBots, UpdateAppInstanceBot,
};
use domain::name::{IntentName, LocaleId};
use domain::settings::{InvokedBy, LexConfiguration};
use domain::view::{AppInstanceBot, AppInstanceBotSummary};
use domain::{Failure, Given};

use super::classify::{answer, page};
use super::convert::{built, given, listing, number, text, timestamp, unless_empty};
use super::{Client, Listing, Made, Request, tags};

impl Request for CreateAppInstanceBot {
    type Output = Given<AppInstanceBotArn>;

    async fn send(&self, client: &Client) -> Result<Self::Output, Failure> {
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
        Ok(given("AppInstanceBotArn", output.app_instance_bot_arn()))
    }

    fn made(made: &Self::Output) -> Option<Made> {
        Made::resource(made)
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
        let bot = output.app_instance_bot;
        let bot = bot.unwrap_or_else(|| types::AppInstanceBot::builder().build());
        let lex = bot.configuration().and_then(types::Configuration::lex);
        Ok(AppInstanceBot {
            arn: given("AppInstanceBotArn", bot.app_instance_bot_arn()),
            configuration: lex.map(lex_configuration),
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
        let rows = output.app_instance_bots;
        Ok(listing(rows, output.next_token, summary))
    }
}

fn summary(row: types::AppInstanceBotSummary) -> AppInstanceBotSummary {
    AppInstanceBotSummary {
        arn: given("AppInstanceBotArn", row.app_instance_bot_arn()),
        name: text(row.name),
        metadata: text(row.metadata),
    }
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
    let invoked_by = |invoked_by: &InvokedBy| {
        let invoked_by = types::InvokedBy::builder()
            .standard_messages(invoked_by.standard_messages.as_str().into())
            .targeted_messages(invoked_by.targeted_messages.as_str().into());
        built(invoked_by.build())
    };
    let lex = types::LexConfiguration::builder()
        .lex_bot_alias_arn(lex.lex_bot_alias_arn.as_str())
        .locale_id(lex.locale_id.as_str())
        .set_invoked_by(lex.invoked_by.as_ref().map(invoked_by).transpose()?)
        .set_welcome_intent(lex.welcome_intent.clone().map(String::from));
    Ok(types::Configuration::builder()
        .lex(built(lex.build())?)
        .build())
}

/// The configuration as it came, whatever it holds.
fn lex_configuration(lex: &types::LexConfiguration) -> LexConfiguration {
    let invoked_by = lex.invoked_by().map(|by| InvokedBy {
        standard_messages: given("StandardMessages", Some(by.standard_messages().as_str())),
        targeted_messages: given("TargetedMessages", Some(by.targeted_messages().as_str())),
    });
    LexConfiguration {
        invoked_by,
        lex_bot_alias_arn: LexBotAliasArn::read(lex.lex_bot_alias_arn()),
        locale_id: LocaleId::read(lex.locale_id()),
        welcome_intent: lex.welcome_intent().map(IntentName::read),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use aws_sdk_chimesdkidentity::Client as Sdk;
    use aws_sdk_chimesdkidentity::operation as op;
    use aws_smithy_mocks::mock;
    use domain::name::BotName;
    use domain::tag::Tags;

    use super::*;
    use crate::identity::tests::{
        BOT, INSTANCE, LEX, client, create_app_instance_bot as sample, metadata, one, operations,
    };

    /// What the configuration of the sample is for the SDK.
    fn sdk_lex() -> types::LexConfiguration {
        let invoked_by = types::InvokedBy::builder()
            .standard_messages(types::StandardMessages::Mentions)
            .targeted_messages(types::TargetedMessages::All)
            .build();
        types::LexConfiguration::builder()
            .lex_bot_alias_arn(LEX)
            .locale_id("en_US")
            .invoked_by(invoked_by.unwrap())
            .welcome_intent("Welcome")
            .build()
            .unwrap()
    }

    operations! {
        create_app_instance_bot [name = BotName::parse("").unwrap(), metadata = metadata(""), tags = Tags::default()]:
            |i| i.name().is_none() && i.metadata().is_none() && i.client_request_token() == Some("token-1")
                && i.configuration().and_then(|c| c.lex()) == Some(&sdk_lex()),
            op::create_app_instance_bot::CreateAppInstanceBotOutput::builder().app_instance_bot_arn(BOT).build()
            => Given::read(BOT);
        describe_app_instance_bot: |i| i.app_instance_bot_arn() == Some(BOT),
            op::describe_app_instance_bot::DescribeAppInstanceBotOutput::builder().app_instance_bot(
                types::AppInstanceBot::builder().app_instance_bot_arn(BOT).name("H")
                    .configuration(types::Configuration::builder().lex(sdk_lex()).build()).build(),
            ).build()
            => AppInstanceBot {
                arn: Given::read(BOT), name: "H".into(), metadata: String::new(),
                configuration: Some(sample().configuration.lex), responds_to: false, created: None,
                updated: None,
            };
        list_app_instance_bots: |i| i.app_instance_arn() == Some(INSTANCE),
            op::list_app_instance_bots::ListAppInstanceBotsOutput::builder().next_token("t2").app_instance_bots(
                types::AppInstanceBotSummary::builder().app_instance_bot_arn(BOT).name("H").build(),
            ).build()
            => one(AppInstanceBotSummary { arn: Given::read(BOT), name: "H".into(), metadata: String::new() });
        update_app_instance_bot [configuration = None]:
            |i| i.name() == Some("Helper") && i.metadata() == Some("m") && i.configuration().is_none(),
            op::update_app_instance_bot::UpdateAppInstanceBotOutput::builder().build() => ();
        delete_app_instance_bot: |i| i.app_instance_bot_arn() == Some(BOT),
            op::delete_app_instance_bot::DeleteAppInstanceBotOutput::builder().build() => ();
    }
}
