//! Reading the audit: entries, each a beginning and its outcome, as far as the reader may see them.

use std::ops::Range;
use std::time::Duration;

use domain::{Cause, Failure, Grant, Role};
use sqlx::Row as _;

use super::query::{AuditFilter, OF, OF_ENDPOINT, Order, Query};
use super::walk::{PATIENCE, Search};
use super::{Audit, Entry, Phase, row};
use crate::access::Caller;
use crate::access::OperatorId;
use crate::store::within;

/// Up to so many entries an outcome is rare. The index on outcomes then finds them, however long
/// the log is.
const RARE: i64 = 10_000;

/// Every row.
const ALL: Range<i64> = i64::MIN..i64::MAX;

type Found = Result<Vec<Entry>, Failure>;

/// The audit as one person may read it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AuditReader {
    pub(super) audit: Audit,
    /// Who reads; `None` for the command line.
    pub(super) who: Option<OperatorId>,
    grant: Grant,
    /// Whether they see what was done to operators and sessions.
    sees_accounts: bool,
    /// How long a search goes on.
    pub(super) patience: Duration,
}

impl Audit {
    /// What somebody may read: entries about what their role covers. Only an Admin for everything
    /// also sees what was done to operators and sessions.
    pub fn seen_by(&self, caller: &Caller) -> AuditReader {
        AuditReader {
            audit: self.clone(),
            who: Some(caller.operator.clone()),
            grant: caller.grant.clone(),
            sees_accounts: caller.role == Role::Admin && caller.grant.is_everything(),
            patience: PATIENCE,
        }
    }

    /// All of it, for the command line and tests, which have the database itself.
    pub fn whole(&self) -> AuditReader {
        AuditReader {
            audit: self.clone(),
            who: None,
            grant: Grant::EVERYTHING,
            sees_accounts: true,
            patience: PATIENCE,
        }
    }
}

impl AuditReader {
    /// The same with searches that go on for so long at most.
    #[must_use]
    pub const fn searching_for(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    fn query(&self) -> Query {
        Query::seen_by(&self.grant, self.sees_accounts)
    }

    /// What was done to one resource, the newest first. For an AppInstance that is what was done
    /// to itself, not to what is in it.
    pub async fn of_resource(&self, arn: &str, limit: u32) -> Found {
        let query = self.query().and(OF, arn);
        finished(self.walk(&query, ALL, Order::Newest, limit).await?, limit)
    }

    /// What was done to one endpoint of a user, the newest first.
    pub async fn of_endpoint(&self, user: &str, id: &str, limit: u32) -> Found {
        let id = serde_json::to_string(id).unwrap_or_default();
        let id = id
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let query = self
            .query()
            .and("b.resource = ?", user)
            .and(OF_ENDPOINT, format!("%\"EndpointId\":{id}%"));
        finished(self.walk(&query, ALL, Order::Newest, limit).await?, limit)
    }

    /// What was done, the newest first, starting before a row. Fails when it cannot be found within
    /// the time of a search; [`AuditReader::search`] tells how far it came instead.
    pub async fn recent(&self, filter: &AuditFilter, before_seq: Option<i64>, limit: u32) -> Found {
        finished(self.search(filter, before_seq, limit).await?, limit)
    }

    /// What was done right after a row, the newest first, like [`AuditReader::recent`].
    pub async fn newer(&self, filter: &AuditFilter, after_seq: i64, limit: u32) -> Found {
        finished(self.search_newer(filter, after_seq, limit).await?, limit)
    }

    /// Looks for what was done, the newest first, starting before a row.
    pub async fn search(
        &self,
        filter: &AuditFilter,
        before_seq: Option<i64>,
        limit: u32,
    ) -> Result<Search, Failure> {
        let range = i64::MIN..before_seq.unwrap_or(i64::MAX);
        self.look_through(filter, range, Order::Newest, limit).await
    }

    /// Looks for what was done right after a row, the newest first: the page before in a list that
    /// begins with the newest.
    pub async fn search_newer(
        &self,
        filter: &AuditFilter,
        after_seq: i64,
        limit: u32,
    ) -> Result<Search, Failure> {
        let range = after_seq.saturating_add(1)..i64::MAX;
        self.look_through(filter, range, Order::Oldest, limit).await
    }

    async fn look_through(
        &self,
        filter: &AuditFilter,
        range: Range<i64>,
        order: Order,
        limit: u32,
    ) -> Result<Search, Failure> {
        let is_rare = match filter.outcome {
            Some(outcome) => within(self.is_rare(outcome)).await?,
            None => false,
        };
        let query = self.query().filtered(filter, is_rare);
        self.walk(&query, range, order, limit).await
    }

    /// Whether few entries ended so. Looks at no more rows than that.
    async fn is_rare(&self, outcome: Phase) -> sqlx::Result<bool> {
        let count =
            sqlx::query("SELECT COUNT(*) FROM (SELECT 1 FROM audit WHERE phase = $1 LIMIT $2) few")
                .bind(outcome.name())
                .bind(RARE + 1)
                .fetch_one(self.audit.store.log());
        Ok(count.await?.try_get::<i64, _>(0)? <= RARE)
    }

    /// How far the audit goes: the number of its last row. An entry that gets its outcome moves it
    /// too.
    pub async fn end(&self) -> Result<i64, Failure> {
        let end = sqlx::query("SELECT seq FROM audit_head WHERE id = 1")
            .fetch_one(self.audit.store.log());
        within(async { end.await?.try_get(0) }).await
    }

    /// One entry by its id.
    pub async fn entry(&self, id: &str) -> Result<Option<Entry>, Failure> {
        self.one(&self.query().and("b.entry = ?", id), None).await
    }

    /// One entry by the number of its first row.
    pub async fn at_seq(&self, seq: i64) -> Result<Option<Entry>, Failure> {
        let row = seq..seq.saturating_add(1);
        self.one(&self.query(), Some(&row)).await
    }

    async fn one(
        &self,
        query: &Query,
        stretch: Option<&Range<i64>>,
    ) -> Result<Option<Entry>, Failure> {
        let rows = query.read(&self.audit.store, stretch, Order::Oldest, 1);
        Ok(within(rows).await?.first().map(row::entry))
    }
}

/// The entries of a search that found enough or looked at everything.
fn finished(search: Search, limit: u32) -> Found {
    if search.stopped.is_some() && search.entries.len() < limit as usize {
        return Err(Cause::Busy.into());
    }
    Ok(search.entries)
}
