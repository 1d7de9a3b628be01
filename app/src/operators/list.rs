//! The operators of this console.

use backend::Operator;
use leptos::prelude::*;

use super::acts::Acts;
use super::{LIST, path_of, refuse_others, signs_in_with, state, why_it_stays};
use crate::covered;
use crate::request::Request;
use crate::ui::bidi::chosen;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::parts::{ago, icon};
use crate::ui::{failed, menu};

/// The list.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        refuse_others(&request).await?;
        let backend = request.backend();
        let all = backend.operators().list().await?;
        let counts = backend.sessions().count().await?;
        let refused = failed::refused(&request).await;
        let sessions = |operator: &Operator| counts.get(&operator.id).copied().unwrap_or_default();
        let rows = all
            .iter()
            .map(|operator| row(&request, &all, operator, sessions(operator)))
            .collect_view();
        let body = view! { <div class="stack">{refused} {table(rows.into_any())}</div> };
        let invite = view! {
            <a class="btn btn-primary" href=format!("{LIST}/invite")>
                {icon("plus")}
                "Invite operator"
            </a>
        };
        Ok(Content::new("Operators", Nav::Operators, body).action(invite))
    })
}

fn table(rows: AnyView) -> AnyView {
    view! {
        <section class="panel" aria-label="Operators">
            <div class="table-wrap">
                <table class="table">
                    <caption class="sr-only">"Operators of this console"</caption>
                    <colgroup>
                        <col/>
                        <col class="col-m"/>
                        <col class="col-xl"/>
                        <col class="col-m"/>
                        <col class="col-m"/>
                        <col class="col-m"/>
                        <col class="col-menu"/>
                    </colgroup>
                    <thead>
                        <tr>
                            <th scope="col">"Username"</th>
                            <th scope="col">"Role"</th>
                            <th scope="col">"Scope"</th>
                            <th scope="col">"State"</th>
                            <th scope="col">"Last sign-in"</th>
                            <th scope="col" class="num">
                                "Sessions"
                            </th>
                            <th scope="col">
                                <span class="sr-only">"Actions"</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(request: &Request, all: &[Operator], operator: &Operator, sessions: i64) -> AnyView {
    let to = path_of(&operator.id);
    let provider = signs_in_with(request.backend(), operator);
    let scope = covered::words(&operator.grant);
    let is_own = request
        .caller()
        .is_ok_and(|caller| caller.operator == operator.id);
    view! {
        <tr>
            <th scope="row">
                <a href=to title=operator.username.clone()>
                    {chosen(&operator.username)}
                    {is_own.then_some(" (you)")}
                </a>
                {provider.map(|label| view! { <span class="cell-note">{format!("Signs in with {label}")}</span> })}
            </th>
            <td data-label="Role">{operator.role.name()}</td>
            <td data-label="Scope" class="two-lines">
                <span title=scope.clone()>{scope.clone()}</span>
            </td>
            <td data-label="State">{state(operator)}</td>
            <td data-label="Last sign-in">{ago(operator.signed_in, request.now())}</td>
            <td class="num" data-label="Sessions">
                {sessions}
            </td>
            <td class="row-menu">{menu(request, all, operator, sessions)}</td>
        </tr>
    }
    .into_any()
}

fn menu(request: &Request, all: &[Operator], operator: &Operator, sessions: i64) -> AnyView {
    let acts = Acts::new(request, operator, LIST, "");
    let to = path_of(&operator.id);
    let name = &operator.username;
    let reset = if operator.invited {
        "New link"
    } else {
        "Reset password"
    };
    let items = view! {
        <a href=to.clone()>{icon("eye")} "View"</a>
        <a href=format!("{to}/role")>{icon("shield")} "Change role"</a>
        <a href=format!("{to}/scope")>{icon("filter")} "Change scope"</a>
        {operator
            .provider
            .is_none()
            .then(|| view! { <a href=format!("{to}/reset")>{icon("key")} {reset}</a> })}
        {acts.sign_out(sessions)}
        <hr/>
        {acts.disable(why_it_stays(all, operator), "menu-danger")}
    };
    menu::of_row(&to, name, items.into_any())
}
