//! Pages of other origins that may call the API (CORS), and what they may see of an answer.
//!
//! The control plane answers no page at all.

use std::{fmt, str::FromStr, time::Duration};

use axum::http::{HeaderName, HeaderValue, Method, Uri, header};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// How long a browser may remember what it was allowed.
const REMEMBERED: Duration = Duration::from_mins(10);

/// An origin that browsers name in `Origin`, or every one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorsOrigin(HeaderValue);

/// Why a text is no origin.
#[derive(Debug, thiserror::Error)]
#[error(
    "an origin looks like https://app.example or http://localhost:3000, without a path; * is every one"
)]
pub struct NoOrigin;

impl CorsOrigin {
    fn is_every(&self) -> bool {
        self.0 == "*"
    }
}

impl fmt::Display for CorsOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.to_str().unwrap_or_default())
    }
}

impl FromStr for CorsOrigin {
    type Err = NoOrigin;

    /// As browsers write it: in small letters, without the port that the scheme has anyway, without a slash.
    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        if text == "*" {
            return Ok(Self(HeaderValue::from_static("*")));
        }
        let uri: Uri = text.parse().map_err(|_| NoOrigin)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(NoOrigin);
        };
        let usual = match scheme {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        let is_bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        if !is_bare || authority.as_str().contains(['@', '*']) || authority.host().is_empty() {
            return Err(NoOrigin);
        }
        let mut origin = format!("{scheme}://{}", authority.host());
        if let Some(port) = authority.port_u16().filter(|port| Some(*port) != usual) {
            origin = format!("{origin}:{port}");
        }
        let origin = HeaderValue::from_str(&origin.to_ascii_lowercase()).map_err(|_| NoOrigin)?;
        Ok(Self(origin))
    }
}

/// Answers preflights, and lets pages of these origins read what the API answers.
pub(crate) fn layer(origins: &[CorsOrigin]) -> CorsLayer {
    let allowed = if origins.iter().any(CorsOrigin::is_every) {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().map(|origin| origin.0.clone()))
    };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        // SDKs add headers of their own from one version to the next.
        .allow_headers(AllowHeaders::mirror_request())
        .allow_private_network(true)
        .expose_headers([
            HeaderName::from_static("x-amzn-requestid"),
            HeaderName::from_static("x-amzn-errortype"),
            // SDKs correct their clock by it.
            header::DATE,
            header::RETRY_AFTER,
        ])
        .max_age(REMEMBERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_browsers_write_it() {
        for (text, expected) in [
            ("https://App.Example", "https://app.example"),
            ("https://app.example:443/", "https://app.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:80", "http://[::1]"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("*", "*"),
        ] {
            let origin: CorsOrigin = text.parse().unwrap();
            assert_eq!(origin.to_string(), expected);
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "app.example",
            "https://",
            "https://*.example",
            "https://app.example/page",
            "https://app.example?x",
            "https://user@app.example",
            "null",
        ] {
            assert!(text.parse::<CorsOrigin>().is_err(), "{text}");
        }
    }
}
