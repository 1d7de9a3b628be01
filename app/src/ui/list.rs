//! Lists: one page at a time, by cursors that the server holds. No totals, because AWS has none.

use backend::{Cursor, Listing, Request as AwsRequest};
use domain::{Cause, Failure, Field, FieldProblem, Operation, Page, PageSize, Problem, Region};
use leptos::prelude::*;

use crate::request::Request;
use crate::ui::parts::small_icon;

/// The size that the address asks for.
pub fn page_size(request: &Request) -> PageSize {
    request
        .query("size")
        .and_then(|size| size.parse().ok())
        .unwrap_or_default()
}

/// Whether the address asks for a size that no page has.
pub fn asks_for_no_size(request: &Request) -> bool {
    let size = request.query("size");
    size.is_some_and(|size| size.parse::<PageSize>().is_err())
}

/// Says so if it does.
pub fn check_size(request: &Request) {
    if asks_for_no_size(request) {
        let headline = "There are no pages of that size".to_owned();
        request.note(headline, "A page has 10, 25 or 50 rows; this one has 25.");
    }
}

/// Reads the page that the address asks for: one call of AWS.
///
/// `parent` is what is listed, so that a cursor of another list is refused. A cursor that is no
/// longer held leads to the first page with a message.
pub async fn read<I, T>(
    request: &Request,
    region: Region,
    parent: &str,
    input: impl Fn(u32, Option<String>) -> I,
) -> Result<Page<T>, Failure>
where
    I: AwsRequest<Output = Listing<T>>,
    T: Send + 'static,
{
    let owner = request.caller()?.operator.to_string();
    let size = page_size(request);
    if asks_for_no_size(request) {
        refuse(request, Field::Size)?;
    }
    let asked = request.query("page");
    let held = asked
        .as_deref()
        .and_then(|id| request.backend().cursors().get(&owner, id));
    let held = held.filter(|cursor| {
        cursor.operation == I::OPERATION
            && cursor.parent == parent
            && cursor.scope == request.scope_in(region)
    });
    if asked.is_some() && held.is_none() {
        refuse(request, Field::Page)?;
    }
    let (number, token, previous) = held.map_or((1, None, None), |cursor| {
        (cursor.page, cursor.token, cursor.previous)
    });
    let listed = request.call(region, input(size.get(), token.clone())).await;
    let (number, listing, previous, here) = match listed {
        // AWS no longer takes the token: it expired, or the list changed too much.
        Err(Failure {
            cause: Cause::Rejected,
            ..
        }) if token.is_some() => {
            refuse(request, Field::Page)?;
            (
                1,
                request.call(region, input(size.get(), None)).await?,
                None,
                None,
            )
        }
        other => (number, other?, previous, asked.filter(|_| token.is_some())),
    };
    let next = listing.next_token.map(|token| {
        let cursor = Cursor {
            operation: I::OPERATION,
            parent: parent.to_owned(),
            scope: request.scope_in(region),
            page: number + 1,
            token: Some(token),
            previous: here,
        };
        request.backend().cursors().put(&owner, cursor)
    });
    Ok(Page {
        items: listing.items,
        number,
        next,
        previous: (number > 1).then(|| previous.unwrap_or_default()),
    })
}

/// A program is refused what no list has; a person sees the first page, and is told.
fn refuse(request: &Request, field: Field) -> Result<(), Failure> {
    if request.path().starts_with("/api/") {
        let problem = Problem::NotAChoice;
        return Err(FieldProblem { field, problem }.into());
    }
    if field == Field::Size {
        check_size(request);
    } else {
        let headline = Cause::StaleCursor.headline();
        request.note(headline, "You see the first page again.");
    }
    Ok(())
}

/// Previous, the page's number, Next.
pub fn pager<T>(request: &Request, page: &Page<T>) -> AnyView {
    let step = |to: Option<&String>, rel: &'static str, inside: AnyView| match to {
        None => view! { <span aria-disabled="true">{inside}</span> }.into_any(),
        Some(cursor) => {
            view! { <a rel=rel href=request.with_query(&[("page", cursor)])>{inside}</a> }
                .into_any()
        }
    };
    let previous = view! { {small_icon("chevron-left")}"Previous" }.into_any();
    let next = view! { "Next" {small_icon("chevron-right")} }.into_any();
    let end = if page.next.is_some() { "more" } else { "end" };
    view! {
        <nav class="pager" aria-label="Pages">
            {step(page.previous.as_ref(), "prev", previous)}
            <span class="pager-page">{format!("Page {}, {end}", page.number)}</span>
            {step(page.next.as_ref(), "next", next)}
        </nav>
    }
    .into_any()
}

/// The search of the page and the choice of its size. Says what it searches.
pub fn toolbar(request: &Request, what: &str) -> AnyView {
    toolbar_with(request, what, ().into_any())
}

/// The same with further controls, which the same button applies.
pub fn toolbar_with(request: &Request, what: &str, further: AnyView) -> AnyView {
    let search = request.query("q").unwrap_or_default();
    let size = page_size(request);
    let cursor = request.query("page").unwrap_or_default();
    let sizes = PageSize::ALL
        .iter()
        .map(|each| {
            let text = each.to_string();
            view! {
                <option value=text.clone() selected=*each == size>
                    {format!("{text} rows")}
                </option>
            }
        })
        .collect_view();
    let label = format!("Search this page by {what}");
    view! {
        <form class="toolbar" role="search" action=request.path().to_owned()>
            <input type="hidden" name="page" value=cursor/>
            <div class="search">
                {small_icon("search")}
                <input
                    class="input"
                    type="search"
                    name="q"
                    value=search
                    aria-label=label.clone()
                    placeholder=label
                />
            </div>
            <label class="sr-only" for="size">
                "Rows on a page"
            </label>
            <select class="select w-auto" id="size" name="size">
                {sizes}
            </select>
            {further}
            <button class="btn">"Apply"</button>
        </form>
    }
    .into_any()
}

/// Where the rows come from, how many there are, and the pager.
pub fn strip<T>(request: &Request, page: &Page<T>, shown: usize) -> AnyView {
    strip_with(request, page, shown, None)
}

/// The same with a further fact.
pub fn strip_with<T>(
    request: &Request,
    page: &Page<T>,
    shown: usize,
    further: Option<&'static str>,
) -> AnyView {
    let facts = if shown == page.items.len() {
        format!("{shown} on this page")
    } else {
        format!("{shown} of {} on this page", page.items.len())
    };
    let now = request.now();
    view! {
        <div class="strip">
            <p class="strip-facts">
                <span>
                    {small_icon("info")} "Read at "
                    <time datetime=now.iso()>{clock_time(&now.human())}</time>
                </span>
                <span>{facts}</span>
                {further.map(|fact| view! { <span>{fact}</span> })}
            </p>
            {pager(request, page)}
        </div>
    }
    .into_any()
}

/// `14:22 UTC` of `18 Mar 2026, 14:22 UTC`.
fn clock_time(human: &str) -> String {
    human
        .split_once(", ")
        .map_or_else(|| human.to_owned(), |(_, time)| time.to_owned())
}

/// Whether a row holds what is searched for, in any of some texts.
pub fn matches(search: Option<&str>, texts: &[&str]) -> bool {
    search.is_none_or(|search| {
        let search = search.to_lowercase();
        texts
            .iter()
            .any(|text| text.to_lowercase().contains(&search))
    })
}

/// What is shown when the page has rows, but none that match.
pub fn no_match(request: &Request, search: &str) -> AnyView {
    let clear = request.with_query(&[("q", "")]);
    view! {
        <div class="empty empty-small">
            <h2>"No match on this page"</h2>
            <p>
                {format!("Nothing on this page contains “{search}”. The API cannot search; other pages may have it.")}
            </p>
            <a class="btn btn-small" href=clear>
                "Clear search"
            </a>
        </div>
    }
    .into_any()
}

/// How many there are, counted page by page up to a limit of calls.
pub async fn count<I, T>(
    request: &Request,
    region: Region,
    calls: u32,
    input: impl Fn(u32, Option<String>) -> I,
) -> domain::consequence::Count
where
    I: AwsRequest<Output = Listing<T>>,
    T: Send + 'static,
{
    use domain::consequence::Count;

    let (mut found, mut token) = (0, None);
    for _ in 0..calls {
        let Ok(listing) = request.call(region, input(50, token)).await else {
            return Count::Unknown;
        };
        found += u32::try_from(listing.items.len()).unwrap_or(u32::MAX);
        token = listing.next_token;
        if token.is_none() {
            return Count::Exactly(found);
        }
    }
    Count::MoreThan(found)
}

/// The failure of a list as an operator reads it.
pub fn is_forbidden(failure: &Failure, operation: Operation) -> bool {
    failure.cause == Cause::Forbidden && failure.trace.operation == Some(operation)
}
