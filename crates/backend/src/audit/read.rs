//! Reading the audit: entries, each a beginning and its outcome, as far as the reader may see them.

use std::fmt::Write as _;

use domain::grant::Limit;
use domain::{Failure, Grant, Role, Timestamp};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{ActorKind, Audit, Entry, Phase};
use crate::config::Caller;
use crate::operators::OperatorId;
use crate::store::within;

/// Which entries to show. Nothing set shows all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// A username or an operator's id.
    pub operator: Option<String>,
    /// An operation as the API writes it, or an event.
    pub operation: Option<String>,
    /// How far it got.
    pub outcome: Option<Phase>,
    /// An ARN: entries about it, and for an AppInstance also about what is in it. Else the id of an
    /// entry, or the id that AWS gave a request.
    pub resource: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// The entries: each beginning with its outcome, if it has one; the last, if it was unknown first.
const ENTRIES: &str = "SELECT b.entry, b.seq, b.at, b.operator, b.username, b.remote, b.request, \
     b.connection, b.region, b.operation, COALESCE(o.resource, b.resource) AS resource, b.instance, b.input, b.before_values, \
     COALESCE(o.phase, b.phase) AS phase, COALESCE(o.failure, b.failure) AS failure, \
     o.aws_request, o.at AS finished_at, NULLIF(o.username, '') AS looked_by, \
     (SELECT i.provider FROM identities i WHERE i.operator = b.operator) AS provider \
     FROM audit b LEFT JOIN audit o ON o.seq = (SELECT MAX(seq) FROM audit l \
     WHERE l.entry = b.entry AND l.phase IN ('succeeded', 'failed', 'unknown')) \
     WHERE b.phase IN ('begun', 'refused', 'noted')";

/// About a resource: named by the input, or made by the call.
const OF: &str = "b.entry IN (SELECT entry FROM audit WHERE resource = ?)";
/// The same, and what is in it if it is an AppInstance.
const OF_OR_IN: &str = "b.entry IN (SELECT entry FROM audit WHERE resource = ? UNION SELECT entry FROM audit WHERE instance = ?)";

/// A query of entries as it is put together. Only conditions that are asked for are in it, since a
/// database uses no index for `$1 IS NULL OR …`.
struct Query {
    sql: String,
    values: Vec<String>,
}

impl Query {
    /// The entries that a reader may see.
    fn of(reader: &AuditReader) -> Self {
        let query = Self {
            sql: ENTRIES.to_owned(),
            values: Vec::new(),
        };
        query.seen(reader)
    }

    /// Keeps a value to be bound, and answers its place.
    fn bind(&mut self, value: impl Into<String>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Adds a condition; `?` stands for the value, which is bound.
    fn and(mut self, condition: &'static str, value: impl Into<String>) -> Self {
        let place = self.bind(value);
        let _ = write!(self.sql, " AND {}", condition.replace('?', &place));
        self
    }

    fn seen(mut self, reader: &AuditReader) -> Self {
        if !reader.sees_accounts {
            self.sql.push_str(" AND b.connection IS NOT NULL");
        }
        if reader.grant.is_everything() {
            return self;
        }
        let (mut places, mut conditions) = (Vec::new(), Vec::new());
        for limit in reader.grant.limits() {
            match limit {
                Limit::Connection(slug) => {
                    let slug = self.bind(slug.as_str());
                    conditions.push(format!("b.connection = {slug}"));
                }
                Limit::Region(slug, region) => {
                    let (slug, region) = (self.bind(slug.as_str()), self.bind(region.as_str()));
                    conditions.push(format!("b.connection = {slug} AND b.region = {region}"));
                }
                Limit::AppInstance(arn) => places.push(self.bind(arn.as_str())),
            }
        }
        if !places.is_empty() {
            // By index, so that few entries are found quickly among many. What created an
            // AppInstance names it in its outcome only.
            let places = places.join(", ");
            conditions.push(format!(
                "b.entry IN (SELECT entry FROM audit WHERE instance IN ({places}) \
                 UNION SELECT entry FROM audit WHERE resource IN ({places}))"
            ));
        }
        let _ = write!(self.sql, " AND ({})", conditions.join(" OR "));
        self
    }

    /// Adds a comparison with a number.
    fn and_number(mut self, comparison: &'static str, number: i64) -> Self {
        let _ = write!(self.sql, " AND {comparison} {number}");
        self
    }

    fn filtered(mut self, filter: &AuditFilter) -> Self {
        if let Some(from) = filter.from {
            self = self.and_number("b.at >=", from.0);
        }
        if let Some(to) = filter.to {
            self = self.and_number("b.at <", to.0);
        }
        if let Some(operator) = &filter.operator {
            self = self.and("(b.username = ? OR b.operator = ?)", operator);
        }
        if let Some(operation) = &filter.operation {
            self = self.and("b.operation = ?", operation);
        }
        if let Some(outcome) = filter.outcome {
            self = self.and("COALESCE(o.phase, b.phase) = ?", outcome.name());
        }
        match &filter.resource {
            Some(arn) if arn.starts_with("arn:") => self.and(OF_OR_IN, arn),
            Some(id) => self.and("(b.entry = ? OR o.aws_request = ?)", id),
            None => self,
        }
    }

    async fn read(mut self, order: &'static str, limit: u32, audit: &Audit) -> Found {
        let _ = write!(self.sql, " ORDER BY b.seq {order} LIMIT {limit}");
        // Every part of the text is ours: values are bound, the rest are numbers.
        let mut query = sqlx::query(sqlx::AssertSqlSafe(self.sql));
        for value in self.values {
            query = query.bind(value);
        }
        let rows = query.fetch_all(audit.store.pool());
        within(async { rows.await?.iter().map(entry).collect() }).await
    }
}

type Found = Result<Vec<Entry>, Failure>;

/// The audit as one person may read it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AuditReader {
    audit: Audit,
    grant: Grant,
    /// Whether they see what was done to operators and sessions.
    sees_accounts: bool,
}

impl Audit {
    /// What somebody may read: entries about what their role covers. Only an Admin for everything
    /// also sees what was done to operators and sessions.
    pub fn seen_by(&self, caller: &Caller) -> AuditReader {
        AuditReader {
            audit: self.clone(),
            grant: caller.grant.clone(),
            sees_accounts: caller.role == Role::Admin && caller.grant.is_everything(),
        }
    }

    /// All of it, for who reads the database itself: the command line and tests.
    pub fn whole(&self) -> AuditReader {
        AuditReader {
            audit: self.clone(),
            grant: Grant::EVERYTHING,
            sees_accounts: true,
        }
    }
}

impl AuditReader {
    /// What was done to one resource, the newest first. For an AppInstance that is what was done
    /// to itself, not to what is in it.
    pub async fn of_resource(&self, arn: &str, limit: u32) -> Found {
        let query = Query::of(self).and(OF, arn);
        query.read("DESC", limit, &self.audit).await
    }

    /// What was done to one endpoint of a user, the newest first.
    pub async fn of_endpoint(&self, user: &str, id: &str, limit: u32) -> Found {
        let id = serde_json::to_string(id).unwrap_or_default();
        let id = id
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let query = Query::of(self).and("b.resource = ?", user).and(
            // The outcome of a registration names the endpoint, the other operations' inputs do.
            "EXISTS (SELECT 1 FROM audit e WHERE e.entry = b.entry AND e.input LIKE ? ESCAPE '\\')",
            format!("%\"EndpointId\":{id}%"),
        );
        query.read("DESC", limit, &self.audit).await
    }

    /// What was done, the newest first, starting before a row.
    pub async fn recent(&self, filter: &AuditFilter, before_seq: Option<i64>, limit: u32) -> Found {
        let mut query = Query::of(self).filtered(filter);
        if let Some(before) = before_seq {
            query = query.and_number("b.seq <", before);
        }
        query.read("DESC", limit, &self.audit).await
    }

    /// What was done right after a row, the newest first: the page before in a list that begins
    /// with the newest.
    pub async fn newer(&self, filter: &AuditFilter, after_seq: i64, limit: u32) -> Found {
        let query = Query::of(self)
            .filtered(filter)
            .and_number("b.seq >", after_seq);
        let mut entries = query.read("ASC", limit, &self.audit).await?;
        entries.reverse();
        Ok(entries)
    }

    /// How far the audit goes: the number of its last row. An entry that gets its outcome moves it
    /// too.
    pub async fn end(&self) -> Result<i64, Failure> {
        let end = sqlx::query("SELECT seq FROM audit_head WHERE id = 1")
            .fetch_one(self.audit.store.pool());
        within(async { end.await?.try_get(0) }).await
    }

    /// One entry by its id.
    pub async fn entry(&self, id: &str) -> Result<Option<Entry>, Failure> {
        let query = Query::of(self).and("b.entry = ?", id);
        Ok(query.read("ASC", 1, &self.audit).await?.pop())
    }

    /// One entry by the number of its first row.
    pub async fn at_seq(&self, seq: i64) -> Result<Option<Entry>, Failure> {
        let query = Query::of(self).and_number("b.seq =", seq);
        Ok(query.read("ASC", 1, &self.audit).await?.pop())
    }
}

fn entry(row: &AnyRow) -> sqlx::Result<Entry> {
    let phase: String = row.try_get("phase")?;
    let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    let parsed = |text: Option<String>| text.and_then(|text| text.parse().ok());
    let region: Option<String> = row.try_get("region")?;
    let finished: Option<i64> = row.try_get("finished_at")?;
    let operator: Option<String> = row.try_get("operator")?;
    let request: String = row.try_get("request")?;
    let provider: Option<String> = row.try_get("provider")?;
    let actor = ActorKind::of(!request.is_empty(), operator.is_some(), provider.is_some());
    Ok(Entry {
        id: row.try_get("entry")?,
        seq: row.try_get("seq")?,
        at: Timestamp(row.try_get("at")?),
        operator: operator.map(OperatorId::from),
        actor,
        username: row.try_get("username")?,
        remote: parsed(row.try_get("remote")?),
        request,
        connection: row.try_get("connection")?,
        region: region.and_then(|region| region.parse().ok()),
        operation: row.try_get("operation")?,
        resource: row.try_get("resource")?,
        instance: row.try_get("instance")?,
        // A word that this version does not know was written by a newer one.
        phase: phase.parse().unwrap_or(Phase::Unknown),
        input: json(row.try_get("input")?).unwrap_or(Value::Null),
        before: json(row.try_get("before_values")?),
        failure: row.try_get("failure")?,
        aws_request: row.try_get("aws_request")?,
        finished_at: finished.map(Timestamp),
        looked_by: row.try_get("looked_by")?,
    })
}
