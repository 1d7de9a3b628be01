//! Checking a password: at sign-in, and again before something grave.

use std::net::IpAddr;

use domain::event::ConsoleEvent;
use domain::{Cause, Failure, Timestamp};
use serde_json::Value;
use sqlx::AnyConnection;

use super::attempts::{Attempt, take_back};
use super::second_step::FirstStep;
use super::{Operator, OperatorId, actor, key};
use crate::access::Origin;
use crate::accounts::Accounts;
use crate::points::Point;
use crate::store::within;

/// What the audit calls it.
pub(super) const SIGN_IN: ConsoleEvent = ConsoleEvent::SignIn;

impl Accounts {
    /// Signs somebody in, refuses them, or asks for a code. A name that nobody has takes as long as
    /// a wrong password, and gets the same answer.
    pub async fn verify(
        &self,
        username: &str,
        password: &str,
        remote: Option<IpAddr>,
    ) -> Result<FirstStep, Failure> {
        self.enter(username, password, remote, None).await
    }

    /// The same, with its row in the audit in the same transaction.
    pub(super) async fn enter(
        &self,
        username: &str,
        password: &str,
        remote: Option<IpAddr>,
        noted: Option<&Origin>,
    ) -> Result<FirstStep, Failure> {
        let key = self.key_of(username).await?;
        let attempt = Attempt::new(&key, remote);
        let operator = self.check_password(&attempt, password).await?;
        let now = self.clock.now();
        let step = self.after_first_step(operator).await?;
        let done = async {
            let mut write = match noted {
                Some(_) => self.audit.write().await?,
                None => self.store.write().await?,
            };
            match &step {
                // Knowing the password must not be enough to clear the count of wrong codes.
                FirstStep::CodeNeeded(_) => take_back(write.on(), &attempt).await?,
                FirstStep::SignedIn(operator) => {
                    if !sign_in_on(write.on(), operator, now).await? {
                        return Ok(false);
                    }
                    let is_first = operator.signed_in.is_none();
                    self.succeed(write.on(), &attempt, &operator.id, is_first)
                        .await?;
                    if let Some(origin) = noted {
                        let actor = actor(Some(operator), origin);
                        let noted = self.audit.note_on(write.on(), &actor, SIGN_IN, Value::Null);
                        noted.await?;
                    }
                }
            }
            write.commit().await?;
            Ok(true)
        };
        if !within(done).await? {
            // The password was right when it was checked, and has changed since.
            return Err(Cause::BadCredentials.into());
        }
        Ok(match step {
            FirstStep::SignedIn(operator) => FirstStep::SignedIn(Operator {
                signed_in: Some(now),
                ..operator
            }),
            pending @ FirstStep::CodeNeeded(_) => pending,
        })
    }

    /// Whether this is an operator's password: for asking again before something grave. Guesses
    /// count like those at sign-in. Answers the operator as they were then.
    pub async fn confirm(
        &self,
        id: &OperatorId,
        password: &str,
        remote: Option<IpAddr>,
    ) -> Result<Operator, Failure> {
        let operator = self.get(id).await?.ok_or(Cause::SignedOut)?;
        let key = key(&operator.username);
        let attempt = Attempt::new(&key, remote);
        let confirmed = self.check_password(&attempt, password).await?;
        let done = async {
            let mut write = self.store.write().await?;
            self.succeed(write.on(), &attempt, id, false).await?;
            write.commit().await
        };
        within(done).await?;
        Ok(confirmed)
    }

    /// The operator whose password it is. The attempt stays counted.
    async fn check_password(
        &self,
        attempt: &Attempt<'_>,
        password: &str,
    ) -> Result<Operator, Failure> {
        // Counted before the password is looked at, so that guesses at the same time all count.
        let asker = self.count(attempt).await?;
        let found = self.by_key(attempt.account()).await?;
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        // An operator without a password takes as long as a name that nobody has.
        let hash = hash.filter(|hash| !hash.is_empty());
        let checked = self.hasher.verify(asker, password, hash).await?;
        let Some((operator, _)) =
            found.filter(|(operator, _)| checked.is_right && operator.disabled.is_none())
        else {
            return Err(Cause::BadCredentials.into());
        };
        if checked.is_weak {
            self.rehash(&operator, password).await?;
        }
        self.store.points().reach(Point::PasswordChecked).await;
        Ok(operator)
    }

    /// Replaces a hash that was made with less work than is asked for now, unless there is another
    /// password meanwhile.
    async fn rehash(&self, operator: &Operator, password: &str) -> Result<(), Failure> {
        let stronger = self.hasher.hash(password).await?;
        let done = async {
            let mut write = self.store.write().await?;
            sqlx::query("UPDATE operators SET password = $1 WHERE id = $2 AND epoch = $3")
                .bind(stronger)
                .bind(operator.id.as_str())
                .bind(operator.epoch)
                .execute(write.on())
                .await?;
            write.commit().await
        };
        within(done).await
    }
}

/// Notes when somebody signed in, within a transaction; false when they may not any more: they are
/// disabled, or all their sessions were ended since they were read.
pub(super) async fn sign_in_on(
    on: &mut AnyConnection,
    operator: &Operator,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE operators SET signed_in_at = $1 \
         WHERE id = $2 AND epoch = $3 AND disabled_at IS NULL",
    )
    .bind(now.0)
    .bind(operator.id.as_str())
    .bind(operator.epoch)
    .execute(on)
    .await?;
    Ok(done.rows_affected() == 1)
}
