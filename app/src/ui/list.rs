//! Lists: one page at a time, by cursors that the server holds. No totals, because AWS has none
//! ([`super::count`] counts).

mod empty;

use backend::{Cursor, Listing, Request as AwsRequest, Trail, read_on};
use domain::{Cause, Failure, Page, PageSize, Region};
use leptos::prelude::*;

pub use empty::no_rows;

use crate::request::Request;
use crate::ui::parts::small_icon;
use crate::ui::places;

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
        request.note(headline, "Choose 10, 25 or 50 rows; this page has 25.");
    }
}

/// How many calls reading one page may take: more than one only past pages without rows.
const CALLS: u32 = 5;
/// How many pages are read to come back to one whose cursor is forgotten.
const WALKED: u32 = 10;
/// Whose the cursors are: whoever has one, since they read with their own rights.
const READERS: &str = "readers";

/// A list of AWS, and how its pages are read.
struct List<'a, I> {
    request: &'a Request,
    region: Region,
    /// What is listed, so that a cursor of another list is refused.
    parent: &'a str,
    input: I,
}

/// Where in a list to read.
#[derive(Default)]
struct Place {
    /// The page's number.
    number: u32,
    /// The value of the address that leads here; `None` is the first page.
    id: Option<String>,
    token: Option<String>,
    seen: Trail,
    previous: Option<String>,
}

impl Place {
    fn first() -> Self {
        Self {
            number: 1,
            ..Self::default()
        }
    }
}

/// Reads the page that the address asks for: one call of AWS, unless that answers pages without rows.
///
/// A cursor that is no longer held, or that AWS no longer takes, leads to the nearest page that can be
/// shown, with a message.
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
    if asks_for_no_size(request) {
        check_size(request);
    }
    let size = page_size(request).get();
    let list = List {
        request,
        region,
        parent,
        input: |token| input(size, token),
    };
    let page = match request.query("page") {
        None => list.page(Place::first()).await?,
        Some(asked) => match list.held(&asked) {
            Some(place) => match list.page(place).await {
                Err(failure) if failure.cause == Cause::StaleCursor => list.near(&asked).await?,
                other => other?,
            },
            None => list.near(&asked).await?,
        },
    };
    places::remember(request).await;
    Ok(page)
}

impl<I, A, T> List<'_, I>
where
    I: Fn(Option<String>) -> A,
    A: AwsRequest<Output = Listing<T>>,
    T: Send + 'static,
{
    /// The place that an address names, if it is still known and one of this list.
    fn held(&self, asked: &str) -> Option<Place> {
        let id = asked.rsplit_once('.').map_or(asked, |(_, id)| id);
        let cursor = self.request.backend().cursors().get(READERS, id)?;
        let is_ours = cursor.operation == A::OPERATION
            && cursor.parent == self.parent
            && cursor.scope == self.request.scope_in(self.region);
        is_ours.then(|| Place {
            number: cursor.page,
            id: Some(asked.to_owned()),
            token: cursor.token,
            seen: cursor.seen,
            previous: cursor.previous,
        })
    }

    /// Reads from a place: rows, and the cursor of the page after.
    async fn page(&self, place: Place) -> Result<Page<T>, Failure> {
        let fetch = |token| self.request.call((self.input)(token));
        let Place {
            number,
            id,
            token,
            seen,
            previous,
        } = place;
        let rows = read_on(fetch, token, seen, CALLS).await?;
        let next = match rows.next {
            Some((token, seen)) => Some(self.hold(number + 1, token, seen, id)?),
            None => None,
        };
        Ok(Page {
            items: rows.items,
            number,
            next,
            previous: (number > 1).then(|| previous.unwrap_or_default()),
            looped: rows.looped,
        })
    }

    /// Holds where a page begins, and answers what its address says.
    fn hold(
        &self,
        page: u32,
        token: String,
        seen: Trail,
        previous: Option<String>,
    ) -> Result<String, Failure> {
        let payer = self.request.caller()?.operator.to_string();
        let cursor = Cursor {
            operation: A::OPERATION,
            parent: self.parent.to_owned(),
            scope: self.request.scope_in(self.region),
            page,
            token: Some(token),
            previous,
            seen,
        };
        let cursors = self.request.backend().cursors();
        // The number is for when the cursor is forgotten.
        Ok(format!(
            "{page}.{}",
            cursors.put_for(&payer, READERS, cursor)
        ))
    }

    /// The page that is nearest to one that cannot be shown: the one of that number, read anew from the
    /// first on, or the last before it that is in reach.
    async fn near(&self, asked: &str) -> Result<Page<T>, Failure> {
        let number = asked
            .split_once('.')
            .and_then(|(number, _)| number.parse().ok());
        let wanted: u32 = number.unwrap_or(1).max(1);
        let mut page = self.page(Place::first()).await?;
        while page.number < wanted.min(WALKED) {
            let Some(place) = page.next.as_deref().and_then(|next| self.held(next)) else {
                break;
            };
            page = self.page(place).await?;
        }
        let headline = Cause::StaleCursor.headline();
        if number.is_none() {
            self.request.note(headline, "You see the first page again.");
        } else if page.number == wanted {
            self.request.tell(
                "This page was read again",
                "The list may have changed since the address was made.",
            );
        } else {
            let nearest = format!(
                "You see page {}, the nearest that can be shown.",
                page.number
            );
            self.request.note(headline, &nearest);
        }
        Ok(page)
    }
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
    let looped = page.looped.then(|| {
        view! {
            <span class="status status-warn">
                {small_icon("triangle")}
                "AWS repeats rows that were shown already, so the list stops here; rows may be missing"
            </span>
        }
    });
    view! {
        <div class="strip">
            <p class="strip-facts">
                <span>
                    {small_icon("info")} "Read at "
                    <time datetime=now.iso()>{clock_time(&now.human())}</time>
                </span>
                <span>{facts}</span>
                {further.map(|fact| view! { <span>{fact}</span> })}
                {looped}
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
