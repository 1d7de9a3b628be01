//! Who may do what: every address that the server answers, tried as every kind of caller.
//!
//! `docs/access.md` is the table that people review. These tests fail when an address is missing in
//! it or gone, when an answer is another than it says, when a change can be asked for by GET or by
//! another site, and when one leaves no row in the audit.
//!
//! After a deliberate change, `cargo xtask generate` writes the table; the difference is for a reviewer.

mod fixture;
mod grants;
mod operations;
mod proof;
mod read_only;
mod table;

use std::collections::BTreeSet;

use app::routes::App;
use axum::http::{Method, StatusCode};
use backend::{AuditFilter, Entry, OperatorChange, Phase};
use domain::{Cause, Operation, Role};
use leptos_axum::generate_route_list;

use crate::generated;
use crate::support::{Browser, TestApp};
use fixture::Fields;
pub use fixture::{Fixture, borrowed};
pub use table::Address;
use table::{Kind, Row, Table};

/// The source of the routes that are no page and no server function.
const ROUTER: &str = include_str!("../../../src/router.rs");

/// Every server function, every page, and every other route.
pub fn addresses() -> BTreeSet<Address> {
    let functions = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| Address::new(method.as_str(), path));
    let pages = generate_route_list(App)
        .into_iter()
        .map(|route| Address::new("GET", route.path()));
    functions.chain(pages).chain(routes()).collect()
}

/// The routes that `router.rs` names: axum has no list of them.
fn routes() -> Vec<Address> {
    let routes = ROUTER.split(".route(").skip(1).map(|rest| {
        let mut quoted = rest.split('"');
        let path = quoted.nth(1).unwrap();
        let handler = quoted.next().unwrap().trim_start_matches([',', ' ', '\n']);
        let method = if handler.starts_with("post(") {
            "POST"
        } else {
            assert!(
                handler.starts_with("get("),
                "{path} is answered by {handler}"
            );
            "GET"
        };
        Address::new(method, path)
    });
    routes.collect()
}

#[test]
fn no_address_is_missing_in_the_table() {
    let named: BTreeSet<_> = Table::read()
        .rows
        .into_iter()
        .map(|row| row.address)
        .collect();
    let answered = addresses();
    let missing: Vec<_> = answered.difference(&named).collect();
    let gone: Vec<_> = named.difference(&answered).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "docs/access.md lacks {missing:?} and has {gone:?}, which nothing answers: \
         `cargo xtask generate` writes it"
    );
}

#[test]
fn only_what_reads_is_a_get() {
    for row in Table::read().rows {
        let changes = matches!(row.kind, Kind::Own | Kind::Write | Kind::Auth);
        let is_get = row.address.method == "GET";
        assert!(!(changes && is_get), "{} changes something", row.address);
    }
}

/// The rows of the audit that came after another.
pub async fn rows_after(app: &TestApp, seq: i64) -> Vec<Entry> {
    let all = AuditFilter::default();
    app.backend
        .audit()
        .whole()
        .newer(&all, seq, 50)
        .await
        .unwrap()
}

pub async fn last_row(app: &TestApp) -> i64 {
    let newest = app.newest_entries(1).await;
    newest.first().map_or(0, |entry| entry.seq)
}

#[tokio::test]
async fn every_caller_gets_what_the_table_says() {
    let mut table = Table::read();
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let mut fixture = Fixture::start(&app).await;
    table.cover(&addresses());
    let mut wrong = Vec::new();

    for row in &mut table.rows {
        let mut found = Vec::new();
        let mut events = BTreeSet::new();
        for caller in [
            None,
            Some(Role::Viewer),
            Some(Role::Operator),
            Some(Role::Admin),
        ] {
            let browser = fixture.browser(caller, &row.address).await;
            let fields = fixture.fields(&row.address, caller).await;
            let before = (last_row(&app).await, writes(&app).await);
            let answer = ask(&browser, &fixture, &row.address, &fields).await;
            let noted = rows_after(&app, before.0).await;
            let has_written = writes(&app).await > before.1;
            found.push(answer.as_u16().to_string());
            check(row, caller, answer, &noted, has_written);
            events.extend(noted.into_iter().map(|entry| entry.event.to_string()));
        }
        let events = events.into_iter().collect::<Vec<_>>().join(", ");
        if row.answers != found || row.audit != events {
            wrong.push(format!("{}: {found:?}, {events}", row.address));
        }
        row.answers = found;
        row.audit = events;
    }

    if generated::is_written() {
        table.write();
    } else {
        assert!(
            wrong.is_empty(),
            "not as docs/access.md says, which `cargo xtask generate` writes:\n{}",
            wrong.join("\n")
        );
    }
}

/// Whether an operation with this name changes something in AWS.
fn is_write(name: &str) -> bool {
    let operation = name.parse::<Operation>();
    operation.is_ok_and(|operation| operation.effect().is_write())
}

/// Sends what an Admin may send otherwise. It must be refused with 403, and with one row in the audit
/// that says why; nothing may be sent to AWS. Answers why.
async fn refused(app: &TestApp, fixture: &mut Fixture<'_>, browser: &Browser, row: &Row) -> Cause {
    let path = &*row.address.path;
    let fields = fixture.fields(&row.address, Some(Role::Admin)).await;
    let before = (last_row(app).await, writes(app).await);

    let refused = browser.call(path, &borrowed(&fields)).await;

    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    assert_eq!(writes(app).await, before.1, "{path}");
    let cause = refused.failure().cause;
    let noted = rows_after(app, before.0).await;
    let noted: Vec<_> = noted
        .iter()
        .map(|entry| (entry.phase, entry.failure.as_deref()))
        .collect();
    assert_eq!(noted, [(Phase::Refused, Some(cause.code()))], "{path}");
    cause
}

/// How many calls changed something in AWS so far.
async fn writes(app: &TestApp) -> u64 {
    let calls = app.calls().await.into_iter();
    calls
        .filter(|(name, _)| is_write(name))
        .map(|(_, count)| count)
        .sum()
}

async fn ask(
    browser: &Browser,
    fixture: &Fixture<'_>,
    address: &Address,
    fields: &Fields,
) -> StatusCode {
    if address.method == "GET" {
        return browser.get(&fixture.path(&address.path)).await.status;
    }
    if address.is_upload() {
        let path = fixture.path(&address.path);
        return browser.upload(&path, &[("a.csv", b"user_id\nana\n")]).await;
    }
    browser.call(&address.path, &borrowed(fields)).await.status
}

/// What holds for every address, whatever its row says.
fn check(row: &Row, caller: Option<Role>, answer: StatusCode, noted: &[Entry], wrote: bool) {
    let address = &row.address;
    let done = answer.is_success();
    let at = format!("{address} as {caller:?}: {answer}, {noted:?}");
    assert!(!answer.is_server_error(), "{at}");
    if caller.is_none() {
        let is_open = matches!(row.kind, Kind::Auth | Kind::Public);
        assert!(is_open || matches!(answer.as_u16(), 303 | 401), "{at}");
        assert!(!wrote, "{at}");
    }
    if caller == Some(Role::Admin) && matches!(row.kind, Kind::Read | Kind::Own | Kind::Write) {
        assert!(done, "what it is tried with is wrong: {at}");
    }
    match row.kind {
        Kind::Read | Kind::Own | Kind::Public => assert!(!wrote, "{at}"),
        Kind::Write | Kind::Auth => {
            let nobody_leaves = caller.is_none() && address.path == "/api/session/sign-out";
            let is_told = !noted.is_empty() || nobody_leaves;
            assert!(!done || is_told, "no row in the audit: {at}");
            assert!(!wrote || done, "changed something and refused: {at}");
            let is_refused = answer == StatusCode::FORBIDDEN;
            let refusal = noted.iter().any(|entry| entry.phase == Phase::Refused);
            assert!(!is_refused || refusal, "a refusal that nobody sees: {at}");
        }
    }
    for entry in noted {
        assert!(!entry.request.is_empty() && entry.remote.is_some(), "{at}");
    }
}

/// Twelve ways in which a browser tells that another site asks, or does not tell who.
const FOREIGN: &[&[(&str, &str)]] = &[
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "nonsense")],
    &[("sec-fetch-site", "")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://HOST")],
    &[("sec-fetch-site", "same-site"), ("origin", "null")],
    &[("origin", "http://evil.example")],
    &[("origin", "https://HOST")],
    &[("origin", "http://HOST.evil.example")],
    &[("origin", "http://127.0.0.1:1")],
    &[("origin", "null")],
    &[],
];

#[tokio::test]
async fn no_change_is_taken_from_another_site() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let mut fixture = Fixture::start(&app).await;
    let host = fixture.admin.address.to_string();
    let mut tried = 0;
    for address in addresses()
        .into_iter()
        .filter(|address| address.method == "POST")
    {
        let fields = fixture.fields(&address, Some(Role::Admin)).await;
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&fields)
            .finish();
        let before = (last_row(&app).await, writes(&app).await);
        for profile in FOREIGN {
            let headers: Vec<_> = profile
                .iter()
                .map(|(name, value)| (*name, value.replace("HOST", &host)))
                .collect();
            let mut headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (*name, &**value))
                .collect();
            headers.push(("accept", "text/html"));
            headers.push(("content-type", "application/x-www-form-urlencoded"));
            let answer = fixture
                .admin
                .send(Method::POST, &address.path, &headers, body.clone())
                .await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{address} {profile:?}"
            );
            tried += 1;
        }
        assert_eq!(
            (last_row(&app).await, writes(&app).await),
            before,
            "{address}"
        );
    }
    assert!(tried >= 12 * 40, "{tried} tries");
}

#[tokio::test]
async fn no_function_is_answered_to_a_get() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let before = (last_row(&app).await, writes(&app).await);
    for address in addresses()
        .into_iter()
        .filter(|address| address.method == "POST")
    {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
        ] {
            let headers = [("sec-fetch-site", "same-origin")];
            let answer = admin
                .send(method.clone(), &address.path, &headers, "")
                .await;
            let refused = matches!(answer.status.as_u16(), 404 | 405);
            assert!(refused, "{method} of {address}: {}", answer.status);
        }
    }
    assert_eq!((last_row(&app).await, writes(&app).await), before);
}

#[tokio::test]
async fn whoever_was_signed_in_is_nobody_now() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let mut fixture = Fixture::start(&app).await;
    let (gone, disabled) = app.sign_in(Role::Admin).await;
    app.change_operator(&gone, OperatorChange::Disable).await;
    let (out, ended) = app.sign_in(Role::Admin).await;
    app.backend
        .accounts()
        .sessions()
        .revoke_of(&out)
        .await
        .unwrap();
    for row in Table::read().rows {
        if matches!(row.kind, Kind::Auth | Kind::Public) {
            continue;
        }
        let fields = fixture.fields(&row.address, None).await;
        for browser in [&disabled, &ended] {
            let before = (last_row(&app).await, writes(&app).await);
            let answer = ask(browser, &fixture, &row.address, &fields).await;
            assert!(
                matches!(answer.as_u16(), 303 | 401),
                "{}: {answer}",
                row.address
            );
            assert_eq!(
                (last_row(&app).await, writes(&app).await),
                before,
                "{}",
                row.address
            );
        }
    }
}
