//! How far a job is: a bar in parts, the counts of its outcomes, the rate.

use backend::{Job, Pace};
use domain::{JobState, RowState};
use leptos::prelude::*;

use super::pace;
use super::shown::Shown;
use crate::ui::job::{is_moving, number, through};
use crate::ui::parts::{note, small_icon};

/// The width of the bar, in parts of itself.
const WIDTH: u64 = 1000;
/// A part that is there is seen, however small it is.
const LEAST: u64 = 4;

/// The panel of a job that is planned, runs or ran.
pub(super) fn panel(job: &Job, shown: Shown, rate: Option<&Pace>) -> AnyView {
    let is_planning = job.state == JobState::Planning;
    let heading = if is_planning { "Plan" } else { "Progress" };
    let left = job.total.saturating_sub(through(job));
    let counts = (!is_planning).then(|| counts(job, shown, left));
    let why = is_moving(job).then(|| view! { <p class="muted">{pace::why(rate)}</p> });
    view! {
        <section class="panel" aria-label=heading>
            <div class="panel-body">
                <div class="job-figures">
                    <p>
                        <b class="job-figure">{number(through(job))}</b>
                        {format!(" of {} rows", number(job.total))}
                        {is_planning.then_some(" compared with what is there")}
                    </p>
                    <p>{speed(job)}</p>
                </div>
                {bar(job, heading)}
                {counts}
                {why}
            </div>
        </section>
    }
    .into_any()
}

/// What is said aloud, every quarter of the way.
pub(super) fn said(job: &Job) -> String {
    let quarter = (through(job) * 4)
        .checked_div(job.total)
        .unwrap_or_default();
    format!("{} % done", quarter * 25)
}

/// How many rows a second, and how long that takes; of a job that ended, how long it took.
fn speed(job: &Job) -> String {
    match job.state {
        JobState::Running if job.pace > 0.0 => {
            let left = job.seconds_left().map(pace::about);
            let left = left.map(|left| format!(" · {left} left"));
            format!("{}/s{}", pace::rate(job.pace), left.unwrap_or_default())
        }
        JobState::Running if !job.is_held => "Waits for its turn".to_owned(),
        _ => match (job.started, job.ended) {
            (Some(started), Some(ended)) => {
                format!("Took {}", domain::timestamp::span(ended.since(started)))
            }
            _ => String::new(),
        },
    }
}

/// The outcomes in the order in which the bar has them: how many, word, class, outcome.
fn parts(job: &Job) -> [(u64, &'static str, &'static str, RowState); 4] {
    let tally = job.tally;
    [
        (tally.done, "Done", "done", RowState::Done),
        (tally.skipped, "Skipped", "skipped", RowState::Skipped),
        (tally.failed, "Failed", "failed", RowState::Failed),
        (tally.unknown, "Unknown", "unknown", RowState::Unknown),
    ]
}

fn bar(job: &Job, label: &'static str) -> AnyView {
    let parts = if job.state == JobState::Planning {
        vec![(through(job), "done")]
    } else {
        let parts = parts(job).into_iter();
        parts.map(|(count, _, class, _)| (count, class)).collect()
    };
    let mut at = 0;
    let rects = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, class)| {
            let share = (count * WIDTH).checked_div(job.total).unwrap_or_default();
            let (x, width) = (at, share.max(LEAST));
            at += width;
            let gap = u64::from(at < WIDTH);
            view! { <rect class=format!("part-{class}") x=x width=width - gap height="10"></rect> }
        })
        .collect_view();
    view! {
        <div
            class="job-bar"
            role="progressbar"
            aria-label=label
            aria-valuemin="0"
            aria-valuenow=through(job)
            aria-valuemax=job.total
        >
            <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="tb-track" width="1000" height="10"></rect>
                {rects}
            </svg>
        </div>
    }
    .into_any()
}

/// The outcomes by number, each the way to its rows.
fn counts(job: &Job, shown: Shown, left: u64) -> AnyView {
    let waiting = (left > 0).then_some((left, "Waiting", "waiting", RowState::Pending));
    let each = |(count, word, class, state): (u64, &'static str, &str, RowState)| {
        count_view(
            job,
            (count, word),
            &format!("part-{class}"),
            (Shown::outcome(state), shown),
        )
    };
    let is_told = |part: &(u64, &str, &str, RowState)| part.0 > 0 || part.3 != RowState::Unknown;
    let parts = parts(job).into_iter().filter(is_told).chain(waiting);
    view! { <ul class="job-counts">{parts.map(each).collect_view()}</ul> }.into_any()
}

/// A number that leads to the rows which it counts, or back to all when those are shown.
pub(super) fn count_view(
    job: &Job,
    (count, word): (u64, &'static str),
    key: &str,
    (of, shown): (Shown, Shown),
) -> AnyView {
    let is_here = of.filter == shown.filter;
    let to = if is_here { Shown::default() } else { of };
    view! {
        <li>
            <a href=to.path(job) aria-current=is_here.then_some("true")>
                <span class="job-key">
                    <svg viewBox="0 0 10 10" aria-hidden="true">
                        <rect class=key.to_owned() width="10" height="10" rx="2"></rect>
                    </svg>
                    {word}
                </span>
                <b>{number(count)}</b>
            </a>
        </li>
    }
    .into_any()
}

/// What somebody has to know about its state: why it stopped or paused, or how it ended.
pub(super) fn told(job: &Job) -> Option<AnyView> {
    let why = job.reason.as_ref();
    let told = |otherwise: &str| {
        let sentence = why.map(domain::plan::Why::sentence);
        let step = why.and_then(domain::plan::Why::next_step);
        let sentence = sentence.unwrap_or_else(|| otherwise.to_owned());
        match step {
            Some(step) => format!("{sentence} {step}"),
            None => sentence,
        }
    };
    let left = job.left();
    let waiting = format!("Rows that wait for it: {}.", number(left));
    Some(match job.state {
        JobState::Paused => note(
            "flash flash-warn",
            "pause",
            "The job is paused",
            told(&waiting),
        ),
        JobState::Stopped => {
            let headline = "The job stopped by itself and can be resumed";
            note("flash flash-error", "octagon", headline, told(&waiting))
        }
        JobState::Done if job.tally.failed + job.tally.unknown == 0 => note(
            "flash flash-ok",
            "tick-circle",
            "The job is done",
            outcome(job),
        ),
        JobState::Done => {
            let headline = "The job is done, and not every row was";
            note("flash flash-warn", "triangle", headline, outcome(job))
        }
        JobState::Cancelled if job.ended.is_some() => note(
            "flash",
            "slash-circle",
            "The job was cancelled",
            outcome(job),
        ),
        JobState::Cancelled => {
            let sentence = "Calls that are on their way end first.";
            note("flash", "hourglass", "The job is being cancelled", sentence)
        }
        JobState::Planning | JobState::Planned | JobState::Running => return None,
    })
}

/// `9,990 done, 10 skipped, 0 failed.`
fn outcome(job: &Job) -> AnyView {
    let tally = job.tally;
    let unknown = match tally.unknown {
        0 => String::new(),
        unknown => format!(", {} unknown", number(unknown)),
    };
    let text = format!(
        "{} done, {} skipped, {} failed{unknown}.",
        number(tally.done),
        number(tally.skipped),
        number(tally.failed)
    );
    text.into_any()
}

/// A state of a row: shape, word and colour.
pub(super) fn row_state(state: RowState) -> AnyView {
    let (class, name, word) = match state {
        RowState::New => ("status status-muted", "clock", "Not planned"),
        RowState::Pending => ("status status-muted", "clock", "Waiting"),
        RowState::Intent => ("status status-info", "hourglass", "Running"),
        RowState::Unanswered => ("status status-warn", "hourglass", "No answer yet"),
        RowState::Done => ("status status-ok", "tick-circle", "Done"),
        RowState::Skipped => ("status status-muted", "slash-circle", "Skipped"),
        RowState::Failed => ("status status-danger", "octagon", "Failed"),
        RowState::Unknown => ("status status-warn", "triangle", "Unknown"),
    };
    view! { <span class=class>{small_icon(name)} {word}</span> }.into_any()
}
