//! Refuses requests that say twice what can be said only once. Two programs on the way might each
//! believe another one of the two.
//!
//! Two lengths are refused by the HTTP library, two hosts by [`super::host`].

use app::request::{Cookie, Cookies};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;

use crate::answer::refuse;

/// The headers that are read and decide something.
const ONCE: [HeaderName; 5] = [
    header::ORIGIN,
    header::REFERER,
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    HeaderName::from_static("sec-fetch-site"),
];

pub(super) async fn refuse_two(
    State(cookies): State<Cookies>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let has_two = |name: &HeaderName| headers.get_all(name).iter().nth(1).is_some();
    let session = cookies.name(Cookie::Session);
    let has_two_sessions = values_of(headers, &session).nth(1).is_some();
    if ONCE.iter().any(has_two) || has_two_sessions {
        return refuse(StatusCode::BAD_REQUEST, Cause::Outdated);
    }
    next.run(request).await
}

/// The values of a cookie.
pub(super) fn values_of<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let pairs = cookies
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| str::from_utf8(pair).ok()?.trim().split_once('='));
    pairs
        .filter(move |(known, _)| known.trim_end() == name)
        .map(|(_, value)| value)
}
