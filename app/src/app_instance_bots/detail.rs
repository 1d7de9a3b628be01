//! One AppInstanceBot: the Lex bot behind it, when it answers, whether it is an admin, its tags.

use domain::arn::{AppInstanceBotArn, MemberArn};
use domain::input;
use domain::settings::LexConfiguration;
use domain::snippet::Call;
use domain::view::{AppInstanceAdmin, AppInstanceBot};
use domain::{Failure, Operation, Timestamp};
use leptos::prelude::*;

use super::Opened;
use crate::app_instance_admins::role_button;
use crate::app_instance_users::admin_role;
use crate::islands::Copy;
use crate::request::Request;
use crate::tags;
use crate::ui::bidi::isolated;
use crate::ui::page::page;
use crate::ui::parts::{arn, entry, icon, metadata_panel, missing, small_icon, wide_entry};
use crate::ui::tabs::BotTab;
use crate::ui::time::LocalTime;
use crate::ui::{allowed, failed};

/// Reads a bot.
#[server(prefix = "/api", endpoint = "bots/describe")]
pub async fn describe_app_instance_bot(arn: AppInstanceBotArn) -> Result<AppInstanceBot, Failure> {
    super::describe(&Request::current(), &arn).await
}

/// The page.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.bot().await?;
        let region = arn.instance().region();
        let member = MemberArn::Bot(arn.clone());
        let tags = input::ListTagsForResource {
            resource_arn: arn.clone().into(),
        };
        let calls = calls(&arn, &tags);
        let (opened, admin, tags, refused) = tokio::join!(
            Opened::read(&request, &arn),
            admin_role(&request, &member),
            request.call(region, tags),
            failed::refused(&request),
        );
        let opened = opened?;
        let base = opened.path(&request);
        let bot = &opened.bot;
        let badge = matches!(admin, Ok(Some(_))).then(|| {
            view! { <span class="badge badge-line">{small_icon("shield")} "Admin"</span> }
        });
        let edit = allowed::act(
            &request,
            Operation::UpdateAppInstanceBot,
            "Edit",
            format!("{base}/edit"),
        );
        let body = view! {
            <div class="stack wide">
                {refused} {summary(bot, &admin)} {lex_panel(&request, bot, &base)}
                {metadata_panel(&bot.metadata, edit)}
                {tags::panel(&request, tags, &base)}
            </div>
        };
        let act = |operation, class, what, path| {
            allowed::link(&request, operation, class, what, format!("{base}{path}"))
        };
        Ok(opened
            .page(&request, BotTab::Details, isolated(&opened.title()), body)
            .badge(badge)
            .calls(calls)
            .action(act(
                Operation::DeleteAppInstanceBot,
                "btn btn-danger-line",
                ("trash", "Delete"),
                "/delete",
            ))
            .action(role_button(&request, &member, &admin))
            .action(act(
                Operation::UpdateAppInstanceBot,
                "btn btn-primary",
                ("edit", "Edit"),
                "/edit",
            )))
    })
}

fn calls(arn: &AppInstanceBotArn, tags: &input::ListTagsForResource) -> [Call; 3] {
    let region = arn.instance().region();
    let describe = input::DescribeAppInstanceBot {
        app_instance_bot_arn: arn.clone(),
    };
    let admin = input::DescribeAppInstanceAdmin {
        app_instance_arn: arn.instance().clone(),
        app_instance_admin_arn: MemberArn::Bot(arn.clone()),
    };
    [
        Call::of(&describe, region),
        Call::of(&admin, region),
        Call::of(tags, region),
    ]
}

fn time(at: Option<Timestamp>) -> AnyView {
    match at {
        Some(at) => view! { <LocalTime at=at/> }.into_any(),
        None => missing(),
    }
}

fn summary(bot: &AppInstanceBot, admin: &Result<Option<AppInstanceAdmin>, Failure>) -> AnyView {
    let admin = match admin {
        Ok(None) => "No".into_any(),
        Ok(Some(AppInstanceAdmin { since: None, .. })) => "Yes".into_any(),
        Ok(Some(AppInstanceAdmin {
            since: Some(since), ..
        })) => view! { "Since " <LocalTime at=*since/> }.into_any(),
        Err(failure) => view! {
            <span class="status status-warn">
                {icon("triangle")} {format!("Could not read: {}", failure.cause.headline())}
            </span>
        }
        .into_any(),
    };
    let id = bot.arn.id().to_owned();
    let id = view! {
        <span class="mono">{id.clone()}</span>
        " "
        <Copy text=id what="bot ID".to_owned()/>
    };
    view! {
        <section class="panel" aria-label="Summary">
            <div class="panel-body">
                <dl class="kv">
                    {entry("Admin", admin)} {entry("Created", time(bot.created))}
                    {entry("Last updated", time(bot.updated))}
                    {wide_entry("Bot ID", id.into_any())} {wide_entry("ARN", arn(bot.arn.as_str()))}
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
        None => view! {
            <p class="muted">"The configuration of this bot has values that this version of the console does not know."</p>
        }
        .into_any(),
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
    view! {
        <section class="panel" aria-labelledby="h-lex">
            <div class="panel-head">
                <h2 id="h-lex">"Lex bot"</h2>
                {edit("Edit")}
            </div>
            <div class="panel-body">{body} {convert}</div>
        </section>
    }
    .into_any()
}

fn lex_body(lex: &LexConfiguration) -> AnyView {
    let choice = |value: Option<(&'static str, &'static str)>| match value {
        Some((value, meaning)) => {
            view! { {value} <small class="muted">" " {meaning}</small> }.into_any()
        }
        None => missing(),
    };
    let standard = lex.invoked_by.map(|by| by.standard_messages);
    let targeted = lex.invoked_by.map(|by| by.targeted_messages);
    let intent = lex.welcome_intent.as_ref();
    let intent = intent.map_or_else(missing, |intent| intent.to_string().into_any());
    view! {
        <dl class="kv">
            {entry("Locale ID", lex.locale_id.to_string().into_any())}
            {entry("Welcome intent", intent)}
            {wide_entry(
                "Standard messages",
                choice(standard.map(|choice| (choice.as_str(), choice.meaning()))),
            )}
            {wide_entry(
                "Targeted messages",
                choice(targeted.map(|choice| (choice.as_str(), choice.meaning()))),
            )}
            {wide_entry("Lex bot alias ARN", arn(lex.lex_bot_alias_arn.as_str()))}
        </dl>
    }
    .into_any()
}
