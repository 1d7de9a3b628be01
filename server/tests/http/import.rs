//! Import of users, admins and endpoints from a file, without JavaScript: each step, and every file
//! that is no good.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use backend::import::Limits as FileLimits;
use backend::{Clock, OperatorChange};
use domain::Role;
use server::limits::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{
    Answer, Browser, FORM, MULTIPART, PINPOINT, TestApp, arn, assert_says, multipart, target,
};

/// A console with an AppInstance, and the page that imports users into it.
async fn with_instance(role: Role) -> (TestApp, Browser, String) {
    within(role, Limits::default().file).await
}

async fn within(role: Role, file: FileLimits) -> (TestApp, Browser, String) {
    let limits = Limits {
        file,
        sign_ins: std::num::NonZeroU32::MAX,
        ..Limits::default()
    };
    let app = TestApp::start_within(Clock::system(), &["--emulator-control"], &limits).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let instance = admin.make_instance("Chat").await;
    let (_, browser) = app.sign_in(role).await;
    (app, browser, instance)
}

/// The page after a file was sent, with what is wrong with it.
async fn refused(browser: &Browser, page: &str, files: &[(&str, &[u8])]) -> Answer {
    let answer = browser.send_files(page, files).await;
    let location = answer.location();
    assert!(
        location.starts_with(page) && location.contains("draft="),
        "{location}"
    );
    browser.get(location).await
}

/// What is kept of uploads.
async fn kept(app: &TestApp) -> (i64, i64) {
    let mut database = app.open_database().await;
    let count = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM imports), (SELECT COUNT(*) FROM import_parts)",
    );
    count.fetch_one(&mut database).await.unwrap()
}

async fn choose(browser: &Browser, instance: &str, id: &str, columns: &[(&str, &str)]) -> String {
    let target = target(&arn(instance));
    let page = format!("{instance}/imports/{id}/columns");
    let fields = [("target", &*target), ("import", id), ("page", &*page)];
    let fields = [&fields[..], columns].concat();
    let answer = browser.post("/api/imports/columns", &fields).await;
    answer.location().to_owned()
}

async fn plan(browser: &Browser, instance: &str, id: &str) -> Answer {
    let target = target(&arn(instance));
    let page = format!("{instance}/imports/{id}/check");
    let fields = [("target", &*target), ("import", id), ("page", &*page)];
    browser.post("/api/imports/plan", &fields).await
}

#[tokio::test]
async fn a_file_becomes_a_planned_job_by_plain_forms() {
    let (app, browser, instance) = with_instance(Role::Operator).await;
    app.backend.begin_duties().await;
    let list = browser.get(&format!("{instance}/users")).await;
    let page = format!("{instance}/import-users");
    assert!(
        list.text().contains(&format!("href=\"{page}\"")),
        "{}",
        list.text()
    );
    let form = browser.get(&page).await;
    assert_says(
        &form.words(),
        &["100 MB", "250,000 rows", "100 columns", "64 KiB"],
    );
    let writes = app.calls().await;

    let file = "user_id,name,team\nbo,Bo,a\nbo,Bo,b\nBO,Bo 2,c\n cy ,Cy,d\n";
    let id = browser.import(&instance, "users", file).await;
    let columns = browser
        .get(&format!("{instance}/imports/{id}/columns"))
        .await;
    assert_says(&columns.words(), &["team", "Bo 2", "4 in all"]);
    let chosen = [
        ("column[0]", "user_id"),
        ("tag_name[0]", ""),
        ("column[1]", "name"),
        ("tag_name[1]", ""),
        ("column[2]", "tag"),
        ("tag_name[2]", "Team"),
    ];
    let check = choose(&browser, &instance, &id, &chosen).await;
    assert!(check.ends_with("/check"), "{check}");
    let check = browser.get(&check).await;
    let said = [
        "2 rows can be planned, 2 cannot",
        "1 row differs",
        "Line 3",
        "Line 2 of the file is about the same one.",
        "Line 5",
        "Remove the space at the beginning or the end.",
    ];
    assert_says(&check.words(), &said);
    let bad = browser
        .get(&format!("{instance}/imports/{id}/refused.csv"))
        .await;
    assert_eq!(bad.status, StatusCode::OK, "{}", bad.text());
    assert!(
        bad.text()
            .contains("user_id,name,team,problem\nbo,Bo,b,Line 3: "),
        "{}",
        bad.text()
    );
    assert_eq!(bad.text().lines().count(), 3);
    assert_eq!(app.calls().await, writes, "AWS was called before the plan");
    let planned = plan(&browser, &instance, &id).await;
    let job = planned
        .location()
        .strip_prefix("/jobs/")
        .unwrap()
        .to_owned();
    // Pressed twice, it is the same job; the rows are the job's now.
    assert_eq!(
        plan(&browser, &instance, &id).await.location(),
        planned.location()
    );
    assert_eq!(kept(&app).await, (1, 0));
    let job = job.parse().unwrap();
    for _ in 0..2000 {
        let found = app.backend.jobs().find(&job).await.unwrap().unwrap();
        if found.state == domain::JobState::Planned {
            assert_eq!((found.total, found.plan.will, found.plan.cannot), (4, 2, 2));
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the job is not planned");
}

#[tokio::test]
async fn a_file_that_is_no_good_comes_back_with_why_and_leaves_nothing() {
    let (app, browser, instance) = with_instance(Role::Operator).await;
    let page = format!("{instance}/import-users");
    let utf16: Vec<u8> = "\u{feff}user_id\nana\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let long_cell = [b"user_id,name\nana,".to_vec(), vec![b'x'; 5_000_000]].concat();
    let many_columns = format!("{}\nx\n", vec!["a"; 200].join(","));
    let cases: [(&[u8], &str); 12] = [
        (b"", "The file is empty."),
        (b"user_id,name\n", "a heading and nothing below it"),
        (b"user_id,name\nana,\xff\xfe\n", "Line 2 is not UTF-8"),
        (&utf16, "UTF-16"),
        (
            b"user_id,name\nana,\"Ana\nbo,Bo\n",
            "line 2 is never closed",
        ),
        (&long_cell, "A cell in line 2 has more than 65536 bytes"),
        (many_columns.as_bytes(), "more than 100 columns"),
        (
            b"user_id,name,name\na,b,c\n",
            "Two columns have the name “name”",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "an image"),
        (b"PK\x03\x04\x14\0\0\0", "a spreadsheet or an archive"),
        (b"user_id\na\0b\n", "a null character"),
        (b"[{\"user_id\": \"a\"}]", "one JSON list"),
    ];
    for (file, why) in cases {
        let answer = refused(&browser, &page, &[("a.csv", file)]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_says(&answer.words(), &["The file was not taken", why]);
    }
    assert_nothing_kept(&app).await;
}

/// What broke off is taken away beside requests.
async fn assert_nothing_kept(app: &TestApp) {
    for _ in 0..500 {
        if kept(app).await == (0, 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?} is kept", kept(app).await);
}

#[tokio::test]
async fn no_file_two_files_and_what_is_no_form_are_told() {
    let (app, browser, instance) = with_instance(Role::Operator).await;
    let page = format!("{instance}/import-users");
    let good: &[u8] = b"user_id\nana\n";

    let none = refused(&browser, &page, &[("", b"")]).await;
    let empty = refused(&browser, &page, &[]).await;
    let two = refused(&browser, &page, &[("a.csv", good), ("b.csv", good)]).await;

    assert_says(&none.words(), &["No file was chosen."]);
    assert_says(&empty.words(), &["No file was chosen."]);
    assert_says(&two.words(), &["Two files were sent."]);
    let same = ("sec-fetch-site", "same-origin");
    let file = format!("{page}/file");
    for kind in [
        FORM,
        ("content-type", "text/csv"),
        ("content-type", "multipart/form-data"),
        ("content-type", "application/json"),
    ] {
        let headers = [("accept", "text/html"), same, kind];
        let answer = browser
            .send(Method::POST, &file, &headers, "user_id\nana\n")
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{kind:?}"
        );
    }
    let headers = [("accept", "text/html"), same];
    let answer = browser
        .send(Method::POST, &file, &headers, "user_id\nana\n")
        .await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_nothing_kept(&app).await;
}

#[tokio::test]
async fn more_than_a_file_may_have_is_refused_at_once_or_as_soon_as_it_is_seen() {
    let file = FileLimits {
        bytes: 1000,
        rows: 3,
        ..FileLimits::default()
    };
    let (app, browser, instance) = within(Role::Operator, file).await;
    let page = format!("{instance}/import-users");
    let many = refused(&browser, &page, &[("a.csv", b"user_id\na\nb\nc\nd\n")]).await;
    assert_says(&many.words(), &["more than 3 rows"]);
    let large = [b"user_id\n".to_vec(), vec![b'x'; 2000]].concat();
    let large = refused(&browser, &page, &[("a.csv", &large)]).await;
    assert_says(&large.words(), &["The file has more than"]);

    // Declared, it is refused before a byte of it was sent.
    let head = head_of(&browser, &page, 200_000_000, "accept: text/html\r\n");
    let mut stream = TcpStream::connect(browser.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 303");
    assert_nothing_kept(&app).await;
}

/// The head of an upload.
fn head_of(browser: &Browser, page: &str, length: usize, more: &str) -> String {
    let (name, kind) = MULTIPART;
    format!(
        "POST {page}/file HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\n\
         cookie: {}\r\n{name}: {kind}\r\ncontent-length: {length}\r\n{more}\r\n",
        browser.address,
        browser.cookies().unwrap()
    )
}

#[tokio::test]
async fn a_browser_that_is_closed_half_way_leaves_nothing() {
    let (app, browser, instance) = with_instance(Role::Operator).await;
    let page = format!("{instance}/import-users");
    let rows = many_rows();
    let body = multipart(&[("a.csv", format!("user_id\n{rows}").as_bytes())]);
    let head = head_of(&browser, &page, body.len() + 1000, "");
    let mut stream = TcpStream::connect(browser.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body[..body.len() - 50]).await.unwrap();
    let mut tries = 0;
    while kept(&app).await.1 == 0 {
        tries += 1;
        assert!(tries < 1000, "nothing is read while it comes");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    drop(stream);

    assert_nothing_kept(&app).await;
}

#[tokio::test]
async fn who_may_not_import_is_refused_before_the_file_is_read() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let (mine, others) = admin.make_instances(["Mine", "Others"]).await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    let (_, limited) = app.sign_in_for(Role::Operator, &arn(&mine)).await;
    let reading = app.start_read_only().await;
    let (_, mut reader) = app.sign_in(Role::Operator).await;
    reader.address = reading.address;
    for (browser, instance, status) in [
        (&viewer, &mine, 403),
        (&limited, &others, 404),
        (&reader, &mine, 403),
        (&app.anonymous(), &mine, 401),
    ] {
        let page = format!("{instance}/import-users");
        let (name, kind) = MULTIPART;
        let cookie = browser
            .cookies()
            .map_or_else(String::new, |cookies| format!("cookie: {cookies}\r\n"));
        let head = format!(
            "POST {page}/file HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\n{cookie}\
             {name}: {kind}\r\ncontent-length: 5000000\r\nexpect: 100-continue\r\n\r\n",
            browser.address,
        );
        let mut stream = TcpStream::connect(browser.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut start = [0; 12];
        stream.read_exact(&mut start).await.unwrap();
        let start = String::from_utf8_lossy(&start).into_owned();
        assert_eq!(start, format!("HTTP/1.1 {status}"), "{page}");
    }
    assert_eq!(kept(&app).await, (0, 0));
    let page = viewer.get(&format!("{mine}/import-users")).await;
    assert_says(&page.words(), &["Needs the role Operator"]);
    let list = viewer.get(&format!("{mine}/users")).await;
    assert!(
        !list
            .text()
            .contains("href=\"/embedded/us-east-1/app-instances/x/import")
    );
    assert_says(&list.words(), &["Import users (Needs the role Operator)"]);
}

#[tokio::test]
async fn nobody_else_sees_a_file_and_it_can_be_gone_on_with_or_removed() {
    let (app, browser, instance) = with_instance(Role::Operator).await;
    let (_, other) = app.sign_in(Role::Admin).await;
    let name = "ana-maria-<b>.csv";
    let page = format!("{instance}/import-users");
    let sent = browser
        .send_files(&page, &[(name, b"user_id\nana\n")])
        .await;
    let columns = sent.location().to_owned();
    let id = columns.split('/').rev().nth(1).unwrap().to_owned();

    for step in ["columns", "check", "refused.csv"] {
        let path = format!("{instance}/imports/{id}/{step}");
        assert_eq!(
            other.get(&path).await.status,
            StatusCode::NOT_FOUND,
            "{step}"
        );
        assert_eq!(browser.get(&path).await.status, StatusCode::OK, "{step}");
    }
    assert_eq!(
        plan(&other, &instance, &id).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(!other.get(&page).await.text().contains("ana-maria"));
    let mine = browser.get(&page).await;
    assert!(
        mine.text().contains("ana-maria-&lt;b&gt;.csv"),
        "{}",
        mine.text()
    );
    assert!(mine.text().contains(&columns));

    let target = target(&arn(&instance));
    let fields = [("target", &*target), ("import", &*id), ("page", &*page)];
    let refused = other.call("/api/imports/remove", &fields).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let removed = browser.post("/api/imports/remove", &fields).await;
    assert_eq!(removed.location(), page);
    assert_eq!(kept(&app).await, (0, 0));
}

#[tokio::test]
async fn an_unfinished_import_is_listed_among_the_jobs_of_the_one_who_sent_it() {
    let (app, browser, instance) = with_instance(Role::Operator).await;
    let heading = "Imports that are not planned yet";
    assert!(!browser.read("/jobs").await.contains(heading));
    let page = format!("{instance}/import-users");
    let file: (&str, &[u8]) = ("<b>new</b>.csv", b"user_id,name\nana,Ana\n");
    let step = browser.send_files(&page, &[file]).await;
    let step = step.location();

    let list = browser.get("/jobs").await;

    assert_says(
        &list.words(),
        &[heading, "<b>new</b>.csv", "Import users into Chat", "Go on"],
    );
    assert!(!list.text().contains("<b>new"), "{}", list.text());
    assert!(list.text().contains(&format!("href=\"{step}\"")));
    assert!(!browser.read("/jobs?before=1").await.contains(heading));
    let (_, other) = app.sign_in(Role::Admin).await;
    assert!(!other.read("/jobs").await.contains(heading));
    // It is a job once it is planned, and what a role does not cover any more is not there.
    let id = step.split('/').rev().nth(1).unwrap();
    let second = browser.import(&instance, "admins", "user_id\nana\n").await;
    plan(&browser, &instance, id).await;
    let list = browser.get("/jobs").await;
    assert!(!list.text().contains(id), "{}", list.text());
    assert!(list.text().contains(&second), "{}", list.text());
    let name = browser.username().await;
    let all = app.backend.accounts().list().await.unwrap();
    let operator = all.iter().find(|known| known.username == name).unwrap();
    let grant = "embedded/eu-central-1".parse().unwrap();
    app.change_operator(&operator.id, OperatorChange::Grant(&grant))
        .await;
    assert!(!browser.read("/jobs").await.contains(heading));
}

#[tokio::test]
async fn what_was_chosen_for_columns_is_found_again_and_what_is_wrong_is_told() {
    let (_app, browser, instance) = with_instance(Role::Operator).await;
    let file = "login;Anzeigename\nana;Ana\n";
    let id = browser.import(&instance, "users", file).await;
    let page = format!("{instance}/imports/{id}/columns");
    let first = browser.get(&page).await;
    let said = [
        "No column is user_id",
        "None of the names in the first row is one of users",
    ];
    assert_says(&first.words(), &said);
    // No way past it.
    let check = browser.get(&format!("{instance}/imports/{id}/check")).await;
    assert_eq!(check.location(), page);

    let twice = [("column[0]", "user_id"), ("column[1]", "user_id")];
    assert_eq!(choose(&browser, &instance, &id, &twice).await, page);
    let told = browser.get(&page).await;
    assert_says(&told.words(), &["Columns 1 and 2 are both user_id."]);
    let right = [("column[0]", "user_id"), ("column[1]", "name")];
    let check = choose(&browser, &instance, &id, &right).await;
    assert_says(
        &browser.get(&check).await.words(),
        &["1 row can be planned, 0 cannot"],
    );

    let next = browser.import(&instance, "users", file).await;
    let check = browser
        .get(&format!("{instance}/imports/{next}/check"))
        .await;
    assert_says(&check.words(), &["1 row can be planned, 0 cannot"]);
}

#[tokio::test]
async fn hostile_values_are_refused_or_shown_as_they_are() {
    let (_app, browser, instance) = with_instance(Role::Operator).await;
    let file = "\u{feff}user_id\tname\texpires_days\n\
        \"<script>alert(1)</script>\"\t<img src=x>\t1\n\
        =1+1\tFormula\t1\n\
        e\u{1f600}\tEmoji\t1\n\
        a\tA\t0\n\
        b\tB\t-1\n\
        c\tC\t1e3\n\
        d\tD\t01\n\
        f\tF\t365\n";
    let id = browser.import(&instance, "users", file).await;
    let columns = browser
        .get(&format!("{instance}/imports/{id}/columns"))
        .await;
    assert!(!columns.text().contains("<img src=x>") && !columns.text().contains("<script>alert"));
    assert!(
        columns.text().contains("&lt;img src=x&gt;"),
        "{}",
        columns.text()
    );
    let check = browser.get(&format!("{instance}/imports/{id}/check")).await;
    assert!(!check.text().contains("<script>alert"));
    let days = "expires_days: Write a whole number of days";
    assert_eq!(check.words().matches(days).count(), 4, "{}", check.words());
    let bad = browser
        .get(&format!("{instance}/imports/{id}/refused.csv"))
        .await;
    for line in bad.text().lines() {
        assert!(!line.starts_with('='), "{line}");
    }
}

#[tokio::test]
async fn device_tokens_are_on_no_page() {
    let (_app, browser, instance) = with_instance(Role::Operator).await;
    let token = "0123456789abcdef0123456789abcdef";
    let file = format!(
        "user_id,type,resource_arn,device_token,push\nana,APNS,{PINPOINT},{token},{token}\nbo,APNS,x,{token},{token}\n"
    );
    let id = browser.import(&instance, "endpoints", &file).await;
    for step in ["columns", "check"] {
        let page = browser
            .get(&format!("{instance}/imports/{id}/{step}"))
            .await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        assert!(!page.text().contains(token), "{step}: {}", page.text());
    }
    let check = browser.get(&format!("{instance}/imports/{id}/check")).await;
    assert_says(&check.words(), &["1 row can be planned, 1 cannot"]);
    // The file that was refused is the operator's own, to be mended.
    let bad = browser
        .get(&format!("{instance}/imports/{id}/refused.csv"))
        .await;
    assert!(bad.text().contains(token));
}

#[tokio::test]
async fn the_template_is_a_file_that_is_taken_as_it_is() {
    let (_app, browser, instance) = with_instance(Role::Operator).await;
    for kind in ["users", "admins", "endpoints"] {
        let page = format!("{instance}/import-{kind}");
        let template = browser.get(&format!("{page}/template.csv")).await;
        assert_eq!(template.status, StatusCode::OK);
        assert!(
            template
                .header("content-disposition")
                .contains("attachment")
        );
        let id = browser.import(&instance, kind, template.text()).await;
        let check = browser.get(&format!("{instance}/imports/{id}/check")).await;
        assert_says(&check.words(), &["1 row can be planned, 0 cannot"]);
    }
}

#[tokio::test]
async fn ids_that_nobody_can_see_through_are_refused_with_their_place() {
    let (_app, browser, instance) = with_instance(Role::Operator).await;
    let file = "{\"user_id\": \"a\\u0000b\"}\n{\"user_id\": \"c \"}\n{\"user_id\": \"d\"}\n{\"user_id\": \"D\"}\n";
    let id = browser.import(&instance, "admins", file).await;
    let check = browser.get(&format!("{instance}/imports/{id}/check")).await;
    let said = [
        "2 rows can be planned, 2 cannot",
        "Remove the character at position 2: it cannot be seen (U+0000).",
        "Remove the space at the beginning or the end.",
        "1 row differs from an earlier one only in capital letters",
    ];
    assert_says(&check.words(), &said);
}

#[tokio::test]
async fn a_plan_that_takes_long_is_waited_for_on_its_page() {
    let (app, browser, instance) = with_instance(Role::Operator).await;
    let id = browser.import(&instance, "users", "user_id\nana\n").await;
    let mut database = app.open_database().await;
    let claim = sqlx::query("UPDATE imports SET claimed_until = 9000000000000");
    claim.execute(&mut database).await.unwrap();
    let check = format!("{instance}/imports/{id}/check");

    assert_eq!(plan(&browser, &instance, &id).await.location(), check);
    let waiting = browser.get(&check).await;
    assert_says(
        &waiting.words(),
        &["The plan is being made of this file", "Look again"],
    );
    let target = target(&arn(&instance));
    let fields = [("target", &*target), ("import", &*id)];
    let removed = browser.call("/api/imports/remove", &fields).await;
    assert_eq!(removed.status, StatusCode::CONFLICT);
}

/// Rows of 20,000 users.
fn many_rows() -> String {
    let rows = String::new();
    (0..20_000).fold(rows, |rows, at| rows + "user-" + &at.to_string() + "\n")
}
