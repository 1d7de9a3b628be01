//! The tags that a resource has: shape `TagList`, as rows.
//!
//! Which resource is meant, and whether it can be tagged, is known to `tags`.

use sqlx::SqliteConnection;

use crate::constraints::Tag;
use crate::error::ApiError;
use crate::settings::Quotas;

/// The row that tags belong to.
#[derive(Clone, Copy)]
pub(crate) enum Owner {
    AppInstance(i64),
    User(i64),
    Bot(i64),
}

impl Owner {
    fn key(self) -> (&'static str, i64) {
        match self {
            Self::AppInstance(id) => ("app-instance", id),
            Self::User(id) => ("user", id),
            Self::Bot(id) => ("bot", id),
        }
    }
}

/// The tags of a resource, by key.
pub(crate) async fn of(db: &mut SqliteConnection, owner: Owner) -> Result<Vec<Tag>, ApiError> {
    let (kind, owner) = owner.key();
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT key, value FROM tag WHERE kind = $1 AND owner = $2 ORDER BY key")
            .bind(kind)
            .bind(owner)
            .fetch_all(db)
            .await?;
    let tags = rows.into_iter().map(|(key, value)| Tag { key, value });
    Ok(tags.collect())
}

/// Stores tags; the quota counts the merged set, so too many undo the whole call.
pub(crate) async fn put(
    db: &mut SqliteConnection,
    owner: Owner,
    tags: &[Tag],
    quotas: Quotas,
) -> Result<(), ApiError> {
    if tags.is_empty() {
        return Ok(());
    }
    insert(db, owner, tags).await?;
    let (kind, owner) = owner.key();
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM tag WHERE kind = $1 AND owner = $2")
        .bind(kind)
        .bind(owner)
        .fetch_one(db)
        .await?;
    if count > i64::from(quotas.tags) {
        return Err(too_many());
    }
    Ok(())
}

/// Stores the tags of a resource that was just made.
pub(crate) async fn put_first(
    db: &mut SqliteConnection,
    owner: Owner,
    tags: &[Tag],
    quotas: Quotas,
) -> Result<(), ApiError> {
    if u32::try_from(tags.len()).is_ok_and(|count| count <= quotas.tags) {
        insert(db, owner, tags).await
    } else {
        Err(too_many())
    }
}

async fn insert(db: &mut SqliteConnection, owner: Owner, tags: &[Tag]) -> Result<(), ApiError> {
    let (kind, owner) = owner.key();
    for tag in tags {
        sqlx::query(
            "INSERT INTO tag (kind, owner, key, value) VALUES ($1, $2, $3, $4)
             ON CONFLICT (kind, owner, key) DO UPDATE SET value = excluded.value",
        )
        .bind(kind)
        .bind(owner)
        .bind(&tag.key)
        .bind(&tag.value)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

fn too_many() -> ApiError {
    ApiError::limit_exceeded("the resource would have more tags than it may have")
}

/// Removes the tags with these keys; keys that are not there are ignored.
pub(crate) async fn remove(
    db: &mut SqliteConnection,
    owner: Owner,
    keys: &[String],
) -> Result<(), ApiError> {
    let (kind, owner) = owner.key();
    for key in keys {
        sqlx::query("DELETE FROM tag WHERE kind = $1 AND owner = $2 AND key = $3")
            .bind(kind)
            .bind(owner)
            .bind(key)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}
