//! Text with NUL, which PostgreSQL cannot hold: it finds nothing, on both databases.

use backend::{Actor, AuditFilter, OperatorId, Verified};
use domain::event::ConsoleEvent;
use serde_json::{Value, json};

use crate::database::{Database, newest_entries, note, on_both, somebody};

on_both! {
    a_search_for_text_with_nul_finds_nothing
    a_name_with_nul_is_written_down
}

async fn a_search_for_text_with_nul_finds_nothing(database: Database) {
    let backend = database.open().await;
    let (audit, operators) = (backend.audit(), backend.accounts());
    note(&backend, ConsoleEvent::SignIn, Value::Null).await;
    let arn = "arn:aws:chime:us-east-1:123456789012:app-instance/\0";
    for text in ["\0", "ada\0", "a\0b", arn] {
        for filter in [
            AuditFilter {
                operator: Some(text.into()),
                ..AuditFilter::default()
            },
            AuditFilter {
                operation: Some(text.into()),
                ..AuditFilter::default()
            },
            AuditFilter {
                resource: Some(text.into()),
                ..AuditFilter::default()
            },
        ] {
            let found = audit.whole().recent(&filter, None, 10).await.unwrap();
            assert!(found.is_empty(), "{filter:?}");
        }
        let id = OperatorId::from(text.to_owned());
        assert!(operators.get(&id).await.unwrap().is_none(), "{text:?}");
        assert!(operators.by_name(text).await.unwrap().is_none(), "{text:?}");
    }
}

async fn a_name_with_nul_is_written_down(database: Database) {
    let backend = database.open().await;
    let audit = backend.audit();
    let actor = Actor {
        username: "a\0b",
        ..somebody()
    };

    let noted = audit
        .note(&actor, ConsoleEvent::SignIn, json!({ "Reason": "a\0b" }))
        .await;

    noted.unwrap();
    let rows = newest_entries(&backend, 10).await;
    assert_eq!(rows[0].username, "a\u{fffd}b");
    let verified = audit.verify().await.unwrap();
    assert!(
        matches!(verified, Verified::Intact { rows: 1, .. }),
        "{verified:?}"
    );
}
