//! `ListAppInstanceBots`.

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
    let id = call.app_instance_in_query()?;
    let query = "SELECT bot_id, name, metadata, created_ms FROM app_instance_bot
                 WHERE app_instance = $1 AND (created_ms, bot_id) > ($2, $3)
                 ORDER BY created_ms, bot_id LIMIT $4";
    let position = |row: &Row| Position::new(row.created_ms, &row.bot_id);
    let (rows, next_token) = app_instances::page_of(&call, &id, query, position).await?;
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
