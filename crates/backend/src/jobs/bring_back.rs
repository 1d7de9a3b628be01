//! A plan that makes again what was deleted, from what the audit kept of it.

use domain::arn::{AppInstanceArn, ResourceArn};
use domain::plan::bring_back;
use domain::{Cause, ConnectionId, Event, Failure, JobId, JobKind, Operation};
use serde_json::{Value, json};

use super::{Around, Job, Jobs, Making, NewJob, Owner, Row, Wanted};
use crate::access::Caller;
use crate::audit::{AuditFilter, Entry, Phase};

/// How many entries are read at once.
const AT_ONCE: u32 = 500;

impl Jobs {
    /// Makes a plan that brings one user back that was deleted. `Cause::NoSuchPage` when the entry is of
    /// something else, or does not have what was there.
    pub async fn bring_back(&self, caller: &Caller, entry: &Entry) -> Result<JobId, Failure> {
        let row = brought_back(entry).ok_or(Cause::NoSuchPage)?;
        let (Some(connection), Some(instance)) = (
            entry.connection.as_ref(),
            entry.instance.as_ref().and_then(|arn| arn.known()),
        ) else {
            return Err(Cause::NoSuchPage.into());
        };
        let input = json!({ "Entry": entry.id });
        let mut making = self.begin_back(caller, connection, instance, input).await?;
        let added = making.add(row).await;
        making.end(added).await
    }

    /// Makes a plan that brings all users back that a job deleted.
    pub async fn bring_all_back(&self, caller: &Caller, job: &Job) -> Result<JobId, Failure> {
        let instance = job.instance.known().ok_or(Cause::NoSuchPage)?;
        let connection = &job.scope.connection;
        let input = json!({ "Job": job.id });
        let mut making = self.begin_back(caller, connection, instance, input).await?;
        let added = self.add_deleted(caller, job, &mut making).await;
        making.end(added).await
    }

    /// Adds the users that a job deleted.
    async fn add_deleted(
        &self,
        caller: &Caller,
        job: &Job,
        making: &mut Making,
    ) -> Result<(), Failure> {
        let filter = AuditFilter {
            job: Some(job.id.clone()),
            operation: Some(Operation::DeleteAppInstanceUser.name().to_owned()),
            outcome: Some(Phase::Succeeded),
            ..AuditFilter::default()
        };
        let reader = self.0.calls.audit().seen_by(caller);
        let mut before = None;
        loop {
            let entries = reader.recent(&filter, before, AT_ONCE).await?;
            let Some(last) = entries.last() else {
                return Ok(());
            };
            before = Some(last.seq);
            for row in entries.iter().filter_map(brought_back) {
                making.add(row).await?;
            }
        }
    }

    /// Begins the plan, if the operator may make it.
    async fn begin_back(
        &self,
        caller: &Caller,
        connection: &ConnectionId,
        instance: &AppInstanceArn,
        input: Value,
    ) -> Result<Making, Failure> {
        let kind = JobKind::BringBack;
        let around = Around::Instance(instance);
        self.may_plan(caller, kind, connection, around).await?;
        let new = NewJob {
            kind,
            connection,
            around,
            owner: Owner::from(caller),
            origin: caller.origin(),
            input,
            source: None,
        };
        self.make(new).await
    }
}

/// Whether an entry is of a user that was deleted and can be brought back.
pub fn can_bring_back(entry: &Entry) -> bool {
    brought_back(entry).is_some_and(|row| matches!(row.wanted, Wanted::Change(..)))
}

/// The row that makes a user again; `None` for an entry that is not of a user that was deleted.
fn brought_back(entry: &Entry) -> Option<Row> {
    let is_delete = entry.event == Event::from(Operation::DeleteAppInstanceUser);
    if !is_delete || entry.phase != Phase::Succeeded {
        return None;
    }
    let before = entry.before.as_ref()?;
    let arn = entry.resource.as_ref()?.known()?;
    let ResourceArn::User(_) = arn else {
        return None;
    };
    let wanted = match bring_back(before) {
        Ok(change) => Wanted::Change(arn.clone().into(), change),
        Err(why) => Wanted::Refused(arn.as_str().to_owned(), why),
    };
    Some(Row { line: None, wanted })
}
