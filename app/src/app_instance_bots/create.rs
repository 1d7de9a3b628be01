//! Creating an AppInstanceBot: the form, the call, the way on to the bot.

#![expect(
    clippy::too_many_arguments,
    reason = "a server function has one for each field of its form"
)]

use domain::arn::AppInstanceArn;
use domain::input;
use domain::problem::Check;
use domain::snippet::Call;
use domain::tag::{TagRow, Tags};
use domain::token::RequestToken;
use domain::{Cause, Failure, Field, Target};
use leptos::prelude::*;

use super::fields::{Typed, with_fields};
use super::present::Present;
use super::{fields, title};
use crate::app_instances::list_path;
use crate::form::FormSpec;
use crate::request::{Done, Request, new_token};
use crate::ui::bidi::isolated;
use crate::ui::form::with_code;
use crate::ui::page::page;
use crate::{app_instances, paths, tags};

/// Creates a bot. The same token never creates a second one.
#[server(prefix = "/api", endpoint = "bots/create")]
pub async fn create_app_instance_bot(
    target: Target<AppInstanceArn>,
    token: RequestToken,
    #[server(default)] name: String,
    #[server(default)] metadata: String,
    lex_bot_alias_arn: String,
    locale_id: String,
    #[server(default)] welcome_intent: String,
    #[server(default)] standard_messages: String,
    #[server(default)] targeted_messages: String,
    #[server(default)] tag_key: Vec<String>,
    #[server(default)] tag_value: Vec<String>,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let instance = target.arn;
    let typed = Typed {
        name: &name,
        metadata: &metadata,
        lex_bot_alias_arn: &lex_bot_alias_arn,
        locale_id: &locale_id,
        welcome_intent: &welcome_intent,
        standard_messages: &standard_messages,
        targeted_messages: &targeted_messages,
    };
    let input = read(&instance, &typed, &tags::rows(tag_key, tag_value), token)?;
    let made = request.call(input).await?;
    let connection = &request.connection().id;
    let (location, called) = match made.known() {
        Some(arn) => (paths::bot(connection, arn), title(arn, &name)),
        None => (list_path(&request, &instance, "bots"), name),
    };
    let another = paths::create_bot(connection, &instance);
    let another = ("Create another", another);
    request
        .made(
            location,
            "AppInstanceBot created",
            isolated(&called),
            another,
        )
        .await
}

fn read(
    instance: &AppInstanceArn,
    typed: &Typed,
    rows: &[TagRow],
    token: RequestToken,
) -> Result<input::CreateAppInstanceBot, Failure> {
    let mut check = Check::default();
    let values = fields::read(instance, typed, &Present::default(), &mut check);
    let tags = check.field(Field::Tags, Tags::parse(rows));
    let (values, tags) = check.all((values, tags))?;
    Ok(input::CreateAppInstanceBot {
        app_instance_arn: instance.clone(),
        name: values.name,
        metadata: values.metadata,
        client_request_token: token,
        tags,
        // Only a bot that is there can keep the configuration that it has.
        configuration: values.configuration.ok_or(Cause::Internal)?,
    })
}

/// The page with the form that creates a bot in an AppInstance.
#[component]
pub fn CreatePage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let list = list_path(&request, &arn, "bots");
        let spec = form(&request, &arn, &list);
        let shown = with_code(&request, spec, |spec| example(&arn, spec)).await;
        let titles = ("Create AppInstanceBot", "Create AppInstanceBot in");
        let list = ("Bots", list);
        Ok(app_instances::form_page(&request, &arn, list, titles, shown).await)
    })
}

fn form(request: &Request, arn: &AppInstanceArn, list: &str) -> FormSpec {
    let spec = request
        .form("bots/create", "Create AppInstanceBot", "Creating…")
        .cancel(list)
        .on(&request.connection().id, arn)
        .hidden("token", new_token());
    with_fields(spec, arn, &Present::default()).field(tags::field(Vec::new(), None))
}

/// The call that the form would make as it stands; with made-up values where it has none, but
/// in a preview.
fn example(arn: &AppInstanceArn, spec: &FormSpec) -> Result<[Call; 1], Failure> {
    let alias = format!(
        "arn:aws:lex:{}:{}:bot-alias/ABCDEFGHIJ/KLMNOPQRST",
        arn.region(),
        arn.account()
    );
    let typed = Typed::of(spec);
    let typed = Typed {
        lex_bot_alias_arn: spec.value_or(Field::LexBotAliasArn, &alias),
        locale_id: spec.value_or(Field::LocaleId, "en_US"),
        ..typed
    };
    let input = read(arn, &typed, spec.tag_rows(), spec.token()?)?;
    Ok([Call::of(&input)])
}

#[cfg(test)]
mod tests {
    use super::super::fields::tests::{instance, typed};
    use super::*;

    #[test]
    fn a_wrong_tag_is_told_beside_a_wrong_locale() {
        let rows = [TagRow {
            key: "team".into(),
            value: String::new(),
        }];
        let wrong = Typed {
            locale_id: "en",
            ..typed()
        };
        let refused = read(&instance(), &wrong, &rows, new_token()).unwrap_err();
        let fields: Vec<_> = refused.field_problems().iter().map(|p| p.field).collect();
        assert_eq!(fields, [Field::LocaleId, Field::Tags]);
    }

    #[test]
    fn a_bot_needs_no_name() {
        let nameless = Typed {
            name: "",
            ..typed()
        };
        assert!(read(&instance(), &nameless, &[], new_token()).is_ok());
    }
}
