//! Jobs for tests: made as an import makes them, or put into a state by hand.

use std::time::Duration;

use backend::jobs::{Around, NewJob, Owner, Row, Wanted};
use backend::{Job, Origin};
use domain::arn::{AppInstanceArn, AppInstanceUserArn};
use domain::name::{UserId, UserName};
use domain::plan::Change;
use domain::tag::Tags;
use domain::{JobId, JobKind, JobState};
use serde_json::Value;

use super::{LONG, TestApp};

/// A user of an AppInstance.
pub fn user_of(instance: &str, id: &str) -> AppInstanceUserArn {
    let instance: AppInstanceArn = instance.parse().unwrap();
    AppInstanceUserArn::new(&instance, &UserId::parse(id).unwrap())
}

/// There is a user of this name.
pub fn named(name: &str) -> Change {
    Change::Put {
        name: Some(UserName::parse(name).unwrap()),
        metadata: None,
        expires: None,
        tags: Tags::default(),
        admin: false,
    }
}

/// Users of these ids, each with a name of its own.
pub fn users_of(instance: &str, ids: &[&str]) -> Vec<Wanted> {
    let each = |id: &&str| {
        let name = format!("Name of {id}");
        Wanted::Change(user_of(instance, id).into(), named(&name))
    };
    ids.iter().map(each).collect()
}

impl TestApp {
    /// Makes a job of somebody at a shell. It is planned when the duties of the console run.
    pub async fn make_job(&self, kind: JobKind, instance: &str, rows: Vec<Wanted>) -> JobId {
        self.make_job_of(Owner::shell("ada"), kind, instance, rows)
            .await
    }

    /// Makes a job.
    pub async fn make_job_of(
        &self,
        owner: Owner,
        kind: JobKind,
        instance: &str,
        rows: Vec<Wanted>,
    ) -> JobId {
        let (connection, within) = ("embedded".parse().unwrap(), instance.parse().unwrap());
        let begun = self.backend.jobs().make(NewJob {
            kind,
            connection: &connection,
            around: Around::Instance(&within),
            owner,
            origin: Origin::default(),
            input: Value::Null,
            source: None,
        });
        let mut making = begun.await.unwrap();
        for (line, wanted) in (2..).zip(rows) {
            let line = Some(line);
            making.add(Row { line, wanted }).await.unwrap();
        }
        making.finish().await.unwrap()
    }

    /// A job of one row in a state, which nobody works on: the duties of the console do not run.
    pub async fn job_in(&self, instance: &str, state: JobState) -> JobId {
        let rows = users_of(instance, &["new"]);
        let job = self.make_job(JobKind::ImportUsers, instance, rows).await;
        self.put_job(&job, state, "total = total").await;
        job
    }

    /// Puts a job into a state, and sets other columns of it.
    pub async fn put_job(&self, job: &JobId, state: JobState, set: &str) {
        let ended = if state.is_over() {
            "created_at"
        } else {
            "NULL"
        };
        let sql = format!(
            "UPDATE jobs SET state = '{}', planned_at = created_at, ended_at = {ended}, {set} \
             WHERE id = '{job}'",
            state.name()
        );
        let mut database = self.open_database().await;
        let sql = sqlx::AssertSqlSafe(sql);
        sqlx::query(sql).execute(&mut database).await.unwrap();
    }

    /// Waits until a job is as it should be.
    pub async fn until_job(&self, id: &JobId, is_there: impl Fn(&Job) -> bool) -> Job {
        let reached = async {
            loop {
                let job = self.backend.jobs().find(id).await.unwrap().unwrap();
                if is_there(&job) {
                    return job;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(LONG, reached).await.unwrap()
    }

    /// Makes a job and waits for its plan.
    pub async fn plan(&self, kind: JobKind, instance: &str, rows: Vec<Wanted>) -> Job {
        self.backend.begin_duties().await;
        let job = self.make_job(kind, instance, rows).await;
        self.until_job(&job, |job| job.state == JobState::Planned)
            .await
    }
}
