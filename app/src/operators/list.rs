//! The operators of this console.

use backend::Operator;
use leptos::prelude::*;

use super::acts::Acts;
use super::{LIST, path_of, refuse_others, signs_in_with, state, why_it_stays};
use crate::covered;
use crate::request::Request;
use crate::ui::bidi::chosen;
use crate::ui::failed;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::parts::{ago, icon};
use crate::ui::table::{Column, Row, Table};

const COLUMNS: [Column; 6] = [
    Column::new("Username", "", ""),
    Column::new("Role", "col-m", ""),
    Column::new("Scope", "col-xl", "two-lines"),
    Column::new("State", "col-m", ""),
    Column::new("Last sign-in", "col-m", ""),
    Column::new("Sessions", "col-m", "num"),
];

/// The page that lists the operators, with the role and the scope of each.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        refuse_others(&request).await?;
        let backend = request.backend();
        let all = backend.accounts().list().await?;
        let counts = backend.accounts().sessions().count().await?;
        let refused = failed::refused(&request).await;
        let sessions = |operator: &Operator| counts.get(&operator.id).copied().unwrap_or_default();
        let row = |operator| row_of(&request, &all, operator, sessions(operator));
        let table = Table {
            caption: "Operators of this console".to_owned(),
            class: "table",
            columns: COLUMNS.to_vec(),
            rows: all.iter().map(row).collect(),
            late: None,
        };
        let body = view! {
            <div class="stack">
                {refused} <section class="panel" aria-label="Operators">
                    {table.view()}
                </section>
            </div>
        };
        let invite = view! {
            <a class="btn btn-primary" href=format!("{LIST}/invite")>
                {icon("plus")}
                "Invite operator"
            </a>
        };
        Ok(Content::new("Operators", Nav::Operators, body).action(invite))
    })
}

fn row_of(request: &Request, all: &[Operator], operator: &Operator, sessions: i64) -> Row {
    let to = path_of(&operator.id);
    let provider = signs_in_with(request.backend(), operator);
    let scope = covered::words(&operator.grant);
    let is_own = request
        .caller()
        .is_ok_and(|caller| caller.operator == operator.id);
    let head = view! {
        <a href=to.clone() title=operator.username.clone()>
            {chosen(&operator.username)}
            {is_own.then_some(" (you)")}
        </a>
        {provider
            .map(|label| {
                view! { <span class="cell-note">{format!("Signs in with {label}")}</span> }
            })}
    };
    Row {
        pick: None,
        name: operator.username.clone(),
        target: None,
        head: head.into_any(),
        cells: vec![
            operator.role.name().into_any(),
            view! { <span title=scope.clone()>{scope.clone()}</span> }.into_any(),
            state(operator),
            ago(operator.signed_in, request.now()),
            sessions.into_any(),
        ],
        menu: Some(menu_of(request, all, operator, sessions)),
        to: Some(to),
    }
}

fn menu_of(request: &Request, all: &[Operator], operator: &Operator, sessions: i64) -> AnyView {
    let acts = Acts::new(request, operator, LIST, "");
    let to = path_of(&operator.id);
    let reset = if operator.invited {
        "New link"
    } else {
        "Reset password"
    };
    view! {
        <a href=to.clone()>{icon("eye")} "View"</a>
        <a href=format!("{to}/role")>{icon("shield")} "Change role"</a>
        <a href=format!("{to}/scope")>{icon("filter")} "Change scope"</a>
        {operator
            .provider
            .is_none()
            .then(|| view! { <a href=format!("{to}/reset")>{icon("key")} {reset}</a> })}
        {acts.sign_out(sessions)}
        <hr />
        {acts.disable(why_it_stays(all, operator), "menu-danger")}
    }
    .into_any()
}
