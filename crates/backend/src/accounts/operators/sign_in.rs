//! Signing in and out, as the audit has it.

use domain::event::ConsoleEvent;
use domain::{Cause, Failure};
use serde_json::Value;

use super::verify::SIGN_IN;
use super::{FirstStep, actor};
use crate::access::{Caller, Origin};
use crate::accounts::Accounts;
use crate::accounts::sessions::end_one;
use crate::store::within;

impl Accounts {
    /// Signs somebody in by a password or refuses them, and writes into the audit which of the two;
    /// or asks for a code ([`Accounts::finish_with_code`]).
    ///
    /// A wrong password is written down under the name of the operator whom it was tried for. A
    /// name that nobody has is not: people type passwords where a username belongs. Tries that come
    /// too soon are not looked at and leave no row.
    pub async fn sign_in(
        &self,
        username: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<FirstStep, Failure> {
        let entered = self.enter(username, password, origin.remote, Some(origin));
        match entered.await {
            // If a code is needed, nobody is signed in yet and nothing is written down yet.
            Ok(step) => Ok(step),
            Err(failure) if failure.cause == Cause::BadCredentials => {
                let tried = self.by_name(username).await?;
                let actor = actor(tried.as_ref(), origin);
                self.audit
                    .note_refusal(&actor, SIGN_IN, Value::Null, &failure)
                    .await?;
                Err(failure)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Writes down that somebody signs out, and ends their session, under whatever id it has now.
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), Failure> {
        let done = async {
            let mut write = self.audit.write().await?;
            if let Some(sid) = &caller.session {
                end_one(write.on(), &caller.operator, sid).await?;
            }
            self.audit
                .note_on(
                    write.on(),
                    &caller.into(),
                    ConsoleEvent::SignOut,
                    Value::Null,
                )
                .await?;
            write.commit().await
        };
        within(done).await
    }
}
