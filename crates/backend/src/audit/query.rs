//! The query of entries, put together from what somebody may see and what they look for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use domain::grant::Limit;
use domain::{ConnectionId, Grant, JobId, Timestamp};
use sqlx::any::AnyRow;

use super::{Phase, chain};
use crate::store::{Kind, Store, holdable};

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
    /// A job: entries of its rows.
    pub job: Option<JobId>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// The columns of an entry that are text: the name in the answer, and where it comes from.
const TEXTS: &[(&str, &str)] = &[
    ("entry", "b.entry"),
    ("operator", "b.operator"),
    ("username", "b.username"),
    ("remote", "b.remote"),
    ("request", "b.request"),
    ("connection", "b.connection"),
    ("region", "b.region"),
    ("operation", "b.operation"),
    ("resource", "COALESCE(o.resource, b.resource)"),
    ("instance", "b.instance"),
    ("input", "b.input"),
    ("before_values", "b.before_values"),
    ("phase", "COALESCE(o.phase, b.phase)"),
    ("failure", "COALESCE(o.failure, b.failure)"),
    ("aws_request", "o.aws_request"),
    ("job", "b.job"),
    ("looked_by", "NULLIF(o.username, '')"),
    (
        "provider",
        "(SELECT i.provider FROM identities i WHERE i.operator = b.operator)",
    ),
];

/// Those that are numbers.
const NUMBERS: &[(&str, &str)] = &[("seq", "b.seq"), ("at", "b.at"), ("finished_at", "o.at")];

/// Each beginning with its outcome, if it has one; the last, if it was unknown first. The
/// conditions exclude phases instead of naming one, so that no index on phases is used: in each
/// case there is a better one.
const FROM: &str = " FROM audit b LEFT JOIN audit o ON o.seq = (SELECT MAX(seq) FROM audit l \
     WHERE l.entry = b.entry AND l.phase NOT IN ('begun', 'refused', 'noted')) \
     WHERE b.phase NOT IN ('succeeded', 'failed', 'unknown')";

/// About a resource: named by the input, or made by the call.
pub(super) const OF: &str = "(b.resource = ? OR b.entry IN \
     (SELECT entry FROM audit WHERE resource = ? AND phase = 'succeeded'))";
/// The same, and what is in it if it is an AppInstance.
const OF_OR_IN: &str = "(b.resource = ? OR b.instance = ? OR b.entry IN \
     (SELECT entry FROM audit WHERE resource = ? AND phase = 'succeeded'))";
/// With an id of ours or of AWS.
const WITH_ID: &str = "b.entry IN \
     (SELECT ? UNION ALL SELECT entry FROM audit WHERE aws_request = ?)";
/// For a registration the outcome names the endpoint; for other operations the input does.
pub(super) const OF_ENDPOINT: &str =
    "EXISTS (SELECT 1 FROM audit e WHERE e.entry = b.entry AND e.input LIKE ? ESCAPE '\\')";

/// Which end of a stretch of the log comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Newest,
    Oldest,
}

/// A query of entries as it is put together. Only conditions that are asked for are in it, since a
/// database uses no index for `$1 IS NULL OR …`.
#[derive(Clone, Debug)]
pub(super) struct Query {
    conditions: String,
    values: Vec<String>,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
}

impl Query {
    /// The entries that somebody may see.
    pub(super) fn seen_by(grant: &Grant, sees_accounts: bool) -> Self {
        let mut query = Self {
            conditions: String::new(),
            values: Vec::new(),
            from: None,
            to: None,
        };
        if !sees_accounts {
            query.conditions.push_str(" AND b.connection IS NOT NULL");
        }
        if grant.is_everything() {
            return query;
        }
        let mut conditions = Vec::new();
        // By the connection that names them; older limits name none.
        let mut places: BTreeMap<Option<&ConnectionId>, Vec<String>> = BTreeMap::new();
        for limit in grant.limits() {
            match limit {
                Limit::Connection(connection) => {
                    let connection = query.bind(connection.as_str());
                    conditions.push(format!("b.connection = {connection}"));
                }
                Limit::Region(connection, region) => {
                    let connection = query.bind(connection.as_str());
                    let region = query.bind(region.as_str());
                    let place = format!("b.connection = {connection} AND b.region = {region}");
                    conditions.push(place);
                }
                Limit::AppInstance(connection, arn) => {
                    let place = query.bind(arn.as_str());
                    places.entry(connection.as_ref()).or_default().push(place);
                }
            }
        }
        for (connection, places) in places {
            // By index, so that few entries are found quickly among many. What created an
            // AppInstance names it in its outcome only.
            let places = places.join(", ");
            let named = format!(
                "b.instance IN ({places}) OR b.resource IN ({places}) OR b.entry IN \
                 (SELECT entry FROM audit WHERE resource IN ({places}) AND phase = 'succeeded')"
            );
            conditions.push(match connection {
                None => named,
                Some(connection) => {
                    let connection = query.bind(connection.as_str());
                    format!("b.connection = {connection} AND ({named})")
                }
            });
        }
        if conditions.is_empty() {
            // They may see nothing. Added to other conditions, this would keep indexes from being
            // used.
            conditions.push("1 = 0".to_owned());
        }
        let _ = write!(query.conditions, " AND ({})", conditions.join(" OR "));
        query
    }

    /// Keeps a value to be bound, and answers its place.
    fn bind(&mut self, value: impl Into<String>) -> String {
        self.values.push(holdable(&value.into()).into_owned());
        format!("${}", self.values.len())
    }

    /// Adds a condition; `?` stands for the value, which is bound.
    pub(super) fn and(mut self, condition: &'static str, value: impl Into<String>) -> Self {
        let place = self.bind(value);
        let _ = write!(self.conditions, " AND {}", condition.replace('?', &place));
        self
    }

    /// Adds a condition that has no value.
    fn and_that(mut self, condition: &str) -> Self {
        let _ = write!(self.conditions, " AND {condition}");
        self
    }

    /// Adds what somebody looks for. `is_rare` says whether few entries have the outcome.
    pub(super) fn filtered(mut self, filter: &AuditFilter, is_rare: bool) -> Self {
        (self.from, self.to) = (filter.from, filter.to);
        if let Some(from) = filter.from {
            self = self.and_that(&format!("b.at >= {}", from.0));
        }
        if let Some(to) = filter.to {
            self = self.and_that(&format!("b.at < {}", to.0));
        }
        if let Some(operator) = &filter.operator {
            self = self.and("(b.username = ? OR b.operator = ?)", operator);
        }
        if let Some(operation) = &filter.operation {
            self = self.and("b.operation = ?", operation);
        }
        if let Some(outcome) = filter.outcome {
            self = self.ended(outcome, is_rare);
        }
        if let Some(job) = &filter.job {
            self = self.and("b.job = ?", job.as_str());
        }
        match &filter.resource {
            Some(arn) if arn.starts_with("arn:") => self.and(OF_OR_IN, arn),
            Some(id) => self.and(WITH_ID, id),
            None => self,
        }
    }

    fn ended(self, outcome: Phase, is_rare: bool) -> Self {
        let name = outcome.name();
        match outcome {
            Phase::Begun => self.and_that("b.phase = 'begun' AND o.seq IS NULL"),
            Phase::Refused | Phase::Noted => self.and_that(&format!("b.phase = '{name}'")),
            Phase::Succeeded | Phase::Failed | Phase::Unknown => {
                let query = self.and_that(&format!("o.phase = '{name}'"));
                if !is_rare {
                    return query;
                }
                query.and_that(&format!(
                    "b.entry IN (SELECT entry FROM audit WHERE phase = '{name}')"
                ))
            }
        }
    }

    /// The text that reads a stretch of the log, or all of it.
    pub(super) fn sql(
        &self,
        kind: Kind,
        stretch: Option<&Range<i64>>,
        order: Order,
        limit: u32,
    ) -> String {
        let mut sql = "SELECT ".to_owned();
        for (name, source) in TEXTS {
            let _ = match kind {
                // Bytes, whatever a cell holds: a cell that is not text must not hide other rows.
                Kind::Sqlite => write!(sql, "CAST({source} AS BLOB) AS {name}, "),
                Kind::Postgres => write!(sql, "{source} AS {name}, "),
            };
        }
        for (name, source) in NUMBERS {
            let _ = match kind {
                Kind::Sqlite => write!(
                    sql,
                    "CASE typeof({source}) WHEN 'integer' THEN {source} END AS {name}, "
                ),
                Kind::Postgres => write!(sql, "{source} AS {name}, "),
            };
        }
        let typed = match kind {
            Kind::Sqlite => typed("b"),
            Kind::Postgres => "1".to_owned(),
        };
        let _ = write!(sql, "{typed} AS typed{FROM}{}", self.conditions);
        if let Some(Range { start, end }) = stretch {
            let _ = write!(sql, " AND b.seq >= {start} AND b.seq < {end}");
        }
        let order = match order {
            Order::Newest => "DESC",
            Order::Oldest => "ASC",
        };
        let _ = write!(sql, " ORDER BY b.seq {order} LIMIT {limit}");
        sql
    }

    /// Reads a stretch of the log, or all of it.
    pub(super) async fn read(
        &self,
        store: &Store,
        stretch: Option<&Range<i64>>,
        order: Order,
        limit: u32,
    ) -> sqlx::Result<Vec<AnyRow>> {
        let sql = self.sql(store.kind(), stretch, order, limit);
        // Every part of the text is ours: values are bound, the rest are numbers.
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for value in &self.values {
            query = query.bind(value.as_str());
        }
        query.fetch_all(store.log()).await
    }
}

/// SQL that says whether every cell of a row has its type: SQLite lets a writer put any type in any
/// column.
pub(super) fn typed(row: &str) -> String {
    let texts = chain::TEXTS.map(|(column, is_needed)| {
        if is_needed {
            format!("typeof({row}.{column}) = 'text'")
        } else {
            format!("typeof({row}.{column}) IN ('text', 'null')")
        }
    });
    let hashes = ["prev_hash", "hash"].map(|column| format!("typeof({row}.{column}) = 'text'"));
    let numbers = ["seq", "at"].map(|column| format!("typeof({row}.{column}) = 'integer'"));
    let job = format!("typeof({row}.job) IN ('text', 'null')");
    let all: Vec<_> = texts
        .into_iter()
        .chain([job])
        .chain(hashes)
        .chain(numbers)
        .collect();
    format!("CASE WHEN {} THEN 1 ELSE 0 END", all.join(" AND "))
}

#[cfg(test)]
mod tests;
