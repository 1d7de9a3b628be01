//! `/_emulator/`: what a test asks of the emulator beside the AWS API. Loopback only, without a signature.
//!
//! A browser can send simple requests to loopback from any page, so requests that bear the marks of one are refused.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{
        Path, Query, Request, State as Shared,
        rejection::{PathRejection, QueryRejection},
    },
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::connection::Peer;
use crate::error::ApiError;
use crate::host::{Named, named};
use crate::settings::Settings;
use crate::state::State;
use crate::{background, body, digest, endpoints, reset, seed, twice};

type App = Shared<Arc<State>>;

/// The control plane, to be nested under `/_emulator`.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/health", get(async || Json(json!({ "status": "ok" }))))
        .route("/stats", get(stats))
        .route("/digest", get(digest))
        .route("/settings", get(show_settings).put(put_settings))
        .route("/reset", post(reset))
        .route("/clock", get(show_clock).put(put_clock))
        .route("/sweep", post(sweep))
        .route("/seed", post(seed))
        .route("/endpoints/{id}/state", post(set_endpoint_state))
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .fallback(async || ApiError::unknown_operation())
        .layer(middleware::from_fn_with_state(
            state.clone(),
            body::read_first,
        ))
        .layer(middleware::from_fn(local_only))
        .with_state(state)
}

async fn local_only(Extension(peer): Extension<Peer>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let from_page = headers.contains_key(header::ORIGIN)
        || headers
            .get("sec-fetch-site")
            .is_some_and(|site| site.as_bytes() != b"none");
    if from_page
        || !peer.address.ip().to_canonical().is_loopback()
        || named(headers, &[]) != Named::Loopback
    {
        return ApiError::forbidden("the control plane answers local programs only")
            .into_response();
    }
    next.run(request).await
}

/// The query of `GET /_emulator/stats`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatsQuery {
    /// 1 lists the client request tokens.
    #[serde(default)]
    tokens: u8,
}

async fn stats(
    Shared(state): App,
    query: Result<Query<StatsQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let mut counts = state.statistics.to_json(read(query)?.tokens == 1);
    counts["sqlite_steps"] = state.store.steps().into();
    Ok(Json(counts))
}

/// The query of `GET /_emulator/digest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DigestQuery {
    /// The ARN of the one AppInstance to look at.
    instance: Option<String>,
}

async fn digest(
    Shared(state): App,
    query: Result<Query<DigestQuery>, QueryRejection>,
) -> Result<Response, ApiError> {
    Ok(match read(query)?.instance {
        Some(arn) => Json(digest::of_app_instance(&state, &arn).await?).into_response(),
        None => Json(digest::of_everything(&state).await?).into_response(),
    })
}

async fn show_settings(Shared(state): App) -> Json<Settings> {
    Json(state.settings())
}

async fn put_settings(Shared(state): App, body: Bytes) -> Result<Json<Settings>, ApiError> {
    state
        .patch_settings(parse(&body)?)
        .map(Json)
        .map_err(ApiError::bad_request)
}

async fn reset(Shared(state): App) -> Result<StatusCode, ApiError> {
    reset::empty(&state.store).await?;
    state.reset_settings();
    state.statistics.clear();
    state.store.forget_steps();
    Ok(StatusCode::NO_CONTENT)
}

/// The body of `PUT /_emulator/clock`.
#[derive(Deserialize)]
struct ClockInput {
    offset_seconds: i64,
}

async fn show_clock(Shared(state): App) -> Json<Value> {
    Json(json!({ "offset_seconds": state.clock.offset_seconds(), "now": state.clock.now() }))
}

async fn put_clock(state: App, body: Bytes) -> Result<Json<Value>, ApiError> {
    let input: ClockInput = parse(&body)?;
    state.clock.set_offset_seconds(input.offset_seconds);
    Ok(show_clock(state).await)
}

async fn sweep(Shared(state): App) -> Result<Json<Value>, ApiError> {
    let expired = background::sweep(&state).await?;
    Ok(Json(json!({ "expired_users": expired })))
}

async fn seed(Shared(state): App, body: Bytes) -> Result<Json<Value>, ApiError> {
    let made = seed::users(&state, parse(&body)?).await?;
    Ok(Json(json!({ "users": made })))
}

async fn set_endpoint_state(
    Shared(state): App,
    id: Result<Path<String>, PathRejection>,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let Path(id) = id.map_err(|refused| ApiError::bad_request(refused.body_text()))?;
    endpoints::set_state(&state, id, parse(&body)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, ApiError> {
    let Query(query) = query.map_err(|refused| ApiError::bad_request(refused.body_text()))?;
    Ok(query)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    twice::refuse(body)?;
    serde_json::from_slice(body).map_err(|error| ApiError::bad_request(error.to_string()))
}
