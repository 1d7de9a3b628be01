//! `DeleteAppInstanceAdmin`.

use crate::admins::Principal;
use crate::call::{Answer, Call};
use crate::error::ApiError;
use crate::storage;

/// Demotes a user or a bot, which stays. One that is no admin is refused as a missing admin.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let principal = Principal::in_path(&call)?;
    let scope = call.scope.clone();
    call.write(move |db| {
        Box::pin(async move {
            let found = principal.find(db, &scope).await?;
            let removed =
                sqlx::query("DELETE FROM app_instance_admin WHERE app_instance = $1 AND path = $2")
                    .bind(found.app_instance)
                    .bind(&principal.path)
                    .execute(db)
                    .await?;
            storage::refuse_none(&removed, "admin")
        })
    })
    .await?;
    Ok(Answer::no_content())
}
