//! Opening a database.

use backend::{Backend, Config, OpenError, StartError};
use sqlx::Row as _;

use crate::database::{Database, event, note, on_both};

on_both! {
    a_database_can_be_opened_again
    a_newer_database_is_refused
}

/// Why a database is not opened.
async fn refused(config: Config) -> OpenError {
    match Backend::open(config).await {
        Err(StartError::Database(refused)) => refused,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was opened"),
    }
}

async fn a_database_can_be_opened_again(database: Database) {
    let first = database.open().await;
    assert!(first.is_ready().await);
    let second = database.open().await;
    assert!(second.is_ready().await);
}

async fn a_newer_database_is_refused(database: Database) {
    drop(database.open().await);
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, $1, 0)",
    )
    .bind(vec![0_u8; 48])
    .execute(&database.raw().await)
    .await
    .unwrap();

    let refused = refused(database.config()).await;

    assert!(matches!(refused, OpenError::Newer), "{refused}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_in_one_sentence() {
    let database = Database::sqlite();
    let path = database.folder.as_ref().unwrap().path().join("carillon.db");
    std::fs::write(&path, "this is not a database, it is a text of some length").unwrap();

    let refused = Backend::open(database.config()).await.unwrap_err();

    assert_eq!(
        refused.to_string(),
        "the database file is damaged; nothing was changed, restore it from a backup"
    );
}

#[tokio::test]
async fn a_file_with_a_damaged_page_is_refused() {
    let database = Database::sqlite();
    let path = database.folder.as_ref().unwrap().path().join("carillon.db");
    let backend = database.open().await;
    for _ in 0..50 {
        note(&backend, event("sign-in"), serde_json::Value::Null).await;
    }
    let raw = database.raw().await;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&raw)
        .await
        .unwrap();
    raw.close().await;
    drop(backend);
    let mut bytes = std::fs::read(&path).unwrap();
    for byte in bytes.iter_mut().skip(4096) {
        *byte = 0xAA;
    }
    std::fs::write(&path, bytes).unwrap();

    let refused = refused(database.config()).await;

    assert!(matches!(refused, OpenError::Damaged), "{refused}");
}

#[tokio::test]
async fn another_kind_of_database_is_refused() {
    let mut config = Database::sqlite().config();
    config.database_url = "mysql://localhost/x".into();

    let refused = refused(config).await;

    assert!(matches!(refused, OpenError::UnknownKind), "{refused}");
}

#[tokio::test]
async fn the_write_ahead_log_is_on() {
    let database = Database::sqlite();
    let _backend = database.open().await;

    let mode = sqlx::query("PRAGMA journal_mode")
        .fetch_one(&database.raw().await)
        .await
        .unwrap();

    assert_eq!(mode.get::<String, _>(0), "wal");
}
