//! Authenticators, recovery codes, the second step of signing in, proving again who one is.

use backend::{
    Accounts, Backend, Caller, Entry, FirstStep, Operator, OperatorChange, Pending, Phase, Proof,
};
use domain::{Cause, Failure, Field, Problem, Role, Timestamp};
use serde_json::json;
use sqlx::Row as _;
use totp_rs::{Builder, Secret, Totp};

use crate::database::{Database, newest_entries, on_both};
use crate::people::{PASSWORD, add, caller_of, cause, origin, problem};

on_both! {
    an_authenticator_counts_once_a_code_of_it_was_typed
    a_sign_in_with_an_authenticator_takes_two_steps
    a_code_is_used_once_even_at_the_same_time
    a_recovery_code_is_used_once_and_only_its_hash_is_kept
    new_recovery_codes_replace_the_old_ones
    wrong_codes_slow_down_and_a_right_password_does_not_clear_them
    a_first_step_is_worth_nothing_later_or_after_a_change
    an_authenticator_is_changed_by_who_proved_it_lately
    an_admin_takes_an_authenticator_away
    writes_are_unlocked_by_a_password_or_a_code
    everything_is_in_the_audit_and_no_secret_is
}

const OTHER: &str = "seven bells for the late watch";
const STEP: i64 = 30_000;
const MINUTE: i64 = 60_000;

struct World<'a> {
    database: &'a Database,
    backend: Backend,
    ada: Operator,
    caller: Caller,
}

impl<'a> World<'a> {
    async fn new(database: &'a Database) -> Self {
        let backend = database.open().await;
        let ada = add(&backend, "ada", Role::Admin).await;
        Self {
            caller: caller_of(&ada),
            database,
            backend,
            ada,
        }
    }

    fn accounts(&self) -> &Accounts {
        self.backend.accounts()
    }

    /// Begins to set an authenticator up.
    async fn begin(&self) {
        let begun = self.accounts().begin_authenticator(&self.caller).await;
        begun.unwrap();
    }

    /// Signs in by the password alone.
    async fn sign_in_at_once(&self) {
        let step = self.accounts().sign_in("ada", PASSWORD, &origin()).await;
        assert!(matches!(step, Ok(FirstStep::SignedIn(_))), "{step:?}");
    }

    fn now(&self) -> Timestamp {
        self.database.clock.now()
    }

    fn wait(&self, millis: i64) {
        self.database.clock.advance(millis);
    }

    /// Sets an authenticator up, and answers it with the recovery codes.
    async fn set_up(&self) -> (Totp, Vec<String>) {
        self.begin().await;
        let totp = self.enrolled().await;
        let code = self.code(&totp);
        let codes = self.accounts().confirm_authenticator(&self.caller, &code);
        let codes = codes.await.unwrap();
        self.wait(STEP);
        (totp, codes)
    }

    /// An app that read the secret.
    async fn enrolled(&self) -> Totp {
        let enrolment = self
            .accounts()
            .enrolment(&self.caller)
            .await
            .unwrap()
            .unwrap();
        assert!(enrolment.address.contains(&enrolment.secret));
        let secret = Secret::try_from_base32(&enrolment.secret).unwrap();
        Builder::new().with_secret(secret).build().unwrap()
    }

    fn code(&self, totp: &Totp) -> String {
        code(totp, self.now())
    }

    async fn password(&self) -> Pending {
        let step = self.accounts().sign_in("ada", PASSWORD, &origin()).await;
        match step.unwrap() {
            FirstStep::CodeNeeded(pending) => pending,
            FirstStep::SignedIn(_) => panic!("a code is asked for"),
        }
    }

    async fn finish(&self, pending: &Pending, code: &str) -> Result<Operator, Failure> {
        self.accounts()
            .finish_with_code(pending, code, &origin())
            .await
    }

    /// Why a sign-in with this code is refused; `None` when it is not.
    async fn sign_in(&self, code: &str) -> Option<Cause> {
        let pending = self.password().await;
        let finished = self.finish(&pending, code).await;
        finished.err().map(|failure| failure.cause)
    }
}

fn code(totp: &Totp, at: Timestamp) -> String {
    let seconds = u64::try_from(at.0 / 1000).unwrap();
    totp.generate(seconds).to_string()
}

/// Not the code that is right, nor one a step away.
fn wrong(totp: &Totp, at: Timestamp) -> String {
    let right: Vec<_> = [-STEP, 0, STEP]
        .map(|away| code(totp, Timestamp(at.0 + away)))
        .into();
    let all = (0..4).map(|digit| digit.to_string().repeat(6));
    all.into_iter().find(|code| !right.contains(code)).unwrap()
}

async fn an_authenticator_counts_once_a_code_of_it_was_typed(database: Database) {
    let world = World::new(&database).await;
    let (operators, caller) = (world.accounts(), &world.caller);
    let early = operators.confirm_authenticator(caller, "123456").await;
    assert_eq!(cause(early), Cause::Conflict);
    world.begin().await;
    let given_up = world.enrolled().await;
    world.begin().await;
    let totp = world.enrolled().await;
    assert_ne!(given_up, totp, "a new try has a new secret");
    world.sign_in_at_once().await;

    let wrong = wrong(&totp, world.now());
    for wrong in [&*world.code(&given_up), &*wrong, "", "12345678"] {
        let refused = operators.confirm_authenticator(caller, wrong).await;
        assert_eq!(problem(refused), (Field::OneTimeCode, Problem::WrongCode));
    }
    assert_eq!(operators.authenticator(&world.ada.id).await, Ok(None));
    let rows = newest_entries(&world.backend, 50).await;
    let refused =
        |row: &&Entry| (row.event.name(), row.phase) == ("SetUpAuthenticator", Phase::Refused);
    assert_eq!(rows.iter().filter(refused).count(), 4);
    let code = world.code(&totp);
    let codes = operators
        .confirm_authenticator(caller, &code)
        .await
        .unwrap();

    assert_eq!(codes.len(), 10);
    let known = operators.authenticator(&world.ada.id).await.unwrap();
    let known = known.unwrap();
    assert_eq!((known.since, known.recovery_codes), (world.now(), 10));
    assert!(operators.enrolment(caller).await.unwrap().is_none());
    let twice = operators.begin_authenticator(caller).await;
    assert_eq!(cause(twice), Cause::Conflict);
    let twice = operators.confirm_authenticator(caller, &code).await;
    assert_eq!(cause(twice), Cause::Conflict);
    // The code that set it up signs nobody in.
    assert_eq!(world.sign_in(&code).await, Some(Cause::BadCode));
}

async fn a_sign_in_with_an_authenticator_takes_two_steps(database: Database) {
    let world = World::new(&database).await;
    let (totp, _) = world.set_up().await;
    let refused = world.accounts().sign_in("ada", OTHER, &origin()).await;
    assert_eq!(cause(refused), Cause::BadCredentials);
    let pending = world.password().await;
    let operators = world.accounts();
    let before = operators.get(&world.ada.id).await.unwrap().unwrap();
    assert_eq!(before.signed_in, None, "not yet");

    let operator = world.finish(&pending, &world.code(&totp)).await.unwrap();

    assert_eq!(operator.signed_in, Some(world.now()));
    assert_eq!(operators.get(&world.ada.id).await, Ok(Some(operator)));
}

async fn a_code_is_used_once_even_at_the_same_time(database: Database) {
    let world = World::new(&database).await;
    let (totp, _) = world.set_up().await;
    let code = world.code(&totp);
    let pending = [world.password().await, world.password().await];
    let (one, other) = tokio::join!(
        world.finish(&pending[0], &code),
        world.finish(&pending[1], &code),
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(world.sign_in(&code).await, Some(Cause::BadCode));

    world.wait(STEP);
    // Still within the time of it, and of the one after.
    assert_eq!(world.sign_in(&code).await, Some(Cause::BadCode));
    // How many of them count as failures depends on which came first.
    world.wait(3000);
    let pending = world.password().await;
    world.wait(3000);
    let next = world.code(&totp);
    assert!(world.finish(&pending, &next).await.is_ok());
    world.wait(-2 * STEP);
    let earlier = world.code(&totp);
    world.wait(2 * STEP);
    assert_eq!(world.sign_in(&earlier).await, Some(Cause::BadCode));
}

async fn a_recovery_code_is_used_once_and_only_its_hash_is_kept(database: Database) {
    let world = World::new(&database).await;
    let (_, codes) = world.set_up().await;

    assert_eq!(world.sign_in(&codes[3]).await, None);

    assert_eq!(world.sign_in(&codes[3]).await, Some(Cause::BadCode));
    let typed = codes[4].to_uppercase().replace('-', " ");
    assert_eq!(world.sign_in(&typed).await, None);
    let operators = world.accounts();
    let known = operators.authenticator(&world.ada.id).await.unwrap();
    assert_eq!(known.unwrap().recovery_codes, 8);
    let rows = sqlx::query("SELECT hash FROM recovery_codes")
        .fetch_all(&database.raw().await)
        .await
        .unwrap();
    let hashes: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(hashes.iter().all(|hash| hash.len() == 64));
    let others = add(&world.backend, "bob", Role::Viewer).await;
    let bob = Caller {
        operator: others.id,
        username: others.username,
        ..world.caller.clone()
    };
    let theirs = Proof::Code(&codes[5]);
    let refused = world.accounts().unlock_writes(&bob, theirs).await;
    assert_eq!(problem(refused), (Field::OneTimeCode, Problem::WrongCode));
}

async fn new_recovery_codes_replace_the_old_ones(database: Database) {
    let world = World::new(&database).await;
    let none = world.accounts().new_recovery_codes(&world.caller).await;
    assert_eq!(cause(none), Cause::Conflict);
    let (_, old) = world.set_up().await;
    assert_eq!(world.sign_in(&old[0]).await, None);

    let new = world.accounts().new_recovery_codes(&world.caller).await;

    let new = new.unwrap();
    assert_eq!(world.sign_in(&old[1]).await, Some(Cause::BadCode));
    assert_eq!(world.sign_in(&new[1]).await, None);
    let known = world.accounts().authenticator(&world.ada.id).await;
    assert_eq!(known.unwrap().unwrap().recovery_codes, 9);
}

async fn wrong_codes_slow_down_and_a_right_password_does_not_clear_them(database: Database) {
    let world = World::new(&database).await;
    let (totp, _) = world.set_up().await;
    let wrong = wrong(&totp, world.now());
    for _ in 0..3 {
        assert_eq!(world.sign_in(&wrong).await, Some(Cause::BadCode));
    }

    // Knowing the password is of no use for guessing codes faster.
    let slowed = world.accounts().sign_in("ada", PASSWORD, &origin()).await;
    assert_eq!(cause(slowed), Cause::SlowDown(1));
    world.wait(1000);
    let pending = world.password().await;
    let code = world.code(&totp);
    assert_eq!(
        cause(world.finish(&pending, &code).await),
        Cause::SlowDown(1)
    );

    world.wait(1000);
    assert!(world.finish(&pending, &code).await.is_ok());
    world.wait(STEP);
    let code = world.code(&totp);
    assert_eq!(world.sign_in(&code).await, None, "forgiven");
}

async fn a_first_step_is_worth_nothing_later_or_after_a_change(database: Database) {
    let world = World::new(&database).await;
    let (totp, _) = world.set_up().await;
    add(&world.backend, "root", Role::Admin).await;
    let late = world.password().await;
    world.wait(5 * MINUTE);
    let refused = world.finish(&late, &world.code(&totp)).await;
    assert_eq!(cause(refused), Cause::SignedOut);

    let disabled = world.password().await;
    let change = |change| {
        world
            .accounts()
            .change_operator_from_shell(&world.ada, change)
    };
    change(OperatorChange::Disable).await.unwrap();
    let refused = world.finish(&disabled, &world.code(&totp)).await;
    assert_eq!(cause(refused), Cause::SignedOut);
    change(OperatorChange::Enable).await.unwrap();

    let before = world.password().await;
    let reset = |password| {
        world
            .accounts()
            .reset_password_from_shell(&world.ada, password)
    };
    reset(OTHER).await.unwrap();
    let refused = world.finish(&before, &world.code(&totp)).await;
    assert_eq!(cause(refused), Cause::SignedOut);

    reset(PASSWORD).await.unwrap();
    let before = world.password().await;
    world
        .accounts()
        .remove_authenticator(&Caller {
            proved: Some(world.now()),
            ..world.caller.clone()
        })
        .await
        .unwrap();
    let refused = world.finish(&before, &world.code(&totp)).await;
    assert_eq!(cause(refused), Cause::SignedOut);
}

async fn an_authenticator_is_changed_by_who_proved_it_lately(database: Database) {
    let world = World::new(&database).await;
    let (operators, caller) = (world.accounts(), &world.caller);
    let (totp, _) = world.set_up().await;
    world.wait(15 * MINUTE);
    assert_eq!(
        cause(operators.remove_authenticator(caller).await),
        Cause::ProofNeeded
    );
    assert_eq!(
        cause(operators.new_recovery_codes(caller).await),
        Cause::ProofNeeded
    );
    assert_eq!(
        cause(operators.begin_authenticator(caller).await),
        Cause::ProofNeeded
    );
    assert!(matches!(world.password().await, Pending { .. }));

    let fresh = Caller {
        proved: Some(world.now()),
        ..caller.clone()
    };
    operators.remove_authenticator(&fresh).await.unwrap();

    world.sign_in_at_once().await;
    assert_eq!(
        cause(operators.remove_authenticator(&fresh).await),
        Cause::Conflict
    );
    // A secret that waits is not shown to a person who finds the session open.
    operators.begin_authenticator(&fresh).await.unwrap();
    assert!(operators.enrolment(&fresh).await.unwrap().is_some());
    world.wait(15 * MINUTE);
    assert!(operators.enrolment(&fresh).await.unwrap().is_none());
    let code = world.code(&totp);
    assert!(
        operators
            .confirm_authenticator(&fresh, &code)
            .await
            .is_err()
    );
}

async fn an_admin_takes_an_authenticator_away(database: Database) {
    let world = World::new(&database).await;
    let (operators, ada) = (world.accounts(), &world.ada);
    let reset = OperatorChange::ResetAuthenticator;
    let none = operators
        .change_operator(&world.caller, &ada.id, reset)
        .await;
    assert_eq!(cause(none), Cause::Conflict);
    let (_, codes) = world.set_up().await;
    let viewer = Caller {
        role: Role::Operator,
        ..world.caller.clone()
    };
    let refused = operators.change_operator(&viewer, &ada.id, reset).await;
    assert_eq!(cause(refused), Cause::RoleNeeded(Role::Admin));

    let done = operators
        .change_operator(&world.caller, &ada.id, reset)
        .await;

    assert_eq!(done, Ok(None));
    world.sign_in_at_once().await;
    let old = operators.unlock_writes(&world.caller, Proof::Code(&codes[0]));
    assert_eq!(problem(old.await), (Field::OneTimeCode, Problem::WrongCode));
    world.set_up().await;
    let reset = operators.change_operator_from_shell(ada, OperatorChange::ResetAuthenticator);
    reset.await.unwrap();
    let known = operators.authenticator(&ada.id).await;
    assert_eq!(known, Ok(None));
}

async fn writes_are_unlocked_by_a_password_or_a_code(database: Database) {
    let world = World::new(&database).await;
    let (operators, caller) = (world.accounts(), &world.caller);
    let (totp, codes) = world.set_up().await;
    let signed_in = operators.get(&world.ada.id).await;
    let code = world.code(&totp);
    for right in [
        Proof::Password(PASSWORD),
        Proof::Code(&code),
        Proof::Code(&codes[0]),
    ] {
        assert_eq!(operators.unlock_writes(caller, right).await, Ok(()));
    }
    assert_eq!(operators.get(&world.ada.id).await, signed_in);
    for used in [&code, &codes[0]] {
        let refused = operators.unlock_writes(caller, Proof::Code(used)).await;
        assert_eq!(problem(refused), (Field::OneTimeCode, Problem::WrongCode));
    }
    let refused = operators
        .unlock_writes(caller, Proof::Password(OTHER))
        .await;
    assert_eq!(problem(refused), (Field::Password, Problem::WrongPassword));
    let right = Proof::Password(PASSWORD);
    let slowed = operators.unlock_writes(caller, right).await;
    assert_eq!(cause(slowed), Cause::SlowDown(1));
}

async fn everything_is_in_the_audit_and_no_secret_is(database: Database) {
    let world = World::new(&database).await;
    let (operators, caller) = (world.accounts(), &world.caller);
    world.begin().await;
    let secret = operators.enrolment(caller).await.unwrap().unwrap().secret;
    let (totp, codes) = world.set_up().await;
    let code = world.code(&totp);
    world.sign_in(&code).await;
    world.sign_in(&code).await;
    world.sign_in(&codes[0]).await;
    let right = Proof::Password(PASSWORD);
    operators.unlock_writes(caller, right).await.unwrap();
    let wrong = Proof::Password(OTHER);
    operators.unlock_writes(caller, wrong).await.unwrap_err();
    operators.new_recovery_codes(caller).await.unwrap();
    operators.remove_authenticator(caller).await.unwrap();

    let rows = newest_entries(&world.backend, 50).await;

    let told: Vec<_> = rows
        .iter()
        .rev()
        .map(|row| (row.event.name(), row.phase, row.input["by"].as_str()))
        .collect();
    let (by_code, by_recovery) = (Some("one-time code"), Some("recovery code"));
    assert_eq!(
        told,
        [
            ("BeginAuthenticator", Phase::Noted, None),
            ("BeginAuthenticator", Phase::Noted, None),
            ("SetUpAuthenticator", Phase::Noted, None),
            ("SignIn", Phase::Noted, by_code),
            ("SignIn", Phase::Refused, by_code),
            ("SignIn", Phase::Noted, by_recovery),
            ("UnlockWrites", Phase::Noted, Some("password")),
            ("UnlockWrites", Phase::Refused, None),
            ("NewRecoveryCodes", Phase::Noted, None),
            ("RemoveAuthenticator", Phase::Noted, None),
        ]
    );
    assert!(rows.iter().any(|row| row.input["left"] == json!(9)));
    for row in &rows {
        assert_eq!((&*row.username, &*row.request), ("ada", "http-1"));
    }
    let rows = format!("{rows:?}");
    let texts = [&secret, &code, &codes[0], &codes[1].replace('-', "")];
    assert!(texts.iter().all(|secret| !rows.contains(*secret)));
}
