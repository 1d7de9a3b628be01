//! The database: SQLite in a file, or PostgreSQL. The same SQL runs on both.

mod guards;
mod many;
mod pooler;
mod process;
mod ready;
mod tables;

use std::borrow::Cow;
use std::future::{Future, ready};
use std::sync::Arc;
use std::time::Duration;

use domain::{Cause, Failure};
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::MigrateError;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::points::Points;
use ready::Readiness;

pub(crate) use many::{Statement, for_rows};
pub(crate) use process::Process;

/// Nobody waits longer than this for the database; the answer is "not available" then.
const PATIENCE: Duration = Duration::from_secs(6);

/// The most connections for sessions, operators, and everything that writes.
const CONNECTIONS: u32 = 8;
/// The most connections for reading the log.
const OF_THE_LOG: u32 = 5;

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
    /// A pooler stands before PostgreSQL and refuses what every connection begins with.
    #[error(
        "the pooler before the database refuses a parameter of the connection; with PgBouncer, set \
         ignore_startup_parameters = extra_float_digits"
    )]
    ParameterRefused,
    /// A pooler stands before PostgreSQL and keeps no prepared statements.
    #[error(
        "the pooler before the database keeps no prepared statements; with PgBouncer, set pool_mode = \
         session, or from version 1.21 on max_prepared_statements = 200"
    )]
    StatementsLost,
    /// Changing the tables failed; they are as they were before.
    #[error("the tables of the database could not be brought up to date: {0}")]
    Migration(#[source] MigrateError),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        if let Some(pooler) = pooler::understood(&error) {
            return pooler;
        }
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

/// Which kind of database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pool: AnyPool,
    log: AnyPool,
    kind: Kind,
    writer: Arc<Mutex<()>>,
    points: Points,
    readiness: Readiness,
    process: Process,
}

impl Store {
    /// Opens the database, brings its tables up to date, and makes the triggers that guard the
    /// audit again if somebody changed them.
    pub(crate) async fn open(url: &str) -> Result<Self, OpenError> {
        let store = Self::open_as_it_is(url).await?;
        if !store.guards_hold().await? {
            tracing::error!("what guards the audit was changed; it is made anew");
            guards::make(&store.pool, store.kind).await?;
        }
        Ok(store)
    }

    /// The same, but leaves the triggers that guard the audit as they are found.
    pub(crate) async fn open_as_it_is(url: &str) -> Result<Self, OpenError> {
        install_default_drivers();
        let (kind, url) = parse(url)?;
        inspect(&url, kind).await?;
        let pool = connect(&url, kind, CONNECTIONS).await?;
        let log = connect(&url, kind, OF_THE_LOG).await?;
        tables::bring_up_to_date(&pool, kind).await?;
        let process = Process::begin(&pool, kind).await;
        Ok(Self {
            pool,
            log,
            kind,
            writer: Arc::default(),
            points: Points::default(),
            readiness: Readiness::default(),
            process,
        })
    }

    /// A new database in a folder that goes when the test ends.
    #[cfg(test)]
    pub(crate) async fn in_a_folder() -> (tempfile::TempDir, Self) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("carillon.db").display());
        let store = Self::open(&url).await.unwrap();
        (folder, store)
    }

    /// Whether the triggers that guard the audit are as this program makes them.
    pub(crate) async fn guards_hold(&self) -> sqlx::Result<bool> {
        guards::hold(&self.pool, self.kind).await
    }

    /// For reading sessions and operators.
    pub(crate) const fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Where a test can hold a request.
    pub(crate) const fn points(&self) -> &Points {
        &self.points
    }

    /// This process, as leases name it.
    pub(crate) const fn process(&self) -> &Process {
        &self.process
    }

    /// For reading the log, which may take long. It has its own connections, so that reading the
    /// log and signing in never wait for each other's.
    pub(crate) const fn log(&self) -> &AnyPool {
        &self.log
    }

    /// Which kind it is.
    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    /// The same for a transaction that changes or uses a right. It locks the end of the audit's
    /// chain from its beginning, so of two such transactions the later sees what the earlier did.
    pub(crate) async fn write_in_turn(&self) -> sqlx::Result<Write> {
        let mut write = self.write().await?;
        // SQLite has one writer anyway.
        if self.is_shared() {
            sqlx::query("UPDATE audit_head SET seq = seq WHERE id = 1")
                .execute(write.on())
                .await?;
        }
        Ok(write)
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
}

/// A transaction that writes. If it is dropped without [`Write::commit`], nothing changes.
pub(crate) struct Write {
    transaction: Transaction<'static, Any>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Write {
    /// The connection to run statements on.
    pub(crate) fn on(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Ends the transaction and keeps what it wrote.
    pub(crate) async fn commit(self) -> sqlx::Result<()> {
        self.transaction.commit().await
    }
}

/// Runs something on the database with a time limit. An error and a missing answer are the same
/// failure.
pub(crate) async fn within<T>(work: impl Future<Output = sqlx::Result<T>>) -> Result<T, Failure> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(unavailable(&error)),
        Err(_elapsed) => Err(unavailable(&sqlx::Error::PoolTimedOut)),
    }
}

/// A text as both databases can hold it: PostgreSQL has none with NUL. The sign that takes its
/// place is the one that browsers put there.
pub(crate) fn holdable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
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

async fn connect(url: &str, kind: Kind, connections: u32) -> sqlx::Result<AnyPool> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(3))
        // A server may have closed the connection meanwhile; nothing closes one to a file.
        .test_before_acquire(kind == Kind::Postgres)
        .after_connect(move |connection, _| Box::pin(prepare(connection, kind)))
        .before_acquire(|connection, _| Box::pin(ready(Ok(is_usable(connection)))))
        .connect(url)
        .await
}

/// Connects once without the pool: the pool would try for seconds and then report only that it gave
/// up.
async fn inspect(url: &str, kind: Kind) -> Result<(), OpenError> {
    let work = async {
        if kind == Kind::Postgres {
            return pooler::inspect(url).await;
        }
        let mut connection = AnyConnection::connect(url).await?;
        prepare(&mut connection, kind).await?;
        let check = sqlx::query_as("PRAGMA quick_check(1)");
        let found: (String,) = check.fetch_one(&mut connection).await?;
        if found.0 != "ok" {
            return Err(OpenError::Damaged);
        }
        connection.close().await?;
        Ok(())
    };
    // Checking a large file takes long, so only a server gets a time limit.
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
        // A statement of many rows keeps what undoes it, and a container may have no place for a file of that.
        "PRAGMA temp_store = MEMORY",
    ] {
        sqlx::query(pragma).execute(&mut *connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::{Executor as _, Row as _};

    use super::*;

    #[tokio::test]
    async fn every_connection_to_sqlite_is_set_up() {
        let (_folder, store) = Store::in_a_folder().await;
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
            assert_eq!(ask("PRAGMA temp_store").await, "2");
            assert_eq!(ask("PRAGMA busy_timeout").await, "5000");
            assert_eq!(ask("PRAGMA journal_mode").await, "wal");
        }
    }
}
