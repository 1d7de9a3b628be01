//! Answers outside of pages and server functions: refusals by the layers, missing files, panics.
//!
//! A layer answers with [`refuse`], an empty response that says why. [`write_body`], outside of all
//! of them, puts words in it: `Failure` as JSON for the browser code, a small page for a person.

use std::fmt::Write as _;

use app::operations::done_by;
use app::request::RequestId;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::response::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use backend::Changes;
use domain::{Cause, Failure};

use crate::assets::Site;

/// The longest body of a failure; more is not one.
const LONGEST: usize = 64 * 1024;

/// Why a response has no body.
#[derive(Clone, Debug)]
struct Refused(Failure);

/// Answers with a status and the reason; [`write_body`] adds the body further out.
pub fn refuse(status: StatusCode, why: impl Into<Failure>) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(Refused(why.into()));
    response
}

/// Notes in a failure how far the changes got that a request asked AWS for, if it asked for any.
/// Only the record of what was sent decides it, never a cause or a layer.
pub fn tell_what_was_sent(failure: &mut Failure, path: &str, changes: &Changes) {
    let asks_for_a_change = done_by(path).any(|operation| operation.effect().is_write());
    failure.trace.sent = asks_for_a_change.then(|| changes.sent());
}

/// Whether a plain form post or a person looking at a page would get this answer.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// A redirect after a form post.
pub fn see_other(location: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// The failure that a response of a server function carries: from a layer, or from the function.
pub async fn failure_of(response: Response) -> (Parts, Failure) {
    let (parts, body) = response.into_parts();
    if let Some(Refused(failure)) = parts.extensions.get() {
        let failure = failure.clone();
        return (parts, failure);
    }
    let body = axum::body::to_bytes(body, LONGEST)
        .await
        .unwrap_or_default();
    let failure = serde_json::from_slice(&body).unwrap_or_else(|_| cause_of(parts.status).into());
    (parts, failure)
}

/// A failure as the browser code reads it, with its own status.
pub fn json(mut parts: Parts, failure: &Failure) -> Response {
    parts.status =
        StatusCode::from_u16(failure.cause.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    let wait = match failure.cause {
        Cause::SlowDown(seconds) => Some(seconds),
        _ => wait_after(parts.status),
    };
    if let Some(seconds) = wait {
        parts.headers.insert(header::RETRY_AFTER, seconds.into());
    }
    let body = serde_json::to_string(failure).unwrap_or_default();
    Response::from_parts(parts, Body::from(body))
}

/// The layer that writes the body of refusals.
pub async fn write_body(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default();
    let is_call = request.uri().path().starts_with("/api/");
    let as_json = is_call && !wants_page(request.headers());
    let is_head = request.method() == Method::HEAD;
    let path = request.uri().path().to_owned();
    let changes = Changes::default();
    request.extensions_mut().insert(changes.clone());
    let mut response = next.run(request).await;
    let status = response.status();
    if let Some(seconds) = wait_after(status) {
        let wait = response.headers_mut().entry(header::RETRY_AFTER);
        wait.or_insert(seconds.into());
    }
    if !(status.is_client_error() || status.is_server_error()) || has_its_own_body(&response) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let mut failure = match parts.extensions.remove::<Refused>() {
        Some(Refused(failure)) => failure,
        // What the application says of an answer that it left empty.
        None => parts
            .extensions
            .remove()
            .unwrap_or_else(|| cause_of(status))
            .into(),
    };
    tell_what_was_sent(&mut failure, &path, &changes);
    parts.headers.remove(header::CONTENT_LENGTH);
    if as_json {
        failure.trace.entry.get_or_insert(id.0);
        let mut response = json(parts, &failure);
        // The layer knew better than the cause: 405 and 413 have no cause of their own.
        *response.status_mut() = status;
        return response;
    }
    parts.headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    let body = if is_head {
        String::new()
    } else {
        page(status, &failure, &id, &site)
    };
    Response::from_parts(parts, Body::from(body))
}

fn has_its_own_body(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
        && response.extensions().get::<Refused>().is_none()
}

fn cause_of(status: StatusCode) -> Cause {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Cause::NoSuchPage,
        // What the application leaves without a cause is about its database: no layer does so.
        StatusCode::SERVICE_UNAVAILABLE => Cause::StoreUnavailable,
        status if status.is_client_error() => Cause::Outdated,
        _ => Cause::Internal,
    }
}

/// Seconds after which another try may work.
fn wait_after(status: StatusCode) -> Option<u32> {
    match status {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Some(5),
        _ => None,
    }
}

/// A page without anything of the application in it. Every text here is ours, so none is escaped.
fn page(status: StatusCode, failure: &Failure, id: &RequestId, site: &Site) -> String {
    let (headline, what_next) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => ("This is too large".to_owned(), "A form can send up to 256 KiB and 1,000 fields.".to_owned()),
        StatusCode::REQUEST_TIMEOUT => ("This took too long to arrive".to_owned(), "Check your network and try again.".to_owned()),
        StatusCode::MISDIRECTED_REQUEST => (
            "This console has another name".to_owned(),
            "Open it by the address that its Admin gave you. An Admin sets the address with --public-url.".to_owned(),
        ),
        StatusCode::FORBIDDEN => (
            "This request came from another site".to_owned(),
            "Open the page here and try again.".to_owned(),
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "This address is for forms".to_owned(),
            "Go back to the page that you came from.".to_owned(),
        ),
        _ => (failure.cause.headline(), failure.next_step()),
    };
    let sent = failure
        .what_was_sent()
        .map_or_else(String::new, |sent| format!("<p>{sent}</p>"));
    let entry = failure
        .trace
        .entry
        .as_ref()
        .map_or_else(String::new, |entry| {
            format!("<p>Operation <a href=\"/audit/{entry}\"><code>{entry}</code></a></p>")
        });
    let mut page = String::from("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    let css = site.front_end().css;
    let _ = write!(
        page,
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{headline} · Carillon</title>\
         <link rel=\"stylesheet\" href=\"{css}\"></head><body><main class=\"signin\" id=\"main\"><div class=\"signin-card\">\
         <h1>{headline}</h1><p>{what_next}</p>{sent}{entry}<p><a href=\"/\">Overview</a></p>\
         <p class=\"muted\">Status {}, request <code>{}</code></p></div></main></body></html>",
        status.as_u16(),
        id.0
    );
    page
}
