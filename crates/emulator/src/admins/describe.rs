//! `DescribeAppInstanceAdmin`.

use serde::Serialize;

use crate::admins::{Identity, Principal};
use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::error::ApiError;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_admin: AppInstanceAdmin,
}

/// Shape `AppInstanceAdmin`; it has no `LastUpdatedTimestamp`, although the reference names one in prose.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AppInstanceAdmin {
    admin: Identity,
    app_instance_arn: String,
    created_timestamp: Timestamp,
}

pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let principal = Principal::in_path(&call)?;
    let mut db = call.read().await?;
    let found = principal.find(&mut db, &call.scope).await?;
    let created: Option<Timestamp> = sqlx::query_scalar(
        "SELECT created_ms FROM app_instance_admin WHERE app_instance = $1 AND path = $2",
    )
    .bind(found.app_instance)
    .bind(&principal.path)
    .fetch_optional(&mut *db)
    .await?;
    let created_timestamp = created.ok_or_else(|| ApiError::missing("admin"))?;
    let admin = principal.identity(&call.scope, found.name);
    let app_instance_arn = call.scope.app_instance_arn(&principal.app_instance_id);
    Answer::ok(&Output {
        app_instance_admin: AppInstanceAdmin {
            admin,
            app_instance_arn,
            created_timestamp,
        },
    })
}
