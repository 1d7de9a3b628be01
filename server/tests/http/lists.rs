//! Addresses of lists that ask for what is not there.

use axum::http::StatusCode;
use domain::{Cause, Role};

use crate::support::{CREATE_CALL, TestApp, instance_fields, token};

const NO_SIZE: &str = "There are no pages of that size";
const LIST: &str = "/embedded/us-east-1/app-instances";

#[tokio::test]
async fn a_wrong_size_or_cursor_is_the_first_page_with_a_note_and_422() {
    let (_app, browser) = TestApp::signed_in(Role::Admin).await;
    browser.make_instance("Support").await;
    let stale = Cause::StaleCursor.headline();
    let unread = "A part of this address cannot be read".to_owned();
    for (address, note) in [
        (format!("{LIST}?size=7"), NO_SIZE.to_owned()),
        (format!("{LIST}?size=-1"), NO_SIZE.to_owned()),
        (format!("{LIST}?page=forgotten"), stale),
        ("/audit?size=1000000".to_owned(), NO_SIZE.to_owned()),
        ("/audit?before=x".to_owned(), unread.clone()),
        (
            "/audit?after=99999999999999999999".to_owned(),
            unread.clone(),
        ),
        ("/audit?outcome=maybe".to_owned(), unread.clone()),
        ("/audit?since=soon".to_owned(), unread),
    ] {
        let answer = browser.get(&address).await;

        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        let words = answer.words();
        assert!(words.contains(&note), "{address}: {words}");
        let row = if address.starts_with("/audit") {
            "Create AppInstance"
        } else {
            "Support"
        };
        assert!(words.contains(row), "{address}: {words}");
    }
    for address in [
        LIST.to_owned(),
        format!("{LIST}?size=10"),
        "/audit?before=99&size=50&outcome=noted&since=24h".to_owned(),
        "/audit?before=&size=&outcome=&since=".to_owned(),
    ] {
        let answer = browser.get(&address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
    }
}

#[tokio::test]
async fn a_program_is_refused_what_cannot_be_read() {
    let (_app, browser) = TestApp::signed_in(Role::Admin).await;
    for (name, value) in [("size", "7"), ("outcome", "maybe"), ("since", "soon")] {
        let fields = [("seen", "0"), (name, value)];
        let newest = browser.call("/api/audit/newest", &fields).await;
        assert_eq!(newest.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert_eq!(newest.failure().field_problems()[0].field.name(), name);
    }
    for file in ["csv", "jsonl"] {
        let file = browser
            .get(&format!("/audit/export.{file}?outcome=maybe"))
            .await;
        assert_eq!(file.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(file.header("content-disposition"), "");
    }
}

#[tokio::test]
async fn five_messages_wait_for_a_page_at_most() {
    let (_app, browser) = TestApp::signed_in(Role::Admin).await;
    for number in 1..=7 {
        let token = token();
        let name = format!("Instance {number}");
        let form = instance_fields(&token, &name);
        browser.post(CREATE_CALL, &form).await;
    }

    let page = browser.get("/account").await.words();

    let waited: Vec<_> = (1..=7)
        .filter(|number| page.contains(&format!("Instance {number}")))
        .collect();
    assert_eq!(waited, [3, 4, 5, 6, 7], "{page}");
}
