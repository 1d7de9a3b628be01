//! `ListAppInstances`.

use serde::Serialize;

use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::next_token::{NextToken, Position};
use crate::paging::PageRequest;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instances: Vec<Summary>,
    #[serde(skip_serializing_if = "NextToken::is_absent")]
    next_token: NextToken,
}

/// Shape `AppInstanceSummary`; it has no timestamps.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    app_instance_arn: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    app_instance_id: String,
    name: String,
    metadata: Option<String>,
    created_ms: Timestamp,
}

/// Lists the app instances of one account and Region.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let page = PageRequest::read(&call, "")?;
    let mut db = call.read().await?;
    let query = sqlx::query_as(
        "SELECT app_instance_id, name, metadata, created_ms FROM app_instance
         WHERE account_id = $1 AND region = $2 AND deleting = 0 AND (created_ms, app_instance_id) > ($3, $4)
         ORDER BY created_ms, app_instance_id LIMIT $5",
    )
    .bind(&call.scope.account_id)
    .bind(&call.scope.region);
    let position = |row: &Row| Position::new(row.created_ms, &row.app_instance_id);
    let (rows, next_token) = page.rows(&mut db, query, position).await?;
    let app_instances = rows
        .into_iter()
        .map(|row| Summary {
            app_instance_arn: call.scope.app_instance_arn(&row.app_instance_id),
            name: row.name,
            metadata: row.metadata,
        })
        .collect();
    Answer::ok(&Output {
        app_instances,
        next_token,
    })
}
