//! What people name has an address of its own, whatever they call it, and old addresses lead on.

use std::collections::BTreeSet;

use app::routes::App;
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, RawPathParams};
use axum::http::{Request, StatusCode};
use axum::routing::get;
use domain::Role;
use domain::arn::{AppInstanceArn, AppInstanceUserArn};
use leptos_axum::{AxumRouteListing, generate_route_list};
use proptest::prelude::*;
use tower::ServiceExt as _;

use crate::support::{TestApp, World};

const INSTANCE: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/i-1";

/// The pages, each of which answers which it is and whose it is.
fn pages() -> Router {
    let listed = generate_route_list(App);
    let paths: BTreeSet<_> = listed.iter().map(AxumRouteListing::path).collect();
    let which = async |page: MatchedPath, named: RawPathParams| {
        let user = named.iter().find(|(name, _)| *name == "user");
        format!("{} {}", page.as_str(), user.map_or("", |(_, user)| user))
    };
    paths
        .into_iter()
        .fold(Router::new(), |routes, path| routes.route(path, get(which)))
}

/// Every word that stands in an address of ours.
fn words() -> Vec<String> {
    let listed = generate_route_list(App);
    let segments = listed.iter().flat_map(|page| page.path().split('/'));
    let words: BTreeSet<_> = segments
        .filter(|segment| !segment.is_empty() && !segment.starts_with('{'))
        .map(ToOwned::to_owned)
        .collect();
    words.into_iter().collect()
}

fn ids() -> impl Strategy<Value = String> {
    prop_oneof![
        // What the rules allow, what AWS may give besides, and our own words.
        "[A-Za-z0-9]([A-Za-z0-9:_.@-]{0,62}[A-Za-z0-9])?",
        "\\PC{1,80}",
        prop::sample::select(words()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_address_of_a_user_leads_to_the_page_of_that_user(id in ids()) {
        let instance: AppInstanceArn = INSTANCE.parse().unwrap();
        let read = AppInstanceUserArn::read(&instance, &id);
        prop_assume!(read.is_ok());
        let arn = read.unwrap();
        let path = app::paths::user(&"embedded".parse().unwrap(), &arn);

        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answered = runtime.block_on(async {
            let request = Request::get(&path).body(Body::empty()).unwrap();
            let answer = pages().oneshot(request).await.unwrap();
            let body = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
            String::from_utf8(body.to_vec()).unwrap()
        });

        let (page, user) = answered.split_once(' ').unwrap();
        prop_assert_eq!(page, "/{connection}/{region}/app-instances/{instance}/users/{user}");
        prop_assert_eq!(AppInstanceUserArn::read(&instance, user).unwrap(), arn);
    }
}

#[tokio::test]
async fn a_user_who_is_called_like_a_word_of_ours_has_every_page() {
    let (_app, browser) = TestApp::signed_in(Role::Admin).await;
    let instance = browser.make_instance("Support").await;
    for word in [
        "create",
        "edit",
        "endpoints",
        "users",
        "create-user",
        "register",
    ] {
        let user = browser.make_user(&instance, word, "Somebody").await;
        assert_eq!(user, format!("{instance}/users/{word}"));
        // The message that somebody was created has the name, too, on whatever page comes next.
        browser.get("/account").await;
        let pages = [
            "",
            "/edit",
            "/expiration",
            "/endpoints",
            "/tags",
            "/delete",
            "/activity",
        ];
        for page in pages.map(|page| format!("{user}{page}")) {
            let answer = browser.get(&page).await;
            assert_eq!(answer.status, StatusCode::OK, "{page}");
            assert!(answer.words().contains("Somebody"), "{page}");
        }
    }
}

#[tokio::test]
async fn an_old_address_of_a_form_leads_to_it_while_nothing_has_that_id() {
    let world = World::start().await;
    let (browser, instance) = (&world.browser, &world.instance);
    let user = world.make_user("alice", "Alice").await;
    let list = instance.rsplit_once('/').unwrap().0;
    for (old, new) in [
        (
            format!("{list}/create"),
            list.replace("/app-instances", "/create-app-instance"),
        ),
        (
            format!("{instance}/users/create"),
            format!("{instance}/create-user"),
        ),
        (
            format!("{instance}/bots/create"),
            format!("{instance}/create-bot"),
        ),
        (
            format!("{user}/endpoints/register"),
            format!("{user}/register-endpoint"),
        ),
    ] {
        let answer = browser.get(&old).await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{old}: {}",
            answer.words()
        );
        let link = format!("href=\"{new}\"");
        assert!(
            answer.text().contains(&link),
            "{old} does not lead to {new}"
        );
        assert_eq!(browser.get(&new).await.status, StatusCode::OK, "{new}");
    }
    let other = browser.get(&format!("{instance}/users/nobody")).await;
    assert!(!other.text().contains("create-user"));
}
