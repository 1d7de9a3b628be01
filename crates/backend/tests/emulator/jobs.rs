//! Jobs: what is planned, what is sent, and that nothing is lost or done twice whatever goes wrong.

use std::time::Duration;

use backend::jobs::{Around, By, NewJob, Owner, Row, RowFilter, Wanted};
use backend::{AuditFilter, Backend, Clock, Job, Origin, Phase, Point, Verified};
use domain::arn::{AppInstanceArn, AppInstanceUserArn};
use domain::input::{DescribeAppInstanceUser, ListAppInstanceUsers, UpdateAppInstanceUser};
use domain::name::{DeviceToken, EndpointName, UserId, UserName};
use domain::plan::{Change, Expires, Warning, Why};
use domain::settings::EndpointType;
use domain::tag::Tags;
use domain::{Cause, JobId, JobKind, JobState, Role, RowState, Tally, Timestamp, Verdict};
use emulator::{Fault, FaultKind};
use serde_json::Value;

use crate::world::{World, caller, connection, days, describe_user, fault, metadata, tags};

/// Longer than any job here takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

fn user(instance: &AppInstanceArn, id: &str) -> AppInstanceUserArn {
    AppInstanceUserArn::new(instance, &UserId::parse(id).unwrap())
}

fn put(name: &str) -> Change {
    Change::Put {
        name: Some(UserName::parse(name).unwrap()),
        metadata: None,
        expires: None,
        tags: Tags::default(),
        admin: false,
    }
}

fn numbered(instance: &AppInstanceArn, count: usize) -> Vec<(AppInstanceUserArn, Change)> {
    (0..count)
        .map(|n| {
            (
                user(instance, &format!("user-{n}")),
                put(&format!("User {n}")),
            )
        })
        .collect()
}

/// Makes a job, which begins to plan at once.
async fn make(
    backend: &Backend,
    kind: JobKind,
    instance: &AppInstanceArn,
    owner: Owner,
    rows: impl IntoIterator<Item = Wanted>,
) -> JobId {
    backend.begin_duties().await;
    let connection = connection();
    let new = NewJob {
        kind,
        connection: &connection,
        around: Around::Instance(instance),
        owner,
        origin: Origin::default(),
        input: Value::Null,
        source: None,
    };
    let mut making = backend.jobs().make(new).await.unwrap();
    for (line, wanted) in (2..).zip(rows) {
        let line = Some(line);
        making.add(Row { line, wanted }).await.unwrap();
    }
    making.finish().await.unwrap()
}

async fn until(backend: &Backend, id: &JobId, is_there: impl Fn(&Job) -> bool) -> Job {
    let reached = async {
        loop {
            let job = backend.jobs().find(id).await.unwrap().unwrap();
            if is_there(&job) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, reached).await.unwrap()
}

impl World {
    /// Makes a job of the shell and waits for its plan.
    async fn plan(
        &self,
        kind: JobKind,
        instance: &AppInstanceArn,
        rows: Vec<(AppInstanceUserArn, Change)>,
    ) -> Job {
        let rows = rows.into_iter();
        let rows = rows.map(|(arn, change)| Wanted::Change(arn.into(), change));
        let id = make(&self.backend, kind, instance, Owner::shell("ada"), rows).await;
        self.until(&id, |job| job.state != JobState::Planning).await
    }

    async fn until(&self, id: &JobId, is_there: impl Fn(&Job) -> bool) -> Job {
        until(&self.backend, id, is_there).await
    }

    /// Lets the shell go on with a job of an operator who is in no database.
    async fn as_the_shell(&self, id: &JobId) -> Job {
        self.until(id, |job| job.state == JobState::Paused).await;
        let jobs = self.backend.jobs();
        jobs.resume(By::Shell("ada"), id).await.unwrap();
        self.until(id, |job| job.state == JobState::Planned).await
    }

    async fn run(&self, job: &Job) -> Job {
        let typed = job.plan.will.to_string();
        let started = self.backend.jobs().start(By::Shell("ada"), &job.id, &typed);
        started.await.unwrap();
        self.until(&job.id, |job| job.state != JobState::Running)
            .await
    }

    async fn users(&self, instance: &AppInstanceArn) -> usize {
        let (mut count, mut next_token) = (0, None);
        loop {
            let page = self.call(ListAppInstanceUsers {
                app_instance_arn: instance.clone(),
                max_results: 50,
                next_token,
            });
            let page = page.await.unwrap();
            count += page.items.len();
            next_token = page.next_token;
            if next_token.is_none() {
                return count;
            }
        }
    }

    async fn entries(&self, job: &JobId, outcome: Option<Phase>) -> usize {
        let filter = AuditFilter {
            job: Some(job.clone()),
            outcome,
            ..AuditFilter::default()
        };
        let audit = self.backend.audit().whole();
        let entries = audit.recent(&filter, None, 100_000).await;
        entries.unwrap().len()
    }

    async fn verdicts(&self, job: &JobId) -> Vec<(Option<Verdict>, Option<Why>)> {
        let rows = self.backend.jobs().rows(job, RowFilter::default(), 0, 1000);
        let rows = rows.await.unwrap().rows.into_iter();
        rows.map(|row| (row.verdict, row.why)).collect()
    }
}

#[tokio::test]
async fn a_plan_sends_nothing_and_its_run_does_each_row_once() {
    let world = World::start().await;
    let instance = world.instance().await;

    let job = world
        .plan(JobKind::ImportUsers, &instance, numbered(&instance, 150))
        .await;
    assert_eq!((job.plan.will, job.plan.calls), (150, 150));
    assert_eq!(world.users(&instance).await, 0);

    let job = world.run(&job).await;
    assert_eq!(job.state, JobState::Done);
    assert_eq!(job.tally.to_string(), "done 150, skipped 0, failed 0");
    assert_eq!(world.users(&instance).await, 150);
    assert_eq!(world.entries(&job.id, Some(Phase::Succeeded)).await, 150);
    assert_eq!(world.entries(&job.id, None).await, 150);
    let verified = world.backend.audit().verify().await.unwrap();
    assert!(matches!(verified, Verified::Intact { .. }), "{verified:?}");
}

#[tokio::test]
async fn the_same_rows_again_are_so_already() {
    let world = World::start().await;
    let instance = world.instance().await;
    let job = world
        .plan(JobKind::ImportUsers, &instance, numbered(&instance, 60))
        .await;
    world.run(&job).await;

    let mut rows = numbered(&instance, 60);
    rows[7].1 = put("Another name");
    rows.push((user(&instance, "new"), put("New")));
    let job = world.plan(JobKind::ImportUsers, &instance, rows).await;
    assert_eq!((job.plan.will, job.plan.skip), (2, 59));

    let job = world.run(&job).await;
    assert_eq!(job.tally.to_string(), "done 2, skipped 59, failed 0");
    let seventh = user(&instance, "user-7");
    assert_eq!(
        world.call(describe_user(&seventh)).await.unwrap().name,
        "Another name"
    );
}

fn failing(kind: FaultKind, probability: f64) -> Fault {
    Fault {
        probability,
        ..fault("CreateAppInstanceUser", kind)
    }
}

/// What R1 asks for, small: throttling, errors, resets before and after the commit.
#[tokio::test]
async fn no_row_is_lost_or_done_twice_while_calls_fail() {
    let throttled = Fault {
        code: "ThrottledClientException".into(),
        ..failing(FaultKind::Error, 0.10)
    };
    let broken = Fault {
        code: "ServiceFailureException".into(),
        ..failing(FaultKind::Error, 0.05)
    };
    let committed = Fault {
        after_commit: true,
        ..failing(FaultKind::Reset, 0.05)
    };
    let faults = vec![
        throttled,
        broken,
        failing(FaultKind::Reset, 0.02),
        committed,
    ];
    let world = World::with(faults, "secret").await;
    let instance = world.instance().await;

    let job = world
        .plan(JobKind::ImportUsers, &instance, numbered(&instance, 400))
        .await;
    let job = world.run(&job).await;

    assert_eq!(
        job.tally,
        Tally {
            done: 400,
            ..Tally::default()
        }
    );
    assert_eq!(world.users(&instance).await, 400);
    assert_eq!(world.entries(&job.id, Some(Phase::Succeeded)).await, 400);
    assert_eq!(world.entries(&job.id, None).await, 400);
}

/// What R2 asks for: the first answer of every call is lost, also where the API has no token.
#[tokio::test]
async fn a_lost_answer_is_harmless_with_and_without_a_token() {
    let lost = |operation: &str| Fault {
        times: Some(40),
        after_commit: true,
        ..fault(operation, FaultKind::Reset)
    };
    let operations = [
        "CreateAppInstanceUser",
        "CreateAppInstanceAdmin",
        "DeleteAppInstanceAdmin",
        "DeleteAppInstanceUser",
        "TagResource",
    ];
    let world = World::with(operations.map(lost).into(), "secret").await;
    let instance = world.instance().await;
    let arns: Vec<_> = (0..40)
        .map(|n| user(&instance, &format!("user-{n}")))
        .collect();
    let all = |change: Change| -> Vec<_> {
        arns.iter()
            .map(|arn| (arn.clone(), change.clone()))
            .collect()
    };

    for (kind, change) in [
        (JobKind::ImportUsers, put("User")),
        (JobKind::Tag, Change::Tag(tags())),
        (JobKind::Promote, Change::Promote),
        (JobKind::Demote, Change::Demote),
        (JobKind::Delete, Change::Delete),
    ] {
        let job = world.plan(kind, &instance, all(change)).await;
        let job = world.run(&job).await;
        assert_eq!(
            job.tally.to_string(),
            "done 40, skipped 0, failed 0",
            "{kind}"
        );
        assert_eq!(
            world.entries(&job.id, Some(Phase::Succeeded)).await,
            40,
            "{kind}"
        );
    }
    assert_eq!(world.users(&instance).await, 0);
}

#[tokio::test]
async fn what_changed_after_the_plan_is_not_overwritten() {
    let world = World::start().await;
    let instance = world.instance().await;
    let made = world
        .plan(JobKind::ImportUsers, &instance, numbered(&instance, 3))
        .await;
    world.run(&made).await;
    let rename = |n: usize| Change::Update {
        name: Some(UserName::parse(&format!("Renamed {n}")).unwrap()),
        metadata: None,
    };
    let rows = (0..3).map(|n| (user(&instance, &format!("user-{n}")), rename(n)));
    let job = world.plan(JobKind::Update, &instance, rows.collect()).await;
    assert_eq!(job.plan.will, 3);

    let changed = UpdateAppInstanceUser {
        app_instance_user_arn: user(&instance, "user-1"),
        name: UserName::parse("By somebody else").unwrap(),
        metadata: metadata(""),
    };
    world.call(changed).await.unwrap();
    let job = world.run(&job).await;

    assert_eq!(job.tally.to_string(), "done 2, skipped 0, failed 1");
    assert_eq!(world.verdicts(&job.id).await[1].1, Some(Why::Changed));
    let kept = world
        .call(describe_user(&user(&instance, "user-1")))
        .await
        .unwrap();
    assert_eq!(kept.name, "By somebody else");

    // Planned again with what is there now, it can be done.
    world
        .backend
        .jobs()
        .retry(By::Shell("ada"), &job.id)
        .await
        .unwrap();
    let job = world
        .until(&job.id, |job| job.state == JobState::Planned)
        .await;
    let job = world.run(&job).await;
    assert_eq!(job.tally.to_string(), "done 3, skipped 0, failed 0");
    assert_eq!((job.plan.will, job.plan.cannot), (1, 0));
}

#[tokio::test]
async fn a_delete_leaves_the_whole_user_in_the_audit() {
    let world = World::start().await;
    let alice = world.admin().await;
    let instance = alice.instance().clone();
    let job = world
        .plan(
            JobKind::Delete,
            &instance,
            vec![(alice.clone(), Change::Delete)],
        )
        .await;
    assert_eq!((job.plan.will, job.plan.calls), (1, 2));
    let warnings = world.backend.jobs().warnings(&job.id).await.unwrap();
    assert_eq!(warnings, [(Warning::Deletes, 1)]);

    let refused = world
        .backend
        .jobs()
        .start(By::Shell("ada"), &job.id, "2")
        .await;
    assert!(matches!(refused.unwrap_err().cause, Cause::Invalid(_)));
    let job = world.run(&job).await;

    assert_eq!(job.tally.done, 1);
    let entry = world.last_entry().await;
    assert_eq!(entry.job, Some(job.id));
    let before = entry.before.unwrap();
    assert_eq!(
        (&before["Name"], &before["IsAdmin"]),
        (&"Alice".into(), &true.into())
    );
    assert_eq!(before["Tags"][0]["Value"], "prod");
}

#[tokio::test]
async fn users_that_expire_at_once_are_counted_before() {
    let world = World::start().await;
    let instance = world.instance().await;
    let made = world
        .plan(JobKind::ImportUsers, &instance, numbered(&instance, 4))
        .await;
    world.run(&made).await;
    let expire = Change::Expire(Expires::After(days(30)));
    let rows = numbered(&instance, 4)
        .into_iter()
        .map(|(arn, _)| (arn, expire.clone()));
    let job = world
        .plan(JobKind::SetExpiration, &instance, rows.collect())
        .await;
    assert_eq!(world.backend.jobs().warnings(&job.id).await.unwrap(), []);
    let job = world.run(&job).await;
    assert_eq!(job.tally.done, 4);
    let read: DescribeAppInstanceUser = describe_user(&user(&instance, "user-2"));
    assert_eq!(
        world.call(read).await.unwrap().expires_after,
        Some(days(30))
    );
}

#[tokio::test]
async fn a_job_pauses_goes_on_and_ends_early() {
    let slow = Fault {
        ..failing(FaultKind::Hang, 0.2)
    };
    let world = World::with(vec![slow], "secret").await;
    let instance = world.instance().await;
    let job = world
        .plan(JobKind::ImportUsers, &instance, numbered(&instance, 900))
        .await;
    let jobs = world.backend.jobs();
    jobs.start(By::Shell("ada"), &job.id, "").await.unwrap();
    world.until(&job.id, |job| job.tally.done > 0).await;

    jobs.pause(By::Shell("ada"), &job.id).await.unwrap();
    let paused = world.until(&job.id, |job| !job.is_held).await;
    assert_eq!(paused.state, JobState::Paused);
    let again = jobs.start(By::Shell("eve"), &job.id, "").await;
    assert!(matches!(again.unwrap_err().cause, Cause::Changed(_)));

    jobs.resume(By::Shell("ada"), &job.id).await.unwrap();
    world
        .until(&job.id, |job| job.tally.done > paused.tally.done)
        .await;
    jobs.cancel(By::Shell("ada"), &job.id).await.unwrap();
    let ended = world.until(&job.id, |job| job.ended.is_some()).await;

    assert_eq!(ended.state, JobState::Cancelled);
    assert_eq!(ended.left(), 0, "{:?}", ended.tally);
    assert!(ended.tally.skipped > 0);
    let done = usize::try_from(ended.tally.done + ended.tally.unknown).unwrap();
    assert!(world.users(&instance).await <= done);
    let open = world.entries(&job.id, Some(Phase::Begun)).await;
    assert_eq!(open, 0, "each begun call has an outcome");
}

#[tokio::test]
async fn bad_credentials_stop_a_job_at_once() {
    let world = World::start().await;
    let instance = world.instance().await;
    let job = world
        .plan(JobKind::ImportUsers, &instance, numbered(&instance, 100))
        .await;
    let refused = Fault {
        code: "InvalidSignatureException".into(),
        status: Some(403),
        ..failing(FaultKind::Error, 1.0)
    };
    world.set_faults(vec![refused]).await;
    let job = world.run(&job).await;
    assert_eq!(job.state, JobState::Stopped);
    assert!(
        matches!(job.reason, Some(Why::Failed(Cause::AwsCredentials(_)))),
        "{:?}",
        job.reason
    );

    world.set_faults(Vec::new()).await;
    world
        .backend
        .jobs()
        .resume(By::Shell("ada"), &job.id)
        .await
        .unwrap();
    let job = world
        .until(&job.id, |job| job.state == JobState::Done)
        .await;
    assert_eq!(job.left(), 0);
}

#[tokio::test]
async fn an_owner_without_rights_pauses_the_job() {
    let world = World::start().await;
    let instance = world.instance().await;
    // No such operator is in the database.
    let stranger = Owner::from(&caller(Role::Admin));
    let rows = [Wanted::Change(user(&instance, "a").into(), put("A"))];
    let id = make(
        &world.backend,
        JobKind::ImportUsers,
        &instance,
        stranger,
        rows,
    )
    .await;
    let job = world.until(&id, |job| job.state == JobState::Paused).await;
    assert_eq!(job.reason, Some(Why::Failed(Cause::SignedOut)));
}

#[tokio::test]
async fn a_row_that_is_refused_before_is_counted_with_the_others() {
    let world = World::start().await;
    let instance = world.instance().await;
    let rows = [
        Wanted::Change(user(&instance, "a").into(), put("A")),
        Wanted::Refused("-b".into(), Why::NameNeeded),
    ];
    let owner = Owner::shell("ada");
    let id = make(&world.backend, JobKind::ImportUsers, &instance, owner, rows).await;
    let job = world.until(&id, |job| job.state == JobState::Planned).await;
    assert_eq!((job.total, job.plan.will, job.plan.cannot), (2, 1, 1));
    let job = world.run(&job).await;
    assert_eq!(job.tally.to_string(), "done 1, skipped 0, failed 1");
    let groups = world.backend.jobs().reasons(&job.id).await.unwrap();
    assert_eq!((groups.len(), groups[0].rows), (1, 1));
    let failed = RowFilter {
        state: Some(RowState::Failed),
        ..RowFilter::default()
    };
    let rows = world
        .backend
        .jobs()
        .rows(&job.id, failed, 0, 10)
        .await
        .unwrap()
        .rows;
    assert_eq!((rows.len(), rows[0].resource.as_str()), (1, "-b"));
}

/// What R6 asks for, small: a process that ends at each of the named points leaves nothing undone and
/// nothing done twice.
#[test]
fn another_process_goes_on_wherever_one_ends() {
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let here = runtime();
    for point in [
        Point::RowsCompared,
        Point::IntentWritten,
        Point::IntentKept,
        Point::CallsAnswered,
        Point::OutcomeWritten,
        Point::OutcomeKept,
    ] {
        let world = here.block_on(World::start());
        let instance = here.block_on(world.instance());
        let first = runtime();
        let ended = first.block_on(world.another_process(Clock::system()));
        let rows = numbered(&instance, 150).into_iter();
        let rows = rows.map(|(arn, change)| Wanted::Change(arn.into(), change));
        let id = first.block_on(async {
            ended.begin_duties().await;
            let id = make(
                &ended,
                JobKind::ImportUsers,
                &instance,
                Owner::shell("ada"),
                rows,
            )
            .await;
            until(&ended, &id, |job| job.state == JobState::Planned).await;
            let mut held = ended.points().hold(point);
            ended.jobs().start(By::Shell("ada"), &id, "").await.unwrap();
            held.is_there().await;
            std::mem::forget(held);
            id
        });
        // As a kill does: nothing more is written, and the system lets go of the lock.
        drop(ended);
        first.shutdown_background();

        here.block_on(async {
            world.backend.begin_duties().await;
            let job = world.until(&id, |job| job.state == JobState::Done).await;
            assert_eq!(
                job.tally.to_string(),
                "done 150, skipped 0, failed 0",
                "{point:?}"
            );
            assert_eq!(world.users(&instance).await, 150, "{point:?}");
            let succeeded = world.entries(&id, Some(Phase::Succeeded)).await;
            let all = world.entries(&id, None).await;
            assert_eq!((succeeded, all), (150, 150), "{point:?}");
            let verified = world.backend.audit().verify().await.unwrap();
            assert!(matches!(verified, Verified::Intact { .. }), "{verified:?}");
        });
    }
}

/// A process that stood still until its lease ran out writes nothing of the job any more.
#[tokio::test]
async fn what_a_holder_writes_after_its_lease_is_refused() {
    let world = World::start().await;
    let instance = world.instance().await;
    let job = world
        .plan(JobKind::ImportUsers, &instance, numbered(&instance, 100))
        .await;
    let mut held = world.backend.points().hold(Point::CallsAnswered);
    world
        .backend
        .jobs()
        .start(By::Shell("ada"), &job.id, "")
        .await
        .unwrap();
    held.is_there().await;

    let later = Clock::fixed(Timestamp(Clock::system().now().0 + 60_000));
    let other = world.another_process(later).await;
    other.begin_duties().await;
    let taken = until(&other, &job.id, |job| job.tally.done > 30).await;
    drop(held);
    let job = until(&other, &taken.id, |job| job.state == JobState::Done).await;

    assert_eq!(job.tally.to_string(), "done 100, skipped 0, failed 0");
    assert_eq!(world.users(&instance).await, 100);
    assert_eq!(world.entries(&job.id, Some(Phase::Succeeded)).await, 100);
    assert_eq!(world.entries(&job.id, None).await, 100);
}

#[tokio::test]
async fn what_was_deleted_is_brought_back_alone_or_with_all_of_its_job() {
    let world = World::start().await;
    let alice = world.admin().await;
    let instance = alice.instance().clone();
    let rows = numbered(&instance, 3);
    let made = world
        .plan(JobKind::ImportUsers, &instance, rows.clone())
        .await;
    world.run(&made).await;
    let all = rows.into_iter().map(|(arn, _)| (arn, Change::Delete));
    let all: Vec<_> = all.chain([(alice.clone(), Change::Delete)]).collect();
    let job = world.plan(JobKind::Delete, &instance, all).await;
    let deleted = world.run(&job).await;
    assert_eq!((deleted.tally.done, world.users(&instance).await), (4, 0));

    let admin = caller(Role::Admin);
    let back = world.backend.jobs().bring_all_back(&admin, &deleted).await;
    let job = world.as_the_shell(&back.unwrap()).await;
    assert_eq!(
        (job.plan.will, job.plan.calls),
        (4, 5),
        "Alice is promoted too"
    );
    assert_eq!(world.run(&job).await.tally.done, 4);

    let user = world.call(describe_user(&alice)).await.unwrap();
    assert_eq!(user.name, "Alice");
    let tags = world
        .call(crate::world::tags_of(alice.clone()))
        .await
        .unwrap();
    assert_eq!(tags.len(), 1);

    // One of them again, by the form for one.
    let acting = backend::commands::Acting {
        calls: world.backend.calls(),
        caller: &admin,
        connection: &connection(),
    };
    let typed = alice.user_id().to_string();
    let deleted = Box::pin(backend::commands::users::delete(acting, &alice, &typed));
    deleted.await.unwrap();
    let entry = world.last_entry().await;
    let back = world.backend.jobs().bring_back(&admin, &entry).await;
    let job = world.as_the_shell(&back.unwrap()).await;
    assert_eq!((job.plan.will, job.plan.calls), (1, 2));
    assert_eq!(world.run(&job).await.tally.done, 1);
    assert_eq!(world.users(&instance).await, 4);
    let made = world.last_entry().await;
    let refused = world.backend.jobs().bring_back(&admin, &made).await;
    assert_eq!(refused.unwrap_err().cause, Cause::NoSuchPage);
}

#[tokio::test]
async fn a_device_token_is_forgotten_once_its_endpoint_is_registered() {
    const TOKEN: &str = "device-token-of-somebody";
    let world = World::start().await;
    let user = world.user().await;
    let register = |token: &str| Change::Register {
        name: EndpointName::parse("Phone").unwrap(),
        r#type: EndpointType::Gcm,
        resource_arn: "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef"
            .parse()
            .unwrap(),
        device_token: DeviceToken::parse(token).unwrap(),
        voip_device_token: None,
        allow_messages: None,
    };
    let rows = vec![(user.clone(), register(TOKEN))];
    let instance = user.instance().clone();
    let job = world.plan(JobKind::ImportEndpoints, &instance, rows).await;
    let shown = |rows: backend::jobs::Rows| format!("{rows:?}");
    let planned = world
        .backend
        .jobs()
        .rows(&job.id, RowFilter::default(), 0, 10)
        .await;
    assert!(!shown(planned.unwrap()).contains(TOKEN));

    let job = world.run(&job).await;

    assert_eq!(job.tally.to_string(), "done 1, skipped 0, failed 0");
    let rows = world.cells_of_items().await;
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|cell| !cell.contains(TOKEN)), "{rows:?}");
}

/// The call that lost its answer is one of several of its row, and not the last that it takes to be
/// as it is wanted.
#[tokio::test]
async fn a_lost_answer_within_a_row_of_several_calls_is_harmless() {
    let lost = |operation: &str| Fault {
        times: Some(1),
        after_commit: true,
        ..fault(operation, FaultKind::Reset)
    };
    for operation in ["CreateAppInstanceUser", "CreateAppInstanceAdmin"] {
        let world = World::with(vec![lost(operation)], "secret").await;
        let instance = world.instance().await;
        let admin = Change::Put {
            name: Some(UserName::parse("Alice").unwrap()),
            metadata: None,
            expires: None,
            tags: Tags::default(),
            admin: true,
        };
        let rows = vec![(user(&instance, "alice"), admin)];
        let job = world.plan(JobKind::BringBack, &instance, rows).await;
        let job = world.run(&job).await;
        let told = job.tally.to_string();
        assert_eq!(told, "done 1, skipped 0, failed 0", "{operation}");
        assert_eq!(
            world.entries(&job.id, Some(Phase::Succeeded)).await,
            2,
            "{operation}"
        );
    }
}
