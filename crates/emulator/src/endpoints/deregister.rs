//! `DeregisterAppInstanceUserEndpoint`.

use crate::{
    arn,
    call::{Answer, Call},
    constraints,
    error::ApiError,
    users,
};

pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let user = arn::user("appInstanceUserArn", call.label(0), &call.scope)?;
    let endpoint_id = call.label(1).to_owned();
    constraints::endpoint_id(&endpoint_id)?;
    let scope = call.scope.clone();
    call.state
        .store
        .write(move |db| {
            Box::pin(async move {
                let user = users::find(db, &scope, &user).await?;
                let removed =
                    sqlx::query("DELETE FROM endpoint WHERE user = $1 AND endpoint_id = $2")
                        .bind(user.id)
                        .bind(endpoint_id)
                        .execute(db)
                        .await?;
                if removed.rows_affected() == 0 {
                    Err(ApiError::missing("endpoint"))
                } else {
                    Ok(())
                }
            })
        })
        .await?;
    Ok(Answer::no_content())
}
