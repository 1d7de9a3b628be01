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
mod restore;

use backend::{Entry, Phase};
use domain::{Cause, Event, Failure, JobId, Role};
use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, path};

use detail::DetailPage;
use list::ListPage;

pub use crate::ui::entry::{entry_path, who};
pub use resource::resource_view;

use crate::paths;
use crate::request::Request;
use crate::ui::bidi::chosen;
use crate::ui::page::at;
use crate::ui::parts::{missing, small_icon};

/// The addresses of the audit log.
#[component(transparent)]
pub fn AuditRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(path!("/audit"), ListPage),
        at(path!("/audit/:entry"), DetailPage),
    )
}

/// Fails unless a role may read the audit log.
fn may_read(role: Role) -> Result<(), Failure> {
    let needed = Role::needed_for_audit();
    if role < needed {
        return Err(Cause::RoleNeeded(needed).into());
    }
    Ok(())
}

/// Fails unless the one who asks is signed in with a role that may read the audit log.
fn allowed(request: &Request) -> Result<(), Failure> {
    may_read(request.caller()?.role)
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

/// The name alone, where there is no room.
pub fn name(entry: &Entry) -> AnyView {
    if entry.username.is_empty() {
        missing()
    } else {
        chosen(&entry.username)
    }
}

/// The job that made the call, or that the event is about.
pub fn job_of(entry: &Entry) -> Option<JobId> {
    let told = || match entry.event {
        Event::Console(_) => entry.input["Job"].as_str()?.parse().ok(),
        _ => None,
    };
    entry.job.clone().or_else(told)
}

/// The link to that job.
pub fn job_link(entry: &Entry) -> Option<AnyView> {
    let to = paths::job(&job_of(entry)?);
    Some(view! { <a href=to>"The job"</a> }.into_any())
}

/// Says that a row is not as it was written.
pub fn damage(entry: &Entry) -> Option<AnyView> {
    entry
        .damaged
        .then(|| view! { <small class="danger">" This row is damaged"</small> }.into_any())
}

#[cfg(test)]
mod tests {
    use backend::ActorKind;
    use domain::{Operation, Timestamp};
    use serde_json::Value;

    use super::*;

    /// An entry of a call that succeeded; `before` is null where nothing is known of that.
    pub fn entry(operation: Operation, input: Value, before: Value) -> Entry {
        Entry {
            job: None,
            id: "e".into(),
            seq: 1,
            at: Timestamp(0),
            operator: None,
            username: "ada".into(),
            actor: ActorKind::Password,
            remote: None,
            request: String::new(),
            connection: None,
            region: None,
            event: operation.into(),
            resource: None,
            instance: None,
            phase: Phase::Succeeded,
            input,
            before: (!before.is_null()).then_some(before),
            failure: None,
            aws_request: None,
            finished_at: None,
            looked_by: None,
            damaged: false,
        }
    }

    #[test]
    fn every_role_that_may_read_a_resource_may_read_who_changed_it() {
        for role in Role::ALL {
            assert!(may_read(*role).is_ok());
        }
    }
}
