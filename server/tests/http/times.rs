//! Times and files for people in other zones and programs: UTC or local, to the second, and the mark
//! by which a spreadsheet reads letters.

use axum::http::StatusCode;
use domain::Role;

use crate::support::{PASSWORD, TestApp};

const MARK: &[u8] = "\u{feff}".as_bytes();

#[tokio::test]
async fn a_csv_begins_with_a_byte_order_mark_unless_it_is_switched_off() {
    let (_app, browser) = TestApp::signed_in(Role::Admin).await;
    browser.make_instance("Zoë").await;

    let marked = browser.get("/audit/export.csv").await;
    let filtered = browser
        .get("/audit/export.csv?operation=CreateAppInstance")
        .await;
    let bare = browser.get("/audit/export.csv?bom=0").await;
    let lines = browser.get("/audit/export.jsonl").await;

    assert!(marked.body.starts_with(&[MARK, b"row,time,"].concat()));
    assert!(filtered.body.starts_with(MARK));
    assert!(bare.body.starts_with(b"row,time,"));
    assert!(lines.body.starts_with(b"{"));
    let once = |body: &[u8]| body.windows(MARK.len()).filter(|at| *at == MARK).count();
    assert_eq!(once(&marked.body), 1);
    let log = browser.get("/audit?operator=ada").await;
    assert!(
        log.text()
            .contains("/audit/export.csv?operator=ada&amp;bom=0")
    );
}

#[tokio::test]
async fn local_times_are_kept_with_the_operator_in_every_browser() {
    let app = TestApp::start().await;
    let (id, browser) = app.sign_in(Role::Viewer).await;
    let (_, other) = app.sign_in(Role::Viewer).await;
    let page = "/audit?since=24h";

    let before = browser.get(page).await;
    let fields = [("local", "true"), ("page", page)];
    let chosen = browser.post("/api/account/times", &fields).await;
    let name = app.username(&id).await;
    let elsewhere = app.anonymous();
    elsewhere.sign_in(&name, PASSWORD).await;

    assert!(!before.text().contains("data-local-times"));
    assert!(before.words().contains("Show local times"));
    assert_eq!(chosen.location(), page);
    let text = elsewhere.get(page).await;
    assert!(text.text().contains("data-local-times"));
    assert!(text.words().contains("Show UTC"));
    assert!(!other.get(page).await.text().contains("data-local-times"));
    // And back, to a page of this console only.
    let fields = [("local", "false"), ("page", "https://evil.example/")];
    let back = browser.post("/api/account/times", &fields).await;
    assert_eq!(back.location(), "/account");
    assert!(
        !elsewhere
            .get(page)
            .await
            .text()
            .contains("data-local-times")
    );
    let wrong = browser
        .call("/api/account/times", &[("local", "mars")])
        .await;
    assert!(wrong.status.is_client_error());
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn every_time_of_the_audit_has_its_seconds_and_its_zone() {
    let (_app, browser) = TestApp::signed_in(Role::Admin).await;
    let chat = browser.make_instance("Chat").await;

    for page in ["/audit", "/audit/2", &format!("{chat}/activity"), "/"] {
        let answer = browser.get(page).await;
        let times = answer.text().split("<time ").skip(1);
        let times: Vec<_> = times
            .map(|time| time.split("</time>").next().unwrap())
            .filter(|time| time.contains("title="))
            .collect();
        assert!(!times.is_empty(), "{page}");
        for time in times {
            let (head, shown) = time.rsplit_once('>').unwrap();
            // Beside how long ago it was, the time is in the title.
            let title = head.split(" title=\"").nth(1).unwrap();
            let exact = if shown.contains("ago") || shown == "just now" {
                title.trim_end_matches('"')
            } else {
                shown
            };
            assert_eq!(exact.matches(':').count(), 2, "{page}: {time}");
            assert!(exact.ends_with(" UTC"), "{page}: {time}");
        }
    }
}
