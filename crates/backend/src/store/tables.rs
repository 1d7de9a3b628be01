//! Brings the tables up to date, one process at a time.

use std::sync::LazyLock;

use sqlx::migrate::Migrator;
use sqlx::{Any, AnyPool, Connection as _, Executor, Row as _};

use super::{Kind, OpenError, guards};

static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrations = sqlx_macros::migrate!("./migrations");
    // Its lock belongs to a connection. Behind a pooler that connection may belong to another
    // client by then, and the lock is never released. Ours belongs to a transaction.
    migrations.set_locking(false);
    migrations
});

/// What PostgreSQL calls the lock: a number that nothing else here uses.
const TURN: i64 = 0x0063_6172_696c_6c6f;

/// Makes the missing changes of the tables. After any, also makes the triggers that guard the audit
/// again: older ones are then the work of an earlier version and not of a stranger.
pub(super) async fn bring_up_to_date(pool: &AnyPool, kind: Kind) -> Result<(), OpenError> {
    if kind == Kind::Sqlite {
        let before = version(pool).await;
        MIGRATIONS.run(pool).await?;
        if version(pool).await != before {
            guards::make(pool, kind).await?;
        }
        return Ok(());
    }
    let mut turn = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(TURN)
        .execute(&mut *turn)
        .await?;
    // In a transaction within: if the table does not exist yet, only this question fails, not the
    // turn.
    let mut asked = turn.begin().await?;
    let before = version(&mut *asked).await;
    asked.rollback().await?;
    MIGRATIONS.run(&mut *turn).await?;
    if version(&mut *turn).await != before {
        turn.execute(sqlx::raw_sql(guards::POSTGRES)).await?;
    }
    turn.commit().await?;
    Ok(())
}

/// The version of the last change of the tables; `None` in a new database.
async fn version<'e>(on: impl Executor<'e, Database = Any>) -> Option<i64> {
    let row = sqlx::query("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(on);
    row.await.ok()?.try_get(0).ok()
}
