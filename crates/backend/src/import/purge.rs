//! Taking uploaded files away.

use domain::Failure;
use sqlx::Row as _;

use super::Imports;
use crate::access::OperatorId;
use crate::store::{unavailable, within};

const DAY: i64 = 86_400_000;
/// How long a file is kept of which no job is made, in milliseconds.
const KEPT: i64 = 7 * DAY;
/// How long an upload may take. One that takes longer has ended.
const RECEIVING: i64 = DAY;
/// How long a choice of columns is kept.
const CHOICES: i64 = 365 * DAY;
/// How many files of one operator are kept; the oldest goes.
const EACH: usize = 10;

impl Imports {
    /// Takes away files that are old, and what was left of uploads that never ended.
    pub async fn purge(&self) {
        if self.purge_old().await.is_err() {
            tracing::warn!("old imports could not be taken away");
        }
    }

    async fn purge_old(&self) -> Result<(), Failure> {
        let now = self.0.clock.now().0;
        let old = sqlx::query(
            "SELECT id FROM imports WHERE created_at < $1 OR (heading = '' AND created_at < $2)",
        )
        .bind(now - KEPT)
        .bind(now - RECEIVING)
        .fetch_all(self.0.store.pool());
        for row in within(old).await? {
            let id: String = row.try_get(0).map_err(|error| unavailable(&error))?;
            self.forget(&id).await?;
        }
        let choices = sqlx::query("DELETE FROM import_mappings WHERE chosen_at < $1")
            .bind(now - CHOICES)
            .execute(self.0.store.pool());
        within(choices).await.map(drop)
    }

    /// Takes away the oldest files of an operator beyond those that are kept.
    pub(super) async fn purge_of(&self, operator: &OperatorId) -> Result<(), Failure> {
        let all = sqlx::query(
            "SELECT id FROM imports WHERE operator = $1 AND heading <> '' AND job IS NULL \
             ORDER BY created_at DESC",
        )
        .bind(operator.as_str())
        .fetch_all(self.0.store.pool());
        for row in within(all).await?.iter().skip(EACH) {
            let id: String = row.try_get(0).map_err(|error| unavailable(&error))?;
            self.forget(&id).await?;
        }
        Ok(())
    }

    /// Takes a file and its rows away.
    pub(super) async fn forget(&self, id: &str) -> Result<(), Failure> {
        within(async {
            let mut write = self.0.store.write().await?;
            sqlx::query("DELETE FROM import_parts WHERE import = $1")
                .bind(id)
                .execute(write.on())
                .await?;
            sqlx::query("DELETE FROM imports WHERE id = $1")
                .bind(id)
                .execute(write.on())
                .await?;
            write.commit().await
        })
        .await
    }
}
