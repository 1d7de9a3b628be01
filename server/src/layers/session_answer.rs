//! Repairs two answers of `tower-sessions` 0.15.
//!
//! It answers 500 when a session cannot be saved, though that is the database being away. And it
//! takes the session cookie back without `Secure`, which browsers ignore for a name that starts
//! with `__Host-`.

use app::request::{Cookie, Cookies};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;

use super::signed_in::{Inside, Keeps};
use crate::answer::refuse;

pub(super) async fn repair(
    State(cookies): State<Cookies>,
    request: Request,
    next: Next,
) -> Response {
    let name = cookies.name(Cookie::Session);
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
            let text = value.to_str().unwrap_or_default();
            let is_incomplete = text.starts_with(&removal) && !text.contains("Secure");
            let complete = format!("{text}; HttpOnly; SameSite=Lax; Secure");
            if let (true, Ok(complete)) = (is_incomplete, HeaderValue::from_str(&complete)) {
                *value = complete;
            }
        }
    }
    response
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
