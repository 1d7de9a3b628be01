//! Counts of requests and errors by operation, and of connections; when calls came, and with which tokens.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};
use std::time::UNIX_EPOCH;

use serde_json::{Value, json};

use crate::arrivals::Arrivals;
use crate::clock::system_time;
use crate::operation::Operation;
use crate::request_tokens::RequestTokens;

/// Counters since the start or the last reset.
pub(crate) struct Statistics {
    requests: Vec<AtomicU64>,
    errors: Vec<AtomicU64>,
    connections: AtomicU64,
    /// Grows with the calls, so it is there only where somebody can ask for it.
    calls: Option<Mutex<Calls>>,
}

#[derive(Default)]
struct Calls {
    arrivals: Arrivals,
    tokens: RequestTokens,
}

/// The second in which a call came.
#[derive(Clone, Copy)]
pub(crate) struct Arrived(u64);

impl Statistics {
    /// `control_plane`: whether somebody can ask for them.
    pub(crate) fn new(control_plane: bool) -> Self {
        let zeros = || Operation::ALL.iter().map(|_| AtomicU64::new(0)).collect();
        Self {
            requests: zeros(),
            errors: zeros(),
            connections: AtomicU64::new(0),
            calls: control_plane.then(Mutex::default),
        }
    }

    pub(crate) fn count_request(&self, operation: Operation) -> Arrived {
        increment(&self.requests, operation);
        // The real time: a test that moves the clock still asks how calls were spread.
        let elapsed = system_time().duration_since(UNIX_EPOCH);
        let second = elapsed.unwrap_or_default().as_secs();
        if let Some(mut calls) = self.calls() {
            calls.arrivals.count(second, operation);
        }
        Arrived(second)
    }

    pub(crate) fn count_throttled(&self, operation: Operation, Arrived(second): Arrived) {
        if let Some(mut calls) = self.calls() {
            calls.arrivals.count_throttled(second, operation);
        }
    }

    /// Counts a call whose request names a client request token. Says whether it is the first with it; one without a
    /// token is.
    pub(crate) fn count_token(&self, token: impl FnOnce() -> Option<String>) -> bool {
        let token = self.calls.as_ref().and_then(|_| token());
        match (self.calls(), token) {
            (Some(mut calls), Some(token)) => calls.tokens.count(token),
            _ => true,
        }
    }

    pub(crate) fn count_error(&self, operation: Operation) {
        increment(&self.errors, operation);
    }

    pub(crate) fn count_connection(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn clear(&self) {
        for counter in self.requests.iter().chain(&self.errors) {
            counter.store(0, Ordering::Relaxed);
        }
        self.connections.store(0, Ordering::Relaxed);
        if let Some(mut calls) = self.calls() {
            *calls = Calls::default();
        }
    }

    /// The operations that were called, with their counts; the tokens one by one only when they are asked for.
    pub(crate) fn to_json(&self, with_tokens: bool) -> Value {
        let operations: serde_json::Map<String, Value> = Operation::ALL
            .iter()
            .zip(self.requests.iter().zip(&self.errors))
            .map(|(operation, (requests, errors))| {
                (operation, requests.load(Ordering::Relaxed), errors)
            })
            .filter(|(_, requests, _)| *requests > 0)
            .map(|(operation, requests, errors)| {
                let errors = errors.load(Ordering::Relaxed);
                (
                    operation.name().to_owned(),
                    json!({ "requests": requests, "errors": errors }),
                )
            })
            .collect();
        let connections = self.connections.load(Ordering::Relaxed);
        let mut shown = json!({ "operations": operations, "connections": connections });
        if let Some(calls) = self.calls() {
            shown["arrivals"] = calls.arrivals.to_json();
            shown["client_request_tokens"] = calls.tokens.to_json();
            if with_tokens {
                shown["client_request_tokens"]["calls"] = calls.tokens.list();
            }
        }
        shown
    }

    fn calls(&self) -> Option<MutexGuard<'_, Calls>> {
        let calls = self.calls.as_ref()?;
        Some(calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn increment(counters: &[AtomicU64], operation: Operation) {
    if let Some(counter) = counters.get(operation as usize) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nobody_can_ask_nothing_grows_with_the_calls() {
        let statistics = Statistics::new(false);

        statistics.count_request(Operation::TagResource);
        statistics.count_token(|| panic!("nobody needs the token"));

        let expected = json!({
            "operations": { "TagResource": { "requests": 1, "errors": 0 } }, "connections": 0,
        });
        assert_eq!(statistics.to_json(true), expected);
    }
}
