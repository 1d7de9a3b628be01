//! Bringing back a user that was deleted, from what the audit kept of it: a plan, which is run like any
//! other.

use domain::{Cause, Failure, JobKind};
use leptos::prelude::*;

use crate::access::reason_to_plan;
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::ask::{self, Ask};

/// What cannot come back.
pub const LOST: &str = "Memberships, messages and push endpoints do not come back: they are no part of what was kept, and the apps register their devices again. Days until a user expires count anew.";

/// Makes a plan that brings a user back that was deleted.
#[server(prefix = "/api", endpoint = "jobs/bring-back")]
pub async fn bring_user_back(entry: i64) -> Result<Done, Failure> {
    let request = Request::current();
    let caller = request.caller()?;
    let backend = request.backend();
    let found = backend.audit_for(caller).await?.at_seq(entry).await?;
    let found = found.ok_or(Failure::from(Cause::NoSuchPage))?;
    let job = backend.jobs().bring_back(caller, &found).await?;
    let detail = "Nothing is sent before you run the plan.".to_owned();
    request
        .done(paths::job(&job), "The plan is made", detail)
        .await
}

/// The button of an entry of the audit.
pub fn of_entry(request: &Request, seq: i64) -> AnyView {
    let hidden = vec![
        ("entry", seq.to_string()),
        ("page", request.path().to_owned()),
    ];
    let question = "Bring this user back?";
    button(request, question, "jobs/bring-back", hidden)
}

/// The button that asks, and says what cannot come back.
pub fn button(
    request: &Request,
    question: &str,
    action: &'static str,
    hidden: Vec<(&'static str, String)>,
) -> AnyView {
    let ask = Ask {
        id: "bring-back".to_owned(),
        what: ("undo", "Bring back"),
        question: question.to_owned(),
        effect: "This makes a plan that creates them again as they were: name, metadata, tags, expiration, and the role of an admin. You see it before anything is sent."
            .to_owned(),
        warning: Some(LOST),
        confirm: "Make the plan",
        action,
        hidden,
    };
    let reason = reason_to_plan(request, JobKind::BringBack);
    ask::button(ask, reason, "btn")
}
