//! What every request passes on its way in, and every response on its way out.
//!
//! From the outside in: request id, log, headers, bodies of refusals, panics, the length of address
//! and headers, the name that was connected to, the client's address, what is said twice, origin,
//! the body, which is read here unless it is a file, and the time that an answer may take. Pages and functions alone
//! have further layers, so that static files never wait for a place nor touch the database: how
//! many at once, tries to get in, how many at a provider, the session.

mod arrival;
mod at_provider;
mod came;
pub(crate) mod client;
mod csrf;
mod deadline;
mod guard;
mod head;
pub(crate) mod headers;
pub mod host;
mod log;
mod measure;
pub mod request_id;
mod session_answer;
mod shed;
mod signed_in;
mod tries;
mod twice;
mod upload;

use std::any::Any;
use std::sync::Arc;

use app::request::{Cookie, Reached};
use axum::Extension;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use backend::Backend;
use domain::Cause;
use tower_http::catch_panic::CatchPanicLayer;
use tower_sessions::SessionManagerLayer;
use tower_sessions::cookie::SameSite;

use crate::answer;
use crate::assets::Site;
use crate::config::{PublicUrl, Reach};
use crate::limits::Limits;
use crate::shares::Shares;

/// The largest body. The largest form has 50 tags of 384 characters, each up to 12 bytes.
pub const LARGEST: usize = 256 * 1024;

/// Puts the layers around routes that every request passes, whatever it asks for.
pub fn around(routes: Router, reach: &Arc<Reach>, site: &Site, limits: &Limits) -> Router {
    // The last layer is the outermost.
    routes
        .layer(from_fn_with_state(
            deadline::Patience::new(limits),
            deadline::end,
        ))
        .layer(from_fn_with_state(
            arrival::Arrival::new(limits, &reach.cookies),
            arrival::read_body,
        ))
        .layer(from_fn_with_state(
            Arc::clone(reach),
            csrf::refuse_other_sites,
        ))
        .layer(from_fn_with_state(reach.cookies.clone(), twice::refuse_two))
        .layer(from_fn_with_state(
            Arc::clone(reach),
            client::look_behind_proxies,
        ))
        .layer(from_fn_with_state(
            Arc::clone(reach),
            host::refuse_other_names,
        ))
        .layer(from_fn(head::refuse_long))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(site.clone(), answer::write_body))
        .layer(from_fn_with_state(Arc::clone(reach), headers::add))
        .layer(from_fn(log::write))
        .layer(from_fn(request_id::give))
}

/// Puts the layers that need a session around the pages and server functions.
pub fn with_session(routes: Router, backend: &Backend, reach: &Reach) -> Router {
    let cookies = &reach.cookies;
    let reached = Reached {
        base: reach.public_url.as_ref().map(PublicUrl::origin),
        cookies: cookies.clone(),
    };
    let sessions = SessionManagerLayer::new(backend.accounts().sessions().clone())
        .with_name(cookies.name(Cookie::Session))
        .with_secure(cookies.are_secure())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/");
    routes
        .layer(Extension(reached))
        .layer(from_fn(guard::ask_to_sign_in))
        .layer(from_fn_with_state(backend.clone(), signed_in::find))
        .layer(sessions)
        .layer(from_fn_with_state(cookies.clone(), session_answer::repair))
}

/// Bounds how many pages and server functions run at once, and how often somebody may try to get
/// in.
pub fn bounded(routes: Router, limits: &Limits) -> Router {
    let (tries, places, at_providers) = (
        tries::Tries::new(limits.sign_ins),
        shed::Places::new(limits.in_flight),
        Shares::new(limits.at_providers),
    );
    routes
        .layer(from_fn_with_state(
            at_providers,
            at_provider::refuse_too_many,
        ))
        .layer(from_fn_with_state(tries, tries::refuse_too_many))
        .layer(from_fn_with_state(places, shed::refuse_too_many))
}

/// Answers for a handler that panicked; the panic itself is in the log.
pub fn catch_panics(routes: Router) -> Router {
    routes.layer(CatchPanicLayer::custom(panicked))
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    answer::refuse(StatusCode::INTERNAL_SERVER_ERROR, Cause::Internal)
}
