//! What can be done to a job: run, pause, resume, cancel, retry. Each is a button, and a server function. What
//! makes another job of it stands beside: `again`, `bring_back`.

use backend::Job;
use backend::jobs::By;
use domain::{Failure, JobState};
use leptos::prelude::*;

use super::{ACT, again, bring_back, find};
use crate::access::{self, reason_to_plan, unlock_path, waits};
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::allowed::button_unless;
use crate::ui::ask::{self, Ask};
use crate::ui::bidi::isolated;
use crate::ui::form::failure_view;
use crate::ui::job::counted;

/// What the form that runs a plan calls itself, for drafts.
pub(super) const RUN: &str = "run";

/// Runs a plan.
#[server(prefix = "/api", endpoint = "jobs/start")]
pub async fn start_job(
    id: String,
    #[server(default)] confirm_count: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let job = find(&request, &id).await?;
    let jobs = request.backend().jobs();
    let by = By::Operator(request.caller()?);
    jobs.start(by, &job.id, &confirm_count).await?;
    let detail = "You can leave this page: the job goes on, and its item in the header leads back.";
    done(&request, &job, "The job runs", detail).await
}

/// Lets what is on its way end, and begins nothing more.
#[server(prefix = "/api", endpoint = "jobs/pause")]
pub async fn pause_job(id: String) -> Result<Done, Failure> {
    let request = Request::current();
    let job = find(&request, &id).await?;
    let by = By::Operator(request.caller()?);
    request.backend().jobs().pause(by, &job.id).await?;
    done(&request, &job, "Job paused", "").await
}

/// Goes on with a job; somebody else's becomes one's own.
#[server(prefix = "/api", endpoint = "jobs/resume")]
pub async fn resume_job(id: String) -> Result<Done, Failure> {
    let request = Request::current();
    let job = find(&request, &id).await?;
    let caller = request.caller()?;
    let by = By::Operator(caller);
    request.backend().jobs().resume(by, &job.id).await?;
    let detail = if job.owner.is(caller) {
        ""
    } else {
        "It acts with your rights from now on."
    };
    done(&request, &job, "The job runs again", detail).await
}

/// Ends a job before its end.
#[server(prefix = "/api", endpoint = "jobs/cancel")]
pub async fn cancel_job(id: String) -> Result<Done, Failure> {
    let request = Request::current();
    let job = find(&request, &id).await?;
    let by = By::Operator(request.caller()?);
    request.backend().jobs().cancel(by, &job.id).await?;
    done(&request, &job, "Job cancelled", "").await
}

/// Plans the rows again that failed or were not reached.
#[server(prefix = "/api", endpoint = "jobs/retry")]
pub async fn retry_job(id: String) -> Result<Done, Failure> {
    let request = Request::current();
    let job = find(&request, &id).await?;
    let by = By::Operator(request.caller()?);
    request.backend().jobs().retry(by, &job.id).await?;
    let detail = "Nothing is sent before you run the new plan.";
    done(&request, &job, "The rows are planned again", detail).await
}

async fn done(request: &Request, job: &Job, headline: &str, detail: &str) -> Result<Done, Failure> {
    let page = paths::job(&job.id);
    request.done(page, headline, detail.to_owned()).await
}

/// Why the operator may not do something to a job; `None` when they may. What sets the job off needs the
/// right to all that it does.
pub(super) fn reason(request: &Request, job: &Job, sets_off: bool) -> Option<String> {
    let mut operations = job.kind.operations().iter();
    if sets_off {
        return operations.find_map(|operation| access::reason(request, *operation));
    }
    reason_to_plan(request, job.kind)
}

/// Where to unlock writes before it can be set off, if that is asked for.
pub(super) fn locked(request: &Request, job: &Job) -> Option<String> {
    let mut operations = job.kind.operations().iter();
    let waits = operations.any(|operation| waits(request, *operation));
    waits.then(|| unlock_path(&paths::job(&job.id)))
}

/// Why a button was refused that was pressed on this page.
pub(super) async fn refused(request: &Request) -> Option<AnyView> {
    let draft = request.draft().await?;
    let is_act = |(name, value): &(String, String)| name == "form" && value == ACT;
    let is_act = draft.fields.iter().any(is_act);
    let failure = draft.failure.filter(|_| is_act)?;
    Some(failure_view(&failure))
}

/// The buttons that a job has in its state; running a plan has a form of its own.
pub(super) fn buttons(request: &Request, job: &Job) -> Vec<AnyView> {
    match job.state {
        JobState::Planning | JobState::Planned => vec![cancel(request, job)],
        JobState::Running => vec![pause(request, job), cancel(request, job)],
        JobState::Paused | JobState::Stopped => vec![resume(request, job), cancel(request, job)],
        JobState::Done | JobState::Cancelled => {
            let back = bring_back::of_job(request, job);
            let again = again::of_job(request, job);
            let retry = retry(request, job).into_iter();
            retry.chain(again).chain(back).collect()
        }
    }
}

/// What the buttons send.
pub(super) fn fields(job: &Job) -> Vec<(&'static str, String)> {
    vec![
        ("id", job.id.to_string()),
        ("page", paths::job(&job.id)),
        ("form", ACT.to_owned()),
    ]
}

fn pause(request: &Request, job: &Job) -> AnyView {
    let reason = reason(request, job, false);
    button_unless(reason, "btn", ("pause", "Pause"), "jobs/pause", fields(job))
}

fn resume(request: &Request, job: &Job) -> AnyView {
    let reason = reason(request, job, true);
    let is_own = request.caller().is_ok_and(|caller| job.owner.is(caller));
    if is_own {
        let class = "btn btn-primary";
        return button_unless(
            reason,
            class,
            ("play", "Resume"),
            "jobs/resume",
            fields(job),
        );
    }
    let owner = isolated(&job.owner.username);
    let ask = Ask {
        id: "take-over".to_owned(),
        what: ("play", "Take over"),
        question: format!("Take over the job of {owner}?"),
        effect: "It goes on with your rights instead of theirs, and is yours from then on."
            .to_owned(),
        warning: None,
        confirm: "Take over and resume",
        action: "jobs/resume",
        hidden: fields(job),
    };
    ask::button(ask, reason, "btn btn-primary")
}

fn cancel(request: &Request, job: &Job) -> AnyView {
    let effect = match job.state {
        JobState::Planning | JobState::Planned => {
            "The plan is closed. Nothing was changed by it.".to_owned()
        }
        _ => {
            let left = counted(job.left(), "row that waits is", "rows that wait are");
            format!("Calls on their way end, and the {left} left out. What was done stays done.")
        }
    };
    let ask = Ask {
        id: "cancel".to_owned(),
        what: ("x", "Cancel job"),
        question: "Cancel this job?".to_owned(),
        effect,
        warning: None,
        confirm: "Cancel the job",
        action: "jobs/cancel",
        hidden: fields(job),
    };
    ask::button(ask, reason(request, job, false), "btn btn-danger-line")
}

/// "Retry what failed", of a job that ended and did not do all of it.
fn retry(request: &Request, job: &Job) -> Option<AnyView> {
    let failed = job.tally.failed;
    let has_rest = failed > 0 || job.state == JobState::Cancelled;
    (job.ended.is_some() && has_rest).then(|| {
        let reason = reason(request, job, false);
        let what = ("refresh", "Retry what failed");
        button_unless(reason, "btn", what, "jobs/retry", fields(job))
    })
}
