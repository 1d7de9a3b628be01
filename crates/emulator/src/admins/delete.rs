//! `DeleteAppInstanceAdmin`.

use crate::{
    admins::Principal,
    arn,
    call::{Answer, Call},
    error::ApiError,
};

/// Demotes a user or a bot, which stays. One that is no admin is refused as a missing admin.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let id = arn::app_instance("appInstanceArn", call.label(0), &call.scope)?;
    let principal = Principal::parse("appInstanceAdminArn", call.label(1), &call.scope, &id)?;
    let scope = call.scope.clone();
    call.state
        .store
        .write(move |db| {
            Box::pin(async move {
                let found = principal.find(db, &scope).await?;
                let removed = sqlx::query(
                    "DELETE FROM app_instance_admin WHERE app_instance = $1 AND path = $2",
                )
                .bind(found.app_instance)
                .bind(&principal.path)
                .execute(db)
                .await?;
                if removed.rows_affected() == 0 {
                    Err(ApiError::missing("admin"))
                } else {
                    Ok(())
                }
            })
        })
        .await?;
    Ok(Answer::no_content())
}
