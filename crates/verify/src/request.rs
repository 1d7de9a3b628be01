//! A request that is not signed yet.

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// How a request is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signing {
    /// As SDKs do.
    Usual,
    /// In the query.
    Presigned,
    /// Without the body, as S3 allows.
    UnsignedPayload,
    /// With another secret.
    WrongSecret,
    /// Not at all.
    None,
}

/// A request before it is signed.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) body: String,
    pub(crate) signing: Signing,
}

impl Request {
    pub(crate) fn get(target: impl Into<String>) -> Self {
        Self::new(Method::GET, target, String::new())
    }

    pub(crate) fn delete(target: impl Into<String>) -> Self {
        Self::new(Method::DELETE, target, String::new())
    }

    pub(crate) fn post(target: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::POST, target, body.to_string())
    }

    pub(crate) fn put(target: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::PUT, target, body.to_string())
    }

    pub(crate) fn new(method: Method, target: impl Into<String>, body: String) -> Self {
        Self {
            method,
            target: target.into(),
            body,
            signing: Signing::Usual,
        }
    }

    pub(crate) fn signed(mut self, signing: Signing) -> Self {
        self.signing = signing;
        self
    }

    /// Whether the request can be sent again when its answer was lost.
    pub(crate) fn can_be_repeated(&self) -> bool {
        self.method == Method::GET
            || self.method == Method::PUT
            || self.body.contains("\"ClientRequestToken\"")
    }
}

/// A value as one label of a path, or as the value of a parameter.
pub(crate) fn label(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
