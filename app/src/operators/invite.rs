//! Inviting an operator: a name, a role, what it covers, and a link that is shown once.

use domain::problem::Check;
use domain::{Cause, Failure, Field, Grant, Problem, Role};
use leptos::prelude::*;

use super::covering::offer;
use super::scope::{Chosen, fields};
use super::{LIST, chosen, hold_link, refuse_others, role_field, unless_refused};
use crate::form::{Control, FieldSpec, Rule};
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::form::Form;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};

/// Adds an operator without a password, and makes the link to choose one.
#[server(prefix = "/api", endpoint = "operators/invite")]
pub async fn invite_operator(
    username: String,
    role: String,
    scope: String,
    #[server(default)] limit: Vec<String>,
    #[server(default)] limits: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let caller = request.caller()?;
    let chosen_scope = Chosen {
        scope: &scope,
        ticked: &limit,
        typed: &limits,
        kept: &Grant::EVERYTHING,
    };
    let read = read(&request, &username, &role, &chosen_scope).await;
    let (role, grant) = unless_refused(&request, read).await?;
    let backend = request.backend();
    let (operator, token) = backend
        .accounts()
        .invite_operator(caller, &username, role, grant)
        .await?;
    let location = hold_link(&request, &operator.id, &token).await?;
    let another = ("Invite another", format!("{LIST}/invite"));
    request
        .made(
            location,
            "Operator invited",
            isolated(&operator.username),
            another,
        )
        .await
}

async fn read(
    request: &Request,
    username: &str,
    role: &str,
    scope: &Chosen<'_>,
) -> Result<(Role, Grant), Failure> {
    let mut check = Check::default();
    if username.trim().is_empty() {
        check.add(Field::Username, Problem::Empty);
    }
    let role = check.field(Field::Role, chosen(role));
    let grant = scope.read(request, check).await?;
    let role = role.ok_or(Cause::Internal)?;
    Ok((role, grant))
}

/// The page with the form that invites an operator.
#[component]
pub fn InvitePage() -> impl IntoView {
    page(|request| async move {
        refuse_others(&request).await?;
        let username = Control::Text {
            autocomplete: "off".to_owned(),
            short: true,
        };
        let [scope, ticks, limits] = fields(request.connection(), &Grant::EVERYTHING);
        let spec = request
            .form("operators/invite", "Invite operator", "Inviting…")
            .cancel(LIST)
            .field(
                FieldSpec::new(Field::Username, username, Rule::Filled)
                    .help("What they sign in with, up to 64 characters. Capitals do not matter."),
            )
            .field(role_field(Role::Viewer, ""))
            .field(scope)
            .field(ticks)
            .field(limits);
        let spec = offer(&request, request.resumed(spec).await).await;
        let body = view! {
            <p class="prose">
                "You get a link that works once, for 24 hours. Whoever opens it chooses the password and is signed in, so give it to that person only."
            </p>
            <Form spec=spec />
        };
        let body = view! { <div class="stack">{body}</div> };
        Ok(Content::new("Invite operator", Nav::Operators, body).crumb("Operators", LIST))
    })
}
