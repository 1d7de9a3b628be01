//! The second step of signing in: a one-time code, for operators who have set up an authenticator.

use domain::{Cause, Failure, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{AnyConnection, Row as _};

use super::attempts::Attempt;
use super::one_time_code::{Typed, step_of};
use super::verify::{SIGN_IN, sign_in_on};
use super::{Operator, OperatorId, actor, codes, key};
use crate::access::Origin;
use crate::accounts::Accounts;
use crate::store::within;

/// How long the code may take, in milliseconds.
const LIFETIME: i64 = 5 * 60_000;

/// What a first proof of who somebody is leads to: a password, a link, a provider's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstStep {
    /// Nothing more is asked for.
    SignedIn(Operator),
    /// A one-time code is.
    CodeNeeded(Pending),
}

/// A sign-in that waits for its code: for the session to keep. It holds no rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    operator: OperatorId,
    until: Timestamp,
    /// The operator's number at the first step. Once they have another, the first step has to be
    /// made again.
    epoch: i64,
}

/// Which kind of code was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Used {
    Authenticator,
    /// And how many are left.
    Recovery(i64),
}

impl Used {
    /// What the audit says of it.
    pub(super) fn detail(self) -> serde_json::Value {
        match self {
            Self::Authenticator => json!({ "by": "one-time code" }),
            Self::Recovery(left) => json!({ "by": "recovery code", "left": left }),
        }
    }
}

impl Accounts {
    /// What is asked for after a first proof that was right.
    pub async fn after_first_step(&self, operator: Operator) -> Result<FirstStep, Failure> {
        Ok(match self.pending(&operator).await? {
            Some(pending) => FirstStep::CodeNeeded(pending),
            None => FirstStep::SignedIn(operator),
        })
    }

    /// A sign-in that waits for its code, if the operator has an authenticator.
    async fn pending(&self, operator: &Operator) -> Result<Option<Pending>, Failure> {
        let authenticator = self.authenticator(&operator.id).await?;
        Ok(authenticator.map(|_| Pending {
            operator: operator.id.clone(),
            until: Timestamp(self.clock.now().0 + LIFETIME),
            epoch: operator.epoch,
        }))
    }

    /// Uses up a code within a transaction; nothing when it is not one, or was used before.
    pub(super) async fn use_code(
        &self,
        on: &mut AnyConnection,
        id: &OperatorId,
        code: &str,
    ) -> sqlx::Result<Option<Used>> {
        match Typed::read(code) {
            Typed::Nothing => Ok(None),
            Typed::OfAuthenticator(code) => {
                let used = use_step(on, id, &code, self.clock.now()).await?;
                Ok(used.then_some(Used::Authenticator))
            }
            Typed::Recovery(hash) => use_recovery(on, id, &hash).await,
        }
    }
}

async fn use_step(
    on: &mut AnyConnection,
    id: &OperatorId,
    code: &str,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let row = sqlx::query(
        "SELECT secret FROM authenticators WHERE operator = $1 AND confirmed_at IS NOT NULL",
    )
    .bind(id.as_str())
    .fetch_optional(&mut *on)
    .await?;
    let Some(row) = row else { return Ok(false) };
    let secret: String = row.try_get(0)?;
    let Some(step) = step_of(&secret, code, now) else {
        return Ok(false);
    };
    // Of two requests with the same code, one finds the step used.
    let used = sqlx::query(
        "UPDATE authenticators SET last_step = $1 WHERE operator = $2 AND last_step < $1",
    )
    .bind(step)
    .bind(id.as_str())
    .execute(&mut *on)
    .await?;
    Ok(used.rows_affected() == 1)
}

async fn use_recovery(
    on: &mut AnyConnection,
    id: &OperatorId,
    hash: &str,
) -> sqlx::Result<Option<Used>> {
    let used = sqlx::query("DELETE FROM recovery_codes WHERE operator = $1 AND hash = $2")
        .bind(id.as_str())
        .bind(hash)
        .execute(&mut *on)
        .await?;
    if used.rows_affected() == 0 {
        return Ok(None);
    }
    let left = sqlx::query("SELECT COUNT(*) FROM recovery_codes WHERE operator = $1")
        .bind(id.as_str())
        .fetch_one(&mut *on)
        .await?;
    Ok(Some(Used::Recovery(left.try_get(0)?)))
}

impl Accounts {
    /// Ends a sign-in with a code of the authenticator or a recovery code, each of which works
    /// once, and writes into the audit whether it was right. Wrong codes count like wrong
    /// passwords. `Cause::SignedOut` when the first step has to be made again: it is too long ago,
    /// or the password or the authenticator is not what it was then.
    pub async fn finish_with_code(
        &self,
        pending: &Pending,
        code: &str,
        origin: &Origin,
    ) -> Result<Operator, Failure> {
        let now = self.clock.now();
        let found = self.get(&pending.operator).await?;
        let found = found.filter(|operator| {
            operator.disabled.is_none() && operator.epoch == pending.epoch && pending.until > now
        });
        let operator = found.ok_or(Cause::SignedOut)?;
        if self.authenticator(&operator.id).await?.is_none() {
            return Err(Cause::SignedOut.into());
        }
        let key = key(&operator.username);
        let attempt = Attempt::new(&key, origin.remote);
        self.count_code(&attempt, &operator.id).await?;
        let actor = actor(Some(&operator), origin);
        let done = async {
            let audit = &self.audit;
            let mut write = audit.write().await?;
            let used = self.use_code(write.on(), &operator.id, code).await?;
            let Some(used) = used else {
                return Ok(Ok(false));
            };
            if !sign_in_on(write.on(), &operator, now).await? {
                return Ok(Err(Cause::SignedOut.into()));
            }
            let is_first = operator.signed_in.is_none();
            let succeeded = self.succeed(write.on(), &attempt, &operator.id, is_first);
            succeeded.await?;
            // In the order of counting, or two codes at once wait for each other on PostgreSQL.
            codes::take_back(write.on(), &operator.id).await?;
            self.tell_of_code(write.on(), &attempt, &operator.id, used)
                .await?;
            audit
                .note_on(write.on(), &actor, SIGN_IN, used.detail())
                .await?;
            write.commit().await?;
            Ok(Ok(true))
        };
        let is_right: Result<bool, Failure> = within(done).await?;
        if !is_right? {
            self.wrong_code(&attempt, &operator.id).await?;
            let failure = Cause::BadCode.into();
            let detail = json!({ "by": "one-time code" });
            self.audit
                .note_refusal(&actor, SIGN_IN, detail, &failure)
                .await?;
            return Err(failure);
        }
        Ok(Operator {
            signed_in: Some(now),
            ..operator
        })
    }
}
