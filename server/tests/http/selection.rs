//! Rows that are ticked in a list, on whatever page, and the plans that are made of them. Everything here is
//! without JavaScript.

mod again;
mod instances;
mod update;

use axum::http::StatusCode;
use backend::Job;
use backend::jobs::RowFilter;
use domain::{Cause, Field, JobId, JobKind, JobState, Problem, Role};

use crate::support::{Answer, Browser, TestApp, World, arn, assert_says, only_problem, target};

const KEEP: &str = "/api/selection/keep";
const PLAN: &str = "/api/selection/plan";

/// What a list is of, by the page of it: a Region, an AppInstance or a user.
fn of_list(page: &str) -> String {
    match page.strip_prefix('/').unwrap().split('/').count() {
        2 => page[1..].to_owned(),
        _ => target(&arn(page)),
    }
}

/// The form of the bar above a list, as a browser sends it.
async fn keep(
    browser: &Browser,
    of: &str,
    list: &str,
    (shown, ticked): (&[&str], &[&str]),
    then: &str,
) -> Answer {
    let of = of_list(of);
    let numbered = |name: &str, rows: &[&str]| {
        let rows = rows.iter().enumerate();
        rows.map(|(at, row)| (format!("{name}[{at}]"), (*row).to_owned()))
            .collect::<Vec<_>>()
    };
    let rows = [numbered("shown", shown), numbered("row", ticked)].concat();
    let rows = rows.iter().map(|(name, value)| (&**name, &**value));
    let fields = [("target", &*of), ("list", list), ("then", then)];
    let fields: Vec<_> = fields.into_iter().chain(rows).collect();
    browser.post(KEEP, &fields).await
}

async fn plan(
    browser: &Browser,
    of: &str,
    list: &str,
    act: &str,
    typed: &[(&str, &str)],
) -> Answer {
    let of = of_list(of);
    let fields = [("target", &*of), ("list", list), ("act", act)];
    browser.call(PLAN, &[&fields, typed].concat()).await
}

/// The job that a plan is, with what its rows are about.
async fn made(app: &TestApp, answer: &Answer) -> (Job, Vec<String>) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let done: app::request::Done = serde_json::from_str(answer.text()).unwrap();
    let id = done.location.strip_prefix("/jobs/").unwrap();
    let (id, jobs) = (id.parse().unwrap(), app.backend.jobs());
    let job = jobs.find(&id).await.unwrap().unwrap();
    let rows = jobs.rows(&id, RowFilter::default(), 0, 100).await.unwrap();
    let id = |resource: &str| resource.rsplit('/').next().unwrap().to_owned();
    let of = |row: &backend::jobs::JobRow| match &row.subject {
        Some(subject) => subject
            .endpoint
            .clone()
            .unwrap_or_else(|| id(subject.arn.as_str())),
        None => row.resource.clone(),
    };
    (job, rows.rows.iter().map(of).collect())
}

/// Waits until a job is so far.
async fn until(app: &TestApp, job: &JobId, state: JobState) -> Job {
    app.until_job(job, |job| job.state == state).await
}

/// Runs a plan to its end.
async fn run(app: &TestApp, browser: &Browser, job: &JobId) -> Job {
    let fields = [("id", job.as_str())];
    let started = browser.call("/api/jobs/start", &fields).await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.text());
    until(app, job, JobState::Done).await
}

/// How many jobs there are.
async fn jobs(app: &TestApp) -> usize {
    let all = backend::jobs::Whose::All;
    let list = app.backend.jobs().list(None, &all, None, 100).await;
    list.unwrap().jobs.len()
}

#[tokio::test]
async fn ticked_users_become_the_rows_of_a_plan() {
    let world = World::start().await;
    for id in ["ana", "bo", "cy"] {
        world.make_user(id, id).await;
    }
    let (users, browser) = (world.page("users"), &world.browser);
    let list = browser.get(&users).await;
    assert!(
        list.text().contains("aria-label=\"Select ana\""),
        "{}",
        list.text()
    );
    assert!(
        list.text().contains("value=\"user/ana\""),
        "{}",
        list.text()
    );

    let shown = ["user/ana", "user/bo", "user/cy"];
    let ticked = (&shown[..], &["user/ana", "user/cy"][..]);
    let sent = keep(browser, &world.instance, "users", ticked, "delete").await;
    assert_eq!(sent.location(), world.page("selected-users/delete"));
    let page = browser.read(sent.location()).await;
    assert_says(
        &page,
        &[
            "Delete: 2 users of Support",
            "2 users selected",
            "ana",
            "cy",
        ],
    );
    let answer = plan(browser, &world.instance, "users", "delete", &[]).await;

    let (job, rows) = made(&world.app, &answer).await;
    assert_eq!((job.kind, job.total), (JobKind::Delete, 2));
    assert_eq!(rows, ["ana", "cy"]);
    let left = browser.read(&users).await;
    assert_says(&left, &["ana", "bo", "cy"]);
    let again = browser.read(&world.page("selected-users/delete")).await;
    assert_says(&again, &["Nothing is selected"]);
}

#[tokio::test]
async fn pages_add_up_and_what_is_unticked_goes() {
    let world = World::start().await;
    for id in ["ana", "bo", "cy"] {
        world.make_user(id, id).await;
    }
    let (of, browser) = (&world.instance, &world.browser);
    let first = (&["user/ana", "user/bo"][..], &["user/ana", "user/bo"][..]);
    keep(browser, of, "users", first, "keep").await.location();
    keep(browser, of, "users", (&["user/cy"], &["user/cy"]), "keep")
        .await
        .location();
    let unticked = (&["user/ana", "user/bo"][..], &["user/bo"][..]);
    keep(browser, of, "users", unticked, "keep")
        .await
        .location();

    let list = browser.get(&format!("{}?q=cy", world.page("users"))).await;
    assert_says(
        &list.words(),
        &["1 selected on other pages", "Add to selection", "Clear"],
    );
    let is_box = |tag: &&str| tag.contains("checkbox") && tag.contains("\"user/cy\"");
    let boxed = list.text().split('<').find(is_box).unwrap();
    assert!(boxed.contains(" checked"), "{boxed}");
    let typed = [("tag_key[0]", "team"), ("tag_value[0]", "blue")];
    let answer = plan(browser, of, "users", "tag", &typed).await;

    let (job, rows) = made(&world.app, &answer).await;
    assert_eq!(rows, ["bo", "cy"]);
    assert_eq!(
        job.input,
        serde_json::json!({ "Tags": [{ "Key": "team", "Value": "blue" }] })
    );
}

#[tokio::test]
async fn clear_forgets_and_without_rows_there_is_no_plan() {
    let world = World::start().await;
    world.make_user("ana", "Ana").await;
    let (of, browser) = (&world.instance, &world.browser);
    keep(browser, of, "users", (&[], &["user/ana"]), "keep")
        .await
        .location();
    let cleared = keep(browser, of, "users", (&[], &["user/ana"]), "clear").await;
    assert_eq!(cleared.location(), world.page("users"));

    let answer = plan(browser, of, "users", "delete", &[]).await;

    let done: app::request::Done = serde_json::from_str(answer.text()).unwrap();
    assert_eq!(done.location, world.page("users"));
    assert_says(
        &browser.read(&done.location).await,
        &["Nothing is selected any more"],
    );
    assert_eq!(jobs(&world.app).await, 0);
}

#[tokio::test]
async fn every_act_of_a_list_makes_its_kind_of_plan() {
    let world = World::start().await;
    let (user, endpoint) = world.make_user_with_endpoint("ana", "Ana").await;
    let bot = world.make_bot(&[]).await;
    let of_bot = format!("bot/{}", bot.rsplit('/').next().unwrap());
    let endpoint = endpoint.rsplit('/').next().unwrap();
    let (of, browser) = (&*world.instance, &world.browser);
    let tag = &[("tag_key[0]", "team"), ("tag_value[0]", "blue")][..];
    let days = &[("expiration_days", "30")][..];
    let keys = &[("tag_keys", "team\nsite")][..];
    let none = &[("allow_messages", "NONE")][..];
    let name = &[("name", "Ann")][..];
    for (of, list, row, act, typed, kind) in [
        (
            of,
            "users",
            "user/ana",
            "set-expiration",
            days,
            JobKind::SetExpiration,
        ),
        (
            of,
            "users",
            "user/ana",
            "clear-expiration",
            &[],
            JobKind::SetExpiration,
        ),
        (of, "users", "user/ana", "edit", name, JobKind::Update),
        (of, "users", "user/ana", "tag", tag, JobKind::Tag),
        (of, "users", "user/ana", "untag", keys, JobKind::Untag),
        (of, "users", "user/ana", "promote", &[], JobKind::Promote),
        (of, "users", "user/ana", "demote", &[], JobKind::Demote),
        (of, "bots", &of_bot, "tag", tag, JobKind::Tag),
        (of, "bots", &of_bot, "untag", keys, JobKind::Untag),
        (of, "bots", &of_bot, "promote", &[], JobKind::Promote),
        (of, "bots", &of_bot, "delete", &[], JobKind::Delete),
        (of, "admins", "user/ana", "demote", &[], JobKind::Demote),
        (of, "admins", &of_bot, "demote", &[], JobKind::Demote),
        (
            &user,
            "endpoints",
            endpoint,
            "allow-messages",
            none,
            JobKind::AllowMessages,
        ),
        (
            &user,
            "endpoints",
            endpoint,
            "deregister",
            &[],
            JobKind::Deregister,
        ),
    ] {
        keep(browser, of, list, (&[], &[row]), act).await.location();
        let page = browser.get(&format!("{of}/selected-{list}/{act}")).await;
        assert_eq!(page.status, StatusCode::OK, "{list} {act}");
        assert_says(&page.words(), &["1 ", "selected", "Make the plan"]);

        let answer = plan(browser, of, list, act, typed).await;

        let (job, rows) = made(&world.app, &answer).await;
        assert_eq!((job.kind, rows.len()), (kind, 1), "{list} {act}");
        assert_eq!(rows[0], row.rsplit('/').next().unwrap(), "{list} {act}");
    }
}

#[tokio::test]
async fn values_that_an_act_needs_are_asked_for() {
    let world = World::start().await;
    world.make_user("ana", "Ana").await;
    let (of, browser) = (&world.instance, &world.browser);
    keep(browser, of, "users", (&[], &["user/ana"]), "keep")
        .await
        .location();
    for (act, typed, field) in [
        (
            "set-expiration",
            ("expiration_days", ""),
            Field::ExpireAfter,
        ),
        (
            "set-expiration",
            ("expiration_days", "0"),
            Field::ExpireAfter,
        ),
        ("edit", ("no_metadata", "false"), Field::Name),
        ("tag", ("tag_key[0]", ""), Field::Tags),
        ("untag", ("tag_keys", "aws:x"), Field::TagKeys),
    ] {
        let answer = plan(browser, of, "users", act, &[typed]).await;
        assert_eq!(only_problem(&answer.failure()).0, field, "{act}");
    }
    let empty = plan(browser, of, "users", "untag", &[]).await;
    assert_eq!(
        only_problem(&empty.failure()),
        (Field::TagKeys, &Problem::Empty)
    );
    assert_eq!(jobs(&world.app).await, 0);

    let page = world.page("selected-users/untag");
    let fields = [
        ("page", &*page),
        ("target", &target(&arn(of))),
        ("list", "users"),
        ("act", "untag"),
        ("tag_keys", "aws:<b>"),
    ];
    let sent = browser.post(PLAN, &fields).await;
    let form = browser.get(sent.location()).await;
    assert!(form.text().contains("aws:&lt;b&gt;"), "{}", form.text());
    assert!(!form.text().contains("aws:<b>"), "{}", form.text());
}

#[tokio::test]
async fn what_is_of_another_app_instance_or_list_is_refused() {
    let world = World::start().await;
    let other = world.browser.make_instance("Other").await;
    let bo = arn(&world.browser.make_user(&other, "bo", "Bo").await);
    let (of, browser) = (&world.instance, &world.browser);
    for row in [&*bo, "bot/7a", "<script>", "../x/user/ana", ""] {
        let fields = [
            ("target", &*target(&arn(of))),
            ("list", "users"),
            ("row[0]", row),
        ];
        let answer = browser.call(KEEP, &fields).await;
        assert!(!answer.status.is_success(), "{row}");
        assert_eq!(answer.failure().cause, Cause::Outdated, "{row}");
    }
    for list in ["endpoints", "operators", ""] {
        let fields = [("target", &*target(&arn(of))), ("list", list)];
        let answer = browser.call(KEEP, &fields).await;
        assert_eq!(answer.failure().cause, Cause::Outdated, "{list}");
    }
    for act in ["deregister", "drop", ""] {
        let answer = plan(browser, of, "users", act, &[]).await;
        assert_eq!(answer.failure().cause, Cause::Outdated, "{act}");
        let page = browser
            .get(&world.page(&format!("selected-users/{act}")))
            .await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{act}");
    }
    assert_eq!(jobs(&world.app).await, 0);
}

#[tokio::test]
async fn what_a_list_goes_back_to_is_never_another_site() {
    let world = World::start().await;
    let of = target(&arn(&world.instance));
    for go in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
        let fields = [("target", &*of), ("list", "users"), ("go", go)];
        let sent = world.browser.post(KEEP, &fields).await;
        assert_eq!(sent.location(), world.page("users"), "{go}");
    }
    let next = format!("{}?page=2.x", world.page("users"));
    let fields = [("target", &*of), ("list", "users"), ("go", &next)];
    assert_eq!(world.browser.post(KEEP, &fields).await.location(), next);
}

#[tokio::test]
async fn a_selection_is_its_operators_own() {
    let world = World::start().await;
    world.make_user("ana", "Ana").await;
    let of = &world.instance;
    keep(&world.browser, of, "users", (&[], &["user/ana"]), "keep")
        .await
        .location();
    let (_, other) = world.app.sign_in(Role::Operator).await;

    let page = other.read(&world.page("selected-users/delete")).await;

    assert_says(&page, &["Nothing is selected"]);
    let list = other.get(&world.page("users")).await;
    assert!(!list.text().contains("data-kept"), "{}", list.text());
}

#[tokio::test]
async fn a_viewer_has_nothing_to_tick_and_makes_no_plan() {
    let world = World::start().await;
    world.make_user("ana", "Ana").await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let list = viewer.get(&world.page("users")).await;
    assert!(!list.text().contains("class=\"pick"), "{}", list.text());
    let of = &world.instance;
    keep(&viewer, of, "users", (&[], &["user/ana"]), "keep")
        .await
        .location();
    let page = viewer.read(&world.page("selected-users/delete")).await;
    assert_says(&page, &["Needs the role Operator"]);

    let answer = plan(&viewer, of, "users", "delete", &[]).await;

    let refused = Cause::RoleNeeded(Role::Operator);
    answer.assert_failed(StatusCode::FORBIDDEN, refused);
    let entry = world.app.newest_entries(1).await.remove(0);
    assert_eq!(entry.phase, backend::Phase::Refused, "{entry:?}");
    assert_eq!(entry.event.to_string(), "PlanJob");
    assert_eq!(jobs(&world.app).await, 0);
}

#[tokio::test]
async fn a_console_that_only_reads_makes_no_plan() {
    let world = World::start().await;
    world.make_user("ana", "Ana").await;
    let reading = world.app.start_read_only().await;
    let browser = world.browser.at(reading.address);
    let list = browser.get(&world.page("users")).await;
    assert!(!list.text().contains("class=\"pick"), "{}", list.text());
    let of = &world.instance;
    keep(&browser, of, "users", (&[], &["user/ana"]), "keep")
        .await
        .location();

    let answer = plan(&browser, of, "users", "delete", &[]).await;

    answer.assert_failed(StatusCode::FORBIDDEN, Cause::ReadOnly);
    assert_eq!(jobs(&world.app).await, 0);
}

#[tokio::test]
async fn what_a_role_does_not_cover_is_not_selected() {
    let world = World::start().await;
    let own = world.browser.make_instance("Own").await;
    let (_, limited) = world.app.sign_in_for(Role::Operator, &arn(&own)).await;
    let of = target(&arn(&world.instance));
    let fields = [("target", &*of), ("list", "users"), ("row[0]", "user/ana")];
    let kept = limited.call(KEEP, &fields).await;
    kept.assert_failed(StatusCode::NOT_FOUND, Cause::NoSuchPage);
    let answer = plan(&limited, &world.instance, "users", "delete", &[]).await;
    answer.assert_failed(StatusCode::NOT_FOUND, Cause::NoSuchPage);
    let page = limited.get(&world.page("selected-users/delete")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(jobs(&world.app).await, 0);
}

#[tokio::test]
async fn endpoints_are_ticked_in_a_form_of_their_own() {
    let world = World::start().await;
    let (user, endpoint) = world.make_user_with_endpoint("ana", "Ana").await;
    let id = endpoint.rsplit('/').next().unwrap();
    let list = world.browser.get(&format!("{user}/endpoints")).await;
    let boxed = format!("value=\"{id}\"");
    assert!(list.text().contains(&boxed), "{}", list.text());
    // A form inside another one is none: the boxes name theirs.
    let (_, bar) = list.text().split_once("id=\"selection\"").unwrap();
    let (bar, after) = bar.split_once("</form>").unwrap();
    assert!(!bar.contains("<form"), "{bar}");
    assert!(after.contains("form=\"selection\""), "{after}");
    assert_says(&list.words(), &["Allow messages", "Deregister"]);
}
