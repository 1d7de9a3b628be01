//! What a worker remembers of its job: whether calls get through, and how fast rows come to their end.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Cause;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::lease::Lease;
use super::{Jobs, retry};

/// The most rows in a batch.
pub(super) const MOST_ROWS: usize = 64;
/// Batches at once: while the calls of one are on their way, the other is written down.
const BATCHES: usize = 2;
/// Calls of one batch at once. Both together stay below what one connection may have on its way.
pub(super) const ABREAST: usize = 16;
/// A batch takes about so long where a rate limits it, so that a pause does not wait for long.
const BATCH_TAKES: f64 = 1.0;
/// How far back the pace is measured.
const PACE_OVER: Duration = Duration::from_secs(20);

/// What works on one job.
pub(super) struct Worker {
    pub(super) jobs: Jobs,
    pub(super) lease: Lease,
    /// Tells that the lease is lost.
    pub(super) lost: Notify,
    /// Calls in a row that failed for no fault of theirs.
    trouble: AtomicU32,
    /// Calls in a row that were forbidden.
    forbidden: AtomicU32,
    settled: Mutex<VecDeque<(Instant, u64)>>,
}

impl Worker {
    pub(super) fn new(jobs: Jobs, lease: Lease) -> Self {
        Self {
            jobs,
            lease,
            lost: Notify::new(),
            trouble: AtomicU32::new(0),
            forbidden: AtomicU32::new(0),
            settled: Mutex::default(),
        }
    }

    /// Whether nothing gets through.
    pub(super) fn in_trouble(&self) -> bool {
        self.trouble.load(Ordering::Relaxed) >= retry::TROUBLE
    }

    /// A call got through.
    pub(super) fn note_success(&self) {
        self.trouble.store(0, Ordering::Relaxed);
        self.forbidden.store(0, Ordering::Relaxed);
    }

    /// A call failed for no fault of its own. AWS that asks for fewer calls is there.
    pub(super) fn note_trouble(&self, cause: &Cause) {
        if *cause != Cause::Throttled {
            self.trouble.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn note_forbidden(&self) -> u32 {
        self.forbidden.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Notes rows that came to their end, and answers how many did lately, in a thousand seconds.
    pub(super) fn pace(&self, rows: u64) -> i64 {
        let now = Instant::now();
        let mut settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        settled.push_back((now, rows));
        while settled.front().is_some_and(|(at, _)| now - *at > PACE_OVER) {
            settled.pop_front();
        }
        let Some((first, of_first)) = settled.front() else {
            return 0;
        };
        let since = (now - *first).as_millis();
        // The first ones were done before the time that is measured began.
        let rows: u64 = settled.iter().map(|(_, rows)| rows).sum::<u64>() - of_first;
        let pace = u128::from(rows) * 1_000_000 / since.max(1);
        if settled.len() < 2 {
            0
        } else {
            i64::try_from(pace).unwrap_or(i64::MAX)
        }
    }

    /// How many batches are worked on at once.
    pub(super) fn batches(&self) -> usize {
        if self.in_trouble() { 1 } else { BATCHES }
    }

    /// How many rows make a batch: as many as the present rate lets through in a short time.
    pub(super) fn rows_at_once(&self) -> usize {
        let lease = &self.lease;
        let pace = self
            .jobs
            .pace_of(lease.kind, &lease.scope, lease.instance.as_ref());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and 64"
        )]
        pace.map_or(MOST_ROWS, |pace| {
            (pace.present * BATCH_TAKES).clamp(1.0, 64.0) as usize
        })
    }
}
