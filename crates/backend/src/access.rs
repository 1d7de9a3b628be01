//! Who asks, and what they may do. Both are read again at the moment of use, since role, scope and
//! session can have changed since the request came.
//!
//! A page asks [`may`] for its buttons, a call asks it before it is written down, and once more in
//! the transaction that writes it down.

mod proof;

use std::fmt;
use std::net::IpAddr;

use domain::arn::{AppInstanceArn, ResourceArn};
use domain::event::ConsoleEvent;
use domain::{Cause, Effect, Failure, Grant, Operation, Role, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row as _};

use crate::changes::Changes;
use crate::clock::Clock;
use crate::connections::Connection;
use crate::store::{Store, holdable, within};

/// The id of an operator: made here, never reused.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperatorId(String);

impl OperatorId {
    /// The id as text, as it is stored in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for OperatorId {
    fn from(id: String) -> Self {
        Self(holdable(&id).into_owned())
    }
}

impl fmt::Display for OperatorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a request came from, before anybody is known to have sent it.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The address; nothing for the command line.
    pub remote: Option<IpAddr>,
    /// The id of the HTTP request; empty for the command line.
    pub request_id: String,
}

/// The signed-in operator who sends a request, as known from the session and the request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The operator.
    pub operator: OperatorId,
    /// The operator's name, which the audit keeps beside the id.
    pub username: String,
    /// What the operator may do.
    pub role: Role,
    /// Where the operator may do it.
    pub grant: Grant,
    /// Where the request came from.
    pub remote: Option<IpAddr>,
    /// The id of the HTTP request.
    pub request_id: String,
    /// When they last proved who they are: by signing in, or by unlocking writes.
    pub proved: Option<Timestamp>,
    /// The name of their session (`SessionInfo::sid`). `None` for the console itself, whose rights
    /// are those given here and are not read again.
    pub session: Option<String>,
    /// What the request has sent so far.
    pub changes: Changes,
}

impl Caller {
    /// Where their request came from.
    pub fn origin(&self) -> Origin {
        Origin {
            remote: self.remote,
            request_id: self.request_id.clone(),
        }
    }
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    operation: Operation,
    event: Option<ConsoleEvent>,
}

impl Act {
    /// A call of an operation.
    pub const fn call(operation: Operation) -> Self {
        let event = None;
        Self { operation, event }
    }

    /// A read that the audit records as an event of its own, and that therefore needs the right to
    /// write.
    pub const fn audited_read(operation: Operation, event: ConsoleEvent) -> Self {
        let event = Some(event);
        Self { operation, event }
    }

    /// The operation that is called.
    pub const fn operation(self) -> Operation {
        self.operation
    }

    /// Its name in the audit: that of the event, otherwise that of the operation.
    pub fn name(self) -> &'static str {
        self.event.map_or(self.operation.name(), ConsoleEvent::name)
    }

    /// Whether it has a row in the audit before it is sent.
    pub const fn is_audited(self) -> bool {
        self.event.is_some() || self.operation.effect().is_write()
    }

    /// The role that it needs.
    pub fn role(self) -> Role {
        let needed = Role::needed_for(self.operation);
        match self.event {
            Some(_) => needed.max(Role::Operator),
            None => needed,
        }
    }

    /// Whether the caller must have proved lately who they are.
    pub fn asks_proof(self, connection: &Connection) -> bool {
        proof::of_operation(self.operation, connection)
            || (self.event.is_some() && proof::of_events(connection))
    }
}

/// Whether somebody may do something through a connection; where they may do it is for [`covered`].
/// Checks the role, then whether the connection is read-only, then the fresh proof.
pub fn may(
    caller: &Caller,
    connection: &Connection,
    act: Act,
    now: Timestamp,
) -> Result<(), Failure> {
    let operation = act.operation;
    let needed = act.role();
    if caller.role < needed {
        return Err(Failure::from(Cause::RoleNeeded(needed)).during(operation));
    }
    if connection.read_only && operation.effect().is_write() {
        return Err(Failure::from(Cause::ReadOnly).during(operation));
    }
    if act.asks_proof(connection) {
        let proved = caller.check_proof(now);
        proved.map_err(|failure| failure.during(operation))?;
    }
    Ok(())
}

/// Whether somebody may do something that the audit records like a write although it changes
/// nothing at AWS. Needs the role Operator and, for production data, a fresh proof.
pub fn may_settle(
    caller: &Caller,
    connection: Option<&Connection>,
    now: Timestamp,
) -> Result<(), Failure> {
    if caller.role < Role::Operator {
        return Err(Cause::RoleNeeded(Role::Operator).into());
    }
    if connection.is_none_or(proof::of_events) {
        caller.check_proof(now)?;
    }
    Ok(())
}

/// Whether somebody may do something there. Outside their grant the answer is the same as for
/// something that does not exist, whatever the role, so that its existence is not revealed.
pub fn covered(
    caller: &Caller,
    act: Act,
    scope: &Scope,
    resource: Option<&ResourceArn>,
) -> Result<(), Failure> {
    if covers(caller, scope, resource.map(ResourceArn::instance)) {
        return Ok(());
    }
    let is_of_region = resource.is_none() && caller.grant.touches(&scope.connection, scope.region);
    match act.operation.effect() {
        // The list of AppInstances, which is cut to those that are covered.
        Effect::Read if is_of_region => Ok(()),
        _ if is_of_region => Err(Failure::from(Cause::Limited).during(act.operation)),
        _ => Err(Cause::NoSuchPage.into()),
    }
}

/// Whether the caller's grant covers an AppInstance; without one, whether it covers the whole
/// Region.
pub fn covers(caller: &Caller, scope: &Scope, instance: Option<&AppInstanceArn>) -> bool {
    let Scope { connection, region } = scope;
    caller.grant.covers(connection, *region, instance)
}

/// Does not check whether the session was idle for too long. That was checked when it was loaded,
/// also against uses that are not written to the database yet.
const STANDING: &str = "SELECT o.role, o.grants FROM operators o JOIN sessions s \
     ON s.operator = o.id AND s.epoch = o.epoch \
     WHERE o.id = $1 AND o.disabled_at IS NULL AND s.sid = $2 AND s.expires_at > $3";

/// Reads the present rights of a caller from the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Access {
    store: Store,
    clock: Clock,
}

impl Access {
    pub(crate) const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Who asks, with the role and the scope that they have now. `Cause::SignedOut` when they are
    /// disabled or their session has ended.
    pub async fn still(&self, caller: &Caller) -> Result<Caller, Failure> {
        let read = async {
            let mut connection = self.store.pool().acquire().await?;
            still_on(&mut connection, caller, self.clock.now()).await
        };
        within(read).await?
    }

    /// The time now, against which the age of proofs is measured.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The same within a transaction. In a transaction of `Audit::write` the answer holds until that
/// ends.
pub(crate) async fn still_on(
    on: &mut AnyConnection,
    caller: &Caller,
    now: Timestamp,
) -> sqlx::Result<Result<Caller, Failure>> {
    // The console itself acts by no session.
    let Some(session) = &caller.session else {
        return Ok(Ok(caller.clone()));
    };
    let row = sqlx::query(STANDING)
        .bind(caller.operator.as_str())
        .bind(session)
        .bind(now.0)
        .fetch_optional(on)
        .await?;
    let Some(row) = row else {
        return Ok(Err(Cause::SignedOut.into()));
    };
    let (role, grant): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let Ok(role) = role.parse() else {
        tracing::error!("an operator has a role that this version does not know");
        return Ok(Err(Cause::Internal.into()));
    };
    Ok(Ok(Caller {
        role,
        grant: Grant::kept(&grant),
        ..caller.clone()
    }))
}
