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
use domain::{Cause, Failure, Operation};
use leptos::prelude::*;

use super::fields::{Typed, Values, refused, with_fields};
use super::present::Present;
use super::{Opened, describe, fields, title};
use crate::form::{Done, FormSpec};
use crate::paths;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::code::Code;
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::parts::icon;
use crate::ui::tabs::BotTab;

/// Replaces name, metadata and configuration, unless they changed since `base` (milliseconds, the
/// LastUpdatedTimestamp that the form was made from). A change in the moment between the read and
/// the write is not seen: the API has no condition.
#[server(prefix = "/api", endpoint = "bots/update")]
pub async fn update_app_instance_bot(
    arn: AppInstanceBotArn,
    base: i64,
    #[server(default)] name: String,
    #[server(default)] metadata: String,
    lex_bot_alias_arn: String,
    locale_id: String,
    #[server(default)] welcome_intent: String,
    #[server(default)] standard_messages: String,
    #[server(default)] targeted_messages: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let typed = Typed {
        name: &name,
        metadata: &metadata,
        lex_bot_alias_arn: &lex_bot_alias_arn,
        locale_id: &locale_id,
        welcome_intent: &welcome_intent,
        standard_messages: &standard_messages,
        targeted_messages: &targeted_messages,
    };
    let present = describe(&request, &arn).await?;
    if present.updated.is_some_and(|updated| updated.0 != base) {
        let changed = Failure::from(Cause::Changed(present.updated));
        return Err(changed.during(Operation::UpdateAppInstanceBot));
    }
    let input = read(&arn, &typed, &present)?;
    let region = arn.instance().region();
    request
        .call_replacing(region, input, before(&present))
        .await?;
    let location = paths::bot(&request.backend().connection().slug, &arn);
    request
        .done(location, "Changes saved", isolated(&title(&arn, &name)))
        .await
}

/// What a bot has, as the API names it.
pub(super) fn before(bot: &AppInstanceBot) -> serde_json::Value {
    let configuration = bot
        .configuration
        .clone()
        .map(|lex| input::Configuration { lex });
    serde_json::json!({
        "Name": bot.name,
        "Metadata": bot.metadata,
        "Configuration": configuration,
    })
}

fn read(
    arn: &AppInstanceBotArn,
    typed: &Typed,
    present: &AppInstanceBot,
) -> Result<input::UpdateAppInstanceBot, Failure> {
    let mut check = Check::default();
    match fields::read(arn.instance(), typed, &Present::of(present), &mut check) {
        Some(Values {
            name,
            metadata,
            configuration,
        }) => Ok(input::UpdateAppInstanceBot {
            app_instance_bot_arn: arn.clone(),
            name,
            metadata,
            configuration,
        }),
        None => Err(refused(check)),
    }
}

/// The form.
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
        .hidden("arn", &arn);
        let spec = with_fields(spec, arn.instance(), &Present::of(bot));
        let spec = request.resumed(spec.edits(bot.updated)).await;
        let call = read(&arn, &Typed::of(&spec), bot);
        let call = call.map(|input| [Call::of(&input, arn.instance().region())]);
        let code = Code::of_form(&spec, call);
        let body = view! {
            <div class="stack">{convert_note(bot)} <Form spec=spec/></div>
        };
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
