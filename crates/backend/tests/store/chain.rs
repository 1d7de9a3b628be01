//! The chain of the audit: that rows cannot be changed, and that a change shows.

use backend::Verified;
use serde_json::{Value, json};

use crate::database::{Database, event, note, on_both};

on_both! {
    rows_cannot_be_changed
    an_edit_shows
    a_removed_row_shows
    a_cut_end_shows
    a_row_before_the_first_shows
    every_column_counts
    the_end_of_an_intact_chain_is_named
    two_nodes_write_one_chain
}

async fn rows_cannot_be_changed(database: Database) {
    let backend = database.open().await;
    note(&backend, event("sign-in"), Value::Null).await;
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
        note(&backend, event("sign-in"), detail).await;
    }
    let verified = backend.audit().verify().await;
    assert!(
        matches!(verified, Ok(Verified::Intact { rows: 5, .. })),
        "{verified:?}"
    );
    let raw = database.raw().await;
    database.unprotect(&raw).await;
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

/// The log would show such a row, and no row counted from 1 follows it in the chain.
async fn a_row_before_the_first_shows(database: Database) {
    let found = tampered(
        &database,
        "INSERT INTO audit (seq, entry, phase, at, username, request, operation, prev_hash, hash) \
         VALUES (0, 'e', 'noted', 1, 'ada', 'r', 'SignIn', '', '')",
    )
    .await;
    assert_eq!(found, Verified::BrokenAt { seq: 0 });
}

/// What the chain covers is written twice, for appending and for checking: a column that one of
/// them left out would show here.
async fn every_column_counts(database: Database) {
    let backend = database.open().await;
    for number in 0..2 {
        let detail = json!({ "n": number, "é": "\u{1f514}" });
        note(&backend, event("sign-in"), detail).await;
    }
    let raw = database.raw().await;
    database.unprotect(&raw).await;
    for column in [
        "entry",
        "phase",
        "operator",
        "username",
        "remote",
        "request",
        "connection",
        "region",
        "operation",
        "resource",
        "instance",
        "input",
        "before_values",
        "failure",
        "aws_request",
    ] {
        // Text with a colon and digits, as the lengths before each column have them.
        let changes = [
            format!("UPDATE audit SET {column} = COALESCE({column}, '') || '1:' WHERE seq = 2"),
            format!(
                "UPDATE audit SET {column} = NULLIF(substr({column}, 1, length({column}) - 2), '') WHERE seq = 2"
            ),
        ];
        let mut found = Vec::new();
        for change in changes {
            sqlx::query(sqlx::AssertSqlSafe(change))
                .execute(&raw)
                .await
                .unwrap();
            found.push(backend.audit().verify().await.unwrap());
        }
        assert_eq!(found[0], Verified::BrokenAt { seq: 2 }, "{column}");
        assert!(
            matches!(found[1], Verified::Intact { rows: 2, .. }),
            "{column}: {found:?}"
        );
    }
    for change in ["at = at + 1", "prev_hash = ''"] {
        let change = format!("UPDATE audit SET {change} WHERE seq = 2");
        sqlx::query(sqlx::AssertSqlSafe(change))
            .execute(&raw)
            .await
            .unwrap();
        assert_eq!(
            backend.audit().verify().await,
            Ok(Verified::BrokenAt { seq: 2 })
        );
    }
}

async fn the_end_of_an_intact_chain_is_named(database: Database) {
    let backend = database.open().await;
    let head = async || match backend.audit().verify().await {
        Ok(Verified::Intact { head, .. }) => head,
        other => panic!("{other:?}"),
    };
    assert_eq!(head().await, "");
    let mut seen = Vec::new();
    for _ in 0..2 {
        note(&backend, event("sign-in"), Value::Null).await;
        seen.push(head().await);
    }
    assert_eq!(seen[0].len(), 64);
    assert_ne!(seen[0], seen[1]);
}

async fn two_nodes_write_one_chain(database: Database) {
    let nodes = [database.open().await, database.open().await];
    let mut tasks = Vec::new();
    for number in 0..40 {
        let node = nodes[number % 2].clone();
        tasks.push(tokio::spawn(async move {
            let detail = json!({ "n": number });
            note(&node, event("sign-in"), detail).await;
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let verified = nodes[0].audit().verify().await;
    assert!(
        matches!(verified, Ok(Verified::Intact { rows: 40, .. })),
        "{verified:?}"
    );
}
