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
use super::{Opened, fields, title};
use crate::form::FormSpec;
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::code::Code;
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::parts::icon;
use crate::ui::tabs::BotTab;

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
    request
        .acting()?
        .update(present, Some(base), change)
        .await?;
    let location = paths::bot(&request.connection().id, &arn);
    request
        .done(location, "Changes saved", isolated(&title(&arn, &name)))
        .await
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
        let arn = request.bot().await?;
        let opened = Opened::read(&request, &arn).await?;
        let bot = &opened.bot;
        let spec = FormSpec::new(
            "bots/update",
            request.path().to_owned(),
            "Save changes",
            "Saving…",
        )
        .cancel(opened.path(&request))
        .on(&request.connection().id, &arn);
        let spec = with_fields(spec, arn.instance(), &Present::of(bot));
        let spec = request.resumed(spec.edits(bot.updated)).await;
        let call = read(&arn, &Typed::of(&spec), bot);
        let call = call.map(|input| [Call::of(&input)]);
        let code = Code::of_form(&spec, call);
        let body = view! { <div class="stack">{convert_note(bot)} <Form spec=spec /></div> };
        let heading = format!("Edit bot {}", isolated(&opened.title()));
        Ok(opened
            .page(&request, BotTab::None, "Edit", body)
            .headed(heading)
            .code(code))
    })
}

/// An old bot says with `RespondsTo` when it answers; choosing here writes `InvokedBy` in its place.
fn convert_note(bot: &AppInstanceBot) -> Option<AnyView> {
    bot.responds_to.then(|| {
        view! {
            <div class="flash flash-warn narrow" role="note">
                {icon("triangle")}
                <div class="flash-text">
                    <b>"Choosing changes when the bot answers"</b>
                    <p>
                        "This bot still has RespondsTo, which AWS replaced: it answers every standard message. It keeps that until you choose both below."
                    </p>
                </div>
            </div>
        }
        .into_any()
    })
}
