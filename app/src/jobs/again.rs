//! A job again: a new plan of the same rows, or the form that its plan was made with.

use backend::Job;
use domain::Failure;
use domain::import::Kind;
use leptos::prelude::*;

use super::{deeds, find};
use crate::access::reason_of_import;
use crate::paths;
use crate::request::{Done, Request};
use crate::selection::Action;
use crate::ui::allowed::{button_unless, link_unless};

/// Plans all rows of a job again, as a new job.
#[server(prefix = "/api", endpoint = "jobs/again")]
pub async fn run_job_again(id: String) -> Result<Done, Failure> {
    let request = Request::current();
    let job = find(&request, &id).await?;
    let caller = request.caller()?;
    let made = request.backend().jobs().again(caller, &job).await?;
    let detail =
        "Every row is compared with what is there now. Nothing is sent before you run the plan.";
    request
        .done(paths::job(&made), "The plan is made", detail.to_owned())
        .await
}

/// The buttons of a job that has ended: the same again, and the same with other values or rows.
pub(super) fn of_job(request: &Request, job: &Job) -> Vec<AnyView> {
    if job.ended.is_none() {
        return Vec::new();
    }
    let again = job.can_run_again().then(|| {
        let what = ("play", "Run again");
        let reason = deeds::reason(request, job, true);
        button_unless(reason, "btn", what, "jobs/again", deeds::fields(job))
    });
    again
        .into_iter()
        .chain(with_changes(request, job))
        .collect()
}

/// The way to change it first: of an import another file, of rows that were ticked the form of their plan.
fn with_changes(request: &Request, job: &Job) -> Option<AnyView> {
    let what = ("edit", "Run again with changes");
    let mut kinds = Kind::ALL.iter();
    if let Some(kind) = kinds.find(|kind| kind.job() == job.kind) {
        let to = paths::import(&job.scope.connection, job.instance.known()?, *kind);
        let reason = reason_of_import(request, *kind);
        return Some(link_unless(reason, "btn", what, to));
    }
    Action::of_job(job)?;
    let reason = deeds::reason(request, job, true);
    let fields = deeds::fields(job);
    Some(button_unless(
        reason,
        "btn",
        what,
        "selection/again",
        fields,
    ))
}
