//! The database: SQLite in a file, or PostgreSQL. The same SQL runs on both.

use std::future::{Future, ready};
use std::sync::Arc;
use std::time::Duration;

use domain::{Cause, Failure};
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::points::Points;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Nobody waits longer than this for the database; the answer is "not available" then.
const PATIENCE: Duration = Duration::from_secs(6);

/// Why the database could not be opened, in one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Neither SQLite nor PostgreSQL.
    #[error("the database URL must start with sqlite: or postgres://")]
    UnknownKind,
    /// The file is not a database, or parts of it cannot be read.
    #[error("the database file is damaged; nothing was changed, restore it from a backup")]
    Damaged,
    /// A table was made by a version that came after this one.
    #[error("the database belongs to a newer version of Carillon; start that version instead")]
    Newer,
    /// No connection.
    #[error("the database cannot be opened: {0}")]
    Unreachable(#[source] sqlx::Error),
    /// The tables are as they were before.
    #[error("the tables of the database could not be brought up to date: {0}")]
    Migration(#[source] MigrateError),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        let text = error.to_string();
        if text.contains("not a database") || text.contains("malformed") {
            Self::Damaged
        } else {
            Self::Unreachable(error)
        }
    }
}

impl From<MigrateError> for OpenError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(_) => Self::Newer,
            MigrateError::Execute(error) => error.into(),
            error => Self::Migration(error),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pool: AnyPool,
    kind: Kind,
    writer: Arc<Mutex<()>>,
    points: Points,
}

impl Store {
    /// Opens the database and brings its tables up to date.
    pub(crate) async fn open(url: &str) -> Result<Self, OpenError> {
        install_default_drivers();
        let (kind, url) = parse(url)?;
        inspect(&url, kind).await?;
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(3))
            .after_connect(move |connection, _| Box::pin(prepare(connection, kind)))
            .before_acquire(|connection, _| Box::pin(ready(Ok(is_usable(connection)))))
            .connect(&url)
            .await?;
        MIGRATIONS.run(&pool).await?;
        let protect = match kind {
            Kind::Sqlite => include_str!("store/append_only_sqlite.sql"),
            Kind::Postgres => include_str!("store/append_only_postgres.sql"),
        };
        pool.execute(sqlx::raw_sql(protect)).await?;
        Ok(Self {
            pool,
            kind,
            writer: Arc::default(),
            points: Points::default(),
        })
    }

    /// For reading.
    pub(crate) const fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Where a test can hold a request.
    pub(crate) const fn points(&self) -> &Points {
        &self.points
    }

    /// Whether other processes may be writing too.
    pub(crate) fn is_shared(&self) -> bool {
        self.kind == Kind::Postgres
    }

    /// Starts a transaction that writes.
    pub(crate) async fn write(&self) -> sqlx::Result<Write> {
        match self.kind {
            // SQLite has one writer. Waiting here is first come, first served, and holds no
            // connection; its own lock polls. "Immediate", since a transaction that turns from
            // reading to writing can fail without waiting.
            Kind::Sqlite => {
                let turn = Arc::clone(&self.writer).lock_owned().await;
                let transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
                Ok(Write {
                    transaction,
                    _turn: Some(turn),
                })
            }
            Kind::Postgres => Ok(Write {
                transaction: self.pool.begin().await?,
                _turn: None,
            }),
        }
    }

    /// Whether it answers.
    pub(crate) async fn is_ready(&self) -> bool {
        let ask = sqlx::query("SELECT 1").fetch_one(&self.pool);
        matches!(
            tokio::time::timeout(Duration::from_secs(2), ask).await,
            Ok(Ok(_))
        )
    }
}

/// A transaction that writes. Dropped without [`Write::commit`], it did nothing.
pub(crate) struct Write {
    transaction: Transaction<'static, Any>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Write {
    /// The connection to run statements on.
    pub(crate) fn on(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Makes it durable.
    pub(crate) async fn commit(self) -> sqlx::Result<()> {
        self.transaction.commit().await
    }
}

/// Runs something on the database for a while; an error or no answer is the same to its user.
pub(crate) async fn within<T>(work: impl Future<Output = sqlx::Result<T>>) -> Result<T, Failure> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(unavailable(&error)),
        Err(_elapsed) => Err(unavailable(&sqlx::Error::PoolTimedOut)),
    }
}

/// Logs why the database did not do what it should.
pub(crate) fn unavailable(error: &sqlx::Error) -> Failure {
    tracing::error!(error = %error, "the database did not answer as it should");
    Cause::StoreUnavailable.into()
}

fn parse(url: &str) -> Result<(Kind, String), OpenError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok((Kind::Postgres, url.to_owned()));
    }
    if !url.starts_with("sqlite:") {
        return Err(OpenError::UnknownKind);
    }
    // The file is made at the first start.
    let url = if url.contains('?') {
        url.to_owned()
    } else {
        format!("{url}?mode=rwc")
    };
    Ok((Kind::Sqlite, url))
}

/// Connects once without the pool, which tries again for seconds and then tells only that.
async fn inspect(url: &str, kind: Kind) -> Result<(), OpenError> {
    let work = async {
        let mut connection = AnyConnection::connect(url).await?;
        prepare(&mut connection, kind).await?;
        if kind == Kind::Sqlite {
            let check = sqlx::query_as("PRAGMA quick_check(1)");
            let found: (String,) = check.fetch_one(&mut connection).await?;
            if found.0 != "ok" {
                return Err(OpenError::Damaged);
            }
        }
        connection.close().await?;
        Ok(())
    };
    // Reading a large file through takes its time; a server that does not answer does not.
    match kind {
        Kind::Sqlite => work.await,
        Kind::Postgres => tokio::time::timeout(PATIENCE, work)
            .await
            .unwrap_or(Err(OpenError::Unreachable(sqlx::Error::PoolTimedOut))),
    }
}

/// Whether a connection can begin a transaction. When the disk is full SQLite ends a transaction by
/// itself; sqlx then fails to roll it back, takes it for open, and refuses every other on this
/// connection for as long as it lives.
fn is_usable(connection: &AnyConnection) -> bool {
    !connection.is_in_transaction()
}

/// Sets a connection up. A PRAGMA given to a pool would reach one of its connections only.
async fn prepare(connection: &mut AnyConnection, kind: Kind) -> sqlx::Result<()> {
    if kind == Kind::Postgres {
        return Ok(());
    }
    for pragma in [
        "PRAGMA busy_timeout = 5000",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
    ] {
        sqlx::query(pragma).execute(&mut *connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::*;

    #[tokio::test]
    async fn every_connection_to_sqlite_is_set_up() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("carillon.db").display());
        let store = Store::open(&url).await.unwrap();
        let mut held = Vec::new();
        for _ in 0..8 {
            held.push(store.pool().acquire().await.unwrap());
        }
        for connection in &mut held {
            let mut ask = async |pragma: &'static str| -> String {
                let row = connection.fetch_one(pragma).await.unwrap();
                let number = row.try_get::<i64, _>(0).map(|number| number.to_string());
                number.unwrap_or_else(|_| row.get(0))
            };
            assert_eq!(ask("PRAGMA synchronous").await, "2");
            assert_eq!(ask("PRAGMA foreign_keys").await, "1");
            assert_eq!(ask("PRAGMA busy_timeout").await, "5000");
            assert_eq!(ask("PRAGMA journal_mode").await, "wal");
        }
    }
}
