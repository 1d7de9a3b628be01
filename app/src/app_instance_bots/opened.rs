//! An AppInstanceBot as its pages open it.

use domain::Failure;
use domain::arn::AppInstanceBotArn;
use domain::input::DescribeAppInstanceBot;
use domain::view::AppInstanceBot;

use crate::request::Request;
use crate::ui::parts::short_id;
use crate::ui::tabs::BOT_TABS;
use crate::{opened, paths};

/// A bot as a page shows it.
pub type Opened = opened::Opened<AppInstanceBotArn, AppInstanceBot>;

/// Where the pages of a bot are.
pub fn place(request: &Request, arn: &AppInstanceBotArn) -> opened::Place {
    let path = paths::bot(&request.connection().id, arn);
    opened::Place::in_list(request, arn.instance(), ("Bots", "bots"), path, &BOT_TABS)
}

/// What a bot is called: names are optional.
pub(super) fn title(arn: &AppInstanceBotArn, name: &str) -> String {
    if name.trim().is_empty() {
        format!("Unnamed bot {}", short_id(arn.id()))
    } else {
        name.to_owned()
    }
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

/// Reads a bot for one of its pages.
pub async fn open(request: &Request, arn: &AppInstanceBotArn) -> Result<Opened, Failure> {
    let (place, described) = (place(request, arn), describe(request, arn));
    Opened::read(request, arn, place, described, |bot| title(arn, &bot.name)).await
}

/// The bot of a page's path.
pub(super) async fn of_path(request: &Request) -> Result<Opened, Failure> {
    open(request, &request.bot().await?).await
}
