//! The time that an answer may take once its request is there. It is longer than one call to AWS
//! with the rows around it, so that a call itself tells how it ended; this limit is for what comes
//! on top. A change that was sent goes on, and its row gets its outcome.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use backend::Changes;
use domain::{Cause, Failure};

use super::upload;
use crate::answer::refuse;
use crate::limits::Limits;

/// How long an answer may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    usual: Duration,
    /// For a file, which arrives meanwhile.
    upload: Duration,
}

impl Patience {
    pub(super) const fn new(limits: &Limits) -> Self {
        Self {
            usual: limits.answer,
            upload: limits.upload,
        }
    }
}

pub(super) async fn end(
    State(patience): State<Patience>,
    request: Request,
    next: Next,
) -> Response {
    let patience = if upload::is_one(&request) {
        patience.upload
    } else {
        patience.usual
    };
    let changes = request.extensions().get::<Changes>().cloned();
    if let Ok(response) = tokio::time::timeout(patience, next.run(request)).await {
        return response;
    }
    refuse(
        StatusCode::GATEWAY_TIMEOUT,
        late(changes.unwrap_or_default().open()),
    )
}

/// The failure of an answer that came too late. A change that is still under way may be made; its
/// entry tells more later.
fn late(under_way: Option<String>) -> Failure {
    let cause = match under_way {
        Some(_) => Cause::OutcomeUnknown,
        None => Cause::TookTooLong,
    };
    let mut failure = Failure::from(cause);
    failure.trace.entry = under_way;
    failure
}
