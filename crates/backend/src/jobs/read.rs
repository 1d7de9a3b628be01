//! Reading jobs and their rows, as far as somebody may see them.

use domain::arn::{AppInstanceArn, ResourceArn};
use domain::grant::MAX_LIMITS;
use domain::plan::{Subject, Why};
use domain::{Failure, Given, JobId, Region, RowState, Scope, Tally, Timestamp, Verdict};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::item::kept;
use super::{Job, JobRow, Jobs, Owner, Plan, Whose};
use crate::access::{Caller, OperatorId, covers};
use crate::audit::mask;
use crate::store::within;

const COLUMNS: &str = "id, kind, connection, region, instance, operator, username, input, state, \
     reason, lease_by, lease_until, created_at, planned_at, started_at, ended_at, total, will, skip, \
     cannot, unsure, calls, done, skipped, failed, unknown, pace";

const ROW_COLUMNS: &str = "row, line, resource, endpoint, verdict, warning, before_values, calls, \
     state, attempts, why, entry, aws_request";

/// More jobs than run at once.
const RUNNING: i64 = 100;

/// How many jobs are looked through for those that somebody may see.
const LOOKED_THROUGH: usize = 500;

/// Which rows of a job to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowFilter {
    /// What the plan says.
    pub verdict: Option<Verdict>,
    /// How far they are.
    pub state: Option<RowState>,
}

/// Some rows of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The rows, in their order.
    pub rows: Vec<JobRow>,
    /// Whether more come after them.
    pub more: bool,
}

/// Some jobs.
#[derive(Clone, Debug, PartialEq)]
pub struct JobList {
    /// The jobs: those that run first, then the newest.
    pub jobs: Vec<Job>,
    /// The time of the last one, to go on after; nothing at the end.
    pub next: Option<Timestamp>,
}

/// A reason that rows failed for, and how many.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Why.
    pub why: Why,
    /// How many rows.
    pub rows: u64,
}

impl Jobs {
    /// A job that somebody may see; `None` for others, as for one that does not exist.
    pub async fn get(&self, caller: &Caller, id: &JobId) -> Result<Option<Job>, Failure> {
        let Some(job) = self.find(id).await? else {
            return Ok(None);
        };
        let is_seen = self.may_see(caller, &job).await?;
        Ok(is_seen.then_some(job))
    }

    /// Whether somebody may see a job: what is inside their scope. One over several AppInstances is seen by
    /// those whose scope has the whole Region, and by its owner while it has all that its rows are.
    async fn may_see(&self, caller: &Caller, job: &Job) -> Result<bool, Failure> {
        if covers(caller, &job.scope, job.instance.known()) {
            return Ok(true);
        }
        // A limit covers one of them. Where there are more rows than limits, one is not covered.
        let is_own = job.is_of_several() && job.owner.is(caller);
        if !is_own || job.total > MAX_LIMITS as u64 {
            return Ok(false);
        }
        let rows = sqlx::query("SELECT resource FROM job_items WHERE job = $1")
            .bind(job.id.as_str())
            .fetch_all(self.0.store.pool());
        let is_covered = |row: &AnyRow| {
            let arn = row.try_get::<String, _>(0).ok();
            let arn = arn.and_then(|arn| arn.parse::<ResourceArn>().ok());
            arn.is_some_and(|arn| covers(caller, &job.scope, Some(arn.instance())))
        };
        Ok(within(rows).await?.iter().all(is_covered))
    }

    /// Of some jobs those that somebody may see; the shell may see all.
    async fn seen_by(&self, caller: Option<&Caller>, found: Vec<Job>) -> Result<Vec<Job>, Failure> {
        let Some(caller) = caller else {
            return Ok(found);
        };
        let mut seen = Vec::new();
        for job in found {
            if self.may_see(caller, &job).await? {
                seen.push(job);
            }
        }
        Ok(seen)
    }

    /// The same for the shell, which may see all.
    pub async fn find(&self, id: &JobId) -> Result<Option<Job>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id.as_str())
            .fetch_optional(self.0.store.pool());
        let row = within(row).await?;
        Ok(row.as_ref().and_then(|row| self.job(row)))
    }

    /// The newest job that was made from a file and is not over.
    pub async fn of_source(&self, source: &str) -> Result<Option<Job>, Failure> {
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs WHERE source = $1 AND state NOT IN ('making', 'done', 'cancelled') \
             ORDER BY created_at DESC LIMIT 1"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(source)
            .fetch_optional(self.0.store.pool());
        let row = within(row).await?;
        Ok(row.as_ref().and_then(|row| self.job(row)))
    }

    /// The jobs before a time, the newest first. Rows are not read.
    pub async fn list(
        &self,
        caller: Option<&Caller>,
        whose: &Whose,
        before: Option<Timestamp>,
        limit: usize,
    ) -> Result<JobList, Failure> {
        let mut jobs = Vec::new();
        let mut before = before;
        let mut looked = 0;
        // Somebody who sees everything needs one round.
        while jobs.len() <= limit && looked < LOOKED_THROUGH {
            let found = self.before(whose, before, limit + 1).await?;
            looked += found.len();
            let is_end = found.len() <= limit;
            before = found.last().map(|job| job.created);
            jobs.extend(self.seen_by(caller, found).await?);
            if is_end {
                before = None;
                break;
            }
        }
        let next = if jobs.len() > limit {
            jobs.truncate(limit);
            jobs.last().map(|job| job.created)
        } else {
            before
        };
        jobs.sort_by_key(|job| !job.state.is_active());
        Ok(JobList { jobs, next })
    }

    /// The newest jobs before a time.
    async fn before(
        &self,
        whose: &Whose,
        before: Option<Timestamp>,
        limit: usize,
    ) -> Result<Vec<Job>, Failure> {
        let operator = match whose {
            Whose::All => None,
            Whose::Of(operator) => Some(operator.as_str()),
        };
        let and = if operator.is_some() {
            " AND operator = $3"
        } else {
            ""
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs WHERE created_at < $1 AND state <> 'making'{and} \
             ORDER BY created_at DESC LIMIT $2"
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(before.map_or(i64::MAX, |before| before.0))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX));
        if let Some(operator) = operator {
            query = query.bind(operator);
        }
        let rows = within(query.fetch_all(self.0.store.pool())).await?;
        Ok(rows.iter().filter_map(|row| self.job(row)).collect())
    }

    /// The jobs that run now and that somebody may see, for the header and for the pages of an
    /// AppInstance.
    pub async fn active(&self, caller: &Caller) -> Result<Vec<Job>, Failure> {
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs WHERE ended_at IS NULL AND state IN ('planning', 'running') \
             ORDER BY created_at DESC LIMIT $1"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(RUNNING)
            .fetch_all(self.0.store.pool());
        let rows = within(rows).await?;
        let jobs = rows.iter().filter_map(|row| self.job(row));
        self.seen_by(Some(caller), jobs.collect()).await
    }

    /// The rows of a job after one, in their order.
    pub async fn rows(
        &self,
        job: &JobId,
        filter: RowFilter,
        after: u64,
        limit: usize,
    ) -> Result<Rows, Failure> {
        let (column, value) = match filter {
            RowFilter {
                verdict: Some(verdict),
                ..
            } => (" AND verdict = $4", Some(verdict.name())),
            RowFilter {
                state: Some(state), ..
            } => (" AND state = $4", Some(state.name())),
            RowFilter { .. } => ("", None),
        };
        let sql = format!(
            "SELECT {ROW_COLUMNS} FROM job_items WHERE job = $1 AND row > $2{column} \
             ORDER BY row LIMIT $3"
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(job.as_str())
            .bind(i64::try_from(after).unwrap_or(i64::MAX))
            .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX));
        if let Some(value) = value {
            query = query.bind(value);
        }
        let found = within(async { query.fetch_all(self.0.store.pool()).await }).await?;
        let more = found.len() > limit;
        let rows = found.iter().take(limit).filter_map(job_row).collect();
        Ok(Rows { rows, more })
    }

    /// Why rows failed, the most frequent reason first.
    pub async fn reasons(&self, job: &JobId) -> Result<Vec<Group>, Failure> {
        let rows = sqlx::query(
            "SELECT why, COUNT(*) FROM job_items WHERE job = $1 AND state = 'failed' GROUP BY why \
             ORDER BY COUNT(*) DESC",
        )
        .bind(job.as_str())
        .fetch_all(self.0.store.pool());
        let rows = within(rows).await?;
        let group = |row: &AnyRow| {
            let why: Option<String> = row.try_get(0).ok()?;
            Some(Group {
                why: serde_json::from_str(&why?).ok()?,
                rows: number(row, 1)?,
            })
        };
        Ok(rows.iter().filter_map(group).collect())
    }

    /// How many rows have each warning.
    pub async fn warnings(
        &self,
        job: &JobId,
    ) -> Result<Vec<(domain::plan::Warning, u64)>, Failure> {
        let rows = sqlx::query(
            "SELECT warning, COUNT(*) FROM job_items WHERE job = $1 AND verdict = 'will' \
             AND warning IS NOT NULL GROUP BY warning ORDER BY warning",
        )
        .bind(job.as_str())
        .fetch_all(self.0.store.pool());
        let rows = within(rows).await?;
        let counted = |row: &AnyRow| {
            let warning: String = row.try_get(0).ok()?;
            Some((warning.parse().ok()?, number(row, 1)?))
        };
        Ok(rows.iter().filter_map(counted).collect())
    }

    fn job(&self, row: &AnyRow) -> Option<Job> {
        let word = |column: &str| row.try_get::<String, _>(column).ok();
        let count = |column: &str| {
            let count = row.try_get::<i64, _>(column).ok()?;
            u64::try_from(count).ok()
        };
        let time = |column: &str| row.try_get::<Option<i64>, _>(column).ok().flatten();
        let now = self.0.clock.now().0;
        let by: Option<String> = row.try_get("lease_by").ok()?;
        let until: i64 = row.try_get("lease_until").ok()?;
        #[expect(clippy::cast_precision_loss, reason = "a pace is no exact number")]
        let pace = row.try_get::<i64, _>("pace").ok()? as f64 / 1000.0;
        let input: Option<String> = row.try_get("input").ok()?;
        let reason: Option<String> = row.try_get("reason").ok()?;
        Some(Job {
            id: word("id")?.parse().ok()?,
            kind: word("kind")?.parse().ok()?,
            scope: scope(row)?,
            instance: Given::<AppInstanceArn>::read(word("instance")?),
            owner: owner(row)?,
            input: kept::<Value>(input.as_deref()),
            state: word("state")?.parse().ok()?,
            reason: reason.and_then(|reason| serde_json::from_str(&reason).ok()),
            created: Timestamp(time("created_at")?),
            planned: time("planned_at").map(Timestamp),
            started: time("started_at").map(Timestamp),
            ended: time("ended_at").map(Timestamp),
            total: count("total")?,
            plan: Plan {
                will: count("will")?,
                skip: count("skip")?,
                cannot: count("cannot")?,
                unsure: count("unsure")?,
                calls: count("calls")?,
            },
            tally: Tally {
                done: count("done")?,
                skipped: count("skipped")?,
                failed: count("failed")?,
                unknown: count("unknown")?,
            },
            pace,
            is_held: by.is_some() && until > now,
        })
    }
}

fn number(row: &AnyRow, column: usize) -> Option<u64> {
    u64::try_from(row.try_get::<i64, _>(column).ok()?).ok()
}

fn job_row(row: &AnyRow) -> Option<JobRow> {
    let text = |column: &str| row.try_get::<Option<String>, _>(column).ok().flatten();
    let count = |column: &str| {
        let count = row.try_get::<Option<i64>, _>(column).ok()??;
        u64::try_from(count).ok()
    };
    let resource = text("resource")?;
    let arn = resource.parse().ok();
    let mut calls: Vec<Value> = kept(text("calls").as_deref());
    calls.iter_mut().for_each(mask);
    Some(JobRow {
        row: count("row")?,
        line: count("line"),
        subject: arn.map(|arn| Subject {
            arn,
            endpoint: text("endpoint"),
        }),
        resource,
        verdict: text("verdict").and_then(|word| word.parse().ok()),
        warning: text("warning").and_then(|word| word.parse().ok()),
        before: kept(text("before_values").as_deref()),
        calls,
        state: text("state")?.parse().ok()?,
        attempts: count("attempts")?,
        why: text("why").and_then(|why| serde_json::from_str(&why).ok()),
        entry: text("entry"),
        aws_request: text("aws_request"),
    })
}

pub(super) fn scope(row: &AnyRow) -> Option<Scope> {
    let connection: String = row.try_get("connection").ok()?;
    let region: String = row.try_get("region").ok()?;
    Some(Scope {
        connection: connection.parse().ok()?,
        region: region.parse::<Region>().ok()?,
    })
}

pub(super) fn owner(row: &AnyRow) -> Option<Owner> {
    let operator: Option<String> = row.try_get("operator").ok()?;
    Some(Owner {
        operator: operator.map(OperatorId::from),
        username: row.try_get("username").ok()?,
    })
}
