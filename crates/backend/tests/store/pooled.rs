//! PostgreSQL behind a pooler that gives each transaction any of its connections, as PgBouncer
//! does.
//!
//! Runs when `CARILLON_TEST_POOLER_URL` names one in front of an empty database.

use std::env;

use backend::{Backend, OpenError, StartError, Verified};
use domain::event::ConsoleEvent;
use futures_util::future::join_all;
use serde_json::Value;

use crate::database::{Database, on_both, somebody};

on_both! {
    processes_that_start_at_the_same_moment_all_start
}

async fn processes_that_start_at_the_same_moment_all_start(database: Database) {
    // A file is opened by one process at a time at first, as the command line does.
    if database.folder.is_some() {
        drop(database.open().await);
    }
    let starts = (0..4).map(|_| Backend::open(database.config()));

    for started in join_all(starts).await {
        assert!(started.unwrap().is_ready().await);
    }
}

#[tokio::test]
async fn behind_a_pooler_it_works_or_says_at_the_start_what_the_pooler_lacks() {
    let Ok(url) = env::var("CARILLON_TEST_POOLER_URL") else {
        return;
    };
    let database = Database {
        url,
        ..Database::sqlite()
    };
    // A second start meets what the first one left on connections.
    for _ in 0..2 {
        let starts = join_all((0..4).map(|_| Backend::open(database.config()))).await;
        let backends = match starts.into_iter().collect::<Result<Vec<_>, _>>() {
            Ok(backends) => backends,
            Err(refused) => {
                let is_told = matches!(
                    refused,
                    StartError::Database(OpenError::StatementsLost | OpenError::ParameterRefused)
                );
                assert!(is_told, "{refused}");
                return;
            }
        };
        let audit = backends[0].audit();
        let notes = (0..60).map(async |_| {
            audit
                .note(&somebody(), ConsoleEvent::SignIn, Value::Null)
                .await
        });
        for note in join_all(notes).await {
            note.unwrap();
        }
        for backend in &backends {
            assert!(backend.is_ready().await);
        }
        let verified = audit.verify().await.unwrap();
        assert!(matches!(verified, Verified::Intact { .. }), "{verified:?}");
    }
}
