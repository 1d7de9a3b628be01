//! Every error of the SDK as a cause, once for all operations, by its code. The service is known
//! to send codes that its model does not have, so types of the SDK are not matched.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_chimesdkidentity::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_chimesdkidentity::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use domain::input::Input;
use domain::{Cause, CredentialsProblem, Failure, NoConnection, Operation};

use super::clock::{ahead, is_about_time};
use super::observe::{request_id, seen};
use super::reach::{chain, find, reason};

/// Takes an answer, or says what its error means. Logs the error; nobody else does.
pub(super) fn answer<I, T, E>(result: Result<T, SdkError<E, HttpResponse>>) -> Result<T, Failure>
where
    I: Input,
    E: Error + ProvideErrorMetadata + 'static,
{
    result.map_err(|error| classify(I::OPERATION, &error))
}

/// Like [`answer`], for a page of a list. AWS refuses an expired token like any other bad value,
/// but the remedy is another one.
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

/// Why the account could not be told, for the one call that is none of Chime SDK Identity.
pub(super) fn of_account<E>(error: &SdkError<E, HttpResponse>) -> Failure
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let cause = match cause(false, error) {
        cause @ (Cause::AwsCredentials(_)
        | Cause::NotConnected(_)
        | Cause::AwsUnavailable
        | Cause::Throttled) => cause,
        // The call asks only whose credentials they are, so any other refusal is about the
        // credentials.
        _ => Cause::AwsCredentials(CredentialsProblem::Refused),
    };
    let mut failure = Failure::from(cause);
    failure.trace.aws_request = error.request_id().and_then(request_id);
    log(&failure, "GetCallerIdentity", error);
    failure
}

fn classify<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let cause = cause(operation.effect().is_write(), error);
    let mut failure = Failure::from(cause).during(operation);
    failure.trace.aws_request = error.request_id().and_then(request_id);
    log(&failure, operation.name(), error);
    failure
}

fn log<E>(failure: &Failure, operation: &str, error: &SdkError<E, HttpResponse>)
where
    E: Error + ProvideErrorMetadata + 'static,
{
    // Messages of AWS repeat what was sent (names, ARNs with user ids), so they are left out;
    // errors of the connection cannot hold any of it.
    let connection = matches!(error, SdkError::DispatchFailure(_)).then(|| chain(error));
    tracing::warn!(
        operation,
        cause = failure.cause.code(),
        code = error.code(),
        aws_request = failure.trace.aws_request,
        connection,
        "a call to AWS failed"
    );
}

/// The one place that says how a call ended. Only the wire tells what was sent: an error describes
/// the last attempt and says nothing of those before.
fn cause<E>(is_write: bool, error: &SdkError<E, HttpResponse>) -> Cause
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let unanswered = if is_write {
        Cause::OutcomeUnknown
    } else {
        Cause::AwsUnavailable
    };
    let wire = seen();
    let cause = match error {
        SdkError::ServiceError(service) => of_answer(error, service.raw(), unanswered),
        _ if lacks_credentials(error) => Cause::AwsCredentials(CredentialsProblem::Missing),
        // A value that no address can be made of; mostly an empty id.
        SdkError::ConstructionFailure(_) => Cause::Rejected,
        _ if wire.as_ref().is_some_and(|wire| !wire.connected()) => {
            Cause::NotConnected(reason(error))
        }
        _ => unanswered,
    };
    // An attempt that was sent and not answered may have been carried out. The answer to a later
    // attempt says nothing about it, unless AWS rejects a value: then it rejected it in the earlier
    // attempt too.
    let may_be_made = is_write && wire.is_some_and(|wire| wire.unanswered());
    if may_be_made && cause != Cause::Rejected {
        return Cause::OutcomeUnknown;
    }
    cause
}

/// Whether there were no credentials to sign with.
fn lacks_credentials<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: Error + 'static,
{
    // The source of the credentials may also take too long; the SDK has no public type for that.
    find::<CredentialsError>(error).is_some() || {
        let is_late = matches!(error, SdkError::TimeoutError(_))
            || chain(error).contains("identity resolver timed out");
        is_late && seen().is_some_and(|wire| !wire.tried())
    }
}

fn of_answer<E>(
    error: &SdkError<E, HttpResponse>,
    answer: &HttpResponse,
    unanswered: Cause,
) -> Cause
where
    E: ProvideErrorMetadata,
{
    if is_about_time(error.code(), error.message()) {
        return Cause::AwsCredentials(CredentialsProblem::Clock(ahead(answer)));
    }
    let status = answer.status().as_u16();
    by_code(error.code()).unwrap_or_else(|| by_status(status, error.code(), unanswered))
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
        | "InvalidToken"
        | "InvalidAccessKeyId"
        | "AuthFailure"
        | "OptInRequired"
        | "NotAuthorized" => Cause::AwsCredentials(CredentialsProblem::Refused),
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => {
            Cause::AwsCredentials(CredentialsProblem::Expired)
        }
        _ => return None,
    })
}

/// For answers without a code that we know, such as the page of a proxy.
fn by_status(status: u16, code: Option<&str>, unanswered: Cause) -> Cause {
    match status {
        429 => Cause::Throttled,
        // A gateway answers like this for a request that it passed on.
        500.. => unanswered,
        // A code that is new to us can mean anything.
        _ if code.is_some() => Cause::Internal,
        400 | 413 | 422 => Cause::Rejected,
        401 => Cause::AwsCredentials(CredentialsProblem::Refused),
        // AWS has no such status: a proxy that wants to know who asks, and passed nothing on.
        407 => Cause::NotConnected(NoConnection::Proxy),
        403 => Cause::Forbidden,
        404 => Cause::NotFound,
        409 => Cause::Conflict,
        _ => Cause::Internal,
    }
}
