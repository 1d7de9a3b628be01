//! Repairs two answers of `tower-sessions` 0.15.
//!
//! It answers 500 when a session cannot be saved, though that is the database being away. And it
//! takes the session cookie back without `Secure`, which browsers ignore for a name that starts
//! with `__Host-`.

use app::request::{Cookie as Name, Cookies};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;
use tower_sessions::cookie::{Cookie, SameSite};

use super::signed_in::{Inside, Keeps};
use crate::answer::refuse;

pub(super) async fn repair(
    State(cookies): State<Cookies>,
    request: Request,
    next: Next,
) -> Response {
    let name = cookies.name(Name::Session);
    // How a header begins that takes the session cookie back.
    let removal = format!("{name}=;");
    let mut response = next.run(request).await;
    let Some(inside) = response.extensions().get::<Inside>().copied() else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Cause::StoreUnavailable);
    };
    match inside.keeps_cookie {
        Keeps::Nothing => {}
        Keeps::FromRemoval => leave(&removal, response.headers_mut()),
        Keeps::Everything => leave(&format!("{name}="), response.headers_mut()),
    }
    if !cookies.are_secure() {
        return response;
    }
    if let header::Entry::Occupied(mut cookies) = response.headers_mut().entry(header::SET_COOKIE) {
        for value in cookies.iter_mut() {
            if let Some(complete) = completed(value, &name) {
                *value = complete;
            }
        }
    }
    response
}

/// The header that takes the session cookie back as browsers heed it, if this one does and they would
/// not.
fn completed(header: &HeaderValue, name: &str) -> Option<HeaderValue> {
    let mut cookie = Cookie::parse(header.to_str().ok()?).ok()?;
    if cookie.name() != name || !cookie.value().is_empty() || cookie.secure() == Some(true) {
        return None;
    }
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(true);
    HeaderValue::from_str(&cookie.to_string()).ok()
}

/// Takes the cookies that begin so out of an answer.
fn leave(beginning: &str, headers: &mut HeaderMap) {
    let others: Vec<_> = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .filter(|value| !value.as_bytes().starts_with(beginning.as_bytes()))
        .cloned()
        .collect();
    headers.remove(header::SET_COOKIE);
    for value in others {
        headers.append(header::SET_COOKIE, value);
    }
}
