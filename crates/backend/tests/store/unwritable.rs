//! A database that can be read and not be written.

use std::collections::HashMap;
use std::time::Duration;

use backend::{Backend, Sessions};
use serde_json::json;
use sqlx::any::AnyPoolOptions;
use sqlx::{Any, Row as _, Transaction};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

use crate::database::{Database, on_both};

on_both! {
    a_session_is_read_at_once_and_lives_on_while_the_database_cannot_be_written
    a_database_that_cannot_be_written_is_not_ready
    asking_whether_it_is_ready_writes_once_a_second_at_most
}

const MINUTE: i64 = 60_000;

/// Keeps everybody else from writing, until it is dropped.
async fn hold(database: &Database) -> Transaction<'static, Any> {
    let raw = AnyPoolOptions::new()
        .max_connections(1)
        .connect(&database.url)
        .await
        .unwrap();
    if database.folder.is_some() {
        return raw.begin_with("BEGIN IMMEDIATE").await.unwrap();
    }
    let mut held = raw.begin().await.unwrap();
    for table in ["sessions", "readiness"] {
        let lock = format!("LOCK TABLE {table} IN EXCLUSIVE MODE");
        sqlx::query(sqlx::AssertSqlSafe(lock))
            .execute(&mut *held)
            .await
            .unwrap();
    }
    held
}

async fn signed_in(sessions: &Sessions) -> Id {
    let mut record = Record {
        id: Id::default(),
        data: HashMap::from([("pending".to_owned(), json!({}))]),
        expiry_date: OffsetDateTime::UNIX_EPOCH,
    };
    sessions.create(&mut record).await.unwrap();
    record.id
}

async fn a_session_is_read_at_once_and_lives_on_while_the_database_cannot_be_written(
    database: Database,
) {
    let backend = database.open().await;
    let sessions = backend.accounts().sessions();
    let id = signed_in(sessions).await;
    let held = hold(&database).await;

    // Longer than an unused session lives.
    for _ in 0..3 {
        database.clock.advance(20 * MINUTE);
        let read = tokio::time::timeout(Duration::from_secs(1), sessions.load(&id));
        assert!(read.await.unwrap().unwrap().is_some());
    }
    held.rollback().await.unwrap();

    let raw = database.raw().await;
    let noted = async || {
        let row = sqlx::query("SELECT seen_at FROM sessions").fetch_one(&raw);
        row.await.unwrap().get::<Option<i64>, _>(0)
    };
    while noted().await != Some(database.clock.now().0) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A use that failed to be written, and not one that only waited.
#[tokio::test]
async fn a_use_that_could_not_be_written_is_tried_again() {
    let database = Database::sqlite();
    let backend = database.open().await;
    let sessions = backend.accounts().sessions();
    let id = signed_in(sessions).await;
    let raw = database.raw().await;
    let broken = "CREATE TRIGGER broken BEFORE UPDATE OF seen_at ON sessions \
         BEGIN SELECT RAISE(ABORT, 'broken'); END";
    sqlx::query(broken).execute(&raw).await.unwrap();
    database.clock.advance(20 * MINUTE);
    let used = database.clock.now().0;
    assert!(sessions.load(&id).await.unwrap().is_some());
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mended = sqlx::query("DROP TRIGGER broken").execute(&raw);
    mended.await.unwrap();

    // Nobody uses the session meanwhile.
    let noted = async || {
        let row = sqlx::query("SELECT seen_at FROM sessions").fetch_one(&raw);
        row.await.unwrap().get::<Option<i64>, _>(0)
    };
    let mut tries = 0;
    while noted().await != Some(used) {
        tries += 1;
        assert!(tries < 200, "it is lost");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn a_database_that_cannot_be_written_is_not_ready(database: Database) {
    let backend = database.open().await;
    assert!(backend.is_ready().await);
    let held = hold(&database).await;

    // What was found out before holds for a while.
    let mut answers = 0;
    loop {
        let asked = tokio::time::timeout(Duration::from_secs(4), backend.is_ready());
        if !asked.await.expect("whoever asks is told soon") {
            break;
        }
        answers += 1;
        assert!(answers < 200, "it is ready, and cannot be written");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    held.rollback().await.unwrap();

    while !backend.is_ready().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn asking_whether_it_is_ready_writes_once_a_second_at_most(database: Database) {
    let backend = database.open().await;
    let began = std::time::Instant::now();
    let ask = async |backend: &Backend| backend.is_ready().await;
    let answers = futures_util::future::join_all((0..500).map(|_| ask(&backend))).await;
    assert!(answers.into_iter().all(|answer| answer));

    let asked = sqlx::query("SELECT asked FROM readiness")
        .fetch_one(&database.raw().await)
        .await
        .unwrap();

    let asked: i64 = asked.get(0);
    assert!(
        asked <= 1 + began.elapsed().as_secs().cast_signed(),
        "{asked}"
    );
}
