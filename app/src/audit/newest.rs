//! The newest entries of the audit log, for a list that shows them live.

use domain::{Cause, Failure, Field, FieldProblem, PageSize, Problem};
use leptos::prelude::*;

use super::allowed;
use super::entries::page_after;
use super::filters::{self, Filters};
use super::list::{List, is_limited};
use crate::paths;
use crate::request::Request;

/// The newest entries for a list that shows them live: how far the audit goes now, and the markup
/// of the list. `None` when the audit has no entry after the row `seen`. The other arguments are
/// those of the page's address.
#[server(prefix = "/api", endpoint = "audit/newest")]
pub async fn read_newest_entries(
    seen: i64,
    #[server(default)] resource: String,
    #[server(default)] operator: String,
    #[server(default)] operation: String,
    #[server(default)] outcome: String,
    #[server(default)] since: String,
    #[server(default)] size: String,
) -> Result<Option<(i64, String)>, Failure> {
    let request = Request::current();
    allowed(&request)?;
    let audit = request.backend().audit_for(request.caller()?).await?;
    // Read first: what is added meanwhile is found the next time.
    let end = audit.end().await?;
    if end <= seen {
        return Ok(None);
    }
    let given = [
        ("resource", &resource),
        ("operator", &operator),
        ("operation", &operation),
        ("outcome", &outcome),
        ("since", &since),
    ];
    let query = |name: &str| {
        let found = given.iter().find(|(given, _)| *given == name);
        found.map(|(_, value)| (*value).clone())
    };
    filters::check(query).map_err(Cause::Invalid)?;
    let filters = Filters::read(query);
    let limit = if size.is_empty() {
        PageSize::default()
    } else {
        size.parse().map_err(|()| FieldProblem {
            field: Field::Size,
            problem: Problem::NotAChoice,
        })?
    };
    let limit = limit.get();
    let filter = filters.filter(request.now());
    let found = audit.search(&filter, None, limit + 1).await?;
    let list = List {
        backend: request.backend(),
        filtered: !filters.is_empty(),
        limited: is_limited(&request),
        entries: page_after(found, limit, None),
        live: Some(seen),
        to: &|changes| {
            let kept = given.iter().map(|(name, value)| (*name, value.as_str()));
            let pairs: Vec<_> = kept
                .chain([("size", size.as_str())])
                .chain(changes)
                .collect();
            paths::with_query("/audit", &pairs)
        },
    };
    Ok(Some((end, list.view().to_html())))
}
