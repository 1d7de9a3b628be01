//! App instance bots (API reference, `AppInstanceBot`), which answer through Amazon Lex.

pub(crate) mod configuration;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod describe;
pub(crate) mod list;
pub(crate) mod update;

use sqlx::SqliteConnection;

use crate::{arn::BotName, error::ApiError, scope::Scope};

/// The part of a bot's row that other resources need.
#[derive(sqlx_macros::FromRow)]
pub(crate) struct Found {
    pub(crate) id: i64,
    pub(crate) app_instance: i64,
    pub(crate) name: Option<String>,
}

/// A bot in an app instance that is not being deleted; the caller knows which refusal its operation models.
pub(crate) async fn find(
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
