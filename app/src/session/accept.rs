//! Choosing a password by the link that an Admin made, for an invitation or after a reset.

use domain::{Cause, Failure, Field};
use leptos::prelude::*;

use super::{card, card_page};
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::request::{Done, Request};
use crate::ui::bidi::{chosen, isolated};
use crate::ui::form::{Form, failure_view};

/// Sets the password and signs in. The link works once.
#[server(prefix = "/api", endpoint = "session/accept")]
pub async fn accept_invitation(token: String, new_password: String) -> Result<Done, Failure> {
    let request = Request::current();
    let operator = request
        .backend()
        .accounts()
        .choose_password(&token, &new_password, &request.origin())
        .await?;
    let detail = format!("You are signed in as {}.", isolated(&operator.username));
    // A link is no way around the authenticator.
    let step = request.backend().accounts().after_first_step(operator);
    let location = request.admit(step.await?, "/").await?;
    request.done(location, "Welcome to Carillon", detail).await
}

/// The page to choose a password on, while the link works.
#[component]
pub fn AcceptPage() -> impl IntoView {
    card_page(|request| async move {
        let token = request.query("token").unwrap_or_default();
        let found = request.backend().accounts().of_link(&token).await;
        let found = found.and_then(|found| found.ok_or_else(|| Cause::LinkUsed.into()));
        match found {
            Ok(operator) => form(&request, &token, operator.username).await,
            Err(failure) => {
                request.set_status(failure.cause.status());
                let lead = "An Admin of this console gives you the link to this page";
                let sign_in = view! {
                    <a class="btn" href="/sign-in">
                        "Go to sign in"
                    </a>
                };
                card(
                    "Choose a password",
                    lead,
                    view! {
                        {failure_view(&failure)}
                        {sign_in}
                    },
                )
            }
        }
    })
}

async fn form(request: &Request, token: &str, username: String) -> AnyView {
    request.shows_a_secret();
    let control = Control::Password {
        autocomplete: "new-password".to_owned(),
    };
    let page = format!("/invite?token={}", crate::paths::encoded(token));
    let spec = FormSpec::new("session/accept", page, "Set password", "Saving…")
        .of(&username)
        .focused()
        .hidden("token", token)
        .field(FieldSpec::new(
            Field::NewPassword,
            control,
            Rule::NewPassword,
        ));
    let spec = request.resumed(spec).await;
    let inside = view! {
        <p>"Your username is " <b>{chosen(&username)}</b> "."</p>
        <Form spec=spec />
    };
    card(
        "Choose a password",
        "You sign in to this console with it",
        inside,
    )
}
