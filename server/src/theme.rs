//! Light, dark, or as the system has it: kept in a cookie, so that pages come in the right colours.

use std::sync::Arc;

use app::request::{Cookie, YEAR};
use axum::Form;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;

use crate::answer::see_other;
use crate::config::Reach;
use crate::local::referring_page;

#[derive(Deserialize)]
pub(crate) struct Choice {
    theme: Theme,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Theme {
    Light,
    Dark,
    System,
}

pub(crate) async fn choose(
    State(reach): State<Arc<Reach>>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Response {
    let theme = match choice.theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::System => "system",
    };
    let cookie = reach.cookies.given(Cookie::Theme, theme, YEAR);
    let mut response = see_other(&referring_page(&headers, &uri).unwrap_or_else(|| "/".to_owned()));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
