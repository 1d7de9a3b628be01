//! One's own authenticator: setting it up, the recovery codes, taking it away.

mod recovery;
mod remove;
mod set_up;

use backend::Authenticator;
use domain::Failure;
use leptos::prelude::*;

use crate::request::Request;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::parts::{ago, entry, panel_beside, small_icon};
use crate::ui::{allowed, failed};

const PAGE: &str = "/account/authenticator";
/// With this many recovery codes left, or fewer, the page warns.
const FEW: i64 = 3;

/// The page of one's own authenticator: to set it up, to confirm it, or to look after it.
#[component]
pub fn AuthenticatorPage() -> impl IntoView {
    page(|request| async move {
        let caller = request.caller()?;
        let backend = request.backend();
        let known = backend.accounts().authenticator(&caller.operator).await?;
        let refused = failed::refused(&request).await;
        let inside = match known {
            Some(known) => {
                let told = recovery::told(&request).await;
                view! {
                    {told}
                    {facts(&request, known)}
                }
                .into_any()
            }
            None => match backend.accounts().enrolment(caller).await? {
                Some(enrolment) => set_up::steps(&request, &enrolment).await,
                None => set_up::offer(PAGE),
            },
        };
        // A form shows its own refusal.
        let refused = refused.filter(|_| known.is_some());
        let body = view! { <div class="stack">{refused} {inside}</div> };
        Ok(Content::new("Authenticator", Nav::Other, body).crumb("Your account", "/account"))
    })
}

/// What the account page says of the authenticator.
pub(super) async fn panel(request: &Request) -> Result<AnyView, Failure> {
    let operators = request.backend().accounts();
    let known = operators.authenticator(&request.caller()?.operator).await?;
    let (state, action) = match known {
        Some(known) => (
            state(request, known),
            view! {
                <a class="act" href=PAGE>
                    "Manage"
                </a>
            }
            .into_any(),
        ),
        None => (
            "Not set up. With an app that shows codes, your password alone lets nobody in."
                .into_any(),
            set_up::begin_button("/account", "btn btn-small"),
        ),
    };
    Ok(panel_beside(
        "authenticator",
        "Authenticator",
        action,
        state,
    ))
}

fn state(request: &Request, known: Authenticator) -> AnyView {
    view! {
        <dl class="kv">
            {entry("Set up", ago(Some(known.since), request.now()))}
            {entry("Recovery codes left", left(known))}
        </dl>
    }
    .into_any()
}

fn left(known: Authenticator) -> AnyView {
    let left = known.recovery_codes;
    if left > FEW {
        return left.into_any();
    }
    view! { <span class="status status-warn">{small_icon("triangle")} {format!("Only {left}")}</span> }
        .into_any()
}

fn facts(request: &Request, known: Authenticator) -> AnyView {
    let note = view! { <span class="panel-note">"Signing in asks for one of its codes"</span> };
    let body = view! {
        {state(request, known)}
        <div class="form-actions">{recovery::button()} {remove::button()}</div>
    };
    panel_beside("authenticator", "Set up", note, body)
}

/// A button of this page.
fn button(
    page: &str,
    class: &'static str,
    what: (&str, &'static str),
    action: &'static str,
) -> AnyView {
    allowed::button_unless(None, class, what, action, fields(page))
}

/// What the buttons send: where a refusal comes back to.
fn fields(page: &str) -> Vec<(&'static str, String)> {
    vec![
        ("page", page.to_owned()),
        ("form", "authenticator".to_owned()),
    ]
}
