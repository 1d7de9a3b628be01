//! The page of what is gone: when it was deleted, by whom, and the way to what the audit has of it.

use axum::http::StatusCode;
use domain::Role;

use crate::support::{Answer, Browser, World, arn, assert_says, target};

const HOSTILE: &str = "</title><script>alert(1)</script>\"'&amp;";

async fn delete(browser: &Browser, call: &str, page: &str, confirm: (&str, &str)) {
    let fields = [("target", &*target(&arn(page))), confirm];
    let answer = browser.call(call, &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

async fn delete_user(browser: &Browser, user: &str) {
    let id = user.rsplit('/').next().unwrap();
    delete(browser, "/api/users/delete", user, ("confirm_user_id", id)).await;
}

impl World {
    /// The page of the newest entry that succeeded with this operation.
    async fn entry_of(&self, operation: &str) -> String {
        let newest = self.app.newest_entries_of(operation, 1).await.remove(0);
        format!("/audit/{}", newest.seq)
    }
}

/// Says that something is gone: when, by whom, and the way to the entry and to its Activity.
#[track_caller]
fn assert_gone(page: &Answer, words: &[&str], entry: &str, path: &str) {
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_says(&page.words(), words);
    for to in [entry, &format!("{path}/activity")] {
        let link = format!("href=\"{to}\"");
        assert!(page.text().contains(&link), "{link} in {}", page.text());
    }
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_can_be_brought_back() {
    let world = World::start().await;
    let user = world.make_user("yusuf", "Joseph").await;
    let changes = [("name", "Yusuf"), ("metadata", "")];
    let call = "/api/users/update";
    world.browser.save_edited(call, &user, &changes).await;
    delete_user(&world.browser, &user).await;
    let entry = world.entry_of("DeleteAppInstanceUser").await;

    let page = world.browser.get(&user).await;
    let activity = world.browser.get(&format!("{user}/activity")).await;

    let told = ["User Yusuf is gone", "Yusuf was deleted on", "by Admin-"];
    assert_gone(&page, &told, &entry, &user);
    let facts = [
        "Deleted in this console",
        "AppInstances Support Users Yusuf",
        "Bring back",
        "Memberships, messages and push endpoints do not come back",
    ];
    assert_says(&page.words(), &facts);
    let seq = entry.rsplit('/').next().unwrap();
    assert_eq!(page.value_of("entry").as_deref(), Some(seq));
    assert_eq!(activity.status, StatusCode::NOT_FOUND);
    assert!(
        !activity.words().contains("Restore"),
        "nothing has the value"
    );
    assert_says(
        &activity.words(),
        &[
            "Activity of user Yusuf",
            "Yusuf was deleted on",
            "Delete AppInstanceUser",
            "Create AppInstanceUser",
        ],
    );

    let fields = [("entry", seq), ("page", &*user)];
    let plan = world.browser.post("/api/jobs/bring-back", &fields).await;
    assert!(plan.location().starts_with("/jobs/"), "{}", plan.location());
}

#[tokio::test]
async fn a_bot_an_endpoint_and_an_app_instance_are_gone_for_good() {
    let world = World::start().await;
    let browser = &world.browser;
    let bot = world.make_bot(&[]).await;
    let (user, endpoint) = world.make_user_with_endpoint("ana", "Ana").await;
    let id = endpoint.rsplit('/').next().unwrap();
    delete(browser, "/api/bots/delete", &bot, ("confirm", "Helper")).await;
    delete(browser, "/api/endpoints/deregister", &user, ("id", id)).await;

    let of_bot = world.entry_of("DeleteAppInstanceBot").await;
    let page = browser.get(&bot).await;
    assert_gone(
        &page,
        &["Bot Helper is gone", "Helper was deleted on"],
        &of_bot,
        &bot,
    );
    assert!(!page.words().contains("Bring back"), "{}", page.words());
    let of_endpoint = world.entry_of("DeregisterAppInstanceUserEndpoint").await;
    let page = browser.get(&endpoint).await;
    assert_gone(
        &page,
        &["Phone was deregistered on"],
        &of_endpoint,
        &endpoint,
    );
    for gone in [&bot, &endpoint] {
        let activity = browser.get(&format!("{gone}/activity")).await;
        assert_eq!(activity.status, StatusCode::NOT_FOUND);
        assert_says(&activity.words(), &["is gone", "What changed"]);
    }

    let confirm = ("confirm", "Support");
    delete(
        browser,
        "/api/app-instances/delete",
        &world.instance,
        confirm,
    )
    .await;
    let of_instance = world.entry_of("DeleteAppInstance").await;
    let page = browser.get(&world.instance).await;
    let told = [
        "AppInstance Support is gone",
        "Support was deleted on",
        "by Admin-",
    ];
    assert_gone(&page, &told, &of_instance, &world.instance);
    assert!(!page.words().contains("Bring back"), "{}", page.words());
    let activity = browser.read(&world.page("activity")).await;
    assert_says(&activity, &["Support was deleted on", "Create AppInstance"]);
    // Nothing says that the user was deleted, but it went with what it was in.
    let page = browser.get(&user).await;
    assert_gone(
        &page,
        &["AppInstance Support is gone"],
        &of_instance,
        &world.instance,
    );
}

#[tokio::test]
async fn what_was_made_again_or_never_deleted_here_is_only_not_found() {
    let world = World::start().await;
    let browser = &world.browser;
    let never = browser.get(&world.page("users/nobody")).await;
    let user = world.make_user("ana", "Ana").await;
    delete_user(browser, &user).await;
    world.make_user("ana", "Ana").await;
    // As if somebody had deleted it elsewhere after that.
    let missing = serde_json::json!({
        "operation": "DescribeAppInstanceUser", "kind": "error", "code": "ForbiddenException",
    });
    world.app.inject(&[missing]).await;
    let again = browser.get(&user).await;

    for page in [never, again] {
        assert!(!page.status.is_success());
        assert!(!page.words().contains("gone"), "{}", page.words());
        assert_says(
            &page.words(),
            &["Not found, or this connection may not do it"],
        );
    }
}

#[tokio::test]
async fn one_whose_role_does_not_cover_it_learns_nothing() {
    let world = World::start().await;
    let other = world.browser.make_instance("Other").await;
    let user = world.make_user("yusuf", "Yusuf").await;
    delete_user(&world.browser, &user).await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let (_, limited) = world.app.sign_in_for(Role::Admin, &arn(&other)).await;

    let seen = viewer.get(&user).await;
    let hidden = limited.get(&user).await;
    let nothing = limited.get(&world.page("users/nobody")).await;
    let activity = limited.get(&format!("{user}/activity")).await;

    assert_says(
        &seen.words(),
        &["Yusuf was deleted on", "(Needs the role Operator)"],
    );
    for page in [&hidden, &activity] {
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(!page.words().contains("Yusuf"), "{}", page.words());
    }
    assert_eq!(hidden.words(), nothing.words());
}

#[tokio::test]
async fn the_name_of_what_is_gone_is_text() {
    let world = World::start().await;
    let user = world.make_user("ana", HOSTILE).await;
    delete_user(&world.browser, &user).await;

    for path in [user.clone(), format!("{user}/activity")] {
        let page = world.browser.get(&path).await;
        assert_says(&page.words(), &[&format!("{HOSTILE} was deleted on")]);
        assert!(!page.text().contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn the_page_that_demotes_says_who_demoted_before() {
    let world = World::start().await;
    let user = world.make_user("ana", "Ana").await;
    let (instance, member) = (target(&arn(&world.instance)), arn(&user));
    let fields = [("target", &*instance), ("member", &*member)];
    world.browser.call("/api/admins/create", &fields).await;
    world.browser.call("/api/admins/delete", &fields).await;
    let entry = world.entry_of("DeleteAppInstanceAdmin").await;

    let page = world
        .browser
        .get(&world.page("admins/user/ana/remove"))
        .await;

    assert_gone(
        &page,
        &["Not an admin", "ana was demoted on", "by Admin-"],
        &entry,
        &user,
    );
}
