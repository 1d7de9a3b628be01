//! What has expired: it counts for nothing at once, and is taken away later.

use std::collections::HashMap;
use std::time::Duration;

use backend::{Backend, Operator};
use domain::Role;
use serde_json::{Value, json};
use sqlx::Row as _;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

use crate::database::{Database, on_both};
use crate::people::add;

on_both! {
    what_has_expired_is_taken_away_and_nothing_else
    a_notice_goes_after_a_year_though_nothing_new_is_told
    a_table_of_expired_rows_keeps_no_write_waiting
    an_expired_session_is_not_among_the_five
    a_session_whose_last_use_may_not_be_written_yet_stays_a_while
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

async fn put(backend: &Backend, data: HashMap<String, Value>) -> Id {
    let mut record = Record {
        id: Id::default(),
        data,
        expiry_date: OffsetDateTime::UNIX_EPOCH,
    };
    backend
        .accounts()
        .sessions()
        .create(&mut record)
        .await
        .unwrap();
    record.id
}

/// A session that waits for a code.
async fn wait(backend: &Backend) -> Id {
    put(backend, HashMap::from([("pending".to_owned(), json!({}))])).await
}

async fn begin(backend: &Backend, operator: &Operator) -> Id {
    let id = json!(operator.id.to_string());
    let data = [("operator", id), ("epoch", json!(operator.epoch))];
    let data = data.map(|(name, value)| (name.to_owned(), value));
    put(backend, HashMap::from(data)).await
}

async fn count(database: &Database, table: &str) -> i64 {
    let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    let row = sqlx::query(count).fetch_one(&database.raw().await).await;
    row.unwrap().get(0)
}

async fn what_has_expired_is_taken_away_and_nothing_else(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    operators.setup_token().await.unwrap().unwrap();
    let ada = add(&backend, "ada", Role::Admin).await;
    let link = sqlx::query(
        "INSERT INTO operator_links (hash, operator, expires_at) VALUES ('old', $1, 1)",
    );
    let link = link.bind(ada.id.as_str());
    link.execute(&database.raw().await).await.unwrap();
    let guess = async |from: &str| {
        let guess = operators.verify("ada", "wrong", Some(from.parse().unwrap()));
        assert!(guess.await.is_err());
    };
    guess("192.0.2.1").await;
    wait(&backend).await;
    database.clock.advance(31 * DAY);
    guess("192.0.2.2").await;
    let live = wait(&backend).await;
    for table in ["sessions", "sign_in_attempts"] {
        assert_eq!(count(&database, table).await, 2, "{table}");
    }

    backend.accounts().purge().await;

    for table in ["sessions", "sign_in_attempts"] {
        assert_eq!(count(&database, table).await, 1, "{table}");
    }
    for table in ["setup_tokens", "operator_links"] {
        assert_eq!(count(&database, table).await, 0, "{table}");
    }
    assert_eq!(count(&database, "operators").await, 1);
    assert!(
        backend
            .accounts()
            .sessions()
            .load(&live)
            .await
            .unwrap()
            .is_some()
    );
}

async fn a_notice_goes_after_a_year_though_nothing_new_is_told(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    let ada = add(&backend, "ada", Role::Admin).await;
    let bob = add(&backend, "bob", Role::Viewer).await;
    let tell = async |operator| {
        let reset = backend
            .accounts()
            .reset_password_from_shell(operator, "seven bells for the late watch");
        reset.await.unwrap();
    };
    tell(&ada).await;
    database.clock.advance(364 * DAY);
    tell(&bob).await;
    backend.accounts().purge().await;
    assert_eq!(count(&database, "notices").await, 2);
    database.clock.advance(2 * DAY);

    backend.accounts().purge().await;

    assert_eq!(operators.notices(&ada.id).await.unwrap(), []);
    assert_eq!(operators.notices(&bob.id).await.unwrap().len(), 1);
}

async fn a_table_of_expired_rows_keeps_no_write_waiting(database: Database) {
    let backend = database.open().await;
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
         INSERT INTO sessions (key, operator, data, created_at, idle_expires_at, expires_at) \
         SELECT CAST(i AS TEXT), NULL, '{}', 1, 2, 2 FROM n";
    let raw = database.raw().await;
    sqlx::query(rows).execute(&raw).await.unwrap();

    let purging = tokio::spawn({
        let backend = backend.clone();
        async move { backend.accounts().purge().await }
    });
    let mut longest = Duration::ZERO;
    let mut waiting = 0;
    while !purging.is_finished() {
        let began = std::time::Instant::now();
        wait(&backend).await;
        waiting += 1;
        longest = longest.max(began.elapsed());
    }

    purging.await.unwrap();
    assert_eq!(count(&database, "sessions").await, waiting);
    assert!(longest < Duration::from_secs(2), "{longest:?}");
    // They come in between: forty times five hundred rows are taken away.
    assert!(waiting >= 10, "{waiting}");
}

async fn a_session_whose_last_use_may_not_be_written_yet_stays_a_while(database: Database) {
    let backend = database.open().await;
    wait(&backend).await;
    for (seconds, left) in [(30 * 60 + 30, 1), (60, 0)] {
        database.clock.advance(seconds * 1000);
        backend.accounts().purge().await;
        assert_eq!(count(&database, "sessions").await, left, "{seconds}");
    }
}

async fn an_expired_session_is_not_among_the_five(database: Database) {
    let backend = database.open().await;
    let ada = add(&backend, "ada", Role::Admin).await;
    let sessions = backend.accounts().sessions();
    let used = begin(&backend, &ada).await;
    for _ in 0..4 {
        database.clock.advance(1);
        begin(&backend, &ada).await;
    }
    database.clock.advance(29 * 60_000);
    assert!(sessions.load(&used).await.unwrap().is_some());
    // The four others, which are newer, end here.
    database.clock.advance(2 * 60_000);
    let raw = database.raw().await;
    let live = format!(
        "SELECT COUNT(*) FROM sessions WHERE idle_expires_at > {}",
        database.clock.now().0
    );
    let is_noted = async || {
        let row = sqlx::query(sqlx::AssertSqlSafe(&*live)).fetch_one(&raw);
        row.await.unwrap().get::<i64, _>(0) == 1
    };
    while !is_noted().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for _ in 0..4 {
        begin(&backend, &ada).await;
    }
    assert!(sessions.load(&used).await.unwrap().is_some());
}
