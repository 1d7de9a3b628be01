//! A bound on the pages and functions that run at once, in all and for each client. A request
//! beyond it is told to come back, before all of them become slow.
//!
//! A request takes a place once it is there, body and all, and gives it back when its answer
//! begins. A client that sends or reads slowly holds no place.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;
use metrics::{Gauge, gauge};

use super::client::network_of;
use crate::answer::refuse;
use crate::limits::Bound;
use crate::metrics::{IN_FLIGHT, SHED};
use crate::shares::Shares;

/// The places for requests in flight. Cheap to clone.
#[derive(Clone)]
pub(super) struct Places {
    places: Shares,
    taken: Gauge,
}

impl Places {
    pub(super) fn new(bound: Bound) -> Self {
        Self {
            places: Shares::new(bound),
            taken: gauge!(IN_FLIGHT),
        }
    }
}

pub(super) async fn refuse_too_many(
    State(places): State<Places>,
    request: Request,
    next: Next,
) -> Response {
    let client = network_of(request.extensions());
    let _place = match places.places.take(Some(client)) {
        Ok(place) => place,
        Err(met) => {
            met.count(SHED, "place");
            return refuse(StatusCode::SERVICE_UNAVAILABLE, Cause::Busy);
        }
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
