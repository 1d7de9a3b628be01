//! Making a job: its rows first, and then the job, so that no runner sees half of one.

use domain::arn::AppInstanceArn;
use domain::event::ConsoleEvent;
use domain::plan::{Change, Subject, Why};
use domain::{Cause, ConnectionId, Failure, JobId, JobKind, Region, RowState, Verdict};
use serde_json::{Value, json};
use sqlx::{AnyConnection, Row as _};

use super::item::text;
use super::{Around, Jobs, Owner};
use crate::access::{Act, Caller, OperatorId, Origin, covers};
use crate::audit::Actor;
use crate::random;
use crate::store::{for_rows, holdable, within};

/// How many rows are written in one transaction, so that others get their turn in between.
const AT_ONCE: usize = 1000;

/// A row of a job as it is asked for.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line of the file that says it.
    pub line: Option<u64>,
    /// What is wanted.
    pub wanted: Wanted,
}

/// What a row wants.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "at most a thousand at once")]
pub enum Wanted {
    /// A change of a resource.
    Change(Subject, Change),
    /// Nothing that can be done: what it names, and why not. It is counted and shown like the
    /// others.
    Refused(String, Why),
}

/// How much is kept of what a refused row names.
const NAMED: usize = 256;

/// A job as it is asked for.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    /// What it does.
    pub kind: JobKind,
    /// The connection.
    pub connection: &'a ConnectionId,
    /// What is around all rows.
    pub around: Around<'a>,
    /// Whose rights it acts with.
    pub owner: Owner,
    /// Where it was asked for.
    pub origin: Origin,
    /// What was asked for, for people to read. Holds no secret.
    pub input: Value,
    /// SHA-256 of the file that it is made from.
    pub source: Option<String>,
}

/// A job whose rows are being written. Until it is finished it is in no list, and no runner sees it.
#[must_use]
pub struct Making {
    jobs: Jobs,
    id: JobId,
    noted: Noted,
    rows: Vec<Row>,
    written: i64,
    refused: i64,
}

/// What the audit has of it once it is finished.
struct Noted {
    owner: Owner,
    origin: Origin,
    kind: JobKind,
    region: Region,
    instance: Option<AppInstanceArn>,
}

impl Noted {
    fn around(&self) -> Around<'_> {
        let instance = self.instance.as_ref();
        instance.map_or(Around::Region(self.region), Around::Instance)
    }
}

impl Jobs {
    /// Whether an operator may make such a plan: what it would do needs a role, and the AppInstance is in
    /// their scope, or of a Region a part of it. Whether a row is in it, is asked for each. The audit has it
    /// when they may not. The proof is asked for when it is run.
    pub async fn may_plan(
        &self,
        caller: &Caller,
        kind: JobKind,
        connection: &ConnectionId,
        around: Around<'_>,
    ) -> Result<(), Failure> {
        let caller = self.0.calls.access().still(caller).await?;
        let is_inside = match around {
            Around::Instance(arn) => covers(&caller, &connection.scope(arn.region()), Some(arn)),
            Around::Region(region) => caller.grant.touches(connection, region),
        };
        if !is_inside {
            return Err(Cause::NoSuchPage.into());
        }
        let connection = self.0.calls.connections().get(connection);
        let connection = connection.ok_or(Cause::NoSuchPage)?;
        let operations = kind.operations().iter();
        let refused = operations
            .map(|operation| Act::call(*operation))
            .find_map(|act| {
                if caller.role < act.role() {
                    return Some(Cause::RoleNeeded(act.role()));
                }
                connection.read_only.then_some(Cause::ReadOnly)
            });
        let Some(cause) = refused else {
            return Ok(());
        };
        let failure = Failure::from(cause);
        let actor = Actor::from(&caller);
        let detail = around.noted(json!({ "Kind": kind.name() }));
        let audit = self.0.calls.audit();
        let event = ConsoleEvent::PlanJob;
        audit.note_refusal(&actor, event, detail, &failure).await?;
        Err(failure)
    }

    /// Begins to make a job. Give it its rows, and then [`Making::finish`] it.
    pub async fn make(&self, new: NewJob<'_>) -> Result<Making, Failure> {
        let id: JobId = random::id().parse().map_err(|_| Cause::Internal)?;
        // No two of one time, so that a list can go on after any.
        let newest = sqlx::query("SELECT COALESCE(MAX(created_at), 0) FROM jobs")
            .fetch_one(self.0.store.pool());
        let newest: i64 = within(async { newest.await?.try_get(0) }).await?;
        let made = sqlx::query(
            "INSERT INTO jobs (id, kind, connection, region, instance, operator, username, \
             request, remote, input, source, state, epoch, lease_until, created_at, total, will, \
             skip, cannot, unsure, calls, done, skipped, failed, unknown, pace) VALUES ($1, $2, \
             $3, $4, $5, $6, $7, $8, $9, $10, $11, 'making', 0, 0, $12, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
             0, 0)",
        )
        .bind(id.as_str())
        .bind(new.kind.name())
        .bind(new.connection.as_str())
        .bind(new.around.region().as_str())
        .bind(new.around.text())
        .bind(new.owner.operator.as_ref().map(OperatorId::as_str))
        .bind(&new.owner.username)
        .bind(&new.origin.request_id)
        .bind(new.origin.remote.map(|remote| remote.to_string()))
        .bind(holdable(&new.input.to_string()).into_owned())
        .bind(&new.source)
        .bind(self.0.clock.now().0.max(newest + 1))
        .execute(self.0.store.pool());
        within(made).await?;
        Ok(Making {
            jobs: self.clone(),
            id,
            noted: Noted {
                owner: new.owner,
                origin: new.origin,
                kind: new.kind,
                region: new.around.region(),
                instance: new.around.instance().cloned(),
            },
            rows: Vec::new(),
            written: 0,
            refused: 0,
        })
    }
}

impl Making {
    /// Adds a row.
    pub async fn add(&mut self, row: Row) -> Result<(), Failure> {
        self.refused += i64::from(matches!(row.wanted, Wanted::Refused(..)));
        self.rows.push(row);
        if self.rows.len() < AT_ONCE {
            return Ok(());
        }
        self.write().await
    }

    async fn write(&mut self) -> Result<(), Failure> {
        let rows = std::mem::take(&mut self.rows);
        let (job, first) = (&self.id, self.written + 1);
        within(async {
            let mut write = self.jobs.0.store.write().await?;
            let numbered: Vec<_> = (first..).zip(&rows).collect();
            insert(write.on(), job, &numbered).await?;
            write.commit().await
        })
        .await?;
        self.written += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        Ok(())
    }

    /// The AppInstance around its rows; nothing for several.
    pub const fn instance(&self) -> Option<&AppInstanceArn> {
        self.noted.instance.as_ref()
    }

    /// Takes away what was written.
    pub async fn give_up(self) {
        if self.jobs.forget(self.id.as_str()).await.is_err() {
            tracing::warn!("a job that was not finished is taken away later");
        }
    }

    /// Ends with the rows that were added, or keeps nothing when they could not all be.
    pub(super) async fn end(self, added: Result<(), Failure>) -> Result<JobId, Failure> {
        match added {
            Ok(()) => self.finish().await,
            Err(failure) => {
                self.give_up().await;
                Err(failure)
            }
        }
    }

    /// The rows are all there. The job begins to plan at once.
    pub async fn finish(mut self) -> Result<JobId, Failure> {
        self.write().await?;
        let Self {
            jobs,
            id,
            noted,
            written,
            refused,
            ..
        } = self;
        let actor = Actor {
            operator: noted.owner.operator.as_ref(),
            username: &noted.owner.username,
            remote: noted.origin.remote,
            request_id: &noted.origin.request_id,
        };
        let audit = jobs.0.calls.audit();
        within(async {
            let mut write = audit.write().await?;
            sqlx::query(
                "UPDATE jobs SET state = 'planning', total = $1, cannot = $2, failed = $2 \
                 WHERE id = $3",
            )
            .bind(written)
            .bind(refused)
            .bind(id.as_str())
            .execute(write.on())
            .await?;
            let detail = json!({ "Job": id, "Kind": noted.kind.name(), "Rows": written });
            let detail = noted.around().noted(detail);
            let event = ConsoleEvent::PlanJob;
            audit.note_on(write.on(), &actor, event, detail).await?;
            write.commit().await
        })
        .await?;
        jobs.0.running.wake();
        Ok(id)
    }
}

async fn insert(on: &mut AnyConnection, job: &JobId, rows: &[(i64, &Row)]) -> sqlx::Result<()> {
    for_rows(
        on,
        "INSERT INTO job_items (job, row, line, resource, endpoint, change, verdict, why, state, \
         step, attempts, not_before) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0)",
        rows,
        |statement, (number, row)| {
            let (resource, endpoint, change, verdict, why) = match &row.wanted {
                Wanted::Change(subject, change) => {
                    let resource = subject.arn.as_str().to_owned();
                    (resource, subject.endpoint.clone(), text(change), None, None)
                }
                Wanted::Refused(named, why) => {
                    let named: String = holdable(named).chars().take(NAMED).collect();
                    let verdict = Some(Verdict::Cannot.name());
                    (named, None, String::new(), verdict, Some(text(why)))
                }
            };
            let state = match why {
                None => RowState::New,
                Some(_) => RowState::Failed,
            };
            statement
                .bind(job.as_str())
                .bind(*number)
                .bind(row.line.and_then(|line| i64::try_from(line).ok()))
                .bind(resource)
                .bind(endpoint)
                .bind(change)
                .bind(verdict)
                .bind(why)
                .bind(state.name())
        },
    )
    .await
}
