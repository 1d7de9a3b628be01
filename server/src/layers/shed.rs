//! A bound on the pages and functions that are made at once: one more is told to come back at once,
//! instead of making all of them slow.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;
use metrics::{Gauge, counter, gauge};
use tokio::sync::Semaphore;

use crate::answer::refuse;
use crate::metrics::{IN_FLIGHT, SHED};

/// The places for requests in flight. Cheap to clone.
#[derive(Clone)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    taken: Gauge,
}

impl Places {
    pub(super) fn new(places: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(places)),
            taken: gauge!(IN_FLIGHT),
        }
    }
}

pub(super) async fn refuse_too_many(
    State(places): State<Places>,
    request: Request,
    next: Next,
) -> Response {
    let Ok(_place) = places.free.try_acquire() else {
        counter!(SHED).increment(1);
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Cause::Busy);
    };
    let _counted = Counted::new(&places.taken);
    next.run(request).await
}

/// Counts while it lives: a client that goes away drops the request in the middle.
struct Counted<'a>(&'a Gauge);

impl<'a> Counted<'a> {
    fn new(gauge: &'a Gauge) -> Self {
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}
