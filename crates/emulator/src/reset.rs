//! Empties the database for `POST /_emulator/reset`; the paging key stays, as it would over a restart.

use crate::error::ApiError;
use crate::storage::Store;

/// Removes every resource, children first.
pub(crate) async fn empty(store: &Store) -> Result<(), ApiError> {
    store
        .write(|db| {
            Box::pin(async move {
                for statement in [
                    "DELETE FROM endpoint",
                    "DELETE FROM app_instance_admin",
                    "DELETE FROM app_instance_bot",
                    "DELETE FROM app_instance_user",
                    "DELETE FROM app_instance",
                    "DELETE FROM tag",
                    "DELETE FROM idempotency",
                ] {
                    sqlx::query(statement).execute(&mut *db).await?;
                }
                Ok(())
            })
        })
        .await
}
