//! A line of the log per request. Never a path as it was asked for, and never a query: both hold
//! names of people.

use std::time::Instant;

use app::request::RequestId;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::measure;

pub(super) async fn write(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let route = route.as_deref().unwrap_or("(none)");
    let span = tracing::info_span!("request", request.id = %id.0);
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    let took = started.elapsed();
    let duration_ms = took.as_millis();
    measure::answered(&method, route, status, took);
    let _in_request = span.enter();
    let is_quiet = route.starts_with("/pkg/") || matches!(route, "/livez" | "/readyz" | "/metrics");
    if status == axum::http::StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%method, route, status = status.as_u16(), duration_ms, "a request failed");
    } else if is_quiet {
        tracing::debug!(%method, route, status = status.as_u16(), duration_ms, "answered");
    } else {
        tracing::info!(%method, route, status = status.as_u16(), duration_ms, "answered");
    }
    response
}
