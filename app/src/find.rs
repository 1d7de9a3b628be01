//! Looking AppInstances up by what people call them. AWS cannot search: pages of its list are read
//! one after another, up to a bound, and it is said how far that came.

use std::time::Duration;

use backend::{Cursor, Trail};
use domain::arn::AppInstanceArn;
use domain::input::Input as _;
use domain::reading::as_read;
use domain::view::AppInstanceSummary;
use domain::{Failure, Operation, Region, input};
use futures_util::future::join_all;
use tokio::time::{Instant, timeout_at};

use crate::app_instances;
use crate::request::Request;

/// The most pages of a Region that are looked through at once, of 50 AppInstances each.
pub const PAGES: u32 = 4;

/// The parent in the cursor of a search. The cursor of a page of AppInstances has another one.
const LOOK: &str = "look";

/// A Region that has not answered by then is left as far as it was read.
const PATIENCE: Duration = Duration::from_secs(5);

/// What one Region had.
pub struct Looked {
    /// The Region that was looked through.
    pub region: Region,
    /// Those whose name or id has the word in it.
    pub found: Vec<AppInstanceSummary>,
    /// How many were looked through.
    pub count: usize,
    /// Whether the search went on from a cursor, so that the list has AppInstances before these.
    pub further: bool,
    /// How far that came.
    pub end: End,
}

/// How far a Region was looked through.
pub enum End {
    /// To its end.
    All,
    /// There are more, and the id of the cursor that goes on there.
    More(String),
    /// AWS took too long.
    Slow,
    /// AWS refused the next page.
    Failed(Failure),
}

impl Looked {
    /// How far the look came, in a sentence.
    pub fn words(&self) -> String {
        let (region, count) = (self.region, self.count);
        let more = if self.further { "more " } else { "" };
        let looked = match count {
            0 => format!("{region}: no AppInstance was looked through"),
            1 => format!("{region}: 1 {more}AppInstance was looked through"),
            _ => format!("{region}: {count} {more}AppInstances were looked through"),
        };
        match &self.end {
            End::All if count == 0 && !self.further => {
                format!("{region}: there is no AppInstance.")
            }
            End::All => format!("{looked}, all there are."),
            End::More(_) => format!("{looked}. There are more; AWS cannot search them itself."),
            End::Slow => format!("{looked}, then AWS took too long."),
            End::Failed(failure) => format!("{looked}. {}.", failure.cause.headline()),
        }
    }
}

/// Looks through every Region of which the role covers anything, side by side; or, with the cursor of
/// a Region, goes on there.
pub async fn by_name(request: &Request, word: &str, cursor: Option<&str>) -> Vec<Looked> {
    let word = as_read(word);
    let cursor = match cursor {
        Some(id) => held(request, id).await,
        None => None,
    };
    if let Some(cursor) = cursor {
        let region = cursor.scope.region;
        return vec![in_region(request, region, &word, Some(cursor)).await];
    }
    let regions = request.regions().into_iter();
    join_all(regions.map(|region| in_region(request, region, &word, None))).await
}

/// The cursor of somebody's own look.
async fn held(request: &Request, id: &str) -> Option<Cursor> {
    let owner = request.caller().ok()?.operator.to_string();
    let cursor = request.backend().cursors().get(&owner, id);
    let cursor = cursor.await.ok().flatten()?;
    let is_ours = cursor.parent == LOOK && request.covers_region(cursor.scope.region);
    is_ours.then_some(cursor)
}

async fn in_region(
    request: &Request,
    region: Region,
    word: &str,
    cursor: Option<Cursor>,
) -> Looked {
    let further = cursor.is_some();
    let (all, end) = if request.covers_region(region) {
        list(request, region, cursor).await
    } else {
        named(request, region).await
    };
    let count = all.len();
    let has_it = |row: &AppInstanceSummary| {
        as_read(&row.name).contains(word) || as_read(id_of(row)).contains(word)
    };
    let found = all.into_iter().filter(has_it).collect();
    Looked {
        region,
        found,
        count,
        further,
        end,
    }
}

/// The id of a row, or the ARN of one that is not known.
fn id_of(row: &AppInstanceSummary) -> &str {
    let known = row.arn.known();
    known.map_or_else(|| row.arn.as_str(), AppInstanceArn::id)
}

async fn list(
    request: &Request,
    region: Region,
    cursor: Option<Cursor>,
) -> (Vec<AppInstanceSummary>, End) {
    let until = Instant::now() + PATIENCE;
    let mut page = cursor.as_ref().map_or(1, |cursor| cursor.page);
    let (mut all, mut next_token) = (Vec::new(), cursor.and_then(|cursor| cursor.token));
    for _ in 0..PAGES {
        let list = input::ListAppInstances {
            max_results: 50,
            next_token,
        };
        let listing = match timeout_at(until, request.call(list.in_region(region))).await {
            Err(_) => return (all, End::Slow),
            Ok(Err(failure)) => return (all, End::Failed(failure)),
            Ok(Ok(listing)) => listing,
        };
        app_instances::learn(request, &listing.items);
        all.extend(listing.items);
        next_token = listing.next_token;
        page += 1;
        if next_token.is_none() {
            return (all, End::All);
        }
    }
    let end = hold(request, region, page, next_token).await;
    (all, end.map_or_else(End::Failed, End::More))
}

/// Keeps where to go on; a NextToken never leaves the server.
async fn hold(
    request: &Request,
    region: Region,
    page: u32,
    token: Option<String>,
) -> Result<String, Failure> {
    let owner = request.caller()?.operator.to_string();
    let cursor = Cursor {
        operation: Operation::ListAppInstances,
        parent: LOOK.to_owned(),
        scope: request.scope_in(region),
        page,
        token,
        previous: None,
        seen: Trail::default(),
    };
    request.backend().cursors().put(&owner, cursor).await
}

/// The AppInstances that a limited role covers by name. The operator must not learn of any other,
/// nor how many there are.
async fn named(request: &Request, region: Region) -> (Vec<AppInstanceSummary>, End) {
    let until = Instant::now() + PATIENCE;
    match timeout_at(until, app_instances::named(request, region)).await {
        Err(_) => (Vec::new(), End::Slow),
        Ok(Err(failure)) => (Vec::new(), End::Failed(failure)),
        Ok(Ok(page)) => (page.items, End::All),
    }
}

#[cfg(test)]
mod tests {
    use domain::Cause;

    use super::*;

    fn words(count: usize, end: End) -> String {
        let looked = Looked {
            region: Region::UsEast1,
            found: Vec::new(),
            count,
            further: false,
            end,
        };
        looked.words()
    }

    #[test]
    fn it_is_said_how_far_a_look_came() {
        assert_eq!(words(0, End::All), "us-east-1: there is no AppInstance.");
        assert_eq!(
            words(7, End::All),
            "us-east-1: 7 AppInstances were looked through, all there are."
        );
        let more = words(200, End::More("cursor".to_owned()));
        assert!(more.contains("200") && more.contains("There are more"));
        assert!(words(50, End::Slow).contains("took too long"));
        let failed = words(0, End::Failed(Cause::Throttled.into()));
        assert!(
            failed.contains("no AppInstance was looked through. AWS"),
            "{failed}"
        );
    }
}
