//! The chain of the audit: that rows cannot be changed, and that a change shows.

use backend::Verified;
use serde_json::{Value, json};

use crate::database::{Database, on_both, somebody};

on_both! {
    rows_cannot_be_changed
    an_edit_shows
    a_removed_row_shows
    a_cut_end_shows
    two_nodes_write_one_chain
}

async fn rows_cannot_be_changed(database: Database) {
    let backend = database.open().await;
    backend
        .audit()
        .note(&somebody(), "sign-in", Value::Null)
        .await
        .unwrap();
    let raw = database.raw().await;
    for change in ["UPDATE audit SET username = 'eve'", "DELETE FROM audit"] {
        let refused = sqlx::query(change).execute(&raw).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}

/// Five rows, and then a change by somebody who can take the triggers away.
async fn tampered(database: &Database, change: &'static str) -> Verified {
    let backend = database.open().await;
    for number in 0..5 {
        let detail = json!({ "n": number });
        backend
            .audit()
            .note(&somebody(), "sign-in", detail)
            .await
            .unwrap();
    }
    assert_eq!(
        backend.audit().verify().await,
        Ok(Verified::Intact { rows: 5 })
    );
    let raw = database.raw().await;
    let drops: &[&'static str] = if database.folder.is_some() {
        &[
            "DROP TRIGGER audit_no_update",
            "DROP TRIGGER audit_no_delete",
        ]
    } else {
        &["DROP TRIGGER audit_no_change ON audit"]
    };
    for drop in drops {
        sqlx::query(*drop).execute(&raw).await.unwrap();
    }
    let changed = sqlx::query(change).execute(&raw).await.unwrap();
    assert_eq!(changed.rows_affected(), 1);
    backend.audit().verify().await.unwrap()
}

async fn an_edit_shows(database: Database) {
    let found = tampered(&database, "UPDATE audit SET username = 'eve' WHERE seq = 3").await;
    assert_eq!(found, Verified::BrokenAt { seq: 3 });
}

async fn a_removed_row_shows(database: Database) {
    let found = tampered(&database, "DELETE FROM audit WHERE seq = 2").await;
    assert_eq!(found, Verified::BrokenAt { seq: 2 });
}

async fn a_cut_end_shows(database: Database) {
    let found = tampered(&database, "DELETE FROM audit WHERE seq = 5").await;
    assert_eq!(found, Verified::BrokenAt { seq: 5 });
}

async fn two_nodes_write_one_chain(database: Database) {
    let nodes = [database.open().await, database.open().await];
    let mut tasks = Vec::new();
    for number in 0..40 {
        let node = nodes[number % 2].clone();
        tasks.push(tokio::spawn(async move {
            let detail = json!({ "n": number });
            node.audit()
                .note(&somebody(), "sign-in", detail)
                .await
                .unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let verified = nodes[0].audit().verify().await;
    assert_eq!(verified, Ok(Verified::Intact { rows: 40 }));
}
