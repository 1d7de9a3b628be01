//! Operators: adding, signing in, slowing down, the last Admin.

use backend::{Accounts, FirstStep, Operator, OperatorChange, OperatorId, Origin, Phase};
use domain::{Cause, Field, Problem, Role, Timestamp};
use sqlx::Row as _;

use crate::database::{Database, START, newest_entries, on_both};
use crate::people::{PASSWORD, add, cause, guess_a_hundred_times};

on_both! {
    an_operator_signs_in_whatever_the_case_of_the_name
    a_wrong_password_and_an_unknown_name_fail_alike
    three_failures_slow_an_address_down
    many_addresses_together_get_a_hundred_guesses_a_day
    a_disabled_operator_cannot_sign_in
    the_last_admin_stays
    a_password_can_be_set_again
    a_weak_hash_is_replaced_at_sign_in
    bad_names_and_passwords_are_told
    the_setup_link_works_once
    the_setup_link_ends_with_the_first_operator_however_they_came
    the_audit_tells_who_signed_in_and_whom_somebody_tried_to_be
}

async fn sign_in(operators: &Accounts, password: &str, from: &str) -> Option<Cause> {
    let result = operators
        .verify("ada", password, Some(from.parse().unwrap()))
        .await;
    result.err().map(|failure| failure.cause)
}

async fn an_operator_signs_in_whatever_the_case_of_the_name(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    assert_eq!(operators.is_empty().await, Ok(true));
    let added = operators
        .add(" Ada ", PASSWORD, Role::Operator)
        .await
        .unwrap();
    assert_eq!(operators.is_empty().await, Ok(false));
    database.clock.advance(5);

    let step = operators.verify("aDa", PASSWORD, None).await.unwrap();

    let FirstStep::SignedIn(found) = step else {
        panic!("no code is asked for");
    };
    assert_eq!(found.id, added.id);
    assert_eq!(found.username, "Ada");
    assert_eq!(found.signed_in, Some(Timestamp(START.0 + 5)));
    assert_eq!(operators.get(&added.id).await, Ok(Some(found.clone())));
    assert_eq!(operators.list().await, Ok(vec![found]));
    let again = operators
        .add("ADA", PASSWORD, Role::Viewer)
        .await
        .unwrap_err();
    assert_eq!(again.field_problems()[0].problem, Problem::NameTaken);
}

async fn a_wrong_password_and_an_unknown_name_fail_alike(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    add(&backend, "ada", Role::Viewer).await;
    let wrong = operators.verify("ada", "wrong password", None).await;
    let unknown = operators.verify("nobody", "wrong password", None).await;
    let strange = operators.verify("a\0b", "wrong password", None).await;
    assert_eq!(wrong, Err(Cause::BadCredentials.into()));
    assert_eq!(unknown, wrong);
    assert_eq!(strange, wrong);
}

async fn three_failures_slow_an_address_down(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    add(&backend, "ada", Role::Viewer).await;
    let wrong = "wrong password";
    for _ in 0..3 {
        assert_eq!(
            sign_in(operators, wrong, "192.0.2.1").await,
            Some(Cause::BadCredentials)
        );
    }
    for seconds in [1, 3, 5, 10, 10] {
        // Not even the right password, and not after a restart either.
        let other = database.open().await;
        let slow = sign_in(other.accounts(), PASSWORD, "192.0.2.1").await;
        assert_eq!(slow, Some(Cause::SlowDown(seconds)));
        database.clock.advance(i64::from(seconds) * 1000);
        assert_eq!(
            sign_in(operators, wrong, "192.0.2.1").await,
            Some(Cause::BadCredentials)
        );
    }
    // From elsewhere it works at once.
    assert_eq!(sign_in(operators, PASSWORD, "198.51.100.7").await, None);
    database.clock.advance(10_000);
    assert_eq!(sign_in(operators, PASSWORD, "192.0.2.1").await, None);
    assert_eq!(
        sign_in(operators, wrong, "192.0.2.1").await,
        Some(Cause::BadCredentials)
    );
}

async fn many_addresses_together_get_a_hundred_guesses_a_day(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    add(&backend, "ada", Role::Viewer).await;
    assert_eq!(sign_in(operators, PASSWORD, "198.51.100.7").await, None);
    guess_a_hundred_times(&database).await;

    let stranger = sign_in(operators, PASSWORD, "203.0.113.9").await;
    assert!(
        matches!(stranger, Some(Cause::SlowDown(60..))),
        "{stranger:?}"
    );
    assert_eq!(sign_in(operators, PASSWORD, "198.51.100.7").await, None);
    database.clock.advance(86_400_000);
    assert_eq!(sign_in(operators, PASSWORD, "203.0.113.9").await, None);
}

async fn a_disabled_operator_cannot_sign_in(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    add(&backend, "root", Role::Admin).await;
    let ada = add(&backend, "ada", Role::Viewer).await;
    let change = |change| backend.accounts().change_operator_from_shell(&ada, change);
    change(OperatorChange::Disable).await.unwrap();
    assert_eq!(
        sign_in(operators, PASSWORD, "192.0.2.1").await,
        Some(Cause::BadCredentials)
    );
    change(OperatorChange::Enable).await.unwrap();
    assert_eq!(sign_in(operators, PASSWORD, "192.0.2.1").await, None);
}

async fn the_last_admin_stays(database: Database) {
    let backend = database.open().await;
    let ada = add(&backend, "ada", Role::Admin).await;
    let bob = add(&backend, "bob", Role::Viewer).await;

    let change = |operator, change| {
        backend
            .accounts()
            .change_operator_from_shell(operator, change)
    };
    let demoted = change(&ada, OperatorChange::Role(Role::Viewer)).await;
    let disabled = change(&ada, OperatorChange::Disable).await;
    assert_eq!(
        (cause(demoted), cause(disabled)),
        (Cause::LastAdmin, Cause::LastAdmin)
    );

    let admin = OperatorChange::Role(Role::Admin);
    change(&bob, admin).await.unwrap();
    change(&ada, OperatorChange::Disable).await.unwrap();
    // A disabled Admin is none.
    let demoted = change(&bob, OperatorChange::Role(Role::Operator)).await;
    assert_eq!(cause(demoted), Cause::LastAdmin);
    let nobody = Operator {
        id: OperatorId::from("nobody".to_owned()),
        ..bob.clone()
    };
    let missing = change(&nobody, admin).await;
    assert_eq!(cause(missing), Cause::NoSuchPage);
}

async fn a_password_can_be_set_again(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    let ada = add(&backend, "ada", Role::Viewer).await;
    let reset = backend
        .accounts()
        .reset_password_from_shell(&ada, "another password");
    reset.await.unwrap();
    assert_eq!(
        sign_in(operators, PASSWORD, "192.0.2.1").await,
        Some(Cause::BadCredentials)
    );
    assert_eq!(
        sign_in(operators, "another password", "192.0.2.1").await,
        None
    );
    let confirmed = operators.confirm(&ada.id, "another password", None).await;
    assert!(confirmed.is_ok());
}

async fn a_weak_hash_is_replaced_at_sign_in(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    add(&backend, "ada", Role::Viewer).await;
    let raw = database.raw().await;
    let stored = async || -> String {
        let row = sqlx::query("SELECT password FROM operators")
            .fetch_one(&raw)
            .await;
        row.unwrap().get(0)
    };
    assert!(
        stored()
            .await
            .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
    );
    // PASSWORD with 1 MiB and one pass.
    sqlx::query("UPDATE operators SET password = $1")
        .bind(weak_hash())
        .execute(&raw)
        .await
        .unwrap();

    assert_eq!(sign_in(operators, PASSWORD, "192.0.2.1").await, None);

    assert!(
        stored()
            .await
            .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
    );
    assert_eq!(sign_in(operators, PASSWORD, "192.0.2.1").await, None);
}

fn weak_hash() -> String {
    use argon2::password_hash::PasswordHasher;
    let params = argon2::Params::new(1024, 1, 1, None).unwrap();
    let hasher = argon2::Argon2::from(params);
    hasher
        .hash_password(PASSWORD.as_bytes())
        .unwrap()
        .to_string()
}

async fn bad_names_and_passwords_are_told(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    let long = "x".repeat(257);
    for (name, password, field, problem) in [
        ("", PASSWORD, Field::Username, Problem::Empty),
        (
            "a\tb",
            PASSWORD,
            Field::Username,
            Problem::ControlCharacter { position: 2 },
        ),
        (
            "ada",
            "short12",
            Field::Password,
            Problem::TooShort { min: 8 },
        ),
        (
            "ada",
            &long,
            Field::Password,
            Problem::TooLong {
                max: 256,
                actual: 257,
            },
        ),
    ] {
        let failure = operators
            .add(name, password, Role::Viewer)
            .await
            .unwrap_err();
        let [found] = failure.field_problems() else {
            panic!("{failure:?}");
        };
        assert_eq!((found.field, &found.problem), (field, &problem));
    }
}

async fn the_setup_link_works_once(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    let old = operators.setup_token().await.unwrap().unwrap();
    let token = operators.setup_token().await.unwrap().unwrap();
    assert_eq!(operators.setup_works(&old).await, Ok(false));
    assert_eq!(operators.setup_works(&token).await, Ok(true));

    let weak = operators
        .redeem_setup(&token, "ada", "short")
        .await
        .unwrap_err();
    assert_eq!(weak.field_problems().len(), 1);
    let ada = operators
        .redeem_setup(&token, "ada", PASSWORD)
        .await
        .unwrap();
    assert_eq!(ada.role, Role::Admin);

    let again = operators.redeem_setup(&token, "eve", PASSWORD).await;
    assert_eq!(cause(again), Cause::LinkUsed);
    assert_eq!(operators.setup_token().await, Ok(None));

    let other = Database::sqlite();
    let backend = other.open().await;
    let token = backend.accounts().setup_token().await.unwrap().unwrap();
    other.clock.advance(86_400_000);
    let late = backend
        .accounts()
        .redeem_setup(&token, "ada", PASSWORD)
        .await;
    assert_eq!(cause(late), Cause::LinkUsed);
}

async fn the_setup_link_ends_with_the_first_operator_however_they_came(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    let token = operators.setup_token().await.unwrap().unwrap();

    add(&backend, "ada", Role::Admin).await;

    assert_eq!(operators.setup_works(&token).await, Ok(false));
    let late = operators.redeem_setup(&token, "eve", PASSWORD).await;
    assert_eq!(cause(late), Cause::LinkUsed);
    assert_eq!(operators.by_name("eve").await, Ok(None));
}

async fn the_audit_tells_who_signed_in_and_whom_somebody_tried_to_be(database: Database) {
    let backend = database.open().await;
    let added = backend.accounts().add("Ada", PASSWORD, Role::Admin).await;
    let ada = added.unwrap();
    let origin = Origin {
        remote: Some([192, 0, 2, 7].into()),
        request_id: "r-1".to_owned(),
    };

    backend
        .accounts()
        .sign_in("ada", PASSWORD, &origin)
        .await
        .unwrap();
    let wrong = backend
        .accounts()
        .sign_in("ada", "not the password", &origin)
        .await;
    let typed_twice = backend
        .accounts()
        .sign_in(PASSWORD, PASSWORD, &origin)
        .await;

    assert_eq!(cause(wrong), Cause::BadCredentials);
    assert_eq!(cause(typed_twice), Cause::BadCredentials);
    let rows = newest_entries(&backend, 10).await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.phase, row.username.as_str(), row.operator.clone()))
        .collect();
    assert_eq!(
        told,
        [
            (Phase::Refused, "", None),
            (Phase::Refused, "Ada", Some(ada.id.clone())),
            (Phase::Noted, "Ada", Some(ada.id)),
        ]
    );
    for row in rows {
        assert_eq!(row.event.name(), "SignIn");
        assert_eq!((row.remote, &*row.request), (origin.remote, "r-1"));
        let code = (row.phase == Phase::Refused).then_some("bad-credentials");
        assert_eq!(row.failure.as_deref(), code);
    }
}
