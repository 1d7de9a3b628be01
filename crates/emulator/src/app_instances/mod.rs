//! App instances (API reference, `AppInstance`), with their retention settings.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod describe;
pub(crate) mod list;
pub(crate) mod retention;
pub(crate) mod update;

use sqlx::SqliteConnection;

use crate::{error::ApiError, scope::Scope};

/// The row of an app instance that exists and is not being deleted.
pub(crate) async fn find(
    db: &mut SqliteConnection,
    scope: &Scope,
    id: &str,
) -> Result<i64, ApiError> {
    let found = sqlx::query_scalar(
        "SELECT id FROM app_instance
         WHERE account_id = $1 AND region = $2 AND app_instance_id = $3 AND deleting = 0",
    )
    .bind(&scope.account_id)
    .bind(&scope.region)
    .bind(id)
    .fetch_optional(db)
    .await?;
    found.ok_or_else(|| ApiError::missing("app instance"))
}
