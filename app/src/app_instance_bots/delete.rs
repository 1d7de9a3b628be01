//! Deleting an AppInstanceBot: what goes with it, then its name.

use backend::commands;
use domain::arn::{AppInstanceBotArn, MemberArn};
use domain::consequence::{self, Count};
use domain::input;
use domain::snippet::Call;
use domain::view::AppInstanceBot;
use domain::{Failure, Field, Target, Timestamp};
use leptos::prelude::*;

use super::{Opened, list_path, title};
use crate::app_instance_admins::admin_role;
use crate::app_instance_admins::last_admin;
use crate::form::{Control, FieldSpec, FormSpec, Rule, When};
use crate::listing::places;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::consequence::{Consequence, Effect, Severity};
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::tabs::BotTab;

/// Deletes a bot, once its name was typed. An admin is demoted first, as with users.
#[server(prefix = "/api", endpoint = "bots/delete")]
pub async fn delete_app_instance_bot(
    target: Target<AppInstanceBotArn>,
    #[server(default)] confirm: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    let bot = commands::bots::delete(request.acting()?, &arn, &confirm).await?;
    let list = places::back_to(&request, list_path(&request, arn.instance())).await;
    let detail = isolated(&title(&arn, &bot.name));
    request.done(list, "AppInstanceBot deleted", detail).await
}

/// What is to be typed: the name, or the ID of a bot without one.
fn word<'a>(arn: &'a AppInstanceBotArn, bot: &'a AppInstanceBot) -> &'a str {
    consequence::word_for(&bot.name, arn.id())
}

/// The page that says what will happen and asks for the name.
#[component]
pub fn DeletePage() -> impl IntoView {
    page(|request| async move {
        let arn = request.bot().await?;
        let member = MemberArn::Bot(arn.clone());
        let list_tags = input::ListTagsForResource {
            resource_arn: arn.clone().into(),
        };
        let (opened, admin, tags) = tokio::join!(
            Opened::read(&request, &arn),
            admin_role(&request, &member),
            request.call(list_tags),
        );
        let opened = opened?;
        let admin = admin.ok().map(|admin| admin.is_some());
        let last = match admin {
            Some(true) => last_admin(&request, &member).await,
            _ => None,
        };
        let tags = tags.map_or(Count::Unknown, |tags| {
            Count::Exactly(u32::try_from(tags.len()).unwrap_or(u32::MAX))
        });
        let spec = form(&request, &opened);
        let spec = request.resumed(spec).await;
        let body = view! {
            <div class="stack narrow">
                {consequences(&opened.bot, (admin, last), tags, request.now())} <Form spec=spec />
            </div>
        };
        let heading = format!("Delete bot {}", isolated(&opened.title()));
        Ok(opened
            .page(&request, BotTab::None, "Delete", body)
            .headed(heading)
            .calls(calls(&arn, admin)))
    })
}

fn form(request: &Request, opened: &Opened) -> FormSpec {
    let Opened { arn, bot, .. } = opened;
    let account = arn.instance().account().grouped();
    let help = if word(arn, bot) == arn.id() {
        format!("This bot has no name, so type its ID. Account {account}:")
    } else {
        format!("Account {account}:")
    };
    let rule = Rule::Confirm {
        name: word(arn, bot).to_owned(),
        when: When::Always,
    };
    FormSpec::new(
        "bots/delete",
        request.path().to_owned(),
        "Delete AppInstanceBot",
        "Deleting…",
    )
    .danger()
    .cancel(opened.path(request))
    .on(&request.connection().id, arn)
    .field(FieldSpec::new(Field::Confirm, Control::short(), rule).help(&help))
}

fn calls(arn: &AppInstanceBotArn, admin: Option<bool>) -> Vec<Call> {
    let demote = input::DeleteAppInstanceAdmin {
        app_instance_arn: arn.instance().clone(),
        app_instance_admin_arn: MemberArn::Bot(arn.clone()),
    };
    let delete = input::DeleteAppInstanceBot {
        app_instance_bot_arn: arn.clone(),
    };
    let demote = (admin == Some(true)).then(|| Call::of(&demote));
    demote.into_iter().chain([Call::of(&delete)]).collect()
}

fn consequences(
    bot: &AppInstanceBot,
    (admin, last): (Option<bool>, Option<&'static str>),
    tags: Count,
    now: Timestamp,
) -> AnyView {
    let tags = match tags {
        Count::Unknown => "could not count".to_owned(),
        count => count.text(),
    };
    let (admin, role) = match admin {
        Some(true) => ("1", "Demoted first, then deleted"),
        Some(false) => ("0", "This bot is not an admin"),
        None => ("could not read", "Goes with the bot"),
    };
    let lex = bot.configuration.as_ref();
    let lex = lex.map_or("Lex bot", |lex| lex.lex_bot_alias_arn.as_str());
    let panel = Consequence::new(Severity::Loss, "triangle", "The bot is deleted, and AWS cannot restore it", view! {
        <p>
            "The bot no longer answers in any channel. A new bot with the same alias gets another ID and must be added to channels again."
        </p>
    }).effects(vec![
            Effect::counted("Admin role", admin.to_owned(), role),
            Effect::counted("Tags", tags, "Deleted"),
            Effect::counted("Lex bot", "0".to_owned(), format!("Stays: {lex}")),
            Effect::not_visible("Channel memberships", "This API cannot count them"),
        ], now).warning(last);
    panel.view()
}

#[cfg(test)]
mod tests {

    use super::*;

    fn arn() -> AppInstanceBotArn {
        "arn:aws:chime:us-east-1:123456789012:app-instance/1/bot/7a"
            .parse()
            .unwrap()
    }

    #[test]
    fn an_admin_is_demoted_before() {
        let arn = arn();
        assert_eq!(calls(&arn, Some(true)).len(), 2);
        assert_eq!(calls(&arn, Some(false)).len(), 1);
        assert_eq!(calls(&arn, None).len(), 1);
    }
}
