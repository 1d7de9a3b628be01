//! Reads the body of a request before the request takes anything: a place, a session, a right. A
//! client that sends slowly then keeps nobody waiting, and the database is asked no earlier than
//! its answer is used.
//!
//! A file that is imported is the exception: its body is read by its function, once it is known who
//! sends it. How many are received at once is bounded.
//!
//! How many bodies are read at once, and how many bytes of them are held, is bounded in all and for
//! each client. A client without a session cookie is given less time.

use std::sync::Arc;
use std::time::Duration;

use app::request::{Cookie, Cookies};
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;
use http_body_util::BodyExt as _;
use tokio::time::timeout;
use tower_sessions::session::Id;

use super::LARGEST;
use super::client::network_of;
use super::twice::values_of;
use super::upload;
use crate::answer::refuse;
use crate::limits::Limits;
use crate::metrics::SHED;
use crate::shares::{Met, Share, Shares};

/// The shares that bodies take while they are read. Cheap to clone.
#[derive(Clone)]
pub(super) struct Arrival {
    bodies: Shares,
    bytes: Shares,
    uploads: Shares,
    patience: Duration,
    patience_with_nobody: Duration,
    session_cookie: Arc<str>,
}

/// Why a body was not read.
enum Unread {
    TooLarge,
    TooSlow,
    TooMany(Met),
    Broken,
}

impl Arrival {
    pub(super) fn new(limits: &Limits, cookies: &Cookies) -> Self {
        Self {
            bodies: Shares::new(limits.bodies),
            bytes: Shares::new(limits.body_bytes),
            uploads: Shares::new(limits.uploads),
            patience: limits.body,
            patience_with_nobody: limits.body_of_nobody,
            session_cookie: cookies.name(Cookie::Session).into(),
        }
    }

    async fn read(&self, request: Request) -> Result<Request, Unread> {
        let announced = request.body().size_hint().lower();
        if announced > LARGEST as u64 {
            return Err(Unread::TooLarge);
        }
        let client = Some(network_of(request.extensions()));
        let _body = self.bodies.take(client).map_err(Unread::TooMany)?;
        let bytes = self.bytes.nothing(client);
        let (parts, body) = request.into_parts();
        let patience = if self.may_be_somebody(&parts) {
            self.patience
        } else {
            self.patience_with_nobody
        };
        let read = timeout(patience, whole(body, bytes)).await;
        let body = read.map_err(|_| Unread::TooSlow)??;
        Ok(Request::from_parts(parts, Body::from(body)))
    }

    /// Whether there is a session cookie that could be one of ours. Only the database knows whether
    /// it is, and it is not asked for half a request.
    fn may_be_somebody(&self, parts: &Parts) -> bool {
        let mut values = values_of(&parts.headers, &self.session_cookie);
        values.any(|value| value.parse::<Id>().is_ok())
    }
}

async fn whole(mut body: Body, mut bytes: Share) -> Result<Bytes, Unread> {
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        // What stands behind a body (trailers) is not used.
        let Ok(piece) = frame.map_err(|_| Unread::Broken)?.into_data() else {
            continue;
        };
        if piece.len() > LARGEST - read.len() {
            return Err(Unread::TooLarge);
        }
        bytes.add(piece.len()).map_err(Unread::TooMany)?;
        read.extend_from_slice(&piece);
    }
    Ok(read.into())
}

pub(super) async fn read_body(
    State(arrival): State<Arrival>,
    request: Request,
    next: Next,
) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    if upload::is_one(&request) {
        let client = Some(network_of(request.extensions()));
        return match arrival.uploads.take(client) {
            Ok(_upload) => next.run(request).await,
            Err(met) => {
                met.count(SHED, "upload");
                refuse(StatusCode::SERVICE_UNAVAILABLE, Cause::Busy)
            }
        };
    }
    match arrival.read(request).await {
        Ok(request) => next.run(request).await,
        Err(Unread::TooLarge) => refuse(StatusCode::PAYLOAD_TOO_LARGE, Cause::Outdated),
        Err(Unread::TooSlow) => refuse(StatusCode::REQUEST_TIMEOUT, Cause::Outdated),
        Err(Unread::Broken) => refuse(StatusCode::BAD_REQUEST, Cause::Outdated),
        Err(Unread::TooMany(met)) => {
            met.count(SHED, "body");
            refuse(StatusCode::SERVICE_UNAVAILABLE, Cause::Busy)
        }
    }
}
