//! `GetCallerIdentity` of AWS STS at `POST /`, the one call a client makes to learn its account id.
//!
//! STS speaks the query protocol with XML answers; no other action of it is here.

use axum::{
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

use crate::{
    clock::system_time,
    error::ApiError,
    routing::Query,
    signature::{SignedRequest, verify},
    state::State,
};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Answers a query-protocol request.
pub(crate) fn answer(state: &State, parts: &Parts, body: &[u8]) -> Response {
    identity(state, parts, body).unwrap_or_else(|error| refusal(&error))
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

fn identity(state: &State, parts: &Parts, body: &[u8]) -> Result<Response, ApiError> {
    let form = std::str::from_utf8(body).map_err(|_| ApiError::unknown_operation())?;
    if Query::parse(Some(form))?.get("Action") != Some("GetCallerIdentity") {
        return Err(ApiError::unknown_operation());
    }
    let request = SignedRequest {
        method: &parts.method,
        uri: &parts.uri,
        headers: &parts.headers,
        body,
    };
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
