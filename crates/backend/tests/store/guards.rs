//! The triggers that guard the audit against writes past this program, and rows that are damaged.

use backend::{Audit, Backend, Verified};
use domain::event::ConsoleEvent;
use serde_json::Value;
use sqlx::AnyPool;
use sqlx::any::AnyPoolOptions;

use crate::database::{Database, newest_entries, note, on_both};

on_both! {
    guards_that_were_changed_are_found_and_made_anew_by_a_start
}

const ROWS: u32 = 5;
/// A row whose number is a text.
const ODD_NUMBER: &str = "INSERT INTO audit SELECT 'six', 'six', phase, at, operator, username, remote, request, \
     connection, region, operation, resource, instance, input, before_values, failure, \
     aws_request, prev_hash, hash, job FROM audit WHERE seq = 5";

async fn with_rows(database: &Database) -> Backend {
    let backend = database.open().await;
    for _ in 0..ROWS {
        note(&backend, ConsoleEvent::SignIn, Value::Null).await;
    }
    backend
}

/// A backend with rows, on SQLite, and a connection that may change them.
async fn unprotected() -> (Database, Backend, AnyPool) {
    let database = Database::sqlite();
    let backend = with_rows(&database).await;
    let raw = database.raw().await;
    database.unprotect(&raw).await;
    (database, backend, raw)
}

async fn run(raw: &AnyPool, sql: &str) -> Result<u64, String> {
    let done = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(raw)
        .await;
    done.map(|done| done.rows_affected())
        .map_err(|error| error.to_string())
}

async fn guards_that_were_changed_are_found_and_made_anew_by_a_start(database: Database) {
    drop(with_rows(&database).await);
    // One connection: another would not know at once what this one changed.
    let raw = AnyPoolOptions::new().max_connections(1);
    let raw = raw.connect(&database.url).await.unwrap();
    let changes: &[&[&str]] = if database.folder.is_some() {
        &[
            &["DROP TRIGGER audit_no_update"],
            &[
                "DROP TRIGGER audit_no_delete",
                "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN OLD.seq < 0 \
                 BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
            ],
            &["CREATE TRIGGER more AFTER INSERT ON audit BEGIN SELECT 1; END"],
        ]
    } else {
        &[
            &["DROP TRIGGER audit_no_change ON audit"],
            &["ALTER TABLE audit DISABLE TRIGGER audit_no_change"],
            &[
                "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql \
               AS $$ BEGIN RETURN OLD; END; $$",
            ],
        ]
    };
    for change in changes {
        for statement in *change {
            run(&raw, statement).await.unwrap();
        }
        // Looking changes nothing, so it is found each time.
        for _ in 0..2 {
            let looked = Audit::open_as_it_is(&database.url, database.clock.clone());
            let looked = looked.await.unwrap();
            assert_eq!(looked.is_guarded().await, Ok(false), "{change:?}");
        }

        let started = database.open().await;

        assert_eq!(started.audit().is_guarded().await, Ok(true), "{change:?}");
        for change in ["UPDATE audit SET username = 'eve'", "DELETE FROM audit"] {
            let refused = run(&raw, change).await.unwrap_err();
            assert!(refused.contains("append-only"), "{refused}");
        }
    }
}

/// REPLACE deletes without telling the triggers of deletions.
#[tokio::test]
async fn a_row_is_not_replaced() {
    let database = Database::sqlite();
    let backend = with_rows(&database).await;
    let raw = database.raw().await;
    let columns = "entry, phase, at, username, request, operation, prev_hash, hash";
    let replaces = [
        // By its number.
        format!(
            "INSERT OR REPLACE INTO audit (seq, {columns}) \
             SELECT seq, 'new', phase, at, 'eve', request, operation, prev_hash, hash \
             FROM audit WHERE seq = 3"
        ),
        // By its place in the file.
        format!(
            "INSERT OR REPLACE INTO audit (rowid, seq, {columns}) \
             SELECT rowid, 99, 'new', phase, at, 'eve', request, operation, prev_hash, hash \
             FROM audit WHERE seq = 3"
        ),
        // By its entry.
        format!(
            "REPLACE INTO audit (seq, {columns}) SELECT 99, {columns} FROM audit WHERE seq = 3"
        ),
        "UPDATE OR REPLACE audit SET seq = 3 WHERE seq = 4".to_owned(),
    ];
    for replace in replaces {
        let refused = run(&raw, &replace).await.unwrap_err();
        assert!(refused.contains("append-only"), "{replace}: {refused}");
    }
    let outcomes = [
        "INSERT INTO audit (seq, entry, phase, at, username, request, operation, prev_hash, hash) \
         VALUES (97, 'e', 'failed', 1, '', '', '', '', '')",
        "INSERT OR REPLACE INTO audit (seq, entry, phase, at, username, request, operation, \
         prev_hash, hash) VALUES (98, 'e', 'succeeded', 1, '', '', '', '', '')",
    ];
    assert_eq!(run(&raw, outcomes[0]).await, Ok(1));
    let refused = run(&raw, outcomes[1]).await.unwrap_err();
    assert!(refused.contains("append-only"), "by its outcome: {refused}");
    let rows = newest_entries(&backend, 10).await;
    assert!(rows.iter().all(|entry| entry.username == "ada"));
}

/// SQLite keeps whatever it is given in whichever column.
#[tokio::test]
async fn a_row_that_cannot_be_read_hides_no_other() {
    let (_database, backend, raw) = unprotected().await;
    for damage in [
        "UPDATE audit SET username = CAST(x'61ff' AS TEXT) WHERE seq = 2",
        "UPDATE audit SET input = '{' WHERE seq = 1",
        "UPDATE audit SET at = 'yesterday' WHERE seq = 3",
        "UPDATE audit SET operation = x'00ff' WHERE seq = 4",
        ODD_NUMBER,
    ] {
        assert_eq!(run(&raw, damage).await, Ok(1), "{damage}");
    }

    let found = newest_entries(&backend, 10).await;
    let one = backend.audit().whole().at_seq(2).await;
    let one = one.unwrap().unwrap();

    let found: Vec<_> = found
        .into_iter()
        .map(|entry| (entry.seq, entry.damaged))
        .collect();
    let expected = [(5, false), (4, true), (3, true), (2, true), (1, true)];
    assert_eq!(found, expected);
    assert_eq!(one.username, "a\u{fffd}");
}

/// Such a cell can be read, and no filter finds it.
#[tokio::test]
async fn a_row_with_a_cell_of_another_type_is_marked() {
    let (_database, backend, raw) = unprotected().await;
    let change = "UPDATE audit SET operation = CAST(operation AS BLOB) WHERE seq = 4";
    assert_eq!(run(&raw, change).await, Ok(1));

    let found = newest_entries(&backend, 10).await;

    let found: Vec<_> = found
        .into_iter()
        .map(|entry| (entry.seq, entry.event.to_string(), entry.damaged))
        .collect();
    let expected = [(5, false), (4, true), (3, false), (2, false), (1, false)];
    let expected = expected.map(|(seq, damaged)| (seq, "SignIn".to_owned(), damaged));
    assert_eq!(found, expected);
}

/// Bytes look like the text that they are, for a hash, and are found by no filter.
#[tokio::test]
async fn a_cell_of_another_type_shows() {
    for (change, seq) in [
        (
            "UPDATE audit SET username = CAST(username AS BLOB) WHERE seq = 3",
            3,
        ),
        (
            "UPDATE audit SET at = CAST(at AS TEXT) || '' WHERE seq = 3",
            0,
        ),
        (
            "UPDATE audit SET at = CAST(CAST(at AS TEXT) AS BLOB) WHERE seq = 3",
            3,
        ),
        (
            "UPDATE audit SET seq = CAST(CAST(seq AS TEXT) AS BLOB) WHERE seq = 3",
            3,
        ),
        (
            "UPDATE audit SET hash = CAST(hash AS BLOB) WHERE seq = 5",
            5,
        ),
        (
            "UPDATE audit SET username = CAST(x'ff' AS TEXT) WHERE seq = 2",
            2,
        ),
        (ODD_NUMBER, 6),
    ] {
        let (_database, backend, raw) = unprotected().await;
        assert_eq!(run(&raw, change).await, Ok(1), "{change}");

        let verified = backend.audit().verify().await.unwrap();

        if seq == 0 {
            // The column makes a number of it again.
            assert!(matches!(verified, Verified::Intact { .. }), "{change}");
        } else {
            assert_eq!(verified, Verified::BrokenAt { seq }, "{change}");
        }
    }
}
