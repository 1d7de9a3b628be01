//! `ListAppInstanceUsers`.

use serde::Serialize;

use crate::app_instances;
use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::next_token::{NextToken, Position};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_arn: String,
    app_instance_users: Vec<Summary>,
    #[serde(skip_serializing_if = "NextToken::is_absent")]
    next_token: NextToken,
}

/// Shape `AppInstanceUserSummary`; it has neither timestamps nor expiration.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    app_instance_user_arn: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    user_id: String,
    name: String,
    metadata: Option<String>,
    created_ms: Timestamp,
}

/// Lists the users of an app instance, which is the query parameter `app-instance-arn`.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let id = call.app_instance_in_query()?;
    let query = "SELECT user_id, name, metadata, created_ms FROM app_instance_user
                 WHERE app_instance = $1 AND (created_ms, user_id) > ($2, $3)
                 ORDER BY created_ms, user_id LIMIT $4";
    let position = |row: &Row| Position::new(row.created_ms, &row.user_id);
    let (rows, next_token) = app_instances::page_of(&call, &id, query, position).await?;
    let app_instance_arn = call.scope.app_instance_arn(&id);
    let app_instance_users = rows
        .into_iter()
        .map(|row| Summary {
            app_instance_user_arn: format!("{app_instance_arn}/user/{}", row.user_id),
            name: row.name,
            metadata: row.metadata,
        })
        .collect();
    Answer::ok(&Output {
        app_instance_arn,
        app_instance_users,
        next_token,
    })
}
