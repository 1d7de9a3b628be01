//! From a received file to a job: its rows are checked, and become the rows of the job.

use std::time::Duration;

use domain::arn::AppInstanceArn;
use domain::event::ConsoleEvent;
use domain::import::{Kind, RawRow};
use domain::plan::Why;
use domain::{Cause, Failure, JobId};
use serde_json::json;
use tokio::time::timeout;

use super::receive::written;
use super::{Imports, Kept, RowsOfFile, may_import};
use crate::access::{Caller, Origin};
use crate::audit::Actor;
use crate::connections::Connection;
use crate::jobs::{Around, Making, NewJob, Owner, Wanted};
use crate::random;
use crate::store::within;

/// How long making a job of a file may take; somebody may try again after that, in milliseconds.
const MAKING: i64 = 600_000;

/// How long an operator waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a check of all rows found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// Rows that can be planned.
    pub good: u64,
    /// Rows that cannot.
    pub refused: u64,
    /// Good rows that differ from an earlier one only in capital letters.
    pub case_only: u64,
    /// The first refused rows: the line, and why.
    pub first: Vec<(u64, Why)>,
}

impl Imports {
    /// Checks all rows of a file, without a call of AWS. Keeps the first `most` that are refused.
    pub async fn check(&self, file: &Kept, most: usize) -> Result<Checked, Failure> {
        let mut rows = RowsOfFile::new(file.mapping.clone(), file.instance.clone());
        let mut checked = Checked::default();
        for part in 0.. {
            let Some(raw) = self.rows(&file.id, part).await? else {
                break;
            };
            for raw in raw {
                match rows.row(&raw).wanted {
                    Wanted::Change(..) => checked.good += 1,
                    Wanted::Refused(_, why) => {
                        checked.refused += 1;
                        if checked.first.len() < most {
                            checked.first.push((raw.line, why));
                        }
                    }
                }
            }
            // Others get their turn: checking is work of the processor alone.
            tokio::task::yield_now().await;
        }
        checked.case_only = rows.case_only();
        Ok(checked)
    }

    /// The refused rows of a part, each with why; `rows` has seen the parts before. Nothing after the
    /// last part.
    pub async fn refused(
        &self,
        file: &Kept,
        rows: &mut RowsOfFile,
        part: i64,
    ) -> Result<Option<Vec<(RawRow, Why)>>, Failure> {
        let raw = self.rows(&file.id, part).await?;
        let refused = |raw: RawRow| match rows.row(&raw).wanted {
            Wanted::Change(..) => None,
            Wanted::Refused(_, why) => Some((raw, why)),
        };
        Ok(raw.map(|raw| raw.into_iter().filter_map(refused).collect()))
    }

    /// Makes a job of a file: all rows, the refused ones with why. The rows kept here go then. A job
    /// of the same owner, of the same file with the same columns, that is not over is gone on with.
    ///
    /// Runs to its end also when nobody waits any more. Answers nothing when that takes long, or when
    /// another request makes the job already: the file then says so ([`Kept::is_claimed`]) until it has
    /// its job. Who asks may ([`Imports::allow`]).
    pub async fn plan(
        &self,
        caller: &Caller,
        origin: Origin,
        file: &Kept,
    ) -> Result<Option<JobId>, Failure> {
        if file.job.is_some() {
            return Ok(file.job.clone());
        }
        if !file.mapping.problems().is_empty() {
            return Err(Cause::Outdated.into());
        }
        let (imports, file) = (self.clone(), file.clone());
        let owner = Owner::from(caller);
        let caller = caller.clone();
        let making = self.0.background.finish(async move {
            if !imports.claim(&file).await? {
                return Ok(None);
            }
            let made = imports.make(&caller, owner, origin, &file).await;
            if let Ok(job) = &made {
                imports.settle(&file, job).await?;
            } else {
                tracing::warn!("no job could be made of a file");
                imports.release(&file).await?;
            }
            made.map(Some)
        });
        match timeout(PATIENCE, making).await {
            Ok(made) => made.map_err(|_| Cause::Internal)?,
            Err(_elapsed) => Ok(None),
        }
    }

    /// Fails unless somebody may make a plan of rows of this kind; the audit has each refusal.
    pub async fn allow(
        &self,
        caller: &Caller,
        connection: &Connection,
        instance: &AppInstanceArn,
        kind: Kind,
    ) -> Result<(), Failure> {
        let Err(failure) = may_import(caller, connection, kind, self.0.clock.now()) else {
            return Ok(());
        };
        let actor = Actor {
            operator: Some(&caller.operator),
            username: &caller.username,
            remote: caller.remote,
            request_id: &caller.request_id,
        };
        let detail = json!({ "Kind": kind.job().name(), "AppInstanceArn": instance.as_str() });
        let event = ConsoleEvent::PlanJob;
        let noted = self.0.audit.note_refusal(&actor, event, detail, &failure);
        noted.await?;
        Err(failure)
    }

    async fn make(
        &self,
        caller: &Caller,
        owner: Owner,
        origin: Origin,
        file: &Kept,
    ) -> Result<JobId, Failure> {
        let source = source_of(file)?;
        let earlier = self.0.jobs.of_source(&source).await?;
        if let Some(job) = earlier.filter(|job| job.owner.is(caller)) {
            return Ok(job.id);
        }
        let new = NewJob {
            kind: file.kind.job(),
            connection: &file.connection,
            around: Around::Instance(&file.instance),
            owner,
            origin,
            input: json!({ "Rows": file.total }),
            source: Some(source),
        };
        let mut making = self.0.jobs.make(new).await?;
        match self.fill(&mut making, file).await {
            Ok(()) => making.finish().await,
            Err(failure) => {
                making.give_up().await;
                Err(failure)
            }
        }
    }

    /// Adds all rows of a file to a job. Fails when some are gone: a job of a part of a file would look
    /// like one of the whole.
    async fn fill(&self, making: &mut Making, file: &Kept) -> Result<(), Failure> {
        let mut rows = RowsOfFile::new(file.mapping.clone(), file.instance.clone());
        let mut count = 0;
        for part in 0.. {
            let Some(raw) = self.rows(&file.id, part).await? else {
                break;
            };
            for raw in raw {
                making.add(rows.row(&raw)).await?;
                count += 1;
            }
        }
        if count == file.total {
            return Ok(());
        }
        Err(Cause::Outdated.into())
    }

    /// Says that a job is being made of a file, unless another request does so.
    async fn claim(&self, file: &Kept) -> Result<bool, Failure> {
        let now = self.0.clock.now().0;
        let claimed = sqlx::query(
            "UPDATE imports SET claimed_until = $1 WHERE id = $2 AND job IS NULL \
             AND claimed_until < $3",
        )
        .bind(now + MAKING)
        .bind(&file.id)
        .bind(now)
        .execute(self.0.store.pool());
        Ok(within(claimed).await?.rows_affected() > 0)
    }

    async fn release(&self, file: &Kept) -> Result<(), Failure> {
        let released = sqlx::query("UPDATE imports SET claimed_until = 0 WHERE id = $1")
            .bind(&file.id)
            .execute(self.0.store.pool());
        within(released).await.map(drop)
    }

    /// Notes the job, and takes away the rows that it has now.
    async fn settle(&self, file: &Kept, job: &JobId) -> Result<(), Failure> {
        within(async {
            let mut write = self.0.store.write().await?;
            sqlx::query("UPDATE imports SET job = $1 WHERE id = $2")
                .bind(job.as_str())
                .bind(&file.id)
                .execute(write.on())
                .await?;
            sqlx::query("DELETE FROM import_parts WHERE import = $1")
                .bind(&file.id)
                .execute(write.on())
                .await?;
            write.commit().await
        })
        .await
    }
}

/// What makes the same job again: the bytes, where they go, and what the columns are.
fn source_of(file: &Kept) -> Result<String, Failure> {
    let parts = [
        file.sha256.as_str(),
        file.connection.as_str(),
        file.instance.as_str(),
        &written(&file.mapping)?,
    ];
    Ok(random::sha256(parts.join("\n").as_bytes()))
}
