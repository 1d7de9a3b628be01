//! `DeleteAppInstanceBot`.

use crate::bots;
use crate::call::{Answer, Call};
use crate::error::ApiError;

/// Removes a bot with its tags and admin role.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let bot = call.bot()?;
    let statement = sqlx::query("DELETE FROM app_instance_bot WHERE id = $1");
    bots::change(&call, bot, statement).await?;
    Ok(Answer::no_content())
}
