//! Files that were received: what is known of each, and what its columns are.

use domain::arn::AppInstanceArn;
use domain::import::{Kind, Mapping};
use domain::{ConnectionId, Failure, JobId, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::receive::written;
use super::{Heading, Imports};
use crate::access::{Caller, OperatorId};
use crate::random;
use crate::store::within;

const COLUMNS: &str = "id, connection, instance, kind, file_name, sha256, bytes, total, heading, \
     mapping, claimed_until, job, created_at";

/// A file that was received, without its rows. `Debug` hides its name.
#[derive(Clone, PartialEq)]
pub struct Kept {
    /// Its id.
    pub id: String,
    /// By which connection it was uploaded for.
    pub connection: ConnectionId,
    /// The AppInstance that it is for.
    pub instance: AppInstanceArn,
    /// What its rows are.
    pub kind: Kind,
    /// Its name, as the browser said: any text.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// How many rows.
    pub total: u64,
    /// How it is written, and the names of its columns.
    pub heading: Heading,
    /// What each column is. It may have problems.
    pub mapping: Mapping,
    /// Whether a job is being made of it now.
    pub is_claimed: bool,
    /// The job that was made of it; its rows are gone then.
    pub job: Option<JobId>,
    /// When it was uploaded.
    pub created: Timestamp,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

impl Imports {
    /// A file of an operator; `None` for those of others, as for one that does not exist.
    pub async fn get(&self, caller: &Caller, id: &str) -> Result<Option<Kept>, Failure> {
        let sql = format!(
            "SELECT {COLUMNS} FROM imports WHERE id = $1 AND operator = $2 AND heading <> ''"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .bind(caller.operator.as_str())
            .fetch_optional(self.0.store.pool());
        let row = within(row).await?;
        let now = self.0.clock.now();
        Ok(row.as_ref().and_then(|row| kept(row, now)))
    }

    /// The files of an operator of which no job was made yet, the newest first.
    pub async fn unfinished(&self, caller: &Caller) -> Result<Vec<Kept>, Failure> {
        let sql = format!(
            "SELECT {COLUMNS} FROM imports WHERE operator = $1 AND heading <> '' AND job IS NULL \
             ORDER BY created_at DESC"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(caller.operator.as_str())
            .fetch_all(self.0.store.pool());
        let rows = within(rows).await?;
        let now = self.0.clock.now();
        Ok(rows.iter().filter_map(|row| kept(row, now)).collect())
    }

    /// Takes a file of an operator away.
    pub async fn remove(&self, file: &Kept) -> Result<(), Failure> {
        self.forget(&file.id).await
    }

    /// Keeps what an operator chose for the columns of a file, right or wrong; what is right also for
    /// their next file with the same columns.
    pub async fn choose(
        &self,
        caller: &Caller,
        file: &Kept,
        mapping: &Mapping,
    ) -> Result<(), Failure> {
        let text = written(mapping)?;
        let is_right = mapping.problems().is_empty();
        let names = names_of(&file.heading.columns);
        let now = self.0.clock.now().0;
        within(async {
            let mut write = self.0.store.write().await?;
            sqlx::query(
                "UPDATE imports SET mapping = $1 WHERE id = $2 AND job IS NULL \
                 AND claimed_until < $3",
            )
            .bind(&text)
            .bind(&file.id)
            .bind(now)
            .execute(write.on())
            .await?;
            if is_right {
                sqlx::query(
                    "INSERT INTO import_mappings (operator, kind, names, mapping, chosen_at) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (operator, kind, names) \
                     DO UPDATE SET mapping = excluded.mapping, chosen_at = excluded.chosen_at",
                )
                .bind(caller.operator.as_str())
                .bind(mapping.kind().word())
                .bind(names)
                .bind(&text)
                .bind(now)
                .execute(write.on())
                .await?;
            }
            write.commit().await
        })
        .await
    }

    /// What an operator chose last for columns with these names.
    pub(super) async fn chosen(
        &self,
        operator: &OperatorId,
        kind: Kind,
        names: &[String],
    ) -> Result<Option<Mapping>, Failure> {
        let row = sqlx::query(
            "SELECT mapping FROM import_mappings WHERE operator = $1 AND kind = $2 AND names = $3",
        )
        .bind(operator.as_str())
        .bind(kind.word())
        .bind(names_of(names))
        .fetch_optional(self.0.store.pool());
        let row = within(row).await?;
        let mapping: Option<String> = row.and_then(|row| row.try_get(0).ok());
        let mapping = mapping.and_then(|text| serde_json::from_str::<Mapping>(&text).ok());
        Ok(mapping.filter(|mapping| mapping.columns().len() == names.len()))
    }
}

/// The names of columns as one text of a fixed length. They can be anything, so they are not kept.
fn names_of(names: &[String]) -> String {
    let names = serde_json::to_string(names).unwrap_or_default();
    random::sha256(names.as_bytes())
}

fn kept(row: &AnyRow, now: Timestamp) -> Option<Kept> {
    let text = |column: &str| row.try_get::<String, _>(column).ok();
    let count = |column: &str| u64::try_from(row.try_get::<i64, _>(column).ok()?).ok();
    let job: Option<String> = row.try_get("job").ok()?;
    Some(Kept {
        id: text("id")?,
        connection: text("connection")?.parse().ok()?,
        instance: text("instance")?.parse().ok()?,
        kind: text("kind")?.parse().ok()?,
        file_name: text("file_name")?,
        sha256: text("sha256")?,
        bytes: count("bytes")?,
        total: count("total")?,
        heading: serde_json::from_str(&text("heading")?).ok()?,
        mapping: serde_json::from_str(&text("mapping")?).ok()?,
        is_claimed: job.is_none() && row.try_get::<i64, _>("claimed_until").ok()? >= now.0,
        job: job.and_then(|job| job.parse().ok()),
        created: Timestamp(row.try_get("created_at").ok()?),
    })
}
