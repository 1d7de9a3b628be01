//! `DescribeAppInstanceBot`, the one operation that models `NotFoundException`.

use serde::Serialize;
use serde_json::Value;

use crate::bots;
use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::error::ApiError;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_bot: AppInstanceBot,
}

/// Shape `AppInstanceBot`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the members are named by the model"
)]
struct AppInstanceBot {
    app_instance_bot_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    configuration: Value,
    created_timestamp: Timestamp,
    last_updated_timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    name: Option<String>,
    configuration: String,
    created_ms: Timestamp,
    updated_ms: Timestamp,
    metadata: Option<String>,
}

pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let bot = call.bot()?;
    let mut db = call.read().await?;
    let found = bots::look_up(&mut db, &call.scope, &bot)
        .await?
        .ok_or_else(ApiError::bot_not_found)?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT name, configuration, created_ms, updated_ms, metadata FROM app_instance_bot WHERE id = $1",
    )
    .bind(found.id)
    .fetch_optional(&mut *db)
    .await?;
    let row = row.ok_or_else(ApiError::bot_not_found)?;
    Answer::ok(&Output {
        app_instance_bot: AppInstanceBot {
            app_instance_bot_arn: call.scope.bot_arn(&bot),
            name: row.name,
            configuration: serde_json::from_str(&row.configuration)
                .map_err(|_| ApiError::service_failure())?,
            created_timestamp: row.created_ms,
            last_updated_timestamp: row.updated_ms,
            metadata: row.metadata,
        },
    })
}
