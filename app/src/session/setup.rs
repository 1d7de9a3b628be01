//! The first operator, by the link that the server prints when it has none.

use domain::problem::Check;
use domain::{Cause, Failure, Field, Problem};
use leptos::prelude::*;

use super::{card, card_page};
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::request::{Done, Request};
use crate::ui::form::{Form, failure_view};
use crate::ui::parts::note;

/// Makes the first operator, an Admin, and signs it in. The link works once.
#[server(prefix = "/api", endpoint = "session/setup")]
pub async fn set_up(
    token: String,
    username: String,
    new_password: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let mut check = Check::default();
    if username.trim().is_empty() {
        check.add(Field::Username, Problem::Empty);
    }
    check.field(
        Field::NewPassword,
        Rule::NewPassword.check(&new_password, false),
    );
    check.finish()?;
    let backend = request.backend();
    let operator = backend
        .accounts()
        .set_up(&token, username.trim(), &new_password, &request.origin())
        .await?;
    request.begin_session(&operator).await?;
    request
        .done(
            "/".to_owned(),
            "Welcome to Carillon",
            "You are its first Admin.".to_owned(),
        )
        .await
}

/// The page that makes the first operator, while the link works.
#[component]
pub fn SetupPage() -> impl IntoView {
    card_page(|request| async move {
        let token = request.query("token").unwrap_or_default();
        match request.backend().accounts().setup_works(&token).await {
            Ok(true) => form(&request, &token).await,
            Ok(false) => useless(&request, Cause::LinkUsed.into()).await,
            Err(failure) => useless(&request, failure).await,
        }
    })
}

async fn form(request: &Request, token: &str) -> AnyView {
    request.shows_a_secret();
    let username = Control::Text {
        autocomplete: "username".to_owned(),
        short: true,
    };
    let password = Control::Password {
        autocomplete: "new-password".to_owned(),
    };
    let page = format!("/setup?token={}", crate::paths::encoded(token));
    let spec = FormSpec::new("session/setup", page, "Create operator", "Creating…")
        .focused()
        .hidden("token", token)
        .field(FieldSpec::new(Field::Username, username, Rule::Filled).value("admin"))
        .field(FieldSpec::new(
            Field::NewPassword,
            password,
            Rule::NewPassword,
        ));
    let spec = request.resumed(spec).await;
    card(
        "Set up Carillon",
        "The first operator, with the role Admin",
        view! { <Form spec=spec /> },
    )
}

/// Says that the link leads to nothing, and where one is that does.
async fn useless(request: &Request, failure: Failure) -> AnyView {
    request.set_status(failure.cause.status());
    let sign_in = view! {
        <a class="btn" href="/sign-in">
            "Go to sign in"
        </a>
    };
    let inside = view! {
        {failure_view(&failure)}
        {where_the_link_is(request).await}
        {sign_in}
    };
    card(
        "Set up Carillon",
        "The server prints the link to this page",
        inside,
    )
}

/// While nobody can look after the console: says where the link is that makes its first Admin. The
/// link itself is not shown, since a stranger may be the first to find a new console.
pub(super) async fn where_the_link_is(request: &Request) -> Option<AnyView> {
    if !request.backend().accounts().is_empty().await.ok()? {
        return None;
    }
    let sentence = "The server printed a link when it started: look in its output for “set up the first operator at”. The link works once, within a day; a restart prints a new one.";
    let headline = "This console has no Admin yet";
    Some(note("flash", "key", headline, sentence))
}
