//! `DescribeAppInstance`.

use serde::Serialize;

use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::error::ApiError;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance: AppInstance,
}

/// Shape `AppInstance`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the members are named by the model"
)]
struct AppInstance {
    app_instance_arn: String,
    name: String,
    created_timestamp: Timestamp,
    last_updated_timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
}

pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let id = call.app_instance()?;
    let mut db = call.read().await?;
    let found: Option<(String, Timestamp, Timestamp, Option<String>)> = sqlx::query_as(
        "SELECT name, created_ms, updated_ms, metadata FROM app_instance
         WHERE account_id = $1 AND region = $2 AND app_instance_id = $3 AND deleting = 0",
    )
    .bind(&call.scope.account_id)
    .bind(&call.scope.region)
    .bind(&id)
    .fetch_optional(&mut *db)
    .await?;
    let (name, created_timestamp, last_updated_timestamp, metadata) =
        found.ok_or_else(|| ApiError::missing("app instance"))?;
    let app_instance_arn = call.scope.app_instance_arn(&id);
    let app_instance = AppInstance {
        app_instance_arn,
        name,
        created_timestamp,
        last_updated_timestamp,
        metadata,
    };
    Answer::ok(&Output { app_instance })
}
