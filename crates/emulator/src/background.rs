//! Work that no request waits for: the purge of deleted app instances and the removal of expired users.
//!
//! Both find their work in the database, so a restart resumes them.

use std::{sync::Arc, time::Duration};

use sqlx::SqliteConnection;

use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::idempotency::KEEP_DAYS;
use crate::state::State;

/// Rows removed per transaction, so that requests get their turn in between.
const STEP: i64 = 500;
/// How often expired users are looked for.
const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// How long an expired user is left, in milliseconds. AWS says that it deletes them usually within six hours, so
/// programs meet expired users that are still there. Tests ask through the control plane, which leaves none.
const LEFT_FOR: i64 = 3 * 3_600_000;

/// Runs until the emulator stops.
pub(crate) async fn run(state: Arc<State>) {
    tokio::select! {
        () = state.stopped() => {}
        () = purge_when_asked(&state) => {}
        () = sweep_now_and_then(&state) => {}
    }
}

async fn purge_when_asked(state: &State) {
    loop {
        match purge_step(state).await {
            Ok(Progress::More) => {}
            Ok(Progress::Done) => state.purge.notified().await,
            Err(error) => {
                tracing::error!(
                    exception = error.exception,
                    "the purge of deleted app instances failed"
                );
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn sweep_now_and_then(state: &State) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        let expired_by = Timestamp(state.clock.now().0.saturating_sub(LEFT_FOR));
        if let Err(error) = sweep_until(state, expired_by).await {
            tracing::error!(
                exception = error.exception,
                "the sweep of expired users failed"
            );
        }
    }
}

/// Whether there may be more to purge.
enum Progress {
    More,
    Done,
}

async fn purge_step(state: &State) -> Result<Progress, ApiError> {
    let found: Option<i64> = {
        let mut db = state.store.read().await?;
        sqlx::query_scalar("SELECT id FROM app_instance WHERE deleting = 1 LIMIT 1")
            .fetch_optional(&mut *db)
            .await?
    };
    let Some(app_instance) = found else {
        return Ok(Progress::Done);
    };
    state
        .store
        .write(move |db| Box::pin(purge_some(db, app_instance)))
        .await?;
    Ok(Progress::More)
}

/// Removes some children, or the app instance when it has none left. What hangs below a child goes by cascade.
async fn purge_some(db: &mut SqliteConnection, app_instance: i64) -> Result<(), ApiError> {
    for statement in [
        "DELETE FROM app_instance_user WHERE id IN (SELECT id FROM app_instance_user WHERE app_instance = $1 LIMIT $2)",
        "DELETE FROM app_instance_bot WHERE id IN (SELECT id FROM app_instance_bot WHERE app_instance = $1 LIMIT $2)",
    ] {
        let removed = sqlx::query(statement)
            .bind(app_instance)
            .bind(STEP)
            .execute(&mut *db)
            .await?;
        if removed.rows_affected() > 0 {
            return Ok(());
        }
    }
    sqlx::query("DELETE FROM app_instance WHERE id = $1 AND deleting = 1")
        .bind(app_instance)
        .execute(db)
        .await?;
    Ok(())
}

/// Removes users past their expiration as `DeleteAppInstanceUser` would, and old tokens. Returns how many users went.
pub(crate) async fn sweep(state: &State) -> Result<u64, ApiError> {
    sweep_until(state, state.clock.now()).await
}

async fn sweep_until(state: &State, expired_by: Timestamp) -> Result<u64, ApiError> {
    let now = state.clock.now();
    let mut expired = 0;
    loop {
        let step = state
            .store
            .write(move |db| Box::pin(sweep_some(db, expired_by)))
            .await?;
        expired += step;
        if step == 0 {
            break;
        }
    }
    state
        .store
        .write(move |db| Box::pin(forget_old_tokens(db, now)))
        .await?;
    Ok(expired)
}

async fn sweep_some(db: &mut SqliteConnection, now: Timestamp) -> Result<u64, ApiError> {
    let removed = sqlx::query(
        "DELETE FROM app_instance_user WHERE id IN (
             SELECT id FROM app_instance_user WHERE expires_ms IS NOT NULL AND expires_ms <= $1 LIMIT $2)",
    )
    .bind(now)
    .bind(STEP)
    .execute(db)
    .await?;
    Ok(removed.rows_affected())
}

async fn forget_old_tokens(db: &mut SqliteConnection, now: Timestamp) -> Result<(), ApiError> {
    sqlx::query("DELETE FROM idempotency WHERE created_ms < $1")
        .bind(now.plus_days(-KEEP_DAYS))
        .execute(db)
        .await?;
    Ok(())
}
