//! Operators who sign in with a provider: made at their first sign-in, and given the role of their
//! groups at each.
//!
//! A person is known by the id that the provider has for them, never by a name: anybody may choose
//! any name there, and must not take over an operator of this console by it.

use domain::event::ConsoleEvent;
use domain::{Cause, Failure, Grant, ProviderProblem, Role, Timestamp};
use serde_json::json;
use sqlx::AnyConnection;

use super::attempts::Attempt;
use super::change::Change;
use super::unlock::EVENT as UNLOCK;
use super::verify::SIGN_IN;
use super::{Operator, OperatorId, actor, insert, is_as_read, key, operator, username};
use crate::access::still_on;
use crate::access::{Caller, Origin};
use crate::accounts::Accounts;
use crate::accounts::oidc::{Provider, ProviderIdentity};
use crate::store::within;

/// What the audit calls it: as where an Admin did the same.
const ADD: ConsoleEvent = ConsoleEvent::AddOperator;
const ROLE: ConsoleEvent = ConsoleEvent::SetOperatorRole;

impl Accounts {
    /// Signs somebody in who proved to a provider who they are, if they have a role here.
    pub async fn admit(
        &self,
        provider: &Provider,
        person: &ProviderIdentity,
        origin: &Origin,
    ) -> Result<Operator, Failure> {
        let known = self.of_subject(&person.subject).await?;
        let is_disabled = known.as_ref().is_some_and(|known| known.disabled.is_some());
        let let_in = match (&known, person.role) {
            _ if is_disabled => Err(Cause::Provider(ProviderProblem::Disabled).into()),
            (_, Err(problem)) => Err(Cause::Provider(problem).into()),
            (Some(known), Ok(role)) => self.let_in(provider, known.clone(), role, origin).await,
            (None, Ok(role)) => self.enrol(provider, person, role, origin).await,
        };
        match let_in {
            Err(failure) if matches!(failure.cause, Cause::Provider(_)) => {
                let turned = self.turn_away(provider, known.as_ref(), origin, failure);
                Err(turned.await)
            }
            other => other,
        }
    }

    /// Accepts a fresh proof for the signed-in operator, if it proves that very operator.
    pub(crate) async fn confirm_with(
        &self,
        provider: &Provider,
        id: &OperatorId,
        person: &ProviderIdentity,
        caller: &Caller,
    ) -> Result<Operator, Failure> {
        let found = self.of_subject(&person.subject).await?;
        let actor = caller.into();
        let detail = json!({ "provider": provider.id() });
        // Somebody else can have signed in meanwhile, in another window.
        let found = found.filter(|found| found.id == *id && caller.operator == *id);
        if let Some(found) = found {
            let noted = async {
                let mut write = self.audit.write().await?;
                if let Err(failure) = still_on(write.on(), caller, self.clock.now()).await? {
                    return Ok(Err(failure));
                }
                self.audit
                    .note_on(write.on(), &actor, UNLOCK, detail)
                    .await?;
                write.commit().await?;
                Ok(Ok(()))
            };
            let noted: Result<(), Failure> = within(noted).await?;
            return noted.map(|()| found);
        }
        let mut failure = Failure::from(Cause::Provider(ProviderProblem::OtherPerson));
        let noted = self.audit.note_refusal(&actor, UNLOCK, detail, &failure);
        failure.trace.entry = noted.await.ok();
        Err(failure)
    }

    /// Gives an operator the role that their groups have now.
    async fn let_in(
        &self,
        provider: &Provider,
        operator: Operator,
        role: Role,
        origin: &Origin,
    ) -> Result<Operator, Failure> {
        let id = &operator.id;
        let now = self.clock.now();
        let actor = actor(Some(&operator), origin);
        let key = key(&operator.username);
        let attempt = Attempt::new(&key, origin.remote);
        let given = async {
            let mut write = self.audit.write().await?;
            // They were found before this, and can have been disabled or signed out meanwhile.
            if !is_as_read(write.on(), &operator).await? {
                return Ok(Err(Cause::SignedOut.into()));
            }
            let changes = role != operator.role;
            let refused = if changes {
                Change::Role(role).apply(write.on(), id).await?.err()
            } else {
                None
            };
            mark(write.on(), provider, id, now).await?;
            let is_first = operator.signed_in.is_none();
            let arrived = self.arrive(write.on(), &attempt, id, is_first);
            arrived.await?;
            let detail = json!({
                "username": operator.username,
                "role": role.name(),
                "before": operator.role.name(),
                "provider": provider.id(),
            });
            let audit = &self.audit;
            match &refused {
                None if changes => audit.note_on(write.on(), &actor, ROLE, detail).await?,
                None => {}
                // This is the last Admin: without one nobody could manage operators, and no
                // provider could repair that.
                Some(failure) => {
                    let noted = audit.note_refusal_on(write.on(), &actor, ROLE, detail, failure);
                    noted.await?;
                }
            }
            let detail = json!({ "provider": provider.id() });
            audit.note_on(write.on(), &actor, SIGN_IN, detail).await?;
            write.commit().await?;
            Ok(Ok(if refused.is_some() {
                operator.role
            } else {
                role
            }))
        };
        let role: Result<Role, Failure> = within(given).await?;
        Ok(Operator {
            role: role?,
            signed_in: Some(now),
            ..operator
        })
    }

    /// Makes an operator of somebody who was not here before.
    async fn enrol(
        &self,
        provider: &Provider,
        person: &ProviderIdentity,
        role: Role,
        origin: &Origin,
    ) -> Result<Operator, Failure> {
        let problem = |problem| Failure::from(Cause::Provider(problem));
        let told = person.username.as_deref().unwrap_or_default();
        let told = username::told(told);
        let told = told.map_err(|_| problem(ProviderProblem::NoName))?;
        // A name that is taken stays with its operator; the newcomer is tried with the label behind
        // theirs.
        let labelled = username::accepted(&format!("{told} ({})", provider.label()));
        let now = self.clock.now();
        for name in [told].into_iter().chain(labelled.ok()) {
            let mut operator = self.new_operator(&name, role, Grant::EVERYTHING, "");
            operator.invited = false;
            operator.provider = Some(provider.id().to_owned());
            operator.signed_in = Some(now);
            let added = async {
                let mut write = self.audit.write().await?;
                if !insert(write.on(), &operator, "").await? {
                    return Ok(Added::NameTaken);
                }
                if !identify(write.on(), person, &operator, now).await? {
                    return Ok(Added::Already);
                }
                mark(write.on(), provider, &operator.id, now).await?;
                let key = key(&operator.username);
                let attempt = Attempt::new(&key, origin.remote);
                let arrived = self.arrive(write.on(), &attempt, &operator.id, true);
                arrived.await?;
                let actor = actor(Some(&operator), origin);
                let detail = json!({
                    "username": operator.username,
                    "role": role.name(),
                    "provider": provider.id(),
                });
                let audit = &self.audit;
                audit.note_on(write.on(), &actor, ADD, detail).await?;
                let detail = json!({ "provider": provider.id() });
                audit.note_on(write.on(), &actor, SIGN_IN, detail).await?;
                write.commit().await?;
                Ok(Added::New)
            };
            match within(added).await? {
                Added::New => return Ok(operator),
                Added::NameTaken => {}
                // The same person in another window, a moment before.
                Added::Already => {
                    let known = self.of_subject(&person.subject).await?;
                    let known = known.ok_or_else(|| problem(ProviderProblem::Gone))?;
                    return self.let_in(provider, known, role, origin).await;
                }
            }
        }
        Err(problem(ProviderProblem::NameTaken))
    }

    /// Ends the sessions of somebody who may not sign in any more, and writes down that they tried.
    async fn turn_away(
        &self,
        provider: &Provider,
        known: Option<&Operator>,
        origin: &Origin,
        mut failure: Failure,
    ) -> Failure {
        if let Some(known) = known
            && let Err(unended) = self.sessions().revoke_of(&known.id).await
        {
            return unended;
        }
        let actor = actor(known, origin);
        let detail = json!({ "provider": provider.id() });
        let noted = self.audit.note_refusal(&actor, SIGN_IN, detail, &failure);
        failure.trace.entry = noted.await.ok();
        failure
    }
}

/// What became of a new operator.
enum Added {
    New,
    NameTaken,
    Already,
}

impl Accounts {
    /// The operator of a person.
    async fn of_subject(&self, subject: &str) -> Result<Option<Operator>, Failure> {
        let row = sqlx::query(
            "SELECT operators.*, identities.provider FROM operators JOIN identities \
             ON identities.operator = operators.id WHERE identities.subject = $1",
        )
        .bind(subject)
        .fetch_optional(self.store.pool());
        within(row).await?.as_ref().map(operator).transpose()
    }
}

/// Notes which provider an operator signs in with; its id in the configuration may have changed
/// since.
async fn mark(
    on: &mut AnyConnection,
    provider: &Provider,
    id: &OperatorId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE operators SET signed_in_at = $1 WHERE id = $2")
        .bind(now.0)
        .bind(id.as_str())
        .execute(&mut *on)
        .await?;
    sqlx::query("UPDATE identities SET provider = $1 WHERE operator = $2")
        .bind(provider.id())
        .bind(id.as_str())
        .execute(on)
        .await?;
    Ok(())
}

/// Notes whose operator this is, unless the person has one.
async fn identify(
    on: &mut AnyConnection,
    person: &ProviderIdentity,
    operator: &Operator,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO identities (subject, provider, operator, created_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (subject) DO NOTHING",
    )
    .bind(&person.subject)
    .bind(operator.provider.as_deref())
    .bind(operator.id.as_str())
    .bind(now.0)
    .execute(on)
    .await?;
    Ok(done.rows_affected() == 1)
}
