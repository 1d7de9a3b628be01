//! Sessions: what is kept, and what ends them.

use std::collections::HashMap;

use backend::{OperatorId, Sessions};
use serde_json::json;
use sqlx::Row as _;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

use crate::database::{Database, on_both};

on_both! {
    a_session_is_kept_under_the_hash_of_its_id
    a_session_that_signed_out_does_not_come_back
    a_session_ends_when_it_is_not_used
    a_session_ends_after_twelve_hours
    a_session_was_last_seen_when_it_was_last_used
    an_operator_is_signed_out_everywhere
    an_operator_has_five_sessions_at_most
    equal_ids_are_made_different
}

const MINUTE: i64 = 60_000;

fn record(operator: Option<&str>) -> Record {
    let mut data = HashMap::new();
    if let Some(operator) = operator {
        data.insert("operator".to_owned(), json!(operator));
    }
    Record {
        id: Id::default(),
        data,
        expiry_date: OffsetDateTime::UNIX_EPOCH,
    }
}

async fn created(sessions: &Sessions, operator: Option<&str>) -> Record {
    let mut record = record(operator);
    sessions.create(&mut record).await.unwrap();
    record
}

async fn is_live(sessions: &Sessions, record: &Record) -> bool {
    sessions.load(&record.id).await.unwrap().is_some()
}

fn ada() -> OperatorId {
    OperatorId::from("ada".to_owned())
}

async fn a_session_is_kept_under_the_hash_of_its_id(database: Database) {
    let sessions = database.open().await.sessions();
    let mut record = created(&sessions, None).await;
    record.data.insert("operator".into(), json!("ada"));
    sessions.save(&record).await.unwrap();

    let loaded = sessions.load(&record.id).await.unwrap().unwrap();

    assert_eq!(loaded.data, record.data);
    let row = sqlx::query("SELECT key, operator, data FROM sessions")
        .fetch_one(&database.raw().await)
        .await
        .unwrap();
    let stored: Vec<String> = (0..3).map(|column| row.get(column)).collect();
    assert_eq!(stored[0].len(), 64);
    assert_eq!(stored[1], "ada");
    assert!(!stored.concat().contains(&record.id.to_string()));
}

async fn a_session_that_signed_out_does_not_come_back(database: Database) {
    let sessions = database.open().await.sessions();
    let record = created(&sessions, Some("ada")).await;
    sessions.delete(&record.id).await.unwrap();
    // A request that was under way saves after the sign-out.
    sessions.save(&record).await.unwrap();
    assert!(!is_live(&sessions, &record).await);
}

async fn a_session_ends_when_it_is_not_used(database: Database) {
    let sessions = database.open().await.sessions();
    let record = created(&sessions, Some("ada")).await;
    for _ in 0..4 {
        database.clock.advance(29 * MINUTE);
        assert!(is_live(&sessions, &record).await);
    }
    database.clock.advance(30 * MINUTE);
    assert!(!is_live(&sessions, &record).await);
    assert!(sessions.list_of(&ada()).await.unwrap().is_empty());
}

async fn a_session_ends_after_twelve_hours(database: Database) {
    let sessions = database.open().await.sessions();
    let record = created(&sessions, Some("ada")).await;
    for _ in 0..(12 * 60 / 20 - 1) {
        database.clock.advance(20 * MINUTE);
        assert!(is_live(&sessions, &record).await);
        sessions.save(&record).await.unwrap();
    }
    database.clock.advance(20 * MINUTE);
    assert!(!is_live(&sessions, &record).await);
}

async fn a_session_was_last_seen_when_it_was_last_used(database: Database) {
    let sessions = database.open().await.sessions();
    let record = created(&sessions, Some("ada")).await;
    // Up to the last minutes of the twelve hours, where it cannot be idle for half an hour any more.
    for _ in 0..(12 * 60 / 20 - 1) {
        database.clock.advance(20 * MINUTE);
        assert!(is_live(&sessions, &record).await);
        let listed = sessions.list_of(&ada()).await.unwrap();
        assert_eq!(listed[0].seen, database.clock.now());
    }
    let seen = database.clock.now();
    database.clock.advance(MINUTE / 2);
    assert!(is_live(&sessions, &record).await);
    let listed = sessions.list_of(&ada()).await.unwrap();
    assert_eq!(listed[0].seen, seen, "to the minute");
}

async fn an_operator_is_signed_out_everywhere(database: Database) {
    let sessions = database.open().await.sessions();
    let mine = [
        created(&sessions, Some("ada")).await,
        created(&sessions, Some("ada")).await,
    ];
    let other = created(&sessions, Some("bob")).await;
    let listed = sessions.list_of(&ada()).await.unwrap();
    assert_eq!(listed.len(), 2);

    sessions.revoke(&ada(), &listed[0].key).await.unwrap();
    assert_eq!(sessions.list_of(&ada()).await.unwrap(), listed[1..]);
    sessions.revoke_of(&ada()).await.unwrap();

    for record in &mine {
        sessions.save(record).await.unwrap();
        assert!(!is_live(&sessions, record).await);
    }
    assert!(is_live(&sessions, &other).await);
}

async fn an_operator_has_five_sessions_at_most(database: Database) {
    let sessions = database.open().await.sessions();
    let mut records = Vec::new();
    for _ in 0..6 {
        records.push(created(&sessions, Some("ada")).await);
        database.clock.advance(1);
    }
    assert!(!is_live(&sessions, &records[0]).await);
    for record in &records[1..] {
        assert!(is_live(&sessions, record).await);
    }
}

async fn equal_ids_are_made_different(database: Database) {
    let sessions = database.open().await.sessions();
    let first = created(&sessions, Some("ada")).await;
    let mut second = record(Some("bob"));
    second.id = first.id;
    sessions.create(&mut second).await.unwrap();
    assert_ne!(second.id, first.id);
    let loaded = sessions.load(&first.id).await.unwrap().unwrap();
    assert_eq!(loaded.data["operator"], json!("ada"));
}
