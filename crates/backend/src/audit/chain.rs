//! The rows of the audit as they are stored, and the hashes that chain them.

use domain::Failure;
use sha2::{Digest, Sha256};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::Audit;
use crate::random::hex;
use crate::store::{unavailable, within};

/// What [`Audit::verify`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Every row is as it was written, and none is missing.
    Intact {
        /// How many rows there are.
        rows: u64,
    },
    /// A row was changed, removed or put in; the first place where it shows.
    BrokenAt {
        /// The row's number.
        seq: i64,
    },
}

/// A row without its hashes.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) seq: i64,
    pub(super) entry: String,
    pub(super) phase: String,
    pub(super) at: i64,
    pub(super) operator: Option<String>,
    pub(super) username: String,
    pub(super) remote: Option<String>,
    pub(super) request: String,
    pub(super) connection: Option<String>,
    pub(super) region: Option<String>,
    pub(super) operation: String,
    pub(super) resource: Option<String>,
    pub(super) instance: Option<String>,
    pub(super) input: Option<String>,
    pub(super) before: Option<String>,
    pub(super) failure: Option<String>,
    pub(super) aws_request: Option<String>,
}

impl Row {
    /// SHA-256 over the hash before and every column. Each is written with its length, so that no
    /// two rows are written alike.
    pub(super) fn hash(&self, previous: &str) -> String {
        let mut hasher = Sha256::new();
        feed(&mut hasher, Some(previous));
        feed(&mut hasher, Some(&self.seq.to_string()));
        feed(&mut hasher, Some(&self.at.to_string()));
        for text in [
            Some(&self.entry),
            Some(&self.phase),
            self.operator.as_ref(),
            Some(&self.username),
            self.remote.as_ref(),
            Some(&self.request),
            self.connection.as_ref(),
            self.region.as_ref(),
            Some(&self.operation),
            self.resource.as_ref(),
            self.instance.as_ref(),
            self.input.as_ref(),
            self.before.as_ref(),
            self.failure.as_ref(),
            self.aws_request.as_ref(),
        ] {
            feed(&mut hasher, text.map(String::as_str));
        }
        hex(&hasher.finalize())
    }
}

fn feed(hasher: &mut Sha256, text: Option<&str>) {
    match text {
        Some(text) => {
            hasher.update(text.len().to_string());
            hasher.update(":");
            hasher.update(text);
        }
        None => hasher.update("-"),
    }
}

impl Audit {
    /// Reads every row in order and checks it against the chain.
    pub async fn verify(&self) -> Result<Verified, Failure> {
        let mut expected = 1;
        let mut previous = String::new();
        loop {
            let rows = sqlx::query(
                "SELECT seq, entry, phase, at, operator, username, remote, request, connection, \
                 region, operation, resource, instance, input, before_values, failure, \
                 aws_request, prev_hash, hash FROM audit WHERE seq >= $1 ORDER BY seq LIMIT 5000",
            )
            .bind(expected)
            .fetch_all(self.store.pool());
            let rows = within(rows).await?;
            for row in &rows {
                let link = link(row).map_err(|error| unavailable(&error))?;
                if link.row.seq != expected
                    || link.previous != previous
                    || link.row.hash(&previous) != link.hash
                {
                    return Ok(Verified::BrokenAt { seq: expected });
                }
                previous = link.hash;
                expected += 1;
            }
            if rows.is_empty() {
                break;
            }
        }
        self.ends_with(expected - 1, &previous).await
    }

    /// Whether the chain's end is where the head says. Rows may have been added meanwhile.
    async fn ends_with(&self, last: i64, hash: &str) -> Result<Verified, Failure> {
        let head = sqlx::query("SELECT seq, hash FROM audit_head WHERE id = 1")
            .fetch_one(self.store.pool());
        let (seq, head): (i64, String) = within(async {
            head.await
                .and_then(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        })
        .await?;
        if seq < last || (seq == last && head != hash) {
            return Ok(Verified::BrokenAt { seq: last });
        }
        if seq > last {
            let next = sqlx::query("SELECT prev_hash FROM audit WHERE seq = $1")
                .bind(last + 1)
                .fetch_optional(self.store.pool());
            let next: Option<String> =
                within(async { next.await?.map(|row| row.try_get(0)).transpose() }).await?;
            if next.as_deref() != Some(hash) {
                return Ok(Verified::BrokenAt { seq: last + 1 });
            }
        }
        Ok(Verified::Intact {
            rows: u64::try_from(last).unwrap_or_default(),
        })
    }
}

struct Link {
    row: Row,
    previous: String,
    hash: String,
}

fn link(row: &AnyRow) -> sqlx::Result<Link> {
    Ok(Link {
        row: Row {
            seq: row.try_get(0)?,
            entry: row.try_get(1)?,
            phase: row.try_get(2)?,
            at: row.try_get(3)?,
            operator: row.try_get(4)?,
            username: row.try_get(5)?,
            remote: row.try_get(6)?,
            request: row.try_get(7)?,
            connection: row.try_get(8)?,
            region: row.try_get(9)?,
            operation: row.try_get(10)?,
            resource: row.try_get(11)?,
            instance: row.try_get(12)?,
            input: row.try_get(13)?,
            before: row.try_get(14)?,
            failure: row.try_get(15)?,
            aws_request: row.try_get(16)?,
        },
        previous: row.try_get(17)?,
        hash: row.try_get(18)?,
    })
}
