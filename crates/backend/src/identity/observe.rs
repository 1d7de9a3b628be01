//! What happened on the wire during one call: the request id, and whether an attempt was sent and
//! never answered. The SDK tells the first only with errors and the second not at all.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
    FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use metrics::counter;

use super::classify::never_sent;
use crate::measure::AWS_THROTTLES;

tokio::task_local! {
    static OBSERVED: Arc<Observed>;
}

/// What happened on the wire.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    request: Mutex<Option<String>>,
    waiting: AtomicBool,
    unanswered: AtomicBool,
}

impl Observed {
    /// The request id of the last answer.
    pub(crate) fn request(&self) -> Option<String> {
        let request = self.request.lock();
        request.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether an attempt was sent and never answered: it may have been carried out, so that a
    /// refusal of the next attempt may be its echo.
    pub(crate) fn unanswered(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed)
    }
}

/// Runs a call and tells what happened on the wire.
pub(crate) async fn observed<F: Future>(call: F) -> (F::Output, Arc<Observed>) {
    let observed = Arc::new(Observed::default());
    let output = OBSERVED.scope(Arc::clone(&observed), call).await;
    (output, observed)
}

/// A request id as AWS writes them, or nothing: it is shown on pages.
pub(super) fn request_id(text: &str) -> Option<String> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let good = (1..=64).contains(&text.len()) && text.bytes().all(allowed);
    good.then(|| text.to_owned())
}

/// The hooks in the client that fill [`Observed`].
#[derive(Debug)]
pub(super) struct Observer;

fn note(note: impl FnOnce(&Observed)) {
    // Outside of a task, as in some tests, there is nobody to tell.
    let _ = OBSERVED.try_with(|observed| note(observed));
}

impl Intercept for Observer {
    fn name(&self) -> &'static str {
        "Observer"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        note(|observed| observed.waiting.store(true, Ordering::Relaxed));
        Ok(())
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.response().status().as_u16() == 429 {
            counter!(AWS_THROTTLES).increment(1);
        }
        let id = context.response().headers().get("x-amzn-requestid");
        note(|observed| {
            observed.waiting.store(false, Ordering::Relaxed);
            let mut request = observed
                .request
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *request = id.and_then(request_id);
        });
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let refused = context
            .output_or_error()
            .and_then(Result::err)
            .and_then(|error| error.as_connector_error())
            .is_some_and(|error| never_sent(error));
        note(|observed| {
            if observed.waiting.swap(false, Ordering::Relaxed) && !refused {
                observed.unanswered.store(true, Ordering::Relaxed);
            }
        });
        Ok(())
    }
}
