//! What somebody does to a job: start, pause, resume, cancel, retry what failed, take it over.

use domain::event::ConsoleEvent;
use domain::plan::Why;
use domain::{Cause, Failure, Field, FieldProblem, JobId, Problem};
use serde_json::json;
use sqlx::AnyConnection;
use sqlx::any::AnyQueryResult;

use super::item::text;
use super::{Job, Jobs, Owner};
use crate::access::{Act, Caller, OperatorId, may, still_on};
use crate::audit::Actor;
use crate::store::within;

/// Who does it.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// An operator.
    Operator(&'a Caller),
    /// Somebody at a shell, by the name of the system's user.
    Shell(&'a str),
}

impl By<'_> {
    /// Whose rights a job acts with that they start.
    pub fn owner(&self) -> Owner {
        match self {
            Self::Operator(caller) => Owner::from(*caller),
            Self::Shell(user) => Owner::shell(user),
        }
    }
}

/// What is done to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Start,
    Pause,
    Resume,
    Cancel,
    Retry,
}

impl Deed {
    /// Does it, in the states in which it can be done.
    const fn sql(self) -> &'static str {
        match self {
            Self::Start => {
                "UPDATE jobs SET state = 'running', reason = NULL, \
                 started_at = COALESCE(started_at, $2), operator = $3, username = $4 \
                 WHERE id = $1 AND state = 'planned'"
            }
            // One that was paused while it planned has no plan yet.
            Self::Resume => {
                "UPDATE jobs SET state = CASE WHEN planned_at IS NULL THEN 'planning' \
                 ELSE 'running' END, reason = NULL, \
                 started_at = CASE WHEN planned_at IS NULL THEN started_at \
                 ELSE COALESCE(started_at, $2) END, operator = $3, username = $4 \
                 WHERE id = $1 AND state IN ('paused', 'stopped')"
            }
            Self::Pause => {
                "UPDATE jobs SET state = 'paused', reason = NULL \
                 WHERE id = $1 AND state = 'running'"
            }
            // A runner closes what was begun, and then it has its end.
            Self::Cancel => {
                "UPDATE jobs SET state = 'cancelled', reason = NULL WHERE id = $1 \
                 AND state IN ('planning', 'planned', 'running', 'paused', 'stopped')"
            }
            Self::Retry => {
                "UPDATE jobs SET state = 'planning', reason = NULL, planned_at = NULL, \
                 ended_at = NULL WHERE id = $1 AND state IN ('done', 'cancelled') \
                 AND ended_at IS NOT NULL"
            }
        }
    }

    /// Whether the job acts from then on, so that the person who does it needs the rights for it.
    const fn sets_off(self) -> bool {
        matches!(self, Self::Start | Self::Resume)
    }
}

impl Jobs {
    /// Runs a plan, with the rights of the person who starts it. For what cannot be undone the number of
    /// rows that will or may be done must have been typed.
    pub async fn start(&self, by: By<'_>, id: &JobId, typed: &str) -> Result<(), Failure> {
        let job = self.seen(by, id).await?;
        // With the rows that could not be read for the plan: they are done if they are there.
        if job.kind.is_severe() && job.left() > 0 {
            let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
            if digits != job.left().to_string() {
                let problem = if typed.trim().is_empty() {
                    Problem::Empty
                } else {
                    Problem::OtherNumber
                };
                let field = Field::ConfirmCount;
                return Err(FieldProblem { field, problem }.into());
            }
        }
        self.change(by, &job, Deed::Start).await
    }

    /// Lets rows that are on their way end, and begins no others.
    pub async fn pause(&self, by: By<'_>, id: &JobId) -> Result<(), Failure> {
        let job = self.seen(by, id).await?;
        self.change(by, &job, Deed::Pause).await
    }

    /// Goes on with a job. Somebody else than its owner takes it over: it acts with their rights
    /// from then on.
    pub async fn resume(&self, by: By<'_>, id: &JobId) -> Result<(), Failure> {
        let job = self.seen(by, id).await?;
        self.change(by, &job, Deed::Resume).await
    }

    /// Ends a job: rows on their way end, and the others are left out.
    pub async fn cancel(&self, by: By<'_>, id: &JobId) -> Result<(), Failure> {
        let job = self.seen(by, id).await?;
        self.change(by, &job, Deed::Cancel).await
    }

    /// Makes a plan of the rows that failed or were not reached, of the same job.
    pub async fn retry(&self, by: By<'_>, id: &JobId) -> Result<(), Failure> {
        let job = self.seen(by, id).await?;
        self.change(by, &job, Deed::Retry).await
    }

    async fn seen(&self, by: By<'_>, id: &JobId) -> Result<Job, Failure> {
        let job = match by {
            By::Operator(caller) => self.get(caller, id).await?,
            By::Shell(_) => self.find(id).await?,
        };
        job.ok_or_else(|| Cause::NoSuchPage.into())
    }

    async fn change(&self, by: By<'_>, job: &Job, deed: Deed) -> Result<(), Failure> {
        let owner = by.owner();
        let is_taken_over = deed.sets_off() && owner.operator != job.owner.operator;
        let event = match deed {
            Deed::Start => ConsoleEvent::StartJob,
            Deed::Pause => ConsoleEvent::PauseJob,
            Deed::Resume if is_taken_over => ConsoleEvent::TakeOverJob,
            Deed::Resume => ConsoleEvent::ResumeJob,
            Deed::Cancel => ConsoleEvent::CancelJob,
            Deed::Retry => ConsoleEvent::RetryJob,
        };
        let detail = json!({ "Job": job.id, "Kind": job.kind.name() });
        let changed = async {
            let mut write = self.0.calls.audit().write().await?;
            if let By::Operator(caller) = by {
                let still = still_on(write.on(), caller, self.0.clock.now()).await?;
                let caller = match still {
                    Ok(caller) => caller,
                    Err(failure) => return Ok(Err(failure)),
                };
                if let Err(failure) = self.may(&caller, job, deed) {
                    let audit = self.0.calls.audit();
                    let actor = Actor::from(&caller);
                    let noted = audit.note_refusal_on(write.on(), &actor, event, detail, &failure);
                    noted.await?;
                    write.commit().await?;
                    return Ok(Err(failure));
                }
            }
            if !self.moved(write.on(), job, deed, &owner).await? {
                // Somebody else was faster.
                return Ok(Err(Cause::Changed(None).into()));
            }
            let actor = match by {
                By::Operator(caller) => Actor::from(caller),
                By::Shell(_) => Actor {
                    username: &owner.username,
                    ..Actor::SHELL
                },
            };
            let audit = self.0.calls.audit();
            audit.note_on(write.on(), &actor, event, detail).await?;
            write.commit().await?;
            Ok(Ok(()))
        };
        within(changed).await??;
        self.0.running.wake();
        Ok(())
    }

    /// Whether an operator may do it: what sets a job off needs the rights for all that it does,
    /// now; the rest needs the role.
    fn may(&self, caller: &Caller, job: &Job, deed: Deed) -> Result<(), Failure> {
        let connections = self.0.calls.connections();
        let connection = connections.get(&job.scope.connection);
        let connection = connection.ok_or(Cause::NoSuchPage)?;
        for operation in job.kind.operations() {
            let act = Act::call(*operation);
            if deed.sets_off() {
                may(caller, connection, act, self.0.clock.now())?;
            } else if caller.role < act.role() {
                return Err(Cause::RoleNeeded(act.role()).into());
            }
        }
        Ok(())
    }

    /// Writes it, unless the job is in another state by now.
    async fn moved(
        &self,
        on: &mut AnyConnection,
        job: &Job,
        deed: Deed,
        owner: &Owner,
    ) -> sqlx::Result<bool> {
        let mut update = sqlx::query(deed.sql()).bind(job.id.as_str());
        if deed.sets_off() {
            update = update
                .bind(self.0.clock.now().0)
                .bind(owner.operator.as_ref().map(OperatorId::as_str))
                .bind(&owner.username);
        }
        if update.execute(&mut *on).await?.rows_affected() != 1 {
            return Ok(false);
        }
        match deed {
            Deed::Cancel => leave_out(on, &job.id).await?,
            Deed::Retry => plan_again(on, &job.id).await?,
            Deed::Start | Deed::Pause | Deed::Resume => {}
        }
        Ok(true)
    }
}

/// Leaves out what has not begun. Rows on their way keep their holder.
async fn leave_out(on: &mut AnyConnection, job: &JobId) -> sqlx::Result<()> {
    let left = sqlx::query(
        "UPDATE job_items SET state = 'skipped', why = $1 \
         WHERE job = $2 AND state IN ('new', 'pending') AND entry IS NULL",
    )
    .bind(text(&Why::NotReached))
    .bind(job.as_str())
    .execute(&mut *on)
    .await?;
    sqlx::query("UPDATE jobs SET skipped = skipped + $1 WHERE id = $2")
        .bind(rows(&left))
        .bind(job.as_str())
        .execute(on)
        .await?;
    Ok(())
}

/// Makes rows new again that failed or were not reached. A row that was refused by itself stays so:
/// there is nothing to read for it. The plan then says what is still to be done, and nothing of what
/// was.
async fn plan_again(on: &mut AnyConnection, job: &JobId) -> sqlx::Result<()> {
    let failed = sqlx::query(
        "UPDATE job_items SET state = 'new', verdict = NULL, warning = NULL, before_values = NULL, \
         calls = NULL, step = 0, attempts = 0, not_before = 0, entry = NULL, aws_request = NULL, \
         why = NULL WHERE job = $1 AND state = 'failed' AND change <> ''",
    )
    .bind(job.as_str())
    .execute(&mut *on)
    .await?;
    let not_reached = sqlx::query(
        "UPDATE job_items SET state = 'new', verdict = NULL, warning = NULL, before_values = NULL, \
         calls = NULL, step = 0, attempts = 0, why = NULL \
         WHERE job = $1 AND state = 'skipped' AND why = $2",
    )
    .bind(job.as_str())
    .bind(text(&Why::NotReached))
    .execute(&mut *on)
    .await?;
    sqlx::query(
        "UPDATE job_items SET verdict = NULL, warning = NULL \
         WHERE job = $1 AND state IN ('done', 'skipped', 'unknown')",
    )
    .bind(job.as_str())
    .execute(&mut *on)
    .await?;
    sqlx::query(
        "UPDATE jobs SET failed = failed - $1, skipped = skipped - $2, cannot = failed - $1, \
         will = 0, skip = 0, unsure = 0, calls = 0 WHERE id = $3",
    )
    .bind(rows(&failed))
    .bind(rows(&not_reached))
    .bind(job.as_str())
    .execute(on)
    .await?;
    Ok(())
}

fn rows(changed: &AnyQueryResult) -> i64 {
    i64::try_from(changed.rows_affected()).unwrap_or(i64::MAX)
}
