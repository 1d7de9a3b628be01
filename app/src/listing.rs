//! Reading lists: one page at a time, by cursors that the server holds. No totals, because AWS has none
//! ([`crate::ui::count`] counts).

pub mod places;

use backend::{Cursor, Listing, Request as AwsRequest, Trail, read_on};
use domain::input::{Input, ListOf};
use domain::snippet::Call;
use domain::{Cause, Failure, Page, PageSize, Region};

use crate::request::Request;

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

/// The calls that list what is in something: each is told how many rows to ask for, and where to begin.
pub fn calls<L: ListOf>(parent: &L::Parent) -> impl Fn(u32, Option<String>) -> L {
    move |max_results, next_token| L::page(parent, max_results, next_token)
}

/// The first call of a list whose calls are made by `input`, as "As code" shows it.
pub fn first_call<I: Input>(request: &Request, input: impl Fn(u32, Option<String>) -> I) -> Call {
    Call::of(&input(page_size(request).get(), None))
}

/// How many calls reading one page may take: more than one only past pages without rows.
const CALLS: u32 = 5;
/// How many pages are read to come back to one whose cursor is forgotten.
const WALKED: u32 = 10;
/// The one owner of all cursors: anybody with a cursor's id may use it, since they read with their
/// own rights.
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
    check_size(request);
    let size = page_size(request).get();
    let list = List {
        request,
        region,
        parent,
        input: |token| input(size, token),
    };
    let page = match request.query("page") {
        None => list.page(Place::first()).await?,
        Some(asked) => match list.held(&asked).await {
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
    async fn held(&self, asked: &str) -> Option<Place> {
        let id = asked.rsplit_once('.').map_or(asked, |(_, id)| id);
        let cursors = self.request.backend().cursors();
        let cursor = cursors.get(READERS, id).await.ok().flatten()?;
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
            Some((token, seen)) => Some(self.hold(number + 1, token, seen, id).await?),
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
    async fn hold(
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
        let id = cursors.put_for(&payer, READERS, cursor).await?;
        Ok(format!("{page}.{id}"))
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
            let Some(next) = page.next.as_deref() else {
                break;
            };
            let Some(place) = self.held(next).await else {
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
