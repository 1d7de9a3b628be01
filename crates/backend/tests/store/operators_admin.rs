//! Operators that are managed and manage themselves: links, the last Admin, the audit.

use backend::{
    AccountsConfig, Backend, Caller, Config, Ended, LeakedPasswords, Operator, OperatorChange,
    OperatorId, Origin, Phase, Sessions, Verified,
};
use domain::{Cause, Field, Grant, Problem, Role};
use serde_json::json;
use sqlx::Row as _;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

use crate::database::{Database, newest_entries, on_both};
use crate::people::{PASSWORD, add, caller_of, cause, problem};

on_both! {
    who_is_invited_chooses_a_password_by_a_link_that_works_once
    a_link_expires_after_a_day_and_is_kept_as_a_hash
    a_new_link_replaces_the_one_before
    a_reset_takes_the_password_and_the_sessions_away
    an_admin_who_has_no_password_yet_does_not_count
    the_last_admin_stays_whoever_asks
    two_admins_who_weaken_each_other_at_once_leave_one
    only_an_admin_manages_operators
    operators_are_listed_by_name_whatever_the_case
    a_change_and_its_row_in_the_audit_are_one
    a_password_is_changed_by_who_knows_it
    a_password_that_is_easy_to_guess_is_refused
    whoever_chooses_a_password_chooses_none_that_was_leaked
    sessions_are_listed_with_their_address_and_ended
    a_new_id_does_not_make_a_session_live_longer
}

const OTHER: &str = "seven bells for the late watch";
/// The SHA-1 of that.
const LEAKED: &str = "F7DA280DC67643743730CFD20940A667BEC3925E";

/// A backend with an Admin.
async fn with_admin(database: &Database) -> (Backend, Caller) {
    let backend = database.open().await;
    let root = add(&backend, "root", Role::Admin).await;
    (backend, caller_of(&root))
}

/// Invites an operator for everything, and answers the token of the link.
async fn invite(backend: &Backend, admin: &Caller, name: &str, role: Role) -> (Operator, String) {
    let accounts = backend.accounts();
    let invited = accounts.invite_operator(admin, name, role, Grant::EVERYTHING);
    invited.await.unwrap()
}

async fn session(sessions: &Sessions, operator: &OperatorId, more: serde_json::Value) -> Record {
    let mut record = Record {
        id: Id::default(),
        data: [
            ("operator".to_owned(), json!(operator.as_str())),
            ("epoch".to_owned(), json!(0)),
        ]
        .into(),
        expiry_date: time::OffsetDateTime::UNIX_EPOCH,
    };
    for (name, value) in more.as_object().unwrap() {
        record.data.insert(name.clone(), value.clone());
    }
    sessions.create(&mut record).await.unwrap();
    record
}

/// The name of a session.
fn sid(record: &Record) -> String {
    record.data["sid"].as_str().unwrap().to_owned()
}

async fn who_is_invited_chooses_a_password_by_a_link_that_works_once(database: Database) {
    let (backend, root) = with_admin(&database).await;
    let operators = backend.accounts();
    let (ada, token) = invite(&backend, &root, " Ada ", Role::Operator).await;
    assert!(ada.invited && ada.username == "Ada");
    let early = operators.verify("ada", "", None).await;
    assert_eq!(cause(early), Cause::BadCredentials);
    let owner = operators.of_link(&token).await.unwrap().unwrap();
    assert_eq!(owner.id, ada.id);

    let weak = backend
        .accounts()
        .choose_password(&token, "short", &Origin::default())
        .await;
    assert_eq!(
        problem(weak),
        (Field::NewPassword, Problem::TooShort { min: 8 })
    );
    let chosen = backend
        .accounts()
        .choose_password(&token, OTHER, &Origin::default())
        .await
        .unwrap();

    assert_eq!((&chosen.id, chosen.invited), (&ada.id, false));
    assert_eq!(chosen.signed_in, Some(database.clock.now()));
    assert_eq!(operators.get(&ada.id).await, Ok(Some(chosen)));
    assert!(operators.verify("ada", OTHER, None).await.is_ok());
    let again = backend
        .accounts()
        .choose_password(&token, PASSWORD, &Origin::default())
        .await;
    assert_eq!(cause(again), Cause::LinkUsed);
    assert_eq!(operators.of_link(&token).await, Ok(None));
    let twice = backend
        .accounts()
        .invite_operator(&root, "ADA", Role::Viewer, Grant::EVERYTHING)
        .await;
    assert_eq!(problem(twice), (Field::Username, Problem::NameTaken));
}

async fn a_link_expires_after_a_day_and_is_kept_as_a_hash(database: Database) {
    let (backend, root) = with_admin(&database).await;
    let (_, token) = invite(&backend, &root, "ada", Role::Viewer).await;
    let row = sqlx::query("SELECT hash FROM operator_links")
        .fetch_one(&database.raw().await)
        .await
        .unwrap();
    let stored: String = row.get(0);
    assert!(stored.len() == 64 && !stored.contains(&token));

    database.clock.advance(86_400_000);

    assert_eq!(backend.accounts().of_link(&token).await, Ok(None));
    let late = backend
        .accounts()
        .choose_password(&token, OTHER, &Origin::default())
        .await;
    assert_eq!(cause(late), Cause::LinkUsed);
}

async fn a_new_link_replaces_the_one_before(database: Database) {
    let (backend, root) = with_admin(&database).await;
    let (ada, first) = invite(&backend, &root, "ada", Role::Viewer).await;

    let reset = backend
        .accounts()
        .change_operator(&root, &ada.id, OperatorChange::Reset);
    let second = reset.await.unwrap().unwrap();

    assert_eq!(backend.accounts().of_link(&first).await, Ok(None));
    assert!(backend.accounts().of_link(&second).await.unwrap().is_some());
    let disable = backend
        .accounts()
        .change_operator(&root, &ada.id, OperatorChange::Disable);
    assert_eq!(disable.await, Ok(None));
    assert_eq!(backend.accounts().of_link(&second).await, Ok(None));
    let enable = backend
        .accounts()
        .change_operator(&root, &ada.id, OperatorChange::Enable);
    assert_eq!(enable.await, Ok(None));
    assert_eq!(
        backend.accounts().of_link(&second).await,
        Ok(None),
        "a link does not come back with its operator"
    );
}

async fn a_reset_takes_the_password_and_the_sessions_away(database: Database) {
    let (backend, root) = with_admin(&database).await;
    let operators = backend.accounts();
    let ada = add(&backend, "ada", Role::Viewer).await;
    let live = session(backend.accounts().sessions(), &ada.id, json!({})).await;

    let reset = backend
        .accounts()
        .change_operator(&root, &ada.id, OperatorChange::Reset);
    let token = reset.await.unwrap().unwrap();

    let old = operators.verify("ada", PASSWORD, None).await;
    assert_eq!(cause(old), Cause::BadCredentials);
    assert_eq!(
        backend.accounts().sessions().load(&live.id).await.unwrap(),
        None
    );
    backend
        .accounts()
        .choose_password(&token, OTHER, &Origin::default())
        .await
        .unwrap();
    assert!(operators.verify("ada", OTHER, None).await.is_ok());
}

async fn an_admin_who_has_no_password_yet_does_not_count(database: Database) {
    let (backend, root) = with_admin(&database).await;
    let (_, token) = invite(&backend, &root, "ada", Role::Admin).await;
    let demote = OperatorChange::Role(Role::Viewer);

    let early = backend
        .accounts()
        .change_operator(&root, &root.operator, demote)
        .await;
    backend
        .accounts()
        .choose_password(&token, OTHER, &Origin::default())
        .await
        .unwrap();
    let late = backend
        .accounts()
        .change_operator(&root, &root.operator, demote)
        .await;

    assert_eq!((cause(early), late), (Cause::LastAdmin, Ok(None)));
}

async fn the_last_admin_stays_whoever_asks(database: Database) {
    let (backend, root) = with_admin(&database).await;
    let operators = backend.accounts();
    let ada = add(&backend, "ada", Role::Viewer).await;
    // Its own role was taken away a moment ago; this caller was read before.
    let stale = Caller {
        role: Role::Admin,
        ..caller_of(&ada)
    };
    for change in [
        OperatorChange::Role(Role::Operator),
        OperatorChange::Disable,
        OperatorChange::Reset,
    ] {
        for by in [&root, &stale] {
            let refused = backend
                .accounts()
                .change_operator(by, &root.operator, change)
                .await;
            assert_eq!(cause(refused), Cause::LastAdmin, "{change:?}");
        }
    }
    assert!(operators.verify("root", PASSWORD, None).await.is_ok());
    let refused = &newest_entries(&backend, 50).await[0];
    assert_eq!(refused.phase, Phase::Refused);
    assert_eq!(refused.failure.as_deref(), Some("last-admin"));
    let same = OperatorChange::Role(Role::Admin);
    let same = backend
        .accounts()
        .change_operator(&root, &root.operator, same)
        .await;
    assert_eq!(same, Ok(None));
}

async fn two_admins_who_weaken_each_other_at_once_leave_one(database: Database) {
    let (backend, root) = with_admin(&database).await;
    // Another process beside it, or the shell.
    let beside = database.open().await;
    let ada = backend.accounts().add("ada", PASSWORD, Role::Admin).await;
    let ada = caller_of(&ada.unwrap());
    let raw = database.raw().await;
    let hash = sqlx::query("SELECT password FROM operators WHERE username = 'root'");
    let hash: String = hash.fetch_one(&raw).await.unwrap().get(0);
    let elsewhere: Grant = "test/eu-central-1".parse().unwrap();
    let changes = [
        OperatorChange::Role(Role::Viewer),
        OperatorChange::Grant(&elsewhere),
        OperatorChange::Disable,
        OperatorChange::Reset,
    ];
    for change in changes.repeat(5) {
        let (first, second) = tokio::join!(
            backend
                .accounts()
                .change_operator(&root, &ada.operator, change),
            beside
                .accounts()
                .change_operator(&ada, &root.operator, change),
        );

        let refused: Vec<_> = [first, second]
            .into_iter()
            .filter_map(Result::err)
            .collect();
        let causes: Vec<_> = refused.iter().map(|refused| &refused.cause).collect();
        assert_eq!(causes, [&Cause::LastAdmin], "{change:?}");
        let left = sqlx::query(
            "SELECT COUNT(*) FROM operators WHERE role = 'Admin' AND disabled_at IS NULL \
             AND password <> '' AND grants = '*'",
        );
        let left: i64 = left.fetch_one(&raw).await.unwrap().get(0);
        assert_eq!(left, 1, "{change:?}");

        let again = "UPDATE operators SET role = 'Admin', disabled_at = NULL, password = $1, \
             grants = '*'";
        let again = sqlx::query(again).bind(&hash).execute(&raw).await.unwrap();
        assert_eq!(again.rows_affected(), 2);
    }
}

async fn only_an_admin_manages_operators(database: Database) {
    let (backend, _) = with_admin(&database).await;
    let operators = backend.accounts();
    let eve = add(&backend, "eve", Role::Operator).await;
    let eve = caller_of(&eve);
    let needed = Cause::RoleNeeded(Role::Admin);

    let invited = backend
        .accounts()
        .invite_operator(&eve, "mallory", Role::Admin, Grant::EVERYTHING)
        .await;
    assert_eq!(cause(invited), needed);
    for change in [
        OperatorChange::Role(Role::Admin),
        OperatorChange::Disable,
        OperatorChange::Enable,
        OperatorChange::Reset,
        OperatorChange::SignOut,
    ] {
        let changed = backend
            .accounts()
            .change_operator(&eve, &eve.operator, change)
            .await;
        assert_eq!(cause(changed), needed, "{change:?}");
    }

    assert_eq!(operators.list().await.unwrap().len(), 2);
    let noted = newest_entries(&backend, 50).await;
    assert_eq!(noted.len(), 6);
    for entry in noted {
        let refused = (entry.phase, entry.failure.as_deref());
        assert_eq!(refused, (Phase::Refused, Some("role-needed")));
        assert_eq!(entry.username, "eve");
    }
}

async fn a_change_and_its_row_in_the_audit_are_one(database: Database) {
    let (backend, root) = with_admin(&database).await;
    let operators = backend.accounts();
    let ada = add(&backend, "ada", Role::Viewer).await;
    // No end of the chain to append to.
    database.write("UPDATE audit_head SET id = 2").await;

    let change = OperatorChange::Role(Role::Admin);
    let refused = backend
        .accounts()
        .change_operator(&root, &ada.id, change)
        .await;
    let invited = backend
        .accounts()
        .invite_operator(&root, "bob", Role::Viewer, Grant::EVERYTHING)
        .await;
    // And by the shell.
    let changed = backend
        .accounts()
        .change_operator_from_shell(&ada, change)
        .await;
    let set = backend
        .accounts()
        .reset_password_from_shell(&ada, OTHER)
        .await;
    let added = backend
        .accounts()
        .add_operator_from_shell("bob", PASSWORD, Role::Viewer, Grant::EVERYTHING)
        .await;

    for refused in [
        refused.map(drop),
        invited.map(drop),
        changed.map(drop),
        set,
        added.map(drop),
    ] {
        assert_eq!(cause(refused), Cause::StoreUnavailable);
    }
    let right = operators.confirm(&ada.id, PASSWORD, None).await;
    right.expect("the password is the one before");
    let present = operators.get(&ada.id).await.unwrap().unwrap();
    assert_eq!(present.role, Role::Viewer);
    assert_eq!(operators.by_name("bob").await, Ok(None));

    database.write("UPDATE audit_head SET id = 1").await;
    let done = backend
        .accounts()
        .change_operator(&root, &ada.id, change)
        .await;
    assert_eq!(done, Ok(None));
    let noted = &newest_entries(&backend, 50).await[0];
    assert_eq!(noted.event.name(), "SetOperatorRole");
    assert_eq!(noted.operator.as_ref(), Some(&root.operator));
    let detail = json!({ "username": "ada", "role": "Admin", "before": "Viewer" });
    assert_eq!(noted.input, detail);
    let verified = backend.audit().verify().await.unwrap();
    assert!(matches!(verified, Verified::Intact { .. }), "{verified:?}");
}

async fn a_password_is_changed_by_who_knows_it(database: Database) {
    let (backend, root) = with_admin(&database).await;
    let sessions = backend.accounts().sessions();
    let mine = session(sessions, &root.operator, json!({})).await;
    let other = session(sessions, &root.operator, json!({})).await;
    let kept = sid(&mine);

    let wrong = backend
        .accounts()
        .change_password(&root, "not it", OTHER, &kept)
        .await;
    assert_eq!(
        problem(wrong),
        (Field::CurrentPassword, Problem::WrongPassword)
    );
    let refused = newest_entries(&backend, 50).await.remove(0);
    assert_eq!(
        (refused.event.name(), refused.phase),
        ("ChangePassword", Phase::Refused)
    );
    assert_eq!(refused.operator.as_ref(), Some(&root.operator));
    let short = backend
        .accounts()
        .change_password(&root, PASSWORD, "short", &kept)
        .await;
    assert_eq!(problem(short).0, Field::NewPassword);
    assert!(sessions.load(&other.id).await.unwrap().is_some());
    let done = backend
        .accounts()
        .change_password(&root, PASSWORD, OTHER, &kept)
        .await;

    assert_eq!(done, Ok(()));
    assert!(sessions.load(&mine.id).await.unwrap().is_some());
    assert_eq!(sessions.load(&other.id).await.unwrap(), None);
    let operators = backend.accounts();
    let old = operators.verify("root", PASSWORD, None).await;
    assert_eq!(cause(old), Cause::BadCredentials);
    assert!(operators.verify("root", OTHER, None).await.is_ok());
    let rows = format!("{:?}", newest_entries(&backend, 50).await);
    assert!(rows.contains("ChangePassword"));
    assert!(!rows.contains(OTHER) && !rows.contains(PASSWORD));
}

async fn a_password_that_is_easy_to_guess_is_refused(database: Database) {
    let (backend, root) = with_admin(&database).await;
    for weak in [
        "password",
        "password123",
        "12345678",
        "qwertyuiop",
        "aaaaaaaaaaaaaaaa",
        // Found in some ten million guesses.
        "blue monkey",
    ] {
        let changed = backend
            .accounts()
            .change_password(&root, PASSWORD, weak, "")
            .await;
        let found = problem(changed);
        assert_eq!(found, (Field::NewPassword, Problem::WeakPassword), "{weak}");
    }
    for known in ["rootroot", "Carillon 1 bell", "the late bells of R.o.o.t"] {
        let changed = backend
            .accounts()
            .change_password(&root, PASSWORD, known, "")
            .await;
        let found = problem(changed);
        let expected = (Field::NewPassword, Problem::PasswordHoldsName);
        assert_eq!(found, expected, "{known}");
    }
}

async fn whoever_chooses_a_password_chooses_none_that_was_leaked(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    // As the lists of Pwned Passwords have it.
    let line = format!("{}:3\r\n", &LEAKED[5..]);
    std::fs::write(folder.path().join(&LEAKED[..5]), line).unwrap();
    let config = Config {
        accounts: AccountsConfig {
            leaked_passwords: Some(LeakedPasswords::open(folder.path()).unwrap()),
            ..AccountsConfig::default()
        },
        ..database.config()
    };
    let backend = Backend::open(config).await.unwrap();
    let (operators, origin) = (backend.accounts(), Origin::default());
    let added = operators.add("root", OTHER, Role::Admin).await;
    let leaked = (Field::Password, Problem::LeakedPassword);
    assert_eq!(problem(added), leaked);
    let setup = operators.setup_token().await.unwrap().unwrap();
    let set_up = problem(operators.redeem_setup(&setup, "root", OTHER).await);
    // The link works on.
    let root = operators.redeem_setup(&setup, "root", PASSWORD).await;
    let root = root.unwrap();

    let asks = caller_of(&root);
    let changed = problem(
        backend
            .accounts()
            .change_password(&asks, PASSWORD, OTHER, "")
            .await,
    );
    let reset = problem(
        backend
            .accounts()
            .reset_password_from_shell(&root, OTHER)
            .await,
    );
    let invited = backend
        .accounts()
        .invite_operator(&asks, "ada", Role::Viewer, Grant::EVERYTHING);
    let (_, token) = invited.await.unwrap();
    let chosen = problem(
        backend
            .accounts()
            .choose_password(&token, OTHER, &origin)
            .await,
    );
    let again = backend
        .accounts()
        .choose_password(&token, PASSWORD, &origin)
        .await;

    let leaked = (Field::NewPassword, Problem::LeakedPassword);
    assert_eq!([&set_up, &changed, &reset, &chosen], [&leaked; 4]);
    assert!(again.is_ok(), "the link works on");
}

async fn sessions_are_listed_with_their_address_and_ended(database: Database) {
    let (backend, root) = with_admin(&database).await;
    let sessions = backend.accounts().sessions();
    let first = session(sessions, &root.operator, json!({ "address": "192.0.2.7" })).await;
    database.clock.advance(120_000);
    let second = session(sessions, &root.operator, json!({})).await;
    database.clock.advance(120_000);
    sessions.load(&first.id).await.unwrap().unwrap();

    let listed = sessions.list_of(&root.operator).await.unwrap();

    let key = sid(&first);
    let found = listed.iter().find(|session| session.sid == key).unwrap();
    assert_eq!(found.address.as_deref(), Some("192.0.2.7"));
    assert_eq!(found.seen.0 - found.created.0, 240_000);
    let counted = sessions.count().await.unwrap();
    assert_eq!(counted.get(&root.operator), Some(&2));
    let own = sid(&second);
    let gone = backend
        .accounts()
        .end_sessions(&root, Ended::AllBut(&own))
        .await;
    assert_eq!(gone, Ok(1));
    assert_eq!(sessions.load(&first.id).await.unwrap(), None);
    // Somebody else's key ends nothing.
    let nobody = Caller {
        operator: OperatorId::from("nobody".to_owned()),
        ..root.clone()
    };
    let accounts = backend.accounts();
    assert_eq!(
        accounts.end_sessions(&nobody, Ended::One(&own)).await,
        Ok(0)
    );
    assert_eq!(accounts.end_sessions(&root, Ended::One(&own)).await, Ok(1));
    assert_eq!(sessions.load(&second.id).await.unwrap(), None);
}

async fn a_new_id_does_not_make_a_session_live_longer(database: Database) {
    let (backend, root) = with_admin(&database).await;
    let sessions = backend.accounts().sessions();
    let began = database.clock.now().0;
    database.clock.advance(11 * 3_600_000 + 50 * 60_000);
    // What a change of role does: the same data under another id.
    let late = session(sessions, &root.operator, json!({ "began": began })).await;

    assert!(sessions.load(&late.id).await.unwrap().is_some());
    database.clock.advance(10 * 60_000);
    assert_eq!(sessions.load(&late.id).await.unwrap(), None);
}

async fn operators_are_listed_by_name_whatever_the_case(database: Database) {
    let (backend, root) = with_admin(&database).await;
    for name in ["bob", "Émile", "ada", "Cyd", "zoe", "Dan"] {
        invite(&backend, &root, name, Role::Viewer).await;
    }

    let all = backend.accounts().list().await.unwrap();

    let names: Vec<_> = all
        .iter()
        .map(|operator| operator.username.as_str())
        .collect();
    assert_eq!(names, ["ada", "bob", "Cyd", "Dan", "root", "zoe", "Émile"]);
}
