//! Which requests bring a file. Their body is not read before they are answered: it would fill the
//! memory. A client that may not send one is refused without it.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;

/// How the routes of uploads begin and end.
const BEGIN: &str = "/{connection}/{region}/app-instances/{instance}/import-";
const END: &str = "/file";

/// Whether a request brings a file.
pub(super) fn is_one(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>();
    let is_route =
        |route: &MatchedPath| route.as_str().starts_with(BEGIN) && route.as_str().ends_with(END);
    request.method() == Method::POST && route.is_some_and(is_route)
}
