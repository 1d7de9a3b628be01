//! One's own account: the password, and where one is signed in.

use backend::{Ended, SessionInfo};
use domain::problem::Check;
use domain::{Cause, Failure, Field};
use leptos::prelude::*;

use super::{authenticator, notices, times};
use crate::covered;
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::operators::signs_in_with;
use crate::paths::encoded;
use crate::request::{Done, Request};
use crate::ui::ask::{self, Ask};
use crate::ui::bidi::chosen;
use crate::ui::form::Form;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::parts::{ago, entry, panel, panel_around, small_icon, text_or_missing};
use crate::ui::{failed, table};

const PAGE: &str = "/account";
/// What ending a session does.
const ENDS: &str = "That browser is signed out at once and has to sign in again.";
/// What ending all others does.
const ALL_END: &str = "Those browsers are signed out at once and have to sign in again.";

/// Sets another password. Ends the other sessions, and gives this one another id.
#[server(prefix = "/api", endpoint = "account/password")]
pub async fn change_password(
    current_password: String,
    new_password: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let caller = request.caller()?;
    let mut check = Check::default();
    check.field(
        Field::CurrentPassword,
        Rule::Filled.check(&current_password, false),
    );
    check.field(
        Field::NewPassword,
        Rule::NewPassword.check(&new_password, false),
    );
    check.finish()?;
    let own = own_sid(&request)?;
    request
        .backend()
        .accounts()
        .change_password(caller, &current_password, &new_password, &own)
        .await?;
    request.renew_proof().await?;
    let detail = "Your other sessions have ended.".to_owned();
    request
        .done(PAGE.to_owned(), "Password changed", detail)
        .await
}

/// Ends one of one's own sessions.
#[server(prefix = "/api", endpoint = "account/end-session")]
pub async fn end_session(key: String) -> Result<Done, Failure> {
    let request = Request::current();
    let backend = request.backend();
    backend
        .accounts()
        .end_sessions(request.caller()?, Ended::One(&key))
        .await?;
    request
        .done(PAGE.to_owned(), "Session ended", String::new())
        .await
}

/// Ends all of one's own sessions but this one.
#[server(prefix = "/api", endpoint = "account/end-others")]
pub async fn end_other_sessions() -> Result<Done, Failure> {
    let request = Request::current();
    let own = own_sid(&request)?;
    let backend = request.backend();
    let ended = backend
        .accounts()
        .end_sessions(request.caller()?, Ended::AllBut(&own))
        .await?;
    let detail = match ended {
        1 => "1 session.".to_owned(),
        ended => format!("{ended} sessions."),
    };
    request
        .done(PAGE.to_owned(), "Other sessions ended", detail)
        .await
}

/// The name of the session that asks.
fn own_sid(request: &Request) -> Result<String, Failure> {
    let sid = request.caller()?.session.clone();
    sid.ok_or_else(|| Cause::SignedOut.into())
}

/// The page of one's own account: profile, password, authenticator, notices and sessions.
#[component]
pub fn AccountPage() -> impl IntoView {
    page(|request| async move {
        let caller = request.caller()?;
        let sessions = request.backend().accounts().sessions();
        let sessions = sessions.list_of(&caller.operator).await?;
        let own = own_sid(&request)?;
        // The form of the password shows its own refusal.
        let refused = match request.draft().await {
            Some(draft) if !draft.fields.contains(&of_password_form()) => {
                failed::refused(&request).await
            }
            _ => None,
        };
        let operator = request.backend().accounts().get(&caller.operator).await?;
        let provider = operator.and_then(|operator| signs_in_with(request.backend(), &operator));
        let authenticator = authenticator::panel(&request).await?;
        let notices = notices::panel(&request).await?;
        let spec = request.resumed(password_form(&caller.username)).await;
        let facts = view! {
            <dl class="kv">
                {entry("Username", chosen(&caller.username))}
                {entry("Role", caller.role.name().into_any())}
                {entry("Scope", covered::words(&caller.grant).into_any())}
            </dl>
        };
        let facts = panel("profile", "Profile", facts);
        let password = match &provider {
            None => view! {
                <h2>"Change password"</h2>
                <p class="prose">"Your other sessions end when it changes."</p>
                <Form spec=spec />
            }
            .into_any(),
            Some(label) => view! {
                <p class="prose">
                    {format!("You sign in with {label}, so there is no password to change here.")}
                </p>
            }
            .into_any(),
        };
        let body = view! {
            <div class="stack">
                {refused} {facts} {notices} {times::panel(&request)} {authenticator}
                {session_panel(&request, &sessions, &own)} {password}
            </div>
        };
        Ok(Content::new("Your account", Nav::Other, body))
    })
}

fn of_password_form() -> (String, String) {
    ("form".to_owned(), "password".to_owned())
}

fn password_form(username: &str) -> FormSpec {
    let field = |field, autocomplete: &str, rule| {
        let control = Control::Password {
            autocomplete: autocomplete.to_owned(),
        };
        FieldSpec::new(field, control, rule)
    };
    FormSpec::new(
        "account/password",
        PAGE.to_owned(),
        "Change password",
        "Saving…",
    )
    .of(username)
    .hidden("form", "password")
    .field(field(
        Field::CurrentPassword,
        "current-password",
        Rule::Filled,
    ))
    .field(field(Field::NewPassword, "new-password", Rule::NewPassword))
}

fn session_panel(request: &Request, sessions: &[SessionInfo], own: &str) -> AnyView {
    let rows = sessions
        .iter()
        .map(|session| row(request, session, session.sid == own))
        .collect_view();
    let alone = sessions.iter().all(|session| session.sid == own);
    let reason = alone.then(|| "There is no other session".to_owned());
    let ask = Ask {
        id: "others".to_owned(),
        what: ("sign-out", "End other sessions"),
        question: "End your other sessions?".to_owned(),
        effect: ALL_END.to_owned(),
        warning: None,
        confirm: "End them",
        action: "account/end-others",
        hidden: end(),
    };
    let end = ask::button(ask, reason, "btn btn-small");
    let heads = ["Address", "Since", "Last seen"];
    let table = table::plain("Where you are signed in", heads, "Actions", rows);
    panel_around(("sessions", "Sessions"), end, table)
}

fn row(request: &Request, session: &SessionInfo, is_own: bool) -> AnyView {
    let now = request.now();
    let act = if is_own {
        view! { <span class="status status-ok">{small_icon("tick-circle")} "This session"</span> }
            .into_any()
    } else {
        let mut hidden = end();
        hidden.push(("key", session.sid.clone()));
        let address = session.address.as_deref().unwrap_or("an unknown address");
        let ask = Ask {
            id: format!("end-{}", encoded(&session.sid)),
            what: ("x", "End session"),
            question: format!("End the session of {address}?"),
            effect: ENDS.to_owned(),
            warning: None,
            confirm: "End it",
            action: "account/end-session",
            hidden,
        };
        ask::button(ask, None, "btn btn-small")
    };
    view! {
        <tr>
            <th scope="row" class="mono">
                {text_or_missing(session.address.as_deref().unwrap_or_default())}
            </th>
            <td data-label="Since">{ago(Some(session.created), now)}</td>
            <td data-label="Last seen">{ago(Some(session.seen), now)}</td>
            <td>{act}</td>
        </tr>
    }
    .into_any()
}

/// What the buttons send beside the session: where to come back, and that it was not the password.
fn end() -> Vec<(&'static str, String)> {
    vec![("page", PAGE.to_owned()), ("form", "end".to_owned())]
}
