//! App instance bots (API reference, `AppInstanceBot`), which answer through Amazon Lex.

pub(crate) mod configuration;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod describe;
pub(crate) mod list;
pub(crate) mod update;

use serde::Serialize;
use sqlx::SqliteConnection;

use crate::arn::BotName;
use crate::call::Call;
use crate::error::ApiError;
use crate::scope::Scope;
use crate::storage::Statement;

/// What `CreateAppInstanceBot` and `UpdateAppInstanceBot` answer.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ArnOutput {
    app_instance_bot_arn: String,
}

/// The part of a bot's row that other resources need.
#[derive(sqlx_macros::FromRow)]
pub(crate) struct Found {
    pub(crate) id: i64,
    pub(crate) app_instance: i64,
    pub(crate) name: Option<String>,
}

/// A bot in an app instance that is not being deleted.
pub(crate) async fn find(
    db: &mut SqliteConnection,
    scope: &Scope,
    bot: &BotName,
) -> Result<Found, ApiError> {
    let found = look_up(db, scope, bot).await?;
    found.ok_or_else(|| ApiError::missing("bot"))
}

/// The same for `DescribeAppInstanceBot`, which refuses in its own way.
async fn look_up(
    db: &mut SqliteConnection,
    scope: &Scope,
    bot: &BotName,
) -> Result<Option<Found>, ApiError> {
    let found = sqlx::query_as(
        "SELECT b.id, b.app_instance, b.name FROM app_instance i JOIN app_instance_bot b ON b.app_instance = i.id
         WHERE i.account_id = $1 AND i.region = $2 AND i.app_instance_id = $3 AND i.deleting = 0 AND b.bot_id = $4",
    )
    .bind(&scope.account_id)
    .bind(&scope.region)
    .bind(&bot.app_instance_id)
    .bind(&bot.bot_id)
    .fetch_optional(db)
    .await?;
    Ok(found)
}

/// Changes one bot by a statement whose last value, the row of the bot, is still to be bound.
async fn change(call: &Call, bot: BotName, statement: Statement) -> Result<(), ApiError> {
    let scope = call.scope.clone();
    call.write(move |db| {
        Box::pin(async move {
            let found = find(db, &scope, &bot).await?;
            statement.bind(found.id).execute(db).await?;
            Ok(())
        })
    })
    .await
}
