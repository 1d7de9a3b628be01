//! One call for one operator: authorise, write it down, send, write down the outcome.
//!
//! The only code that has an AWS client.

use std::sync::Arc;

use domain::arn::ResourceArn;
use domain::event::ConsoleEvent;
use domain::input::{self, AnyInput, DescribeAppInstanceUserEndpoint};
use domain::view::RevealedTokens;
use domain::{Cause, ConnectionId, Failure, Operation, Scope};
use serde_json::Value;
use tracing::Instrument;

use crate::access::{Access, Act, Caller, covered, covers, may};
use crate::audit::{Audit, Begun, Outcome};
use crate::background::Background;
use crate::budget::Lane;
use crate::changes::Changes;
use crate::connections::Connections;
use crate::identity::{Client, Made, Observed, Request, RevealTokens, observed};
use crate::measure::measured;

/// What makes calls. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Calls {
    connections: Connections,
    access: Access,
    audit: Audit,
    background: Background,
    lane: Lane,
}

impl Calls {
    pub(crate) const fn new(
        connections: Connections,
        access: Access,
        audit: Audit,
        background: Background,
    ) -> Self {
        Self {
            connections,
            access,
            audit,
            background,
            lane: Lane::Page,
        }
    }

    /// The same for jobs: each call waits for the budget, and none is repeated by the SDK, since a
    /// job repeats its rows itself.
    pub(crate) fn of_jobs(&self) -> Self {
        Self {
            lane: Lane::Job,
            ..self.clone()
        }
    }

    /// The connections that calls go by.
    pub const fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Reads the present rights of a caller.
    pub const fn access(&self) -> &Access {
        &self.access
    }

    /// Where writes are written down.
    pub const fn audit(&self) -> &Audit {
        &self.audit
    }

    /// Calls one operation by a connection for somebody. The input says to which Region.
    ///
    /// A write is in the audit before it is sent, and goes on when the browser that asked for it
    /// is gone.
    pub async fn call<I: Request>(
        &self,
        caller: &Caller,
        connection: &ConnectionId,
        input: I,
    ) -> Result<I::Output, Failure> {
        let act = Act::call(I::OPERATION);
        let task = Task::new(self, caller, connection, act, input)?;
        task.run(None).await
    }

    /// Like [`Calls::call`]; `before` are the values that the write replaces, as the API names
    /// them, for the differences that the audit shows.
    pub async fn call_with_before<I: Request>(
        &self,
        caller: &Caller,
        connection: &ConnectionId,
        input: I,
        before: Value,
    ) -> Result<I::Output, Failure> {
        let act = Act::call(I::OPERATION);
        let task = Task::new(self, caller, connection, act, input)?;
        task.run(Some(before)).await
    }

    /// Reads the device tokens of an endpoint in full. Unlike other reads this is in the audit,
    /// needs the role Operator, and asks for a fresh proof in production, like a write.
    pub async fn reveal_tokens(
        &self,
        caller: &Caller,
        connection: &ConnectionId,
        input: DescribeAppInstanceUserEndpoint,
    ) -> Result<RevealedTokens, Failure> {
        let operation = Operation::DescribeAppInstanceUserEndpoint;
        let act = Act::audited_read(operation, ConsoleEvent::RevealDeviceTokens);
        let task = Task::new(self, caller, connection, act, RevealTokens(input))?;
        task.run(None).await
    }
}

/// A call that was asked for.
#[must_use]
struct Task<'a, I> {
    calls: &'a Calls,
    caller: &'a Caller,
    scope: Scope,
    act: Act,
    input: I,
}

impl<'a, I: Request> Task<'a, I> {
    /// Fails for an input that goes to no Region: a fault of ours.
    fn new(
        calls: &'a Calls,
        caller: &'a Caller,
        connection: &ConnectionId,
        act: Act,
        input: I,
    ) -> Result<Self, Failure> {
        let region = input.region().ok_or(Cause::Internal)?;
        Ok(Self {
            calls,
            caller,
            scope: connection.scope(region),
            act,
            input,
        })
    }

    async fn run(self, before: Option<Value>) -> Result<I::Output, Failure> {
        let operation = I::OPERATION;
        let Calls {
            access,
            audit,
            background,
            ..
        } = self.calls;
        if !self.act.is_audited() {
            let caller = access.still(self.caller).await?;
            let client = self.start(&caller)?;
            // The futures of the SDK are large, and would be part of each page's.
            let sending = self.sending(client);
            let (answer, _) = Box::pin(sending.send(self.input)).await;
            let answer = answer.map_err(traced(operation))?;
            return Ok(I::cut(answer, &|arn| covers(&caller, &self.scope, arn)));
        }
        let begun = self.begun(before);
        // A refusal by what is known already needs no transaction.
        if let Err(failure) = self.start(self.caller) {
            return Err(self.refuse(&begun, failure).await);
        }
        let (entry, client) = audit
            .begin(&begun, self.caller, |caller| self.start(caller))
            .await?;
        // A browser that goes away drops this future. The call and its outcome must not go with
        // it, so they run in a task of their own.
        let changes = self.caller.changes.clone();
        let sending = self.sending(client);
        let run = finish(sending, entry.clone(), self.input, changes);
        let run = tokio::spawn(run.in_current_span());
        let (audit, known) = (audit.clone(), entry.clone());
        let ended = async move {
            match run.await {
                Ok(result) => result,
                Err(_panicked) => {
                    audit.finish(&known, Outcome::Unknown, None, None).await;
                    Err(bug(operation, &known))
                }
            }
        };
        let result = background.finish(ended.in_current_span()).await;
        let result = result.unwrap_or_else(|_| Err(Cause::OutcomeUnknown.into()));
        result.map_err(|mut failure| {
            failure.trace.entry = Some(entry);
            traced(operation)(failure)
        })
    }

    fn sending(&self, client: Client) -> Sending {
        Sending {
            calls: self.calls.clone(),
            scope: self.scope.clone(),
            client,
        }
    }

    /// Checks everything that is known before the call, with the rights in `caller`, and answers
    /// the client if all is well.
    fn start(&self, caller: &Caller) -> Result<Client, Failure> {
        let Self { scope, act, .. } = self;
        let resource = self.input.resource();
        covered(caller, *act, scope, resource.as_ref())?;
        let connections = &self.calls.connections;
        let connection = connections.get(&scope.connection);
        let connection = connection.ok_or(Cause::NoSuchPage)?;
        may(caller, connection, *act, self.calls.access.now())?;
        let client = connections
            .client(scope, self.calls.lane)
            .ok_or(Cause::NoSuchPage)?;
        let ours = |arn: &ResourceArn| {
            let known = connections.known_account(&connection.id);
            known.is_none_or(|account| account == arn.instance().account())
        };
        if resource.as_ref().is_some_and(|arn| !ours(arn)) {
            return Err(Cause::NoSuchPage.into());
        }
        Ok(client)
    }

    fn begun(&self, before: Option<Value>) -> Begun<'_> {
        let resource = self.input.resource();
        Begun {
            actor: self.caller.into(),
            scope: &self.scope,
            operation: self.act.name(),
            instance: resource.as_ref().map(|arn| arn.instance().to_string()),
            resource: resource.map(|arn| arn.to_string()),
            input: serde_json::to_value(&self.input).unwrap_or(Value::Null),
            before,
            job: None,
        }
    }

    /// A refusal stands even when it cannot be written down.
    async fn refuse(&self, begun: &Begun<'_>, mut failure: Failure) -> Failure {
        if let Ok(entry) = self.calls.audit.refuse(begun, &failure).await {
            failure.trace.entry = Some(entry);
        }
        failure
    }
}

/// What a call is sent with.
struct Sending {
    calls: Calls,
    scope: Scope,
    client: Client,
}

impl Sending {
    /// Sends a call inside the budget, and tells what happened on the wire.
    async fn send<I: Request>(&self, input: I) -> (Result<I::Output, Failure>, Arc<Observed>) {
        let (operation, resource) = (I::OPERATION, input.resource());
        let budget = self.calls.connections.budget(&self.scope.connection);
        if let Some(budget) = budget {
            let taken = budget.take(self.calls.lane, &self.scope, operation, resource.as_ref());
            taken.await;
        }
        let (result, wire) = observed(measured(operation, input.send(&self.client))).await;
        if let Some(budget) = budget.filter(|_| wire.throttled()) {
            budget.throttled(&self.scope, operation, resource.as_ref());
        }
        (result, wire)
    }
}

/// Sends a call whose row is written, and writes the outcome.
async fn finish<I: Request>(
    with: Sending,
    entry: String,
    input: I,
    changes: Changes,
) -> Result<I::Output, Failure> {
    let is_change = I::OPERATION.effect().is_write();
    if is_change {
        changes.begin(&entry);
    }
    let (result, wire) = with.send(input).await;
    if is_change {
        changes.end(&entry, &result, &wire);
    }
    let outcome = match &result {
        Ok(_) => Outcome::Succeeded,
        Err(failure) if failure.cause == Cause::OutcomeUnknown => Outcome::Unknown,
        Err(failure) => Outcome::Failed(failure.cause.code()),
    };
    let made = result.as_ref().ok().and_then(I::made);
    let audit = &with.calls.audit;
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

macro_rules! sent_by_jobs {
    ($sending:expr, $input:expr, $($operation:ident)*) => {
        match $input {
            $(AnyInput::$operation(input) => {
                let (result, wire) = Box::pin($sending.send(input)).await;
                (result.map(|output| <input::$operation as Request>::made(&output)), wire)
            })*
            _ => (Err(Cause::Internal.into()), Arc::default()),
        }
    };
}

impl Calls {
    /// Sends a write of a job. The job has checked the rights of its owner and written the row of
    /// the audit, in one transaction; it also writes the outcome.
    pub(crate) async fn carry_out(
        &self,
        scope: &Scope,
        input: AnyInput,
    ) -> (Result<Option<Made>, Failure>, Arc<Observed>) {
        let Some(client) = self.connections.client(scope, self.lane) else {
            return (Err(Cause::NoSuchPage.into()), Arc::default());
        };
        let sending = Sending {
            calls: self.clone(),
            scope: scope.clone(),
            client,
        };
        sent_by_jobs!(
            sending,
            input,
            CreateAppInstanceUser UpdateAppInstanceUser DeleteAppInstanceUser
            PutAppInstanceUserExpirationSettings CreateAppInstanceAdmin DeleteAppInstanceAdmin
            DeleteAppInstanceBot TagResource UntagResource RegisterAppInstanceUserEndpoint
            UpdateAppInstanceUserEndpoint DeregisterAppInstanceUserEndpoint
        )
    }
}

fn bug(operation: Operation, entry: &str) -> Failure {
    tracing::error!(operation = operation.name(), entry, "a call panicked");
    Cause::OutcomeUnknown.into()
}
