//! App instance users (API reference, `AppInstanceUser`), with their expiration.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod describe;
pub(crate) mod expiration;
pub(crate) mod list;
pub(crate) mod update;

use serde::Serialize;
use sqlx::SqliteConnection;

use crate::arn::UserName;
use crate::call::Call;
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::scope::Scope;
use crate::storage::Statement;

/// What `CreateAppInstanceUser` and `UpdateAppInstanceUser` answer.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ArnOutput {
    app_instance_user_arn: String,
}

/// The part of a user's row that other resources need.
#[derive(sqlx_macros::FromRow)]
pub(crate) struct Found {
    pub(crate) id: i64,
    pub(crate) app_instance: i64,
    pub(crate) name: String,
    #[sqlx(rename = "created_ms")]
    pub(crate) created: Timestamp,
}

/// A user that exists in an app instance that is not being deleted. Ids are compared by case.
pub(crate) async fn find(
    db: &mut SqliteConnection,
    scope: &Scope,
    user: &UserName,
) -> Result<Found, ApiError> {
    let found = sqlx::query_as(
        "SELECT u.id, u.app_instance, u.name, u.created_ms FROM app_instance i JOIN app_instance_user u ON u.app_instance = i.id
         WHERE i.account_id = $1 AND i.region = $2 AND i.app_instance_id = $3 AND i.deleting = 0 AND u.user_id = $4",
    )
    .bind(&scope.account_id)
    .bind(&scope.region)
    .bind(&user.app_instance_id)
    .bind(&user.user_id)
    .fetch_optional(db)
    .await?;
    found.ok_or_else(|| ApiError::missing("user"))
}

/// Changes one user by a statement whose last value, the row of the user, is still to be bound.
async fn change(call: &Call, user: UserName, statement: Statement) -> Result<(), ApiError> {
    let scope = call.scope.clone();
    call.write(move |db| {
        Box::pin(async move {
            let found = find(db, &scope, &user).await?;
            statement.bind(found.id).execute(db).await?;
            Ok(())
        })
    })
    .await
}
