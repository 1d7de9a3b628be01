//! What takes one button: disabling, enabling, signing out everywhere.

use backend::{Operator, OperatorChange, OperatorId};
use domain::Failure;
use leptos::prelude::*;

use super::{LIST, path_of};
use crate::form::Done;
use crate::request::Request;
use crate::ui::allowed;

/// Lets somebody sign in no longer, and ends their sessions.
#[server(prefix = "/api", endpoint = "operators/disable")]
pub async fn disable_operator(id: String) -> Result<Done, Failure> {
    act(id, OperatorChange::Disable, "Operator disabled").await
}

/// Lets somebody sign in again.
#[server(prefix = "/api", endpoint = "operators/enable")]
pub async fn enable_operator(id: String) -> Result<Done, Failure> {
    act(id, OperatorChange::Enable, "Operator enabled").await
}

/// Takes the authenticator of somebody who lost it away, and ends their sessions.
#[server(prefix = "/api", endpoint = "operators/reset-authenticator")]
pub async fn reset_operator_authenticator(id: String) -> Result<Done, Failure> {
    act(
        id,
        OperatorChange::ResetAuthenticator,
        "Authenticator reset",
    )
    .await
}

/// Ends all sessions of somebody.
#[server(prefix = "/api", endpoint = "operators/sign-out")]
pub async fn sign_operator_out(id: String) -> Result<Done, Failure> {
    act(id, OperatorChange::SignOut, "Signed out everywhere").await
}

async fn act(id: String, change: OperatorChange<'_>, headline: &str) -> Result<Done, Failure> {
    let request = Request::current();
    let id = OperatorId::from(id);
    let backend = request.backend();
    backend
        .change_operator(request.caller()?, &id, change)
        .await?;
    let operator = backend.operators().get(&id).await?;
    let name = operator.map_or_else(String::new, |operator| operator.username);
    request.done(path_of(&id), headline, name).await
}

/// "Disable", or "Enable" for who is disabled. `stays` is why an operator cannot be disabled.
pub(super) fn disable_button(
    operator: &Operator,
    stays: Option<String>,
    page: &str,
    class: &'static str,
) -> AnyView {
    let hidden = fields(operator, page);
    if operator.disabled.is_some() {
        let what = ("tick", "Enable");
        return allowed::button_unless(None, class, what, "operators/enable", hidden);
    }
    let what = ("slash-circle", "Disable");
    allowed::button_unless(stays, class, what, "operators/disable", hidden)
}

/// "Reset authenticator".
pub(super) fn reset_authenticator_button(operator: &Operator, page: &str) -> AnyView {
    let what = ("phone", "Reset authenticator");
    let hidden = fields(operator, page);
    allowed::button_unless(None, "btn", what, "operators/reset-authenticator", hidden)
}

/// "Sign out everywhere", for who is signed in somewhere.
pub(super) fn sign_out_button(
    operator: &Operator,
    sessions: i64,
    page: &str,
    class: &'static str,
) -> AnyView {
    let reason = (sessions == 0).then(|| "Signed in nowhere".to_owned());
    let what = ("sign-out", "Sign out everywhere");
    let hidden = fields(operator, page);
    allowed::button_unless(reason, class, what, "operators/sign-out", hidden)
}

fn fields(operator: &Operator, page: &str) -> Vec<(&'static str, String)> {
    let page = if page.is_empty() { LIST } else { page };
    vec![
        ("id", operator.id.to_string()),
        ("page", page.to_owned()),
        ("form", "act".to_owned()),
    ]
}
