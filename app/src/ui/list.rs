//! How a page of a list is shown: what stands above its rows, and what stands in place of them.

mod empty;

use domain::{Cause, Failure, Page, PageSize};
use leptos::prelude::*;

use super::failed;
use super::pager::pager;
use super::parts::small_icon;
use super::table::Table;
use crate::listing::page_size;
use crate::request::Request;

use empty::no_rows;
pub use empty::{nothing_yet, nothing_yet_with};

/// What a page shows for a list that was read: the list, what stands in place of an empty one, or why there
/// is none. Fails when nobody is signed in any more.
pub fn answered<T>(
    request: &Request,
    found: Result<Page<T>, Failure>,
    empty: impl FnOnce() -> AnyView,
    listed: impl FnOnce(&Page<T>) -> AnyView,
) -> Result<AnyView, Failure> {
    match found {
        Ok(found) if found.is_whole_list_empty() => Ok(empty()),
        Ok(found) => Ok(listed(&found)),
        Err(failure) if failure.cause == Cause::SignedOut => Err(failure),
        Err(failure) => {
            request.set_status(failure.cause.status());
            Ok(failed::panel(&failure, request))
        }
    }
}

/// How a page of a list is shown.
pub struct Listed<'a, T> {
    request: &'a Request,
    page: &'a Page<T>,
    label: &'static str,
    searched: &'static str,
    controls: Option<AnyView>,
    fact: Option<&'static str>,
    bulk: Option<Bulk<'a>>,
}

/// Writes the bar of what can be done with ticked rows, told which rows with a box are shown.
type Bulk<'a> = Box<dyn FnOnce(Vec<String>) -> Option<AnyView> + 'a>;

impl<'a, T> Listed<'a, T> {
    /// A page that was read. `label` is what its rows are, as "Users"; `searched` tells people what of a
    /// row is searched.
    pub fn new(
        request: &'a Request,
        page: &'a Page<T>,
        label: &'static str,
        searched: &'static str,
    ) -> Self {
        Self {
            request,
            page,
            label,
            searched,
            controls: None,
            fact: None,
            bulk: None,
        }
    }

    /// Adds controls to the toolbar, which its button applies too.
    #[must_use]
    pub fn controls(mut self, controls: AnyView) -> Self {
        self.controls = Some(controls);
        self
    }

    /// Adds a fact about the rows.
    #[must_use]
    pub fn fact(mut self, fact: Option<&'static str>) -> Self {
        self.fact = fact;
        self
    }

    /// Adds the bar of what can be done with ticked rows.
    #[must_use]
    pub fn bulk(mut self, bar: impl FnOnce(Vec<String>) -> Option<AnyView> + 'a) -> Self {
        self.bulk = Some(Box::new(bar));
        self
    }

    /// The panel: toolbar, facts, and the table of the rows of which a text has what is searched for.
    pub fn panel<'t>(
        self,
        texts: impl Fn(&'t T) -> Vec<&'t str>,
        table: impl FnOnce(Vec<&'t T>) -> Table,
    ) -> AnyView
    where
        Self: 't,
    {
        let Self {
            request,
            page,
            label,
            searched,
            controls,
            fact,
            bulk,
        } = self;
        let search = request.query("q");
        let matching = |row: &&'t T| matches(search.as_deref(), &texts(row));
        let rows: Vec<_> = page.items.iter().filter(matching).collect();
        let shown = rows.len();
        let (picks, body) = if rows.is_empty() {
            (Vec::new(), no_rows(request, page))
        } else {
            let table = table(rows);
            (table.picks(), table.view())
        };
        let bulk = bulk.and_then(|bar| bar(picks));
        view! {
            <section class="panel" aria-label=label>
                {toolbar(request, searched, controls)}
                {bulk}
                {strip(request, page, shown, fact)}
                {body}
            </section>
        }
        .into_any()
    }
}

/// The search of the page and the choice of its size, and further controls. Says what it searches.
fn toolbar(request: &Request, what: &str, further: Option<AnyView>) -> AnyView {
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
            <input type="hidden" name="page" value=cursor />
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
fn strip<T>(
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
    let to = |cursor: Option<&String>| cursor.map(|to| request.with_query(&[("page", to)]));
    let end = if page.next.is_some() { "more" } else { "end" };
    let number = format!("Page {}, {end}", page.number);
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
            {pager(to(page.previous.as_ref()), Some(number), to(page.next.as_ref()))}
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
