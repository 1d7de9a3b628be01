//! Pages while AWS says nothing: what does not need AWS is there, and a silent Region costs its own
//! place on the page and no more.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use domain::{Region, Role};
use serde_json::json;

use crate::support::TestApp;

/// A part of a page waits 5 s. One after another would take longer than this with two already.
const ONE_WAIT: Duration = Duration::from_secs(9);

async fn hang(app: &TestApp, times: Option<u32>) {
    let fault = json!({ "operation": "ListAppInstances", "kind": "hang", "times": times });
    app.inject(&[fault]).await;
}

/// Opens a page while all Regions are silent, which takes one wait, and answers what it says.
async fn open_in_silence(role: Role, page: &str) -> String {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, browser) = app.sign_in(role).await;
    hang(&app, None).await;
    let began = Instant::now();

    let page = browser.get(page).await;

    assert!(began.elapsed() < ONE_WAIT, "{:?}", began.elapsed());
    assert_eq!(page.status, StatusCode::OK, "{}", page.words());
    page.words()
}

#[tokio::test]
async fn the_overview_waits_once_however_many_regions_are_silent() {
    let words = open_in_silence(Role::Viewer, "/").await;

    for region in Region::ALL {
        let told = format!("{region} did not answer within 5 s");
        assert!(words.contains(&told), "{words}");
    }
    assert!(words.contains("Recent activity"), "{words}");
    assert!(words.contains("AWS account"), "{words}");
}

#[tokio::test]
async fn one_region_that_is_silent_leaves_the_others_as_they_are() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    hang(&app, Some(1)).await;

    let page = viewer.get("/").await;

    assert_eq!(page.status, StatusCode::OK);
    let words = page.words();
    assert_eq!(words.matches("did not answer within").count(), 1, "{words}");
    let empty = words.matches("No AppInstances yet").count();
    assert_eq!(empty, Region::ALL.len() - 1, "{words}");
}

#[tokio::test]
async fn the_page_of_scopes_waits_once_for_the_names_of_all_regions() {
    open_in_silence(Role::Admin, "/operators/invite").await;
}
