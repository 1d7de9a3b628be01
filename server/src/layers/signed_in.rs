//! Finds who is asking: the session names an operator, who is read again from the database. A role
//! that was taken away, or an operator who was disabled, counts from the next request on.

use std::net::SocketAddr;

use app::request::{LocalTimes, RequestId, SignedIn, UnseenNotices};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use backend::{Backend, Caller, Changes, Point, Visit};
use domain::{Cause, Failure};
use tower_sessions::Session;

use crate::answer::refuse;

/// Stands on every response that comes from inside the session layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inside {
    /// Whether the answer must leave the session cookie alone: the session got another id for
    /// another request meanwhile, or has ended. A cookie that belongs to no session may be
    /// replaced.
    pub(super) keeps_cookie: Keeps,
}

/// What an answer must not do to the session cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// Everything is allowed: it may change and remove the cookie.
    Nothing,
    /// It must not remove the cookie, but may change it.
    FromRemoval,
    /// It must neither change nor remove the cookie.
    Everything,
}

pub(super) async fn find(
    State(backend): State<Backend>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut keeps_cookie = Keeps::Nothing;
    let mut response = match caller(&backend, request.extensions(), &mut keeps_cookie).await {
        Ok(found) => {
            if found.is_some() {
                backend.points().reach(Point::CallerFound).await;
            }
            let (caller, shown) = found.unzip();
            let (unseen, local_times) = shown.unwrap_or_default();
            let known = request.extensions_mut();
            known.insert(SignedIn(caller));
            known.insert(UnseenNotices(unseen));
            known.insert(LocalTimes(local_times));
            next.run(request).await
        }
        Err(failure) => refuse(StatusCode::SERVICE_UNAVAILABLE, failure.cause),
    };
    response.extensions_mut().insert(Inside { keeps_cookie });
    response
}

/// The operator who asks, how many notices they have not seen, and whether they want local times.
async fn caller(
    backend: &Backend,
    known: &Extensions,
    keeps_cookie: &mut Keeps,
) -> Result<Option<(Caller, (u32, bool))>, Failure> {
    let session: &Session = known.get().ok_or(Cause::StoreUnavailable)?;
    let visit = Visit::of(session);
    let Some(id) = visit.operator().await? else {
        // It may have got another id a moment ago, which the browser knows by another answer.
        *keeps_cookie = Keeps::FromRemoval;
        return Ok(None);
    };
    let found = backend.accounts().who_asks(&id).await?;
    let Some(found) = found.filter(|found| found.operator.disabled.is_none()) else {
        return Ok(None);
    };
    let (operator, shown) = (found.operator, (found.unseen, found.local_times));
    let (proved, sid) = (visit.proved().await?, visit.sid().await?);
    if !visit.renew_after_change(&operator.standing()).await? {
        *keeps_cookie = Keeps::Everything;
    }
    let remote = known.get::<ConnectInfo<SocketAddr>>();
    let request_id = known.get::<RequestId>().cloned().unwrap_or_default();
    let caller = Caller {
        operator: operator.id,
        username: operator.username,
        role: operator.role,
        grant: operator.grant,
        remote: remote.map(|ConnectInfo(peer)| peer.ip()),
        request_id: request_id.0,
        proved,
        // Never none: that would be the console itself.
        session: Some(sid.unwrap_or_default()),
        changes: known.get::<Changes>().cloned().unwrap_or_default(),
    };
    Ok(Some((caller, shown)))
}
