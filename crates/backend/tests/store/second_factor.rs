//! Authenticators, recovery codes, the second step of signing in, proving again who one is.

use backend::{
    AuditFilter, Backend, Caller, Entry, FirstStep, Operator, OperatorChange, Origin, Pending,
    Phase, Proof,
};
use domain::{Cause, Failure, Field, Problem, Role, Timestamp};
use serde_json::json;
use sqlx::Row as _;
use totp_rs::{Builder, Secret, Totp};

use crate::database::{Database, on_both};

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

const PASSWORD: &str = "correct horse battery";
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
        let added = backend.accounts().add("ada", PASSWORD, Role::Admin).await;
        let ada = added.unwrap();
        let caller = Caller {
            operator: ada.id.clone(),
            username: ada.username.clone(),
            role: ada.role,
            grant: ada.grant.clone(),
            remote: origin().remote,
            request_id: origin().request_id,
            proved: Some(database.clock.now()),
            session: None,
            changes: backend::Changes::default(),
        };
        Self {
            database,
            backend,
            ada,
            caller,
        }
    }

    fn now(&self) -> Timestamp {
        self.database.clock.now()
    }

    fn wait(&self, millis: i64) {
        self.database.clock.advance(millis);
    }

    /// Sets an authenticator up, and answers it with the recovery codes.
    async fn set_up(&self) -> (Totp, Vec<String>) {
        self.backend
            .accounts()
            .begin_authenticator(&self.caller)
            .await
            .unwrap();
        let totp = self.enrolled().await;
        let code = self.code(&totp);
        let codes = self
            .backend
            .accounts()
            .confirm_authenticator(&self.caller, &code);
        let codes = codes.await.unwrap();
        self.wait(STEP);
        (totp, codes)
    }

    /// An app that read the secret.
    async fn enrolled(&self) -> Totp {
        let enrolment = self
            .backend
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
        let step = self
            .backend
            .accounts()
            .sign_in("ada", PASSWORD, &origin())
            .await;
        match step.unwrap() {
            FirstStep::CodeNeeded(pending) => pending,
            FirstStep::SignedIn(_) => panic!("a code is asked for"),
        }
    }

    async fn finish(&self, pending: &Pending, code: &str) -> Result<Operator, Failure> {
        self.backend
            .accounts()
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

fn origin() -> Origin {
    Origin {
        remote: Some([192, 0, 2, 1].into()),
        request_id: "http-1".to_owned(),
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

fn problem<T: std::fmt::Debug>(result: Result<T, Failure>) -> (Field, Problem) {
    let failure = result.unwrap_err();
    let [found] = failure.field_problems() else {
        panic!("{failure:?}");
    };
    (found.field, found.problem.clone())
}

fn cause<T: std::fmt::Debug>(result: Result<T, Failure>) -> Cause {
    result.unwrap_err().cause
}

async fn an_authenticator_counts_once_a_code_of_it_was_typed(database: Database) {
    let world = World::new(&database).await;
    let (backend, caller) = (&world.backend, &world.caller);
    let early = backend
        .accounts()
        .confirm_authenticator(caller, "123456")
        .await;
    assert_eq!(cause(early), Cause::Conflict);
    backend
        .accounts()
        .begin_authenticator(caller)
        .await
        .unwrap();
    let given_up = world.enrolled().await;
    backend
        .accounts()
        .begin_authenticator(caller)
        .await
        .unwrap();
    let totp = world.enrolled().await;
    assert_ne!(given_up, totp, "a new try has a new secret");
    let step = backend
        .accounts()
        .sign_in("ada", PASSWORD, &origin())
        .await
        .unwrap();
    assert!(matches!(step, FirstStep::SignedIn(_)));

    let wrong = wrong(&totp, world.now());
    for wrong in [&*world.code(&given_up), &*wrong, "", "12345678"] {
        let refused = backend
            .accounts()
            .confirm_authenticator(caller, wrong)
            .await;
        assert_eq!(problem(refused), (Field::OneTimeCode, Problem::WrongCode));
    }
    let operators = backend.accounts();
    assert_eq!(operators.authenticator(&world.ada.id).await, Ok(None));
    let filter = AuditFilter::default();
    let rows = backend.audit().whole().recent(&filter, None, 50).await;
    let refused =
        |row: &&Entry| (row.event.name(), row.phase) == ("SetUpAuthenticator", Phase::Refused);
    assert_eq!(rows.unwrap().iter().filter(refused).count(), 4);
    let code = world.code(&totp);
    let codes = backend
        .accounts()
        .confirm_authenticator(caller, &code)
        .await
        .unwrap();

    assert_eq!(codes.len(), 10);
    let known = operators.authenticator(&world.ada.id).await.unwrap();
    let known = known.unwrap();
    assert_eq!((known.since, known.recovery_codes), (world.now(), 10));
    assert!(
        backend
            .accounts()
            .enrolment(caller)
            .await
            .unwrap()
            .is_none()
    );
    let twice = backend.accounts().begin_authenticator(caller).await;
    assert_eq!(cause(twice), Cause::Conflict);
    let twice = backend
        .accounts()
        .confirm_authenticator(caller, &code)
        .await;
    assert_eq!(cause(twice), Cause::Conflict);
    // The code that set it up signs nobody in.
    assert_eq!(world.sign_in(&code).await, Some(Cause::BadCode));
}

async fn a_sign_in_with_an_authenticator_takes_two_steps(database: Database) {
    let world = World::new(&database).await;
    let (totp, _) = world.set_up().await;
    let refused = world
        .backend
        .accounts()
        .sign_in("ada", OTHER, &origin())
        .await;
    assert_eq!(cause(refused), Cause::BadCredentials);
    let pending = world.password().await;
    let operators = world.backend.accounts();
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
    let operators = world.backend.accounts();
    let known = operators.authenticator(&world.ada.id).await.unwrap();
    assert_eq!(known.unwrap().recovery_codes, 8);
    let rows = sqlx::query("SELECT hash FROM recovery_codes")
        .fetch_all(&database.raw().await)
        .await
        .unwrap();
    let hashes: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(hashes.iter().all(|hash| hash.len() == 64));
    let others = operators.add("bob", PASSWORD, Role::Viewer).await.unwrap();
    let bob = Caller {
        operator: others.id,
        username: others.username,
        ..world.caller.clone()
    };
    let theirs = Proof::Code(&codes[5]);
    let refused = world.backend.accounts().unlock_writes(&bob, theirs).await;
    assert_eq!(problem(refused), (Field::OneTimeCode, Problem::WrongCode));
}

async fn new_recovery_codes_replace_the_old_ones(database: Database) {
    let world = World::new(&database).await;
    let none = world
        .backend
        .accounts()
        .new_recovery_codes(&world.caller)
        .await;
    assert_eq!(cause(none), Cause::Conflict);
    let (_, old) = world.set_up().await;
    assert_eq!(world.sign_in(&old[0]).await, None);

    let new = world
        .backend
        .accounts()
        .new_recovery_codes(&world.caller)
        .await;

    let new = new.unwrap();
    assert_eq!(world.sign_in(&old[1]).await, Some(Cause::BadCode));
    assert_eq!(world.sign_in(&new[1]).await, None);
    let known = world.backend.accounts().authenticator(&world.ada.id).await;
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
    let slowed = world
        .backend
        .accounts()
        .sign_in("ada", PASSWORD, &origin())
        .await;
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
    let operators = world.backend.accounts();
    operators.add("root", PASSWORD, Role::Admin).await.unwrap();
    let late = world.password().await;
    world.wait(5 * MINUTE);
    let refused = world.finish(&late, &world.code(&totp)).await;
    assert_eq!(cause(refused), Cause::SignedOut);

    let disabled = world.password().await;
    let change = |change| {
        world
            .backend
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
            .backend
            .accounts()
            .reset_password_from_shell(&world.ada, password)
    };
    reset(OTHER).await.unwrap();
    let refused = world.finish(&before, &world.code(&totp)).await;
    assert_eq!(cause(refused), Cause::SignedOut);

    reset(PASSWORD).await.unwrap();
    let before = world.password().await;
    world
        .backend
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
    let (backend, caller) = (&world.backend, &world.caller);
    let (totp, _) = world.set_up().await;
    world.wait(15 * MINUTE);
    assert_eq!(
        cause(backend.accounts().remove_authenticator(caller).await),
        Cause::ProofNeeded
    );
    assert_eq!(
        cause(backend.accounts().new_recovery_codes(caller).await),
        Cause::ProofNeeded
    );
    assert_eq!(
        cause(backend.accounts().begin_authenticator(caller).await),
        Cause::ProofNeeded
    );
    assert!(matches!(world.password().await, Pending { .. }));

    let fresh = Caller {
        proved: Some(world.now()),
        ..caller.clone()
    };
    backend
        .accounts()
        .remove_authenticator(&fresh)
        .await
        .unwrap();

    let step = backend
        .accounts()
        .sign_in("ada", PASSWORD, &origin())
        .await
        .unwrap();
    assert!(matches!(step, FirstStep::SignedIn(_)));
    assert_eq!(
        cause(backend.accounts().remove_authenticator(&fresh).await),
        Cause::Conflict
    );
    // A secret that waits is not shown to a person who finds the session open.
    backend
        .accounts()
        .begin_authenticator(&fresh)
        .await
        .unwrap();
    assert!(
        backend
            .accounts()
            .enrolment(&fresh)
            .await
            .unwrap()
            .is_some()
    );
    world.wait(15 * MINUTE);
    assert!(
        backend
            .accounts()
            .enrolment(&fresh)
            .await
            .unwrap()
            .is_none()
    );
    let code = world.code(&totp);
    assert!(
        backend
            .accounts()
            .confirm_authenticator(&fresh, &code)
            .await
            .is_err()
    );
}

async fn an_admin_takes_an_authenticator_away(database: Database) {
    let world = World::new(&database).await;
    let (backend, ada) = (&world.backend, &world.ada);
    let reset = OperatorChange::ResetAuthenticator;
    let none = backend
        .accounts()
        .change_operator(&world.caller, &ada.id, reset)
        .await;
    assert_eq!(cause(none), Cause::Conflict);
    let (_, codes) = world.set_up().await;
    let viewer = Caller {
        role: Role::Operator,
        ..world.caller.clone()
    };
    let refused = backend
        .accounts()
        .change_operator(&viewer, &ada.id, reset)
        .await;
    assert_eq!(cause(refused), Cause::RoleNeeded(Role::Admin));

    let done = backend
        .accounts()
        .change_operator(&world.caller, &ada.id, reset)
        .await;

    assert_eq!(done, Ok(None));
    let step = backend
        .accounts()
        .sign_in("ada", PASSWORD, &origin())
        .await
        .unwrap();
    assert!(matches!(step, FirstStep::SignedIn(_)));
    let old = backend
        .accounts()
        .unlock_writes(&world.caller, Proof::Code(&codes[0]));
    assert_eq!(problem(old.await), (Field::OneTimeCode, Problem::WrongCode));
    world.set_up().await;
    let reset = backend
        .accounts()
        .change_operator_from_shell(ada, OperatorChange::ResetAuthenticator);
    reset.await.unwrap();
    let known = backend.accounts().authenticator(&ada.id).await;
    assert_eq!(known, Ok(None));
}

async fn writes_are_unlocked_by_a_password_or_a_code(database: Database) {
    let world = World::new(&database).await;
    let (backend, caller) = (&world.backend, &world.caller);
    let (totp, codes) = world.set_up().await;
    let signed_in = backend.accounts().get(&world.ada.id).await;
    let code = world.code(&totp);
    for right in [
        Proof::Password(PASSWORD),
        Proof::Code(&code),
        Proof::Code(&codes[0]),
    ] {
        assert_eq!(
            backend.accounts().unlock_writes(caller, right).await,
            Ok(())
        );
    }
    assert_eq!(backend.accounts().get(&world.ada.id).await, signed_in);
    for used in [&code, &codes[0]] {
        let refused = backend
            .accounts()
            .unlock_writes(caller, Proof::Code(used))
            .await;
        assert_eq!(problem(refused), (Field::OneTimeCode, Problem::WrongCode));
    }
    let refused = backend
        .accounts()
        .unlock_writes(caller, Proof::Password(OTHER))
        .await;
    assert_eq!(problem(refused), (Field::Password, Problem::WrongPassword));
    let right = Proof::Password(PASSWORD);
    let slowed = backend.accounts().unlock_writes(caller, right).await;
    assert_eq!(cause(slowed), Cause::SlowDown(1));
}

async fn everything_is_in_the_audit_and_no_secret_is(database: Database) {
    let world = World::new(&database).await;
    let (backend, caller) = (&world.backend, &world.caller);
    backend
        .accounts()
        .begin_authenticator(caller)
        .await
        .unwrap();
    let secret = backend
        .accounts()
        .enrolment(caller)
        .await
        .unwrap()
        .unwrap()
        .secret;
    let (totp, codes) = world.set_up().await;
    let code = world.code(&totp);
    world.sign_in(&code).await;
    world.sign_in(&code).await;
    world.sign_in(&codes[0]).await;
    let right = Proof::Password(PASSWORD);
    backend
        .accounts()
        .unlock_writes(caller, right)
        .await
        .unwrap();
    let wrong = Proof::Password(OTHER);
    backend
        .accounts()
        .unlock_writes(caller, wrong)
        .await
        .unwrap_err();
    backend.accounts().new_recovery_codes(caller).await.unwrap();
    backend
        .accounts()
        .remove_authenticator(caller)
        .await
        .unwrap();

    let filter = AuditFilter::default();
    let rows = backend
        .audit()
        .whole()
        .recent(&filter, None, 50)
        .await
        .unwrap();

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
