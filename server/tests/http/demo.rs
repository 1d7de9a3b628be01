//! `--demo`: what it fills, when it does not, and that the pages show it.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use backend::Clock;
use domain::{Region, Role};
use emulator::{Emulator, Storage};
use server::demo::{Filled, act, fill};

use crate::support::{Browser, TestApp, assert_says};

async fn filled(app: &TestApp) -> Option<Filled> {
    app.fill().await.unwrap()
}

/// The pages of a list, one after another.
async fn pages(browser: &Browser, list: &str) -> Vec<String> {
    let mut pages = Vec::new();
    let mut next = Some(format!("{list}?size=50"));
    while let Some(page) = next {
        let text = browser.get(&page).await.text().to_owned();
        let link = text.split_once("<a rel=\"next\" href=\"");
        next = link.map(|(_, rest)| rest.split('"').next().unwrap().replace("&amp;", "&"));
        pages.push(text);
    }
    pages
}

/// The resources that a list leads to, below an address.
fn links(page: &str, below: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split('"').next()?.strip_prefix(below));
    let mut links: Vec<_> = links
        .filter(|id| !id.is_empty() && *id != "create" && !id.contains(['/', '?']))
        .map(|id| format!("{below}{id}"))
        .collect();
    links.dedup();
    links
}

#[tokio::test]
async fn a_newcomer_finds_a_living_dashboard() {
    let (app, browser) = TestApp::signed_in(Role::Admin).await;

    let made = filled(&app).await.unwrap();

    assert_eq!(made.app_instances, 7);
    assert!(made.users > 300 && made.admins > 10 && made.bots > 5 && made.endpoints > 100);
    let list = "/embedded/us-east-1/app-instances";
    let instances = links(browser.get(list).await.text(), &format!("{list}/"));
    let words = browser.read(list).await;
    assert_says(
        &words,
        &[
            "Harbour Support – production",
            "Harbour Support – staging",
            "Harbour Support – development",
            "Fleet Dispatch – production",
            "Load test",
        ],
    );
    let eu = browser.read("/embedded/eu-central-1/app-instances").await;
    assert!(eu.contains("Hafen Kundendienst – production"), "{eu}");
    for page in ["", "/users", "/admins", "/bots", "/retention", "/tags"] {
        let path = format!("{}{page}", instances[0]);
        assert_eq!(browser.get(&path).await.status, StatusCode::OK, "{path}");
    }
    let retention = browser.read(&format!("{}/retention", instances[0])).await;
    assert!(retention.contains("365"), "{retention}");
}

#[tokio::test]
async fn users_expire_and_expired_and_endpoints_are_in_every_state() {
    let (app, browser) = TestApp::signed_in(Role::Admin).await;
    filled(&app).await.unwrap();
    let list = "/embedded/us-east-1/app-instances";
    let instance = links(browser.get(list).await.text(), &format!("{list}/")).remove(0);
    let users = format!("{instance}/users");

    let pages = pages(&browser, &users).await;
    let found: Vec<_> = pages
        .iter()
        .flat_map(|page| links(page, &format!("{users}/")))
        .collect();
    let guests: Vec<_> = found
        .iter()
        .filter(|user| user.contains("/guest-"))
        .collect();
    let mut said = String::new();
    for guest in guests {
        said.push_str(&browser.read(guest).await);
    }
    let mut endpoints = String::new();
    for user in found.iter().step_by(2) {
        endpoints.push_str(&browser.read(&format!("{user}/endpoints")).await);
    }

    assert!(
        pages.len() > 4 && found.len() > 200,
        "{} users",
        found.len()
    );
    assert_says(&said, &["Expired 1 h 2", "Expires in 2 h 5"]);
    assert_says(
        &endpoints,
        &[
            "Active",
            "INVALID_DEVICE_TOKEN",
            "INVALID_PINPOINT_ARN",
            "APNS",
            "GCM",
            "NONE",
            "No endpoints yet",
        ],
    );
}

#[tokio::test]
async fn the_audit_has_what_was_changed_and_what_was_refused() {
    let (app, browser) = TestApp::signed_in(Role::Admin).await;
    filled(&app).await.unwrap();

    act(&app.backend).await.unwrap();

    let log = browser.read("/audit").await;
    assert_says(
        &log,
        &[
            "demonstration",
            "Update AppInstanceUser",
            "Tag resource",
            "Failed",
        ],
    );
    let entries = app.newest_entries(99).await;
    let of = |operation: &str| {
        let found = entries
            .iter()
            .filter(|entry| entry.event.name() == operation);
        found.map(|entry| entry.phase.name()).collect::<Vec<_>>()
    };
    assert_eq!(of("CreateAppInstanceAdmin"), ["failed", "succeeded"]);
    assert_eq!(of("UpdateAppInstanceUser"), ["succeeded"]);
    assert_eq!(of("UpdateAppInstanceUserEndpoint"), ["succeeded"]);
    assert_eq!(of("PutAppInstanceRetentionSettings"), ["succeeded"]);
}

#[tokio::test]
async fn what_is_there_is_left_as_it_is() {
    let (app, browser) = TestApp::signed_in(Role::Admin).await;
    browser.make_instance("Mine").await;

    assert_eq!(filled(&app).await, None);

    let words = browser.read("/embedded/us-east-1/app-instances").await;
    assert!(words.contains("Mine") && !words.contains("Harbour"));
    let other = browser.read("/embedded/eu-central-1/app-instances").await;
    assert!(!other.contains("Hafen"), "nor are the other Regions filled");
}

#[tokio::test]
async fn it_is_quick_with_the_data_on_disk_too() {
    let folder = tempfile::tempdir().unwrap();
    let config = emulator::Config {
        storage: Storage::Directory(folder.path().to_owned()),
        ..emulator::Config::in_memory("test", "test", "us-east-1")
    };
    let emulator = Emulator::start(config).await.unwrap();
    let (started, now) = (Instant::now(), Clock::system().now());

    let made = fill(&emulator, &[Region::UsEast1], now).await.unwrap();
    let took = started.elapsed();
    let again = fill(&emulator, &[Region::UsEast1], now).await.unwrap();

    assert_eq!(made.unwrap().app_instances, 5, "of this Region only");
    assert_eq!(again, None);
    // A debug build on a busy machine; a release build takes a tenth.
    assert!(took < Duration::from_secs(20), "{took:?}");
    emulator.stop().await;
}
