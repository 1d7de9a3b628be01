//! What a list shows in place of rows.

use domain::Page;
use leptos::prelude::*;

use crate::request::Request;

/// What is shown for a list that is empty: what its rows would be, and the way to make the first one.
pub fn nothing_yet(headline: &'static str, meaning: &'static str, create: AnyView) -> AnyView {
    nothing_yet_with(headline.to_owned(), meaning, create, None)
}

/// The same, and more below it.
pub fn nothing_yet_with(
    headline: String,
    meaning: &'static str,
    create: AnyView,
    more: Option<AnyView>,
) -> AnyView {
    view! {
        <section class="panel">
            <div class="empty">
                <svg aria-hidden="true">
                    <use href="/icons.svg#i-bells"></use>
                </svg>
                <h2>{headline}</h2>
                <p>{meaning}</p>
                {create}
            </div>
            {more}
        </section>
    }
    .into_any()
}

/// What is shown when no row of the page is: none matches, or the page has none.
pub(super) fn no_rows<T>(request: &Request, page: &Page<T>) -> AnyView {
    if page.items.is_empty() {
        return empty_page(request, page);
    }
    let search = request.query("q").unwrap_or_default();
    let clear = request.with_query(&[("q", "")]);
    view! {
        <div class="empty empty-small">
            <h2>"No match on this page"</h2>
            <p>
                {format!(
                    "Nothing on this page contains “{search}”. The API cannot search; other pages may have it.",
                )}
            </p>
            <a class="btn btn-small" href=clear>
                "Clear search"
            </a>
        </div>
    }
    .into_any()
}

/// A page without rows: AWS may answer one anywhere in a list, and the last rows of a list may go while
/// somebody looks at it.
fn empty_page<T>(request: &Request, page: &Page<T>) -> AnyView {
    let (headline, sentence, to, link) = match (&page.next, &page.previous) {
        (Some(next), _) => (
            "No rows here yet",
            "AWS sent pages without rows, and says that more follow.",
            next,
            "Read on",
        ),
        (None, Some(previous)) => (
            "This page has no rows",
            "The list ends before it.",
            previous,
            "Show the page before",
        ),
        (None, None) => {
            return view! {
                <div class="empty empty-small">
                    <h2>"No rows here"</h2>
                </div>
            }
            .into_any();
        }
    };
    view! {
        <div class="empty empty-small">
            <h2>{headline}</h2>
            <p>{sentence}</p>
            <a class="btn btn-small" href=request.with_query(&[("page", to)])>
                {link}
            </a>
        </div>
    }
    .into_any()
}
