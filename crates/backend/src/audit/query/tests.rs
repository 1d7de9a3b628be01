//! Each filter finds its rows by an index, so that a filter without matches reads no rows.

use sqlx::Row as _;

use super::super::walk::{FIRST_SINCE, LAST_BEFORE};
use super::*;

const ARN: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222";

fn whole() -> Query {
    Query::seen_by(&Grant::EVERYTHING, true)
}

/// How SQLite finds the beginnings of entries, and whether it reads any table as a whole.
async fn plan(store: &Store, query: &Query) -> (Vec<String>, bool) {
    let stretch = 100_000..200_000;
    let sql = query.sql(Kind::Sqlite, Some(&stretch), Order::Newest, 50);
    let mut explain = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
    for value in &query.values {
        explain = explain.bind(value.as_str());
    }
    let steps = explain.fetch_all(store.log()).await.unwrap();
    let steps: Vec<String> = steps.iter().map(|step| step.get("detail")).collect();
    let reads_all = steps
        .iter()
        .any(|step| step.starts_with("SCAN ") && step != "SCAN CONSTANT ROW");
    // What an entry's outcome is found by is the same in each.
    assert!(
        steps
            .iter()
            .any(|step| step == "SEARCH l USING INDEX audit_entry (entry=?)"),
        "{steps:#?}"
    );
    let found = steps.into_iter().filter(|step| step.contains("SEARCH b "));
    (found.collect(), reads_all)
}

#[tokio::test]
async fn each_filter_finds_its_rows_by_an_index() {
    let (_folder, store) = Store::in_a_folder().await;
    let filter = AuditFilter::default;
    let text = || Some("x".to_owned());
    let ended = |outcome| AuditFilter {
        outcome: Some(outcome),
        ..filter()
    };
    let by_operator = AuditFilter {
        operator: text(),
        ..filter()
    };
    let by_operation = AuditFilter {
        operation: text(),
        ..filter()
    };
    let by_id = AuditFilter {
        resource: text(),
        ..filter()
    };
    let by_arn = AuditFilter {
        resource: Some(ARN.to_owned()),
        ..filter()
    };
    let cases: [(Query, &[&str]); 10] = [
        (whole(), &["(seq>? AND seq<?)"]),
        (
            whole().filtered(&by_operator, false),
            &[
                "audit_username (username=? AND seq>? AND seq<?)",
                "audit_operator (operator=? AND seq>? AND seq<?)",
            ],
        ),
        (
            whole().filtered(&by_operation, false),
            &["audit_operation (operation=? AND seq>? AND seq<?)"],
        ),
        (
            whole().filtered(&ended(Phase::Refused), false),
            &["audit_phase (phase=? AND seq>? AND seq<?)"],
        ),
        (
            whole().filtered(&ended(Phase::Failed), true),
            &["audit_entry (entry=?)"],
        ),
        (whole().filtered(&by_id, false), &["audit_entry (entry=?)"]),
        (
            whole().filtered(&by_arn, false),
            &[
                "audit_resource (resource=? AND seq>? AND seq<?)",
                "audit_instance (instance=? AND seq>? AND seq<?)",
                "audit_entry (entry=?)",
            ],
        ),
        (
            whole().and(OF, ARN),
            &[
                "audit_resource (resource=? AND seq>? AND seq<?)",
                "audit_entry (entry=?)",
            ],
        ),
        (
            whole().and("b.resource = ?", ARN).and(OF_ENDPOINT, "x"),
            &["audit_resource (resource=? AND seq>? AND seq<?)"],
        ),
        (
            Query::seen_by(&Grant::parse_lines(ARN).unwrap(), false),
            &[
                "audit_instance (instance=? AND seq>? AND seq<?)",
                "audit_resource (resource=? AND seq>? AND seq<?)",
                "audit_entry (entry=?)",
            ],
        ),
    ];
    for (query, expected) in cases {
        let (found, reads_all) = plan(&store, &query).await;
        assert!(!reads_all, "{query:?}");
        let fits = |(step, expected): (&String, &&str)| step.ends_with(*expected);
        assert!(
            found.len() == expected.len() && found.iter().zip(expected).all(fits),
            "{query:?}: {found:#?}"
        );
    }
}

#[tokio::test]
async fn a_time_is_found_by_an_index() {
    let (_folder, store) = Store::in_a_folder().await;
    for sql in [FIRST_SINCE, LAST_BEFORE] {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let steps = sqlx::query(explain).bind(1_i64).fetch_all(store.log());
        let steps = steps.await.unwrap();
        let steps: Vec<String> = steps.iter().map(|step| step.get("detail")).collect();
        assert!(
            steps.iter().any(|step| step.contains("audit_at (at")),
            "{steps:#?}"
        );
    }
}

#[tokio::test]
async fn a_search_waits_for_a_turn_of_its_reader() {
    use std::time::Duration;

    use domain::Role;

    use crate::Clock;
    use crate::access::{Caller, OperatorId};
    use crate::audit::Audit;

    let (_folder, store) = Store::in_a_folder().await;
    let audit = Audit::new(store, Clock::system());
    let caller = |name: &str| Caller {
        operator: OperatorId::from(name.to_owned()),
        username: name.to_owned(),
        role: Role::Viewer,
        grant: Grant::EVERYTHING,
        remote: None,
        request_id: "r-1".to_owned(),
        proved: None,
        session: None,
        changes: crate::Changes::default(),
    };
    let search = async |name: &str| {
        let reader = audit.seen_by(&caller(name));
        let found = reader.search(&AuditFilter::default(), None, 10).await;
        found.unwrap();
    };
    let mallory = caller("mallory").operator;
    let first = audit.turns.take(Some(&mallory)).await.unwrap();
    let _second = audit.turns.take(Some(&mallory)).await.unwrap();

    let waits = tokio::time::timeout(Duration::from_millis(500), search("mallory")).await;
    assert!(waits.is_err(), "they have two turns");
    search("ada").await;
    drop(first);
    search("mallory").await;
}

#[tokio::test]
async fn a_search_that_takes_every_connection_of_the_log_leaves_those_of_sessions() {
    let (_folder, store) = Store::in_a_folder().await;
    let mut held = Vec::new();
    while let Ok(connection) =
        tokio::time::timeout(std::time::Duration::from_millis(500), store.log().acquire()).await
    {
        held.push(connection.unwrap());
    }
    assert!(held.len() < 8, "{}", held.len());
    let asked = sqlx::query("SELECT COUNT(*) FROM sessions").fetch_one(store.pool());
    let asked = tokio::time::timeout(std::time::Duration::from_millis(500), asked).await;
    assert!(asked.unwrap().is_ok());
}
