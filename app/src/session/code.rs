//! The second step of signing in: a one-time code.

use domain::{Cause, Failure, Field, FieldProblem, Problem};
use leptos::prelude::*;

use super::{asked_next, card, card_page};
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::paths::{self, is_local};
use crate::request::{Done, Request};
use crate::ui::form::Form;

const PAGE: &str = "/sign-in/code";

/// The address of the page, which leads on to `next`.
pub(super) fn leading_to(next: &str) -> String {
    if next == "/" {
        PAGE.to_owned()
    } else {
        paths::leading_to(PAGE, next)
    }
}

/// Ends a sign-in with a code of the authenticator or a recovery code.
#[server(prefix = "/api", endpoint = "session/code")]
pub async fn sign_in_with_code(code: String, next: String) -> Result<Done, Failure> {
    let request = Request::current();
    let pending = request.pending().await?.ok_or(Cause::SignedOut)?;
    if code.trim().is_empty() {
        let (field, problem) = (Field::OneTimeCode, Problem::Empty);
        return Err(FieldProblem { field, problem }.into());
    }
    let finished = request
        .backend()
        .accounts()
        .finish_with_code(&pending, &code, &request.origin())
        .await;
    if let Err(failure) = &finished
        && failure.cause == Cause::SignedOut
    {
        request.forget_pending().await?;
    }
    let operator = finished?;
    request.begin_session(&operator).await?;
    let location = if is_local(&next) {
        next
    } else {
        "/".to_owned()
    };
    Ok(Done { location })
}

/// The page that asks for a one-time code, while a sign-in waits for it.
#[component]
pub fn CodePage() -> impl IntoView {
    card_page(|request| async move {
        let next = asked_next(&request);
        let again = match &*next {
            "" => "/sign-in".to_owned(),
            next => paths::leading_to("/sign-in", next),
        };
        if !matches!(request.pending().await, Ok(Some(_))) {
            request.go_to(&again);
        }
        let spec = request.resumed(form(&request, &next)).await;
        card(
            "One-time code",
            "Your password is right; now the code from your authenticator",
            view! {
                <Form spec=spec />
                <p class="signin-lead">
                    "Lost the authenticator? A recovery code works here too. "
                    <a href=again>"Start again"</a>
                </p>
            },
        )
    })
}

fn form(request: &Request, next: &str) -> FormSpec {
    FormSpec::new(
        "session/code",
        request.with_query(&[("draft", "")]),
        "Sign in",
        "Signing in…",
    )
    .focused()
    .hidden("next", next)
    .field(field())
}

/// The field of a code: an authenticator's, which browsers may fill in, or a recovery code.
pub(super) fn field() -> FieldSpec {
    let control = Control::Text {
        autocomplete: "one-time-code".to_owned(),
        short: true,
    };
    FieldSpec::new(Field::OneTimeCode, control, Rule::Filled)
}
