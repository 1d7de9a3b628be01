//! Setting up an authenticator and taking it away, and the recovery codes that come with it.

use domain::event::ConsoleEvent;
use domain::{Cause, Failure, Field, Timestamp};
use serde_json::Value;
use sqlx::{AnyConnection, Row as _};

use super::notices::{News, NoticeKind};
use super::one_time_code::{self, Typed, step_of};
use super::unlock::wrong;
use super::{OperatorId, row};
use crate::access::Caller;
use crate::access::still_on;
use crate::accounts::Accounts;
use crate::accounts::sessions::renumber;
use crate::store::within;

/// What the audit calls it.
const SET_UP: ConsoleEvent = ConsoleEvent::SetUpAuthenticator;

/// The authenticator of an operator, as pages show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authenticator {
    /// Since when codes of it are asked for.
    pub since: Timestamp,
    /// How many recovery codes were not used yet.
    pub recovery_codes: i64,
}

/// What an app needs to make codes, until the first one was typed here. A secret.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret in Base32: 32 letters and digits.
    pub secret: String,
    /// The same as an `otpauth:` address.
    pub address: String,
}

impl Accounts {
    /// The authenticator of an operator, if one is set up.
    pub async fn authenticator(&self, id: &OperatorId) -> Result<Option<Authenticator>, Failure> {
        let row = sqlx::query(
            "SELECT a.confirmed_at, \
             (SELECT COUNT(*) FROM recovery_codes r WHERE r.operator = a.operator) \
             FROM authenticators a WHERE a.operator = $1 AND a.confirmed_at IS NOT NULL",
        )
        .bind(id.as_str())
        .fetch_optional(self.store.pool());
        let read = async {
            let Some(row) = row.await? else {
                return Ok(None);
            };
            Ok(Some(Authenticator {
                since: Timestamp(row.try_get(0)?),
                recovery_codes: row.try_get(1)?,
            }))
        };
        within(read).await
    }

    async fn unconfirmed(&self, id: &OperatorId) -> Result<Option<String>, Failure> {
        let row = sqlx::query(
            "SELECT secret FROM authenticators WHERE operator = $1 AND confirmed_at IS NULL",
        )
        .bind(id.as_str())
        .fetch_optional(self.store.pool());
        let secret = async { row.await?.map(|row| row.try_get(0)).transpose() };
        within(secret).await
    }
}

impl Accounts {
    /// Makes the secret of a new authenticator for the caller. It has no effect until a code
    /// confirms it. `Cause::Conflict` when one is set up already.
    pub async fn begin_authenticator(&self, caller: &Caller) -> Result<(), Failure> {
        self.change_own(
            caller,
            ConsoleEvent::BeginAuthenticator,
            async |on: &mut AnyConnection| {
                let begun = sqlx::query(
                    "INSERT INTO authenticators (operator, secret, last_step) VALUES ($1, $2, 0) \
                 ON CONFLICT (operator) DO UPDATE SET secret = $2 \
                 WHERE authenticators.confirmed_at IS NULL",
                )
                .bind(caller.operator.as_str())
                .bind(one_time_code::new_secret())
                .execute(on)
                .await?;
                Ok(met(begun.rows_affected()))
            },
        )
        .await
    }

    /// The caller's secret that still waits to be confirmed. `None` when there is none, and when
    /// the caller has no fresh proof of who they are.
    pub async fn enrolment(&self, caller: &Caller) -> Result<Option<Enrolment>, Failure> {
        let caller = self.access.still(caller).await?;
        if caller.check_proof(self.clock.now()).is_err() {
            return Ok(None);
        }
        let secret = self.unconfirmed(&caller.operator).await?;
        Ok(secret.and_then(|secret| {
            let address = one_time_code::address(&secret, &caller.username)?;
            Some(Enrolment { secret, address })
        }))
    }

    /// Sets up the authenticator with a code of it. Answers the recovery codes, which are told
    /// this once. A wrong code is a problem of its field.
    pub async fn confirm_authenticator(
        &self,
        caller: &Caller,
        code: &str,
    ) -> Result<Vec<String>, Failure> {
        let secret = self.unconfirmed(&caller.operator).await?;
        let secret = secret.ok_or(Cause::Conflict)?;
        let now = self.clock.now();
        let step = match Typed::read(code) {
            Typed::OfAuthenticator(code) => step_of(&secret, &code, now),
            _ => None,
        };
        let Some(step) = step else {
            let failure = wrong(Cause::BadCode.into(), Field::OneTimeCode);
            return Err(self.refuse_wrong(caller, SET_UP, failure).await);
        };
        let codes = one_time_code::new_recovery_codes();
        self.change_own(caller, SET_UP, async |on: &mut AnyConnection| {
            let confirmed = sqlx::query(
                "UPDATE authenticators SET confirmed_at = $1, last_step = $2 \
                 WHERE operator = $3 AND secret = $4 AND confirmed_at IS NULL",
            )
            .bind(now.0)
            .bind(step)
            .bind(caller.operator.as_str())
            .bind(&secret)
            .execute(&mut *on)
            .await?;
            replace_recovery_codes(on, &caller.operator, &codes).await?;
            // A sign-in whose password was checked before this has to give a code too.
            renumber(on, &caller.operator).await?;
            Ok(met(confirmed.rows_affected()))
        })
        .await?;
        Ok(codes)
    }

    /// Makes new recovery codes for the caller; the old ones stop working.
    pub async fn new_recovery_codes(&self, caller: &Caller) -> Result<Vec<String>, Failure> {
        let codes = one_time_code::new_recovery_codes();
        self.change_own(
            caller,
            ConsoleEvent::NewRecoveryCodes,
            async |on: &mut AnyConnection| {
                if !is_set_up(on, &caller.operator).await? {
                    return Ok(Err(Cause::Conflict.into()));
                }
                replace_recovery_codes(on, &caller.operator, &codes).await?;
                Ok(Ok(()))
            },
        )
        .await?;
        Ok(codes)
    }

    /// Removes the caller's authenticator: the password is enough again.
    pub async fn remove_authenticator(&self, caller: &Caller) -> Result<(), Failure> {
        self.change_own(
            caller,
            ConsoleEvent::RemoveAuthenticator,
            async |on: &mut AnyConnection| take_away(on, &caller.operator).await,
        )
        .await
    }

    /// Changes how the caller proves who they are, together with its row in the audit. Needs a
    /// fresh proof.
    async fn change_own(
        &self,
        caller: &Caller,
        event: ConsoleEvent,
        change: impl AsyncFnOnce(&mut AnyConnection) -> sqlx::Result<Result<(), Failure>>,
    ) -> Result<(), Failure> {
        if let Err(failure) = caller.check_proof(self.clock.now()) {
            return Err(self.refuse_event(caller, event, Value::Null, failure).await);
        }
        let done = async {
            let mut write = self.audit.write().await?;
            let still = still_on(write.on(), caller, self.clock.now()).await?;
            if let Err(failure) = still.and_then(|caller| caller.check_proof(self.clock.now())) {
                return Ok(Err(failure));
            }
            if let Err(failure) = change(write.on()).await? {
                return Ok(Err(failure));
            }
            if let Some(kind) = NoticeKind::of_event(event) {
                let news = News::own(kind, caller.remote);
                let told = self.tell(write.on(), &caller.operator, news);
                told.await?;
            }
            self.audit
                .note_on(write.on(), &caller.into(), event, Value::Null)
                .await?;
            write.commit().await?;
            Ok(Ok(()))
        };
        within(done).await?
    }
}

/// Removes the authenticator and the recovery codes of an operator who has one.
pub(super) async fn take_away(
    on: &mut AnyConnection,
    id: &OperatorId,
) -> sqlx::Result<Result<(), Failure>> {
    let taken =
        sqlx::query("DELETE FROM authenticators WHERE operator = $1 AND confirmed_at IS NOT NULL")
            .bind(id.as_str())
            .execute(&mut *on)
            .await?;
    delete_recovery_codes(on, id).await?;
    Ok(met(taken.rows_affected()))
}

async fn is_set_up(on: &mut AnyConnection, id: &OperatorId) -> sqlx::Result<bool> {
    let row = sqlx::query(
        "SELECT operator FROM authenticators WHERE operator = $1 AND confirmed_at IS NOT NULL",
    )
    .bind(id.as_str())
    .fetch_optional(on)
    .await?;
    Ok(row.is_some())
}

async fn delete_recovery_codes(on: &mut AnyConnection, id: &OperatorId) -> sqlx::Result<()> {
    row::run(on, "DELETE FROM recovery_codes WHERE operator = $1", id).await
}

async fn replace_recovery_codes(
    on: &mut AnyConnection,
    id: &OperatorId,
    codes: &[String],
) -> sqlx::Result<()> {
    delete_recovery_codes(on, id).await?;
    for code in codes {
        let Typed::Recovery(hash) = Typed::read(code) else {
            continue;
        };
        sqlx::query("INSERT INTO recovery_codes (operator, hash) VALUES ($1, $2)")
            .bind(id.as_str())
            .bind(hash)
            .execute(&mut *on)
            .await?;
    }
    Ok(())
}

/// Whether the row was as the change needs it.
fn met(rows: u64) -> Result<(), Failure> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Cause::Conflict.into())
    }
}
