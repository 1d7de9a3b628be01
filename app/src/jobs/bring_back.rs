//! Bringing back all users that a job deleted: a plan, which is run like any other.

use backend::Job;
use domain::{Failure, JobKind, JobState};
use leptos::prelude::*;

use super::{ACT, find};
use crate::bring_back;
use crate::paths;
use crate::request::{Done, Request};

/// Makes a plan that brings every user back that a job deleted.
#[server(prefix = "/api", endpoint = "jobs/bring-all-back")]
pub async fn bring_all_back(id: String) -> Result<Done, Failure> {
    let request = Request::current();
    let job = find(&request, &id).await?;
    let caller = request.caller()?;
    let made = request
        .backend()
        .jobs()
        .bring_all_back(caller, &job)
        .await?;
    let detail = "Nothing is sent before you run the plan.".to_owned();
    request
        .done(paths::job(&made), "The plan is made", detail)
        .await
}

/// The button of a job that deleted users and has ended.
pub(super) fn of_job(request: &Request, job: &Job) -> Option<AnyView> {
    let has_ended = matches!(job.state, JobState::Done | JobState::Cancelled);
    if job.kind != JobKind::Delete || !has_ended || job.tally.done == 0 {
        return None;
    }
    let hidden = vec![
        ("id", job.id.to_string()),
        ("page", paths::job(&job.id)),
        ("form", ACT.to_owned()),
    ];
    let question = "Bring back the users that this job deleted?";
    Some(bring_back::button(
        request,
        question,
        "jobs/bring-all-back",
        hidden,
    ))
}
