//! Proving again who one is, which unlocks writes.

use domain::event::ConsoleEvent;
use domain::{Cause, Failure, Field, FieldProblem, Problem};
use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::attempts::Attempt;
use super::{Operator, codes, is_as_read, key};
use crate::access::Caller;
use crate::access::still_on;
use crate::accounts::Accounts;
use crate::store::within;

/// What the audit calls it.
pub(super) const EVENT: ConsoleEvent = ConsoleEvent::UnlockWrites;

/// How somebody who is signed in proves again who they are.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// By the password.
    Password(&'a str),
    /// By a code of the authenticator, or a recovery code.
    Code(&'a str),
}

impl Accounts {
    /// Checks the proof, and writes into the audit whether it was right. The session has to
    /// remember that it was given. Wrong ones count like those at sign-in.
    pub async fn unlock_writes(&self, caller: &Caller, proof: Proof<'_>) -> Result<(), Failure> {
        let checked = match proof {
            Proof::Password(password) => self.unlock_by_password(caller, password).await,
            Proof::Code(code) => self.unlock_by_code(caller, code).await,
        };
        match checked {
            Err(failure) => Err(self.refuse_wrong(caller, EVENT, failure).await),
            Ok(()) => Ok(()),
        }
    }

    /// Writes down that a password or code of the caller was wrong ([`wrong`]). One that was not
    /// looked at gets no row.
    pub(super) async fn refuse_wrong(
        &self,
        caller: &Caller,
        event: ConsoleEvent,
        failure: Failure,
    ) -> Failure {
        if matches!(failure.cause, Cause::Invalid(_)) {
            return self.refuse_event(caller, event, Value::Null, failure).await;
        }
        failure
    }

    async fn unlock_by_password(&self, caller: &Caller, password: &str) -> Result<(), Failure> {
        let confirmed = self.confirm(&caller.operator, password, caller.remote);
        let confirmed = confirmed.await;
        let confirmed = confirmed.map_err(|failure| wrong(failure, Field::Password))?;
        let done = async {
            let mut write = self.audit.write().await?;
            let still = self.still_confirmed(write.on(), caller, &confirmed);
            if let Err(failure) = still.await? {
                return Ok(Err(failure));
            }
            let detail = json!({ "by": "password" });
            self.audit
                .note_on(write.on(), &caller.into(), EVENT, detail)
                .await?;
            write.commit().await?;
            Ok(Ok(()))
        };
        within(done).await?
    }

    /// Whether the caller may still act, and is still as the operator whose password was `confirmed`
    /// before this transaction began.
    pub(super) async fn still_confirmed(
        &self,
        on: &mut AnyConnection,
        caller: &Caller,
        confirmed: &Operator,
    ) -> sqlx::Result<Result<(), Failure>> {
        if let Err(failure) = still_on(on, caller, self.clock.now()).await? {
            return Ok(Err(failure));
        }
        if !is_as_read(on, confirmed).await? {
            return Ok(Err(Cause::SignedOut.into()));
        }
        Ok(Ok(()))
    }

    async fn unlock_by_code(&self, caller: &Caller, code: &str) -> Result<(), Failure> {
        let key = key(&caller.username);
        let attempt = Attempt::new(&key, caller.remote);
        self.count_code(&attempt, &caller.operator).await?;
        let done = async {
            let mut write = self.audit.write().await?;
            let still = still_on(write.on(), caller, self.clock.now()).await?;
            if let Err(failure) = still {
                return Ok(Err(failure));
            }
            let used = self.use_code(write.on(), &caller.operator, code);
            let Some(used) = used.await? else {
                return Ok(Ok(false));
            };
            let succeeded = self.succeed(write.on(), &attempt, &caller.operator, false);
            succeeded.await?;
            // In the order of counting, or two codes at once wait for each other on PostgreSQL.
            codes::take_back(write.on(), &caller.operator).await?;
            self.tell_of_code(write.on(), &attempt, &caller.operator, used)
                .await?;
            let (actor, detail) = (caller.into(), used.detail());
            self.audit
                .note_on(write.on(), &actor, EVENT, detail)
                .await?;
            write.commit().await?;
            Ok(Ok(true))
        };
        let is_right: Result<bool, Failure> = within(done).await?;
        if is_right? {
            return Ok(());
        }
        self.wrong_code(&attempt, &caller.operator).await?;
        Err(wrong(Cause::BadCode.into(), Field::OneTimeCode))
    }
}

/// A wrong password or code of somebody who is signed in is a problem of its field, not a failed
/// sign-in.
pub(super) fn wrong(failure: Failure, field: Field) -> Failure {
    let problem = match failure.cause {
        Cause::BadCredentials => Problem::WrongPassword,
        Cause::BadCode => Problem::WrongCode,
        _ => return failure,
    };
    FieldProblem { field, problem }.into()
}
