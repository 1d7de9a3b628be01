//! The way of a request: host, route, key, body, signature, rates, faults, operation, answer.
//!
//! Every answer carries `x-amzn-RequestId`, and every refusal is JSON with the exception in a header: an SDK shows
//! anything else as an unknown error.

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::{Request, State as Shared},
    http::{HeaderValue, StatusCode, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tokio::time::sleep;
use tracing::Instrument;

use crate::call::Call;
use crate::clock::system_time;
use crate::connection::Peer;
use crate::dispatch::dispatch;
use crate::error::ApiError;
use crate::failing::{self, Foreign};
use crate::query::Query;
use crate::routing::{self, Route};
use crate::scope::Scope;
use crate::signature::{SignedRequest, refuse_early, verify};
use crate::state::State;
use crate::{body, control_plane, host, origin, sts};

/// Whether the emulator answers under `/_emulator/`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ControlPlane {
    On,
    Off,
}

/// The service of the whole emulator.
pub(crate) fn router(state: Arc<State>, control_plane: ControlPlane) -> Router {
    let mut api = Router::new().fallback(serve_api).with_state(state.clone());
    // Around the API only: the control plane answers no page.
    if !state.cors_origins.is_empty() {
        api = api.layer(origin::layer(&state.cors_origins));
    }
    let refuse_foreign = middleware::from_fn_with_state(state.clone(), host::refuse_foreign);
    let router = match control_plane {
        ControlPlane::On => api.nest("/_emulator", control_plane::router(state)),
        ControlPlane::Off => api,
    };
    router
        .layer(refuse_foreign)
        .layer(middleware::from_fn(identify))
}

/// Gives each request an id of its own, in the answer and in the log.
async fn identify(request: Request, next: Next) -> Response {
    let id = uuid::Uuid::new_v4().to_string();
    let span = tracing::debug_span!("request", request_id = %id);
    let mut response = next.run(request).instrument(span).await;
    let is_ours = response.extensions().get::<Foreign>().is_none();
    if let Ok(value) = HeaderValue::from_str(&id)
        && is_ours
    {
        response.headers_mut().insert("x-amzn-requestid", value);
    }
    response
}

async fn serve_api(
    Shared(state): Shared<Arc<State>>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let query = Query::parse(parts.uri.query());
    if sts::is_meant(&parts, query.as_ref().ok()) {
        let answered = async {
            let query = query?;
            let body = read_signed(&state, &parts, &query, body).await?;
            sts::answer(&state, &parts, &query, &body)
        };
        return answered.await.unwrap_or_else(|error| sts::refusal(&error));
    }
    let routed = query.and_then(|query| {
        let route = routing::route(&parts.method, parts.uri.path(), &query)?;
        Ok((route, query))
    });
    let (route, query) = match routed {
        Ok(found) => found,
        Err(error) => return error.into_response(),
    };
    let operation = route.operation;
    let arrived = state.statistics.count_request(operation);
    let response = answer(&state, &peer, &parts, body, route, query)
        .await
        .unwrap_or_else(IntoResponse::into_response);
    if !response.status().is_success() {
        state.statistics.count_error(operation);
    }
    if response.status() == StatusCode::TOO_MANY_REQUESTS {
        state.statistics.count_throttled(operation, arrived);
    }
    tracing::debug!(
        operation = operation.name(),
        status = response.status().as_u16(),
        "answered"
    );
    response
}

async fn answer(
    state: &Arc<State>,
    peer: &Peer,
    parts: &Parts,
    body: Body,
    route: Route,
    query: Query,
) -> Result<Response, ApiError> {
    let body = read_signed(state, parts, &query, body).await?;
    let scope = authenticate(state, parts, &query, &body)?;
    let call = Call {
        state: state.clone(),
        time: None,
        operation: route.operation,
        scope,
        labels: route.labels,
        query,
        body,
    };
    let is_first = state.statistics.count_token(|| call.client_request_token());
    let verdict = call.admit(is_first)?;
    if !verdict.latency.is_zero() {
        sleep(verdict.latency).await;
    }
    Ok(match verdict.fault {
        None => run(call).await,
        Some(fault) => failing::fail(&fault, run(call), state, peer).await,
    })
}

/// Runs the operation in a task of its own: it is not cut short when the client goes away, and a panic is an answer.
async fn run(call: Call) -> Response {
    let operation = call.operation;
    let task = tokio::spawn(dispatch(call).in_current_span());
    match task.await {
        Ok(Ok(answer)) => answer.into_response(),
        Ok(Err(error)) => error.into_response(),
        Err(error) => {
            tracing::error!(operation = operation.name(), error = %error, "an operation panicked");
            ApiError::service_failure().into_response()
        }
    }
}

/// Reads the body of a request that names our key. Whether it is the body that was signed is checked afterwards.
async fn read_signed(
    state: &State,
    parts: &Parts,
    query: &Query,
    body: Body,
) -> Result<Bytes, ApiError> {
    refuse_early(&parts.headers, query, &state.access_key, system_time())?;
    body::read(state, body).await
}

/// Checks the signature; its Region chooses the partition of the data.
fn authenticate(
    state: &State,
    parts: &Parts,
    query: &Query,
    body: &[u8],
) -> Result<Scope, ApiError> {
    let request = SignedRequest::new(parts, query, body);
    let region = verify(&request, "chime", &state.access_key, system_time())?;
    if !state.regions.contains(&region) {
        return Err(ApiError::invalid_signature(
            "the credential is scoped to a Region without this service",
        ));
    }
    Ok(Scope {
        account_id: state.account_id.clone(),
        region,
    })
}
