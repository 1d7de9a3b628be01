//! `DeleteAppInstanceBot`.

use crate::{
    arn, bots,
    call::{Answer, Call},
    error::ApiError,
};

/// Removes a bot with its tags and admin role.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let bot = arn::bot("appInstanceBotArn", call.label(0), &call.scope)?;
    let scope = call.scope.clone();
    call.state
        .store
        .write(move |db| {
            Box::pin(async move {
                let found = bots::find(db, &scope, &bot)
                    .await?
                    .ok_or_else(|| ApiError::missing("bot"))?;
                sqlx::query("DELETE FROM app_instance_bot WHERE id = $1")
                    .bind(found.id)
                    .execute(db)
                    .await?;
                Ok(())
            })
        })
        .await?;
    Ok(Answer::no_content())
}
