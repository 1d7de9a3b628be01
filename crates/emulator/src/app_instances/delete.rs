//! `DeleteAppInstance`.

use crate::app_instances;
use crate::call::{Answer, Call};
use crate::error::ApiError;

/// Hides the app instance and all below it at once; the purge removes them later (API reference: "asynchronously").
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let id = call.app_instance()?;
    let scope = call.scope.clone();
    call.write(move |db| {
        Box::pin(async move {
            let row = app_instances::find(db, &scope, &id).await?;
            sqlx::query("UPDATE app_instance SET deleting = 1 WHERE id = $1")
                .bind(row)
                .execute(&mut *db)
                .await?;
            // The purge would remove the token too, but the caller may use it again before.
            sqlx::query("DELETE FROM idempotency WHERE kind = 'app-instance' AND owner = $1")
                .bind(row)
                .execute(db)
                .await?;
            Ok(())
        })
    })
    .await?;
    call.state.purge.notify_one();
    Ok(Answer::no_content())
}
