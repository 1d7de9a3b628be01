//! Retries when AWS asks for fewer calls. The SDK's own classifiers know neither the status 429 nor
//! the code `ThrottledClientException`, so without this neither is retried.

use std::time::Duration;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_types::retry::ErrorKind;

/// The longest wait before a retry; if AWS asks for more, the failure is shown instead.
const PATIENCE: Duration = Duration::from_secs(8);

/// Calls a 429 throttling, and waits as long as it says.
#[derive(Debug)]
pub(super) struct Throttling;

impl ClassifyRetry for Throttling {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(response) = context.response() else {
            return RetryAction::NoActionIndicated;
        };
        let header = |name: &str| response.headers().get(name);
        let named = header("x-amzn-errortype")
            .is_some_and(|kind| kind.contains("ThrottledClientException"));
        if response.status().as_u16() != 429 && !named {
            return RetryAction::NoActionIndicated;
        }
        let seconds = header("retry-after").and_then(|wait| wait.trim().parse().ok());
        match seconds.map(Duration::from_secs) {
            Some(wait) if wait > PATIENCE => RetryAction::RetryForbidden,
            Some(wait) => {
                RetryAction::retryable_error_with_explicit_delay(ErrorKind::ThrottlingError, wait)
            }
            None => RetryAction::throttling_error(),
        }
    }

    fn name(&self) -> &'static str {
        "Chime throttling"
    }
}
