//! What operators do to their own account: another password, ending their sessions.

use domain::event::ConsoleEvent;
use domain::{Failure, Field};
use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::change::Change;
use super::new_password::password_rule;
use super::notices::{News, NoticeKind};
use super::unlock::wrong;
use crate::access::Caller;
use crate::access::still_on;
use crate::accounts::Accounts;
use crate::accounts::sessions::{end_all, end_one};
use crate::store::within;

/// What the audit calls a change of one's own password.
const CHANGE: ConsoleEvent = ConsoleEvent::ChangePassword;

/// Which of one's own sessions to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended<'a> {
    /// The one with this key.
    One(&'a str),
    /// All but the one with this key.
    AllBut(&'a str),
}

impl Accounts {
    /// Sets another password for the caller, who must know the present one. Ends all of their
    /// sessions except the one with the key `kept`, and links that were made for them.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: &str,
        new: &str,
        kept: &str,
    ) -> Result<(), Failure> {
        password_rule(Field::NewPassword, new)?;
        let confirmed = self.confirm(&caller.operator, current, caller.remote);
        let confirmed = match confirmed.await {
            Ok(confirmed) => confirmed,
            Err(failure) => {
                let failure = wrong(failure, Field::CurrentPassword);
                return Err(self.refuse_wrong(caller, CHANGE, failure).await);
            }
        };
        self.check_new(Field::NewPassword, new, &caller.username)
            .await?;
        let hash = self.hasher.hash(new).await?;
        let id = &caller.operator;
        let changed = async {
            let mut write = self.audit.write().await?;
            let still = self.still_confirmed(write.on(), caller, &confirmed);
            if let Err(failure) = still.await? {
                return Ok(Err(failure));
            }
            let change = Change::Password(&hash, Some(kept));
            if let Err(failure) = change.apply(write.on(), id).await? {
                return Ok(Err(failure));
            }
            let news = News::own(NoticeKind::PasswordChanged, caller.remote);
            self.tell(write.on(), id, news).await?;
            self.audit
                .note_on(write.on(), &caller.into(), CHANGE, Value::Null)
                .await?;
            write.commit().await?;
            Ok(Ok(()))
        };
        within(changed).await?
    }

    /// Ends sessions of the caller. Answers how many there were.
    pub async fn end_sessions(&self, caller: &Caller, ended: Ended<'_>) -> Result<u64, Failure> {
        let event = match ended {
            Ended::One(_) => ConsoleEvent::EndSession,
            Ended::AllBut(_) => ConsoleEvent::EndOtherSessions,
        };
        let id = &caller.operator;
        self.do_own(caller, event, async |on: &mut AnyConnection| {
            let gone = match ended {
                Ended::One(key) => end_one(on, id, key).await?,
                Ended::AllBut(key) => end_all(on, id, Some(key)).await?,
            };
            Ok((gone, json!({ "sessions": gone })))
        })
        .await
    }

    /// Changes what belongs to the caller, together with its row in the audit. The change answers
    /// what comes of it, and what the row tells.
    pub(super) async fn do_own<T>(
        &self,
        caller: &Caller,
        event: ConsoleEvent,
        change: impl AsyncFnOnce(&mut AnyConnection) -> sqlx::Result<(T, Value)>,
    ) -> Result<T, Failure> {
        let done = async {
            let mut write = self.audit.write().await?;
            let still = still_on(write.on(), caller, self.clock.now()).await?;
            if let Err(failure) = still {
                return Ok(Err(failure));
            }
            let (outcome, detail) = change(write.on()).await?;
            self.audit
                .note_on(write.on(), &caller.into(), event, detail)
                .await?;
            write.commit().await?;
            Ok(Ok(outcome))
        };
        within(done).await?
    }
}
