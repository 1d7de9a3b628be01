//! New names and metadata for many users at once.

use axum::http::StatusCode;
use domain::{Field, JobId, JobKind, JobState, Problem, RowState};

use super::{PLAN, keep, made, plan, run, until};
use crate::support::{World, arn, assert_says, only_problem, target, token};

/// Makes a user with metadata.
async fn make_user(world: &World, id: &str, metadata: &str) {
    let (target, token) = (target(&arn(&world.instance)), token());
    let fields = [
        ("target", &*target),
        ("token", &token),
        ("user_id", id),
        ("name", id),
        ("metadata", metadata),
    ];
    let made = world.browser.call("/api/users/create", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
}

/// Ticks users and plans that they are changed like this.
async fn edit(world: &World, rows: &[&str], typed: &[(&str, &str)]) -> JobId {
    let (of, browser) = (&world.instance, &world.browser);
    world.app.backend.begin_duties().await;
    let kept = keep(browser, of, "users", (&[], rows), "edit").await;
    assert_eq!(kept.location(), world.page("selected-users/edit"));
    let answer = plan(browser, of, "users", "edit", typed).await;
    let (job, _) = made(&world.app, &answer).await;
    assert_eq!(job.kind, JobKind::Update);
    until(&world.app, &job.id, JobState::Planned).await.id
}

#[tokio::test]
async fn two_of_three_users_get_new_metadata_and_the_third_has_it() {
    let world = World::start().await;
    for (id, metadata) in [("ana", "level-1"), ("bo", ""), ("cy", "<b>vip</b>")] {
        make_user(&world, id, metadata).await;
    }
    let rows = ["user/ana", "user/bo", "user/cy"];

    let job = edit(&world, &rows, &[("metadata", "<b>vip</b>")]).await;

    let page = world.browser.get(&format!("/jobs/{job}")).await;
    assert_says(
        &page.words(),
        &[
            "Will be done 2",
            "Nothing to do 1",
            "Metadata: level-1 → <b>vip</b>",
            "It is so already.",
        ],
    );
    assert!(!page.text().contains("<b>vip"), "{}", page.text());
    let done = run(&world.app, &world.browser, &job).await;
    assert_eq!(done.tally.to_string(), "done 2, skipped 1, failed 0");
    let user = world.browser.read(&world.page("users/ana")).await;
    assert_says(&user, &["ana", "<b>vip</b>"]);
}

#[tokio::test]
async fn metadata_is_taken_away_and_a_user_that_is_gone_meanwhile_is_not_made_again() {
    let world = World::start().await;
    for id in ["ana", "bo"] {
        make_user(&world, id, "level-1").await;
    }
    let of = target(&arn(&world.page("users/bo")));
    let fields = [("target", &*of), ("confirm_user_id", "bo")];
    let deleted = world.browser.call("/api/users/delete", &fields).await;
    assert_eq!(deleted.status, StatusCode::OK, "{}", deleted.text());

    let typed = [("name", "Guest"), ("no_metadata", "true")];
    let job = edit(&world, &["user/ana", "user/bo"], &typed).await;

    let page = world.browser.read(&format!("/jobs/{job}")).await;
    assert_says(
        &page,
        &[
            "Will be done 1",
            "Cannot be done 1",
            "Name: ana → Guest",
            "It does not exist",
        ],
    );
    let done = run(&world.app, &world.browser, &job).await;
    assert_eq!(done.tally.to_string(), "done 1, skipped 0, failed 1");
    let user = world.browser.read(&world.page("users/ana")).await;
    assert!(
        user.contains("Guest") && !user.contains("level-1"),
        "{user}"
    );
    let gone = world.browser.get(&world.page("users/bo")).await;
    assert!(!gone.status.is_success(), "{}", gone.status);
}

#[tokio::test]
async fn a_user_that_is_deleted_after_the_plan_fails_and_is_not_made_again() {
    let world = World::start().await;
    for id in ["ana", "bo"] {
        make_user(&world, id, "level-1").await;
    }
    let rows = ["user/ana", "user/bo"];
    let job = edit(&world, &rows, &[("name", "Guest")]).await;
    let of = target(&arn(&world.page("users/bo")));
    let fields = [("target", &*of), ("confirm_user_id", "bo")];
    world.browser.call("/api/users/delete", &fields).await;

    let done = run(&world.app, &world.browser, &job).await;

    assert_eq!((done.tally.done, done.tally.failed), (1, 1));
    let failed = format!("/jobs/{job}?outcome={}", RowState::Failed.name());
    let page = world.browser.read(&failed).await;
    assert_says(&page, &["bo", "It does not exist"]);
    let gone = world.browser.get(&world.page("users/bo")).await;
    assert!(!gone.status.is_success(), "{}", gone.status);
}

#[tokio::test]
async fn what_is_typed_is_told_at_its_field_and_is_text_when_it_comes_back() {
    let world = World::start().await;
    make_user(&world, "ana", "").await;
    let (of, browser) = (&world.instance, &world.browser);
    keep(browser, of, "users", (&[], &["user/ana"]), "edit")
        .await
        .location();
    let problem = async |typed: &[(&str, &str)]| {
        let answer = plan(browser, of, "users", "edit", typed).await;
        let failure = answer.failure();
        let (field, problem) = only_problem(&failure);
        (field, problem.clone())
    };
    let empty = problem(&[("name", ""), ("metadata", "")]).await;
    assert_eq!(empty, (Field::Name, Problem::NothingChosen));
    let both = problem(&[("metadata", "m"), ("no_metadata", "true")]).await;
    assert_eq!(both, (Field::Metadata, Problem::TakenAway));
    let blank = problem(&[("name", "  ")]).await;
    assert_eq!(blank, (Field::Name, Problem::Blank));

    let page = world.page("selected-users/edit");
    let target = target(&arn(of));
    let fields = [
        ("page", &*page),
        ("target", &*target),
        ("list", "users"),
        ("act", "edit"),
        ("name", "<script>alert(1)</script>"),
        ("metadata", "</textarea><script>alert(2)</script>"),
        ("no_metadata", "true"),
    ];
    let sent = browser.post(PLAN, &fields).await;
    let form = browser.get(sent.location()).await;
    assert_says(&form.words(), &["Leave this empty, or untick the box"]);
    assert!(!form.text().contains("<script>alert"), "{}", form.text());
    let name = form.value_of("name");
    assert_eq!(name.as_deref(), Some("<script>alert(1)</script>"));
}
