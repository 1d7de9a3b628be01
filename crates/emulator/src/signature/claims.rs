//! What a request says of its own signature, in the header `Authorization` or, when it is presigned, in its query.
//!
//! Whether it is true is not decided here.

use std::time::{Duration, SystemTime};

use axum::http::{HeaderMap, header};
use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};

use crate::error::ApiError;
use crate::query::Query;

/// How far the date of a request may be from the clock of the service.
const MAX_SKEW: Duration = Duration::from_mins(15);
/// How long a presigned request may be good for, in seconds: a week.
const MAX_EXPIRES: u64 = 604_800;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SECURITY_TOKEN: &str = "X-Amz-Security-Token";
/// The parameters of a presigned request that are about its signature.
pub(super) const PARAMETERS: [&str; 7] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    SECURITY_TOKEN,
];

/// A signature and what it was made with.
pub(super) struct Claims {
    pub(super) access_key_id: String,
    pub(super) region: String,
    pub(super) service: String,
    pub(super) time: SystemTime,
    pub(super) signed_headers: Vec<String>,
    pub(super) signature: String,
    pub(super) session_token: Option<String>,
    pub(super) place: Place,
}

/// Where the signature stands.
pub(super) enum Place {
    Header,
    Query { expires: Duration },
}

impl Claims {
    /// Reads them and checks the time.
    pub(super) fn read(
        headers: &HeaderMap,
        query: &Query,
        now: SystemTime,
    ) -> Result<Self, ApiError> {
        let presigned = PARAMETERS
            .iter()
            .any(|name| *name != SECURITY_TOKEN && query.get(name).is_some());
        match headers.get(header::AUTHORIZATION) {
            Some(_) if presigned => Err(ApiError::incomplete_signature(
                "a request is signed in Authorization or in its query, not in both",
            )),
            Some(header) => {
                let header = header
                    .to_str()
                    .map_err(|_| ApiError::incomplete_signature("Authorization is not ASCII"))?;
                Self::of_header(header, headers, now)
            }
            None if presigned => Self::of_query(query, now),
            None => Err(ApiError::missing_token()),
        }
    }

    fn of_header(text: &str, headers: &HeaderMap, now: SystemTime) -> Result<Self, ApiError> {
        let fields = text
            .strip_prefix(ALGORITHM)
            .and_then(|rest| rest.strip_prefix(' '))
            .ok_or_else(wrong_algorithm)?;
        let field = |name: &str| {
            let mut found = fields
                .split(',')
                .filter_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
            found
                .next()
                .ok_or_else(|| ApiError::incomplete_signature("Authorization lacks a parameter"))
        };
        let scope = Scope::parse(field("Credential")?)?;
        let signed_headers = signed_headers(field("SignedHeaders")?)?;
        let signature = field("Signature")?.to_owned();
        let of_headers = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let date = of_headers("x-amz-date")
            .ok_or_else(|| ApiError::incomplete_signature("X-Amz-Date is missing"))?;
        let time = scope.time(date)?;
        if skew(now, time).unsigned_abs() > MAX_SKEW {
            return Err(ApiError::invalid_signature(
                "the request is expired or its date is in the future",
            ));
        }
        let session_token = of_headers("x-amz-security-token").map(str::to_owned);
        Ok(scope.claims(
            time,
            signed_headers,
            signature,
            session_token,
            Place::Header,
        ))
    }

    fn of_query(query: &Query, now: SystemTime) -> Result<Self, ApiError> {
        let parameter = |name: &str| {
            query.get(name).ok_or_else(|| {
                ApiError::incomplete_signature(format!("the query lacks the parameter {name}"))
            })
        };
        if parameter("X-Amz-Algorithm")? != ALGORITHM {
            return Err(wrong_algorithm());
        }
        let scope = Scope::parse(parameter("X-Amz-Credential")?)?;
        let signed_headers = signed_headers(parameter("X-Amz-SignedHeaders")?)?;
        let signature = parameter("X-Amz-Signature")?.to_owned();
        let expires = parameter("X-Amz-Expires")?.parse::<u64>().ok();
        let expires = expires
            .filter(|seconds| (1..=MAX_EXPIRES).contains(seconds))
            .ok_or_else(|| {
                ApiError::incomplete_signature("X-Amz-Expires must be 1 to 604800 seconds")
            })?;
        let expires = Duration::from_secs(expires);
        let time = scope.time(parameter("X-Amz-Date")?)?;
        let age = skew(now, time);
        if age > expires {
            return Err(ApiError::invalid_signature("the request is expired"));
        }
        if -age > MAX_SKEW {
            return Err(ApiError::invalid_signature(
                "the date of the request is in the future",
            ));
        }
        let session_token = query.get(SECURITY_TOKEN).map(str::to_owned);
        let place = Place::Query { expires };
        Ok(scope.claims(time, signed_headers, signature, session_token, place))
    }
}

/// The parts of a `Credential`.
struct Scope<'a> {
    access_key_id: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
}

impl<'a> Scope<'a> {
    fn parse(credential: &'a str) -> Result<Self, ApiError> {
        // From the end: an access key id may hold anything.
        let mut parts = credential.rsplitn(5, '/');
        let mut next = || {
            parts
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
        Ok(Self {
            access_key_id,
            date,
            region,
            service,
        })
    }

    /// The time of the request, which must be of the day of the scope.
    fn time(&self, text: &str) -> Result<OffsetDateTime, ApiError> {
        let format = format_description!("[year][month][day]T[hour][minute][second]Z");
        let time = PrimitiveDateTime::parse(text, format).map_err(|_| {
            ApiError::incomplete_signature("X-Amz-Date is not an ISO 8601 basic date")
        })?;
        if !text.starts_with(self.date) || self.date.len() != 8 {
            return Err(ApiError::invalid_signature(
                "the date of the scope is not that of X-Amz-Date",
            ));
        }
        Ok(time.assume_utc())
    }

    fn claims(
        self,
        time: OffsetDateTime,
        signed_headers: Vec<String>,
        signature: String,
        session_token: Option<String>,
        place: Place,
    ) -> Claims {
        Claims {
            access_key_id: self.access_key_id.to_owned(),
            region: self.region.to_owned(),
            service: self.service.to_owned(),
            time: time.into(),
            signed_headers,
            signature,
            session_token,
            place,
        }
    }
}

/// How much later than the request it is.
fn skew(now: SystemTime, time: OffsetDateTime) -> time::Duration {
    OffsetDateTime::from(now) - time
}

fn signed_headers(text: &str) -> Result<Vec<String>, ApiError> {
    let names: Vec<String> = text.split(';').map(str::to_owned).collect();
    if names.iter().any(|name| name == "host") {
        Ok(names)
    } else {
        Err(ApiError::incomplete_signature(
            "host must be a signed header",
        ))
    }
}

fn wrong_algorithm() -> ApiError {
    ApiError::incomplete_signature("the signing algorithm must be AWS4-HMAC-SHA256")
}
