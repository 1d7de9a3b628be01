//! The SQLite database: many readers, one writer, durable before a caller hears of success.
//!
//! Writes that arrive while a commit is being flushed share the next one: each runs in a savepoint of its own, and all
//! are answered after the one flush. A job that fails rolls back to its savepoint and leaves the others alone. What runs
//! them, and what happens when a commit fails, is in `writer`.

use std::{
    future::Future,
    path::Path,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, Sqlite, SqliteConnection, SqlitePool,
    migrate::Migrator,
    pool::PoolConnection,
    query::Query,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions,
        SqliteQueryResult, SqliteSynchronous,
    },
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::error::ApiError;
use crate::next_token::PagingKey;
use crate::writer::{self, Done, Job, Source};

static MIGRATOR: Migrator = sqlx_macros::migrate!("./migrations");

/// The name of the database in the data directory.
const FILE_NAME: &str = "emulator.sqlite3";
const READERS: u32 = 4;
/// How often SQLite reports its steps; a page of a list takes about a thousand.
const STEPS_AT_ONCE: u16 = 10;

/// The future a write returns; it may borrow the connection.
pub(crate) type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send + 'c>>;

/// A statement that owns its values, so that the task of the writer can run it.
pub(crate) type Statement = Query<'static, Sqlite, SqliteArguments>;

/// The database, as all who read and write hold it.
pub(crate) struct Store {
    readers: SqlitePool,
    writer: mpsc::Sender<Job>,
    steps: Arc<AtomicU64>,
}

/// The task that owns the writing connection; it ends when the last [`Store`] is gone.
pub(crate) type Writer = JoinHandle<()>;

impl Store {
    /// Opens or creates the database in `directory`; `None` keeps it in memory.
    pub(crate) async fn open(directory: Option<&Path>) -> Result<(Self, Writer), sqlx::Error> {
        // PRAGMAs belong in the options: set by a statement they would hold for one connection of the pool.
        let options = SqliteConnectOptions::new()
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .synchronous(SqliteSynchronous::Full)
            .optimize_on_close(true, None);
        let (options, connections) = match directory {
            Some(directory) => {
                tokio::fs::create_dir_all(directory).await?;
                let file = options
                    .filename(directory.join(FILE_NAME))
                    .create_if_missing(true);
                (file.journal_mode(SqliteJournalMode::Wal), READERS)
            }
            // A database in memory lives and dies with its one connection.
            None => (options.in_memory(true), 1),
        };
        // One connection makes the file and its tables, alone: two that switch it to WAL at the same time, or recover
        // it after a crash, refuse each other with "database is locked", and SQLite does not wait there.
        let own = match directory {
            Some(_) => {
                let mut connection = options.connect().await?;
                MIGRATOR.run(&mut connection).await?;
                Some(Box::new(connection))
            }
            None => None,
        };
        let steps = Arc::new(AtomicU64::new(0));
        let counted = steps.clone();
        let readers = SqlitePoolOptions::new()
            .after_connect(move |db, _| {
                let steps = counted.clone();
                Box::pin(async move { count_steps(db, steps).await })
            })
            .min_connections(1)
            .max_connections(connections)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await?;
        let source = if let Some(connection) = own {
            Source::Own(connection)
        } else {
            MIGRATOR.run(&readers).await?;
            Source::Shared(readers.clone())
        };
        let (sender, receiver) = mpsc::channel(1024);
        let writer = tokio::spawn(writer::run(source, receiver));
        Ok((
            Self {
                readers,
                writer: sender,
                steps,
            },
            writer,
        ))
    }

    /// A connection to read with.
    pub(crate) async fn read(&self) -> Result<PoolConnection<Sqlite>, ApiError> {
        Ok(self.readers.acquire().await?)
    }

    /// How many instructions SQLite has run to answer reads, in steps of ten: the cost of a query without a clock.
    ///
    /// A database in memory has one connection for everything, so there it counts the writes too.
    pub(crate) fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// Starts the count of steps again.
    pub(crate) fn forget_steps(&self) {
        self.steps.store(0, Ordering::Relaxed);
    }

    /// Runs `work` in a transaction and returns after it is on disk; an error undoes all of it.
    ///
    /// The work goes on when the caller goes away: a request that has begun to write is finished.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |db| {
            Box::pin(async move {
                let result = work(db).await;
                let keep = result.is_ok();
                // The receiver is gone when the client is; then the answer is not needed.
                let answer =
                    move |committed: Result<(), ApiError>| drop(sender.send(committed.and(result)));
                Done {
                    keep,
                    answer: Box::new(answer),
                }
            })
        });
        self.writer
            .send(job)
            .await
            .map_err(|_| ApiError::service_failure())?;
        receiver.await.map_err(|_| ApiError::service_failure())?
    }

    /// The key that seals paging tokens, made on the first start.
    pub(crate) async fn paging_key(&self) -> Result<PagingKey, ApiError> {
        self.write(|db| {
            Box::pin(async move {
                let fresh: [u8; 32] = rand::random();
                sqlx::query(
                    "INSERT INTO paging_key (id, secret) VALUES (1, $1) ON CONFLICT DO NOTHING",
                )
                .bind(&fresh[..])
                .execute(&mut *db)
                .await?;
                let secret = sqlx::query_scalar("SELECT secret FROM paging_key")
                    .fetch_one(db)
                    .await?;
                Ok(PagingKey(secret))
            })
        })
        .await
    }

    /// Closes the readers; the writer ends with this handle.
    pub(crate) async fn close(self) {
        self.readers.close().await;
    }
}

/// Refuses a write that found no row: `what` it was to change is not there.
pub(crate) fn refuse_none(done: &SqliteQueryResult, what: &str) -> Result<(), ApiError> {
    if done.rows_affected() == 0 {
        Err(ApiError::missing(what))
    } else {
        Ok(())
    }
}

async fn count_steps(db: &mut SqliteConnection, steps: Arc<AtomicU64>) -> Result<(), sqlx::Error> {
    db.lock_handle()
        .await?
        .set_progress_handler(i32::from(STEPS_AT_ONCE), move || {
            steps.fetch_add(u64::from(STEPS_AT_ONCE), Ordering::Relaxed);
            true
        });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by several connections at once, one start in some thousands met "database is locked" on a busy machine.
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_database_opens_in_a_new_folder_and_after_a_crash() {
        for _ in 0..100 {
            let directory = tempfile::tempdir().unwrap();
            let (store, _writer) = Store::open(Some(directory.path())).await.unwrap();
            store.paging_key().await.unwrap();

            // What a process that was killed leaves: the file and a log that no connection has folded into it.
            let left = tempfile::tempdir().unwrap();
            for name in [FILE_NAME.to_owned(), format!("{FILE_NAME}-wal")] {
                std::fs::copy(directory.path().join(&name), left.path().join(&name)).unwrap();
            }
            let (again, _writer) = Store::open(Some(left.path())).await.unwrap();
            assert_eq!(
                again.paging_key().await.unwrap().0,
                store.paging_key().await.unwrap().0
            );
        }
    }

    #[tokio::test]
    async fn reading_more_rows_takes_more_steps() {
        let directory = tempfile::tempdir().unwrap();
        let (store, _writer) = Store::open(Some(directory.path())).await.unwrap();
        let mut cost = Vec::new();

        for rows in [10, 1000] {
            store.forget_steps();
            let mut db = store.read().await.unwrap();
            sqlx::query(
                "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < $1)
                 SELECT n FROM number",
            )
            .bind(rows)
            .fetch_all(&mut *db)
            .await
            .unwrap();
            cost.push(store.steps());
        }

        assert!(cost[0] > 0 && cost[1] > 10 * cost[0], "{cost:?}");
    }
}
