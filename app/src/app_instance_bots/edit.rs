//! Editing an AppInstanceBot: all its values are sent, so all are read first and compared.

#![expect(
    clippy::too_many_arguments,
    reason = "a server function has one for each field of its form"
)]

use domain::arn::AppInstanceBotArn;
use domain::input;
use domain::problem::Check;
use domain::snippet::Call;
use domain::view::AppInstanceBot;
use domain::{Failure, Target, Timestamp};
use leptos::prelude::*;

use super::fields::{Typed, with_fields};
use super::present::Present;
use super::{fields, of_path, title};
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::form::with_code;
use crate::ui::page::page;
use crate::ui::parts::note;
use crate::ui::tabs::Tab;

/// Replaces name, metadata and configuration, unless they changed since `base` (the
/// LastUpdatedTimestamp that the form was made from).
#[server(prefix = "/api", endpoint = "bots/update")]
pub async fn update_app_instance_bot(
    target: Target<AppInstanceBotArn>,
    base: Timestamp,
    #[server(default)] name: String,
    #[server(default)] metadata: String,
    lex_bot_alias_arn: String,
    locale_id: String,
    #[server(default)] welcome_intent: String,
    #[server(default)] standard_messages: String,
    #[server(default)] targeted_messages: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let typed = Typed {
        name: &name,
        metadata: &metadata,
        lex_bot_alias_arn: &lex_bot_alias_arn,
        locale_id: &locale_id,
        welcome_intent: &welcome_intent,
        standard_messages: &standard_messages,
        targeted_messages: &targeted_messages,
    };
    let arn = target.arn;
    let present = input::DescribeAppInstanceBot {
        app_instance_bot_arn: arn.clone(),
    };
    let change = |present: &AppInstanceBot| read(&arn, &typed, present);
    let page = paths::bot(&request.connection().id, &arn);
    let name = title(&arn, &name);
    request.save(present, base, change, (page, &name)).await
}

fn read(
    arn: &AppInstanceBotArn,
    typed: &Typed,
    present: &AppInstanceBot,
) -> Result<input::UpdateAppInstanceBot, Failure> {
    let mut check = Check::default();
    let values = fields::read(arn.instance(), typed, &Present::of(present), &mut check);
    let (values,) = check.all((values,))?;
    Ok(input::UpdateAppInstanceBot {
        app_instance_bot_arn: arn.clone(),
        name: values.name,
        metadata: values.metadata,
        configuration: values.configuration,
    })
}

/// The page with the form that edits name, metadata and configuration of a bot.
#[component]
pub fn EditPage() -> impl IntoView {
    page(|request| async move {
        let opened = of_path(&request).await?;
        let (arn, bot) = (&opened.arn, &opened.resource);
        let spec = request.edit_form("bots/update", arn, opened.path());
        let spec = with_fields(spec, arn.instance(), &Present::of(bot)).edits(bot.updated);
        let (form, code) = with_code(&request, spec, |spec| {
            let input = read(arn, &Typed::of(spec), bot);
            input.map(|input| [Call::of(&input)])
        })
        .await;
        let body = view! { <div class="stack">{convert_note(bot)} {form}</div> };
        let heading = format!("Edit bot {}", isolated(opened.title()));
        Ok(opened
            .page(&request, Tab::None, "Edit", body)
            .headed(heading)
            .code(code))
    })
}

/// An old bot says with `RespondsTo` when it answers; choosing here writes `InvokedBy` in its place.
fn convert_note(bot: &AppInstanceBot) -> Option<AnyView> {
    let sentence = "This bot still has RespondsTo, which AWS replaced: it answers every standard message. It keeps that until you choose both below.";
    let headline = "Choosing changes when the bot answers";
    bot.responds_to
        .then(|| note("flash flash-warn narrow", "triangle", headline, sentence))
}
