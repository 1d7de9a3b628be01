//! Refuses requests that reached this console by a name that is not its own (DNS rebinding).

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;

use super::came::Came;
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

/// What probes and Prometheus ask for, by whatever name or address they use. The answers hold
/// nobody's data.
const FOR_ANYBODY: [&str; 3] = ["/livez", "/readyz", "/metrics"];

pub(super) async fn refuse_other_names(
    State(reach): State<Arc<Reach>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let hosts = headers.get_all(header::HOST).iter().count();
    let route = request.extensions().get::<MatchedPath>();
    if hosts < 2 && route.is_some_and(|route| FOR_ANYBODY.contains(&route.as_str())) {
        return next.run(request).await;
    }
    match host_of(headers, request.uri()) {
        Some(host) if reach.knows(&host) => next.run(request).await,
        other => {
            let other = other.as_ref().map(|host| host.as_str().as_bytes());
            let came = other.or_else(|| headers.get(header::HOST).map(HeaderValue::as_bytes));
            tracing::warn!(
                host = %Came(came),
                hosts,
                expected = reach.known(),
                "a request by another name than the console's was refused (--also-known-as)"
            );
            refuse(StatusCode::MISDIRECTED_REQUEST, Cause::NoSuchPage)
        }
    }
}
