//! Where in which list somebody was last, so that they come back to it: with its page and filter.

use crate::request::Request;

/// The values in the address of a list that say where in it somebody is.
const KEPT: &[&str] = &["page", "q", "size"];

/// Keeps where in its list this page is.
pub async fn remember(request: &Request) {
    let Ok(visitor) = request.visitor().await else {
        return;
    };
    let pairs: Vec<_> = KEPT
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), request.query(name)?)))
        .collect();
    let place = crate::paths::with_query("", &pairs);
    let id = id(&visitor, request.path());
    // Without it they come back to the beginning of the list.
    let places = request.backend().places();
    let _ = places.put_at(&visitor, &visitor, id, place).await;
}

/// The address of a list, at the place where this visitor last was in it.
pub async fn back_to(request: &Request, list: String) -> String {
    let Ok(visitor) = request.visitor().await else {
        return list;
    };
    let place = request
        .backend()
        .places()
        .get(&visitor, &id(&visitor, &list))
        .await;
    list + &place.ok().flatten().unwrap_or_default()
}

/// Ids of what is held are shared by all visitors.
fn id(visitor: &str, list: &str) -> String {
    format!("{visitor} {list}")
}
