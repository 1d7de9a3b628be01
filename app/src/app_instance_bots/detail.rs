//! One AppInstanceBot: the Lex bot behind it, when it answers, whether it is an admin, its tags.

use domain::arn::{AppInstanceBotArn, MemberArn};
use domain::input;
use domain::settings::LexConfiguration;
use domain::snippet::Call;
use domain::view::{AppInstanceAdmin, AppInstanceBot};
use domain::{Failure, Operation};
use leptos::prelude::*;

use super::{open, place};
use crate::app_instance_admins::{role_badge, role_button, role_words};
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::moved::Moved;
use crate::ui::page::{Content, page};
use crate::ui::parts::{
    arn, copied, entry, metadata_panel, missing, panel_beside, small_icon, wide_entry,
};
use crate::ui::tabs::Tab;
use crate::ui::time::time_or_missing;
use crate::ui::{allowed, odd};
use crate::{opened, paths, tags};

/// The page of one bot: its Lex bot, when it answers, whether it is an admin, its tags.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.bot().await?;
        let member = MemberArn::Bot(arn.clone());
        let describe = input::DescribeAppInstanceBot {
            app_instance_bot_arn: arn.clone(),
        };
        let (opened, beside) =
            tokio::join!(open(&request, &arn), opened::beside(&request, &member));
        let opened = match opened {
            Ok(opened) => opened,
            Err(failure) => return instead(&request, &arn, failure).await,
        };
        let (base, bot) = (opened.path(), &opened.resource);
        let update = Operation::UpdateAppInstanceBot;
        let edit = allowed::act(&request, update, "Edit", format!("{base}/edit"));
        let body = view! {
            <div class="stack wide">
                {beside.refused} {odd::note(&arn.clone().into(), bot.arn.as_str())}
                {summary(&arn, bot, &beside.admin)} {lex_panel(&request, bot, base)}
                {metadata_panel(&bot.metadata, edit)} {tags::panel(&request, beside.tags, base)}
            </div>
        };
        let delete = Operation::DeleteAppInstanceBot;
        Ok(opened
            .page(&request, Tab::Details, isolated(opened.title()), body)
            .badge(role_badge(&beside.admin))
            .calls(opened::calls(&member, Call::of(&describe)))
            .action(allowed::delete_link(&request, delete, "Delete", base))
            .action(role_button(&request, &member, &beside.admin))
            .action(allowed::edit_link(&request, update, base)))
    })
}

/// The form to create a bot used to be at `/bots/create`. That address now leads to the form unless
/// a bot has the id `create`; every other failure is returned.
async fn instead(
    request: &Request,
    arn: &AppInstanceBotArn,
    failure: Failure,
) -> Result<Content, Failure> {
    let moved = Moved {
        word: "create",
        kind: "bot",
        action: "Create AppInstanceBot",
        to: paths::create_bot(&request.connection().id, arn.instance()),
    };
    let (resource, place) = (arn.clone().into(), place(request, arn));
    let instead = place.instead(request, &resource, arn.id(), moved, failure);
    instead.await
}

fn summary(
    bot_arn: &AppInstanceBotArn,
    bot: &AppInstanceBot,
    admin: &Result<Option<AppInstanceAdmin>, Failure>,
) -> AnyView {
    let id = copied(bot_arn.id(), "bot ID");
    view! {
        <section class="panel" aria-label="Summary">
            <div class="panel-body">
                <dl class="kv">
                    {entry("Admin", role_words(admin))}
                    {entry("Created", time_or_missing(bot.created))}
                    {entry("Last updated", time_or_missing(bot.updated))} {wide_entry("Bot ID", id)}
                    {wide_entry("ARN", arn(bot_arn.as_str()))}
                </dl>
            </div>
        </section>
    }
    .into_any()
}

fn lex_panel(request: &Request, bot: &AppInstanceBot, base: &str) -> AnyView {
    let edit = |text| {
        let to = format!("{base}/edit");
        allowed::act(request, Operation::UpdateAppInstanceBot, text, to)
    };
    let body = match &bot.configuration {
        Some(lex) => lex_body(lex),
        None => view! { <p class="muted">"AWS gave no configuration for this bot."</p> }.into_any(),
    };
    let convert = bot.responds_to.then(|| {
        view! {
            <p class="muted">
                {small_icon("info")}
                " This bot has RespondsTo, which AWS replaced: it answers every standard message. "
                {edit("Convert it to InvokedBy")}
            </p>
        }
    });
    let body = view! {
        {body}
        {convert}
    };
    panel_beside("lex", "Lex bot", edit("Edit"), body)
}

/// A choice as AWS wrote it, with its meaning if that is known.
fn choice(value: &str, meaning: Option<&'static str>) -> AnyView {
    let meaning = meaning.unwrap_or("This version of the console does not know it");
    view! {
        {value.to_owned()}
        <small class="muted">" " {meaning}</small>
    }
    .into_any()
}

fn lex_body(lex: &LexConfiguration) -> AnyView {
    let standard = lex.invoked_by.as_ref().map(|by| {
        let meaning = by.standard_messages.known().map(|choice| choice.meaning());
        choice(by.standard_messages.as_str(), meaning)
    });
    let targeted = lex.invoked_by.as_ref().map(|by| {
        let meaning = by.targeted_messages.known().map(|choice| choice.meaning());
        choice(by.targeted_messages.as_str(), meaning)
    });
    let intent = lex.welcome_intent.as_ref();
    let intent = intent.map_or_else(missing, |intent| intent.to_string().into_any());
    view! {
        <dl class="kv">
            {entry("Locale ID", lex.locale_id.to_string().into_any())}
            {entry("Welcome intent", intent)}
            {wide_entry("Standard messages", standard.unwrap_or_else(missing))}
            {wide_entry("Targeted messages", targeted.unwrap_or_else(missing))}
            {wide_entry("Lex bot alias ARN", arn(lex.lex_bot_alias_arn.as_str()))}
        </dl>
    }
    .into_any()
}
