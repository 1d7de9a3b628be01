//! Files to fill in, one for each kind of rows.

use axum::Extension;
use axum::extract::OriginalUri;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Cause;

use super::receive::{kind_of, refused};
use crate::request::SignedIn;

/// Before a CSV: without it a spreadsheet takes the letters of UTF-8 for those of another encoding.
pub(super) const MARK: &str = "\u{feff}";

/// `GET …/import-users/template.csv`, and so for admins and endpoints.
#[expect(clippy::unused_async, reason = "a handler of axum is asynchronous")]
pub async fn csv(
    OriginalUri(uri): OriginalUri,
    Extension(signed_in): Extension<SignedIn>,
) -> Response {
    if signed_in.0.is_none() {
        return refused(&Cause::SignedOut.into());
    }
    match kind_of(uri.path()) {
        Some(kind) => saved(
            &format!("carillon-{kind}.csv"),
            format!("{MARK}{}", domain::import::template(kind)),
        ),
        None => refused(&Cause::NoSuchPage.into()),
    }
}

/// A CSV that a browser saves. Its name is ours.
pub(super) fn saved(name: &str, body: impl IntoResponse) -> Response {
    let mut response = (StatusCode::OK, body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    let name = format!("attachment; filename=\"{name}\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
