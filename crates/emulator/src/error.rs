//! What a refused request is answered with (restJson1 errors of the service model).
//!
//! Nothing here decides *when* to refuse; the operations do.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// A refusal in the form AWS sends: the exception in `x-amzn-errortype`, its short code and a message in the body.
///
/// The header is what SDKs read. The body's `Code` is the `ErrorCode` enumeration of the model, which is the
/// exception's name without its ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) exception: String,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl ApiError {
    fn new(status: StatusCode, exception: &str, message: impl Into<String>) -> Self {
        let code = match exception {
            "UnauthorizedClientException" => "Unauthorized",
            "ThrottledClientException" => "Throttled",
            other => other.strip_suffix("Exception").unwrap_or(other),
        };
        Self {
            status,
            exception: exception.to_owned(),
            code: code.to_owned(),
            message: message.into(),
        }
    }

    /// Input that breaks a constraint of the model.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequestException", message)
    }

    /// Input outside the caller's account or Region.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "ForbiddenException", message)
    }

    /// Something that does not exist.
    ///
    /// 29 of the 30 operations do not model `NotFoundException`, and programs that use the real service report 403
    /// for an unknown user; so all of them answer 403. `DescribeAppInstanceBot` uses [`ApiError::bot_not_found`].
    pub(crate) fn missing(what: &str) -> Self {
        Self::forbidden(format!(
            "the {what} does not exist or you do not have permission to access it"
        ))
    }

    /// `DescribeAppInstanceBot` alone models `NotFoundException`.
    pub(crate) fn bot_not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NotFoundException",
            "the bot does not exist",
        )
    }

    /// A duplicate, or a client request token used again with other parameters.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "ConflictException", message)
    }

    /// More than a quota allows. It shares status 400 with `BadRequestException`.
    pub(crate) fn limit_exceeded(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "ResourceLimitExceededException",
            message,
        )
    }

    /// A rate exceeded.
    pub(crate) fn throttled() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "ThrottledClientException",
            "rate exceeded",
        )
    }

    /// The emulator itself failed.
    pub(crate) fn service_failure() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "ServiceFailureException",
            "the service failed",
        )
    }

    /// Not one of the 30 operations.
    pub(crate) fn unknown_operation() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "UnknownOperationException",
            "no operation has this method and path",
        )
    }

    /// A known path with a method that no operation has.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "UnknownOperationException",
            "no operation has this method",
        )
    }

    /// A body larger than any valid one.
    pub(crate) fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLargeException",
            "the request body is too large",
        )
    }

    /// What the HTTP library could not read, with its status.
    pub(crate) fn unreadable(status: StatusCode) -> Self {
        match status {
            StatusCode::URI_TOO_LONG | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Self::new(
                status,
                "RequestEntityTooLargeException",
                "the request line or the headers are too large",
            ),
            _ => Self::new(status, "BadRequestException", "the request is not HTTP/1.1"),
        }
    }

    /// A body that broke off, or whose framing cannot be read.
    pub(crate) fn broken_body() -> Self {
        Self::bad_request("the request body could not be read")
    }

    /// A body that did not come in time.
    pub(crate) fn too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "RequestTimeoutException",
            "the request body did not arrive in time",
        )
    }

    /// A request without a signature.
    pub(crate) fn missing_token() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "MissingAuthenticationTokenException",
            "the request has no signature",
        )
    }

    /// A signature that cannot be read.
    pub(crate) fn incomplete_signature(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "IncompleteSignatureException",
            message,
        )
    }

    /// An unknown access key, or one with the session token of another.
    pub(crate) fn unknown_access_key() -> Self {
        let message = "the security token included in the request is invalid";
        Self::new(
            StatusCode::FORBIDDEN,
            "UnrecognizedClientException",
            message,
        )
    }

    /// A signature that is wrong, too old, or made for another service or Region.
    pub(crate) fn invalid_signature(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "InvalidSignatureException", message)
    }

    /// The exception of this name, with the status that AWS gives it unless another is asked for: that of the model, or
    /// of the errors that all services have in common.
    pub(crate) fn named(exception: &str, status: Option<u16>) -> Self {
        // AWS writes the common ones with the ending here and without it there.
        let usual = match exception.strip_suffix("Exception").unwrap_or(exception) {
            "UnauthorizedClient" => StatusCode::UNAUTHORIZED,
            "AccessDenied"
            | "ExpiredToken"
            | "Forbidden"
            | "InvalidClientTokenId"
            | "InvalidSignature"
            | "MissingAuthenticationToken"
            | "OptInRequired"
            | "SignatureDoesNotMatch"
            | "UnrecognizedClient" => StatusCode::FORBIDDEN,
            "NotFound" | "UnknownOperation" => StatusCode::NOT_FOUND,
            "RequestTimeout" => StatusCode::REQUEST_TIMEOUT,
            "Conflict" => StatusCode::CONFLICT,
            "RequestEntityTooLarge" => StatusCode::PAYLOAD_TOO_LARGE,
            "ThrottledClient" | "TooManyRequests" => StatusCode::TOO_MANY_REQUESTS,
            "InternalFailure" | "InternalServerError" | "ServiceFailure" => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            "ServiceUnavailable" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        let asked = status.and_then(|status| StatusCode::from_u16(status).ok());
        Self::new(
            asked.unwrap_or(usual),
            exception,
            "injected by the emulator",
        )
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(error = %error, "the emulator's database failed");
        Self::service_failure()
    }
}

impl ApiError {
    /// The JSON that says it.
    pub(crate) fn body(&self) -> String {
        serde_json::json!({ "Code": self.code, "Message": self.message }).to_string()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let content_type = [(header::CONTENT_TYPE, "application/json")];
        let mut response = (self.status, content_type, self.body()).into_response();
        if let Ok(name) = HeaderValue::from_str(&self.exception) {
            response.headers_mut().insert("x-amzn-errortype", name);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_code_is_the_models_error_code() {
        for (exception, status, code) in [
            ("BadRequestException", 400, "BadRequest"),
            (
                "ResourceLimitExceededException",
                400,
                "ResourceLimitExceeded",
            ),
            ("UnauthorizedClientException", 401, "Unauthorized"),
            ("ForbiddenException", 403, "Forbidden"),
            ("NotFoundException", 404, "NotFound"),
            ("ConflictException", 409, "Conflict"),
            ("ThrottledClientException", 429, "Throttled"),
            ("ServiceFailureException", 500, "ServiceFailure"),
            ("ServiceUnavailableException", 503, "ServiceUnavailable"),
        ] {
            let error = ApiError::named(exception, None);
            assert_eq!((error.status.as_u16(), error.code.as_str()), (status, code));
        }
    }

    #[test]
    fn an_error_of_all_services_has_its_own_status() {
        for (exception, status) in [
            ("AccessDenied", 403),
            ("AccessDeniedException", 403),
            ("ExpiredToken", 403),
            ("ExpiredTokenException", 403),
            ("MissingAuthenticationToken", 403),
            ("MissingAuthenticationTokenException", 403),
            ("UnrecognizedClientException", 403),
            ("IncompleteSignature", 400),
            ("ThrottlingException", 400),
            ("ValidationException", 400),
            ("InternalFailure", 500),
        ] {
            assert_eq!(
                ApiError::named(exception, None).status,
                status,
                "{exception}"
            );
        }
        let odd = ApiError::named("AccessDeniedException", Some(400));
        assert_eq!(
            (odd.status.as_u16(), odd.code.as_str()),
            (400, "AccessDenied")
        );
    }

    #[test]
    fn the_exception_travels_in_the_header() {
        let response = ApiError::missing("app instance").into_response();

        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert_eq!(response.headers()["x-amzn-errortype"], "ForbiddenException");
    }
}
