//! Reads the body of a request, within bounds of size and time.

use std::{error::Error, sync::Arc};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State as Shared},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::LengthLimitError;
use tokio::time::timeout;

use crate::error::ApiError;
use crate::state::State;

/// Larger than any body the model allows, escapes included.
const MAX_BODY: usize = 1024 * 1024;

pub(crate) async fn read(state: &State, body: Body) -> Result<Bytes, ApiError> {
    match timeout(state.deadlines.body, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if is_too_large(&error) => Err(ApiError::too_large()),
        Ok(Err(_)) => Err(ApiError::broken_body()),
        Err(_) => Err(ApiError::too_slow()),
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    error
        .source()
        .is_some_and(<dyn Error>::is::<LengthLimitError>)
}

/// Reads the body before the handler begins, as a layer.
pub(crate) async fn read_first(
    Shared(state): Shared<Arc<State>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    match read(&state, body).await {
        Ok(body) => next.run(Request::from_parts(parts, body.into())).await,
        Err(error) => error.into_response(),
    }
}
