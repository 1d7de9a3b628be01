//! The runner of this process: takes the leases of jobs that nobody works on, and works on them, a few
//! rows after another.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::plan::Why;
use domain::{Failure, JobId, JobState, RowState, Timestamp};
use sqlx::Row as _;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::batch::Halt;
use super::item::text;
use super::lease::{Lease, holds};
use super::worker::Worker;
use super::{Jobs, retry};
use crate::audit::Outcome;
use crate::store::within;

/// How often jobs are looked for that nobody works on.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often a lease is renewed: three times while it lasts.
const RENEW_EVERY: Duration = Duration::from_secs(5);
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
    pub fn begin(&self) {
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

impl Worker {
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
