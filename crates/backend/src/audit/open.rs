//! What this process began and has not finished.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The entries that this process began and has not finished.
#[derive(Clone, Debug, Default)]
pub(super) struct Open(Arc<Mutex<HashSet<String>>>);

impl Open {
    /// Works on them.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut HashSet<String>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts an entry as begun while its row is written.
    pub(super) fn begin(&self, entry: String) -> Opening<'_> {
        self.with(|open| open.insert(entry.clone()));
        Opening { open: self, entry }
    }
}

/// An entry whose row is being written. Dropped before it is kept, it counts as begun no more.
pub(super) struct Opening<'a> {
    open: &'a Open,
    entry: String,
}

impl Opening<'_> {
    /// The row is there, and its outcome will be written.
    pub(super) fn keep(mut self) -> String {
        std::mem::take(&mut self.entry)
    }
}

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.open.with(|open| open.remove(&self.entry));
    }
}
