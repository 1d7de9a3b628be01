//! `ListAppInstanceUserEndpoints`.

use serde::Serialize;

use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::endpoints::EndpointState;
use crate::error::ApiError;
use crate::next_token::{NextToken, Position};
use crate::paging::PageRequest;
use crate::users;

/// The user's ARN is in each row, not beside the list.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_user_endpoints: Vec<Summary>,
    #[serde(skip_serializing_if = "NextToken::is_absent")]
    next_token: NextToken,
}

/// Shape `AppInstanceUserEndpointSummary`; it has no tokens and no timestamps.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    app_instance_user_arn: String,
    endpoint_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "Type")]
    kind: String,
    allow_messages: String,
    endpoint_state: EndpointState,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    endpoint_id: String,
    name: Option<String>,
    #[sqlx(rename = "type")]
    kind: String,
    allow_messages: String,
    status: String,
    status_reason: Option<String>,
    created_ms: Timestamp,
}

pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let user = call.user()?;
    let arn = call.scope.user_arn(&user);
    let page = PageRequest::read(&call, &arn)?;
    let mut db = call.read().await?;
    let found = users::find(&mut db, &call.scope, &user).await?;
    let query = sqlx::query_as(
        "SELECT endpoint_id, name, type, allow_messages, status, status_reason, created_ms FROM endpoint
         WHERE user = $1 AND (created_ms, endpoint_id) > ($2, $3)
         ORDER BY created_ms, endpoint_id LIMIT $4",
    )
    .bind(found.id);
    let position = |row: &Row| Position::new(row.created_ms, &row.endpoint_id);
    let (rows, next_token) = page.rows(&mut db, query, position).await?;
    let app_instance_user_endpoints = rows
        .into_iter()
        .map(|row| Summary {
            app_instance_user_arn: arn.clone(),
            endpoint_id: row.endpoint_id,
            name: row.name,
            kind: row.kind,
            allow_messages: row.allow_messages,
            endpoint_state: EndpointState {
                status: row.status,
                status_reason: row.status_reason,
            },
        })
        .collect();
    Answer::ok(&Output {
        app_instance_user_endpoints,
        next_token,
    })
}
