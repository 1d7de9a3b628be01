//! A job again: the same rows compared anew, or ticked again for a plan with other values.

use axum::http::StatusCode;
use backend::{Job, Phase};
use domain::{Cause, JobId, JobKind, JobState, Role};

use super::{jobs, keep, made, plan, run, until};
use crate::support::{Browser, TestApp, World, arn, assert_says, target, unescaped, users_of};

const AGAIN: &str = "/api/jobs/again";
const CHANGED: &str = "/api/selection/again";

/// Sends a form of the page of a job, and answers where it leads.
async fn press(browser: &Browser, function: &str, job: &JobId) -> String {
    let page = format!("/jobs/{job}");
    let fields = [("id", job.as_str()), ("page", &*page), ("form", "act")];
    browser.post(function, &fields).await.location().to_owned()
}

/// Plans an act for users, and runs it to its end.
async fn done(world: &World, rows: &[&str], act: &str, typed: &[(&str, &str)]) -> Job {
    let (app, of, browser) = (&world.app, &world.instance, &world.browser);
    app.backend.begin_duties().await;
    keep(browser, of, "users", (&[], rows), act)
        .await
        .location();
    let answer = plan(browser, of, "users", act, typed).await;
    let (job, _) = made(app, &answer).await;
    until(app, &job.id, JobState::Planned).await;
    run(app, browser, &job.id).await
}

#[tokio::test]
async fn a_job_runs_again_with_the_same_rows_each_compared_anew() {
    let world = World::start().await;
    for id in ["ana", "bo"] {
        world.make_user(id, id).await;
    }
    let (app, rows) = (&world.app, ["user/ana", "user/bo"]);
    let tag = [("tag_key[0]", "team"), ("tag_value[0]", "blue")];
    let job = done(&world, &rows, "tag", &tag).await;
    let of = target(&arn(&world.page("users/bo")));
    let untagged = world
        .browser
        .call("/api/tags/save", &[("target", &*of)])
        .await;
    assert_eq!(untagged.status, StatusCode::OK, "{}", untagged.text());
    let page = world.browser.read(&format!("/jobs/{}", job.id)).await;
    assert_says(&page, &["Run again", "Run again with changes"]);
    let (_, other) = app.sign_in(Role::Operator).await;

    let location = press(&other, AGAIN, &job.id).await;

    let page = other.read(&location).await;
    assert_says(&page, &["The plan is made", "Tag in Support"]);
    let again = location.strip_prefix("/jobs/").unwrap().parse().unwrap();
    let again = until(app, &again, JobState::Planned).await;
    assert_ne!(again.id, job.id);
    assert_eq!((again.total, again.plan.will, again.plan.skip), (2, 1, 1));
    assert_eq!(again.owner.username, other.username().await);
    assert_eq!(again.input, job.input);
    let as_before = app.backend.jobs().find(&job.id).await.unwrap();
    assert_eq!(as_before.unwrap().tally, job.tally);
    let entry = app.newest_entries_of("PlanJob", 1).await.remove(0);
    assert_eq!(entry.input["Job"], again.id.as_str());
}

#[tokio::test]
async fn with_changes_the_rows_are_ticked_again_and_the_form_has_the_values() {
    let world = World::start().await;
    for id in ["ana", "bo", "cy"] {
        world.make_user(id, id).await;
    }
    let (app, of, browser) = (&world.app, &world.instance, &world.browser);
    let typed = [("name", "<b>Ann</b>"), ("metadata", "team <i>1</i>")];
    let rows = ["user/ana", "user/bo"];
    let job = done(&world, &rows, "edit", &typed).await;
    // What is ticked now gives way to the rows of the job.
    keep(browser, of, "users", (&[], &["user/cy"]), "keep")
        .await
        .location();

    let location = press(browser, CHANGED, &job.id).await;

    let form = world.page("selected-users/edit");
    assert_eq!(location, format!("{form}?job={}", job.id));
    let page = browser.get(&location).await;
    assert_says(
        &page.words(),
        &["2 users of the job selected", "Edit: 2 users of Support"],
    );
    assert_eq!(page.value_of("name").as_deref(), Some("<b>Ann</b>"));
    assert!(unescaped(page.text()).contains("team <i>1</i>"));
    assert!(!page.text().contains("<i>1"), "{}", page.text());
    let typed = [("name", "Bea"), ("no_metadata", "true")];
    let answer = plan(browser, of, "users", "edit", &typed).await;
    let (again, rows) = made(app, &answer).await;
    assert_eq!(rows, ["ana", "bo"]);
    assert_eq!(again.kind, JobKind::Update);

    // The box that takes metadata away is as it was, too.
    app.put_job(&again.id, JobState::Done, "will = 2").await;
    let location = press(browser, CHANGED, &again.id).await;
    let page = browser.get(&location).await;
    let is_box = |tag: &&str| tag.contains("checkbox") && tag.contains("\"no_metadata\"");
    let boxed = page.text().split('<').find(is_box).unwrap();
    assert!(boxed.contains(" checked"), "{boxed}");
}

#[tokio::test]
async fn each_act_comes_back_to_its_own_form() {
    let world = World::start().await;
    let (user, endpoint) = world.make_user_with_endpoint("ana", "Ana").await;
    let bot = world.make_bot(&[]).await;
    let of_bot = format!("bot/{}", bot.rsplit('/').next().unwrap());
    let endpoint = endpoint.rsplit('/').next().unwrap();
    let (app, browser) = (&world.app, &world.browser);
    let (of, region, row) = (
        &*world.instance,
        "/embedded/us-east-1",
        arn(&world.instance),
    );
    let tag = &[("tag_key[0]", "team"), ("tag_value[0]", "blue")][..];
    let days = &[("expiration_days", "42")][..];
    let keys = &[("tag_keys", "site\nteam")][..];
    let none = &[("allow_messages", "NONE")][..];
    for (of, list, rows, act, typed, has) in [
        (of, "users", &["user/ana"][..], "set-expiration", days, "42"),
        (of, "users", &["user/ana"], "clear-expiration", &[], ""),
        (of, "users", &["user/ana"], "delete", &[], ""),
        (of, "bots", &[&*of_bot], "tag", tag, "blue"),
        (of, "bots", &[&*of_bot], "untag", keys, "site\nteam"),
        (of, "admins", &["user/ana", &*of_bot], "demote", &[], ""),
        (&*user, "endpoints", &[endpoint], "allow-messages", none, ""),
        (region, "app-instances", &[&*row], "tag", tag, "blue"),
    ] {
        keep(browser, of, list, (&[], rows), act).await.location();
        let answer = plan(browser, of, list, act, typed).await;
        let (job, _) = made(app, &answer).await;
        app.put_job(&job.id, JobState::Done, "will = 1").await;

        let location = press(browser, CHANGED, &job.id).await;

        let form = format!("{of}/selected-{list}/{act}?job={}", job.id);
        assert_eq!(location, form);
        let page = browser.get(&location).await;
        assert_eq!(page.status, StatusCode::OK, "{act}");
        assert!(page.text().contains(has), "{act}: {}", page.text());
        assert!(!page.words().contains("Nothing is selected"), "{act}");
        if act == "allow-messages" {
            let is_none = |tag: &&str| tag.contains("radio") && tag.contains("\"NONE\"");
            let chosen = page.text().split('<').find(is_none).unwrap();
            assert!(chosen.contains(" checked"), "{chosen}");
        }
    }
}

#[tokio::test]
async fn an_import_leads_to_another_file_and_one_of_endpoints_or_what_was_brought_back_does_not_run_again()
 {
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let path = app.sign_in(Role::Admin).await.1.make_instance("Chat").await;
    let instance = arn(&path);
    let job = app.job_in(&instance, JobState::Done).await;
    let page = browser.get(&format!("/jobs/{job}")).await;
    let to = format!("href=\"{path}/import-users\"");
    assert!(page.text().contains(&to), "{}", page.text());
    assert_says(&page.words(), &["Run again", "Run again with changes"]);
    let refused = browser.call(CHANGED, &[("id", job.as_str())]).await;
    assert_eq!(refused.failure().cause, Cause::Outdated);

    let rows = users_of(&instance, &["ann"]);
    let endpoints = app
        .make_job(JobKind::ImportEndpoints, &instance, rows)
        .await;
    app.put_job(&endpoints, JobState::Done, "will = 1").await;
    let page = browser.get(&format!("/jobs/{endpoints}")).await;
    let to = format!("href=\"{path}/import-endpoints\"");
    assert!(page.text().contains(&to), "{}", page.text());
    assert!(!page.text().contains(AGAIN), "{}", page.text());
    // Who was brought back may have been changed since.
    let rows = users_of(&instance, &["bob"]);
    let back = app.make_job(JobKind::BringBack, &instance, rows).await;
    app.put_job(&back, JobState::Done, "will = 1").await;
    let running = app.job_in(&instance, JobState::Running).await;
    for job in [&endpoints, &back, &running] {
        let refused = browser.call(AGAIN, &[("id", job.as_str())]).await;
        refused.assert_failed(StatusCode::CONFLICT, Cause::Changed(None));
    }
}

#[tokio::test]
async fn who_may_not_plan_a_job_does_not_run_it_again() {
    let app = TestApp::start().await;
    let admin = app.sign_in(Role::Admin).await.1;
    let (own, other) = admin.make_instances(["Own", "Other"]).await;
    let job = app.job_in(&arn(&own), JobState::Done).await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    let page = viewer.get(&format!("/jobs/{job}")).await;
    assert!(!page.text().contains(AGAIN), "{}", page.text());
    let refused = viewer.call(AGAIN, &[("id", job.as_str())]).await;
    let role = Cause::RoleNeeded(Role::Operator);
    refused.assert_failed(StatusCode::FORBIDDEN, role);
    let entry = app.newest_entries(1).await.remove(0);
    assert_eq!(entry.phase, Phase::Refused, "{entry:?}");
    let (_, limited) = app.sign_in_for(Role::Operator, &arn(&other)).await;
    for function in [AGAIN, CHANGED] {
        let refused = limited.call(function, &[("id", job.as_str())]).await;
        refused.assert_failed(StatusCode::NOT_FOUND, Cause::NoSuchPage);
    }
    assert_eq!(jobs(&app).await, 1);
}
