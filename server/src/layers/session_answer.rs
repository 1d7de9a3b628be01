//! Repairs two answers of `tower-sessions` 0.15.
//!
//! It answers 500 when a session cannot be saved, though that is the database being away. And it
//! takes the session cookie back without `Secure`, which browsers ignore for a name that starts
//! with `__Host-`.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Cause;

use super::signed_in::Inside;
use crate::answer::refuse;
use crate::config::CookieKind;

pub(super) async fn repair(
    State(cookie): State<CookieKind>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let Some(inside) = response.extensions().get::<Inside>().copied() else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Cause::StoreUnavailable);
    };
    if inside.keeps_cookie {
        leave(cookie, response.headers_mut());
        return response;
    }
    if cookie == CookieKind::Plain {
        return response;
    }
    let removal = format!("{}=;", cookie.name());
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

/// Takes what would change the session cookie out of an answer.
fn leave(cookie: CookieKind, headers: &mut HeaderMap) {
    let name = format!("{}=", cookie.name());
    let others: Vec<_> = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .filter(|value| !value.as_bytes().starts_with(name.as_bytes()))
        .cloned()
        .collect();
    headers.remove(header::SET_COOKIE);
    for value in others {
        headers.append(header::SET_COOKIE, value);
    }
}
