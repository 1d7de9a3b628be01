//! Looking through a long log: what is found, and where a search is given up.

use std::time::Duration;

use backend::{AuditFilter, Backend, Entry, Phase};
use domain::Timestamp;
use domain::event::ConsoleEvent;
use serde_json::json;
use sqlx::AnyPool;

use crate::database::{Database, START, note, on_both};

on_both! {
    a_search_that_is_given_up_goes_on_where_it_stopped
    a_search_towards_the_newest_goes_on_too
    a_time_is_found_though_clocks_differ
    each_outcome_is_found
}

/// A row that this program did not write. Its number is far from the others', as in a long log.
async fn insert(raw: &AnyPool, seq: i64, phase: &str, entry: &str, at: i64) {
    sqlx::query(
        "INSERT INTO audit (seq, entry, phase, at, username, request, operation, prev_hash, hash) \
         VALUES ($1, $2, $3, $4, 'eve', 'r', 'CreateAppInstance', '', '')",
    )
    .bind(seq)
    .bind(entry)
    .bind(phase)
    .bind(at)
    .execute(raw)
    .await
    .unwrap();
}

async fn noted(backend: &Backend) {
    note(backend, ConsoleEvent::SignIn, json!({})).await;
}

fn by(operator: &str) -> AuditFilter {
    AuditFilter {
        operator: Some(operator.into()),
        ..AuditFilter::default()
    }
}

async fn a_search_that_is_given_up_goes_on_where_it_stopped(database: Database) {
    let backend = database.open().await;
    noted(&backend).await;
    let raw = database.raw().await;
    for row in 2..=20 {
        insert(&raw, row * 2000, "noted", &row.to_string(), row).await;
    }
    let hurried = backend.audit().whole().searching_for(Duration::ZERO);

    let mut before = None;
    let mut steps = Vec::new();
    let found = loop {
        let search = hurried.search(&by("ada"), before, 10).await.unwrap();
        let Some(stop) = search.stopped else {
            break search.entries;
        };
        assert!(search.entries.is_empty());
        before = Some(stop.seq);
        steps.push(stop);
    };

    assert_eq!(found.len(), 1);
    assert_eq!(steps.len(), 19, "a step is short");
    assert!(steps.windows(2).all(|pair| pair[0].seq > pair[1].seq));
    assert_eq!(steps[0].at, Some(Timestamp(20)), "the row nearest to it");
    // In its time it goes through all of it.
    let whole = backend.audit().whole();
    assert_eq!(whole.recent(&by("ada"), None, 10).await.unwrap().len(), 1);
    assert!(hurried.recent(&by("ada"), None, 10).await.is_err());
}

async fn a_search_towards_the_newest_goes_on_too(database: Database) {
    let backend = database.open().await;
    noted(&backend).await;
    insert(&database.raw().await, 50_000, "noted", "last", 1).await;
    let hurried = backend.audit().whole().searching_for(Duration::ZERO);

    let mut after = 1;
    let found = loop {
        let search = hurried.search_newer(&by("eve"), after, 10).await.unwrap();
        let Some(stop) = search.stopped else {
            break search.entries;
        };
        assert!(stop.seq > after);
        after = stop.seq;
    };

    assert_eq!(found[0].seq, 50_000);
}

async fn a_time_is_found_though_clocks_differ(database: Database) {
    const HOUR: i64 = 3_600_000;
    let backend = database.open().await;
    let raw = database.raw().await;
    // In the order of their numbers; one node's clock is an hour late.
    for (seq, at) in [(1, 100), (2, 200), (3, 101), (4, 30_000), (5, 202)] {
        insert(&raw, seq, "noted", &seq.to_string(), at * HOUR).await;
    }
    let between = |from: Option<i64>, to: Option<i64>| AuditFilter {
        from: from.map(|hours| Timestamp(hours * HOUR)),
        to: to.map(|hours| Timestamp(hours * HOUR)),
        ..AuditFilter::default()
    };
    let found = async |filter: AuditFilter| {
        let found = backend.audit().whole().recent(&filter, None, 10).await;
        let seqs: Vec<_> = found.unwrap().iter().map(|entry| entry.seq).collect();
        seqs
    };

    assert_eq!(found(between(Some(201), None)).await, [5, 4]);
    assert_eq!(found(between(None, Some(102))).await, [3, 1]);
    assert_eq!(found(between(Some(101), Some(203))).await, [5, 3, 2]);
    assert!(found(between(Some(40_000), None)).await.is_empty());
    assert!(found(between(None, Some(1))).await.is_empty());
}

async fn each_outcome_is_found(database: Database) {
    let backend = database.open().await;
    let raw = database.raw().await;
    let mut seq = 0;
    for outcome in Phase::ALL {
        let name = outcome.name();
        let first = match outcome {
            Phase::Refused | Phase::Noted => name,
            _ => "begun",
        };
        seq += 1;
        insert(&raw, seq, first, name, START.0).await;
        if first != name && *outcome != Phase::Begun {
            seq += 1;
            insert(&raw, seq, name, name, START.0).await;
        }
    }
    // One that was unknown first.
    for phase in ["begun", "unknown", "failed"] {
        seq += 1;
        insert(&raw, seq, phase, "looked", START.0).await;
    }

    for outcome in Phase::ALL {
        let filter = AuditFilter {
            outcome: Some(*outcome),
            ..AuditFilter::default()
        };
        let found = backend.audit().whole().recent(&filter, None, 10).await;
        let ids: Vec<_> = found
            .unwrap()
            .into_iter()
            .map(|entry: Entry| entry.id)
            .collect();
        let expected: &[&str] = match outcome {
            Phase::Failed => &["looked", "failed"],
            other => &[other.name()],
        };
        assert_eq!(ids, expected, "{outcome:?}");
    }
}
