//! Signing in with a password, and signing out.

use domain::{Cause, Failure, Field};
use leptos::prelude::*;

use super::setup::where_the_link_is;
use super::{asked_next, card, card_page, provider};
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::paths::is_local;
use crate::request::{Done, Request};
use crate::ui::bidi::chosen;
use crate::ui::form::{Form, failure_view};
use crate::ui::parts::icon;

/// Starts a session, or asks for a code first. Unknown names and wrong passwords are answered alike.
#[server(prefix = "/api", endpoint = "session/sign-in")]
pub async fn sign_in(username: String, password: String, next: String) -> Result<Done, Failure> {
    let request = Request::current();
    let (accounts, origin) = (request.backend().accounts(), request.origin());
    let step = accounts.sign_in(&username, &password, &origin).await?;
    let next = if is_local(&next) { &next } else { "/" };
    let location = request.admit(step, next).await?;
    Ok(Done { location })
}

/// Ends the session.
#[server(prefix = "/api", endpoint = "session/sign-out")]
pub async fn sign_out() -> Result<Done, Failure> {
    let request = Request::current();
    if let Ok(caller) = request.caller() {
        request.backend().accounts().sign_out(caller).await?;
    }
    let session = request.session()?;
    session
        .flush()
        .await
        .map_err(|_| Failure::from(Cause::StoreUnavailable))?;
    Ok(Done {
        location: "/sign-in?signed-out=1".to_owned(),
    })
}

/// The page to sign in on: the form, and the buttons of providers.
#[component]
pub fn SignInPage() -> impl IntoView {
    card_page(|request| async move {
        let next = asked_next(&request);
        let refused = provider::refused(&request).await;
        sign_in_card(&request, &next, refused).await
    })
}

/// The card. `refused` is why a provider did not sign somebody in.
pub(super) async fn sign_in_card(
    request: &Request,
    next: &str,
    refused: Option<Failure>,
) -> AnyView {
    let spec = FormSpec::new(
        "session/sign-in",
        // A refused post comes back to this page, which still knows where to go then.
        provider::sign_in_path(next),
        "Sign in",
        "Signing in…",
    )
    .focused()
    .hidden("next", next)
    .hidden("form", "password")
    .field(FieldSpec::new(
        Field::Username,
        Control::Text {
            autocomplete: "username".to_owned(),
            short: true,
        },
        Rule::Filled,
    ))
    .field(FieldSpec::new(
        Field::Password,
        Control::Password {
            autocomplete: "current-password".to_owned(),
        },
        Rule::Filled,
    ));
    let spec = request.resumed(spec).await;
    let note = match (request.query("signed-out"), next.is_empty()) {
        _ if refused.is_some() || request.caller().is_ok() => None,
        (Some(_), _) => Some(("Signed out", "You are signed out in this browser.")),
        (None, false) => Some((
            "Sign in to go on",
            "You return to the page you asked for. What was typed is kept.",
        )),
        (None, true) => None,
    };
    let note = note.map(|(headline, detail)| {
        view! {
            <div class="flash" role="status">
                {icon("info")}
                <div class="flash-text">
                    <b>{headline}</b>
                    <p>{detail}</p>
                </div>
            </div>
        }
    });
    card(
        "Sign in",
        "Console for Amazon Chime SDK identities",
        view! {
            {where_the_link_is(request).await}
            {signed_in_note(request, next)}
            {note}
            {refused.as_ref().map(failure_view)}
            {provider::buttons(request, next)}
            <Form spec=spec />
        },
    )
}

/// For somebody who is signed in already, and came here by Back or to be somebody else.
fn signed_in_note(request: &Request, next: &str) -> Option<AnyView> {
    let username = request.caller().ok()?.username.clone();
    let next = if next.is_empty() { "/" } else { next }.to_owned();
    Some(
        view! {
            <div class="flash" role="status">
                {icon("info")}
                <div class="flash-text">
                    <b>"You are signed in as " {chosen(&username)}</b>
                    <p>
                        <a href=next>"Go on to the console"</a>
                        ", or sign in as somebody else: that ends this session."
                    </p>
                </div>
            </div>
        }
        .into_any(),
    )
}
