//! Refuses requests that reached this console by a name that is not its own (DNS rebinding).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;

use crate::answer::refuse;
use crate::config::Reach;

/// The name that a request was sent to.
pub fn host_of(headers: &HeaderMap, uri: &Uri) -> Option<Authority> {
    if let Some(authority) = uri.authority() {
        return Some(authority.clone());
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?.parse::<Authority>().ok()?;
    // Two names, or a user in front of one, are not what a browser sends.
    (hosts.next().is_none() && !host.as_str().contains('@')).then_some(host)
}

pub(super) async fn refuse_other_names(
    State(reach): State<Arc<Reach>>,
    request: Request,
    next: Next,
) -> Response {
    match host_of(request.headers(), request.uri()) {
        Some(host) if reach.knows(&host) => next.run(request).await,
        _ => refuse(StatusCode::MISDIRECTED_REQUEST, Cause::NoSuchPage),
    }
}
