//! The page of one job: its plan, its progress, what became of its rows, and what can be done to it.

use backend::Job;
use domain::{Failure, JobState};
use leptos::prelude::*;

use super::live::Parts;
use super::shown::{Shown, is_plan};
use super::{LIST, deeds, instance_link, instance_name, learn_names, open, plan, progress};
use crate::request::Request;
use crate::ui::bidi::{chosen, isolated};
use crate::ui::frame::Nav;
use crate::ui::job::state;
use crate::ui::page::{Content, page};
use crate::ui::parts::{ago, icon};

/// The page of one job.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        let job = open(&request).await?;
        learn_names(&request, std::slice::from_ref(&job)).await;
        let shown = shown(&request);
        let refused = deeds::refused(&request).await;
        let parts = Parts::read(&request, &job, shown).await?;
        let between = running_it(&request, &job).await?;
        let parts = parts.view(&request, &job, shown, between);
        let body = view! { <div class="stack">{refused} {facts(&request, &job)} {progress::told(&job)} {parts}</div> };
        let label = job.kind.label();
        let heading = format!("{label} in {}", isolated(&instance_name(&request, &job)));
        let mut content = Content::new(label, Nav::Jobs, body)
            .headed(heading)
            .crumb("Jobs", LIST)
            .badge(state(&job))
            .action(results(&job));
        for button in deeds::buttons(&request, &job) {
            content = content.action(button);
        }
        Ok(content)
    })
}

/// What the address asks for; all rows, and a note, when it cannot be read.
fn shown(request: &Request) -> Shown {
    Shown::read(|name| request.query(name)).unwrap_or_else(|failure| {
        let labels = failure.field_problems().iter();
        let labels: Vec<_> = labels.map(|problem| problem.field.label()).collect();
        let headline = "A part of this address cannot be read".to_owned();
        request.note(headline, &format!("Left out: {}.", labels.join(", ")));
        Shown::default()
    })
}

/// What stands below the numbers of a plan: what it takes away, and the button that runs it.
async fn running_it(request: &Request, job: &Job) -> Result<Option<AnyView>, Failure> {
    if job.state != JobState::Planned {
        return Ok(None);
    }
    let warnings = request.backend().jobs().warnings(&job.id).await?;
    let view = view! {
        {plan::consequences(job, &warnings)}
        {plan::form(request, job).await}
    };
    Ok(Some(view.into_any()))
}

/// Where it acts, for whom, and since when.
fn facts(request: &Request, job: &Job) -> AnyView {
    let now = request.now();
    let started = job.started.map(|at| {
        view! { <span>"Started " {ago(Some(at), now)}</span> }
    });
    let ended = job.ended.map(|at| {
        view! { <span>"Ended " {ago(Some(at), now)}</span> }
    });
    let log = (!is_plan(job)).then(|| {
        view! {
            <a class="act" href=format!("/audit?job={}", job.id)>
                "In the audit log"
            </a>
        }
    });
    view! {
        <p class="facts">
            <span>"In " {instance_link(request, job)}</span>
            <span>"By " {chosen(&job.owner.username)}</span>
            <span>"Made " {ago(Some(job.created), now)}</span>
            {started}
            {ended}
            {log}
        </p>
    }
    .into_any()
}

/// The link that downloads every row.
fn results(job: &Job) -> AnyView {
    let text = if is_plan(job) {
        "Plan (CSV)"
    } else {
        "Results (CSV)"
    };
    view! {
        <a class="btn" href=Shown::default().file(job) download="">
            {icon("download")}
            {text}
        </a>
    }
    .into_any()
}
