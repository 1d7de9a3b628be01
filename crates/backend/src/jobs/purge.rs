//! Taking old jobs away.

use domain::Failure;
use sqlx::Row as _;

use super::Jobs;
use crate::store::{unavailable, within};

const DAY: i64 = 86_400_000;
/// How long results are kept, in milliseconds.
const RESULTS: i64 = 90 * DAY;
/// How long a plan that nobody runs is kept.
const PLANS: i64 = 7 * DAY;
/// How long rows may take to be written. An upload that takes longer has ended.
const MAKING: i64 = DAY;
/// How many jobs are taken away in one round, so that others get their turn.
const AT_ONCE: i64 = 20;

impl Jobs {
    /// Takes away jobs whose results are old, plans that nobody ran, and what was left half made. The
    /// audit keeps what they did.
    pub(crate) async fn purge(&self) {
        if self.purge_some().await.is_err() {
            tracing::warn!("old jobs could not be taken away");
        }
    }

    async fn purge_some(&self) -> Result<(), Failure> {
        let now = self.now().0;
        let old = sqlx::query(
            "SELECT id FROM jobs WHERE created_at < $1 AND ((ended_at < $2) \
             OR (state = 'planned' AND created_at < $3) OR state = 'making') LIMIT $4",
        )
        .bind(now - MAKING)
        .bind(now - RESULTS)
        .bind(now - PLANS)
        .bind(AT_ONCE)
        .fetch_all(self.0.store.pool());
        for row in within(old).await? {
            let id: String = row.try_get(0).map_err(|error| unavailable(&error))?;
            self.forget(&id).await?;
        }
        Ok(())
    }

    /// Takes a job and its rows away.
    pub(super) async fn forget(&self, id: &str) -> Result<(), Failure> {
        within(async {
            let mut write = self.0.store.write().await?;
            sqlx::query("DELETE FROM job_items WHERE job = $1")
                .bind(id)
                .execute(write.on())
                .await?;
            sqlx::query("DELETE FROM jobs WHERE id = $1")
                .bind(id)
                .execute(write.on())
                .await?;
            write.commit().await
        })
        .await
    }
}
