//! The links to the pages of a list before and after the one that is shown.

use leptos::prelude::*;

use super::parts::small_icon;

/// Previous, the number of the page where pages are counted, Next. One without an address is off.
pub fn pager(before: Option<String>, number: Option<String>, after: Option<String>) -> AnyView {
    let previous = view! {
        {small_icon("chevron-left")}
        "Previous"
    };
    let next = view! {
        "Next"
        {small_icon("chevron-right")}
    };
    let previous = step(before, "prev", previous.into_any());
    let next = step(after, "next", next.into_any());
    let inside = match number {
        None => view! {
            {previous}
            {next}
        }
        .into_any(),
        Some(number) => view! {
            {previous}
            <span class="pager-page">{number}</span>
            {next}
        }
        .into_any(),
    };
    view! {
        <nav class="pager" aria-label="Pages">
            {inside}
        </nav>
    }
    .into_any()
}

fn step(to: Option<String>, rel: &'static str, inside: AnyView) -> AnyView {
    match to {
        None => view! { <span aria-disabled="true">{inside}</span> }.into_any(),
        Some(to) => view! {
            <a rel=rel href=to>
                {inside}
            </a>
        }
        .into_any(),
    }
}
