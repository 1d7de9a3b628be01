//! `ListAppInstanceBots`.

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
    app_instance_bots: Vec<Summary>,
    #[serde(skip_serializing_if = "NextToken::is_absent")]
    next_token: NextToken,
}

/// Shape `AppInstanceBotSummary`; it has neither timestamps nor configuration.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    app_instance_bot_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    bot_id: String,
    name: Option<String>,
    metadata: Option<String>,
    created_ms: Timestamp,
}

/// Lists the bots of an app instance, which is the query parameter `app-instance-arn`.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let arn = constraints::required("appInstanceArn", call.query.get("app-instance-arn"))?;
    let id = arn::app_instance("appInstanceArn", arn, &call.scope)?;
    let page = PageRequest::read(&call, &id)?;
    let mut db = call.state.store.read().await?;
    let app_instance = app_instances::find(&mut db, &call.scope, &id).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT bot_id, name, metadata, created_ms FROM app_instance_bot
         WHERE app_instance = $1 AND (created_ms, bot_id) > ($2, $3)
         ORDER BY created_ms, bot_id LIMIT $4",
    )
    .bind(app_instance)
    .bind(page.after.created)
    .bind(&page.after.key)
    .bind(page.fetch())
    .fetch_all(&mut *db)
    .await?;
    let (rows, next_token) = page.finish(&call, rows, |row| Position {
        created: row.created_ms,
        key: row.bot_id.clone(),
    });
    let app_instance_arn = call.scope.app_instance_arn(&id);
    let app_instance_bots = rows
        .into_iter()
        .map(|row| Summary {
            app_instance_bot_arn: format!("{app_instance_arn}/bot/{}", row.bot_id),
            name: row.name,
            metadata: row.metadata,
        })
        .collect();
    Answer::ok(&Output {
        app_instance_arn,
        app_instance_bots,
        next_token,
    })
}
