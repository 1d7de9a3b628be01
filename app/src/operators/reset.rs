//! Resetting an operator: the password is gone, and a new link leads to another one.

use backend::{OperatorChange, OperatorId};
use domain::{Cause, Failure, ProviderProblem};
use leptos::prelude::*;

use super::{LIST, Opened, hold_link, path_of, stays_note};
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::consequence::{Consequence, Severity};
use crate::ui::form::Form;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};

/// Takes the password away, ends the sessions, and makes a link to choose another.
#[server(prefix = "/api", endpoint = "operators/reset")]
pub async fn reset_operator(id: String) -> Result<Done, Failure> {
    let request = Request::current();
    let id = OperatorId::from(id);
    let backend = request.backend();
    let made = backend
        .accounts()
        .change_operator(request.caller()?, &id, OperatorChange::Reset)
        .await?;
    let token = made.ok_or(Cause::Internal)?;
    let location = hold_link(&request, &id, &token).await?;
    let detail = "Give the link below to the person it is for.".to_owned();
    request.done(location, "New link made", detail).await
}

/// The page that says what a reset does, with the button that does it.
#[component]
pub fn ResetPage() -> impl IntoView {
    page(|request| async move {
        let opened = Opened::read(&request).await?;
        let operator = &opened.operator;
        if operator.provider.is_some() {
            return Err(Cause::Provider(ProviderProblem::NoPassword).into());
        }
        let (to, name) = (path_of(&operator.id), isolated(&operator.username));
        let spec = request
            .form("operators/reset", "Reset and make a link", "Resetting…")
            .danger()
            .cancel(to.clone())
            .hidden("id", &operator.id);
        let spec = request.resumed(spec).await;
        let form = match opened.why_it_stays() {
            Some(reason) => stays_note(
                reason,
                view! {
                    "Change your own password under "
                    <a href="/account">"Your account"</a>
                    "."
                },
            ),
            None => view! { <Form spec=spec /> }.into_any(),
        };
        let consequence = Consequence::new(Severity::Loss, "triangle", "The present password stops working", view! {
            <p>
                "All sessions of this operator end, and links made before stop working. You get a new link that works once, for 24 hours."
            </p>
        }).view();
        let body = view! { <div class="stack narrow">{consequence} {form}</div> };
        let title = format!("Reset operator {name}");
        Ok(Content::new(title, Nav::Operators, body)
            .crumb("Operators", LIST)
            .crumb(name, to))
    })
}
