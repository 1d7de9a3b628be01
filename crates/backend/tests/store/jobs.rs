//! The life of a job on both databases: each statement of it runs there.

use std::time::Duration;

use backend::jobs::{Around, By, NewJob, Owner, Row, RowFilter, Wanted, Whose};
use backend::{Backend, Credentials, Job, OperatorId, Origin};
use domain::arn::{AppInstanceArn, AppInstanceUserArn};
use domain::input::{CreateAppInstance, Input as _};
use domain::name::{AppInstanceName, Metadata, UserId, UserName};
use domain::plan::{Change, Warning, Why};
use domain::tag::Tags;
use domain::{JobId, JobKind, JobState, Region, Role, RowState, Verdict};
use emulator::Emulator;
use serde_json::Value;

use crate::database::{Database, caller, connection, on_both};

on_both! {
    a_job_is_planned_run_retried_and_taken_away
    a_job_that_one_process_paused_goes_on_in_another
    a_job_that_is_cancelled_has_an_outcome_for_every_row
    who_may_not_see_an_app_instance_sees_no_job_on_it
    a_job_over_several_is_seen_by_its_owner_and_by_those_who_have_the_region
    a_job_again_has_the_same_rows_and_leaves_the_first_as_it_was
}

/// A backend over the database, and a service that answers it.
struct World {
    database: Database,
    emulator: Emulator,
    backend: Backend,
    instance: AppInstanceArn,
}

impl World {
    async fn start(database: Database) -> Self {
        let config = emulator::Config::in_memory("test", "test", "us-east-1");
        let emulator = Emulator::start(config).await.unwrap();
        let backend = open(&database, &emulator).await;
        let input = CreateAppInstance {
            name: AppInstanceName::parse("Support").unwrap(),
            metadata: Metadata::parse("").unwrap(),
            client_request_token: "instance".parse().unwrap(),
            tags: Tags::default(),
        };
        let input = input.in_region(Region::UsEast1);
        let (admin, connection) = (caller(Role::Admin), connection());
        let made = backend.calls().call(&admin, &connection, input).await;
        let instance = made.unwrap().known().cloned().unwrap();
        Self {
            database,
            emulator,
            backend,
            instance,
        }
    }

    fn user(&self, id: &str) -> AppInstanceUserArn {
        AppInstanceUserArn::new(&self.instance, &UserId::parse(id).unwrap())
    }

    async fn plan(&self, kind: JobKind, rows: Vec<Wanted>) -> Job {
        self.backend.begin_duties().await;
        let connection = connection();
        let making = self.backend.jobs().make(NewJob {
            kind,
            connection: &connection,
            around: Around::Instance(&self.instance),
            owner: Owner::shell("ada"),
            origin: Origin::default(),
            input: Value::Null,
            source: Some("a-file".into()),
        });
        let mut making = making.await.unwrap();
        for wanted in rows {
            making.add(Row { line: None, wanted }).await.unwrap();
        }
        let id = making.finish().await.unwrap();
        until(&self.backend, &id, JobState::Planned).await
    }

    fn creates(&self, count: usize) -> Vec<Wanted> {
        let put = |n: usize| {
            let change = Change::Put {
                name: Some(UserName::parse(&format!("User {n}")).unwrap()),
                metadata: None,
                expires: None,
                tags: Tags::default(),
                admin: false,
            };
            Wanted::Change(self.user(&format!("user-{n}")).into(), change)
        };
        (0..count).map(put).collect()
    }

    async fn run(&self, job: &Job) -> Job {
        let typed = job.plan.will.to_string();
        let jobs = self.backend.jobs();
        jobs.start(By::Shell("ada"), &job.id, &typed).await.unwrap();
        until(&self.backend, &job.id, JobState::Done).await
    }
}

async fn open(database: &Database, emulator: &Emulator) -> Backend {
    let mut config = database.config();
    config.connection.endpoint_url = Some(format!("http://{}", emulator.address()));
    config.connection.credentials = Credentials::Static {
        access_key_id: "test".into(),
        secret_access_key: "test".into(),
    };
    Backend::open(config).await.unwrap()
}

async fn until(backend: &Backend, id: &JobId, state: JobState) -> Job {
    let reached = async {
        loop {
            let job = backend.jobs().find(id).await.unwrap().unwrap();
            if job.state == state && (state != JobState::Cancelled || job.ended.is_some()) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let reached = tokio::time::timeout(Duration::from_mins(1), reached).await;
    reached.unwrap_or_else(|_| panic!("the job is never {state}"))
}

async fn a_job_is_planned_run_retried_and_taken_away(database: Database) {
    let world = World::start(database).await;
    let jobs = world.backend.jobs();
    let mut rows = world.creates(70);
    rows.push(Wanted::Refused("-x".into(), Why::NameNeeded));
    rows.push(Wanted::Change(world.user("nobody").into(), Change::Promote));
    let job = world.plan(JobKind::ImportUsers, rows).await;
    assert_eq!((job.plan.will, job.plan.cannot), (70, 2));
    assert_eq!(jobs.of_source("a-file").await.unwrap().unwrap().id, job.id);

    let job = world.run(&job).await;
    assert_eq!(job.tally.to_string(), "done 70, skipped 0, failed 2");
    assert_eq!(jobs.of_source("a-file").await.unwrap(), None, "it is over");
    assert_eq!(jobs.reasons(&job.id).await.unwrap().len(), 2);
    let failed = RowFilter {
        state: Some(RowState::Failed),
        verdict: None,
    };
    let page = jobs.rows(&job.id, failed, 0, 1).await.unwrap();
    assert_eq!((page.rows[0].row, page.more), (71, true));
    let will = RowFilter {
        state: None,
        verdict: Some(Verdict::Will),
    };
    assert_eq!(
        jobs.rows(&job.id, will, 60, 50).await.unwrap().rows.len(),
        10
    );

    // Only what was read can be read again.
    jobs.retry(By::Shell("ada"), &job.id).await.unwrap();
    let job = until(&world.backend, &job.id, JobState::Planned).await;
    assert_eq!((job.plan.will, job.plan.cannot), (0, 2));
    let job = world.run(&job).await;
    assert_eq!(job.tally.to_string(), "done 70, skipped 0, failed 2");

    let delete = Wanted::Change(world.user("user-1").into(), Change::Delete);
    let delete = world.plan(JobKind::Delete, vec![delete]).await;
    let warnings = jobs.warnings(&delete.id).await.unwrap();
    assert_eq!(warnings, [(Warning::Deletes, 1)]);
    assert_eq!(
        jobs.list(None, &Whose::All, None, 10)
            .await
            .unwrap()
            .jobs
            .len(),
        2
    );

    // A plan that nobody runs goes after a week, results after 90 days.
    for (days, left) in [(8, 1), (91, 0)] {
        world.database.clock.advance(days * 86_400_000);
        world.backend.begin_duties().await;
        let gone = async {
            while jobs
                .list(None, &Whose::All, None, 10)
                .await
                .unwrap()
                .jobs
                .len()
                != left
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), gone)
            .await
            .unwrap();
    }
}

async fn a_job_that_one_process_paused_goes_on_in_another(database: Database) {
    let world = World::start(database).await;
    let job = world.plan(JobKind::ImportUsers, world.creates(5)).await;
    world
        .backend
        .background()
        .stop(Duration::from_secs(10))
        .await;
    let other = open(&world.database, &world.emulator).await;
    other.begin_duties().await;

    // The first process is stopped, but can still write what somebody asks.
    let jobs = world.backend.jobs();
    jobs.start(By::Shell("ada"), &job.id, "").await.unwrap();

    let job = until(&other, &job.id, JobState::Done).await;
    assert_eq!(job.tally.to_string(), "done 5, skipped 0, failed 0");
}

async fn a_job_that_is_cancelled_has_an_outcome_for_every_row(database: Database) {
    let world = World::start(database).await;
    let job = world.plan(JobKind::ImportUsers, world.creates(20)).await;
    let jobs = world.backend.jobs();

    jobs.cancel(By::Shell("ada"), &job.id).await.unwrap();

    let job = until(&world.backend, &job.id, JobState::Cancelled).await;
    assert_eq!(job.tally.to_string(), "done 0, skipped 20, failed 0");
    let rows = jobs
        .rows(&job.id, RowFilter::default(), 0, 50)
        .await
        .unwrap()
        .rows;
    assert!(rows.iter().all(|row| row.why == Some(Why::NotReached)));
    // What was not reached can be planned again.
    jobs.retry(By::Shell("ada"), &job.id).await.unwrap();
    let job = until(&world.backend, &job.id, JobState::Planned).await;
    assert_eq!((job.plan.will, job.tally.settled()), (20, 0));
}

async fn who_may_not_see_an_app_instance_sees_no_job_on_it(database: Database) {
    let world = World::start(database).await;
    let job = world.plan(JobKind::ImportUsers, world.creates(1)).await;
    let jobs = world.backend.jobs();
    let admin = caller(Role::Admin);
    let mut limited = caller(Role::Admin);
    limited.grant = "test/eu-central-1".parse().unwrap();

    assert!(jobs.get(&admin, &job.id).await.unwrap().is_some());
    assert!(jobs.get(&limited, &job.id).await.unwrap().is_none());
    let listed = jobs
        .list(Some(&limited), &Whose::All, None, 10)
        .await
        .unwrap();
    assert_eq!((listed.jobs.len(), listed.next), (0, None));
    let own = Whose::Of(admin.operator.clone());
    assert!(
        jobs.list(Some(&admin), &own, None, 10)
            .await
            .unwrap()
            .jobs
            .is_empty()
    );
    assert!(jobs.active(&limited).await.unwrap().is_empty());
    let started = jobs.start(By::Operator(&limited), &job.id, "").await;
    assert_eq!(started.unwrap_err().cause, domain::Cause::NoSuchPage);
}

async fn a_job_over_several_is_seen_by_its_owner_and_by_those_who_have_the_region(
    database: Database,
) {
    let world = World::start(database).await;
    let (jobs, connection) = (world.backend.jobs(), connection());
    let seen_by = |operator: &str, grant: &str| {
        let mut caller = caller(Role::Operator);
        caller.operator = OperatorId::from(operator.to_owned());
        caller.grant = grant.parse().unwrap();
        caller
    };
    let own = world.instance.as_str();
    let owner = seen_by("op-1", own);
    let making = jobs.make(NewJob {
        kind: JobKind::Tag,
        connection: &connection,
        around: Around::Region(Region::UsEast1),
        owner: Owner::from(&owner),
        origin: Origin::default(),
        input: Value::Null,
        source: None,
    });
    let mut making = making.await.unwrap();
    let tags = Tags::from_service([("team".to_owned(), "blue".to_owned())]);
    let wanted = Wanted::Change(world.instance.clone().into(), Change::Tag(tags));
    making.add(Row { line: None, wanted }).await.unwrap();
    let id = making.finish().await.unwrap();

    for (operator, grant, is_seen) in [
        ("op-1", own, true),
        ("op-2", "test/us-east-1", true),
        ("op-2", "*", true),
        ("op-2", own, false),
        ("op-1", "test/eu-central-1", false),
        ("op-1", &format!("{own}0"), false),
    ] {
        let caller = seen_by(operator, grant);
        let found = jobs.get(&caller, &id).await.unwrap();
        assert_eq!(found.is_some(), is_seen, "{operator} {grant}");
        let all = jobs.list(Some(&caller), &Whose::All, None, 10);
        assert_eq!(all.await.unwrap().jobs.len(), usize::from(is_seen));
        let active = jobs.active(&caller).await.unwrap();
        assert_eq!(active.len(), usize::from(is_seen));
    }
}

async fn a_job_again_has_the_same_rows_and_leaves_the_first_as_it_was(database: Database) {
    let world = World::start(database).await;
    let (jobs, admin) = (world.backend.jobs(), caller(Role::Admin));
    let mut rows = world.creates(2);
    rows.push(Wanted::Refused("-x".into(), Why::NameNeeded));
    let job = world.plan(JobKind::ImportUsers, rows).await;
    let too_early = jobs.again(&admin, &job).await.unwrap_err();
    assert_eq!(too_early.cause, domain::Cause::Changed(None));
    let job = world.run(&job).await;

    let id = jobs.again(&admin, &job).await.unwrap();

    let again = jobs.find(&id).await.unwrap().unwrap();
    assert_eq!((again.total, again.kind), (3, JobKind::ImportUsers));
    assert!(again.owner.is(&admin), "{again:?}");
    let all = RowFilter::default();
    let named = async |id: &JobId| {
        let rows = jobs.rows(id, all, 0, 10).await.unwrap().rows.into_iter();
        rows.map(|row| row.resource).collect::<Vec<_>>()
    };
    assert_eq!(named(&id).await, named(&job.id).await);
    let refused = jobs.reasons(&id).await.unwrap();
    assert_eq!((&refused[0].why, refused[0].rows), (&Why::NameNeeded, 1));
    assert_eq!(jobs.find(&job.id).await.unwrap().unwrap().tally, job.tally);
    assert_eq!(jobs.of_source("a-file").await.unwrap(), None);
}
