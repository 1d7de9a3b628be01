//! The runner of this process: takes the leases of jobs that nobody works on, and works on them, a few
//! rows after another.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::plan::Why;
use domain::{Cause, Failure, JobId, JobState, RowState, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::batch::Halt;
use super::item::{COLUMNS, Item, text};
use super::lease::{Lease, holds};
use super::{Jobs, retry};
use crate::audit::Outcome;
use crate::store::within;

/// How often jobs are looked for that nobody works on.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often a lease is renewed: three times while it lasts.
const RENEW_EVERY: Duration = Duration::from_secs(5);
/// The most rows in a batch.
const MOST_ROWS: usize = 64;
/// Batches at once: while the calls of one are on their way, the other is written down.
const BATCHES: usize = 2;
/// Calls of one batch at once. Both together stay below what one connection may have on its way.
const ABREAST: usize = 16;
/// A batch takes about so long where a rate limits it, so that a pause does not wait for long.
const BATCH_TAKES: f64 = 1.0;
/// How far back the pace is measured.
const PACE_OVER: Duration = Duration::from_secs(20);
/// How long to wait when there is nothing to do but rows that wait.
const REST: Duration = Duration::from_millis(50);

/// What this process works on.
#[derive(Clone, Default)]
pub(super) struct Running {
    jobs: Arc<Mutex<HashSet<JobId>>>,
    wake: Arc<Notify>,
}

impl Running {
    /// Has the runner look for jobs now.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    pub(super) fn has(&self, job: &JobId) -> bool {
        self.with(|jobs| jobs.contains(job))
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashSet<JobId>) -> T) -> T {
        work(&mut self.jobs.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Takes a job out of what runs, however its task ends.
struct Entered {
    running: Running,
    job: JobId,
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.running.with(|jobs| jobs.remove(&self.job));
    }
}

impl Jobs {
    /// Begins to work on jobs, until the process stops.
    pub(crate) fn begin(&self) {
        let jobs = self.clone();
        drop(self.0.background.finish(async move {
            let mut is_going_on = true;
            while is_going_on {
                jobs.look().await;
                is_going_on = tokio::select! {
                    rested = jobs.0.background.rest(LOOK_EVERY) => rested,
                    () = jobs.0.running.wake.notified() => true,
                };
            }
        }));
    }

    /// Looks for jobs that nobody works on.
    async fn look(&self) {
        if self.0.background.is_stopping() {
            return;
        }
        let Ok(leases) = self.take_leases().await else {
            return;
        };
        for lease in leases {
            let running = self.0.running.clone();
            running.with(|jobs| jobs.insert(lease.job.clone()));
            let entered = Entered {
                running,
                job: lease.job.clone(),
            };
            let jobs = self.clone();
            drop(self.0.background.finish(async move {
                let _entered = entered;
                jobs.work(lease).await;
            }));
        }
    }

    /// Works on a job for as long as the lease holds and there is something to do.
    async fn work(&self, lease: Lease) {
        let worker = Arc::new(Worker::new(self.clone(), lease));
        let renewal = tokio::spawn(keep(Arc::clone(&worker)));
        let halt = match worker.lease.state {
            JobState::Planning => worker.plan().await,
            JobState::Running => worker.run().await,
            _ => Err(Halt::Moved),
        };
        let ended = worker.end(halt).await;
        renewal.abort();
        if ended.is_err() {
            tracing::error!(
                job = worker.lease.job.as_str(),
                "a job could not be written down"
            );
        }
        self.give_back(&worker.lease).await;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}

/// Renews a lease. Once it is lost, the worker begins nothing more.
async fn keep(worker: Arc<Worker>) {
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        if let Ok(false) = worker.jobs.renew(&worker.lease).await {
            worker.lost.notify_waiters();
            return;
        }
    }
}

/// What works on one job.
pub(super) struct Worker {
    pub(super) jobs: Jobs,
    pub(super) lease: Lease,
    lost: Notify,
    /// Calls in a row that failed for no fault of theirs.
    trouble: AtomicU32,
    /// Calls in a row that were forbidden.
    forbidden: AtomicU32,
    settled: Mutex<VecDeque<(Instant, u64)>>,
}

impl Worker {
    fn new(jobs: Jobs, lease: Lease) -> Self {
        Self {
            jobs,
            lease,
            lost: Notify::new(),
            trouble: AtomicU32::new(0),
            forbidden: AtomicU32::new(0),
            settled: Mutex::default(),
        }
    }

    /// Sends the rows of a job until none is left.
    async fn run(self: &Arc<Self>) -> Result<(), Halt> {
        let mut batches: JoinSet<(Vec<i64>, Result<(), Halt>)> = JoinSet::new();
        let mut taken = HashSet::new();
        let mut halt = None;
        loop {
            while let Some(ended) = batches.try_join_next() {
                halt = halt.or(note(ended, &mut taken));
            }
            if halt.is_none() && self.jobs.0.background.is_stopping() {
                halt = Some(Halt::Moved);
            }
            if let Some(halt) = halt {
                // What is on its way comes to its end.
                while batches.join_next().await.is_some() {}
                return Err(halt);
            }
            if batches.len() < self.batches() {
                let items = self.due(&taken).await?;
                if !items.is_empty() {
                    let rows: Vec<_> = items.iter().map(|item| item.row).collect();
                    taken.extend(&rows);
                    let worker = Arc::clone(self);
                    batches.spawn(async move {
                        let ended = Box::pin(worker.batch(items)).await;
                        (rows, ended)
                    });
                    if self.in_trouble() {
                        tokio::time::sleep(retry::PROBE).await;
                    }
                    continue;
                }
                if batches.is_empty() && !self.has_rows_left().await? {
                    return Ok(());
                }
            }
            tokio::select! {
                ended = batches.join_next(), if !batches.is_empty() => {
                    halt = ended.and_then(|ended| note(ended, &mut taken));
                }
                () = tokio::time::sleep(REST), if batches.len() < self.batches() => {}
                () = self.lost.notified() => halt = Some(Halt::Lost),
            }
        }
    }

    /// Some rows that were not planned yet, and those that cannot be read.
    pub(super) async fn new_rows(&self) -> Result<(Vec<Item>, Vec<i64>), Halt> {
        let (mut items, mut damaged) = (Vec::new(), Vec::new());
        for row in self.rows_in(RowState::New, MOST_ROWS).await? {
            match Item::read(&row) {
                Ok(Some(item)) => items.push(item),
                Ok(None) | Err(_) => damaged.push(row.try_get("row").map_err(|_| Halt::Store)?),
            }
        }
        Ok((items, damaged))
    }

    /// How many rows the job has.
    pub(super) async fn total(&self) -> Result<i64, Halt> {
        let row = sqlx::query("SELECT total FROM jobs WHERE id = $1")
            .bind(self.lease.job.as_str())
            .fetch_one(self.jobs.0.store.pool());
        let total = within(async { row.await?.try_get(0) }).await;
        total.map_err(|_| Halt::Store)
    }

    /// The rows whose turn it is: first those that got no answer.
    async fn due(&self, taken: &HashSet<i64>) -> Result<Vec<Item>, Halt> {
        let limit = if self.in_trouble() {
            1
        } else {
            self.rows_at_once()
        };
        let mut items = Vec::new();
        let mut damaged = Vec::new();
        for state in [RowState::Unanswered, RowState::Pending] {
            let left = limit - items.len();
            if left == 0 {
                break;
            }
            for row in self.rows_in(state, left + taken.len()).await? {
                let number: i64 = row.try_get("row").map_err(|_| Halt::Store)?;
                if taken.contains(&number) || items.len() == limit {
                    continue;
                }
                match Item::read(&row) {
                    Ok(Some(item)) => items.push(item),
                    Ok(None) | Err(_) => damaged.push(number),
                }
            }
        }
        if !damaged.is_empty() {
            self.give_up(&damaged).await?;
        }
        Ok(items)
    }

    async fn rows_in(&self, state: RowState, limit: usize) -> Result<Vec<AnyRow>, Halt> {
        let sql = format!(
            "SELECT {COLUMNS} FROM job_items WHERE job = $1 AND state = $2 AND not_before <= $3 \
             ORDER BY row LIMIT $4"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(self.lease.job.as_str())
            .bind(state.name())
            .bind(self.jobs.now().0)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(self.jobs.0.store.pool());
        within(async { rows.await }).await.map_err(|_| Halt::Store)
    }

    /// Fails rows that cannot be read, since somebody changed them in the database.
    pub(super) async fn give_up(&self, rows: &[i64]) -> Result<(), Halt> {
        let why = text(&Why::Failed(Cause::Internal));
        let written = async {
            let mut write = self.jobs.0.store.write().await?;
            if !holds(write.on(), &self.lease, None).await? {
                return Ok(false);
            }
            for row in rows {
                sqlx::query(
                    "UPDATE job_items SET state = 'failed', why = $1 WHERE job = $2 AND row = $3",
                )
                .bind(&why)
                .bind(self.lease.job.as_str())
                .bind(row)
                .execute(write.on())
                .await?;
            }
            sqlx::query("UPDATE jobs SET failed = failed + $1 WHERE id = $2")
                .bind(i64::try_from(rows.len()).unwrap_or(i64::MAX))
                .bind(self.lease.job.as_str())
                .execute(write.on())
                .await?;
            write.commit().await?;
            Ok(true)
        };
        match within(written).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Halt::Lost),
            Err(_) => Err(Halt::Store),
        }
    }

    async fn has_rows_left(&self) -> Result<bool, Halt> {
        let row = sqlx::query(
            "SELECT 1 FROM job_items WHERE job = $1 \
             AND state IN ('pending', 'intent', 'unanswered') LIMIT 1",
        )
        .bind(self.lease.job.as_str())
        .fetch_optional(self.jobs.0.store.pool());
        let row = within(async { row.await }).await;
        Ok(row.map_err(|_| Halt::Store)?.is_some())
    }

    /// Writes down why the work ended.
    async fn end(&self, ended: Result<(), Halt>) -> Result<(), Failure> {
        let planned = "UPDATE jobs SET state = 'planned', planned_at = $1, reason = $2 \
             WHERE id = $3 AND epoch = $4 AND state = 'planning'";
        let done = "UPDATE jobs SET state = 'done', ended_at = $1, reason = $2, pace = 0 \
             WHERE id = $3 AND epoch = $4 AND state = 'running'";
        let paused = "UPDATE jobs SET state = 'paused', reason = $1, pace = 0 \
             WHERE id = $2 AND epoch = $3 AND state IN ('planning', 'running')";
        let stopped = "UPDATE jobs SET state = 'stopped', reason = $1, pace = 0 \
             WHERE id = $2 AND epoch = $3 AND state IN ('planning', 'running')";
        let (sql, cause) = match ended {
            Ok(()) if self.lease.state == JobState::Planning => (planned, None),
            Ok(()) => (done, None),
            Err(Halt::Paused(cause)) => (paused, Some(cause)),
            Err(Halt::Stopped(cause)) => (stopped, Some(cause)),
            Err(Halt::Moved) => return self.close_cancelled(self.jobs.now()).await,
            Err(Halt::Lost | Halt::Store) => return Ok(()),
        };
        let mut update = sqlx::query(sql);
        if cause.is_none() {
            update = update.bind(self.jobs.now().0);
        }
        let written = update
            .bind(cause.map(|cause| text(&Why::Failed(cause))))
            .bind(self.lease.job.as_str())
            .bind(self.lease.epoch)
            .execute(self.jobs.0.store.pool());
        within(written).await.map(drop)
    }

    /// If the job was cancelled: gives its outcome to each row that was begun, here and in the audit.
    async fn close_cancelled(&self, now: Timestamp) -> Result<(), Failure> {
        within(async {
            let audit = self.jobs.0.calls.audit();
            let mut write = audit.write().await?;
            if !holds(write.on(), &self.lease, Some(JobState::Cancelled)).await? {
                return Ok(());
            }
            let open = sqlx::query(
                "SELECT row, state, entry FROM job_items WHERE job = $1 \
                 AND state IN ('pending', 'unanswered')",
            )
            .bind(self.lease.job.as_str())
            .fetch_all(write.on())
            .await?;
            let mut outcomes = Vec::new();
            let (mut failed, mut unknown) = (0, 0);
            for row in open {
                let state: String = row.try_get("state")?;
                let is_unknown = state == RowState::Unanswered.name();
                let (state, outcome, count) = if is_unknown {
                    (RowState::Unknown, Outcome::Unknown, &mut unknown)
                } else {
                    let code = Why::NotReached.code();
                    (RowState::Failed, Outcome::Failed(code), &mut failed)
                };
                *count += 1;
                if let Some(entry) = row.try_get::<Option<String>, _>("entry")? {
                    outcomes.push(audit.outcome(&entry, outcome, None, None));
                }
                sqlx::query(
                    "UPDATE job_items SET state = $1, why = $2 WHERE job = $3 AND row = $4",
                )
                .bind(state.name())
                .bind(text(&Why::NotReached))
                .bind(self.lease.job.as_str())
                .bind(row.try_get::<i64, _>("row")?)
                .execute(write.on())
                .await?;
            }
            sqlx::query(
                "UPDATE jobs SET ended_at = $1, failed = failed + $2, unknown = unknown + $3, \
                 pace = 0 WHERE id = $4",
            )
            .bind(now.0)
            .bind(failed)
            .bind(unknown)
            .bind(self.lease.job.as_str())
            .execute(write.on())
            .await?;
            if !outcomes.is_empty() {
                audit.append_rows(write.on(), outcomes).await?;
            }
            write.commit().await
        })
        .await
    }

    fn batches(&self) -> usize {
        if self.in_trouble() { 1 } else { BATCHES }
    }

    pub(super) const fn abreast(&self) -> usize {
        let _ = self;
        ABREAST
    }

    /// How many rows make a batch: as many as the present rate lets through in a short time.
    fn rows_at_once(&self) -> usize {
        let lease = &self.lease;
        let pace = self.jobs.pace_of(lease.kind, &lease.scope, &lease.instance);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and 64"
        )]
        pace.map_or(MOST_ROWS, |pace| {
            (pace.present * BATCH_TAKES).clamp(1.0, 64.0) as usize
        })
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
}

/// Takes the rows of a batch back, and answers why the job cannot go on.
fn note(
    ended: Result<(Vec<i64>, Result<(), Halt>), tokio::task::JoinError>,
    taken: &mut HashSet<i64>,
) -> Option<Halt> {
    match ended {
        Ok((rows, ended)) => {
            for row in rows {
                taken.remove(&row);
            }
            ended.err()
        }
        // A panic: what it sent is unknown, and the next holder finds out.
        Err(_) => Some(Halt::Store),
    }
}

impl fmt::Debug for Jobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jobs").finish_non_exhaustive()
    }
}
