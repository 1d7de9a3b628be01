//! `DescribeAppInstanceUser`.

use serde::Serialize;

use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::users::expiration::ExpirationSettings;
use crate::users::{self};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_user: AppInstanceUser,
}

/// Shape `AppInstanceUser`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the members are named by the model"
)]
struct AppInstanceUser {
    app_instance_user_arn: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
    created_timestamp: Timestamp,
    last_updated_timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_settings: Option<ExpirationSettings>,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    name: String,
    metadata: Option<String>,
    created_ms: Timestamp,
    updated_ms: Timestamp,
    expiration_days: Option<i64>,
}

pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let user = call.user()?;
    let mut db = call.read().await?;
    let found = users::find(&mut db, &call.scope, &user).await?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT name, metadata, created_ms, updated_ms, expiration_days FROM app_instance_user WHERE id = $1",
    )
    .bind(found.id)
    .fetch_optional(&mut *db)
    .await?;
    let row = row.ok_or_else(|| ApiError::missing("user"))?;
    Answer::ok(&Output {
        app_instance_user: AppInstanceUser {
            app_instance_user_arn: call.scope.user_arn(&user),
            name: row.name,
            metadata: row.metadata,
            created_timestamp: row.created_ms,
            last_updated_timestamp: row.updated_ms,
            expiration_settings: row.expiration_days.map(ExpirationSettings::of_days),
        },
    })
}
