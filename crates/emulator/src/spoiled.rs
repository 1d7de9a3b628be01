//! Answers that arrive, but not as they were sent: too slowly, not whole, or not readable.
//!
//! An answer without a body has nothing to spoil and comes as it is.

use std::{io, sync::Arc};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::{StreamExt as _, stream};
use tokio::time::{Duration, timeout};

use crate::state::State;

/// Begins as JSON does, for those who look at the first byte.
const GARBAGE: &str = "{\"this\": is no JSON";
/// How many times a second a drip comes, if it is of that many bytes.
const DRIPS: u32 = 10;

/// The same answer, its body at so many bytes a second. A stop sends the rest at once.
pub(crate) async fn drip(answer: Response, bytes_per_second: u32, state: Arc<State>) -> Response {
    with_body(answer, |whole| {
        let size = (bytes_per_second / DRIPS).max(1);
        let pause = Duration::from_secs(1) * size / bytes_per_second;
        Body::from_stream(stream::unfold(whole, move |mut left| {
            let state = state.clone();
            async move {
                if left.is_empty() {
                    return None;
                }
                let is_stopped = timeout(pause, state.stopped()).await.is_ok();
                let most = if is_stopped {
                    left.len()
                } else {
                    size as usize
                };
                let next = left.split_to(most.min(left.len()));
                Some((Ok::<_, io::Error>(next), left))
            }
        }))
    })
    .await
}

/// The same answer with half of its body; then the connection ends.
pub(crate) async fn truncate(answer: Response) -> Response {
    with_body(answer, |whole| {
        let half = whole.slice(..whole.len() / 2);
        let broken_off = async {
            // The library writes what it has when there is nothing more for the moment, and not after an error.
            tokio::task::yield_now().await;
            Err(io::Error::from(io::ErrorKind::UnexpectedEof))
        };
        Body::from_stream(stream::iter([Ok(half)]).chain(stream::once(broken_off)))
    })
    .await
}

/// The same answer with a body that is no JSON.
pub(crate) fn garbage(answer: Response) -> Response {
    if is_empty(&answer) {
        return answer;
    }
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, GARBAGE.into())
}

fn is_empty(answer: &Response) -> bool {
    axum::body::HttpBody::size_hint(answer.body()).exact() == Some(0)
}

/// The same answer and length with another body.
async fn with_body(answer: Response, other: impl FnOnce(Bytes) -> Body) -> Response {
    if is_empty(&answer) {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    // Ours are in memory, so they can be read whole and without fail.
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let length = HeaderValue::from(whole.len());
    parts.headers.insert(header::CONTENT_LENGTH, length);
    Response::from_parts(parts, other(whole))
}
