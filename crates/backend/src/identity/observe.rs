//! What happened on the wire during one call: the request id, whether there was a connection to
//! send an attempt over, and whether one that was sent was never answered. The SDK tells the first
//! only with errors and the others not at all. Nothing else may decide what was sent.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connection::CaptureSmithyConnection;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
    FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use hyper_util::client::legacy::Error as ClientError;
use metrics::counter;

use super::reach::find;
use crate::measure::AWS_THROTTLES;

tokio::task_local! {
    static OBSERVED: Arc<Observed>;
}

/// What happened on the wire.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    request: Mutex<Option<String>>,
    /// The connection of an attempt that is under way, once there is one. The SDK does not call its
    /// hooks for an attempt that the timeout of the whole call ends.
    open: Mutex<Option<CaptureSmithyConnection>>,
    tried: AtomicBool,
    answered: AtomicBool,
    unanswered: AtomicBool,
    throttled: AtomicBool,
}

impl Observed {
    /// The request id of the last answer.
    pub(crate) fn request(&self) -> Option<String> {
        let request = self.request.lock();
        request.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether an attempt was begun. That needs credentials, so they were there.
    pub(crate) fn tried(&self) -> bool {
        self.tried.load(Ordering::Relaxed)
    }

    /// Whether any part of an attempt can have been sent: there was a connection.
    pub(crate) fn connected(&self) -> bool {
        self.answered.load(Ordering::Relaxed) || self.unanswered()
    }

    /// Whether an attempt was sent and never answered: it may have been carried out, so that a
    /// refusal of the next attempt may be its echo.
    pub(crate) fn unanswered(&self) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        self.unanswered.load(Ordering::Relaxed) || open.as_ref().is_some_and(is_made)
    }

    /// Whether AWS answered an attempt with 429.
    pub(crate) fn throttled(&self) -> bool {
        self.throttled.load(Ordering::Relaxed)
    }

    fn begin(&self, connection: Option<CaptureSmithyConnection>) {
        self.tried.store(true, Ordering::Relaxed);
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }

    fn end(&self) -> Option<CaptureSmithyConnection> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.take()
    }
}

fn is_made(connection: &CaptureSmithyConnection) -> bool {
    connection.get().is_some()
}

/// Runs a call and tells what happened on the wire.
pub(crate) async fn observed<F: Future>(call: F) -> (F::Output, Arc<Observed>) {
    let observed = Arc::new(Observed::default());
    let output = OBSERVED.scope(Arc::clone(&observed), call).await;
    (output, observed)
}

/// What was seen of the call that runs now; `None` outside of [`observed`], as in some tests.
pub(super) fn seen() -> Option<Arc<Observed>> {
    OBSERVED.try_with(Arc::clone).ok()
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
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Put there by the SDK for each attempt, and filled by its client once it has a connection
        // on which requests can be sent: named, reached, encrypted, let through by proxies.
        let connection = config.load::<CaptureSmithyConnection>().cloned();
        note(|observed| observed.begin(connection));
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
            note(|observed| observed.throttled.store(true, Ordering::Relaxed));
        }
        let id = context.response().headers().get("x-amzn-requestid");
        note(|observed| {
            observed.end();
            observed.answered.store(true, Ordering::Relaxed);
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
        // A kept connection that had been closed is given up unused, and a new one not made.
        let gave_up = context
            .output_or_error()
            .and_then(Result::err)
            .and_then(|error| error.as_connector_error())
            .and_then(|error| find::<ClientError>(error))
            .is_some_and(ClientError::is_connect);
        note(|observed| {
            if observed.end().as_ref().is_some_and(is_made) && !gave_up {
                observed.unanswered.store(true, Ordering::Relaxed);
            }
        });
        Ok(())
    }
}
