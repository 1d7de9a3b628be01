//! Sessions: what is kept, and what ends them.

use std::collections::HashMap;
use std::sync::Arc;

use backend::sessions::{renew, save_new};
use backend::{Backend, Operator, OperatorChange, Sessions};
use domain::Role;
use serde_json::json;
use sqlx::Row as _;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{Session, SessionStore};

use crate::database::{Database, caller, on_both};
use crate::people::add;

on_both! {
    a_session_is_kept_under_the_hash_of_its_id
    a_session_that_signed_out_does_not_come_back
    a_session_ends_when_it_is_not_used
    a_session_ends_after_twelve_hours
    a_session_was_last_seen_when_it_was_last_used
    an_operator_is_signed_out_everywhere
    an_operator_has_five_sessions_at_most
    sessions_that_begin_at_once_are_five_at_most_too
    equal_ids_are_made_different
    nobody_has_no_session
    a_session_begins_only_while_its_operator_is_as_they_were_read
    a_session_that_was_ended_is_not_renewed
    a_renewed_session_is_the_same_one_under_another_id
}

const MINUTE: i64 = 60_000;

/// A backend with two operators.
struct World {
    backend: Backend,
    sessions: Sessions,
    ada: Operator,
    bob: Operator,
}

impl World {
    async fn new(database: &Database) -> Self {
        let backend = database.open().await;
        let ada = add(&backend, "ada", Role::Viewer).await;
        let bob = add(&backend, "bob", Role::Admin).await;
        Self {
            sessions: backend.accounts().sessions().clone(),
            ada,
            bob,
            backend,
        }
    }

    /// The same, and a session of the first.
    async fn with_session(database: &Database) -> (Self, Record) {
        let world = Self::new(database).await;
        let record = created(&world.sessions, &world.ada).await;
        (world, record)
    }

    async fn ada_is(&self) -> Operator {
        self.backend
            .accounts()
            .get(&self.ada.id)
            .await
            .unwrap()
            .unwrap()
    }

    /// Everything that ends the sessions of an operator.
    async fn end(&self, how: &str) {
        let by_admin = |change| async move {
            let admin = caller(Role::Admin);
            let changed = self
                .backend
                .accounts()
                .change_operator(&admin, &self.ada.id, change);
            changed.await.map(drop)
        };
        match how {
            "reset" => by_admin(OperatorChange::Reset).await.unwrap(),
            "sign out" => by_admin(OperatorChange::SignOut).await.unwrap(),
            "disable and enable" => {
                by_admin(OperatorChange::Disable).await.unwrap();
                by_admin(OperatorChange::Enable).await.unwrap();
            }
            "password" => {
                let other = "seven bells for the late watch";
                let set = self
                    .backend
                    .accounts()
                    .reset_password_from_shell(&self.ada, other);
                set.await.unwrap();
            }
            "revoke" => self.sessions.revoke_of(&self.ada.id).await.unwrap(),
            other => panic!("{other}"),
        }
    }
}

const ENDS: [&str; 5] = [
    "reset",
    "sign out",
    "disable and enable",
    "password",
    "revoke",
];

fn record(operator: &Operator) -> Record {
    Record {
        id: Id::default(),
        data: [
            ("operator".to_owned(), json!(operator.id)),
            ("epoch".to_owned(), json!(operator.epoch)),
        ]
        .into(),
        expiry_date: OffsetDateTime::UNIX_EPOCH,
    }
}

async fn created(sessions: &Sessions, operator: &Operator) -> Record {
    let mut record = record(operator);
    sessions.create(&mut record).await.unwrap();
    record
}

/// The session that a request with this cookie has.
fn opened(sessions: &Sessions, id: Option<Id>) -> Session {
    Session::new(id, Arc::new(sessions.clone()), None)
}

async fn is_live(sessions: &Sessions, record: &Record) -> bool {
    sessions.load(&record.id).await.unwrap().is_some()
}

async fn a_session_is_kept_under_the_hash_of_its_id(database: Database) {
    let world = World::new(&database).await;
    let sessions = &world.sessions;
    let mut record = created(sessions, &world.ada).await;
    record.data.insert("flashes".into(), json!([]));
    sessions.save(&record).await.unwrap();

    let loaded = sessions.load(&record.id).await.unwrap().unwrap();

    assert_eq!(loaded.data, record.data);
    let row = sqlx::query("SELECT key, operator, data FROM sessions")
        .fetch_one(&database.raw().await)
        .await
        .unwrap();
    let stored: Vec<String> = (0..3).map(|column| row.get(column)).collect();
    assert_eq!(stored[0].len(), 64);
    assert_eq!(stored[1], world.ada.id.as_str());
    assert!(!stored.concat().contains(&record.id.to_string()));
}

async fn a_session_that_signed_out_does_not_come_back(database: Database) {
    let (world, record) = World::with_session(&database).await;
    let sessions = &world.sessions;
    sessions.delete(&record.id).await.unwrap();
    // A request that was under way saves after the sign-out.
    sessions.save(&record).await.unwrap();
    assert!(!is_live(sessions, &record).await);
}

async fn a_session_ends_when_it_is_not_used(database: Database) {
    let (world, record) = World::with_session(&database).await;
    let sessions = &world.sessions;
    for _ in 0..4 {
        database.clock.advance(29 * MINUTE);
        assert!(is_live(sessions, &record).await);
    }
    database.clock.advance(30 * MINUTE);
    assert!(!is_live(sessions, &record).await);
    assert!(sessions.list_of(&world.ada.id).await.unwrap().is_empty());
}

async fn a_session_ends_after_twelve_hours(database: Database) {
    let (world, record) = World::with_session(&database).await;
    let sessions = &world.sessions;
    for _ in 0..(12 * 60 / 20 - 1) {
        database.clock.advance(20 * MINUTE);
        assert!(is_live(sessions, &record).await);
        sessions.save(&record).await.unwrap();
    }
    database.clock.advance(20 * MINUTE);
    assert!(!is_live(sessions, &record).await);
}

async fn a_session_was_last_seen_when_it_was_last_used(database: Database) {
    let (world, record) = World::with_session(&database).await;
    let sessions = &world.sessions;
    // Up to the last minutes of the twelve hours, where it cannot be idle for half an hour any
    // more.
    for _ in 0..(12 * 60 / 20 - 1) {
        database.clock.advance(20 * MINUTE);
        assert!(is_live(sessions, &record).await);
        let listed = sessions.list_of(&world.ada.id).await.unwrap();
        assert_eq!(listed[0].seen, database.clock.now());
    }
    let seen = database.clock.now();
    database.clock.advance(MINUTE / 2);
    assert!(is_live(sessions, &record).await);
    let listed = sessions.list_of(&world.ada.id).await.unwrap();
    assert_eq!(listed[0].seen, seen, "to the minute");
}

async fn an_operator_is_signed_out_everywhere(database: Database) {
    let world = World::new(&database).await;
    let sessions = &world.sessions;
    let mine = [
        created(sessions, &world.ada).await,
        created(sessions, &world.ada).await,
    ];
    let other = created(sessions, &world.bob).await;
    let listed = sessions.list_of(&world.ada.id).await.unwrap();
    assert_eq!(listed.len(), 2);

    sessions
        .revoke(&world.ada.id, &listed[0].sid)
        .await
        .unwrap();
    assert_eq!(sessions.list_of(&world.ada.id).await.unwrap(), listed[1..]);
    sessions.revoke_of(&world.ada.id).await.unwrap();

    for record in &mine {
        sessions.save(record).await.unwrap();
        assert!(!is_live(sessions, record).await);
    }
    assert!(is_live(sessions, &other).await);
}

async fn an_operator_has_five_sessions_at_most(database: Database) {
    let world = World::new(&database).await;
    let sessions = &world.sessions;
    let mut records = Vec::new();
    for _ in 0..6 {
        records.push(created(sessions, &world.ada).await);
        database.clock.advance(1);
    }
    assert!(!is_live(sessions, &records[0]).await);
    for record in &records[1..] {
        assert!(is_live(sessions, record).await);
    }
}

async fn sessions_that_begin_at_once_are_five_at_most_too(database: Database) {
    let world = World::new(&database).await;
    let sessions = &world.sessions;
    // Another process.
    let beside = database.open().await;
    let beside = beside.accounts().sessions();
    let mut records = Vec::new();
    for round in 0..20 {
        database.clock.advance(1);
        let (one, other, third, fourth) = tokio::join!(
            created(sessions, &world.ada),
            created(beside, &world.ada),
            created(sessions, &world.ada),
            created(beside, &world.ada),
        );
        records.extend([one, other, third, fourth]);

        let mut live = 0;
        for record in &records {
            live += usize::from(is_live(sessions, record).await);
        }
        assert_eq!(live, records.len().min(5), "after round {round}");
    }
}

async fn equal_ids_are_made_different(database: Database) {
    let world = World::new(&database).await;
    let sessions = &world.sessions;
    let first = created(sessions, &world.ada).await;
    let mut second = record(&world.bob);
    second.id = first.id;
    sessions.create(&mut second).await.unwrap();
    assert_ne!(second.id, first.id);
    let loaded = sessions.load(&first.id).await.unwrap().unwrap();
    assert_eq!(loaded.data["operator"], json!(world.ada.id));
}

async fn nobody_has_no_session(database: Database) {
    let world = World::new(&database).await;
    let session = opened(&world.sessions, None);
    session.insert("visitor", "somebody").await.unwrap();

    assert!(!save_new(&session).await.unwrap());

    assert!(session.is_empty().await);
    let mut record = Record {
        id: Id::default(),
        data: HashMap::from([("visitor".to_owned(), json!("somebody"))]),
        expiry_date: OffsetDateTime::UNIX_EPOCH,
    };
    world.sessions.create(&mut record).await.unwrap();
    assert!(record.data.is_empty());
    let raw = database.raw().await;
    let rows = sqlx::query("SELECT key FROM sessions").fetch_all(&raw);
    assert!(rows.await.unwrap().is_empty());
}

async fn a_session_begins_only_while_its_operator_is_as_they_were_read(database: Database) {
    let world = World::new(&database).await;
    for how in ENDS {
        let read = world.ada_is().await;
        world.end(how).await;

        let mut late = record(&read);
        world.sessions.create(&mut late).await.unwrap();

        assert!(late.data.is_empty(), "{how}");
        assert!(!is_live(&world.sessions, &late).await, "{how}");
        let again = created(&world.sessions, &world.ada_is().await).await;
        assert!(is_live(&world.sessions, &again).await, "{how}");
    }
}

async fn a_session_that_was_ended_is_not_renewed(database: Database) {
    let world = World::new(&database).await;
    for how in ENDS {
        let before = created(&world.sessions, &world.ada_is().await).await;
        let session = opened(&world.sessions, Some(before.id));
        session.insert("proved", 1).await.unwrap();
        world.end(how).await;

        assert!(!renew(&session).await.unwrap(), "{how}");

        assert!(session.is_empty().await, "{how}");
        let listed = world.sessions.list_of(&world.ada.id).await.unwrap();
        assert_eq!(listed, [], "{how}");
    }
}

async fn a_renewed_session_is_the_same_one_under_another_id(database: Database) {
    let world = World::new(&database).await;
    let before = created(&world.sessions, &world.ada).await;
    let began = world.sessions.list_of(&world.ada.id).await.unwrap()[0].created;
    database.clock.advance(5 * MINUTE);
    let session = opened(&world.sessions, Some(before.id));
    session.insert("proved", 1).await.unwrap();

    assert!(renew(&session).await.unwrap());

    assert!(!is_live(&world.sessions, &before).await);
    let now = world
        .sessions
        .load(&session.id().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(now.data["proved"], json!(1));
    assert!(!now.data.contains_key("renews"));
    let listed = world.sessions.list_of(&world.ada.id).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].created, began);
}
