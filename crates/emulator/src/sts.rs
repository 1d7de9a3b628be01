//! `GetCallerIdentity` of AWS STS at `/`, the one call a client makes to learn its account id; presigned, with GET, it is
//! how programs prove to others who they are.
//!
//! STS speaks the query protocol with XML answers; no other action of it is here.

use axum::{
    http::{Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

use crate::clock::system_time;
use crate::error::ApiError;
use crate::query::Query;
use crate::signature::{SignedRequest, verify};
use crate::state::State;

const ACTION: &str = "Action";
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Whether a request speaks the query protocol: the service itself has nothing at `/`.
pub(crate) fn is_meant(parts: &Parts, query: Option<&Query>) -> bool {
    let in_query = || query.is_some_and(|query| query.get(ACTION).is_some());
    parts.uri.path() == "/"
        && (parts.method == Method::POST || (parts.method == Method::GET && in_query()))
}

/// An error as the query protocol writes it.
pub(crate) fn refusal(error: &ApiError) -> Response {
    // Query-protocol error codes carry no `Exception` ending.
    let (code, message) = (&error.code, &error.message);
    let xml = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error></ErrorResponse>"
    );
    respond(error.status, xml)
}

/// Answers such a request.
pub(crate) fn answer(
    state: &State,
    parts: &Parts,
    query: &Query,
    body: &[u8],
) -> Result<Response, ApiError> {
    let form = std::str::from_utf8(body).map_err(|_| ApiError::unknown_operation())?;
    let form = Query::parse(Some(form))?;
    if form.get(ACTION).or_else(|| query.get(ACTION)) != Some("GetCallerIdentity") {
        return Err(ApiError::unknown_operation());
    }
    let request = SignedRequest::new(parts, query, body);
    verify(&request, "sts", &state.access_key, system_time())?;
    let account = &state.account_id;
    let xml = format!(
        "<GetCallerIdentityResponse xmlns=\"{NAMESPACE}\"><GetCallerIdentityResult>\
         <Arn>arn:aws:iam::{account}:user/emulator</Arn><UserId>AIDAEMULATOREMULATORE</UserId>\
         <Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    Ok(respond(StatusCode::OK, xml))
}

fn respond(status: StatusCode, xml: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/xml")], xml).into_response()
}
