//! Points in time, in UTC; the browser adds its own zone ([`crate::islands::local_times`]).

use domain::Timestamp;
use leptos::prelude::*;

use crate::ui::parts::missing;

/// Shows a time; in the browser, the local time is its title.
#[component]
pub fn LocalTime(
    /// The time to show.
    at: Timestamp,
) -> impl IntoView {
    view! {
        <time datetime=at.iso() title=at.iso()>
            {at.human()}
        </time>
    }
}

/// Shows a time to the second: for what is read like a log.
#[component]
pub fn ExactTime(
    /// The time to show.
    at: Timestamp,
) -> impl IntoView {
    view! {
        <time datetime=at.iso() title=at.iso()>
            {at.exact()}
        </time>
    }
}

/// Shows a time and, in the browser, the local time beside it: for dates that matter.
#[component]
pub fn BothTimes(
    /// The time to show.
    at: Timestamp,
) -> impl IntoView {
    view! {
        <time datetime=at.iso()>{at.human()}</time>
        <span class="muted" data-local=at.0></span>
    }
}

/// A time as [`LocalTime`], or the sign that there is none.
pub fn time_or_missing(at: Option<Timestamp>) -> AnyView {
    match at {
        Some(at) => view! { <LocalTime at=at /> }.into_any(),
        None => missing(),
    }
}
