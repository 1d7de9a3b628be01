//! The one connection that writes: it takes jobs and commits several at once.
//!
//! Transactions are begun and ended by plain statements here, and not by sqlx: when a disk is full SQLite ends a
//! transaction by itself, which sqlx does not see, and then refuses every other on that connection.
//!
//! What the jobs do is not known here.

use std::{future::Future, panic::AssertUnwindSafe, pin::Pin};

use futures_util::FutureExt as _;
use sqlx::{Connection as _, SqliteConnection, SqlitePool};
use tokio::sync::mpsc;

use crate::error::ApiError;

/// How many writes may share one commit, so that the first of them does not wait for long.
const BATCH: usize = 64;

pub(crate) type Job = Box<
    dyn for<'c> FnOnce(&'c mut SqliteConnection) -> Pin<Box<dyn Future<Output = Done> + Send + 'c>>
        + Send,
>;

/// Tells the caller of a job whether it was committed.
type AnswerJob = Box<dyn FnOnce(Result<(), ApiError>) + Send>;

/// A job that ran and has not yet been answered, because it is not yet committed.
pub(crate) struct Done {
    pub(crate) keep: bool,
    pub(crate) answer: AnswerJob,
}

/// Where the writer takes its connection from.
pub(crate) enum Source {
    Own(Box<SqliteConnection>),
    Shared(SqlitePool),
}

/// Runs jobs until the last sender of them is gone.
pub(crate) async fn run(mut source: Source, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.recv().await {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(job) = jobs.try_recv()
        {
            batch.push(job);
        }
        let mut answers = Vec::with_capacity(batch.len());
        let committed = match &mut source {
            Source::Own(db) => commit_or_undo(db, batch, &mut answers).await,
            Source::Shared(pool) => match pool.acquire().await {
                Ok(mut db) => commit_or_undo(&mut db, batch, &mut answers).await,
                Err(error) => Err(error),
            },
        };
        let committed = committed.map_err(ApiError::from);
        for answer in answers {
            answer(committed.clone());
        }
    }
    if let Source::Own(db) = source
        && let Err(error) = db.close().await
    {
        tracing::warn!(error = %error, "the emulator's database was not closed cleanly");
    }
}

/// Commits, or ends the transaction by undoing it: the next batch must find none open.
async fn commit_or_undo(
    db: &mut SqliteConnection,
    batch: Vec<Job>,
    answers: &mut Vec<AnswerJob>,
) -> Result<(), sqlx::Error> {
    let committed = commit(db, batch, answers).await;
    if committed.is_err() {
        // This fails where SQLite has ended the transaction by itself.
        drop(run_statement(db, "ROLLBACK").await);
    }
    committed
}

async fn commit(
    db: &mut SqliteConnection,
    batch: Vec<Job>,
    answers: &mut Vec<AnswerJob>,
) -> Result<(), sqlx::Error> {
    // Two at once, since each time the thread of the database and this one wait for each other.
    run_statement(db, "BEGIN IMMEDIATE; SAVEPOINT job").await?;
    for job in batch {
        let keep = match run_job(db, job).await {
            Some(done) => {
                answers.push(done.answer);
                done.keep
            }
            None => false,
        };
        let next = if keep {
            "RELEASE job; SAVEPOINT job"
        } else {
            "ROLLBACK TO job"
        };
        run_statement(db, next).await?;
    }
    run_statement(db, "COMMIT").await
}

/// `None` when the job panicked. Its answer was dropped with it, and by that its caller learns of the panic.
async fn run_job(db: &mut SqliteConnection, job: Job) -> Option<Done> {
    let ran = AssertUnwindSafe(async { job(db).await }).catch_unwind();
    let done = ran.await.ok();
    if done.is_none() {
        tracing::error!("a write of the emulator panicked");
    }
    done
}

async fn run_statement(db: &mut SqliteConnection, statement: &'static str) -> sqlx::Result<()> {
    sqlx::query(statement).execute(db).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Store;

    /// A database in a file, and one in memory.
    async fn both() -> Vec<(Option<tempfile::TempDir>, Store)> {
        let folder = tempfile::tempdir().unwrap();
        let (in_file, _) = Store::open(Some(folder.path())).await.unwrap();
        let (in_memory, _) = Store::open(None).await.unwrap();
        vec![(Some(folder), in_file), (None, in_memory)]
    }

    async fn run_all(store: &Store, statements: &'static [&'static str]) -> Result<(), ApiError> {
        store
            .write(move |db| {
                Box::pin(async move {
                    for statement in statements {
                        sqlx::query(*statement).execute(&mut *db).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    async fn count(store: &Store) -> i64 {
        let mut db = store.read().await.unwrap();
        let counted = sqlx::query_scalar("SELECT count(*) FROM tag").fetch_one(&mut *db);
        counted.await.unwrap()
    }

    const KEPT: &[&str] =
        &["INSERT INTO tag (kind, owner, key, value) VALUES ('user', 1, 'kept', 'x')"];

    /// What a full disk does: SQLite ends the transaction by itself.
    /// The next write succeeds, and the one that failed left nothing.
    async fn assert_goes_on(store: &Store) {
        run_all(store, KEPT).await.unwrap();
        assert_eq!(count(store).await, 1);
    }

    #[tokio::test]
    async fn writes_go_on_after_the_disk_was_full() {
        for (_folder, store) in both().await {
            let full: &[&str] = &[
                "INSERT INTO tag (kind, owner, key, value) VALUES ('user', 1, 'lost', 'x')",
                "PRAGMA max_page_count = 1",
                "INSERT INTO tag (kind, owner, key, value) VALUES ('user', 1, 'large', hex(zeroblob(1000000)))",
            ];
            assert!(run_all(&store, full).await.is_err());

            let freed: &[&str] = &["PRAGMA max_page_count = 1000000"];
            run_all(&store, freed).await.unwrap();
            assert_goes_on(&store).await;
        }
    }

    #[tokio::test]
    async fn writes_go_on_after_a_rollback_that_nobody_asked_for() {
        for (_folder, store) in both().await {
            let broken: &[&str] = &[
                "CREATE TRIGGER broken BEFORE INSERT ON tag WHEN NEW.key = 'bad' \
                 BEGIN SELECT RAISE(ROLLBACK, 'broken'); END",
            ];
            run_all(&store, broken).await.unwrap();
            let bad: &[&str] =
                &["INSERT INTO tag (kind, owner, key, value) VALUES ('user', 1, 'bad', 'x')"];
            assert!(run_all(&store, bad).await.is_err());

            assert_goes_on(&store).await;
        }
    }

    #[tokio::test]
    async fn writes_go_on_after_a_commit_that_was_refused() {
        for (_folder, store) in both().await {
            let orphan: &[&str] = &[
                "PRAGMA defer_foreign_keys = ON",
                "INSERT INTO app_instance_bot (app_instance, bot_id, configuration, created_ms, updated_ms) \
                 VALUES (99, 'b', '{}', 0, 0)",
            ];
            assert!(run_all(&store, orphan).await.is_err());

            assert_goes_on(&store).await;
        }
    }

    #[tokio::test]
    async fn writes_go_on_after_one_that_panicked() {
        for (_folder, store) in both().await {
            let panicked = store.write::<(), _>(|db| {
                Box::pin(async move {
                    sqlx::query(KEPT[0]).execute(db).await?;
                    panic!("on purpose")
                })
            });
            assert!(panicked.await.is_err());

            assert_goes_on(&store).await;
        }
    }

    /// Another program holds the file, as a backup does.
    #[tokio::test]
    async fn writes_go_on_after_the_file_was_locked() {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = Store::open(Some(folder.path())).await.unwrap();
        run_all(&store, &["PRAGMA busy_timeout = 1"]).await.unwrap();
        let file = folder.path().join("emulator.sqlite3");
        let url = format!("sqlite:{}", file.display());
        let mut other = SqliteConnection::connect(&url).await.unwrap();
        run_statement(&mut other, "BEGIN IMMEDIATE").await.unwrap();
        assert!(run_all(&store, KEPT).await.is_err());
        run_statement(&mut other, "ROLLBACK").await.unwrap();

        assert_goes_on(&store).await;
    }

    /// As when a client hangs up.
    #[tokio::test]
    async fn a_write_is_finished_when_nobody_waits_for_it() {
        for (_folder, store) in both().await {
            let mut abandoned = Box::pin(run_all(&store, KEPT));
            assert!((&mut abandoned).now_or_never().is_none());
            drop(abandoned);

            run_all(&store, &[]).await.unwrap();

            assert_eq!(count(&store).await, 1);
        }
    }
}
