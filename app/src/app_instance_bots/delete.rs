//! Deleting an AppInstanceBot: what goes with it, then its name.

use backend::commands;
use domain::arn::{AppInstanceBotArn, MemberArn};
use domain::consequence;
use domain::input;
use domain::snippet::Call;
use domain::view::AppInstanceBot;
use domain::{Failure, Field, Target, Timestamp};
use leptos::prelude::*;

use super::{Opened, open, title};
use crate::app_instance_admins::{admin_role, last_admin, role_deleted};
use crate::app_instances::list_path;
use crate::form::{Control, FieldSpec, FormSpec, Rule, When};
use crate::listing::places;
use crate::paths::MemberKind;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::consequence::{Consequence, Effect, Severity};
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::tabs::Tab;
use crate::{opened, tags};

/// Deletes a bot, once its name was typed. An admin is demoted first, as with users.
#[server(prefix = "/api", endpoint = "bots/delete")]
pub async fn delete_app_instance_bot(
    target: Target<AppInstanceBotArn>,
    #[server(default)] confirm: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    let bot = commands::bots::delete(request.acting()?, &arn, &confirm).await?;
    let list = places::back_to(&request, list_path(&request, arn.instance(), "bots")).await;
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
        let (opened, admin, tags) = tokio::join!(
            open(&request, &arn),
            admin_role(&request, &member),
            request.call(opened::list_tags(&member)),
        );
        let opened = opened?;
        let admin = admin.ok().map(|admin| admin.is_some());
        let last = match admin {
            Some(true) => last_admin(&request, &member).await,
            _ => None,
        };
        let spec = request.resumed(form(&request, &opened)).await;
        let effects = vec![
            role_deleted(MemberKind::Bot, admin),
            tags::deleted(tags),
            lex_bot(&opened.resource),
            Effect::not_visible("Channel memberships", "This API cannot count them"),
        ];
        let consequences = consequences(effects, last, request.now());
        let delete = Call::of(&input::DeleteAppInstanceBot {
            app_instance_bot_arn: arn.clone(),
        });
        let body = view! { <div class="stack narrow">{consequences} <Form spec=spec /></div> };
        let heading = format!("Delete bot {}", isolated(opened.title()));
        Ok(opened
            .page(&request, Tab::None, "Delete", body)
            .headed(heading)
            .calls(opened::calls_to_delete(&member, admin, delete)))
    })
}

fn form(request: &Request, opened: &Opened) -> FormSpec {
    let (arn, bot) = (&opened.arn, &opened.resource);
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
    request
        .form("bots/delete", "Delete AppInstanceBot", "Deleting…")
        .danger()
        .cancel(opened.path())
        .on(&request.connection().id, arn)
        .field(FieldSpec::new(Field::Confirm, Control::short(), rule).help(&help))
}

/// The Lex bot behind it, which AWS leaves alone.
fn lex_bot(bot: &AppInstanceBot) -> Effect {
    let lex = bot.configuration.as_ref();
    let lex = lex.map_or("Lex bot", |lex| lex.lex_bot_alias_arn.as_str());
    Effect::counted("Lex bot", "0".to_owned(), format!("Stays: {lex}"))
}

fn consequences(effects: Vec<Effect>, last: Option<&'static str>, now: Timestamp) -> AnyView {
    let panel = Consequence::new(Severity::Loss, "triangle", "The bot is deleted, and AWS cannot restore it", view! {
        <p>
            "The bot no longer answers in any channel. A new bot with the same alias gets another ID and must be added to channels again."
        </p>
    }).effects(effects, now).warning(last);
    panel.view()
}
