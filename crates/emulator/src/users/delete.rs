//! `DeleteAppInstanceUser`.

use crate::call::{Answer, Call};
use crate::error::ApiError;
use crate::users;

/// Removes a user with its endpoints, tags and admin role.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let user = call.user()?;
    let statement = sqlx::query("DELETE FROM app_instance_user WHERE id = $1");
    users::change(&call, user, statement).await?;
    Ok(Answer::no_content())
}
