//! What somebody does to a job: start, pause, resume, cancel, retry what failed, take it over.

use domain::event::ConsoleEvent;
use domain::plan::Why;
use domain::{Cause, Failure, Field, FieldProblem, JobId, JobState, Problem, RowState};
use serde_json::json;
use sqlx::AnyConnection;

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
    /// The states in which it can be done.
    const fn from(self) -> &'static [JobState] {
        match self {
            Self::Start => &[JobState::Planned],
            Self::Pause => &[JobState::Running],
            Self::Resume => &[JobState::Paused, JobState::Stopped],
            Self::Cancel => &[
                JobState::Planning,
                JobState::Planned,
                JobState::Running,
                JobState::Paused,
                JobState::Stopped,
            ],
            Self::Retry => &[JobState::Done, JobState::Cancelled],
        }
    }

    /// Whether the job acts from then on, so that whoever does it needs the rights for it.
    const fn sets_off(self) -> bool {
        matches!(self, Self::Start | Self::Resume)
    }
}

impl Jobs {
    /// Runs a plan, with the rights of whoever starts it. For what cannot be undone the number of
    /// rows that will be done must have been typed.
    pub async fn start(&self, by: By<'_>, id: &JobId, typed: &str) -> Result<(), Failure> {
        let job = self.seen(by, id).await?;
        if job.kind.is_severe() && job.plan.will > 0 {
            let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
            if digits != job.plan.will.to_string() {
                let problem = if typed.trim().is_empty() {
                    Problem::Empty
                } else {
                    Problem::Mismatch
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
        let changed = async {
            let mut write = self.0.calls.audit().write().await?;
            if let By::Operator(caller) = by {
                let still = still_on(write.on(), caller, self.0.clock.now()).await?;
                if let Err(failure) = still.and_then(|caller| self.may(&caller, job, deed)) {
                    return Ok(Err(failure));
                }
            }
            if !self.moved(write.on(), job, deed, &owner).await? {
                // Somebody else was faster.
                return Ok(Err(Cause::Changed(None).into()));
            }
            let event = match deed {
                Deed::Start => ConsoleEvent::StartJob,
                Deed::Pause => ConsoleEvent::PauseJob,
                Deed::Resume if is_taken_over => ConsoleEvent::TakeOverJob,
                Deed::Resume => ConsoleEvent::ResumeJob,
                Deed::Cancel => ConsoleEvent::CancelJob,
                Deed::Retry => ConsoleEvent::RetryJob,
            };
            let actor = match by {
                By::Operator(caller) => Actor::from(caller),
                By::Shell(_) => Actor {
                    username: &owner.username,
                    ..Actor::SHELL
                },
            };
            let detail = json!({ "Job": job.id, "Kind": job.kind.name() });
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
        let now = self.0.clock.now().0;
        let states: Vec<_> = deed.from().iter().map(|state| state.name()).collect();
        let mut states = format!("state IN ('{}')", states.join("', '"));
        if deed == Deed::Retry {
            states.push_str(" AND ended_at IS NOT NULL");
        }
        let set = match deed {
            Deed::Start | Deed::Resume => {
                "state = 'running', reason = NULL, started_at = COALESCE(started_at, $2), \
                 operator = $3, username = $4"
            }
            Deed::Pause => "state = 'paused', reason = NULL",
            // A runner closes what was begun, and then it has its end.
            Deed::Cancel => "state = 'cancelled', reason = NULL",
            Deed::Retry => "state = 'planning', reason = NULL, ended_at = NULL",
        };
        let sql = format!("UPDATE jobs SET {set} WHERE id = $1 AND {states}");
        let mut update = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(job.id.as_str());
        if deed.sets_off() {
            update = update
                .bind(now)
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
    let left = i64::try_from(left.rows_affected()).unwrap_or(i64::MAX);
    sqlx::query("UPDATE jobs SET skipped = skipped + $1 WHERE id = $2")
        .bind(left)
        .bind(job.as_str())
        .execute(on)
        .await?;
    Ok(())
}

/// Makes rows new again that failed or were not reached. A row that was refused by itself stays so:
/// there is nothing to read for it.
async fn plan_again(on: &mut AnyConnection, job: &JobId) -> sqlx::Result<()> {
    let not_reached = text(&Why::NotReached);
    for (state, column, verdict) in [
        (RowState::Failed, "failed", None),
        (RowState::Skipped, "skipped", Some(&not_reached)),
    ] {
        // The counts of the plan go down with the verdicts that are taken away.
        for (word, count) in [
            ("will", "will"),
            ("cannot", "cannot"),
            ("unknown", "unsure"),
        ] {
            let and = if verdict.is_some() {
                " AND why = $4"
            } else {
                ""
            };
            let sql = format!(
                "UPDATE job_items SET state = 'new', verdict = NULL, warning = NULL, \
                 before_values = NULL, calls = NULL, step = 0, attempts = 0, not_before = 0, \
                 entry = NULL, aws_request = NULL, why = NULL \
                 WHERE job = $1 AND state = $2 AND verdict = $3 AND change <> ''{and}"
            );
            let mut update = sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(job.as_str())
                .bind(state.name())
                .bind(word);
            if let Some(why) = verdict {
                update = update.bind(why.as_str());
            }
            let rows = update.execute(&mut *on).await?.rows_affected();
            let rows = i64::try_from(rows).unwrap_or(i64::MAX);
            let sql = format!(
                "UPDATE jobs SET {column} = {column} - $1, {count} = {count} - $1 WHERE id = $2"
            );
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(rows)
                .bind(job.as_str())
                .execute(&mut *on)
                .await?;
        }
        // What was never planned has no verdict.
        if let Some(why) = verdict {
            let reset = sqlx::query(
                "UPDATE job_items SET state = 'new', why = NULL \
                 WHERE job = $1 AND state = 'skipped' AND verdict IS NULL AND why = $2",
            )
            .bind(job.as_str())
            .bind(why.as_str())
            .execute(&mut *on)
            .await?;
            let rows = i64::try_from(reset.rows_affected()).unwrap_or(i64::MAX);
            sqlx::query("UPDATE jobs SET skipped = skipped - $1 WHERE id = $2")
                .bind(rows)
                .bind(job.as_str())
                .execute(&mut *on)
                .await?;
        }
    }
    Ok(())
}
