//! Which rows of a job are next.

use std::collections::HashSet;

use domain::plan::Why;
use domain::{Cause, RowState};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::batch::Halt;
use super::item::{COLUMNS, Item, text};
use super::lease::holds;
use super::worker::{MOST_ROWS, Worker};
use crate::store::within;

impl Worker {
    /// Some rows that were not planned yet, and those that cannot be read.
    pub(super) async fn new_rows(&self) -> Result<(Vec<Item>, Vec<i64>), Halt> {
        let (mut items, mut damaged) = (Vec::new(), Vec::new());
        for row in self.rows_in(RowState::New, MOST_ROWS).await? {
            match Item::read(&row) {
                Ok(Some(item)) => items.push(item),
                Ok(None) | Err(_) => damaged.push(row.try_get("row").map_err(|_| Halt::Store)?),
            }
        }
        Ok((items, damaged))
    }

    /// How many rows the job has.
    pub(super) async fn total(&self) -> Result<i64, Halt> {
        let row = sqlx::query("SELECT total FROM jobs WHERE id = $1")
            .bind(self.lease.job.as_str())
            .fetch_one(self.jobs.0.store.pool());
        let total = within(async { row.await?.try_get(0) }).await;
        total.map_err(|_| Halt::Store)
    }

    /// The rows whose turn it is: first those that got no answer.
    pub(super) async fn due(&self, taken: &HashSet<i64>) -> Result<Vec<Item>, Halt> {
        let limit = if self.in_trouble() {
            1
        } else {
            self.rows_at_once()
        };
        let mut items = Vec::new();
        let mut damaged = Vec::new();
        for state in [RowState::Unanswered, RowState::Pending] {
            let left = limit - items.len();
            if left == 0 {
                break;
            }
            for row in self.rows_in(state, left + taken.len()).await? {
                let number: i64 = row.try_get("row").map_err(|_| Halt::Store)?;
                if taken.contains(&number) || items.len() == limit {
                    continue;
                }
                match Item::read(&row) {
                    Ok(Some(item)) => items.push(item),
                    Ok(None) | Err(_) => damaged.push(number),
                }
            }
        }
        if !damaged.is_empty() {
            self.give_up(&damaged).await?;
        }
        Ok(items)
    }

    async fn rows_in(&self, state: RowState, limit: usize) -> Result<Vec<AnyRow>, Halt> {
        let sql = format!(
            "SELECT {COLUMNS} FROM job_items WHERE job = $1 AND state = $2 AND not_before <= $3 \
             ORDER BY row LIMIT $4"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(self.lease.job.as_str())
            .bind(state.name())
            .bind(self.jobs.now().0)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(self.jobs.0.store.pool());
        within(rows).await.map_err(|_| Halt::Store)
    }

    /// Fails rows that cannot be read, since somebody changed them in the database.
    pub(super) async fn give_up(&self, rows: &[i64]) -> Result<(), Halt> {
        let why = text(&Why::Failed(Cause::Internal));
        let written = async {
            let mut write = self.jobs.0.store.write().await?;
            if !holds(write.on(), &self.lease, None).await? {
                return Ok(false);
            }
            for row in rows {
                sqlx::query(
                    "UPDATE job_items SET state = 'failed', why = $1 WHERE job = $2 AND row = $3",
                )
                .bind(&why)
                .bind(self.lease.job.as_str())
                .bind(row)
                .execute(write.on())
                .await?;
            }
            sqlx::query("UPDATE jobs SET failed = failed + $1 WHERE id = $2")
                .bind(i64::try_from(rows.len()).unwrap_or(i64::MAX))
                .bind(self.lease.job.as_str())
                .execute(write.on())
                .await?;
            write.commit().await?;
            Ok(true)
        };
        match within(written).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Halt::Lost),
            Err(_) => Err(Halt::Store),
        }
    }

    pub(super) async fn has_rows_left(&self) -> Result<bool, Halt> {
        let row = sqlx::query(
            "SELECT 1 FROM job_items WHERE job = $1 \
             AND state IN ('pending', 'intent', 'unanswered') LIMIT 1",
        )
        .bind(self.lease.job.as_str())
        .fetch_optional(self.jobs.0.store.pool());
        let row = within(row).await;
        Ok(row.map_err(|_| Halt::Store)?.is_some())
    }
}
