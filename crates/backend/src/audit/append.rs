//! Appending to the audit.

use std::time::Duration;

use domain::event::ConsoleEvent;
use domain::{Event, Failure};
use metrics::counter;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Row as _};

use super::chain::Row;
use super::{Actor, Audit, Begun, Outcome, Phase};
use crate::access::Caller;
use crate::access::still_on;
use crate::identity::Made;
use crate::measure::AUDIT_ROWS;
use crate::random;
use crate::store::{Statement, Write, for_rows, holdable, within};

impl Audit {
    /// Writes down what happened in the console itself: somebody signed in, an operator was
    /// added. Returns the entry's id.
    pub async fn note(
        &self,
        actor: &Actor<'_>,
        event: impl Into<Event>,
        detail: Value,
    ) -> Result<String, Failure> {
        let row = Row {
            operation: event.into().to_string(),
            input: (!detail.is_null()).then(|| detail.to_string()),
            ..self.row(Phase::Noted, Some(actor))
        };
        self.append(row).await
    }

    /// The same within a transaction that changes something in the console: both happen, or
    /// neither. Call this last: it locks the end of the chain until the transaction ends.
    pub(crate) async fn note_on(
        &self,
        on: &mut AnyConnection,
        actor: &Actor<'_>,
        event: impl Into<Event>,
        detail: Value,
    ) -> sqlx::Result<()> {
        let row = Row {
            operation: event.into().to_string(),
            input: (!detail.is_null()).then(|| detail.to_string()),
            ..self.row(Phase::Noted, Some(actor))
        };
        append(on, row).await
    }

    /// Writes down an event of the console that was not allowed.
    pub(crate) async fn note_refusal(
        &self,
        actor: &Actor<'_>,
        event: impl Into<Event>,
        detail: Value,
        failure: &Failure,
    ) -> Result<String, Failure> {
        self.append(self.refused(actor, event, &detail, failure))
            .await
    }

    /// The same within a transaction, as its last statement like [`Audit::note_on`].
    pub(crate) async fn note_refusal_on(
        &self,
        on: &mut AnyConnection,
        actor: &Actor<'_>,
        event: impl Into<Event>,
        detail: Value,
        failure: &Failure,
    ) -> sqlx::Result<()> {
        append(on, self.refused(actor, event, &detail, failure)).await
    }

    fn refused(
        &self,
        actor: &Actor<'_>,
        event: impl Into<Event>,
        detail: &Value,
        failure: &Failure,
    ) -> Row {
        Row {
            operation: event.into().to_string(),
            input: (!detail.is_null()).then(|| detail.to_string()),
            failure: Some(failure.cause.code().to_owned()),
            ..self.row(Phase::Refused, Some(actor))
        }
    }

    /// Starts a transaction that changes or uses a right, and that ends with a row in the audit.
    pub(crate) async fn write(&self) -> sqlx::Result<Write> {
        self.store.write_in_turn().await
    }

    /// Writes down a call that is about to be sent, if `may` allows it with the caller's present
    /// rights; otherwise writes down that it was refused. Right and row are checked and written in
    /// one transaction. Never send a call without this row.
    pub(crate) async fn begin<T>(
        &self,
        begun: &Begun<'_>,
        caller: &Caller,
        may: impl FnOnce(&Caller) -> Result<T, Failure>,
    ) -> Result<(String, T), Failure> {
        let mut row = self.row_of(begun, Phase::Begun);
        let entry = row.entry.clone();
        let opening = self.open.begin(entry.clone());
        let written = async {
            let mut write = self.write().await?;
            let still = still_on(write.on(), caller, self.clock.now()).await?;
            let allowed = still.and_then(|caller| may(&caller));
            if let Err(failure) = &allowed {
                Phase::Refused.name().clone_into(&mut row.phase);
                row.failure = Some(failure.cause.code().to_owned());
            }
            append(write.on(), row).await?;
            write.commit().await?;
            Ok(allowed)
        };
        match within(written).await? {
            Ok(allowed) => Ok((opening.keep(), allowed)),
            Err(mut failure) => {
                failure.trace.entry = Some(entry);
                Err(failure)
            }
        }
    }

    /// Writes down a call that was not allowed.
    pub(crate) async fn refuse(
        &self,
        begun: &Begun<'_>,
        failure: &Failure,
    ) -> Result<String, Failure> {
        let row = Row {
            failure: Some(failure.cause.code().to_owned()),
            ..self.row_of(begun, Phase::Refused)
        };
        self.append(row).await
    }

    /// The row of a call that a job is about to send, for [`Audit::append_rows`].
    pub(crate) fn begun(&self, begun: &Begun<'_>) -> Row {
        self.row_of(begun, Phase::Begun)
    }

    /// The row of how a call ended, for [`Audit::append_rows`].
    pub(crate) fn outcome(
        &self,
        entry: &str,
        outcome: Outcome,
        aws_request: Option<String>,
        made: Option<Made>,
    ) -> Row {
        let mut row = Row {
            entry: entry.to_owned(),
            aws_request,
            ..self.row(outcome.phase(), None)
        };
        if let Outcome::Failed(code) = outcome {
            row.failure = Some(code.to_owned());
        }
        match made {
            Some(Made::Resource(arn)) => row.resource = Some(arn),
            Some(Made::Endpoint(id)) => row.input = Some(json!({ "EndpointId": id }).to_string()),
            None => {}
        }
        row
    }

    /// Adds rows within a transaction that began with [`Audit::write`]: what a job is about to send,
    /// or what became of it.
    pub(crate) async fn append_rows(
        &self,
        on: &mut AnyConnection,
        rows: Vec<Row>,
    ) -> sqlx::Result<()> {
        append_all(on, rows).await
    }

    /// Writes down how a call ended. Tries a few times, since the call cannot be taken back; a row
    /// that stays open is closed by [`Audit::recover`].
    pub(crate) async fn finish(
        &self,
        entry: &str,
        outcome: Outcome,
        aws_request: Option<String>,
        made: Option<Made>,
    ) {
        let row = self.outcome(entry, outcome, aws_request, made);
        for wait in [0, 200, 1000, 3000] {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            if self.append(row.clone()).await.is_ok() {
                break;
            }
        }
        self.open.with(|open| open.remove(entry));
    }

    /// Writes down that somebody looked at an entry whose outcome is unknown, and gives it the
    /// outcome that was found, if one was; unless `may` refuses the caller with their present
    /// rights.
    pub(crate) async fn looked(
        &self,
        caller: &Caller,
        entry: &str,
        found: Option<Outcome>,
        may: impl FnOnce(&Caller) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let actor = Actor::from(caller);
        let outcome = found.map_or("unclear", |outcome| outcome.phase().name());
        let note = Row {
            operation: ConsoleEvent::LookAgain.name().to_owned(),
            input: Some(json!({ "Entry": entry, "Found": outcome }).to_string()),
            ..self.row(Phase::Noted, Some(&actor))
        };
        let row = found.map(|outcome| Row {
            entry: entry.to_owned(),
            failure: match outcome {
                Outcome::Failed(code) => Some(code.to_owned()),
                Outcome::Succeeded | Outcome::Unknown => None,
            },
            ..self.row(outcome.phase(), Some(&actor))
        });
        let written = async {
            let mut write = self.write().await?;
            let still = still_on(write.on(), caller, self.clock.now()).await?;
            if let Err(failure) = still.and_then(|caller| may(&caller)) {
                return Ok(Err(failure));
            }
            for row in row.into_iter().chain([note]) {
                append(write.on(), row).await?;
            }
            write.commit().await?;
            Ok(Ok(()))
        };
        within(written).await?
    }

    pub(super) fn row(&self, phase: Phase, actor: Option<&Actor<'_>>) -> Row {
        let mut row = Row {
            entry: random::id(),
            phase: phase.name().to_owned(),
            at: self.clock.now().0,
            ..Row::default()
        };
        if let Some(actor) = actor {
            row.operator = actor.operator.map(ToString::to_string);
            actor.username.clone_into(&mut row.username);
            row.remote = actor.remote.map(|remote| remote.to_string());
            actor.request_id.clone_into(&mut row.request);
        }
        row
    }

    fn row_of(&self, begun: &Begun<'_>, phase: Phase) -> Row {
        let mut input = begun.input.clone();
        mask(&mut input);
        let before = begun.before.clone().map(|mut before| {
            mask(&mut before);
            before.to_string()
        });
        Row {
            connection: Some(begun.scope.connection.to_string()),
            region: Some(begun.scope.region.to_string()),
            operation: begun.operation.to_owned(),
            resource: begun.resource.clone(),
            instance: begun.instance.clone(),
            input: Some(input.to_string()),
            before,
            job: begun.job.clone(),
            ..self.row(phase, Some(&begun.actor))
        }
    }

    /// Adds a row to the end of the chain. Returns its entry's id.
    async fn append(&self, row: Row) -> Result<String, Failure> {
        let entry = row.entry.clone();
        within(self.append_row(row)).await?;
        Ok(entry)
    }

    async fn append_row(&self, row: Row) -> sqlx::Result<()> {
        let mut write = self.store.write().await?;
        append(write.on(), row).await?;
        write.commit().await
    }
}

/// Adds a row to the end of the chain.
pub(super) async fn append(on: &mut AnyConnection, row: Row) -> sqlx::Result<()> {
    append_all(on, vec![row]).await
}

/// Adds rows to the end of the chain, in their order. The end is locked and moved once for all.
pub(super) async fn append_all(on: &mut AnyConnection, rows: Vec<Row>) -> sqlx::Result<()> {
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    // Locks the end of the chain on both databases: two nodes never write the same link.
    let head = sqlx::query("UPDATE audit_head SET seq = seq + $1 WHERE id = 1 RETURNING seq, hash")
        .bind(count)
        .fetch_one(&mut *on)
        .await?;
    let last: i64 = head.try_get(0)?;
    let mut previous: String = head.try_get(1)?;
    let mut links = Vec::with_capacity(rows.len());
    for (seq, mut row) in (last - count + 1..).zip(rows) {
        row.seq = seq;
        // What somebody typed as a name; the rest is ours, or JSON.
        row.username = holdable(&row.username).into_owned();
        let hash = row.hash(&previous);
        let previous = std::mem::replace(&mut previous, hash.clone());
        links.push(Link {
            row,
            previous,
            hash,
        });
    }
    for_rows(
        &mut *on,
        "INSERT INTO audit (seq, entry, phase, at, operator, username, remote, request, \
         connection, region, operation, resource, instance, input, before_values, failure, \
         aws_request, job, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
         $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        &links,
        Link::bind,
    )
    .await?;
    sqlx::query("UPDATE audit_head SET hash = $1 WHERE id = 1")
        .bind(previous)
        .execute(&mut *on)
        .await?;
    for link in links {
        counter!(AUDIT_ROWS, "phase" => link.row.phase).increment(1);
    }
    Ok(())
}

/// A row at its place in the chain.
struct Link {
    row: Row,
    /// The hash of the row before it.
    previous: String,
    hash: String,
}

impl Link {
    fn bind(statement: Statement, link: &Self) -> Statement {
        let row = &link.row;
        statement
            .bind(row.seq)
            .bind(&row.entry)
            .bind(&row.phase)
            .bind(row.at)
            .bind(&row.operator)
            .bind(&row.username)
            .bind(&row.remote)
            .bind(&row.request)
            .bind(&row.connection)
            .bind(&row.region)
            .bind(&row.operation)
            .bind(&row.resource)
            .bind(&row.instance)
            .bind(&row.input)
            .bind(&row.before)
            .bind(&row.failure)
            .bind(&row.aws_request)
            .bind(&row.job)
            .bind(&link.previous)
            .bind(&link.hash)
    }
}

/// Replaces device tokens, wherever they are: with one, anybody can send pushes to the device.
pub(crate) fn mask(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if name == "DeviceToken" || name == "VoipDeviceToken" {
                    *value = Value::String("•••".to_owned());
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mask),
        _ => {}
    }
}
