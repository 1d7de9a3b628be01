//! A bound on the requests that wait for a provider, in all and for each client. A provider that
//! answers slowly then takes only so many places from everybody else.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;

use super::client::network_of;
use crate::answer::refuse;
use crate::metrics::SHED;
use crate::shares::Shares;

/// The functions that begin a sign-in or a fresh proof with a provider.
const BEGIN: [&str; 2] = ["/api/session/provider", "/api/session/confirm"];
/// The way back from a provider.
pub(super) const BACK_BELOW: &str = "/sign-in/oidc/";

pub(super) async fn refuse_too_many(
    State(shares): State<Shares>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if !BEGIN.contains(&path) && !path.starts_with(BACK_BELOW) {
        return next.run(request).await;
    }
    match shares.take(Some(network_of(request.extensions()))) {
        Ok(_share) => next.run(request).await,
        Err(met) => {
            met.count(SHED, "provider");
            refuse(StatusCode::SERVICE_UNAVAILABLE, Cause::Busy)
        }
    }
}
