//! A job again: a new plan of the same rows, each compared with what is there by then.

use domain::arn::ResourceArn;
use domain::plan::{Subject, Why};
use domain::{Cause, Failure, JobId, JobKind};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Around, Job, Jobs, Making, NewJob, Owner, Row, Wanted};
use crate::access::Caller;
use crate::store::within;

/// How many rows are read at once.
const AT_ONCE: i64 = 500;

impl Job {
    /// Whether a new plan can be made of its rows: it has ended, and they are all kept. Device tokens are
    /// forgotten once they are registered, and who was brought back once may be somebody else by now.
    pub fn can_run_again(&self) -> bool {
        let cannot = [JobKind::ImportEndpoints, JobKind::BringBack];
        self.ended.is_some() && !cannot.contains(&self.kind)
    }

    /// What is around its rows; nothing where the database has no AppInstance that can be read.
    pub fn around(&self) -> Option<Around<'_>> {
        match self.instance.known() {
            Some(instance) => Some(Around::Instance(instance)),
            None => self
                .is_of_several()
                .then_some(Around::Region(self.scope.region)),
        }
    }
}

impl Jobs {
    /// Makes a plan of all rows of a job that has ended, whatever became of them. It is of the operator who
    /// asks, and the job stays as it is.
    pub async fn again(&self, caller: &Caller, job: &Job) -> Result<JobId, Failure> {
        let around = job.around().ok_or(Cause::NoSuchPage)?;
        let connection = &job.scope.connection;
        self.may_plan(caller, job.kind, connection, around).await?;
        if !job.can_run_again() {
            return Err(Cause::Changed(None).into());
        }
        let new = NewJob {
            kind: job.kind,
            connection,
            around,
            owner: Owner::from(caller),
            origin: caller.origin(),
            input: job.input.clone(),
            source: None,
        };
        let mut making = self.make(new).await?;
        let copied = self.copy(job, &mut making).await;
        making.end(copied).await
    }

    /// Adds the rows of a job to another one: all of them, also when the job is taken away meanwhile.
    async fn copy(&self, job: &Job, making: &mut Making) -> Result<(), Failure> {
        let (mut after, mut copied) = (0, 0);
        loop {
            let found = sqlx::query(
                "SELECT row, line, resource, endpoint, change, why FROM job_items \
                 WHERE job = $1 AND row > $2 ORDER BY row LIMIT $3",
            )
            .bind(job.id.as_str())
            .bind(after)
            .bind(AT_ONCE)
            .fetch_all(self.0.store.pool());
            let found = within(async {
                let rows = found.await?.into_iter();
                rows.map(|row| Ok((row.try_get::<i64, _>("row")?, wanted(&row)?)))
                    .collect::<sqlx::Result<Vec<_>>>()
            });
            let found = found.await?;
            let Some((last, _)) = found.last() else {
                let is_whole = copied == job.total;
                return is_whole.then_some(()).ok_or(Cause::Changed(None).into());
            };
            after = *last;
            for (_, row) in found {
                making.add(row).await?;
                copied += 1;
            }
        }
    }
}

/// What a row wanted. One that was refused by itself is so again.
fn wanted(row: &AnyRow) -> sqlx::Result<Row> {
    let line: Option<i64> = row.try_get("line")?;
    let resource: String = row.try_get("resource")?;
    let endpoint: Option<String> = row.try_get("endpoint")?;
    let change: String = row.try_get("change")?;
    let why: Option<String> = row.try_get("why")?;
    let subject = resource.parse::<ResourceArn>().ok();
    let subject = subject.map(|arn| Subject { arn, endpoint });
    let wanted = if let (Some(subject), Ok(change)) = (subject, serde_json::from_str(&change)) {
        Wanted::Change(subject, change)
    } else {
        let why = why.and_then(|why| serde_json::from_str(&why).ok());
        Wanted::Refused(resource, why.unwrap_or(Why::Failed(Cause::Internal)))
    };
    Ok(Row {
        line: line.and_then(|line| u64::try_from(line).ok()),
        wanted,
    })
}
