//! Giving an operator another role.

use backend::{OperatorChange, OperatorId};
use domain::{Failure, Field, FieldProblem, Role};
use leptos::prelude::*;

use super::{LIST, Opened, chosen, path_of, role_field, stays_note, unless_refused};
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::form::Form;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};

/// Gives another role, which counts from the operator's next request on.
#[server(prefix = "/api", endpoint = "operators/set-role")]
pub async fn set_operator_role(id: String, role: String) -> Result<Done, Failure> {
    let request = Request::current();
    let caller = request.caller()?;
    let role = chosen(&role).map_err(|problem| {
        let field = Field::Role;
        FieldProblem { field, problem }.into()
    });
    let role = unless_refused(&request, role).await?;
    let id = OperatorId::from(id);
    let change = OperatorChange::Role(role);
    request
        .backend()
        .accounts()
        .change_operator(caller, &id, change)
        .await?;
    // An Admin who gave themselves another role may no longer see that page.
    let is_own = caller.operator == id && role < Role::Admin;
    let location = if is_own { "/".to_owned() } else { path_of(&id) };
    request
        .done(location, "Role changed", format!("The role is now {role}."))
        .await
}

/// The page with the form that gives an operator another role.
#[component]
pub fn RolePage() -> impl IntoView {
    page(|request| async move {
        let opened = Opened::read(&request).await?;
        let operator = &opened.operator;
        let to = path_of(&operator.id);
        let help = "The role counts from the next request on; nobody is signed out.";
        let spec = request
            .form("operators/set-role", "Save changes", "Saving…")
            .cancel(to.clone())
            .hidden("id", &operator.id)
            .field(role_field(operator.role, help));
        let spec = request.resumed(spec).await;
        let body = match opened.why_it_stays() {
            Some(reason) => stays_note(reason, "Make somebody else an Admin for everything first."),
            None => view! { <Form spec=spec /> }.into_any(),
        };
        let name = isolated(&operator.username);
        let title = format!("Role of {name}");
        Ok(Content::new(title, Nav::Operators, body)
            .crumb("Operators", LIST)
            .crumb(name, to))
    })
}
