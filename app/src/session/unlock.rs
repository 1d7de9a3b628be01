//! Unlocking writes: proving again who one is, for what asks for it.

use backend::Proof;
use domain::{Failure, Field, FieldProblem, Problem};
use leptos::prelude::*;

use super::{asked_next, code, provider};
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::paths::is_local;
use crate::request::{Done, Request};
use crate::ui::form::{Form, failure_view};
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};

/// Proves again who one is, by the password or by a code. Guesses count like those at sign-in.
#[server(prefix = "/api", endpoint = "session/unlock")]
pub async fn unlock_writes(
    #[server(default)] password: String,
    #[server(default)] code: String,
    next: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let caller = request.caller()?;
    // A browser may fill in the password by itself; a code was typed.
    let proof = match (code.trim(), &*password) {
        ("", "") => {
            let (field, problem) = (Field::Password, Problem::Empty);
            return Err(FieldProblem { field, problem }.into());
        }
        ("", password) => Proof::Password(password),
        (code, _) => Proof::Code(code),
    };
    request
        .backend()
        .accounts()
        .unlock_writes(caller, proof)
        .await?;
    request.renew_proof().await?;
    let location = if is_local(&next) { &next } else { "/" };
    let detail = if location.contains("draft=") {
        "For 15 minutes. Nothing was changed yet: send the form again."
    } else {
        "For 15 minutes."
    };
    request
        .done(location.to_owned(), "Writes unlocked", detail.to_owned())
        .await
}

/// The page to unlock writes on: a form, and for an operator who signs in with a provider the way
/// there.
#[component]
pub fn UnlockPage() -> impl IntoView {
    page(|request| async move {
        let caller = request.caller()?;
        let operators = request.backend().accounts();
        let with_code = operators.authenticator(&caller.operator).await?.is_some();
        let next = asked_next(&request);
        let refused = provider::refused(&request).await;
        let confirm = provider::confirm_button(&request, &next).await?;
        let with_password = confirm.is_none().then_some(&*caller.username);
        let spec = form(&request, &next, with_password, with_code);
        let spec = request.resumed(spec).await;
        let form = (!spec.fields.is_empty()).then(|| view! { <Form spec=spec /> });
        let either = with_code.then_some("One of them is enough. ");
        let body = view! {
            <div class="stack">
                <p class="prose">
                    "Changes here ask for a proof of who you are that is not older than 15 minutes. "
                    {either} "What you typed is kept."
                </p>
                {refused.as_ref().map(failure_view)}
                {confirm}
                {form}
            </div>
        };
        Ok(Content::new("Unlock writes", Nav::Other, body))
    })
}

/// `with_password` is the username of an operator who has a password to prove it with.
fn form(request: &Request, next: &str, with_password: Option<&str>, with_code: bool) -> FormSpec {
    // Of two fields one suffices, so neither has to be filled in.
    let rule = if with_password.is_some() && with_code {
        Rule::None
    } else {
        Rule::Filled
    };
    let password = Control::Password {
        autocomplete: "current-password".to_owned(),
    };
    let password = FieldSpec::new(Field::Password, password, rule.clone());
    let mut code = code::field();
    code.rule = rule;
    let mut spec = FormSpec::new(
        "session/unlock",
        request.with_query(&[("draft", "")]),
        "Unlock writes",
        "Unlocking…",
    )
    .cancel("/")
    .focused()
    .hidden("form", "unlock")
    .hidden("next", next);
    if let Some(username) = with_password {
        spec = spec.of(username).field(password);
    }
    spec.fields.extend(with_code.then_some(code));
    spec
}
