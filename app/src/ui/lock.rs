//! Whether writes are unlocked: in the header, above forms, in place of buttons.

use domain::{Environment, Operation, Role};
use leptos::prelude::*;

use crate::access::{unlock_path, waits, waits_to_settle};
use crate::request::Request;
use crate::ui::parts::{self, icon, small_icon};

const MINUTE: i64 = 60_000;

/// The note above a form that would ask for a fresh proof; `to` leads to the page that unlocks
/// writes.
pub fn note(to: String) -> AnyView {
    let sentence = view! {
        "Sending this form asks for your password or a one-time code first. What you typed is kept. "
        <a href=to>"Unlock writes"</a>
    };
    parts::note("flash flash-warn", "lock", "Writes are locked", sentence)
}

/// The link to unlock writes, in place of a button that would ask for a fresh proof; `None` when it
/// would not ask.
pub fn instead_of_button(
    request: &Request,
    operation: Operation,
    class: &'static str,
    text: &'static str,
) -> Option<AnyView> {
    waits(request, operation).then(|| way_to_unlock(request, class, text))
}

/// Like [`instead_of_button`], for what the audit records like a write though it is none. An
/// operator whose role is too weak gets no lock, but the button that says why.
pub fn instead_of_event(
    request: &Request,
    class: &'static str,
    text: &'static str,
) -> Option<AnyView> {
    waits_to_settle(request).then(|| way_to_unlock(request, class, text))
}

fn way_to_unlock(request: &Request, class: &'static str, text: &'static str) -> AnyView {
    view! {
        <a
            class=class
            href=unlock_path(&request.with_query(&[]))
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
            <a class=class href=unlock_path(&request.with_query(&[])) title=text.clone()>
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
