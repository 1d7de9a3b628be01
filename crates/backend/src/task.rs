//! One call for one operator: authorise, write it down, send, write down the outcome.
//!
//! The only code that has an AWS client.

use domain::arn::{AppInstanceArn, ResourceArn};
use domain::event::ConsoleEvent;
use domain::{Cause, ConnectionId, Effect, Failure, Operation, Role, Scope};
use serde_json::Value;
use tracing::Instrument;

use crate::audit::{Begun, Outcome};
use crate::identity::{Client, Request, observed};
use crate::measure::measured;
use crate::{Audit, Backend, Caller, Changes};

/// A call that was asked for.
#[must_use]
pub(crate) struct Task<'a, I> {
    backend: &'a Backend,
    caller: &'a Caller,
    scope: Scope,
    input: I,
    event: Option<ConsoleEvent>,
}

impl<'a, I: Request> Task<'a, I> {
    /// Fails for an input that goes to no Region: a fault of ours.
    pub(crate) fn new(
        backend: &'a Backend,
        caller: &'a Caller,
        connection: &ConnectionId,
        input: I,
    ) -> Result<Self, Failure> {
        let region = input.region().ok_or(Cause::Internal)?;
        Ok(Self {
            backend,
            caller,
            scope: connection.scope(region),
            input,
            event: None,
        })
    }

    /// Puts a read into the audit, under a name of its own, and so only for those who may write.
    pub(crate) const fn audited_as(mut self, event: ConsoleEvent) -> Self {
        self.event = Some(event);
        self
    }

    /// Runs it.
    pub(crate) async fn run(self, before: Option<Value>) -> Result<I::Output, Failure> {
        let operation = I::OPERATION;
        if !self.is_audited() {
            let caller = self.backend.still(self.caller).await?;
            let client = self.start(&caller)?;
            // The futures of the SDK are large, and would be part of each page's.
            let call = Box::pin(measured(operation, self.input.send(&client)));
            let (answer, _) = observed(call).await;
            let answer = answer.map_err(traced(operation))?;
            return Ok(I::cut(answer, &|arn| self.covers(&caller, arn)));
        }
        let begun = self.begun(before);
        // What is refused by what is known already needs no transaction.
        if let Err(failure) = self.start(self.caller) {
            return Err(self.refuse(&begun, failure).await);
        }
        let audit = self.backend.audit().clone();
        let (entry, client) = audit
            .begin(&begun, self.caller, |caller| self.start(caller))
            .await?;
        // A browser that goes away drops this future. The call and its outcome must not go with
        // it, so they run in a task of their own.
        let changes = self.caller.changes.clone();
        let run = finish(audit.clone(), entry.clone(), client, self.input, changes);
        let run = run.in_current_span();
        let result = match self.backend.background().finish(run).await {
            Ok(result) => result,
            Err(_panicked) => {
                audit.finish(&entry, Outcome::Unknown, None, None).await;
                Err(bug(operation, &entry))
            }
        };
        result.map_err(|mut failure| {
            failure.trace.entry = Some(entry);
            traced(operation)(failure)
        })
    }

    fn is_audited(&self) -> bool {
        self.event.is_some() || I::OPERATION.effect().is_write()
    }

    /// Checks everything that is known before the call, for who asks as they are given, and gives the
    /// client if all is well.
    fn start(&self, caller: &Caller) -> Result<Client, Failure> {
        let operation = I::OPERATION;
        let connection = self.backend.connection();
        self.stay_inside(caller)?;
        let needed = match self.event {
            Some(_) => Role::needed_for(operation).max(Role::Operator),
            None => Role::needed_for(operation),
        };
        if caller.role < needed {
            return Err(Failure::from(Cause::RoleNeeded(needed)).during(operation));
        }
        if connection.read_only && operation.effect().is_write() {
            return Err(Failure::from(Cause::ReadOnly).during(operation));
        }
        let is_event = self.event.is_some();
        if self.backend.asks_proof(operation) || (is_event && self.backend.asks_proof_of_events()) {
            let proved = self.backend.check_proof(caller);
            proved.map_err(traced(operation))?;
        }
        if self.scope.connection != connection.id {
            return Err(Cause::NoSuchPage.into());
        }
        let clients = self.backend.clients();
        let client = clients.of(self.scope.region).ok_or(Cause::NoSuchPage)?;
        let ours = |arn: &ResourceArn| {
            let known = clients.known_account();
            known.is_none_or(|account| account == arn.instance().account())
        };
        if self.input.resource().as_ref().is_some_and(|arn| !ours(arn)) {
            return Err(Cause::NoSuchPage.into());
        }
        Ok(client)
    }

    /// Refuses what the caller's grant does not cover, like something that is not there: whoever
    /// may not know of it learns nothing, whatever the role.
    fn stay_inside(&self, caller: &Caller) -> Result<(), Failure> {
        let resource = self.input.resource();
        if self.covers(caller, resource.as_ref().map(ResourceArn::instance)) {
            return Ok(());
        }
        let Scope { connection, region } = &self.scope;
        let is_of_region = resource.is_none() && caller.grant.touches(connection, *region);
        match I::OPERATION.effect() {
            // The list of AppInstances, which is cut to those that are covered.
            Effect::Read if is_of_region => Ok(()),
            _ if is_of_region => Err(Failure::from(Cause::Limited).during(I::OPERATION)),
            _ => Err(Cause::NoSuchPage.into()),
        }
    }

    fn covers(&self, caller: &Caller, instance: Option<&AppInstanceArn>) -> bool {
        let Scope { connection, region } = &self.scope;
        caller.grant.covers(connection, *region, instance)
    }

    fn begun(&self, before: Option<Value>) -> Begun<'_> {
        let resource = self.input.resource();
        Begun {
            actor: self.caller.into(),
            scope: &self.scope,
            operation: self.event.map_or(I::OPERATION.name(), ConsoleEvent::name),
            instance: resource.as_ref().map(|arn| arn.instance().to_string()),
            resource: resource.map(|arn| arn.to_string()),
            input: serde_json::to_value(&self.input).unwrap_or(Value::Null),
            before,
        }
    }

    /// A refusal stands even when it cannot be written down.
    async fn refuse(&self, begun: &Begun<'_>, mut failure: Failure) -> Failure {
        if let Ok(entry) = self.backend.audit().refuse(begun, &failure).await {
            failure.trace.entry = Some(entry);
        }
        failure
    }
}

/// Sends a call whose row is written, and writes the outcome.
async fn finish<I: Request>(
    audit: Audit,
    entry: String,
    client: Client,
    input: I,
    changes: Changes,
) -> Result<I::Output, Failure> {
    let is_change = I::OPERATION.effect().is_write();
    if is_change {
        changes.begin(&entry);
    }
    let (result, wire) = observed(measured(I::OPERATION, input.send(&client))).await;
    if is_change {
        changes.end(&entry, &result, &wire);
    }
    let outcome = match &result {
        Ok(_) => Outcome::Succeeded,
        Err(failure) if failure.cause == Cause::OutcomeUnknown => Outcome::Unknown,
        Err(failure) => Outcome::Failed(failure.cause.code()),
    };
    let made = result.as_ref().ok().and_then(I::made);
    audit.finish(&entry, outcome, wire.request(), made).await;
    tracing::info!(
        operation = I::OPERATION.name(),
        entry,
        aws_request = wire.request(),
        outcome = outcome.phase().name(),
        "a write was finished"
    );
    result
}

fn traced(operation: Operation) -> impl Fn(Failure) -> Failure {
    move |failure| failure.during(operation)
}

fn bug(operation: Operation, entry: &str) -> Failure {
    tracing::error!(operation = operation.name(), entry, "a call panicked");
    Cause::OutcomeUnknown.into()
}
