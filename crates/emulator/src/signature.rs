//! Verification of AWS Signature Version 4 by computing the signature again.
//!
//! The path is encoded a second time in the canonical request, as every service but S3 does; exactly the headers that
//! the client signed take part. What a request says of its own signature is read in `claims`.

mod claims;

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign},
    sign::v4::SigningParams,
};
use axum::http::{HeaderMap, Method, Uri, request::Parts};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use crate::error::ApiError;
use crate::query::Query;
use claims::{Claims, Place};

/// What a query keeps as it is when it is signed.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The key pair that the emulator accepts.
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// The session token that belongs to it, if it is of temporary credentials.
    pub(crate) session_token: Option<String>,
}

/// The parts of a request that a signature covers.
pub(crate) struct SignedRequest<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: &'a Query,
    pub(crate) body: &'a [u8],
}

impl<'a> SignedRequest<'a> {
    pub(crate) fn new(parts: &'a Parts, query: &'a Query, body: &'a [u8]) -> Self {
        Self {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
            query,
            body,
        }
    }
}

/// Refuses what can be refused before the body is read: a request without a signature, with one that cannot be read or
/// is old, or with an unknown key.
pub(crate) fn refuse_early(
    headers: &HeaderMap,
    query: &Query,
    key: &AccessKey,
    now: SystemTime,
) -> Result<(), ApiError> {
    claimed(headers, query, key, now).map(drop)
}

/// What a request says of its signature, if it names our key.
fn claimed(
    headers: &HeaderMap,
    query: &Query,
    key: &AccessKey,
    now: SystemTime,
) -> Result<Claims, ApiError> {
    let claims = Claims::read(headers, query, now)?;
    let of_key = equal(claims.access_key_id.as_bytes(), key.id.as_bytes());
    // Temporary credentials are good only with their token, and lasting ones have no token.
    let of_session = match (&claims.session_token, &key.session_token) {
        (None, None) => true,
        (Some(theirs), Some(ours)) => equal(theirs.as_bytes(), ours.as_bytes()),
        _ => false,
    };
    if of_key && of_session {
        Ok(claims)
    } else {
        Err(ApiError::unknown_access_key())
    }
}

/// Checks the signature and returns the Region of its scope.
pub(crate) fn verify(
    request: &SignedRequest<'_>,
    service: &str,
    key: &AccessKey,
    now: SystemTime,
) -> Result<String, ApiError> {
    let claims = claimed(request.headers, request.query, key, now)?;
    if claims.service != service {
        return Err(ApiError::invalid_signature(
            "the credential is scoped to another service",
        ));
    }
    let body = payload(request)?;
    let expected = compute(request, &claims, key, body)
        .ok_or_else(|| ApiError::invalid_signature("the signed headers cannot be canonicalised"))?;
    if !equal(expected.as_bytes(), claims.signature.as_bytes()) {
        let message = "the request signature does not match; check the secret access key and the signing method";
        return Err(ApiError::invalid_signature(message));
    }
    Ok(claims.region)
}

fn compute(
    request: &SignedRequest<'_>,
    claims: &Claims,
    key: &AccessKey,
    body: SignableBody<'_>,
) -> Option<String> {
    let mut signed = Vec::with_capacity(claims.signed_headers.len());
    for name in &claims.signed_headers {
        // A header that is claimed as signed but absent makes the signature wrong, not shorter.
        let mut values = request.headers.get_all(name).iter().peekable();
        values.peek()?;
        for value in values {
            signed.push((name.as_str(), value.to_str().ok()?));
        }
    }
    let target = target(request, &claims.place);
    let signable =
        SignableRequest::new(request.method.as_str(), target, signed.into_iter(), body).ok()?;
    // The default leaves out headers that proxies change; here the client alone says what it signed.
    let mut settings = SigningSettings::default();
    settings.excluded_headers = None;
    // In a header it is one of those that were signed.
    let token = match claims.place {
        Place::Header => None,
        Place::Query { expires } => {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(expires);
            claims.session_token.clone()
        }
    };
    let (id, secret) = (key.id.as_str(), key.secret.as_str());
    let identity = Credentials::new(id, secret, token, None, "emulator").into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(&claims.region)
        .name(&claims.service)
        .time(claims.time)
        .settings(settings)
        .build()
        .ok()?;
    let (_, signature) = sign(signable, &params.into()).ok()?.into_parts();
    Some(signature)
}

/// The path as it came, and each parameter of the query decoded and encoded again: a client may encode more or less
/// than it signs. The parameters of the signature are left out, since computing it adds them.
fn target(request: &SignedRequest<'_>, place: &Place) -> String {
    let of_signature = |name: &str| match place {
        Place::Header => false,
        Place::Query { .. } => claims::PARAMETERS.contains(&name),
    };
    let parameters = request.query.iter().filter(|(name, _)| !of_signature(name));
    let encode = |text| utf8_percent_encode(text, RESERVED);
    let pairs: Vec<String> = parameters
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    format!("{}?{}", request.uri.path(), pairs.join("&"))
}

/// The hash of the body. `x-amz-content-sha256` may repeat it; `UNSIGNED-PAYLOAD` in its place is refused, since the
/// trait that allows it (`aws.auth#unsignedPayload`) is on no operation of the model.
fn payload<'a>(request: &SignedRequest<'a>) -> Result<SignableBody<'a>, ApiError> {
    let Some(claimed) = request.headers.get("x-amz-content-sha256") else {
        return Ok(SignableBody::Bytes(request.body));
    };
    let actual = format!("{:x}", Sha256::digest(request.body));
    if claimed.as_bytes() == actual.as_bytes() {
        Ok(SignableBody::Precomputed(actual))
    } else {
        let message = "x-amz-content-sha256 is not the SHA-256 of the body, which must be signed";
        Err(ApiError::invalid_signature(message))
    }
}

/// Compares in a time that does not depend on where the two differ.
fn equal(left: &[u8], right: &[u8]) -> bool {
    let difference = left.iter().zip(right).fold(0, |all, (a, b)| all | (a ^ b));
    left.len() == right.len() && std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests;
