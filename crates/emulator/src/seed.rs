//! Many users in one transaction for `POST /_emulator/seed`, where creating them one by one would be the benchmark.

use serde::Deserialize;

use crate::error::ApiError;
use crate::scope::Scope;
use crate::state::State;
use crate::{app_instances, arn};

/// The body of the request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedInput {
    app_instance_arn: String,
    users: u32,
}

/// Makes users `user-000001`, `user-000002`, … that are not there yet, also beyond the quota, and returns how many.
pub(crate) async fn users(state: &State, input: SeedInput) -> Result<u64, ApiError> {
    let region = input
        .app_instance_arn
        .split(':')
        .nth(3)
        .unwrap_or_default()
        .to_owned();
    let scope = Scope {
        account_id: state.account_id.clone(),
        region,
    };
    let id = arn::app_instance("app_instance_arn", &input.app_instance_arn, &scope)?;
    let now = state.clock.now();
    state
        .store
        .write(move |db| {
            Box::pin(async move {
                let app_instance = app_instances::find(db, &scope, &id).await?;
                let made = sqlx::query(
                    "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < $2)
                     INSERT INTO app_instance_user (app_instance, user_id, name, created_ms, updated_ms)
                     SELECT $1, printf('user-%06d', n), printf('User %06d', n), $3, $3 FROM number WHERE n <= $2
                     ON CONFLICT (app_instance, user_id) DO NOTHING",
                )
                .bind(app_instance)
                .bind(input.users)
                .bind(now)
                .execute(db)
                .await?;
                Ok(made.rows_affected())
            })
        })
        .await
}
