//! Closing what was begun and never finished.

use domain::Failure;
use sqlx::Row as _;

use super::append::append;
use super::chain::Row;
use super::{Audit, Phase};
use crate::store::{unavailable, within};

/// Milliseconds, longer than any call can take: an older row without an outcome was begun by a
/// process that is gone.
const ABANDONED: i64 = 60_000;

impl Audit {
    /// Closes what earlier processes and other nodes began since a time and never finished: its
    /// outcome is unknown.
    pub async fn recover(&self, since: i64) {
        if let Err(failure) = self.close_since(since).await {
            tracing::error!(
                cause = failure.cause.code(),
                "audit rows left open could not be closed"
            );
        }
    }

    async fn close_since(&self, since: i64) -> Result<(), Failure> {
        // Another node may be in the middle of a call; on SQLite there is no other.
        let age = if self.store.is_shared() { ABANDONED } else { 0 };
        let abandoned = sqlx::query(
            // What belongs to a job is finished by the process that takes the job over.
            "SELECT b.entry FROM audit b WHERE b.phase = 'begun' AND b.job IS NULL \
             AND b.at >= $1 AND b.at <= $2 \
             AND NOT EXISTS (SELECT 1 FROM audit o WHERE o.entry = b.entry AND o.phase <> 'begun')",
        )
        .bind(since)
        .bind(self.clock.now().0 - age)
        .fetch_all(self.store.log());
        for row in within(abandoned).await? {
            let entry: String = row.try_get(0).map_err(|error| unavailable(&error))?;
            if !self.open.with(|open| open.contains(&entry)) {
                within(self.abandon(entry)).await?;
            }
        }
        Ok(())
    }

    /// Makes an outcome unknown, unless the outcome came meanwhile or another node was first.
    async fn abandon(&self, entry: String) -> sqlx::Result<()> {
        let mut write = self.write().await?;
        let ended = sqlx::query("SELECT 1 FROM audit WHERE entry = $1 AND phase <> 'begun'")
            .bind(&entry)
            .fetch_optional(write.on())
            .await?;
        if ended.is_some() {
            return Ok(());
        }
        tracing::warn!(entry, "a call of an earlier process has no known outcome");
        let row = Row {
            entry,
            ..self.row(Phase::Unknown, None)
        };
        append(write.on(), row).await?;
        write.commit().await
    }
}
