//! A bot as its pages show it: what was read, its name, and the page around it.

use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::page::Content;
use crate::ui::parts::short_id;
use crate::ui::tabs::{BotTab, bot_tabs};
use crate::{app_instances, paths};
use domain::Failure;
use domain::arn::{AppInstanceArn, AppInstanceBotArn};
use domain::input::DescribeAppInstanceBot;
use domain::view::AppInstanceBot;
use leptos::prelude::*;

/// The list of the bots of an AppInstance.
pub(super) fn list_path(request: &Request, instance: &AppInstanceArn) -> String {
    let connection = &request.connection().id;
    format!("{}/bots", paths::instance(connection, instance))
}

/// Reads a bot: one call.
pub(super) async fn describe(
    request: &Request,
    arn: &AppInstanceBotArn,
) -> Result<AppInstanceBot, Failure> {
    let input = DescribeAppInstanceBot {
        app_instance_bot_arn: arn.clone(),
    };
    request.call(input).await
}

/// What a bot is called: names are optional.
pub(super) fn title(arn: &AppInstanceBotArn, name: &str) -> String {
    if name.trim().is_empty() {
        format!("Unnamed bot {}", short_id(arn.id()))
    } else {
        name.to_owned()
    }
}

/// A bot as a page shows it: with the name of its AppInstance.
pub struct Opened {
    /// The ARN in the address of the page, whatever ARN AWS answers.
    pub arn: AppInstanceBotArn,
    /// What DescribeAppInstanceBot answered.
    pub bot: AppInstanceBot,
    pub(super) instance_name: String,
}

impl Opened {
    /// Reads the bot, and beside it the name of its AppInstance.
    pub async fn read(request: &Request, arn: &AppInstanceBotArn) -> Result<Self, Failure> {
        let (bot, instance_name) = tokio::join!(
            describe(request, arn),
            app_instances::name(request, arn.instance())
        );
        Ok(Self {
            arn: arn.clone(),
            bot: bot?,
            instance_name,
        })
    }

    /// The page of the bot, from which its other pages go on.
    pub fn path(&self, request: &Request) -> String {
        paths::bot(&request.connection().id, &self.arn)
    }

    /// What the bot is called.
    pub fn title(&self) -> String {
        title(&self.arn, &self.bot.name)
    }

    /// A page of the bot: its place in the navigation, the breadcrumb, the tabs.
    pub fn page(
        &self,
        request: &Request,
        tab: BotTab,
        title: impl Into<String>,
        body: impl IntoView + 'static,
    ) -> Content {
        let arn = &self.arn;
        let instance = arn.instance();
        let content = app_instances::within(
            request,
            instance,
            &self.instance_name,
            Section::None,
            title,
            body,
        )
        .crumb("Bots", list_path(request, instance));
        let tabs = || bot_tabs(&request.connection().id, arn, tab);
        let above = |content: Content| content.crumb(isolated(&self.title()), self.path(request));
        match tab {
            BotTab::Details => content.tabs(tabs()),
            BotTab::None => above(content),
            _ => above(content).tabs(tabs()),
        }
    }
}
