//! Refuses changes that another site asks for in the name of somebody who is signed in here.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;

use super::came::Came;
use super::host::host_of;
use crate::answer::refuse;
use crate::config::Reach;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

pub(super) async fn refuse_other_sites(
    State(reach): State<Arc<Reach>>,
    request: Request,
    next: Next,
) -> Response {
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if reads || is_ours(&reach, &request) {
        return next.run(request).await;
    }
    tell(&reach, &request);
    refuse(StatusCode::FORBIDDEN, Cause::Outdated)
}

/// Says in the log what looked like another site, and what would have been ours.
fn tell(reach: &Reach, request: &Request) {
    let headers = request.headers();
    let came = |name| Came(headers.get(name).map(HeaderValue::as_bytes));
    let host = host_of(headers, request.uri());
    let origins = host.map(|host| reach.origins(&host).join(", "));
    tracing::warn!(
        sec_fetch_site = %came(SEC_FETCH_SITE),
        origin = %came(header::ORIGIN),
        host = %came(header::HOST),
        expected = %Came(origins.as_deref().map(str::as_bytes)),
        "a request of another site was refused"
    );
}

fn is_ours(reach: &Reach, request: &Request) -> bool {
    let headers = request.headers();
    // Scripts cannot set it. Browsers leave it out over plain HTTP, except to this machine.
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return site == "same-origin" || site == "none";
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        let host = host_of(headers, request.uri());
        return match (origin.to_str(), host) {
            (Ok(origin), Some(host)) => reach.is_origin(origin, &host),
            _ => false,
        };
    }
    // Not a browser, so nobody was tricked; but then it has no business with a browser's cookie.
    !headers.contains_key(header::COOKIE)
}
