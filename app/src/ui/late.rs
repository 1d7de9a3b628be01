//! Cells of a table that are read after the page: what stands there until then, and when that fails.

use domain::{Cause, Failure, Timestamp};
use leptos::prelude::*;

use crate::ui::parts::{missing, small_icon};

/// What stands in a cell until it is read; without JavaScript, the way to where it can be read.
pub fn reading_cell(to: &str) -> AnyView {
    view! {
        <span class="skeleton js-only"></span>
        <span class="sr-only js-only">"reading"</span>
        <a class="act no-js-only" href=to.to_owned()>
            "Open"
        </a>
    }
    .into_any()
}

/// What [`crate::islands::LateCells`] copies: a cell that is read again, and one that could not be.
pub fn templates() -> AnyView {
    let offline = Failure::from(Cause::Offline);
    view! {
        <template id="late-reading">
            <span class="skeleton"></span>
        </template>
        <template id="late-failed">{failed_cell("this", &offline)}</template>
    }
    .into_any()
}

/// The day of something, with the time on hover.
pub fn time_cell(at: Option<Timestamp>) -> AnyView {
    at.map_or_else(missing, |at| {
        view! {
            <time datetime=at.iso() title=at.human()>
                {at.day()}
            </time>
        }
        .into_any()
    })
}

/// Says why a cell could not be read, and offers to try again.
pub fn failed_cell(column: &str, failure: &Failure) -> AnyView {
    let name = format!("Could not read {column}. Show why");
    let action = failure.trace.operation.map(|operation| {
        view! { <p class="muted">"AWS action " <code>{operation.iam_action()}</code></p> }
    });
    let request = failure.trace.aws_request.clone().map(|id| {
        view! { <p class="muted">"AWS request " <code>{id}</code></p> }
    });
    view! {
        <details class="failed" name="row">
            <summary aria-label=name>"?"</summary>
            <div class="failed-why">
                <b>{failure.cause.headline()}</b>
                <p class="muted">{failure.next_step()}</p>
                {action}
                {request}
                <button class="btn btn-small" type="button" data-again="true">
                    {small_icon("refresh")}
                    "Read again"
                </button>
            </div>
        </details>
    }
    .into_any()
}
