//! Planning: reads what is there, and writes down for each row what will be done. It sends no write.

use std::collections::HashMap;
use std::sync::Arc;

use domain::arn::{AppInstanceArn, ResourceArn};
use domain::input::ListAppInstanceUsers;
use domain::plan::{Change, Decision, Described, Present, Reads, Why, decide};
use domain::snapshot::Snapshot as _;
use domain::view::AppInstanceUserSummary;
use domain::{Cause, JobState, RowState, Verdict};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use sqlx::AnyConnection;

use super::batch::Halt;
use super::item::{Item, kept_text, text, token};
use super::lease::holds;
use super::worker::{ABREAST, Worker};
use super::{present, retry};
use crate::access::Caller;
use crate::commands::Acting;
use crate::identity::Listing;
use crate::store::{for_rows, within};

/// Beyond so many rows that only ask whether a user is there, reading the list is cheaper than asking
/// for each: it has 50 on a page.
const FEW: usize = 25;
/// How many users are on a page of the list.
const ON_A_PAGE: u32 = 50;
/// How often a row is read before the plan says that it could not be found out.
const TRIES: u32 = 4;

/// The users of an AppInstance by their id, as its list has them.
type Listed = HashMap<String, AppInstanceUserSummary>;

/// A row with what the plan says.
struct Planned {
    item: Item,
    decision: Decision,
    before: Value,
}

impl Worker {
    /// Decides for each row that is new.
    pub(super) async fn plan(self: &Arc<Self>) -> Result<(), Halt> {
        let mut listed: Option<Listed> = None;
        loop {
            if self.jobs.0.background.is_stopping() {
                return Err(Halt::Moved);
            }
            let (items, damaged) = self.new_rows().await?;
            if !damaged.is_empty() {
                self.give_up(&damaged).await?;
            }
            if items.is_empty() {
                return Ok(());
            }
            let caller = self.rights().await?;
            let asks = items.iter().filter(|item| is_put(&item.change));
            if listed.is_none() && asks.count() > FEW {
                listed = self.list(&caller, &items).await?;
            }
            let planned: Vec<_> = stream::iter(items)
                .map(|item| self.find_out(&caller, item, listed.as_ref()))
                .buffer_unordered(ABREAST)
                .collect()
                .await;
            let planned = planned.into_iter().collect::<Result<Vec<_>, _>>()?;
            self.write_plan(planned).await?;
        }
    }

    /// The list of users, if it is not longer than the rows are many; nothing where it is.
    async fn list(&self, caller: &Caller, items: &[Item]) -> Result<Option<Listed>, Halt> {
        let Some(instance) = items
            .first()
            .map(|item| item.subject.arn.instance().clone())
        else {
            return Ok(None);
        };
        let total = self.total().await?;
        let mut listed = Listed::new();
        let (mut token, mut pages) = (None, 0);
        loop {
            let page = match self.page(caller, &instance, token).await {
                Ok(page) => page,
                Err(cause) if retry::is_passing(&cause) => return Ok(None),
                Err(cause) => return Err(Halt::Stopped(cause)),
            };
            for user in page.items {
                if let Some(arn) = user.arn.known() {
                    listed.insert(arn.user_id().as_str().to_owned(), user);
                }
            }
            pages += 1;
            token = page.next_token;
            if token.is_none() {
                return Ok(Some(listed));
            }
            if pages > total {
                return Ok(None);
            }
        }
    }

    async fn page(
        &self,
        caller: &Caller,
        instance: &AppInstanceArn,
        next_token: Option<String>,
    ) -> Result<Listing<AppInstanceUserSummary>, Cause> {
        let mut tries = 0;
        loop {
            let read = ListAppInstanceUsers {
                app_instance_arn: instance.clone(),
                max_results: ON_A_PAGE,
                next_token: next_token.clone(),
            };
            tries += 1;
            match self.acting(caller).call(read).await {
                Ok(page) => return Ok(page),
                Err(failure) if tries < TRIES && retry::is_passing(&failure.cause) => {
                    tokio::time::sleep(retry::pause(tries.into())).await;
                }
                Err(failure) => return Err(failure.cause),
            }
        }
    }

    /// Reads what is there for one row and decides.
    async fn find_out(
        &self,
        caller: &Caller,
        item: Item,
        listed: Option<&Listed>,
    ) -> Result<Planned, Halt> {
        let token = token(&self.lease.job, item.row).map_err(|_| Halt::Store)?;
        let present = match (listed, &item.subject.arn) {
            (Some(listed), ResourceArn::User(arn)) if is_put(&item.change) => {
                match listed.get(arn.user_id().as_str()) {
                    None => Ok(Present::missing()),
                    Some(user) if needs_little(&item.change) => Ok(Present {
                        resource: Some(Described::Listed(user.clone())),
                        ..Present::default()
                    }),
                    Some(_) => self.read(caller, &item).await,
                }
            }
            _ => self.read(caller, &item).await,
        };
        let (decision, before) = match present {
            Ok(present) => {
                let now = self.jobs.now();
                let decision = decide(&item.change, &item.subject, &present, &token, now);
                (decision, present.snapshot())
            }
            Err(cause @ Cause::AwsCredentials(_)) => return Err(Halt::Stopped(cause)),
            Err(Cause::NoSuchPage) => (Decision::cannot(Why::NotCovered), Value::Null),
            Err(cause) if retry::is_passing(&cause) => {
                let unknown = Decision {
                    verdict: Verdict::Unknown,
                    ..Decision::cannot(Why::Failed(cause))
                };
                (unknown, Value::Null)
            }
            Err(cause) => (Decision::cannot(Why::Failed(cause)), Value::Null),
        };
        Ok(Planned {
            item,
            decision,
            before,
        })
    }

    async fn read(&self, caller: &Caller, item: &Item) -> Result<Present, Cause> {
        let reads: Reads = item.change.reads(&item.subject);
        let mut tries = 0;
        loop {
            tries += 1;
            let acting: Acting<'_> = self.acting(caller);
            match present::read(acting, &item.subject, reads).await {
                Ok(present) => return Ok(present),
                Err(failure) if tries < TRIES && retry::is_passing(&failure.cause) => {
                    tokio::time::sleep(retry::pause(tries.into())).await;
                }
                Err(failure) => return Err(failure.cause),
            }
        }
    }

    async fn write_plan(&self, planned: Vec<Planned>) -> Result<(), Halt> {
        let written = async {
            let mut write = self.jobs.0.store.write().await?;
            if !holds(write.on(), &self.lease, Some(JobState::Planning)).await? {
                return Ok(false);
            }
            let (mut will, mut skip, mut cannot, mut unsure, mut calls) = (0, 0, 0, 0, 0);
            for row in &planned {
                match row.decision.verdict {
                    Verdict::Will => will += 1,
                    Verdict::Skip => skip += 1,
                    Verdict::Cannot => cannot += 1,
                    Verdict::Unknown => unsure += 1,
                }
                calls += i64::try_from(row.decision.calls.len()).unwrap_or(0);
            }
            self.write_rows(write.on(), &planned).await?;
            sqlx::query(
                "UPDATE jobs SET will = will + $1, skip = skip + $2, cannot = cannot + $3, \
                 unsure = unsure + $4, calls = calls + $5, skipped = skipped + $2, \
                 failed = failed + $3 WHERE id = $6",
            )
            .bind(will)
            .bind(skip)
            .bind(cannot)
            .bind(unsure)
            .bind(calls)
            .bind(self.lease.job.as_str())
            .execute(write.on())
            .await?;
            write.commit().await?;
            Ok(true)
        };
        match within(written).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Halt::Moved),
            Err(_) => Err(Halt::Store),
        }
    }

    async fn write_rows(&self, on: &mut AnyConnection, rows: &[Planned]) -> sqlx::Result<()> {
        for_rows(
            on,
            "UPDATE job_items SET verdict = v.column3, warning = v.column4, \
             before_values = v.column5, calls = v.column6, why = v.column7, state = v.column8 \
             FROM (VALUES ($1, $2, $3, $4, $5, $6, $7, $8)) AS v \
             WHERE job = v.column1 AND row = v.column2",
            rows,
            |statement, row| {
                let decision = &row.decision;
                let state = match decision.verdict {
                    Verdict::Will | Verdict::Unknown => RowState::Pending,
                    Verdict::Skip => RowState::Skipped,
                    Verdict::Cannot => RowState::Failed,
                };
                statement
                    .bind(self.lease.job.as_str())
                    .bind(row.item.row)
                    .bind(decision.verdict.name())
                    .bind(decision.warning.map(domain::plan::Warning::name))
                    .bind(kept_text(&row.before))
                    .bind(text(&decision.calls))
                    .bind(decision.why.as_ref().map(text))
                    .bind(state.name())
            },
        )
        .await
    }
}

/// Whether a row may be about a user that is not there.
const fn is_put(change: &Change) -> bool {
    matches!(change, Change::Put { .. })
}

/// Whether the row of a list tells enough.
fn needs_little(change: &Change) -> bool {
    match change {
        Change::Put {
            expires,
            tags,
            admin,
            ..
        } => expires.is_none() && tags.is_empty() && !admin,
        _ => false,
    }
}
