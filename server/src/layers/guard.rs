//! Sends people who are not signed in to the page where they can.
//!
//! This is a convenience. Each function decides itself what may be done, since functions that run
//! while a page renders pass no layer.

use app::request::SignedIn;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use super::at_provider::BACK_BELOW;
use crate::answer::see_other;
use crate::local;

/// Pages for people who are not signed in.
const OPEN: &[&str] = &["/sign-in", "/sign-in/code", "/setup", "/invite"];

pub(super) async fn ask_to_sign_in(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD)
        && !path.starts_with("/api/")
        && !OPEN.contains(&path)
        && !path.starts_with(BACK_BELOW);
    let somebody = request
        .extensions()
        .get::<SignedIn>()
        .is_some_and(|SignedIn(caller)| caller.is_some());
    if !is_page || somebody {
        return next.run(request).await;
    }
    let asked_for = request
        .uri()
        .path_and_query()
        .map_or("/", |page| page.as_str());
    let next = if local::is_local(asked_for) {
        asked_for
    } else {
        "/"
    };
    see_other(&local::sign_in(next))
}
