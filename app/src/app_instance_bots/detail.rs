//! One AppInstanceBot: the Lex bot behind it, when it answers, whether it is an admin, its tags.

use domain::arn::{AppInstanceBotArn, MemberArn};
use domain::input;
use domain::settings::LexConfiguration;
use domain::snippet::Call;
use domain::view::{AppInstanceAdmin, AppInstanceBot};
use domain::{Failure, Operation, Timestamp};
use leptos::prelude::*;

use super::Opened;
use crate::app_instance_admins::admin_role;
use crate::app_instance_admins::role_button;
use crate::islands::Copy;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::moved::Moved;
use crate::ui::page::{Content, page};
use crate::ui::parts::{
    arn, entry, icon, metadata_panel, missing, short_id, small_icon, wide_entry,
};
use crate::ui::tabs::BotTab;
use crate::ui::time::LocalTime;
use crate::ui::{allowed, failed, odd};
use crate::{app_instances, paths, tags};

/// The page of one bot: its Lex bot, when it answers, whether it is an admin, its tags.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.bot().await?;
        let member = MemberArn::Bot(arn.clone());
        let tags = input::ListTagsForResource {
            resource_arn: arn.clone().into(),
        };
        let calls = calls(&arn, &tags);
        let (opened, admin, tags, refused) = tokio::join!(
            Opened::read(&request, &arn),
            admin_role(&request, &member),
            request.call(tags),
            failed::refused(&request),
        );
        let opened = match opened {
            Ok(opened) => opened,
            Err(failure) => return moved(&request, &arn, failure),
        };
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
                {refused} {odd::note(&arn.clone().into(), bot.arn.as_str())}
                {summary(&arn, bot, &admin)} {lex_panel(&request, bot, &base)}
                {metadata_panel(&bot.metadata, edit)} {tags::panel(&request, tags, &base)}
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

/// The form to create a bot used to be at `/bots/create`. That address now leads to the form unless
/// a bot has the id `create`; every other failure is returned.
fn moved(request: &Request, arn: &AppInstanceBotArn, failure: Failure) -> Result<Content, Failure> {
    let instance = arn.instance();
    let moved = Moved {
        word: "create",
        kind: "bot",
        action: "Create AppInstanceBot",
        to: paths::create_bot(&request.connection().id, instance),
    };
    let instead = moved.instead_of(request, arn.id(), &failure);
    let (title, body) = instead.ok_or(failure)?;
    let name = short_id(instance.id());
    let content = app_instances::within(request, instance, &name, Section::None, title, body);
    Ok(content.crumb("Bots", super::list_path(request, instance)))
}

fn calls(arn: &AppInstanceBotArn, tags: &input::ListTagsForResource) -> [Call; 3] {
    let describe = input::DescribeAppInstanceBot {
        app_instance_bot_arn: arn.clone(),
    };
    let admin = input::DescribeAppInstanceAdmin {
        app_instance_arn: arn.instance().clone(),
        app_instance_admin_arn: MemberArn::Bot(arn.clone()),
    };
    [Call::of(&describe), Call::of(&admin), Call::of(tags)]
}

fn time(at: Option<Timestamp>) -> AnyView {
    match at {
        Some(at) => view! { <LocalTime at=at /> }.into_any(),
        None => missing(),
    }
}

fn summary(
    bot_arn: &AppInstanceBotArn,
    bot: &AppInstanceBot,
    admin: &Result<Option<AppInstanceAdmin>, Failure>,
) -> AnyView {
    let admin = match admin {
        Ok(None) => "No".into_any(),
        Ok(Some(AppInstanceAdmin { since: None, .. })) => "Yes".into_any(),
        Ok(Some(AppInstanceAdmin {
            since: Some(since), ..
        })) => view! {
            "Since "
            <LocalTime at=*since />
        }
        .into_any(),
        Err(failure) => view! {
            <span class="status status-warn">
                {icon("triangle")} {format!("Could not read: {}", failure.cause.headline())}
            </span>
        }
        .into_any(),
    };
    let id = bot_arn.id().to_owned();
    let id = view! {
        <span class="mono">{id.clone()}</span>
        " "
        <Copy text=id what="bot ID".to_owned() />
    };
    view! {
        <section class="panel" aria-label="Summary">
            <div class="panel-body">
                <dl class="kv">
                    {entry("Admin", admin)} {entry("Created", time(bot.created))}
                    {entry("Last updated", time(bot.updated))} {wide_entry("Bot ID", id.into_any())}
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
