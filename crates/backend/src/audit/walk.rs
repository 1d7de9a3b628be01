//! Looking through the log, one stretch of rows after another.
//!
//! A filter that finds nothing would read the log to its end, and a database goes on with a
//! statement that nobody waits for any more. So a statement looks at a bounded number of rows, and
//! a search is given up after a while: it says how far it came, and can go on from there.

use std::ops::Range;
use std::time::Duration;

use domain::{Failure, Timestamp};
use sqlx::Row as _;
use tokio::time::Instant;

use super::query::{Order, Query};
use super::read::AuditReader;
use super::{Entry, row};
use crate::points::Point;
use crate::store::within;

/// How many rows are looked at first. Most searches find what they need there.
const FIRST: i64 = 1000;
/// The most rows that one statement looks at.
const MOST: i64 = 128_000;
/// How long a search goes on.
pub(super) const PATIENCE: Duration = Duration::from_millis(1500);

/// How far the clocks of two rows may differ from the order that they were written in.
const SKEW: i64 = 86_400_000;

/// The first row since a time, and the last before one, as far as the clocks of rows agree.
pub(super) const FIRST_SINCE: &str = "SELECT CAST(MIN(seq) AS BIGINT) FROM (SELECT seq FROM audit \
     WHERE at >= $1 ORDER BY at, seq LIMIT 1000) near";
pub(super) const LAST_BEFORE: &str = "SELECT CAST(MAX(seq) AS BIGINT) FROM (SELECT seq FROM audit \
     WHERE at < $1 ORDER BY at DESC, seq DESC LIMIT 1000) near";

/// How many rows the next statement looks at.
fn larger(size: i64) -> i64 {
    MOST.min(size * 4)
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// The entries, the newest first.
    pub entries: Vec<Entry>,
    /// Where it was given up before it had found enough; nothing when all was looked at.
    pub stopped: Option<Stop>,
}

/// Where a search was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The row to go on before, or after when the search went towards the newest.
    pub seq: i64,
    /// The time of that row.
    pub at: Option<Timestamp>,
}

impl AuditReader {
    /// Looks through the rows of a range until there are enough entries.
    pub(super) async fn walk(
        &self,
        query: &Query,
        range: Range<i64>,
        order: Order,
        limit: u32,
    ) -> Result<Search, Failure> {
        let _turn = self.audit.turns.take(self.who.as_ref()).await?;
        self.audit.store.points().reach(Point::TurnTaken).await;
        let began = Instant::now();
        let mut left = within(self.narrowed(query, range)).await?;
        let mut size = FIRST;
        let mut entries = Vec::new();
        let mut stopped = None;
        while left.start < left.end {
            let stretch = match order {
                Order::Newest => left.start.max(left.end - size)..left.end,
                Order::Oldest => left.start..left.end.min(left.start + size),
            };
            let wanted = limit.saturating_sub(u32::try_from(entries.len()).unwrap_or(u32::MAX));
            let rows = query.read(&self.audit.store, Some(&stretch), order, wanted);
            entries.extend(within(rows).await?.iter().map(row::entry));
            if entries.len() >= limit as usize {
                break;
            }
            match order {
                Order::Newest => left.end = stretch.start,
                Order::Oldest => left.start = stretch.end,
            }
            if left.start < left.end && began.elapsed() >= self.patience {
                let seq = match order {
                    Order::Newest => left.end,
                    Order::Oldest => left.start - 1,
                };
                let at = within(self.time_near(seq)).await?;
                stopped = Some(Stop { seq, at });
                break;
            }
            size = larger(size);
        }
        if order == Order::Oldest {
            entries.reverse();
        }
        Ok(Search { entries, stopped })
    }

    /// The part of a range where there are rows, of the times that the query asks for.
    async fn narrowed(&self, query: &Query, range: Range<i64>) -> sqlx::Result<Range<i64>> {
        let ends = sqlx::query(
            "SELECT CAST((SELECT seq FROM audit WHERE seq >= $1 ORDER BY seq LIMIT 1) AS BIGINT), \
             CAST((SELECT seq FROM audit WHERE seq <= $2 ORDER BY seq DESC LIMIT 1) AS BIGINT)",
        )
        .bind(range.start)
        .bind(range.end)
        .fetch_one(self.audit.store.log())
        .await?;
        let first: Option<i64> = ends.try_get(0)?;
        let last: Option<i64> = ends.try_get(1)?;
        let (Some(mut first), Some(mut last)) = (first, last) else {
            return Ok(0..0);
        };
        // Rows are nearly in the order of their times: clocks differ a little, or were set.
        if let Some(from) = query.from {
            let found = self.nearest(FIRST_SINCE, from.0.saturating_sub(SKEW));
            first = first.max(found.await?.unwrap_or(i64::MAX));
        }
        if let Some(to) = query.to {
            let found = self.nearest(LAST_BEFORE, to.0.saturating_add(SKEW));
            last = last.min(found.await?.unwrap_or(i64::MIN));
        }
        Ok(first.max(range.start)..last.saturating_add(1).min(range.end))
    }

    async fn nearest(&self, sql: &'static str, at: i64) -> sqlx::Result<Option<i64>> {
        let row = sqlx::query(sql).bind(at).fetch_one(self.audit.store.log());
        row.await?.try_get(0)
    }

    /// The time of the row at a place, or of the first after it.
    async fn time_near(&self, seq: i64) -> sqlx::Result<Option<Timestamp>> {
        let row = sqlx::query(
            "SELECT CAST(at AS BIGINT) FROM audit WHERE seq >= $1 ORDER BY seq LIMIT 1",
        )
        .bind(seq)
        .fetch_optional(self.audit.store.log());
        let at: Option<i64> = row.await?.map(|row| row.try_get(0)).transpose()?;
        Ok(at.map(Timestamp))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_statement_looks_at_more_rows_than_one_may() {
        let sizes = std::iter::successors(Some(FIRST), |size| Some(larger(*size)));
        let sizes: Vec<_> = sizes.take(20).collect();
        assert_eq!(sizes[..3], [1000, 4000, 16_000]);
        assert!(sizes.iter().all(|size| *size <= MOST), "{sizes:?}");
    }
}
