//! What has expired leaves the database.
//!
//! Every reader ignores a row from the moment it expires. It is deleted later and beside requests,
//! some rows at a time, so that no request waits for it.

use domain::Failure;

use super::Accounts;
use super::operators::{NOTICE_LIFETIME, forgotten_before};
use crate::store::within;

/// The most rows of one transaction, so that other writes get their turn soon.
const AT_A_TIME: u64 = 500;

/// Milliseconds by which sessions are kept longer. A session may have been used while the database
/// could not be written, and that use is written down soon after.
const UNWRITTEN: i64 = 60_000;

/// What takes some rows away: `$1` is the time before which they count for nothing, `$2` how many.
/// Each finds them by an index.
const SESSIONS: &str = "DELETE FROM sessions WHERE key IN \
     (SELECT key FROM sessions WHERE idle_expires_at <= $1 LIMIT $2)";
const ATTEMPTS: &str = "DELETE FROM sign_in_attempts WHERE (account, address) IN \
     (SELECT account, address FROM sign_in_attempts WHERE last_at < $1 LIMIT $2)";
const LINKS: &str = "DELETE FROM operator_links WHERE hash IN \
     (SELECT hash FROM operator_links WHERE expires_at <= $1 LIMIT $2)";
const SETUP_TOKENS: &str = "DELETE FROM setup_tokens WHERE hash IN \
     (SELECT hash FROM setup_tokens WHERE expires_at <= $1 LIMIT $2)";
const NOTICES: &str = "DELETE FROM notices WHERE id IN \
     (SELECT id FROM notices WHERE at < $1 LIMIT $2)";

impl Accounts {
    /// Deletes what has expired. Call this every few minutes.
    pub async fn purge(&self) {
        if let Err(failure) = self.purge_all().await {
            let cause = failure.cause.code();
            tracing::warn!(cause, "what has expired could not be taken away");
        }
    }

    async fn purge_all(&self) -> Result<(), Failure> {
        let now = self.clock.now().0;
        // The idle end of a session is never after its absolute end.
        self.purge_by(SESSIONS, now - UNWRITTEN).await?;
        self.purge_by(ATTEMPTS, forgotten_before(now)).await?;
        self.purge_by(LINKS, now).await?;
        self.purge_by(SETUP_TOKENS, now).await?;
        self.purge_by(NOTICES, now - NOTICE_LIFETIME).await
    }

    async fn purge_by(&self, statement: &'static str, before: i64) -> Result<(), Failure> {
        loop {
            let purged = async {
                let mut write = self.store.write().await?;
                let done = sqlx::query(statement)
                    .bind(before)
                    .bind(i64::try_from(AT_A_TIME).unwrap_or(i64::MAX))
                    .execute(write.on())
                    .await?;
                write.commit().await?;
                Ok(done.rows_affected())
            };
            if within(purged).await? < AT_A_TIME {
                return Ok(());
            }
        }
    }
}
