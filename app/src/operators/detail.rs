//! One operator, and the link that was just made for them.

use backend::{Authenticator, Operator};
use leptos::prelude::*;

use super::acts::Acts;
use super::scope::limits;
use super::{LINK, LIST, Opened, meaning, path_of, signs_in_with, state};
use crate::islands::Copy;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::failed;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::parts::{ago, entry, icon, note, panel_beside, wide_entry};

/// The page of one operator: what is known of them, and what an Admin can do with their account.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        let opened = Opened::read(&request).await?;
        let operator = &opened.operator;
        let link = link_panel(&request).await;
        let refused = failed::refused(&request).await;
        let counts = request.backend().accounts().sessions().count().await?;
        let sessions = counts.get(&operator.id).copied().unwrap_or_default();
        let here = path_of(&operator.id);
        let authenticator = request.backend().accounts().authenticator(&operator.id);
        let authenticator = authenticator.await?;
        let scope = limits(&request, &operator.grant).await;
        let acts = Acts::new(&request, operator, &here, "btn");
        let disable = acts.disable(opened.why_it_stays(), "btn btn-danger-line");
        let sign_out = acts.sign_out(sessions);
        let body = view! {
            <div class="stack">
                {refused} {link} {facts(&request, operator, scope, sessions, authenticator)}
            </div>
        };
        let link = |path: &str, name: &str, text: &'static str| {
            view! {
                <a class="btn" href=format!("{here}/{path}")>
                    {icon(name)}
                    {text}
                </a>
            }
        };
        let reset = if operator.invited {
            link("reset", "link", "New link")
        } else {
            link("reset", "key", "Reset password")
        };
        let name = isolated(&operator.username);
        Ok(Content::new(name, Nav::Operators, body)
            .crumb("Operators", LIST)
            .badge(state(operator))
            .action(link("role", "shield", "Change role"))
            .action(link("scope", "filter", "Change scope"))
            .action(sign_out)
            .action(operator.provider.is_none().then_some(reset))
            .action(authenticator.map(|_| acts.reset_authenticator()))
            .action(disable))
    })
}

fn facts(
    request: &Request,
    operator: &Operator,
    scope: AnyView,
    sessions: i64,
    authenticator: Option<Authenticator>,
) -> AnyView {
    let now = request.now();
    let role = format!("{} – {}", operator.role, meaning(operator.role));
    let log = format!(
        "/audit?operator={}",
        crate::paths::encoded(&operator.username)
    );
    let provider = signs_in_with(request.backend(), operator);
    let scope = if operator.grant.is_everything() {
        entry("Scope", scope)
    } else {
        wide_entry("Scope", scope)
    };
    let disabled = operator
        .disabled
        .map(|since| entry("Disabled", ago(Some(since), now)));
    let log = view! {
        <a class="act" href=log>
            "All entries by this operator"
        </a>
    };
    let facts = view! {
        <dl class="kv">
            {entry("Role", role.into_any())} {entry("State", state(operator))} {disabled} {scope}
            {provider.map(|label| entry("Signs in with", label.into_any()))}
            {entry("Last sign-in", ago(operator.signed_in, now))}
            {entry("Sessions", sessions.into_any())}
            {entry("Authenticator", ago(authenticator.map(|known| known.since), now))}
            {entry("Added", ago(Some(operator.created), now))}
        </dl>
    };
    panel_beside("details", "Details", log, facts)
}

/// The link that the address names, if this visitor made it and it was not shown yet.
async fn link_panel(request: &Request) -> Option<AnyView> {
    let held = request.query(LINK)?;
    let visitor = request.visitor().await.ok()?;
    let taken = request.backend().links().take(&visitor, &held);
    let Some(link) = taken.await.ok()? else {
        let sentence = "It cannot be shown again. If you lost it, make another one.";
        return Some(note("flash", "info", "The link was shown once", sentence));
    };
    request.shows_a_secret();
    let copied = link.clone();
    let link = view! {
        <span class="arn">{link}</span>
        " "
        <Copy text=copied what="link".to_owned() />
    };
    let link = wide_entry("Link to choose a password", link.into_any());
    let times = view! { <span class="panel-note">"Shown once; works once, for 24 hours"</span> };
    let body = view! { <dl class="kv">{link}</dl> };
    Some(panel_beside("link", "One-time link", times, body))
}
