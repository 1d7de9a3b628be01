//! Who works on a job: one process at a time. A lease lasts for a while and is renewed; its number,
//! the epoch, is in everything that its holder writes.

use domain::arn::AppInstanceArn;
use domain::{Cause, Failure, JobId, JobKind, JobState, RowState, Scope};
use sqlx::{AnyConnection, Row as _};

use super::{Jobs, Owner, read};
use crate::store::within;

/// Milliseconds that a lease lasts. Longer than a stalled disk or a busy machine keeps a process.
pub(super) const LASTS: i64 = 15_000;

/// The right to work on a job.
#[derive(Clone, Debug)]
pub(super) struct Lease {
    pub(super) job: JobId,
    pub(super) epoch: i64,
    pub(super) state: JobState,
    pub(super) kind: JobKind,
    pub(super) scope: Scope,
    /// The AppInstance around its rows; nothing for several.
    pub(super) instance: Option<AppInstanceArn>,
    pub(super) owner: Owner,
    /// The request that the job was asked for with, for the audit.
    pub(super) request: String,
    pub(super) remote: Option<std::net::IpAddr>,
}

impl Jobs {
    /// Takes the leases of the jobs that nobody works on.
    pub(super) async fn take_leases(&self) -> Result<Vec<Lease>, Failure> {
        let now = self.0.clock.now().0;
        let process = self.0.store.process();
        let found = sqlx::query(
            "SELECT id, epoch, lease_by, lease_until FROM jobs \
             WHERE ended_at IS NULL AND state IN ('planning', 'running', 'cancelled') \
             ORDER BY created_at",
        )
        .fetch_all(self.0.store.pool());
        let mut taken = Vec::new();
        for row in within(found).await? {
            let read = || -> sqlx::Result<(String, i64, Option<String>, i64)> {
                Ok((
                    row.try_get("id")?,
                    row.try_get("epoch")?,
                    row.try_get("lease_by")?,
                    row.try_get("lease_until")?,
                ))
            };
            let Ok((id, epoch, by, until)) = read() else {
                continue;
            };
            let Ok(job) = id.parse::<JobId>() else {
                continue;
            };
            let is_held = until > now && by.as_ref().is_some_and(|by| !process.is_gone(by));
            if is_held || self.0.running.has(&job) {
                continue;
            }
            if let Some(lease) = self.take_lease(&job, epoch).await? {
                taken.push(lease);
            }
        }
        Ok(taken)
    }

    /// Takes one, unless somebody was faster. What the holder before may have sent is unknown.
    async fn take_lease(&self, job: &JobId, epoch: i64) -> Result<Option<Lease>, Failure> {
        let until = self.0.clock.now().0 + LASTS;
        let taken = async {
            let mut write = self.0.store.write().await?;
            let row = sqlx::query(
                "UPDATE jobs SET epoch = epoch + 1, lease_by = $1, lease_until = $2 \
                 WHERE id = $3 AND epoch = $4 AND ended_at IS NULL \
                 AND state IN ('planning', 'running', 'cancelled') RETURNING epoch, kind, state, instance, connection, region, operator, username, request, remote",
            )
            .bind(self.0.store.process().id())
            .bind(until)
            .bind(job.as_str())
            .bind(epoch)
            .fetch_optional(write.on())
            .await?;
            let Some(row) = row else {
                return Ok(None);
            };
            sqlx::query("UPDATE job_items SET state = $1 WHERE job = $2 AND state = $3")
                .bind(RowState::Unanswered.name())
                .bind(job.as_str())
                .bind(RowState::Intent.name())
                .execute(write.on())
                .await?;
            write.commit().await?;
            Ok(Some(row))
        };
        let Some(row) = within(taken).await? else {
            return Ok(None);
        };
        let read = || {
            let remote: Option<String> = row.try_get("remote").ok()?;
            Some(Lease {
                job: job.clone(),
                epoch: row.try_get("epoch").ok()?,
                state: row.try_get::<String, _>("state").ok()?.parse().ok()?,
                kind: row.try_get::<String, _>("kind").ok()?.parse().ok()?,
                scope: read::scope(&row)?,
                instance: match &*row.try_get::<String, _>("instance").ok()? {
                    "" => None,
                    arn => Some(arn.parse().ok()?),
                },
                owner: read::owner(&row)?,
                request: row.try_get("request").ok()?,
                remote: remote.and_then(|remote| remote.parse().ok()),
            })
        };
        let lease = read();
        if lease.is_none() {
            tracing::error!(job = job.as_str(), "a job cannot be read");
        }
        lease.ok_or(Cause::Internal.into()).map(Some)
    }

    /// Makes a lease last longer. Says whether it still holds.
    pub(super) async fn renew(&self, lease: &Lease) -> Result<bool, Failure> {
        let until = self.0.clock.now().0 + LASTS;
        let renewed = sqlx::query("UPDATE jobs SET lease_until = $1 WHERE id = $2 AND epoch = $3")
            .bind(until)
            .bind(lease.job.as_str())
            .bind(lease.epoch)
            .execute(self.0.store.pool());
        Ok(within(renewed).await?.rows_affected() == 1)
    }

    /// Gives a lease back, so that another process need not wait for it to run out.
    pub(super) async fn give_back(&self, lease: &Lease) {
        let given = sqlx::query(
            "UPDATE jobs SET lease_by = NULL, lease_until = 0 WHERE id = $1 AND epoch = $2",
        )
        .bind(lease.job.as_str())
        .bind(lease.epoch)
        .execute(self.0.store.pool());
        if within(given).await.is_err() {
            tracing::warn!("a lease could not be given back; it runs out by itself");
        }
    }
}

/// Whether the lease still holds, within the transaction that writes for it. The row is locked until
/// that ends.
pub(super) async fn holds(
    on: &mut AnyConnection,
    lease: &Lease,
    while_in: Option<JobState>,
) -> sqlx::Result<bool> {
    let state = while_in.map(JobState::name);
    let held = sqlx::query(
        "UPDATE jobs SET epoch = epoch WHERE id = $1 AND epoch = $2 AND ($3 IS NULL OR state = $3)",
    )
    .bind(lease.job.as_str())
    .bind(lease.epoch)
    .bind(state)
    .execute(on)
    .await?;
    Ok(held.rows_affected() == 1)
}
