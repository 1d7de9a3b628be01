//! Which names operators can have, and how the audit tells whose account it was.

use std::fmt::Write as _;

use backend::audit::SHELL;
use backend::oidc::ProviderIdentity;
use backend::{Actor, ActorKind, Backend, FirstStep, Operator};
use domain::event::ConsoleEvent;
use domain::{Cause, Failure, Field, Grant, Problem, ProviderProblem, Role};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::database::{Database, newest_entries, on_both};
use crate::people::{PASSWORD, add, caller_of, origin, problem, provider};

on_both! {
    a_name_that_could_be_taken_for_another_or_for_the_console_is_refused_whoever_gives_it
    a_name_is_found_however_it_is_typed_and_guesses_at_it_count_together
    a_name_that_was_there_before_the_rule_still_signs_in
    a_name_that_a_provider_tells_is_cleaned_or_refused
    the_audit_tells_shell_password_and_provider_apart
}

const WRONG: &str = "not it at all";

async fn admit(backend: &Backend, subject: &str, name: &str) -> Result<Operator, Failure> {
    let person = ProviderIdentity {
        subject: subject.to_owned(),
        username: Some(name.to_owned()),
        role: Ok(Role::Viewer),
        authenticated: None,
    };
    backend
        .accounts()
        .admit(&provider(), &person, &origin())
        .await
}

async fn a_name_that_could_be_taken_for_another_or_for_the_console_is_refused_whoever_gives_it(
    database: Database,
) {
    let backend = database.open().await;
    let operators = backend.accounts();
    let token = operators.setup_token().await.unwrap().unwrap();
    let set_up = operators.redeem_setup(&token, SHELL, PASSWORD).await;
    assert_eq!(problem(set_up), (Field::Username, Problem::NameReserved));
    let bill = add(&backend, "bill", Role::Admin).await;
    let admin = caller_of(&bill);

    for (name, expected) in [
        (SHELL, Problem::NameReserved),
        ("biII", Problem::NameTaken),
        ("bi11", Problem::NameTaken),
        ("bіll", Problem::NameMixed),
        ("bi\u{200b}ll", Problem::NameCharacter { position: 3 }),
    ] {
        let added = operators.add(name, PASSWORD, Role::Viewer).await;
        let expected = (Field::Username, expected);
        assert_eq!(problem(added), expected, "{name:?}");
        let grant = Grant::EVERYTHING;
        let invited = backend
            .accounts()
            .invite_operator(&admin, name, Role::Viewer, grant);
        assert_eq!(problem(invited.await), expected, "{name:?}");
    }
}

async fn a_name_is_found_however_it_is_typed_and_guesses_at_it_count_together(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    let added = operators.add("Zoe\u{308}", PASSWORD, Role::Viewer).await;
    let zoe = added.unwrap();
    assert_eq!(zoe.username, "Zoë");
    let ways = [
        "zoë",
        " ZOË ",
        "\u{202a}zoe\u{308}\u{202c}",
        "ｚｏë\u{feff}",
    ];
    for typed in ways {
        let found = operators.by_name(typed).await.unwrap();
        assert_eq!(found.as_ref(), Some(&zoe), "{typed}");
    }
    let added = operators
        .add("Anne-Marie Roe", PASSWORD, Role::Viewer)
        .await;
    let anne = added.unwrap();
    for typed in [
        "anne\u{2010}marie\u{a0}roe",
        "Anne\u{2013}Marie  Roe",
        "ＡＮＮＥ－ｍａｒｉｅ\u{3000}roe",
    ] {
        let found = operators.by_name(typed).await.unwrap();
        assert_eq!(found.as_ref(), Some(&anne), "{typed}");
    }

    for typed in &ways[..3] {
        let wrong = operators.verify(typed, WRONG, None).await;
        assert_eq!(wrong.unwrap_err().cause, Cause::BadCredentials);
    }
    let slow = operators.verify(ways[3], PASSWORD, None).await.unwrap_err();
    assert_eq!(slow.cause, Cause::SlowDown(1));
}

async fn a_name_that_was_there_before_the_rule_still_signs_in(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    let old = ["a\u{200b}da", "Zoe\u{308}", "(ops)", "аda"];
    let raw = database.raw().await;
    for (number, name) in old.iter().enumerate() {
        let name_before = format!("op{number}");
        let added = operators.add(&name_before, PASSWORD, Role::Viewer);
        let id = added.await.unwrap().id;
        let key = Sha256::digest(name.to_lowercase());
        let key = key.iter().fold(String::new(), |mut key, byte| {
            let _ = write!(key, "{byte:02x}");
            key
        });
        sqlx::query("UPDATE operators SET username = $1, username_key = $2 WHERE id = $3")
            .bind(*name)
            .bind(key)
            .bind(id.as_str())
            .execute(&raw)
            .await
            .unwrap();
    }

    for name in old {
        let step = operators.verify(name, PASSWORD, None).await.unwrap();
        let FirstStep::SignedIn(operator) = step else {
            panic!("no code is asked for");
        };
        assert_eq!(operator.username, name);
        let confirmed = operators.confirm(&operator.id, PASSWORD, None).await;
        assert_eq!(confirmed.map(drop), Ok(()), "{name:?}");
    }
    let again = operators.add("ada", PASSWORD, Role::Viewer).await;
    assert_eq!(problem(again), (Field::Username, Problem::NameTaken));
}

async fn a_name_that_a_provider_tells_is_cleaned_or_refused(database: Database) {
    let backend = database.open().await;
    let added = backend.accounts().add("ada", PASSWORD, Role::Admin).await;
    added.unwrap();
    for (subject, told, kept) in [
        ("s1", "a\u{200b}da", Some("ada (Acme)")),
        ("s2", "Grace\u{202e} Hopper 😀", Some("Grace Hopper")),
        ("s3", SHELL, None),
        ("s4", "аda", None),
        ("s5", "\u{200b}", None),
    ] {
        match (admit(&backend, subject, told).await, kept) {
            (Ok(operator), Some(kept)) => assert_eq!(operator.username, kept),
            (Err(failure), None) => {
                let cause = Cause::Provider(ProviderProblem::NoName);
                assert_eq!(failure.cause, cause, "{told:?}");
            }
            other => panic!("{told:?}: {other:?}"),
        }
    }
}

async fn the_audit_tells_shell_password_and_provider_apart(database: Database) {
    let backend = database.open().await;
    let added = backend.accounts().add("ada", PASSWORD, Role::Admin).await;
    added.unwrap();
    let shell = Actor {
        operator: None,
        username: SHELL,
        remote: None,
        request_id: "",
    };
    let noted = backend
        .audit()
        .note(&shell, ConsoleEvent::AddOperator, Value::Null);
    noted.await.unwrap();
    backend
        .accounts()
        .sign_in("ada", PASSWORD, &origin())
        .await
        .unwrap();
    backend
        .accounts()
        .sign_in("ada", WRONG, &origin())
        .await
        .unwrap_err();
    backend
        .accounts()
        .sign_in("eve", WRONG, &origin())
        .await
        .unwrap_err();
    admit(&backend, "s1", "grace").await.unwrap();

    let rows = newest_entries(&backend, 10).await;
    let told: Vec<_> = rows
        .into_iter()
        .rev()
        .map(|row| (row.username, row.actor))
        .collect();
    let expected = [
        (SHELL, ActorKind::Shell),
        ("ada", ActorKind::Password),
        ("ada", ActorKind::Password),
        ("", ActorKind::Nobody),
        ("grace", ActorKind::Provider),
        ("grace", ActorKind::Provider),
    ];
    assert_eq!(told, expected.map(|(name, kind)| (name.to_owned(), kind)));
}
