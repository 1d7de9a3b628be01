//! The audit log: who did what from where, with what outcome.
//!
//! The rows are written by `backend`, before a call is sent and after it; here they are only read.

pub mod changes;
mod detail;
mod entries;
pub mod export;
mod filters;
mod list;
mod look;
mod newest;
mod resource;

use backend::{Entry, Phase};
use domain::{Cause, Failure, Operation, Role};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

use detail::DetailPage;
use list::ListPage;

pub use resource::resource_view;

use crate::request::Request;
use crate::ui::bidi::chosen;
use crate::ui::parts::{missing, small_icon};

/// The addresses of the audit log.
#[component(transparent)]
pub fn AuditRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/audit") view=ListPage ssr=SsrMode::Async/>
        <Route path=path!("/audit/:entry") view=DetailPage ssr=SsrMode::Async/>
    }
    .into_inner()
}

/// Events of the console that are no operation of the API.
const EVENTS: &[(&str, &str)] = &[
    ("RevealDeviceTokens", "Reveal device tokens"),
    ("LookAgain", "Look again at an unknown outcome"),
    ("AddOperator", "Add operator"),
    ("SetOperatorRole", "Set operator’s role"),
    ("SetOperatorScope", "Set operator’s scope"),
    ("EnableOperator", "Enable operator"),
    ("DisableOperator", "Disable operator"),
    ("ResetOperatorPassword", "Reset operator’s password"),
    ("InviteOperator", "Invite operator"),
    ("SignOutOperator", "Sign operator out everywhere"),
    ("SignIn", "Sign in"),
    ("SignOut", "Sign out"),
    ("SetUp", "Set up the first operator"),
    ("ChoosePassword", "Choose password by link"),
    ("ChangePassword", "Change own password"),
    ("SeeNotices", "Mark own notices as seen"),
    ("ChooseTimes", "Choose how times are shown"),
    ("EndSession", "End own session"),
    ("EndOtherSessions", "End own other sessions"),
    ("UnlockWrites", "Unlock writes"),
    ("BeginAuthenticator", "Begin to set up authenticator"),
    ("SetUpAuthenticator", "Set up authenticator"),
    ("NewRecoveryCodes", "Make new recovery codes"),
    ("RemoveAuthenticator", "Remove own authenticator"),
    ("ResetAuthenticator", "Reset operator’s authenticator"),
];

/// Refuses who may not read the audit log.
fn may_read(role: Role) -> Result<(), Failure> {
    let needed = Role::needed_for_audit();
    if role < needed {
        return Err(Cause::RoleNeeded(needed).into());
    }
    Ok(())
}

/// Refuses whoever may not read the audit log, signed in or not.
fn allowed(request: &Request) -> Result<(), Failure> {
    may_read(request.caller()?.role)
}

/// What was done, in words.
pub fn label(operation: &str) -> String {
    if let Ok(operation) = operation.parse::<Operation>() {
        return operation.label().to_owned();
    }
    let event = EVENTS.iter().find(|(name, _)| *name == operation);
    event.map_or(operation, |(_, label)| label).to_owned()
}

/// The word for how far something got.
const fn outcome(phase: Phase) -> &'static str {
    match phase {
        Phase::Succeeded | Phase::Noted => "Done",
        Phase::Failed => "Failed",
        Phase::Refused => "Refused",
        Phase::Unknown => "Unknown",
        Phase::Begun => "Running",
    }
}

/// How something ended: shape, word and colour.
pub fn outcome_view(phase: Phase) -> AnyView {
    let (class, name) = match phase {
        Phase::Succeeded | Phase::Noted => ("status status-ok", "tick-circle"),
        Phase::Failed => ("status status-danger", "octagon"),
        Phase::Refused => ("status status-muted", "slash-circle"),
        Phase::Unknown => ("status status-warn", "triangle"),
        Phase::Begun => ("status status-info", "hourglass"),
    };
    view! { <span class=class>{small_icon(name)} {outcome(phase)}</span> }.into_any()
}

/// Who did it, and with what kind of account: a name could be anybody's. A failed sign-in names
/// nobody.
pub fn who(entry: &Entry) -> AnyView {
    if entry.username.is_empty() {
        return missing();
    }
    let kind = entry.actor.name();
    view! {
        {chosen(&entry.username)}
        " "
        <span class="muted">{format!("({kind})")}</span>
    }
    .into_any()
}

/// The name alone, where there is no room.
pub fn name(entry: &Entry) -> AnyView {
    if entry.username.is_empty() {
        missing()
    } else {
        chosen(&entry.username)
    }
}

/// Says that a row is not as it was written.
pub fn damage(entry: &Entry) -> Option<AnyView> {
    entry
        .damaged
        .then(|| view! { <small class="danger">" This row is damaged"</small> }.into_any())
}

/// The page of an entry.
pub fn entry_path(entry: &Entry) -> String {
    format!("/audit/{}", entry.seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_an_event_and_a_word_of_a_newer_version_have_a_label() {
        assert_eq!(label("UpdateAppInstanceBot"), "Update AppInstanceBot");
        assert_eq!(label("RevealDeviceTokens"), "Reveal device tokens");
        assert_eq!(label("NewEvent"), "NewEvent");
    }

    #[test]
    fn every_role_that_may_read_a_resource_may_read_who_changed_it() {
        for role in Role::ALL {
            assert!(may_read(*role).is_ok());
        }
    }
}
