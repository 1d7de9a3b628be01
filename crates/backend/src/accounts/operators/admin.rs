//! What an Admin does to operators. Each change and its row in the audit are one transaction. A
//! change takes effect with the next request of the operator it is about.

use std::fmt;

use domain::event::ConsoleEvent;
use domain::{Cause, Failure, Grant, Role};
use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::authenticator::take_away;
use super::change::Change;
use super::notices::{News, NoticeKind};
use super::{Operator, OperatorId, codes, insert, new_name, taken};
use crate::access::Caller;
use crate::access::still_on;
use crate::accounts::Accounts;
use crate::accounts::sessions::end_all;
use crate::audit::Actor;
use crate::store::within;

/// The hash of a password that was found good. Made in this crate only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PasswordHash<'a>(pub(super) &'a str);

/// Without the hash.
impl fmt::Debug for PasswordHash<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// What an Admin does to an operator, or the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorChange<'a> {
    /// Gives another role.
    Role(Role),
    /// Lets the role cover something else.
    Grant(&'a Grant),
    /// Lets them sign in no longer, and ends their sessions.
    Disable,
    /// Lets them sign in again.
    Enable,
    /// Takes the password away, ends their sessions, and makes a link to choose another.
    Reset,
    /// Sets another password, given as its hash, and ends their sessions.
    Password(PasswordHash<'a>),
    /// Takes their authenticator and recovery codes away, and ends their sessions.
    ResetAuthenticator,
    /// Ends their sessions.
    SignOut,
}

impl OperatorChange<'_> {
    /// What the audit calls it.
    const fn event(self) -> ConsoleEvent {
        match self {
            Self::Role(_) => ConsoleEvent::SetOperatorRole,
            Self::Grant(_) => ConsoleEvent::SetOperatorScope,
            Self::Disable => ConsoleEvent::DisableOperator,
            Self::Enable => ConsoleEvent::EnableOperator,
            Self::Reset | Self::Password(_) => ConsoleEvent::ResetOperatorPassword,
            Self::ResetAuthenticator => ConsoleEvent::ResetAuthenticator,
            Self::SignOut => ConsoleEvent::SignOutOperator,
        }
    }

    fn detail(self, operator: &Operator) -> Value {
        match self {
            Self::Role(role) => json!({
                "username": operator.username,
                "role": role.name(),
                "before": operator.role.name(),
            }),
            Self::Grant(grant) => json!({
                "username": operator.username,
                "scope": grant.to_string(),
                "before": operator.grant.to_string(),
            }),
            _ => json!({ "username": operator.username }),
        }
    }

    /// What its operator is told, when it takes a way in away.
    const fn told_as(self) -> Option<NoticeKind> {
        match self {
            Self::Reset | Self::Password(_) => Some(NoticeKind::PasswordReset),
            Self::ResetAuthenticator => Some(NoticeKind::AuthenticatorReset),
            _ => None,
        }
    }
}

/// Only an Admin for everything may manage operators: a limited one could lift their own limits.
pub fn may_manage(caller: &Caller) -> Result<(), Failure> {
    if caller.role < Role::Admin {
        return Err(Cause::RoleNeeded(Role::Admin).into());
    }
    if !caller.grant.is_everything() {
        return Err(Cause::Limited.into());
    }
    Ok(())
}

impl Accounts {
    /// Adds an operator without a password, and makes the token of a link to choose one.
    pub async fn invite_operator(
        &self,
        caller: &Caller,
        username: &str,
        role: Role,
        grant: Grant,
    ) -> Result<(Operator, String), Failure> {
        const EVENT: ConsoleEvent = ConsoleEvent::InviteOperator;
        if let Err(failure) = self.may_administer(caller) {
            // The name is left out: somebody who may not invite must not fill the audit with texts
            // either.
            return Err(self.refuse_event(caller, EVENT, Value::Null, failure).await);
        }
        let username = new_name(username)?;
        let detail = json!({
            "username": username,
            "role": role.name(),
            "scope": grant.to_string(),
        });
        let added = async {
            let mut write = self.audit.write().await?;
            if let Err(failure) = self.may_still_administer(write.on(), caller).await? {
                return Ok(Err(failure));
            }
            let operator = self.new_operator(&username, role, grant, "");
            if !insert(write.on(), &operator, "").await? {
                return Ok(Err(taken()));
            }
            let token = self.make_link(write.on(), &operator.id).await?;
            self.audit
                .note_on(write.on(), &caller.into(), EVENT, detail)
                .await?;
            write.commit().await?;
            Ok(Ok((operator, token)))
        };
        match within(added).await? {
            Err(failure) if is_of_rights(&failure) => {
                Err(self.refuse_event(caller, EVENT, Value::Null, failure).await)
            }
            other => other,
        }
    }

    /// Changes an operator. Answers the token of a link when one was made.
    pub async fn change_operator(
        &self,
        caller: &Caller,
        id: &OperatorId,
        change: OperatorChange<'_>,
    ) -> Result<Option<String>, Failure> {
        let event = change.event();
        if let Err(failure) = self.may_administer(caller) {
            return Err(self.refuse_event(caller, event, Value::Null, failure).await);
        }
        let Some(operator) = self.get(id).await? else {
            return Err(Cause::NoSuchPage.into());
        };
        match self.carry_out(Some(caller), &operator, change).await {
            Err(failure) if is_of_rights(&failure) => {
                let detail = change.detail(&operator);
                Err(self.refuse_event(caller, event, detail, failure).await)
            }
            other => other,
        }
    }

    /// The change and its row in the audit, both or neither. Without a caller it is the shell that
    /// asks.
    pub(super) async fn carry_out(
        &self,
        caller: Option<&Caller>,
        operator: &Operator,
        change: OperatorChange<'_>,
    ) -> Result<Option<String>, Failure> {
        let id = &operator.id;
        let actor = caller.map_or(Actor::SHELL, Actor::from);
        let changed = async {
            let mut write = self.audit.write().await?;
            if let Some(caller) = caller {
                let may = self.may_still_administer(write.on(), caller).await?;
                if let Err(failure) = may {
                    return Ok(Err(failure));
                }
            }
            let made = match self.run(write.on(), id, change).await? {
                Ok(made) => made,
                Err(failure) => return Ok(Err(failure)),
            };
            if let Some(kind) = change.told_as() {
                codes::allow(write.on(), id).await?;
                let news = News::by(kind, actor.username);
                self.tell(write.on(), id, news).await?;
            }
            let detail = change.detail(operator);
            self.audit
                .note_on(write.on(), &actor, change.event(), detail)
                .await?;
            write.commit().await?;
            Ok(Ok(made))
        };
        within(changed).await?
    }

    /// Refuses a caller who may not manage operators, and one without a fresh proof of who they
    /// are.
    fn may_administer(&self, caller: &Caller) -> Result<(), Failure> {
        may_manage(caller)?;
        caller.check_proof(self.clock.now())
    }

    /// The same with the caller's present rights, read within the transaction that makes the
    /// change.
    async fn may_still_administer(
        &self,
        on: &mut AnyConnection,
        caller: &Caller,
    ) -> sqlx::Result<Result<(), Failure>> {
        let still = still_on(on, caller, self.clock.now()).await?;
        Ok(still.and_then(|caller| self.may_administer(&caller)))
    }

    /// A refusal stands even when it cannot be written down: nothing was changed.
    pub(super) async fn refuse_event(
        &self,
        caller: &Caller,
        event: ConsoleEvent,
        detail: Value,
        mut failure: Failure,
    ) -> Failure {
        let noted = self
            .audit
            .note_refusal(&caller.into(), event, detail, &failure)
            .await;
        failure.trace.entry = noted.ok();
        failure
    }
}

/// Whether a refusal goes into the audit: for lack of a right, or since no Admin would be left.
fn is_of_rights(failure: &Failure) -> bool {
    matches!(
        failure.cause,
        Cause::LastAdmin
            | Cause::RoleNeeded(_)
            | Cause::Limited
            | Cause::ProofNeeded
            | Cause::SignedOut
    )
}

impl Accounts {
    async fn run(
        &self,
        on: &mut AnyConnection,
        id: &OperatorId,
        change: OperatorChange<'_>,
    ) -> sqlx::Result<Result<Option<String>, Failure>> {
        let first = match change {
            OperatorChange::Role(role) => Some(Change::Role(role)),
            OperatorChange::Grant(grant) => Some(Change::Grant(grant)),
            OperatorChange::Disable => Some(Change::Disabled(Some(self.clock.now()))),
            OperatorChange::Enable => Some(Change::Disabled(None)),
            OperatorChange::Reset => Some(Change::NoPassword),
            OperatorChange::Password(hash) => Some(Change::Password(hash.0, None)),
            OperatorChange::ResetAuthenticator | OperatorChange::SignOut => None,
        };
        if let Some(first) = first
            && let Err(failure) = first.apply(on, id).await?
        {
            return Ok(Err(failure));
        }
        if change == OperatorChange::ResetAuthenticator
            && let Err(failure) = take_away(on, id).await?
        {
            return Ok(Err(failure));
        }
        if matches!(
            change,
            OperatorChange::ResetAuthenticator | OperatorChange::SignOut
        ) {
            end_all(on, id, None).await?;
        }
        Ok(Ok(match change {
            OperatorChange::Reset => Some(self.make_link(on, id).await?),
            _ => None,
        }))
    }
}
