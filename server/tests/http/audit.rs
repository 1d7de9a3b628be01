//! The audit log: pages, filters, details, and the files that are exported.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use backend::{Actor, Point};
use domain::{Cause, Event, Role};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Answer, Browser, TestApp, arn, assert_says, target};

struct World {
    app: TestApp,
    browser: Browser,
    /// The name that the browser signed in with.
    operator: String,
}

impl World {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let (id, browser) = app.sign_in(Role::Admin).await;
        let operator = app.username(&id).await;
        Self {
            app,
            browser,
            operator,
        }
    }

    /// Writes events of the console, named in order.
    async fn note(&self, username: &str, events: usize) {
        for event in 0..events {
            let actor = Actor {
                operator: None,
                username,
                remote: Some("192.0.2.7".parse().unwrap()),
                request_id: "http-1",
            };
            let (name, detail) = (format!("Event{event:02}"), json!({ "n": event }));
            let audit = self.app.backend.audit();
            audit
                .note(&actor, Event::Newer(name), detail)
                .await
                .unwrap();
        }
    }
}

/// Where a link of a page leads, by a word of its tag.
fn link(page: &Answer, mark: &str) -> Option<String> {
    let tag = page.text().split('<').find(|tag| tag.contains(mark))?;
    let (_, href) = tag.split_once("href=\"")?;
    Some(href.split('"').next()?.replace("&amp;", "&"))
}

#[tokio::test]
async fn the_log_says_who_did_what_and_with_what_outcome() {
    let world = World::start().await;
    let instance = world.browser.make_instance("Support").await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let refused = [
        ("target", &*target(&arn(&instance))),
        ("confirm", "Support"),
    ];
    viewer.call("/api/app-instances/delete", &refused).await;

    let log = world.browser.get("/audit").await;
    let overview = world.browser.get("/").await;

    let words = log.words();
    assert_says(
        &words,
        &[
            "Audit log",
            "4 entries on this page, newest first",
            "Sign in",
            "Create AppInstance",
            "Done",
            "Delete AppInstance",
            "Refused",
            "Export CSV",
            &format!("{} (password)", world.operator),
        ],
    );
    assert!(log.text().contains(&format!("href=\"{instance}\"")));
    assert!(overview.text().contains("href=\"/audit\""));
}

#[tokio::test]
async fn filters_are_chips_in_the_address_and_each_can_be_taken_away() {
    let world = World::start().await;
    world.note("ann", 2).await;
    world.note("bob", 1).await;
    let instance = world.browser.make_instance("Support").await;
    let resource = arn(&world.browser.make_user(&instance, "ana", "Ana").await);
    let read = async |path: &str| world.browser.read(path).await;

    let ann = world
        .browser
        .get("/audit?operator=ann&outcome=noted&since=24h")
        .await;
    let without = link(&ann, "aria-label=\"Remove filter: Operator is ann\"").unwrap();
    let noted = read(&without).await;
    let of_user = read(&format!("/audit?resource={}", resource.replace(':', "%3A"))).await;
    let of_operation = read("/audit?operation=CreateAppInstance").await;
    let nothing = read("/audit?outcome=failed").await;
    let nonsense = read("/audit?outcome=maybe&since=soon").await;

    let words = ann.words();
    assert_says(
        &words,
        &[
            "Operator is ann",
            "Outcome is Done in this console",
            "Time in last 24 hours",
        ],
    );
    assert!(words.contains("2 entries"), "{words}");
    assert!(
        !without.contains("operator") && without.contains("outcome=noted"),
        "{without}"
    );
    assert!(noted.contains("4 entries"), "{noted}");
    assert!(of_user.contains("1 entry") && of_user.contains("Create AppInstanceUser"));
    assert!(
        of_operation.contains("1 entry")
            && of_operation.contains("Operation is Create AppInstance")
    );
    assert!(nothing.contains("No entry matches") && nothing.contains("Clear filters"));
    assert!(nonsense.contains("6 entries"), "{nonsense}");
}

#[tokio::test]
async fn pages_go_older_and_newer_and_no_later_entry_shifts_them() {
    let world = World::start().await;
    world.note("ann", 25).await;
    let open = async |path: &str| world.browser.get(path).await;
    let has = |page: &Answer, first: usize, last: usize| {
        let words = page.words();
        (first..=last).all(|event| words.contains(&format!("Event{event:02}")))
            && !words.contains(&format!("Event{:02}", last + 1))
    };

    let newest = open("/audit?size=10&operator=ann").await;
    let second = open(&link(&newest, "rel=\"next\"").unwrap()).await;
    world.note("ann", 1).await;
    let oldest = open(&link(&second, "rel=\"next\"").unwrap()).await;
    let back = open(&link(&oldest, "rel=\"prev\"").unwrap()).await;
    let top = open(&link(&back, "rel=\"prev\"").unwrap()).await;

    assert!(has(&newest, 15, 24), "{}", newest.words());
    assert_eq!(link(&newest, "rel=\"prev\""), None);
    assert!(has(&second, 5, 14), "{}", second.words());
    assert!(has(&oldest, 0, 4), "{}", oldest.words());
    assert_eq!(link(&oldest, "rel=\"next\""), None);
    assert!(has(&back, 5, 14), "{}", back.words());
    assert!(has(&top, 15, 24), "{}", top.words());
    assert!(link(&top, "rel=\"next\"").unwrap().contains("operator=ann"));
}

#[tokio::test]
async fn an_entry_has_a_page_by_its_row_and_by_its_operation_id() {
    let world = World::start().await;
    let instance = world.browser.make_instance("Support").await;
    let changes = [("name", "Help"), ("metadata", "m")];
    let call = "/api/app-instances/update";
    world.browser.save_edited(call, &instance, &changes).await;
    let entry = world.app.newest_entries(1).await.remove(0);

    let log = world.browser.get("/audit").await;
    let by_row = world.browser.read(&format!("/audit/{}", entry.seq)).await;
    let by_id = world.browser.read(&format!("/audit/{}", entry.id)).await;
    let searched = world
        .browser
        .read(&format!("/audit?resource={}", entry.id))
        .await;
    let aws = entry.aws_request.unwrap();
    let by_request = world.browser.read(&format!("/audit?resource={aws}")).await;

    assert!(
        log.text()
            .contains(&format!("href=\"/audit/{}\"", entry.seq))
    );
    assert_says(
        &by_row,
        &[
            "Update AppInstance",
            "Done",
            &world.operator,
            "127.0.0.1",
            &aws,
            &entry.id,
            &arn(&instance),
            "embedded, us-east-1",
            "Name Support Help",
            "Metadata – none m",
            "\"Name\": \"Help\"",
        ],
    );
    assert_eq!(by_row, by_id);
    assert!(searched.contains("1 entry") && by_request.contains("1 entry"));
    for missing in ["/audit/999", "/audit/nothing", "/audit/-1"] {
        let answer = world.browser.get(missing).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
}

/// The records of a CSV file, without its head.
fn records(file: &Answer) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(&file.body[..]);
    reader.records().map(Result::unwrap).collect()
}

#[tokio::test]
async fn the_csv_file_has_every_entry_of_the_filters_and_no_formula() {
    let world = World::start().await;
    world.note("=cmd()", 1100).await;
    world.note("bob", 1).await;

    let file = world
        .browser
        .get("/audit/export.csv?operator=%3Dcmd%28%29")
        .await;
    let button = world.browser.get("/audit?operator=bob&size=10").await;
    let few = world
        .browser
        .get(&link(&button, "export.csv").unwrap())
        .await;

    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let disposition = file.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"carillon-audit-2"),
        "{disposition}"
    );
    assert!(disposition.ends_with(".csv\""), "{disposition}");
    let rows = records(&file);
    assert_eq!(rows.len(), 1100, "more than one read");
    assert!(rows.iter().all(|row| &row[2] == "'=cmd()"));
    let numbers: Vec<i64> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    assert!(
        numbers.is_sorted_by(|a, b| a > b),
        "newest first, each once"
    );
    assert_eq!(records(&few).len(), 1);
}

#[tokio::test]
async fn the_lines_of_json_hold_what_was_before_and_after() {
    let world = World::start().await;
    let evil = "</textarea><script>\n=1";
    let instance = world.browser.make_instance("Support").await;
    let changes = [("name", "Help"), ("metadata", evil)];
    let call = "/api/app-instances/update";
    world.browser.save_edited(call, &instance, &changes).await;

    let file = world.browser.get("/audit/export.jsonl").await;

    assert_eq!(
        file.header("content-type"),
        "application/jsonl; charset=utf-8"
    );
    let lines: Vec<Value> = file
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["operation"], "UpdateAppInstance");
    assert_eq!(lines[0]["operator"], world.operator);
    assert_eq!(lines[0]["account"], "password");
    assert_eq!(lines[0]["outcome"], "succeeded");
    assert_eq!(lines[0]["before"]["Name"], "Support");
    assert_eq!(lines[0]["input"]["Metadata"], evil);
}

/// SQLite keeps whatever it is given in whichever column.
#[tokio::test]
async fn a_row_that_cannot_be_read_hides_no_other_from_a_file() {
    let world = World::start().await;
    world.note("ann", 5).await;
    let first = world.browser.get("/audit/export.jsonl?operator=ann").await;
    let seqs: Vec<_> = first.text().lines().map(|line| row(line).0).collect();
    let mut database = world.app.open_database().await;
    for damage in [
        "DROP TRIGGER audit_no_update".to_owned(),
        format!("UPDATE audit SET at = 'yesterday' WHERE seq = {}", seqs[1]),
        format!("UPDATE audit SET request = x'00ff' WHERE seq = {}", seqs[2]),
        format!("UPDATE audit SET input = '{{' WHERE seq = {}", seqs[3]),
    ] {
        let damage = sqlx::raw_sql(sqlx::AssertSqlSafe(damage));
        damage.execute(&mut database).await.unwrap();
    }

    let lines = world.browser.get("/audit/export.jsonl?operator=ann").await;
    let table = world.browser.get("/audit/export.csv?operator=ann").await;

    let lines: Vec<_> = lines.text().lines().map(row).collect();
    let damaged = [false, true, true, true, false];
    let expected: Vec<_> = seqs.into_iter().zip(damaged).collect();
    assert_eq!(lines, expected);
    // The page of the entry says so too, and so does the overview, on which all of them are.
    for (seq, is_damaged) in &expected {
        let page = world.browser.read(&format!("/audit/{seq}")).await;
        assert_eq!(page.contains("This row is damaged"), *is_damaged, "{page}");
    }
    let overview = world.browser.read("/").await;
    assert_eq!(
        overview.matches("This row is damaged").count(),
        3,
        "{overview}"
    );
    let mut table = csv::Reader::from_reader(&*table.body);
    let rows = table.records().map(|row| {
        let row = row.unwrap();
        let damaged = row.iter().next_back().unwrap();
        (row[0].parse().unwrap(), damaged.parse().unwrap())
    });
    assert_eq!(rows.collect::<Vec<(i64, bool)>>(), expected);
}

/// The number of a line, and whether it says that its row is damaged.
fn row(line: &str) -> (i64, bool) {
    let line: Value = serde_json::from_str(line).unwrap();
    (
        line["row"].as_i64().unwrap(),
        line["damaged"].as_bool().unwrap(),
    )
}

#[tokio::test]
async fn who_reads_the_log_too_often_at_once_is_told_to_come_back() {
    let world = World::start().await;
    let browser = Arc::new(world.browser);
    let mut reads = JoinSet::new();
    let mut read = || {
        let browser = Arc::clone(&browser);
        reads.spawn(async move { browser.get("/audit/export.jsonl").await });
    };
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut one = world.app.backend.points().hold(Point::TurnTaken);
        read();
        one.is_there().await;
        held.push(one);
    }
    // One more than may wait.
    for _ in 0..33 {
        read();
    }

    // The others cannot be answered before.
    let refused = reads.join_next().await.unwrap().unwrap();
    drop(held);
    let others = reads.join_all().await;

    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.header("retry-after"), "5");
    let words = refused.words();
    assert!(words.contains(&Cause::Busy.headline()), "{words}");
    assert_eq!(others.len(), 34);
    for other in others {
        assert_eq!(other.status, StatusCode::OK, "{}", other.text());
    }
}

#[tokio::test]
async fn the_log_and_its_files_are_for_who_is_signed_in() {
    let world = World::start().await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    for path in [
        "/audit",
        "/audit/1",
        "/audit/export.csv",
        "/audit/export.jsonl",
    ] {
        let answer = world.app.anonymous().get(path).await;
        assert!(
            answer.location().starts_with("/sign-in?next=%2Faudit"),
            "{path}"
        );
    }
    for path in ["/audit", "/audit/export.csv", "/audit/export.jsonl"] {
        assert_eq!(viewer.get(path).await.status, StatusCode::OK, "{path}");
        let post = [("sec-fetch-site", "same-origin")];
        let posted = viewer.send(Method::POST, path, &post, "").await;
        assert!(posted.status.is_client_error(), "{path} {}", posted.status);
    }
}

#[tokio::test]
async fn names_and_details_are_text() {
    let world = World::start().await;
    let evil = "</textarea><script>alert(1)</script>";
    world.note(evil, 1).await;
    let seq = world.app.newest_entries(1).await[0].seq;
    let asked = "/audit?operator=%3Cscript%3Ealert(1)%3C%2Fscript%3E";

    for path in ["/audit", &format!("/audit/{seq}"), asked] {
        let page = world.browser.get(path).await;
        assert!(page.words().contains("<script>alert(1)</script>"), "{path}");
        assert!(!page.text().contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_said() {
    let world = World::start().await;
    let mut database = world.app.open_database().await;
    sqlx::query("ALTER TABLE audit RENAME TO hidden")
        .execute(&mut database)
        .await
        .unwrap();

    let log = world.browser.get("/audit").await;
    let file = world.browser.get("/audit/export.csv").await;

    for answer in [&log, &file] {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        let headline = Cause::StoreUnavailable.headline();
        assert!(answer.words().contains(&headline), "{}", answer.words());
    }
    assert_eq!(file.header("content-disposition"), "");
}

/// What the list that is shown live is answered: nothing, or how far the log goes and the list.
async fn newest(browser: &Browser, fields: &[(&str, &str)]) -> Option<(i64, String)> {
    let answer = browser.call("/api/audit/newest", fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn the_newest_page_follows_what_happens() {
    let world = World::start().await;
    world.note("ann", 2).await;
    let page = world.browser.get("/audit?operator=ann&size=10").await;
    assert!(page.text().contains("data-live"), "{}", page.text());
    let filters = [("operator", "ann"), ("size", "10")];
    let since = async |seen: i64| {
        let seen = seen.to_string();
        let fields: Vec<_> = filters.into_iter().chain([("seen", &*seen)]).collect();
        newest(&world.browser, &fields).await
    };

    let (seen, list) = since(0).await.unwrap();
    assert_eq!(since(seen).await, None);
    world.note("bob", 1).await;
    let (later, others) = since(seen).await.unwrap();
    world.note("ann", 12).await;
    let (_, full) = since(later).await.unwrap();

    assert!(list.contains("2 entries on this page"), "{list}");
    // What the filters leave out is not shown, and nothing is new.
    assert!(
        others.contains("2 entries") && !others.contains("bob"),
        "{others}"
    );
    assert!(!others.contains("is-new"), "{others}");
    assert_eq!(full.matches("is-new").count(), 10, "{full}");
    // The way to older entries keeps the filters, and is the page's own.
    let next = format!(
        "href=\"/audit?operator=ann&amp;size=10&amp;before={}",
        later + 3
    );
    assert!(full.contains(&next), "{next} in {full}");
}

#[tokio::test]
async fn only_the_newest_page_is_live() {
    let world = World::start().await;
    world.note("ann", 30).await;
    for page in ["/audit?before=20&size=10", "/audit?after=1&size=10"] {
        let page = world.browser.get(page).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text().contains("data-live"), "{}", page.text());
    }
}

#[tokio::test]
async fn an_unknown_outcome_is_resolved_by_a_later_look() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, browser) = app.sign_in(Role::Admin).await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    let instance = browser.make_instance("Support").await;
    let user = browser.make_user(&instance, "ana", "Ana").await;
    let entry = app.lose_the_answer_to_delete(&browser, &user).await;
    let path = format!("/audit/{entry}");
    let fields = [("entry", &*entry.to_string())];

    let seen_by_viewer = viewer.get(&path).await;
    let refused = viewer.call("/api/audit/look", &fields).await;
    let before = browser.read(&path).await;
    let looked = browser.post("/api/audit/look", &fields).await;
    let after = browser.read(&path).await;

    let words = seen_by_viewer.words();
    assert_says(&words, &["Look again", "Needs the role Operator"]);
    assert!(seen_by_viewer.text().contains("aria-disabled=\"true\""));
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_says(&before, &["Unknown", "“Look again” reads"]);
    assert_eq!(looked.location(), path);
    assert_says(
        &after,
        &["The change was made", "Done", "Outcome found later by"],
    );
    assert!(!after.contains("“Look again” reads"), "{after}");
}
