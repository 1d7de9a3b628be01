//! `DeleteAppInstanceUser`.

use crate::{
    arn,
    call::{Answer, Call},
    error::ApiError,
    users,
};

/// Removes a user with its endpoints, tags and admin role.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let user = arn::user("appInstanceUserArn", call.label(0), &call.scope)?;
    let scope = call.scope.clone();
    call.state
        .store
        .write(move |db| {
            Box::pin(async move {
                let found = users::find(db, &scope, &user).await?;
                sqlx::query("DELETE FROM app_instance_user WHERE id = $1")
                    .bind(found.id)
                    .execute(db)
                    .await?;
                Ok(())
            })
        })
        .await?;
    Ok(Answer::no_content())
}
