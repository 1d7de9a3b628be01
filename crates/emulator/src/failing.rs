//! Lets a call go wrong as its fault says.

use std::sync::Arc;

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use tokio::time::{Duration, timeout};

use crate::connection::Peer;
use crate::error::ApiError;
use crate::faults::{Fault, FaultKind};
use crate::spoiled;
use crate::state::State;

/// Marks an answer that would not come from the service, and so has no request id of it.
#[derive(Clone, Copy)]
pub(crate) struct Foreign;

const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// What is answered in place of `answer`, which is the call itself: it takes effect only if it is waited for.
pub(crate) async fn fail(
    fault: &Fault,
    answer: impl Future<Output = Response>,
    state: &Arc<State>,
    peer: &Peer,
) -> Response {
    match fault.kind {
        FaultKind::Drip => {
            let speed = fault.bytes_per_second.map_or(1, Into::into);
            return spoiled::drip(answer.await, speed, state.clone()).await;
        }
        FaultKind::Truncate => return spoiled::truncate(answer.await).await,
        FaultKind::Garbage => return spoiled::garbage(answer.await),
        _ if fault.after_commit => drop(answer.await),
        _ => {}
    }
    match fault.kind {
        FaultKind::Error => return error(fault),
        FaultKind::Html502 => {
            return (
                StatusCode::BAD_GATEWAY,
                axum::Extension(Foreign),
                Html(BAD_GATEWAY),
            )
                .into_response();
        }
        FaultKind::Hang => hang(fault, state).await,
        _ => {}
    }
    peer.reset();
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

fn error(fault: &Fault) -> Response {
    let mut response = ApiError::named(&fault.code, fault.status).into_response();
    if let Some(seconds) = fault.retry_after_seconds {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// A client that gives up drops this future; a stop turns the rest into resets.
async fn hang(fault: &Fault, state: &State) {
    match fault.milliseconds {
        None => state.stopped().await,
        Some(time) => {
            let time = Duration::from_millis(time.into());
            drop(timeout(time, state.stopped()).await);
        }
    }
}
