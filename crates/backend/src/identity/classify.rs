//! Every error of the SDK as a cause, once for all operations, by its code. The service is known
//! to send codes that its model does not have, so types of the SDK are not matched.

use std::error::Error;
use std::io;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_chimesdkidentity::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_chimesdkidentity::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use domain::input::Input;
use domain::{Cause, Failure, Operation};

use super::observe::request_id;

/// Takes an answer, or says what its error means. Logs the error; nobody else does.
pub(super) fn answer<I, T, E>(result: Result<T, SdkError<E, HttpResponse>>) -> Result<T, Failure>
where
    I: Input,
    E: Error + ProvideErrorMetadata + 'static,
{
    result.map_err(|error| classify(I::OPERATION, &error))
}

/// Like [`answer`], for a page of a list. A token that AWS no longer takes is refused like any
/// other bad value, and has another remedy.
pub(super) fn page<I, T, E>(
    token: Option<&str>,
    result: Result<T, SdkError<E, HttpResponse>>,
) -> Result<T, Failure>
where
    I: Input,
    E: Error + ProvideErrorMetadata + 'static,
{
    answer::<I, _, _>(result).map_err(|mut failure| {
        if token.is_some() && failure.cause == Cause::Rejected {
            failure.cause = Cause::StaleCursor;
        }
        failure
    })
}

fn classify<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let cause = cause(operation, error);
    let mut failure = Failure::from(cause).during(operation);
    failure.trace.aws_request = error.request_id().and_then(request_id);
    log(&failure, operation, error);
    failure
}

fn log<E>(failure: &Failure, operation: Operation, error: &SdkError<E, HttpResponse>)
where
    E: Error + ProvideErrorMetadata + 'static,
{
    // Messages of AWS repeat what was sent (names, ARNs with user ids), so they are left out;
    // errors of the connection cannot hold any of it.
    let connection = matches!(error, SdkError::DispatchFailure(_)).then(|| chain(error));
    tracing::warn!(
        operation = operation.name(),
        cause = failure.cause.code(),
        code = error.code(),
        aws_request = failure.trace.aws_request,
        connection,
        "a call to AWS failed"
    );
}

fn cause<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> Cause
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let unanswered = if operation.effect().is_write() {
        Cause::OutcomeUnknown
    } else {
        Cause::AwsUnavailable
    };
    match error {
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            by_code(error.code()).unwrap_or_else(|| by_status(status, error.code(), unanswered))
        }
        _ if find::<CredentialsError>(error).is_some() => Cause::AwsCredentials,
        // A value of which no address can be made, an empty id above all. Nothing was sent.
        SdkError::ConstructionFailure(_) => Cause::Rejected,
        SdkError::DispatchFailure(_) if never_sent(error) => Cause::AwsUnavailable,
        _ => unanswered,
    }
}

/// The nine exceptions of the model, then what AWS front ends send besides.
fn by_code(code: Option<&str>) -> Option<Cause> {
    Some(match code? {
        "BadRequestException"
        | "ValidationException"
        | "SerializationException"
        | "InvalidParameterException"
        | "InvalidParameterValue"
        | "UnprocessableEntityException" => Cause::Rejected,
        "ConflictException" => Cause::Conflict,
        "ForbiddenException" | "AccessDeniedException" | "AccessDenied" => Cause::Forbidden,
        "NotFoundException" | "ResourceNotFoundException" => Cause::NotFound,
        "ResourceLimitExceededException" | "ServiceQuotaExceededException" => Cause::LimitReached,
        "ServiceFailureException"
        | "ServiceUnavailableException"
        | "ServiceUnavailable"
        | "InternalFailure"
        | "InternalServerError"
        | "InternalServerException" => Cause::AwsUnavailable,
        "ThrottledClientException"
        | "ThrottlingException"
        | "Throttling"
        | "TooManyRequestsException"
        | "RequestLimitExceeded" => Cause::Throttled,
        "UnauthorizedClientException"
        | "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "InvalidClientTokenId"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "RequestExpired"
        | "OptInRequired"
        | "NotAuthorized" => Cause::AwsCredentials,
        _ => return None,
    })
}

/// For answers without a code that we know, such as the page of a proxy.
fn by_status(status: u16, code: Option<&str>, unanswered: Cause) -> Cause {
    match status {
        429 => Cause::Throttled,
        // A gateway answers so for a request that it passed on.
        500.. => unanswered,
        // A code that is new to us can mean anything.
        _ if code.is_some() => Cause::Internal,
        400 | 413 | 422 => Cause::Rejected,
        401 => Cause::AwsCredentials,
        403 => Cause::Forbidden,
        404 => Cause::NotFound,
        409 => Cause::Conflict,
        _ => Cause::Internal,
    }
}

/// Whether a request cannot have reached AWS, because no connection was made.
pub(super) fn never_sent(error: &(dyn Error + 'static)) -> bool {
    let refused = find::<io::Error>(error).is_some_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::ConnectionRefused
                | io::ErrorKind::HostUnreachable
                | io::ErrorKind::NetworkUnreachable
        )
    });
    // The errors of name lookup and of the time for connecting have no public types.
    refused || {
        let text = chain(error);
        text.contains("dns error") || text.contains("HTTP connect timeout")
    }
}

fn sources<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    sources(error).find_map(|error| error.downcast_ref())
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let texts: Vec<_> = sources(error).map(ToString::to_string).collect();
    texts.join(": ")
}
