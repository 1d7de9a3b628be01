//! Whether writes are unlocked: in the header, above forms, in place of buttons.

use domain::{Environment, Operation, Role};
use leptos::prelude::*;

use crate::operations::done_by;
use crate::paths::encoded;
use crate::request::Request;
use crate::ui::allowed;
use crate::ui::parts::{icon, small_icon};

const MINUTE: i64 = 60_000;

/// The page to unlock writes on, which leads to another one.
fn unlock(next: &str) -> String {
    format!("/unlock?next={}", encoded(next))
}

/// Whether an operation waits for a proof of who asks, and for nothing else.
fn waits(request: &Request, operation: Operation) -> bool {
    request.backend().asks_proof(operation)
        && is_stale(request)
        && allowed::reason(request, operation).is_none()
}

/// Whether the proof of who asks is too old.
fn is_stale(request: &Request) -> bool {
    let caller = request.caller();
    caller.is_ok_and(|caller| caller.proof_left(request.now()).is_none())
}

/// Where to unlock before a form is sent, when its function would ask for it.
pub fn of_form(request: &Request, action: &str) -> Option<String> {
    let here = || unlock(&request.with_query(&[]));
    let asks = ["/api/operators/", "/api/account/authenticator/"];
    if asks.iter().any(|asks| action.starts_with(asks)) {
        return is_stale(request).then(here);
    }
    done_by(action)
        .any(|operation| waits(request, operation))
        .then(here)
}

/// What a form says that would ask.
pub fn note(to: String) -> AnyView {
    view! {
        <div class="flash flash-warn" role="note">
            {icon("lock")}
            <div class="flash-text">
                <b>"Writes are locked"</b>
                <p>
                    "Sending this form asks for your password or a one-time code first. What you typed is kept. "
                    <a href=to>"Unlock writes"</a>
                </p>
            </div>
        </div>
    }
    .into_any()
}

/// What stands in place of a button that would be refused; nothing when it would not.
pub fn instead_of_button(
    request: &Request,
    operation: Operation,
    class: &'static str,
    text: &'static str,
) -> Option<AnyView> {
    waits(request, operation).then(|| way_to_unlock(request, class, text))
}

/// The same for what is in the audit like a write and is none. Whoever may not do it at all gets no
/// lock, but the button that says why.
pub fn instead_of_event(
    request: &Request,
    needed: Role,
    class: &'static str,
    text: &'static str,
) -> Option<AnyView> {
    let may = request.caller().is_ok_and(|caller| caller.role >= needed);
    let waits = may && request.backend().asks_proof_of_events() && is_stale(request);
    waits.then(|| way_to_unlock(request, class, text))
}

fn way_to_unlock(request: &Request, class: &'static str, text: &'static str) -> AnyView {
    view! {
        <a
            class=class
            href=unlock(&request.with_query(&[]))
            title="Writes are locked. Unlock them first"
        >
            {icon("lock")}
            {text}
            <span class="sr-only">" (unlock writes first)"</span>
        </a>
    }
    .into_any()
}

/// In the header of a production connection: how long writes stay unlocked, or the way to do it.
pub fn pill(request: &Request) -> Option<AnyView> {
    let connection = request.connection();
    let caller = request.caller().ok()?;
    let is_asked = connection.environment == Environment::Production
        && !connection.read_only
        && caller.role >= Role::Operator;
    let (class, name, text) = match caller.proof_left(request.now()) {
        _ if !is_asked => return None,
        Some(left) => ("pill", "unlock", unlocked(left)),
        None => ("pill pill-locked", "lock", "Unlock writes".to_owned()),
    };
    Some(
        view! {
            <a class=class href=unlock(&request.with_query(&[])) title=text.clone()>
                {small_icon(name)}
                <span class="pill-text">{text.clone()}</span>
            </a>
        }
        .into_any(),
    )
}

/// How long, in started minutes.
fn unlocked(left: i64) -> String {
    let minutes = (left + MINUTE - 1) / MINUTE;
    format!("Writes unlocked, {minutes} min left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_in_started_minutes() {
        assert_eq!(unlocked(15 * MINUTE), "Writes unlocked, 15 min left");
        assert_eq!(unlocked(11 * MINUTE + 1), "Writes unlocked, 12 min left");
        assert_eq!(unlocked(1), "Writes unlocked, 1 min left");
    }
}
