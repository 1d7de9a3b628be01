//! Counts of requests and errors by operation, and of connections.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::operation::Operation;

/// Counters since the start or the last reset.
pub(crate) struct Statistics {
    requests: Vec<AtomicU64>,
    errors: Vec<AtomicU64>,
    connections: AtomicU64,
}

impl Default for Statistics {
    fn default() -> Self {
        let zeros = || Operation::ALL.iter().map(|_| AtomicU64::new(0)).collect();
        Self {
            requests: zeros(),
            errors: zeros(),
            connections: AtomicU64::new(0),
        }
    }
}

impl Statistics {
    pub(crate) fn count_request(&self, operation: Operation) {
        increment(&self.requests, operation);
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
    }

    /// The operations that were called, with their counts.
    pub(crate) fn to_json(&self) -> Value {
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
        json!({ "operations": operations, "connections": self.connections.load(Ordering::Relaxed) })
    }
}

fn increment(counters: &[AtomicU64], operation: Operation) {
    if let Some(counter) = counters.get(operation as usize) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}
