//! When sessions were last used, on its way into the database.
//!
//! The answer to a request must not wait for, or fail with, the note that its session was used. So
//! uses are written beside the answers, some sessions at a time, and tried again for as long as the
//! database cannot be written. A use that is not written yet counts already.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::background::Background;
use crate::store::{Store, within};

/// The most uses that wait to be written. One more is left to the next request of its session.
const MOST: usize = 10_000;
/// The most uses of one transaction, so that other writes get their turn soon.
const AT_A_TIME: usize = 200;
/// How long to leave the database alone after it could not be written.
const REST: Duration = Duration::from_secs(5);

/// A use of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use {
    /// When.
    pub(super) at: i64,
    /// When the session ends unless it is used again.
    pub(super) idle_until: i64,
}

/// Uses that are not in the database yet. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    store: Store,
    background: Background,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    /// By the key of the session; a later use takes the place of an earlier one.
    uses: HashMap<String, Use>,
    /// Whether a task is at work that writes them.
    is_writing: bool,
}

impl Seen {
    pub(super) fn new(store: Store, background: Background) -> Self {
        Self {
            store,
            background,
            inner: Arc::default(),
        }
    }

    /// The last use that is not written yet.
    pub(super) fn of(&self, key: &str) -> Option<Use> {
        self.lock().uses.get(key).copied()
    }

    /// All of them, by the keys of their sessions.
    pub(super) fn all(&self) -> HashMap<String, Use> {
        self.lock().uses.clone()
    }

    /// Keeps a use to be written. Never waits.
    pub(super) fn note(&self, key: String, used: Use) {
        let mut inner = self.lock();
        if inner.uses.len() >= MOST && !inner.uses.contains_key(&key) {
            return;
        }
        inner.uses.insert(key, used);
        if !inner.is_writing {
            inner.is_writing = true;
            drop(self.background.finish(self.clone().write()));
        }
    }

    async fn write(self) {
        while let Some(uses) = self.next() {
            if within(self.write_down(&uses)).await.is_ok() {
                let mut inner = self.lock();
                for (key, used) in &uses {
                    if inner.uses.get(key) == Some(used) {
                        inner.uses.remove(key);
                    }
                }
            } else if !self.background.rest(REST).await {
                return;
            }
        }
    }

    /// Some uses to write; nothing when all are written, and then the task has ended.
    fn next(&self) -> Option<Vec<(String, Use)>> {
        let mut inner = self.lock();
        if inner.uses.is_empty() {
            inner.is_writing = false;
            return None;
        }
        let uses = inner.uses.iter().take(AT_A_TIME);
        Some(uses.map(|(key, used)| (key.clone(), *used)).collect())
    }

    async fn write_down(&self, uses: &[(String, Use)]) -> sqlx::Result<()> {
        // On PostgreSQL one at a time: a transaction that ends several sessions locks them in
        // another order.
        let at_once = if self.store.is_shared() {
            1
        } else {
            uses.len().max(1)
        };
        for uses in uses.chunks(at_once) {
            let mut write = self.store.write().await?;
            for (key, used) in uses {
                let note = "UPDATE sessions SET idle_expires_at = $1, seen_at = $2 WHERE key = $3";
                sqlx::query(note)
                    .bind(used.idle_until)
                    .bind(used.at)
                    .bind(key)
                    .execute(write.on())
                    .await?;
            }
            write.commit().await?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
