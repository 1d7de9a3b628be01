//! `ListAppInstanceUsers`.

use serde::Serialize;

use crate::{
    app_instances, arn,
    call::{Answer, Call},
    clock::Timestamp,
    constraints,
    error::ApiError,
    next_token::{NextToken, Position},
    paging::PageRequest,
};

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
    let arn = constraints::required("appInstanceArn", call.query.get("app-instance-arn"))?;
    let id = arn::app_instance("appInstanceArn", arn, &call.scope)?;
    let page = PageRequest::read(&call, &id)?;
    let mut db = call.state.store.read().await?;
    let app_instance = app_instances::find(&mut db, &call.scope, &id).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT user_id, name, metadata, created_ms FROM app_instance_user
         WHERE app_instance = $1 AND (created_ms, user_id) > ($2, $3)
         ORDER BY created_ms, user_id LIMIT $4",
    )
    .bind(app_instance)
    .bind(page.after.created)
    .bind(&page.after.key)
    .bind(page.fetch())
    .fetch_all(&mut *db)
    .await?;
    let (rows, next_token) = page.finish(&call, rows, |row| Position {
        created: row.created_ms,
        key: row.user_id.clone(),
    });
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
