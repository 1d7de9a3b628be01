//! Some rows of a job, from the comparison with what is there to their outcomes.
//!
//! Two transactions hold it together. The first checks the rights of the owner and writes what is
//! about to be sent, in the rows and in the audit; the second writes what became of it. Between them
//! the calls are sent. Each of the transactions fails for a holder that lost the lease.

use std::time::Duration;

use domain::input::AnyInput;
use domain::plan::{Why, decide};
use domain::snapshot::{Snapshot, replaced};
use domain::{Cause, Failure, JobState, RowState, Timestamp, Verdict};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use sqlx::AnyConnection;

use super::item::{Item, Moved, text, token};
use super::lease::{Lease, holds};
use super::outcome::{Sent, Settled};
use super::worker::{ABREAST, Worker};
use super::{owner, present, retry};
use crate::access::{Act, Caller, covered, may};
use crate::audit::{Actor, Begun};
use crate::commands::Acting;
use crate::points::Point;
use crate::store::{for_rows, within};

/// Why a worker lets go of a job.
#[derive(Debug)]
pub(super) enum Halt {
    /// Somebody else holds the lease.
    Lost,
    /// The job is in another state: paused, cancelled.
    Moved,
    /// The owner may not do it now.
    Paused(Cause),
    /// It cannot go on.
    Stopped(Cause),
    /// The database did not do it; nothing is known to be lost.
    Store,
}

/// A row after the comparison.
#[expect(clippy::large_enum_variant, reason = "at most 64 at once")]
enum Compared {
    /// It is sent.
    Goes(Item),
    /// It is not.
    Ends(Moved),
}

impl Worker {
    /// Works on some rows to their end, or to the time when they are tried again.
    pub(super) async fn batch(&self, items: Vec<Item>) -> Result<(), Halt> {
        let caller = self.rights().await?;
        let (mut going, mut ended) = (Vec::new(), Vec::new());
        let compared = stream::iter(items)
            .map(|item| self.compare(&caller, item))
            .buffer_unordered(ABREAST);
        for compared in compared.collect::<Vec<_>>().await {
            match compared? {
                Compared::Goes(item) => going.push(item),
                Compared::Ends(moved) => ended.push(moved),
            }
        }
        let going = self.intend(going, ended).await?;
        let sent: Vec<Settled> = stream::iter(going)
            .map(|item| self.send(&caller, item))
            .buffer_unordered(ABREAST)
            .collect()
            .await;
        self.reach(Point::CallsAnswered).await;
        self.settle(&sent).await?;
        self.judge(&sent)
    }

    /// Where a test can hold a job, and end its process.
    async fn reach(&self, point: Point) {
        self.jobs.0.store.points().reach(point).await;
    }

    /// The present rights of the owner, for reads.
    pub(super) async fn rights(&self) -> Result<Caller, Halt> {
        let now = self.jobs.now();
        let read = async {
            let mut on = self.jobs.0.store.pool().acquire().await?;
            owner::rights(&mut on, &self.lease.owner, now).await
        };
        let rights = within(read).await.map_err(|_| Halt::Store)?;
        rights.map_err(|failure| Halt::Paused(failure.cause))
    }

    pub(super) fn acting<'a>(&'a self, caller: &'a Caller) -> Acting<'a> {
        Acting {
            calls: &self.jobs.0.calls,
            caller,
            connection: &self.lease.scope.connection,
        }
    }

    /// Reads what is there once more, and decides anew. What was planned is sent only if nothing
    /// changed since. A create is its own comparison: AWS refuses it for an ID that somebody has.
    async fn compare(&self, caller: &Caller, mut item: Item) -> Result<Compared, Halt> {
        let is_begun = item.step > 0 || item.attempts > 0 || item.entry.is_some();
        if is_begun || (item.is_sure && item.creates()) {
            return Ok(Compared::Goes(item));
        }
        let reads = item.change.reads(&item.subject);
        let acting = self.acting(caller);
        let present = match present::read(acting, &item.subject, reads).await {
            Ok(present) => present,
            Err(failure) => return self.unread(&item, failure.cause).map(Compared::Ends),
        };
        let token = token(&self.lease.job, item.row).map_err(|_| Halt::Store)?;
        let decision = decide(
            &item.change,
            &item.subject,
            &present,
            &token,
            self.jobs.now(),
        );
        if decision.verdict != Verdict::Will {
            let state = match decision.verdict {
                Verdict::Skip => RowState::Skipped,
                _ => RowState::Failed,
            };
            return Ok(Compared::Ends(Moved::to(&item, state, decision.why)));
        }
        let now = present.snapshot();
        if item.is_sure && !is_as_planned(&item.before, &now) {
            let why = Some(Why::Changed);
            return Ok(Compared::Ends(Moved::to(&item, RowState::Failed, why)));
        }
        item.before = now;
        item.calls = decision.calls;
        Ok(Compared::Goes(item))
    }

    /// A row whose resource could not be read waits, unless its job cannot go on.
    fn unread(&self, item: &Item, cause: Cause) -> Result<Moved, Halt> {
        if ends_job(&cause) {
            return Err(Halt::Stopped(cause));
        }
        if !retry::is_passing(&cause) {
            let why = match cause {
                // What a scope does not have is answered as if it were not there.
                Cause::NoSuchPage => Why::NotCovered,
                cause => Why::Failed(cause),
            };
            return Ok(Moved::to(item, RowState::Failed, Some(why)));
        }
        self.note_trouble(&cause);
        let mut moved = Moved::to(item, item.state_before(), None);
        moved.not_before = later(self.jobs.now(), retry::pause(3));
        Ok(moved)
    }

    /// Writes down what is about to be sent, if the owner may do it now. Answers what may be sent.
    async fn intend(&self, items: Vec<Item>, ended: Vec<Moved>) -> Result<Vec<Item>, Halt> {
        if items.is_empty() && ended.is_empty() {
            return Ok(items);
        }
        self.reach(Point::RowsCompared).await;
        let written = async {
            let audit = self.jobs.0.calls.audit();
            let mut write = audit.write().await?;
            if !holds(write.on(), &self.lease, Some(JobState::Running)).await? {
                return Ok(Err(Halt::Moved));
            }
            let rights = owner::rights(write.on(), &self.lease.owner, self.jobs.now()).await?;
            let caller = match rights {
                Ok(caller) => caller,
                Err(failure) => return Ok(Err(Halt::Paused(failure.cause))),
            };
            let (mut going, mut ended) = (Vec::new(), ended);
            for item in items {
                match self.may(&caller, &item) {
                    Ok(()) => going.push(item),
                    Err(failure) if failure.cause == Cause::NoSuchPage => {
                        let why = Some(Why::NotCovered);
                        ended.push(Moved::to(&item, RowState::Failed, why));
                    }
                    Err(failure) => return Ok(Err(Halt::Paused(failure.cause))),
                }
            }
            let mut begun = Vec::new();
            for item in &mut going {
                item.attempts += 1;
                if item.entry.is_none() {
                    let row = audit.begun(&self.begun(item));
                    item.entry = Some(row.entry());
                    begun.push(row);
                }
            }
            intend(write.on(), &self.lease, &going).await?;
            if !begun.is_empty() {
                audit.append_rows(write.on(), begun).await?;
            }
            self.write_ends(write.on(), &ended).await?;
            self.reach(Point::IntentWritten).await;
            write.commit().await?;
            Ok(Ok(going))
        };
        let written = within(written).await.map_err(|_| Halt::Store)?;
        self.reach(Point::IntentKept).await;
        written
    }

    /// Whether the owner may make the next call of a row.
    fn may(&self, caller: &Caller, item: &Item) -> Result<(), Failure> {
        let call = item.call().ok_or(Cause::Internal)?;
        let act = Act::call(call.operation());
        let connections = self.jobs.0.calls.connections();
        let connection = connections.get(&self.lease.scope.connection);
        let connection = connection.ok_or(Cause::NoSuchPage)?;
        covered(caller, act, &self.lease.scope, call.resource().as_ref())?;
        may(caller, connection, act, self.jobs.now())
    }

    fn begun<'a>(&'a self, item: &Item) -> Begun<'a> {
        let call = item.call();
        let input = call.map(AnyInput::to_value).unwrap_or_default();
        let operation = call.map_or("", |call| call.operation().name());
        let resource = call.and_then(AnyInput::resource);
        let is_there = item.before.as_object().is_some_and(|kept| !kept.is_empty());
        let before = call
            .filter(|_| is_there)
            .map(|call| replaced(call.operation(), &input, &Kept(&item.before)));
        Begun {
            actor: Actor {
                operator: self.lease.owner.operator.as_ref(),
                username: &self.lease.owner.username,
                remote: self.lease.remote,
                request_id: &self.lease.request,
            },
            scope: &self.lease.scope,
            operation,
            instance: resource.as_ref().map(|arn| arn.instance().to_string()),
            resource: resource.map(|arn| arn.to_string()),
            input,
            before,
            job: Some(self.lease.job.to_string()),
        }
    }

    async fn send(&self, caller: &Caller, item: Item) -> Settled {
        let call = item.call().cloned();
        let (result, wire) = match call {
            Some(call) => self.jobs.0.calls.carry_out(&self.lease.scope, call).await,
            None => (Err(Cause::Internal.into()), std::sync::Arc::default()),
        };
        let sent = Sent {
            item,
            result,
            aws_request: wire.request(),
        };
        let (acting, now) = (self.acting(caller), self.jobs.now());
        sent.settle(acting, &self.lease, now, self.in_trouble())
            .await
    }

    /// Writes down what became of the calls. They cannot be taken back, so this is tried until it is
    /// done, or somebody else holds the lease.
    async fn settle(&self, sent: &[Settled]) -> Result<(), Halt> {
        if sent.is_empty() {
            return Ok(());
        }
        let mut pause = Duration::from_millis(100);
        loop {
            match self.write_outcomes(sent).await {
                Ok(true) => break,
                Ok(false) => return Err(Halt::Lost),
                Err(_) => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(5));
                }
            }
        }
        self.reach(Point::OutcomeKept).await;
        Ok(())
    }

    async fn write_outcomes(&self, sent: &[Settled]) -> Result<bool, Failure> {
        within(async {
            let audit = self.jobs.0.calls.audit();
            let mut write = audit.write().await?;
            if !holds(write.on(), &self.lease, None).await? {
                return Ok(false);
            }
            let mut moved = Vec::new();
            let mut outcomes = Vec::new();
            for settled in sent {
                moved.push(settled.moved.clone());
                if let (Some(outcome), Some(entry)) = (settled.outcome, &settled.entry) {
                    let request = settled.moved.aws_request.clone();
                    let made = settled.made.clone();
                    outcomes.push(audit.outcome(entry, outcome, request, made));
                }
            }
            self.write_ends(write.on(), &moved).await?;
            if !outcomes.is_empty() {
                audit.append_rows(write.on(), outcomes).await?;
            }
            self.reach(Point::OutcomeWritten).await;
            write.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Writes where rows are now, and counts those that came to their end.
    async fn write_ends(&self, on: &mut AnyConnection, moved: &[Moved]) -> sqlx::Result<()> {
        let mut tally = domain::Tally::default();
        for moved in moved {
            tally.count(moved.state, 1);
        }
        Moved::write(moved, on, &self.lease.job).await?;
        if tally.settled() == 0 {
            return Ok(());
        }
        let count = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
        sqlx::query(
            "UPDATE jobs SET done = done + $1, skipped = skipped + $2, failed = failed + $3, \
             unknown = unknown + $4, pace = $5 WHERE id = $6",
        )
        .bind(count(tally.done))
        .bind(count(tally.skipped))
        .bind(count(tally.failed))
        .bind(count(tally.unknown))
        .bind(self.pace(tally.settled()))
        .bind(self.lease.job.as_str())
        .execute(on)
        .await?;
        Ok(())
    }

    /// Whether the job as a whole can go on.
    fn judge(&self, sent: &[Settled]) -> Result<(), Halt> {
        for settled in sent {
            match &settled.failed {
                None => self.note_success(),
                Some(cause) if ends_job(cause) => return Err(Halt::Stopped(cause.clone())),
                Some(Cause::Forbidden) => {
                    if self.note_forbidden() >= retry::FORBIDDEN {
                        return Err(Halt::Stopped(Cause::Forbidden));
                    }
                }
                Some(cause) => self.note_trouble(cause),
            }
        }
        Ok(())
    }
}

/// Whether no other row can get through either.
const fn ends_job(cause: &Cause) -> bool {
    matches!(cause, Cause::AwsCredentials(_))
}

/// Whether everything that the plan knew is still so. What it did not read may be anything.
fn is_as_planned(planned: &Value, now: &Value) -> bool {
    let planned = planned.as_object();
    planned.is_some_and(|planned| planned.iter().all(|(name, value)| now[name] == *value))
}

async fn intend(on: &mut AnyConnection, lease: &Lease, items: &[Item]) -> sqlx::Result<()> {
    for_rows(
        on,
        "UPDATE job_items SET state = 'intent', attempts = v.column3, entry = v.column4, \
         before_values = v.column5, calls = v.column6 \
         FROM (VALUES ($1, $2, $3, $4, $5, $6)) AS v WHERE job = v.column1 AND row = v.column2",
        items,
        |statement, item| {
            statement
                .bind(lease.job.as_str())
                .bind(item.row)
                .bind(item.attempts)
                .bind(&item.entry)
                .bind(text(&item.before))
                .bind(text(&item.calls))
        },
    )
    .await
}

pub(super) fn later(now: Timestamp, wait: Duration) -> Timestamp {
    Timestamp(now.0 + i64::try_from(wait.as_millis()).unwrap_or(0))
}

/// Values that were read earlier.
struct Kept<'a>(&'a Value);

impl Snapshot for Kept<'_> {
    fn snapshot(&self) -> Value {
        self.0.clone()
    }
}
