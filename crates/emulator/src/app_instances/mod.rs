//! App instances (API reference, `AppInstance`), with their retention settings.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod describe;
pub(crate) mod list;
pub(crate) mod retention;
pub(crate) mod update;

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection, sqlite::SqliteRow};

use crate::call::Call;
use crate::error::ApiError;
use crate::next_token::{NextToken, Position};
use crate::paging::PageRequest;
use crate::scope::Scope;
use crate::storage::Statement;

/// What `CreateAppInstance` and `UpdateAppInstance` answer.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ArnOutput {
    app_instance_arn: String,
}

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

/// Changes one app instance by a statement whose last value, its row, is still to be bound.
async fn change(call: &Call, id: String, statement: Statement) -> Result<(), ApiError> {
    let scope = call.scope.clone();
    call.write(move |db| {
        Box::pin(async move {
            let row = find(db, &scope, &id).await?;
            statement.bind(row).execute(db).await?;
            Ok(())
        })
    })
    .await
}

/// One page of what an app instance has: its users, bots or admins.
///
/// `query` is one that [`PageRequest::rows`] reads. The row of the app instance is its first value.
pub(crate) async fn page_of<T>(
    call: &Call,
    id: &str,
    query: &'static str,
    position: impl Fn(&T) -> Position,
) -> Result<(Vec<T>, NextToken), ApiError>
where
    T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
{
    let page = PageRequest::read(call, id)?;
    let mut db = call.read().await?;
    let row = find(&mut db, &call.scope, id).await?;
    let query = sqlx::query_as(query).bind(row);
    page.rows(&mut db, query, position).await
}
