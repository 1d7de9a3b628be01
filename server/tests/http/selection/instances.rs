//! AppInstances of a Region that are ticked, and the tags that all of them get or lose: jobs over several.

use axum::http::StatusCode;
use backend::OperatorChange;
use domain::{Cause, JobId, JobKind, JobState, Role};

use super::{keep, made, plan, run, until};
use crate::support::{Browser, TestApp, World, arn, assert_says, said};

/// The Region, as a list of it is named.
const REGION: &str = "/embedded/us-east-1";
const LIST: &str = "/embedded/us-east-1/app-instances";

/// The values of the form that sets a tag.
const TAG: &[(&str, &str)] = &[("tag_key[0]", "team"), ("tag_value[0]", "<b>blue</b>")];

/// Ticks AppInstances and plans an act for them.
async fn planned(
    app: &TestApp,
    browser: &Browser,
    rows: &[&str],
    (act, typed): (&str, &[(&str, &str)]),
) -> JobId {
    app.backend.begin_duties().await;
    let kept = keep(browser, REGION, "app-instances", (&[], rows), act).await;
    assert_eq!(
        kept.location(),
        format!("{REGION}/selected-app-instances/{act}")
    );
    let answer = plan(browser, REGION, "app-instances", act, typed).await;
    let (job, _) = made(app, &answer).await;
    until(app, &job.id, JobState::Planned).await.id
}

fn page_of(job: &JobId) -> String {
    format!("/jobs/{job}")
}

#[tokio::test]
async fn two_of_three_app_instances_are_tagged_and_one_loses_it() {
    let world = World::start().await;
    let (app, browser) = (&world.app, &world.browser);
    let (sales, spare) = browser.make_instances(["Sales", "Spare"]).await;
    let list = browser.get(LIST).await;
    for instance in [&world.instance, &sales, &spare] {
        let boxed = format!("value=\"{}\"", arn(instance));
        assert!(list.text().contains(&boxed), "{}", list.text());
    }
    let rows = [arn(&world.instance), arn(&sales)];
    let rows = rows.each_ref().map(|arn| &**arn);
    keep(browser, REGION, "app-instances", (&[], &rows), "keep")
        .await
        .location();
    let form = browser
        .read(&format!("{REGION}/selected-app-instances/tag"))
        .await;
    assert_says(
        &form,
        &[
            "Tag: 2 AppInstances in us-east-1",
            "2 AppInstances selected",
        ],
    );

    let job = planned(app, browser, &rows, ("tag", TAG)).await;

    let page = browser.get(&page_of(&job)).await;
    assert_says(
        &page.words(),
        &[
            "Tag in AppInstances of us-east-1",
            "Will be done 2",
            "Run 2 rows",
            "Tags.team: <b>blue</b>",
        ],
    );
    assert!(!page.text().contains("<b>blue"), "{}", page.text());
    let done = run(app, browser, &job).await;
    assert_eq!((done.kind, done.tally.done), (JobKind::Tag, 2));
    for (instance, is_tagged) in [(&world.instance, true), (&sales, true), (&spare, false)] {
        let page = browser.get(&format!("{instance}/tags")).await;
        let is_there = page.text().contains("value=\"team\"");
        assert_eq!(is_there, is_tagged, "{}", page.text());
    }
    let entries = app.newest_entries_of("TagResource", 10).await;
    assert_eq!(entries.len(), 2);
    for entry in &entries {
        assert_eq!(entry.job.as_ref(), Some(&job), "{entry:?}");
        let instance = entry.instance.as_ref().map(domain::Given::as_str);
        assert!(rows.iter().any(|row| Some(*row) == instance), "{entry:?}");
    }
    let planned_as = app.newest_entries_of("PlanJob", 1).await.remove(0);
    assert_eq!(planned_as.input["Region"], "us-east-1");

    let keys = &[("tag_keys", "team")][..];
    let job = planned(app, browser, &rows[..1], ("untag", keys)).await;
    let done = run(app, browser, &job).await;
    assert_eq!((done.kind, done.tally.done), (JobKind::Untag, 1));
    for (instance, is_tagged) in [(&world.instance, false), (&sales, true)] {
        let page = browser.get(&format!("{instance}/tags")).await;
        let is_there = page.text().contains("value=\"team\"");
        assert_eq!(is_there, is_tagged, "{}", page.text());
    }
}

#[tokio::test]
async fn a_job_over_several_is_told_in_the_lists_and_on_no_page_of_one() {
    let world = World::start().await;
    let (app, browser) = (&world.app, &world.browser);
    let row = arn(&world.instance);
    let job = planned(app, browser, &[&row], ("tag", TAG)).await;

    let list = browser.get("/jobs").await;

    assert_says(&list.words(), &["In AppInstances of us-east-1"]);
    assert!(list.text().contains(&format!("href=\"{LIST}\"")));
    app.put_job(&job, JobState::Paused, "done = 0").await;
    let shell = app.shell(&["job", "list"]).await;
    assert!(shell.status.success(), "{}", said(&shell.stderr));
    assert!(said(&shell.stdout).contains(job.as_str()), "{shell:?}");
    let shell = app.shell(&["job", "show", job.as_str()]).await;
    let told = "on AppInstances of embedded/us-east-1";
    assert!(said(&shell.stdout).contains(told), "{shell:?}");
    let running = TestApp::start().await;
    let (_, admin) = running.sign_in(Role::Admin).await;
    let instance = admin.make_instance("Chat").await;
    let row = arn(&instance);
    keep(&admin, REGION, "app-instances", (&[], &[&row]), "tag")
        .await
        .location();
    let answer = plan(&admin, REGION, "app-instances", "tag", TAG).await;
    let (job, _) = made(&running, &answer).await;
    running
        .put_job(&job.id, JobState::Running, "will = 1")
        .await;
    let page = admin.read(&instance).await;
    assert_says(&page, &["1 job · 0 %"]);
    assert!(!page.contains("sets tags here"), "{page}");
}

#[tokio::test]
async fn only_what_a_role_covers_is_ticked_and_tagged() {
    let world = World::start().await;
    let (app, admin) = (&world.app, &world.browser);
    let other = arn(&admin.make_instance("Other").await);
    let own = arn(&world.instance);
    let (id, limited) = app.sign_in_for(Role::Operator, &own).await;
    let list = limited.get(LIST).await;
    assert!(list.text().contains(&format!("value=\"{own}\"")));
    assert!(!list.text().contains(&other), "{}", list.text());
    for row in [
        &*other,
        "arn:aws:chime:us-east-1:999999999999:app-instance/1",
    ] {
        let kept = [("target", "embedded/us-east-1"), ("list", "app-instances")];
        let kept = [&kept[..], &[("row[0]", row)]].concat();
        let refused = limited.call("/api/selection/keep", &kept).await;
        refused.assert_failed(StatusCode::NOT_FOUND, Cause::NoSuchPage);
    }

    let job = planned(app, &limited, &[&own], ("tag", TAG)).await;

    let done = run(app, &limited, &job).await;
    assert_eq!(done.tally.to_string(), "done 1, skipped 0, failed 0");
    // The owner sees it, and those whose role covers the whole Region; nobody else.
    let status = async |browser: &Browser| browser.get(&page_of(&job)).await.status;
    assert_eq!(status(&limited).await, StatusCode::OK);
    assert!(limited.get("/jobs").await.text().contains(job.as_str()));
    let (_, region) = app.sign_in_for(Role::Viewer, "embedded/us-east-1").await;
    assert_eq!(status(&region).await, StatusCode::OK);
    let both = format!("embedded {own}\nembedded {other}");
    for grant in ["embedded/eu-central-1", &*own, &both] {
        let (_, stranger) = app.sign_in_for(Role::Operator, grant).await;
        assert_eq!(status(&stranger).await, StatusCode::NOT_FOUND, "{grant}");
        let list = stranger.get("/jobs").await;
        assert!(!list.text().contains(job.as_str()), "{grant}");
    }
    // What the owner lost, they do not see any more.
    keep(&limited, REGION, "app-instances", (&[], &[&own]), "tag")
        .await
        .location();
    let grant = other.parse().unwrap();
    app.change_operator(&id, OperatorChange::Grant(&grant))
        .await;
    assert_eq!(status(&limited).await, StatusCode::NOT_FOUND);
    let form = limited
        .read(&format!("{REGION}/selected-app-instances/tag"))
        .await;
    assert_says(&form, &["Nothing is selected"]);
    let elsewhere = "/embedded/eu-central-1/selected-app-instances/tag";
    assert_eq!(limited.get(elsewhere).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_row_that_its_owner_lost_after_the_plan_is_not_tagged() {
    let world = World::start().await;
    let (app, admin) = (&world.app, &world.browser);
    let other = arn(&admin.make_instance("Other").await);
    let own = arn(&world.instance);
    let both = format!("embedded {own}\nembedded {other}");
    let (id, limited) = app.sign_in_for(Role::Operator, &both).await;
    let job = planned(app, &limited, &[&own, &other], ("tag", TAG)).await;
    app.put_job(&job, JobState::Paused, "will = 2").await;
    let grant = own.parse().unwrap();
    app.change_operator(&id, OperatorChange::Grant(&grant))
        .await;

    // It goes on with the rights of its owner, as a runner would have it.
    app.put_job(&job, JobState::Running, "will = 2").await;

    let done = until(app, &job, JobState::Done).await;
    assert_eq!(done.tally.to_string(), "done 1, skipped 0, failed 1");
    let entries = app.newest_entries_of("TagResource", 10).await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    let page = admin
        .read(&format!("{}?outcome=failed", page_of(&job)))
        .await;
    assert_says(&page, &["It is outside of what you may act on."]);
}

#[tokio::test]
async fn an_app_instance_is_neither_deleted_nor_edited_by_a_selection() {
    let world = World::start().await;
    let row = arn(&world.instance);
    keep(
        &world.browser,
        REGION,
        "app-instances",
        (&[], &[&row]),
        "keep",
    )
    .await
    .location();
    for act in ["delete", "edit", "promote", ""] {
        let answer = plan(&world.browser, REGION, "app-instances", act, TAG).await;
        assert_eq!(answer.failure().cause, Cause::Outdated, "{act}");
    }
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let list = viewer.get(LIST).await;
    assert!(!list.text().contains("class=\"pick"), "{}", list.text());
    let refused = plan(&viewer, REGION, "app-instances", "tag", TAG).await;
    let role = Cause::RoleNeeded(Role::Operator);
    refused.assert_failed(StatusCode::FORBIDDEN, role);
}
