//! A failure as a page or panel: what happened, what to do, where to look it up.

use domain::Failure;
use leptos::prelude::*;

use crate::request::Request;
use crate::ui::form::failure_view;
use crate::ui::parts::{icon, small_icon};

/// A panel in place of what could not be shown.
pub fn panel(failure: &Failure, request: &Request) -> AnyView {
    view! { <section class="panel">{content(failure, &request.with_query(&[]))}</section> }
        .into_any()
}

/// Why the button of a page was refused, when it posted without a form of its own.
pub async fn refused(request: &Request) -> Option<AnyView> {
    let failure = request.draft().await?.failure?;
    Some(failure_view(&failure))
}

/// What [`panel`] shows, without the panel and with the address that tries again.
pub fn content(failure: &Failure, retry: &str) -> AnyView {
    let cause = &failure.cause;
    let trace = failure.trace.clone();
    let retry = retry.to_owned();
    view! {
        <div class="empty empty-small" role="alert">
            {icon("octagon")}
            <h2>{cause.headline()}</h2>
            <p>{failure.next_step()}</p>
            {failure.what_was_sent().map(|sent| view! { <p>{sent}</p> })}
            {trace
                .operation
                .map(|operation| {
                    view! {
                        <p class="flash-ref">"AWS action " <code>{operation.iam_action()}</code></p>
                    }
                })}
            {trace
                .aws_request
                .map(|id| view! { <p class="flash-ref">"AWS request " <code>{id}</code></p> })}
            {trace
                .entry
                .map(|id| view! { <p class="flash-ref">"Operation " <code>{id}</code></p> })}
            {if cause.can_retry() {
                view! {
                    <a class="btn" href=retry>
                        {small_icon("refresh")}
                        "Try again"
                    </a>
                }
                    .into_any()
            } else {
                view! {
                    <a class="btn" href="/">
                        "Go to the overview"
                    </a>
                }
                    .into_any()
            }}
        </div>
    }
    .into_any()
}
