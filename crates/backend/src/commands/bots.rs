//! Bots: deleting.

use domain::arn::{AppInstanceBotArn, MemberArn};
use domain::input::{DeleteAppInstanceBot, DescribeAppInstanceBot};
use domain::view::AppInstanceBot;
use domain::{Failure, Field, consequence};

use super::{Acting, admins};

/// Deletes a bot, once its name was typed; its id, if nobody can read the name. An admin is demoted
/// first. Answers what it was.
pub async fn delete(
    acting: Acting<'_>,
    arn: &AppInstanceBotArn,
    typed: &str,
) -> Result<AppInstanceBot, Failure> {
    let read = DescribeAppInstanceBot {
        app_instance_bot_arn: arn.clone(),
    };
    let bot = acting.call(read).await?;
    let word = consequence::word_for(&bot.name, arn.id());
    consequence::confirm(Field::Confirm, typed, word)?;
    let member = MemberArn::Bot(arn.clone());
    let role = admins::role_of(acting, &member).await;
    admins::demote_before_delete(acting, &member, role).await?;
    let input = DeleteAppInstanceBot {
        app_instance_bot_arn: arn.clone(),
    };
    acting.replace(input, &bot).await?;
    Ok(bot)
}
