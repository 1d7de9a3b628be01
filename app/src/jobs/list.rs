//! The jobs of this console: those that run first, then the newest.

use backend::Job;
use backend::jobs::{JobList, Whose};
use domain::{Failure, Field, Timestamp};
use leptos::prelude::*;

use super::shown::is_plan;
use super::{LIST, instance_link, learn_names};
use crate::covered::ONLY_COVERED;
use crate::imports;
use crate::paths::{job, with_query};
use crate::request::Request;
use crate::ui::bidi::chosen;
use crate::ui::frame::Nav;
use crate::ui::job::{is_moving, number, progress, state};
use crate::ui::page::{Content, page};
use crate::ui::parts::{ago, missing, small_icon};
use crate::ui::{failed, table};

/// How many jobs are on a page.
const ON_A_PAGE: usize = 25;
/// The value of the address that says whose jobs are shown.
const WHOSE: &str = "whose";
const MINE: &str = "mine";

/// The page of the jobs.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        request.caller()?;
        let list = match read(&request).await {
            Ok(list) => list,
            Err(failure) => {
                request.set_status(failure.cause.status());
                failed::content(&failure, &request.with_query(&[]))
            }
        };
        let is_first = request.query(Field::Before.name()).is_none();
        let files = if is_first {
            imports::unfinished(&request).await
        } else {
            None
        };
        let body = view! {
            <div class="stack">
                {files} <section class="panel" aria-label="Jobs">
                    {list}
                </section>
            </div>
        };
        Ok(Content::new("Jobs", Nav::Jobs, body).crumb("Overview", "/"))
    })
}

/// Whether only one's own are asked for.
fn is_mine(request: &Request) -> bool {
    request.query(WHOSE).as_deref() == Some(MINE)
}

async fn read(request: &Request) -> Result<AnyView, Failure> {
    let before = request.query(Field::Before.name());
    let time = before.as_deref().and_then(|before| before.parse().ok());
    let whose = request.query(WHOSE);
    if before.is_some() && time.is_none() || !matches!(whose.as_deref(), None | Some("all" | MINE))
    {
        request.note(
            "A part of this address cannot be read".to_owned(),
            "It is left out.",
        );
    }
    let caller = request.caller()?;
    let whose = if is_mine(request) {
        Whose::Of(caller.operator.clone())
    } else {
        Whose::All
    };
    let before = time.map(Timestamp);
    let jobs = request.backend().jobs();
    let found = jobs.list(Some(caller), &whose, before, ON_A_PAGE).await?;
    learn_names(request, &found.jobs).await;
    Ok(listed(request, before.is_some(), &found))
}

fn listed(request: &Request, is_later: bool, found: &JobList) -> AnyView {
    let is_limited = request
        .caller()
        .is_ok_and(|caller| !caller.grant.is_everything());
    let facts = match found.jobs.len() {
        1 => "1 job on this page".to_owned(),
        count => format!("{count} jobs on this page"),
    };
    let body = if found.jobs.is_empty() {
        empty(is_mine(request), is_later)
    } else {
        rows(request, &found.jobs)
    };
    view! {
        <div class="strip">
            <p class="strip-facts">
                <span>{facts}</span>
                {is_limited.then(|| view! { <span>{ONLY_COVERED}</span> })}
            </p>
            <div class="push">{choice(is_mine(request))}</div>
            {pages(request, is_later, found.next)}
        </div>
        {body}
    }
    .into_any()
}

/// Everybody's, or one's own.
fn choice(is_mine: bool) -> AnyView {
    let link = |text: &'static str, whose: &str, is_here: bool| {
        let to = with_query(LIST, &[(WHOSE, whose)]);
        view! {
            <a href=to aria-current=is_here.then_some("true")>
                {text}
            </a>
        }
    };
    view! {
        <div class="segments" role="group" aria-label="Whose jobs">
            {link("All", "", !is_mine)}
            {link("Mine", MINE, is_mine)}
        </div>
    }
    .into_any()
}

/// The way to older ones, and back to the newest: the list is read by time, and only forward.
fn pages(request: &Request, is_later: bool, next: Option<Timestamp>) -> AnyView {
    let newest = is_later.then(|| {
        view! {
            <a href=request
                .with_query(&[(Field::Before.name(), "")])>{small_icon("chevron-left")} "Newest"</a>
        }
    });
    let older = next.map(|next| {
        let next = next.0.to_string();
        view! {
            <a rel="next" href=request.with_query(&[(Field::Before.name(), &next)])>
                "Older"
                {small_icon("chevron-right")}
            </a>
        }
    });
    view! {
        <nav class="pager" aria-label="Pages">
            {newest}
            {older}
        </nav>
    }
    .into_any()
}

fn rows(request: &Request, jobs: &[Job]) -> AnyView {
    let rows = jobs.iter().map(|job| row(request, job)).collect_view();
    let above = view! {
        <caption class="sr-only">"Jobs, those that run first"</caption>
        <colgroup>
            <col />
            <col class="col-l" />
            <col class="col-m" />
            <col class="col-l" />
            <col class="col-xl" />
            <col class="col-m" />
        </colgroup>
    };
    let heads = view! {
        <th scope="col">"Job"</th>
        <th scope="col">"By"</th>
        <th scope="col">"State"</th>
        <th scope="col">"Rows"</th>
        <th scope="col">"Outcomes"</th>
        <th scope="col">"Made"</th>
    };
    table::frame("table", above, heads, rows)
}

fn row(request: &Request, of: &Job) -> AnyView {
    view! {
        <tr>
            <th scope="row">
                <a href=job(&of.id)>{of.kind.label()}</a>
                <span class="cell-note">"In " {instance_link(request, of)}</span>
            </th>
            <td data-label="By">{chosen(&of.owner.username)}</td>
            <td data-label="State">{state(of)}</td>
            <td data-label="Rows">{rows_of(of)}</td>
            <td data-label="Outcomes" class="two-lines">
                {outcomes(of)}
            </td>
            <td data-label="Made">{ago(Some(of.created), request.now())}</td>
        </tr>
    }
    .into_any()
}

/// How far it is while it is on its way, else how many rows it has.
fn rows_of(job: &Job) -> String {
    if is_moving(job) {
        progress(job)
    } else {
        number(job.total)
    }
}

/// What became of its rows, or what its plan says of them, as far as there is anything to tell.
fn outcomes(job: &Job) -> AnyView {
    let (tally, plan) = (job.tally, job.plan);
    let counts = if is_plan(job) {
        [
            (plan.will, "to do"),
            (plan.cannot, "cannot be done"),
            (plan.unsure, "not known yet"),
            (plan.skip, "nothing to do"),
        ]
    } else {
        [
            (tally.done, "done"),
            (tally.failed, "failed"),
            (tally.unknown, "unknown"),
            (tally.skipped, "skipped"),
        ]
    };
    let looks = [
        ("status status-ok", "tick-circle"),
        ("status status-danger", "octagon"),
        ("status status-warn", "triangle"),
        ("status status-muted", "slash-circle"),
    ];
    let parts = counts.into_iter().zip(looks);
    let told: Vec<_> = parts
        .filter(|((count, _), _)| *count > 0)
        .map(|((count, word), (class, name))| {
            let text = format!("{} {word} ", number(count));
            view! { <span class=class>{small_icon(name)} {text}</span> }
        })
        .collect();
    if told.is_empty() {
        return missing();
    }
    view! { <span class="outcomes">{told}</span> }.into_any()
}

fn empty(is_mine: bool, is_later: bool) -> AnyView {
    let headline = match (is_mine, is_later) {
        (_, true) => "No older job",
        (true, _) => "You have no job",
        (false, _) => "No job yet",
    };
    view! {
        <div class="empty empty-small">
            <h2>{headline}</h2>
            <p>
                "A job does the same to many users, bots or endpoints. It is planned first, and changes nothing before somebody runs it."
            </p>
        </div>
    }
    .into_any()
}
