//! `ListAppInstanceAdmins`.

use serde::Serialize;

use crate::admins::Identity;
use crate::app_instances;
use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::next_token::{NextToken, Position};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_arn: String,
    app_instance_admins: Vec<Summary>,
    #[serde(skip_serializing_if = "NextToken::is_absent")]
    next_token: NextToken,
}

/// Shape `AppInstanceAdminSummary`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    admin: Identity,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    path: String,
    name: Option<String>,
    created_ms: Timestamp,
}

/// Lists the admins of an app instance, users and bots together.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let id = call.app_instance()?;
    let query = "SELECT a.path, coalesce(u.name, b.name) AS name, a.created_ms FROM app_instance_admin a
                 LEFT JOIN app_instance_user u ON u.id = a.user LEFT JOIN app_instance_bot b ON b.id = a.bot
                 WHERE a.app_instance = $1 AND (a.created_ms, a.path) > ($2, $3)
                 ORDER BY a.created_ms, a.path LIMIT $4";
    let position = |row: &Row| Position::new(row.created_ms, &row.path);
    let (rows, next_token) = app_instances::page_of(&call, &id, query, position).await?;
    let app_instance_arn = call.scope.app_instance_arn(&id);
    let app_instance_admins = rows
        .into_iter()
        .map(|row| Summary {
            admin: Identity {
                arn: format!("{app_instance_arn}/{}", row.path),
                name: row.name,
            },
        })
        .collect();
    Answer::ok(&Output {
        app_instance_arn,
        app_instance_admins,
        next_token,
    })
}
