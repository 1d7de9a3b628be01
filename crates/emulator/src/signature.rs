//! Verification of AWS Signature Version 4 by computing the signature again.
//!
//! The path is encoded a second time in the canonical request, as every service but S3 does; exactly the headers that
//! the client signed take part. Presigned URLs are not accepted: no client of this service makes them.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use axum::http::{HeaderMap, Method, Uri, header};
use sha2::{Digest, Sha256};
use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};

use crate::error::ApiError;

/// How far the date of a request may be from the clock of the service.
const MAX_SKEW: Duration = Duration::from_mins(15);

/// The key pair that the emulator accepts.
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// The parts of a request that a signature covers.
pub(crate) struct SignedRequest<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// The `Authorization` header, taken apart.
struct Authorization<'a> {
    access_key_id: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

/// Refuses what needs no body to be refused: no signature, one that cannot be read or is old, a key that nobody holds.
pub(crate) fn refuse_early(
    headers: &HeaderMap,
    key: &AccessKey,
    now: SystemTime,
) -> Result<(), ApiError> {
    claimed(headers, key, now).map(drop)
}

/// What a request says of its signature, and its time.
fn claimed<'a>(
    headers: &'a HeaderMap,
    key: &AccessKey,
    now: SystemTime,
) -> Result<(Authorization<'a>, SystemTime), ApiError> {
    let header = headers
        .get(header::AUTHORIZATION)
        .ok_or_else(ApiError::missing_token)?;
    let header = header
        .to_str()
        .map_err(|_| ApiError::incomplete_signature("Authorization is not ASCII"))?;
    let authorization = parse(header)?;
    let time = request_time(headers, authorization.date, now)?;
    if !equal(authorization.access_key_id.as_bytes(), key.id.as_bytes()) {
        return Err(ApiError::unknown_access_key());
    }
    Ok((authorization, time))
}

/// Checks the signature and returns the Region of its scope.
pub(crate) fn verify<'a>(
    request: &SignedRequest<'a>,
    service: &str,
    key: &AccessKey,
    now: SystemTime,
) -> Result<&'a str, ApiError> {
    let (authorization, time) = claimed(request.headers, key, now)?;
    if authorization.service != service {
        return Err(ApiError::invalid_signature(
            "the credential is scoped to another service",
        ));
    }
    let expected = compute(request, &authorization, key, time)
        .ok_or_else(|| ApiError::invalid_signature("the signed headers cannot be canonicalised"))?;
    if !equal(expected.as_bytes(), authorization.signature.as_bytes()) {
        let message = "the request signature does not match; check the secret access key and the signing method";
        return Err(ApiError::invalid_signature(message));
    }
    Ok(authorization.region)
}

fn parse(header: &str) -> Result<Authorization<'_>, ApiError> {
    let fields = header.strip_prefix("AWS4-HMAC-SHA256 ").ok_or_else(|| {
        ApiError::incomplete_signature("the signing algorithm must be AWS4-HMAC-SHA256")
    })?;
    let field = |name: &str| {
        let mut found = fields
            .split(',')
            .filter_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
        found
            .next()
            .ok_or_else(|| ApiError::incomplete_signature("Authorization lacks a parameter"))
    };
    let credential = field("Credential")?;
    let signed_headers: Vec<&str> = field("SignedHeaders")?.split(';').collect();
    let signature = field("Signature")?;
    let mut scope = credential.rsplitn(5, '/');
    let mut next = || {
        scope
            .next()
            .ok_or_else(|| ApiError::incomplete_signature("Credential must have five elements"))
    };
    let (terminator, service, region, date, access_key_id) =
        (next()?, next()?, next()?, next()?, next()?);
    if terminator != "aws4_request" {
        return Err(ApiError::incomplete_signature(
            "the scope must end in aws4_request",
        ));
    }
    if !signed_headers.contains(&"host") {
        return Err(ApiError::incomplete_signature(
            "host must be a signed header",
        ));
    }
    Ok(Authorization {
        access_key_id,
        date,
        region,
        service,
        signed_headers,
        signature,
    })
}

fn request_time(
    headers: &HeaderMap,
    scope_date: &str,
    now: SystemTime,
) -> Result<SystemTime, ApiError> {
    let text = headers
        .get("x-amz-date")
        .and_then(|value| value.to_str().ok());
    let text = text.ok_or_else(|| ApiError::incomplete_signature("X-Amz-Date is missing"))?;
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    let time = PrimitiveDateTime::parse(text, format)
        .map_err(|_| ApiError::incomplete_signature("X-Amz-Date is not an ISO 8601 basic date"))?;
    if !text.starts_with(scope_date) || scope_date.len() != 8 {
        return Err(ApiError::invalid_signature(
            "the date of the scope is not that of X-Amz-Date",
        ));
    }
    let skew = OffsetDateTime::from(now) - time.assume_utc();
    if skew.unsigned_abs() > MAX_SKEW {
        return Err(ApiError::invalid_signature(
            "the request is expired or its date is in the future",
        ));
    }
    Ok(time.assume_utc().into())
}

fn compute(
    request: &SignedRequest<'_>,
    authorization: &Authorization<'_>,
    key: &AccessKey,
    time: SystemTime,
) -> Option<String> {
    let mut signed = Vec::with_capacity(authorization.signed_headers.len());
    for name in &authorization.signed_headers {
        // A header that is claimed as signed but absent makes the signature wrong, not shorter.
        let mut values = request.headers.get_all(*name).iter().peekable();
        values.peek()?;
        for value in values {
            signed.push((*name, value.to_str().ok()?));
        }
    }
    let body = payload(request)?;
    let uri = request
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let signable =
        SignableRequest::new(request.method.as_str(), uri, signed.into_iter(), body).ok()?;
    // The default leaves out headers that proxies change; here the client alone says what it signed.
    let mut settings = SigningSettings::default();
    settings.excluded_headers = None;
    let identity =
        Credentials::new(key.id.as_str(), key.secret.as_str(), None, None, "emulator").into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(authorization.region)
        .name(authorization.service)
        .time(time)
        .settings(settings)
        .build()
        .ok()?;
    let (_, signature) = sign(signable, &params.into()).ok()?.into_parts();
    Some(signature)
}

/// The payload hash the client used: its own `x-amz-content-sha256` if it is true, else the hash of the body.
fn payload<'a>(request: &SignedRequest<'a>) -> Option<SignableBody<'a>> {
    match request
        .headers
        .get("x-amz-content-sha256")
        .map(|value| value.to_str())
    {
        None => Some(SignableBody::Bytes(request.body)),
        Some(Ok("UNSIGNED-PAYLOAD")) => Some(SignableBody::UnsignedPayload),
        Some(Ok(claimed)) => {
            let actual = format!("{:x}", Sha256::digest(request.body));
            (actual == claimed).then_some(SignableBody::Precomputed(actual))
        }
        Some(Err(_)) => None,
    }
}

/// Compares in a time that does not depend on where the two differ.
fn equal(left: &[u8], right: &[u8]) -> bool {
    let difference = left.iter().zip(right).fold(0, |all, (a, b)| all | (a ^ b));
    left.len() == right.len() && std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests;
