//! What operators are told of their own account, and how many wrong codes it bears.

use backend::{
    Backend, Caller, FirstStep, NoticeKind, Operator, OperatorChange, Origin, Pending, Proof,
};
use domain::{Cause, Failure, Role, Timestamp};
use sqlx::Row as _;
use totp_rs::{Builder, Secret, Totp};

use crate::database::{Database, on_both};
use crate::people::{PASSWORD, add, caller_of, guess_a_hundred_times};

on_both! {
    a_sign_in_from_a_new_address_is_told_and_the_first_of_all_is_not
    a_sign_in_after_wrong_tries_is_told
    who_comes_by_a_link_is_told_once_and_is_known_there
    changes_of_password_and_authenticator_are_told
    no_change_is_made_that_cannot_be_told
    what_an_admin_does_is_told_with_their_name_and_not_their_address
    wrong_codes_are_told_and_a_hundred_a_day_from_anywhere_end_codes
    codes_that_are_looked_at_at_the_same_time_are_a_hundred_too
    codes_at_unlocking_count_like_those_at_sign_in
    what_the_shell_does_is_told_and_takes_codes_again
    wrong_passwords_that_keep_strangers_out_are_told_once_a_day
    notices_are_seen_by_their_operator_only_and_the_newest_fifty_stay
}

const OTHER: &str = "seven bells for the late watch";
const HOME: [u8; 4] = [192, 0, 2, 1];
const AWAY: [u8; 4] = [198, 51, 100, 7];
const STEP: i64 = 30_000;

struct World<'a> {
    database: &'a Database,
    backend: Backend,
    ada: Operator,
}

fn from(address: [u8; 4]) -> Origin {
    Origin {
        remote: Some(address.into()),
        request_id: "r-1".to_owned(),
    }
}

impl<'a> World<'a> {
    async fn new(database: &'a Database) -> Self {
        let backend = database.open().await;
        let ada = add(&backend, "ada", Role::Admin).await;
        Self {
            database,
            backend,
            ada,
        }
    }

    /// Changes the database behind the back of the backend.
    async fn write(&self, sql: &'static str) {
        self.database.write(sql).await;
    }

    /// The shell takes the authenticator of ada away.
    async fn reset_authenticator(&self) {
        let reset = OperatorChange::ResetAuthenticator;
        let accounts = self.backend.accounts();
        let reset = accounts.change_operator_from_shell(&self.ada, reset);
        reset.await.unwrap();
    }

    fn caller(&self, operator: &Operator) -> Caller {
        Caller {
            proved: Some(self.database.clock.now()),
            ..caller_of(operator)
        }
    }

    async fn sign_in(&self, password: &str, address: [u8; 4]) -> Result<FirstStep, Failure> {
        self.backend
            .accounts()
            .sign_in("ada", password, &from(address))
            .await
    }

    async fn pending(&self, address: [u8; 4]) -> Pending {
        match self.sign_in(PASSWORD, address).await.unwrap() {
            FirstStep::CodeNeeded(pending) => pending,
            FirstStep::SignedIn(_) => panic!("a code is asked for"),
        }
    }

    /// Types a code after the right password, long after the one before.
    async fn code(&self, code: &str, address: [u8; 4]) -> Result<Operator, Failure> {
        self.database.clock.advance(STEP);
        let pending = self.pending(address).await;
        self.database.clock.advance(STEP);
        let origin = from(address);
        let finished = self
            .backend
            .accounts()
            .finish_with_code(&pending, code, &origin);
        finished.await
    }

    async fn set_up(&self) -> (Totp, Vec<String>) {
        let caller = self.caller(&self.ada);
        self.backend
            .accounts()
            .begin_authenticator(&caller)
            .await
            .unwrap();
        let enrolment = self
            .backend
            .accounts()
            .enrolment(&caller)
            .await
            .unwrap()
            .unwrap();
        let secret = Secret::try_from_base32(&enrolment.secret).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        let code = self.right(&totp);
        let codes = self
            .backend
            .accounts()
            .confirm_authenticator(&caller, &code)
            .await;
        self.database.clock.advance(STEP);
        (totp, codes.unwrap())
    }

    fn right(&self, totp: &Totp) -> String {
        let seconds = u64::try_from(self.database.clock.now().0 / 1000).unwrap();
        totp.generate(seconds).to_string()
    }

    /// The kinds of the unseen notices, the oldest first.
    async fn told(&self) -> Vec<NoticeKind> {
        let notices = self.backend.accounts().notices(&self.ada.id).await;
        let mut told: Vec<_> = notices
            .unwrap()
            .iter()
            .filter(|notice| notice.seen.is_none())
            .map(|notice| notice.kind)
            .collect();
        told.reverse();
        told
    }

    async fn see(&self) {
        let (caller, now) = (self.caller(&self.ada), self.database.clock.now());
        self.backend
            .accounts()
            .see_notices(&caller, now)
            .await
            .unwrap();
        self.database.clock.advance(1);
    }
}

async fn a_sign_in_from_a_new_address_is_told_and_the_first_of_all_is_not(database: Database) {
    let world = World::new(&database).await;
    for (address, told) in [
        (HOME, vec![]),
        (HOME, vec![]),
        (AWAY, vec![NoticeKind::NewAddress]),
        (AWAY, vec![NoticeKind::NewAddress]),
    ] {
        world.sign_in(PASSWORD, address).await.unwrap();
        assert_eq!(world.told().await, told);
    }
    // Proving again who one is counts like signing in.
    let caller = Caller {
        remote: Some([203, 0, 113, 5].into()),
        ..world.caller(&world.ada)
    };
    let proof = Proof::Password(PASSWORD);
    database.clock.advance(1);
    world
        .backend
        .accounts()
        .unlock_writes(&caller, proof)
        .await
        .unwrap();

    let notices = world.backend.accounts().notices(&world.ada.id).await;
    let notices = notices.unwrap();
    let addresses: Vec<_> = notices.iter().map(|one| one.address.as_deref()).collect();
    assert_eq!(addresses, [Some("203.0.113.5"), Some("198.51.100.7")]);
    assert_eq!(notices[0].at, database.clock.now());
    assert_eq!((&notices[0].by, notices[0].seen), (&None, None));
}

async fn a_sign_in_after_wrong_tries_is_told(database: Database) {
    let world = World::new(&database).await;
    world.sign_in(PASSWORD, HOME).await.unwrap();
    for _ in 0..3 {
        world.sign_in("not it at all", HOME).await.unwrap_err();
    }
    assert_eq!(world.told().await, []);
    database.clock.advance(STEP);

    world.sign_in(PASSWORD, HOME).await.unwrap();

    assert_eq!(world.told().await, [NoticeKind::AfterWrongTries]);
    world.sign_in(PASSWORD, HOME).await.unwrap();
    assert_eq!(world.told().await.len(), 1);
}

async fn who_comes_by_a_link_is_told_once_and_is_known_there(database: Database) {
    let world = World::new(&database).await;
    let (backend, operators) = (&world.backend, world.backend.accounts());
    let root = add(backend, "root", Role::Admin).await;
    world.sign_in(PASSWORD, HOME).await.unwrap();
    let root = world.caller(&root);
    let reset = backend
        .accounts()
        .change_operator(&root, &world.ada.id, OperatorChange::Reset);
    let token = reset.await.unwrap().unwrap();
    world.see().await;

    let chosen = backend
        .accounts()
        .choose_password(&token, OTHER, &from(AWAY))
        .await;
    chosen.unwrap();
    assert_eq!(world.told().await, [NoticeKind::PasswordChosen]);
    world.sign_in(OTHER, AWAY).await.unwrap();
    world.sign_in(OTHER, HOME).await.unwrap();

    let notices = operators.notices(&world.ada.id).await.unwrap();
    assert_eq!(notices[0].address.as_deref(), Some("198.51.100.7"));
    assert_eq!(world.told().await, [NoticeKind::PasswordChosen]);
}

async fn changes_of_password_and_authenticator_are_told(database: Database) {
    let world = World::new(&database).await;
    let (operators, caller) = (world.backend.accounts(), world.caller(&world.ada));

    world.set_up().await;
    assert_eq!(world.told().await, [NoticeKind::AuthenticatorSetUp]);
    world.see().await;
    let codes = operators.new_recovery_codes(&caller).await.unwrap();
    assert_eq!(world.told().await, [NoticeKind::NewRecoveryCodes]);
    world.see().await;
    world.code(&codes[0], HOME).await.unwrap();
    assert_eq!(world.told().await, [NoticeKind::RecoveryCodeUsed]);
    world.see().await;
    let proof = Proof::Code(&codes[1]);
    operators.unlock_writes(&caller, proof).await.unwrap();
    assert_eq!(world.told().await, [NoticeKind::RecoveryCodeUsed]);
    world.see().await;
    let caller = world.caller(&world.ada);
    operators.remove_authenticator(&caller).await.unwrap();
    assert_eq!(world.told().await, [NoticeKind::AuthenticatorRemoved]);
    world.see().await;
    let changed = operators.change_password(&caller, PASSWORD, OTHER, "");
    changed.await.unwrap();
    assert_eq!(world.told().await, [NoticeKind::PasswordChanged]);
}

async fn no_change_is_made_that_cannot_be_told(database: Database) {
    let world = World::new(&database).await;
    // From a known address: nothing else is to be told.
    world.sign_in(PASSWORD, HOME).await.unwrap();
    let caller = world.caller(&world.ada);
    world.write("DROP TABLE notices").await;

    let changed = world
        .backend
        .accounts()
        .change_password(&caller, PASSWORD, OTHER, "");
    let changed = changed.await.unwrap_err();

    assert_eq!(changed.cause, Cause::StoreUnavailable);
    let operators = world.backend.accounts();
    let old = operators.verify("ada", PASSWORD, Some(HOME.into())).await;
    assert!(old.is_ok());
    let new = operators.verify("ada", OTHER, Some(HOME.into())).await;
    assert_eq!(new.unwrap_err().cause, Cause::BadCredentials);
}

async fn what_an_admin_does_is_told_with_their_name_and_not_their_address(database: Database) {
    let world = World::new(&database).await;
    let backend = &world.backend;
    let root = backend.accounts().add("root", PASSWORD, Role::Admin).await;
    let root = world.caller(&root.unwrap());
    world.set_up().await;
    world.see().await;

    let change = |change| {
        backend
            .accounts()
            .change_operator(&root, &world.ada.id, change)
    };
    change(OperatorChange::ResetAuthenticator).await.unwrap();
    database.clock.advance(1);
    let token = change(OperatorChange::Reset).await.unwrap().unwrap();
    database.clock.advance(1);
    let away = from(AWAY);
    let chosen = backend
        .accounts()
        .choose_password(&token, OTHER, &away)
        .await;
    chosen.unwrap();
    database.clock.advance(1);
    // The address was told with the password that was chosen there.
    world.sign_in(OTHER, AWAY).await.unwrap();
    let reset = backend
        .accounts()
        .reset_password_from_shell(&world.ada, PASSWORD);
    reset.await.unwrap();

    let notices = backend.accounts().notices(&world.ada.id).await.unwrap();
    let told: Vec<_> = notices
        .iter()
        .filter(|notice| notice.seen.is_none())
        .map(|notice| (notice.kind, notice.by.as_deref(), notice.address.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (NoticeKind::PasswordReset, Some("(command line)"), None),
            (NoticeKind::PasswordChosen, None, Some("198.51.100.7")),
            (NoticeKind::PasswordReset, Some("root"), None),
            (NoticeKind::AuthenticatorReset, Some("root"), None),
        ]
    );
}

async fn wrong_codes_are_told_and_a_hundred_a_day_from_anywhere_end_codes(database: Database) {
    let world = World::new(&database).await;
    let (totp, codes) = world.set_up().await;
    world.code(&codes[0], HOME).await.unwrap();
    world.see().await;
    let wrong = async || {
        let refused = world.code("no code", HOME).await;
        assert_eq!(refused.unwrap_err().cause, Cause::BadCode);
    };
    for told in [vec![], vec![], vec![NoticeKind::WrongCodes]] {
        wrong().await;
        assert_eq!(world.told().await, told);
    }
    // As after 99, at this address and others.
    world.write("UPDATE wrong_codes SET codes = 98").await;
    // A right one does not count, nor does it clear.
    database.clock.advance(STEP);
    let pending = world.pending(HOME).await;
    database.clock.advance(STEP);
    let right = world.right(&totp);
    let origin = from(HOME);
    let finished = world
        .backend
        .accounts()
        .finish_with_code(&pending, &right, &origin);
    finished.await.unwrap();
    wrong().await;
    wrong().await;

    let refused = async |address| {
        let refused = world.code(&codes[2], address).await;
        assert_eq!(refused.unwrap_err().cause, Cause::CodesRefused);
    };
    refused(HOME).await;
    refused(AWAY).await;
    let caller = world.caller(&world.ada);
    let unlock = world
        .backend
        .accounts()
        .unlock_writes(&caller, Proof::Code(&codes[2]));
    assert_eq!(unlock.await.unwrap_err().cause, Cause::CodesRefused);
    database.clock.advance(2 * 86_400_000);
    refused(HOME).await;
    let told = world.told().await;
    assert!(told.contains(&NoticeKind::CodesRefused), "{told:?}");

    world.reset_authenticator().await;
    let (_, codes) = world.set_up().await;
    world.code(&codes[0], HOME).await.unwrap();

    // A link of an Admin does the same.
    world
        .write("UPDATE wrong_codes SET refused_since = 1")
        .await;
    refused(HOME).await;
    let root = world.backend.accounts().add("root", OTHER, Role::Admin);
    let root = world.caller(&root.await.unwrap());
    let change = OperatorChange::Reset;
    let made = world
        .backend
        .accounts()
        .change_operator(&root, &world.ada.id, change)
        .await;
    let token = made.unwrap().unwrap();
    let chosen = world
        .backend
        .accounts()
        .choose_password(&token, PASSWORD, &from(HOME))
        .await;
    chosen.unwrap();
    world.code(&codes[3], HOME).await.unwrap();
}

async fn codes_that_are_looked_at_at_the_same_time_are_a_hundred_too(database: Database) {
    let world = World::new(&database).await;
    let (_, codes) = world.set_up().await;
    world.code(&codes[0], HOME).await.unwrap();
    // A hundred are counted, and nobody knows yet that they are wrong.
    world.write("UPDATE wrong_codes SET codes = 100").await;

    let refused = world.code(&codes[1], AWAY).await.unwrap_err();

    assert_eq!(refused.cause, Cause::CodesRefused);
}

async fn codes_at_unlocking_count_like_those_at_sign_in(database: Database) {
    let world = World::new(&database).await;
    let (_, codes) = world.set_up().await;
    let caller = world.caller(&world.ada);
    let unlock = async |code: &str| {
        database.clock.advance(STEP);
        let unlocked = world
            .backend
            .accounts()
            .unlock_writes(&caller, Proof::Code(code));
        unlocked.await.map_err(|failure| failure.cause)
    };
    let raw = database.raw().await;
    let counted = async || -> i64 {
        let row = sqlx::query("SELECT codes FROM wrong_codes").fetch_one(&raw);
        row.await.unwrap().get(0)
    };
    unlock(&codes[0]).await.unwrap();
    assert_eq!(counted().await, 0, "a right one");
    world.see().await;

    for told in [vec![], vec![], vec![NoticeKind::WrongCodes]] {
        assert!(matches!(unlock("no code").await, Err(Cause::Invalid(_))));
        assert_eq!(world.told().await, told);
    }
    world.write("UPDATE wrong_codes SET codes = 99").await;
    assert!(matches!(unlock("no code").await, Err(Cause::Invalid(_))));

    database.clock.advance(2 * 86_400_000);
    assert_eq!(unlock(&codes[1]).await, Err(Cause::CodesRefused));
    assert!(world.told().await.contains(&NoticeKind::CodesRefused));
}

async fn what_the_shell_does_is_told_and_takes_codes_again(database: Database) {
    let world = World::new(&database).await;
    let (_, codes) = world.set_up().await;
    world.code(&codes[0], HOME).await.unwrap();
    world
        .write("UPDATE wrong_codes SET refused_since = 1")
        .await;
    world.see().await;

    let set = world
        .backend
        .accounts()
        .reset_password_from_shell(&world.ada, PASSWORD);
    set.await.unwrap();
    assert_eq!(world.told().await, [NoticeKind::PasswordReset]);
    world.code(&codes[1], HOME).await.unwrap();
    world.see().await;
    world.reset_authenticator().await;

    let notices = world.backend.accounts().notices(&world.ada.id).await;
    let newest = &notices.unwrap()[0];
    let told = (newest.kind, newest.by.as_deref());
    let expected = (NoticeKind::AuthenticatorReset, Some("(command line)"));
    assert_eq!(told, expected);
}

async fn wrong_passwords_that_keep_strangers_out_are_told_once_a_day(database: Database) {
    let world = World::new(&database).await;
    world.sign_in(PASSWORD, HOME).await.unwrap();
    guess_a_hundred_times(&database).await;

    for address in [AWAY, [203, 0, 113, 9]] {
        let refused = world.sign_in(PASSWORD, address).await.unwrap_err();
        assert!(matches!(refused.cause, Cause::SlowDown(60..)));
    }

    assert_eq!(world.told().await, [NoticeKind::PasswordsRefused]);
}

async fn notices_are_seen_by_their_operator_only_and_the_newest_fifty_stay(database: Database) {
    let world = World::new(&database).await;
    let operators = world.backend.accounts();
    let bob = add(&world.backend, "bob", Role::Viewer).await;
    let caller = world.caller(&world.ada);
    world.set_up().await;
    for _ in 0..60 {
        database.clock.advance(1);
        let renewed = world.backend.accounts().new_recovery_codes(&caller).await;
        renewed.unwrap();
    }
    let newest = database.clock.now();
    let unseen = async |id| operators.who_asks(id).await.unwrap().unwrap().unseen;
    assert_eq!(
        (unseen(&world.ada.id).await, unseen(&bob.id).await),
        (50, 0)
    );

    world
        .backend
        .accounts()
        .see_notices(&world.caller(&bob), newest)
        .await
        .unwrap();
    assert_eq!(unseen(&world.ada.id).await, 50);
    // Those that came after the page was made stay new.
    let shown = Timestamp(newest.0 - 2);
    world
        .backend
        .accounts()
        .see_notices(&caller, shown)
        .await
        .unwrap();
    assert_eq!(unseen(&world.ada.id).await, 2);
    let nobody = backend::OperatorId::from("nobody".to_owned());
    assert!(operators.who_asks(&nobody).await.unwrap().is_none());
}
