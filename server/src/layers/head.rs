//! A bound on the address and the headers of a request. It is below the bound of the HTTP library,
//! whose own refusals have none of our headers.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;

use crate::answer::refuse;

/// The longest path and query. A list with every filter filled has less than a tenth of it.
const ADDRESS: usize = 8 * 1024;
/// The most bytes of all headers together. Other programs on this host may have left cookies.
const HEADERS: usize = 32 * 1024;

pub(super) async fn refuse_long(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query();
    if address.is_some_and(|address| address.as_str().len() > ADDRESS) {
        return refuse(StatusCode::URI_TOO_LONG, Cause::NoSuchPage);
    }
    let headers = request.headers().iter();
    let length = headers.map(|(name, value)| name.as_str().len() + value.len());
    if length.sum::<usize>() > HEADERS {
        return refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, Cause::Outdated);
    }
    next.run(request).await
}
