//! Jobs in the browser without a script: the plan, the button that runs it, what stops it and what it
//! tells afterwards.

use axum::http::StatusCode;
use backend::jobs::{Owner, Wanted};
use domain::plan::{Change, Why};
use domain::{Cause, Field, JobId, JobKind, JobState, Problem, Role};

use crate::support::{Browser, TestApp, arn, assert_says, named, only_problem, user_of, users_of};

/// The page of a job.
fn page_of(job: &JobId) -> String {
    format!("/jobs/{job}")
}

/// Sends a form of the page of a job without a script, and answers the page that it leads to.
async fn press(browser: &Browser, deed: &str, job: &JobId, more: &[(&str, &str)]) -> String {
    let page = page_of(job);
    let fields = [("id", job.as_str()), ("page", &*page), ("form", "act")];
    let fields = [&fields, more].concat();
    let sent = browser.post(&format!("/api/jobs/{deed}"), &fields).await;
    browser.read(sent.location()).await
}

#[tokio::test]
async fn an_import_is_planned_run_and_told_without_a_script() {
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let path = app.sign_in(Role::Admin).await.1.make_instance("Chat").await;
    let instance = arn(&path);
    let mut rows = users_of(&instance, &["ann", "bob"]);
    rows.push(Wanted::Refused("a b".to_owned(), Why::NameNeeded));
    let job = app.plan(JobKind::ImportUsers, &instance, rows).await.id;

    let plan = browser.read(&page_of(&job)).await;
    assert_says(
        &plan,
        &[
            "Import users in Chat",
            "Planned",
            "Will be done 2",
            "Cannot be done 1",
            "2 calls",
            "Run 2 rows",
            "This plan was made by cli:ada",
            "Name: Name of ann",
            "A new user needs a name.",
            "Line 2",
        ],
    );

    let run = press(&browser, "start", &job, &[]).await;
    assert_says(&run, &["The job runs"]);
    app.until_job(&job, |job| job.state == JobState::Done).await;

    let done = browser.read(&page_of(&job)).await;
    assert_says(
        &done,
        &[
            "The job is done, and not every row was",
            "2 done, 0 skipped, 1 failed.",
            "Why rows failed",
            "1 row A new user needs a name. Give it a name and import it again.",
            "Retry what failed",
        ],
    );
    let failed = browser
        .read(&format!("{}?outcome=failed", page_of(&job)))
        .await;
    assert_says(&failed, &["a b", "Row 3"]);
    assert!(!failed.contains("Name of ann"), "{failed}");
    let log = browser.read(&format!("/audit?job={job}")).await;
    assert_says(&log, &["2 entries on this page", "Job is"]);
    let log = browser.get("/audit?operation=CreateAppInstanceUser").await;
    let activity = browser.get(&format!("{path}/users/ann/activity")).await;
    for page in [log, activity] {
        let link = format!("<a href=\"{}\">The job</a>", page_of(&job));
        assert!(page.text().contains(&link), "{}", page.text());
    }
}

#[tokio::test]
async fn what_a_job_holds_is_text() {
    const HOSTILE: &str = "</title><script>alert(1)</script>\"'&amp;";
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let instance = app.sign_in(Role::Admin).await.1.make_instance("Chat").await;
    let instance = arn(&instance);
    let owner = Owner {
        operator: None,
        username: HOSTILE.to_owned(),
    };
    let rows = vec![
        Wanted::Refused(HOSTILE.to_owned(), Why::NameNeeded),
        Wanted::Change(user_of(&instance, "ann").into(), named(HOSTILE)),
    ];
    app.backend.begin_duties().await;
    let job = app
        .make_job_of(owner, JobKind::ImportUsers, &instance, rows)
        .await;
    app.until_job(&job, |job| job.state == JobState::Planned)
        .await;

    for path in ["/jobs", &page_of(&job)] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.words().contains(HOSTILE), "{}", page.words());
        assert!(!page.text().contains("<script>alert"), "{path}");
    }
    app.put_job(&job, JobState::Running, "total = total").await;
    let users = format!(
        "/embedded/us-east-1/app-instances/{}/users",
        instance_id(&instance)
    );
    let page = browser.get(&users).await;
    assert!(page.text().contains("imports users here"));
    assert!(!page.text().contains("<script>alert"));
}

fn instance_id(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn where_jobs_cannot_be_read_the_list_says_so_and_other_pages_are_there() {
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let instance = app.sign_in(Role::Admin).await.1.make_instance("Chat").await;
    let mut database = app.open_database().await;
    sqlx::raw_sql("ALTER TABLE jobs RENAME TO lost_jobs")
        .execute(&mut database)
        .await
        .unwrap();

    let list = browser.get("/jobs").await;
    let page = browser.get(&instance).await;

    assert_eq!(list.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_says(&list.words(), &["Try again"]);
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn what_cannot_be_undone_is_confirmed_by_its_number() {
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let admin = app.sign_in(Role::Admin).await.1;
    let instance = admin.make_instance("Chat").await;
    for id in ["ann", "bob"] {
        admin.make_user(&instance, id, id).await;
    }
    let instance = arn(&instance);
    let gone = |id| Wanted::Change(user_of(&instance, id).into(), Change::Delete);
    let rows = vec![gone("ann"), gone("bob")];
    let job = app.plan(JobKind::Delete, &instance, rows).await.id;

    let plan = browser.read(&page_of(&job)).await;
    assert_says(&plan, &["2 will be deleted for good", "The number is 2."]);
    let call = |typed| {
        let fields = [("id", job.as_str()), ("confirm_count", typed)];
        let browser = browser.twin();
        async move { browser.call("/api/jobs/start", &fields).await }
    };
    for (typed, problem) in [("", Problem::Empty), ("3", Problem::OtherNumber)] {
        let refused = call(typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let failure = refused.failure();
        assert_eq!(only_problem(&failure), (Field::ConfirmCount, &problem));
    }
    let typed = [
        ("form", "run"),
        ("confirm_count", "3"),
        ("id", job.as_str()),
    ];
    let page = page_of(&job);
    let typed = [&typed[..], &[("page", &*page)]].concat();
    let back = browser.post("/api/jobs/start", &typed).await;
    let back = browser.get(back.location()).await;
    assert_eq!(back.value_of("confirm_count").as_deref(), Some("3"));
    assert_says(&back.words(), &["This is not the number shown above."]);
    assert_eq!(call("2").await.status, StatusCode::OK);
    app.until_job(&job, |job| job.state == JobState::Done).await;
}

/// What could not be read for the plan is read when the job runs, and deleted then.
#[tokio::test]
async fn rows_that_are_not_known_yet_count_for_what_is_confirmed() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, browser) = app.sign_in(Role::Operator).await;
    let admin = app.sign_in(Role::Admin).await.1;
    let instance = admin.make_instance("Chat").await;
    for id in ["ann", "bob"] {
        admin.make_user(&instance, id, id).await;
    }
    let instance = arn(&instance);
    let gone = |id| Wanted::Change(user_of(&instance, id).into(), Change::Delete);
    let away = serde_json::json!({ "operation": "DescribeAppInstanceUser", "kind": "error", "code": "ServiceUnavailableException" });
    app.inject(&[away]).await;
    let rows = vec![gone("ann"), gone("bob")];
    let job = app.plan(JobKind::Delete, &instance, rows).await;
    app.inject(&[]).await;
    assert_eq!((job.plan.will, job.plan.unsure), (0, 2));

    let plan = browser.read(&page_of(&job.id)).await;
    assert_says(
        &plan,
        &[
            "0 calls, and those of 2 rows that are not known yet",
            "2 may be deleted for good",
            "The number is 2.",
        ],
    );
    let start = |typed| {
        let fields = [("id", job.id.as_str()), ("confirm_count", typed)];
        let browser = browser.twin();
        async move { browser.call("/api/jobs/start", &fields).await }
    };
    let refused = start("").await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.text()
    );
    assert_eq!(start("2").await.status, StatusCode::OK);
    let ended = app
        .until_job(&job.id, |job| job.state == JobState::Done)
        .await;
    assert_eq!(ended.tally.done, 2);
}

#[tokio::test]
async fn a_viewer_sees_a_job_and_changes_nothing_of_it() {
    let app = TestApp::start().await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    let instance = app.sign_in(Role::Admin).await.1.make_instance("Chat").await;
    for (state, deeds) in [
        (JobState::Planned, ["start", "cancel"]),
        (JobState::Running, ["pause", "cancel"]),
        (JobState::Paused, ["resume", "cancel"]),
        (JobState::Done, ["retry", "retry"]),
    ] {
        let job = app.job_in(&arn(&instance), state).await;
        let counts = if state == JobState::Done {
            "failed = 1"
        } else {
            "will = 1"
        };
        app.put_job(&job, state, counts).await;
        let page = browser_says(&viewer, &job, "Needs the role Operator").await;
        assert_says(&page, &["Import users in Chat"]);
        for deed in deeds {
            let function = format!("/api/jobs/{deed}");
            let refused = viewer.call(&function, &[("id", job.as_str())]).await;
            refused.assert_failed(StatusCode::FORBIDDEN, Cause::RoleNeeded(Role::Operator));
        }
        let found = app.backend.jobs().find(&job).await.unwrap().unwrap();
        assert_eq!(found.state, state);
    }
}

async fn browser_says(browser: &Browser, job: &JobId, text: &str) -> String {
    let page = browser.read(&page_of(job)).await;
    assert_says(&page, &[text]);
    page
}

#[tokio::test]
async fn a_job_outside_of_a_scope_is_not_there() {
    let app = TestApp::start().await;
    let admin = app.sign_in(Role::Admin).await.1;
    let (own, other) = admin.make_instances(["Own", "Other"]).await;
    let (_, limited) = app.sign_in_for(Role::Operator, &arn(&own)).await;
    let seen = app.job_in(&arn(&own), JobState::Running).await;
    let hidden = app.job_in(&arn(&other), JobState::Running).await;

    let list = limited.get("/jobs").await;
    assert!(list.text().contains(&page_of(&seen)));
    assert!(!list.text().contains(hidden.as_str()));
    assert_says(&list.words(), &["1 job on this page", "1 job · 0 %"]);
    let unknown: JobId = "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap();
    for job in [&hidden, &unknown] {
        for path in [page_of(job), format!("{}/results.csv", page_of(job))] {
            let answer = limited.get(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
        for deed in ["start", "pause", "resume", "cancel", "retry", "now"] {
            let function = format!("/api/jobs/{deed}");
            let answer = limited.call(&function, &[("id", job.as_str())]).await;
            answer.assert_failed(StatusCode::NOT_FOUND, Cause::NoSuchPage);
        }
    }
    assert_eq!(limited.get("/jobs/1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_plan_is_started_once_and_by_whoever_is_first() {
    let (app, first) = TestApp::signed_in(Role::Operator).await;
    let (_, second) = app.sign_in(Role::Operator).await;
    let instance = app.sign_in(Role::Admin).await.1.make_instance("Chat").await;
    let job = app.job_in(&arn(&instance), JobState::Planned).await;

    press(&first, "start", &job, &[]).await;
    let late = second
        .call("/api/jobs/start", &[("id", job.as_str())])
        .await;

    late.assert_failed(StatusCode::CONFLICT, Cause::Changed(None));
    let found = app.backend.jobs().find(&job).await.unwrap().unwrap();
    assert_eq!(found.owner.username, first.username().await);
    // It is somebody else's now, and says so before it is taken over.
    press(&first, "pause", &job, &[]).await;
    let page = second.read(&page_of(&job)).await;
    assert_says(
        &page,
        &["Paused", "Take over", "It goes on with your rights"],
    );
    let own = first.read(&page_of(&job)).await;
    assert!(
        own.contains("Resume") && !own.contains("Take over"),
        "{own}"
    );
    let taken = press(&second, "resume", &job, &[]).await;
    assert_says(&taken, &["The job runs again", "It acts with your rights"]);
}

#[tokio::test]
async fn a_job_is_paused_resumed_cancelled_and_planned_again() {
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let instance = app.sign_in(Role::Admin).await.1.make_instance("Chat").await;
    let job = app.job_in(&arn(&instance), JobState::Running).await;

    let paused = press(&browser, "pause", &job, &[]).await;
    assert_says(&paused, &["Job paused", "The job is paused", "Take over"]);
    let again = press(&browser, "pause", &job, &[]).await;
    assert_says(&again, &["Somebody changed this"]);
    press(&browser, "resume", &job, &[]).await;
    let cancelled = press(&browser, "cancel", &job, &[]).await;
    assert_says(&cancelled, &["Job cancelled", "Ending"]);
    app.put_job(&job, JobState::Cancelled, "total = total")
        .await;
    let cancelled = browser.read(&page_of(&job)).await;
    assert_says(&cancelled, &["The job was cancelled", "1 skipped"]);
    let planned = press(&browser, "retry", &job, &[]).await;
    assert_says(&planned, &["The rows are planned again", "Planning"]);
}

#[tokio::test]
async fn a_job_that_runs_is_told_wherever_somebody_looks() {
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let (here, other) = {
        let admin = app.sign_in(Role::Admin).await.1;
        admin.make_instances(["Here", "Other"]).await
    };
    let quiet = browser.read(&here).await;
    assert!(!quiet.contains("1 job ·"), "{quiet}");
    let job = app.job_in(&arn(&here), JobState::Running).await;
    let set = "total = 12480, done = 5000, failed = 12, pace = 38000";
    app.put_job(&job, JobState::Running, set).await;

    for path in ["/", &here, &other, "/audit"] {
        let page = browser.get(path).await;
        assert_says(&page.words(), &["1 job · 40 %"]);
        assert!(page.text().contains(&page_of(&job)), "{path}");
    }
    let told = "cli:ada imports users here Import users: 5,012 of 12,480 rows. See the job";
    assert_says(&browser.read(&format!("{here}/users")).await, &[told]);
    assert!(!browser.read(&other).await.contains("imports users here"));
    let page = browser.get(&page_of(&job)).await;
    assert_says(
        &page.words(),
        &[
            "5,012 of 12,480 rows",
            "38/s · about 3 min left",
            "Waiting 7,468",
        ],
    );
    // Without a script the page is loaded again, unless somebody wants it to stay.
    assert!(
        page.text()
            .contains("<noscript><meta http-equiv=\"refresh\"")
    );
    let still = browser.get(&format!("{}?still=1", page_of(&job))).await;
    assert!(!still.text().contains("http-equiv=\"refresh\""));
    let now = [("id", job.as_str()), ("state", "Running")];
    let parts = browser.call("/api/jobs/now", &now).await;
    assert!(parts.text().contains("5,012"), "{}", parts.text());
    let moved = [("id", job.as_str()), ("state", "Paused")];
    assert_eq!(browser.call("/api/jobs/now", &moved).await.text(), "null");
}

#[tokio::test]
async fn the_list_has_everybodys_jobs_or_ones_own() {
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let instance = app.sign_in(Role::Admin).await.1.make_instance("Chat").await;
    let empty = browser.read("/jobs").await;
    assert_says(&empty, &["No job yet", "It is planned first"]);
    let done = app.job_in(&arn(&instance), JobState::Done).await;
    let set = "total = 10000, done = 9990, skipped = 10";
    app.put_job(&done, JobState::Done, set).await;
    let runs = app.job_in(&arn(&instance), JobState::Running).await;
    app.put_job(&runs, JobState::Running, "created_at = created_at - 1000")
        .await;

    let list = browser.get("/jobs").await;
    let words = list.words();
    assert_says(
        &words,
        &[
            "2 jobs on this page",
            "In Chat",
            "cli:ada",
            "9,990 done",
            "10 skipped",
        ],
    );
    let at = |job: &JobId| list.text().rfind(job.as_str());
    assert!(at(&runs) < at(&done), "what runs is first");
    let mine = browser.read("/jobs?whose=mine").await;
    assert_says(&mine, &["You have no job"]);
    press(&browser, "pause", &runs, &[]).await;
    press(&browser, "resume", &runs, &[]).await;
    let mine = browser.get("/jobs?whose=mine").await;
    assert!(mine.text().contains(&page_of(&runs)) && !mine.text().contains(done.as_str()));
    for wrong in [
        "/jobs?whose=his",
        "/jobs?before=noon",
        &format!("{}?outcome=maybe", page_of(&done)),
    ] {
        let page = browser.get(wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert_says(&page.words(), &["A part of this address cannot be read"]);
    }
}

#[tokio::test]
async fn the_file_of_a_job_has_each_row_and_runs_nothing_in_a_spreadsheet() {
    let (app, browser) = TestApp::signed_in(Role::Viewer).await;
    let instance = app.sign_in(Role::Admin).await.1.make_instance("Chat").await;
    let instance = arn(&instance);
    let mut rows = vec![Wanted::Refused("=cmd()".to_owned(), Why::NameNeeded)];
    let ids: Vec<_> = (0..1200).map(|n| format!("user-{n}")).collect();
    rows.extend(
        ids.iter()
            .map(|id| Wanted::Change(user_of(&instance, id).into(), named(id))),
    );
    let job = app.make_job(JobKind::ImportUsers, &instance, rows).await;

    let file = browser.get(&format!("{}/results.csv", page_of(&job))).await;

    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let text = file.text().strip_prefix('\u{feff}').unwrap();
    assert_eq!(text.lines().count(), 1202);
    let first = "1,2,'=cmd(),,cannot,failed,name-needed,A new user needs a name.,";
    assert_eq!(text.lines().nth(1), Some(first));
    let failed = browser
        .get(&format!(
            "{}/results.csv?outcome=failed&bom=0",
            page_of(&job)
        ))
        .await;
    assert_eq!(failed.text().lines().count(), 2);
    let wrong = browser
        .get(&format!("{}/results.csv?outcome=maybe", page_of(&job)))
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_job_of_somebody_who_is_signed_in_is_theirs() {
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let instance = app.sign_in(Role::Admin).await.1.make_instance("Chat").await;
    let name = browser.username().await;
    let all = app.backend.accounts().list().await.unwrap();
    let operator = all.iter().find(|known| known.username == name).unwrap();
    let owner = Owner {
        operator: Some(operator.id.clone()),
        username: name.clone(),
    };
    let instance = arn(&instance);
    let rows = users_of(&instance, &["ann"]);
    let job = app
        .make_job_of(owner, JobKind::ImportUsers, &instance, rows)
        .await;
    app.put_job(&job, JobState::Planned, "will = 1, calls = 1")
        .await;

    let page = browser.read(&page_of(&job)).await;

    assert_says(&page, &["Will be done 1", "Run 1 row", &name]);
    assert!(!page.contains("This plan was made by"), "{page}");
}

#[tokio::test]
async fn a_role_that_is_taken_away_while_a_job_runs_pauses_it_and_another_goes_on() {
    // The rows are several batches, for each of which the role is read again.
    let app = TestApp::start().await;
    let (_, ann) = app.sign_in(Role::Operator).await;
    let (_, bob) = app.sign_in(Role::Operator).await;
    let admin = app.sign_in(Role::Admin).await.1;
    let instance = arn(&admin.make_instance("Chat").await);
    let ids: Vec<_> = (0..1000).map(|n| format!("user-{n}")).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let rows = users_of(&instance, &ids);
    let job = app.plan(JobKind::ImportUsers, &instance, rows).await.id;
    press(&ann, "start", &job, &[]).await;
    let job_of_ann = app.until_job(&job, |job| job.tally.done > 0).await;
    assert_eq!(job_of_ann.state, JobState::Running);

    let id = job_of_ann.owner.operator.unwrap();
    let fields = [
        ("page", "/operators"),
        ("id", id.as_str()),
        ("role", "Viewer"),
    ];
    admin.post("/api/operators/set-role", &fields).await;

    let paused = app
        .until_job(&job, |job| job.state == JobState::Paused)
        .await;
    assert!(paused.tally.done < 1000, "{}", paused.tally);
    let page = bob.read(&page_of(&job)).await;
    assert_says(&page, &["The job is paused", "Take over"]);
    let why = Cause::RoleNeeded(Role::Operator).headline();
    assert_says(&page, &[&why]);
    let refused = ann.call("/api/jobs/resume", &[("id", job.as_str())]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    press(&bob, "resume", &job, &[]).await;
    let done = app.until_job(&job, |job| job.state.is_over()).await;
    assert_eq!(done.tally.to_string(), "done 1000, skipped 0, failed 0");
    let log = bob
        .read(&format!(
            "/audit?job={job}&operator={}",
            ann.username().await
        ))
        .await;
    assert_says(&log, &["entries on this page"]);
}
