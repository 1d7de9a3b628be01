//! The rows of a job: what each changes, what the plan says of it, what became of it.

use backend::Job;
use backend::jobs::{JobRow, Rows};
use domain::arn::ResourceArn;
use domain::{RowState, Verdict};
use leptos::prelude::*;

use super::change;
use super::progress::row_state;
use super::shown::{Shown, is_plan};
use crate::paths;
use crate::ui::bidi::chosen;
use crate::ui::job::number;
use crate::ui::parts::{icon, missing, short_id, small_icon};
use crate::ui::table;

/// How many rows are on a page.
pub(super) const ON_A_PAGE: usize = 50;

/// The panel of rows, with the filter that is set and the way to the file of them.
pub(super) fn panel(job: &Job, shown: Shown, found: &Rows) -> AnyView {
    let filter = shown.is_filtered().then(|| {
        view! {
            <span class="chip">
                <b>{filter_words(shown)}</b>
                <a href=Shown::default().path(job) aria-label="Show all rows">
                    {small_icon("x")}
                </a>
            </span>
        }
    });
    let body = if found.rows.is_empty() {
        let headline = if shown.is_filtered() {
            "No such row"
        } else {
            "No row here"
        };
        view! {
            <div class="empty empty-small">
                <h2>{headline}</h2>
            </div>
        }
        .into_any()
    } else {
        table_of(job, &found.rows)
    };
    view! {
        <section class="panel" aria-label="Rows">
            <div class="strip">
                <p class="strip-facts">
                    <span>{facts(&found.rows)}</span>
                </p>
                {filter}
                <a class="btn btn-small push" href=shown.file(job) download="">
                    {icon("download")}
                    "Download these"
                </a>
                {pages(job, shown, found)}
            </div>
            {body}
        </section>
    }
    .into_any()
}

/// `Rows 51 to 100`.
fn facts(rows: &[JobRow]) -> String {
    match (rows.first(), rows.last()) {
        (Some(first), Some(last)) if first.row != last.row => {
            format!("Rows {} to {}", number(first.row), number(last.row))
        }
        (Some(only), _) => format!("Row {}", number(only.row)),
        _ => "No row".to_owned(),
    }
}

fn filter_words(shown: Shown) -> AnyView {
    match (shown.filter.verdict, shown.filter.state) {
        (Some(verdict), _) => verdict_word(verdict).into_any(),
        (None, Some(state)) => row_state(state),
        (None, None) => ().into_any(),
    }
}

/// The ways to the first page and to the next one: rows are read in their order.
fn pages(job: &Job, shown: Shown, found: &Rows) -> AnyView {
    let first = (shown.after > 0).then(|| {
        view! { <a href=shown.after(0).path(job)>{small_icon("chevron-left")} "First"</a> }
    });
    let last = found.rows.last().filter(|_| found.more);
    let next = last.map(|last| {
        view! {
            <a rel="next" href=shown.after(last.row).path(job)>
                "Next"
                {small_icon("chevron-right")}
            </a>
        }
    });
    view! {
        <nav class="pager" aria-label="Pages">
            {first}
            {next}
        </nav>
    }
    .into_any()
}

fn table_of(job: &Job, rows: &[JobRow]) -> AnyView {
    let is_plan = is_plan(job);
    let rows = rows.iter().map(|row| row_view(job, row, is_plan));
    let above = view! {
        <caption class="sr-only">"Rows of the job"</caption>
        <colgroup>
            <col class="col-s" />
            <col class="col-xl" />
            <col />
            <col class="col-state" />
            {(!is_plan).then(|| view! { <col class="col-l lo" /> })}
        </colgroup>
    };
    let heads = view! {
        <th scope="col">"Row"</th>
        <th scope="col">"Resource"</th>
        <th scope="col">"Change"</th>
        <th scope="col">{if is_plan { "Plan" } else { "Outcome" }}</th>
        {(!is_plan)
            .then(|| {
                view! {
                    <th scope="col" class="lo">
                        "AWS request"
                    </th>
                }
            })}
    };
    table::frame("table table-top", above, heads, rows.collect_view())
}

fn row_view(job: &Job, row: &JobRow, is_plan: bool) -> AnyView {
    let line = row
        .line
        .map(|line| view! { <span class="cell-note">{format!("Line {}", number(line))}</span> });
    let (label, state) = if is_plan {
        ("Plan", planned(row))
    } else {
        ("Outcome", row_state(row.state))
    };
    let request = (!is_plan).then(|| {
        let id = row.aws_request.as_deref();
        let id = id.map_or_else(missing, |id| {
            view! { <span title=id.to_owned()>{short_id(id)}</span> }.into_any()
        });
        view! {
            <td class="mono lo" data-label="AWS request">
                {id}
            </td>
        }
    });
    view! {
        <tr>
            <td data-label="Row">{number(row.row)} {line}</td>
            <th scope="row" class="two-lines">
                {resource(job, row)}
            </th>
            <td class="wrap" data-label="Change">
                {change::view(row)}
            </td>
            <td class="wrap" data-label=label>
                {state}
                {why(row, is_plan)}
            </td>
            {request}
        </tr>
    }
    .into_any()
}

/// What the plan says of a row; of one that is in no plan any more, what became of it.
fn planned(row: &JobRow) -> AnyView {
    match (row.verdict, row.state) {
        (Some(said), _) => verdict(said),
        (None, RowState::New) => missing(),
        (None, state) => row_state(state),
    }
}

/// Why nothing is done, or what went wrong, and the way to its entry in the audit.
fn why(row: &JobRow, is_plan: bool) -> AnyView {
    let why = row.why.as_ref();
    let entry = row.entry.as_deref().filter(|_| !is_plan);
    let entry = entry.map(|entry| {
        view! {
            <span class="cell-note">
                <a href=format!("/audit/{}", paths::encoded(entry))>"In the audit log"</a>
            </span>
        }
    });
    view! {
        {why.map(|why| view! { <span class="cell-note">{why.sentence()}</span> })}
        {entry}
    }
    .into_any()
}

/// What a row is about, as a link to its page. What does not exist yet has a page that says so.
fn resource(job: &Job, row: &JobRow) -> AnyView {
    let Some(subject) = &row.subject else {
        return chosen(&row.resource);
    };
    let connection = &job.scope.connection;
    let (id, title) = match &subject.arn {
        ResourceArn::Instance(arn) => (short_id(arn.id()), arn.to_string()),
        ResourceArn::User(arn) => (arn.user_id().to_string(), arn.to_string()),
        ResourceArn::Bot(arn) => (short_id(arn.id()), arn.to_string()),
    };
    let (to, endpoint) = match (&subject.arn, &subject.endpoint) {
        (ResourceArn::User(arn), Some(endpoint)) => {
            let note = format!("Endpoint {}", short_id(endpoint));
            (paths::endpoint(connection, arn, endpoint), Some(note))
        }
        (arn, _) => (paths::resource(connection, arn), None),
    };
    view! {
        <a class="mono" href=to title=title>
            {chosen(&id)}
        </a>
        {endpoint.map(|note| view! { <span class="cell-note">{note}</span> })}
    }
    .into_any()
}

const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Will => "Will be done",
        Verdict::Skip => "Nothing to do",
        Verdict::Cannot => "Cannot be done",
        Verdict::Unknown => "Not known yet",
    }
}

/// What the plan says of a row: shape, word and colour.
fn verdict(verdict: Verdict) -> AnyView {
    let (class, name) = match verdict {
        Verdict::Will => ("status status-ok", "tick-circle"),
        Verdict::Skip => ("status status-muted", "slash-circle"),
        Verdict::Cannot => ("status status-danger", "octagon"),
        Verdict::Unknown => ("status status-warn", "triangle"),
    };
    view! { <span class=class>{small_icon(name)} {verdict_word(verdict)}</span> }.into_any()
}
