//! The headers that every response carries.

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use domain::Role;
use server::limits::{Bound, Limits};

use crate::access::{self, Address, Fixture};
use crate::support::{Answer, Browser, CREATE, CREATE_CALL, TestApp, reach, serve, site};

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'nonce-NONCE' 'wasm-unsafe-eval'; \
     connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; report-uri /csp-report";

fn assert_safe(what: &str, answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()",
        ),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none';"),
        "{what}: {policy}"
    );
    assert!(
        policy.contains("frame-ancestors 'none'"),
        "{what}: {policy}"
    );
    assert_eq!(answer.header("x-request-id").len(), 36, "{what}");
    assert_ne!(answer.header("cache-control"), "", "{what}");
    for unwanted in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(answer.header(unwanted), "", "{what}: {unwanted}");
    }
}

#[tokio::test]
async fn every_kind_of_response_has_them() {
    let (app, browser) = TestApp::signed_in(Role::Operator).await;
    let anonymous = app.anonymous();
    let form = ("content-type", "application/x-www-form-urlencoded");
    let same = ("sec-fetch-site", "same-origin");
    let large = "a=b&".repeat(80_000);
    let send = async |method, path, headers: &[(&str, &str)], body: &str| {
        browser.send(method, path, headers, body.to_owned()).await
    };

    let answers = [
        ("page", 200, browser.get("/").await),
        (
            "head of a page",
            200,
            send(Method::HEAD, "/", &[], "").await,
        ),
        ("open page", 200, anonymous.get("/sign-in").await),
        ("redirect", 303, anonymous.get("/").await),
        ("no such page", 404, browser.get("/nowhere").await),
        (
            "no such instance",
            403,
            browser
                .get("/embedded/us-east-1/app-instances/00000000-0000-4000-8000-000000000000")
                .await,
        ),
        ("file", 200, browser.get("/icons.svg").await),
        ("no such file", 404, browser.get("/pkg/none.js").await),
        ("robots", 200, browser.get("/robots.txt").await),
        ("alive", 200, browser.get("/livez").await),
        ("ready", 200, browser.get("/readyz").await),
        (
            "theme",
            303,
            browser.post("/theme", &[("theme", "dark")]).await,
        ),
        (
            "wrong theme",
            422,
            browser.post("/theme", &[("theme", "pink")]).await,
        ),
        (
            "refused form",
            303,
            browser.post(CREATE_CALL, &[("page", CREATE)]).await,
        ),
        ("refused call", 400, browser.call(CREATE_CALL, &[]).await),
        (
            "no such function",
            404,
            browser.call("/api/none", &[]).await,
        ),
        (
            "wrong method",
            405,
            send(Method::GET, CREATE_CALL, &[], "").await,
        ),
        (
            "wrong method on a page",
            405,
            send(Method::DELETE, CREATE, &[same], "").await,
        ),
        (
            "another site",
            403,
            send(Method::POST, CREATE_CALL, &[], "").await,
        ),
        (
            "another name",
            421,
            send(Method::GET, "/", &[("host", "evil.example")], "").await,
        ),
        (
            "too large",
            413,
            send(Method::POST, CREATE_CALL, &[same, form], &large).await,
        ),
        (
            "wrong type",
            415,
            send(
                Method::POST,
                CREATE_CALL,
                &[same, ("content-type", "text/plain")],
                "x",
            )
            .await,
        ),
        (
            "compressed",
            415,
            send(
                Method::POST,
                CREATE_CALL,
                &[same, form, ("content-encoding", "gzip")],
                "x",
            )
            .await,
        ),
    ];

    for (what, status, answer) in &answers {
        assert_eq!(answer.status.as_u16(), *status, "{what}: {}", answer.text());
        assert_safe(what, answer);
        let is_file = answer.header("cache-control").starts_with("public");
        assert_eq!(is_file, matches!(*what, "file" | "robots"), "{what}");
        assert_eq!(answer.header("strict-transport-security"), "", "{what}");
    }
}

/// What an address answers: to what it is for, and to what it refuses.
async fn answers_of(
    browser: &Browser,
    fixture: &Fixture<'_>,
    address: &Address,
    fields: &[(String, String)],
) -> Vec<Answer> {
    let path = fixture.path(&address.path);
    let (same, html) = (("sec-fetch-site", "same-origin"), ("accept", "text/html"));
    let form = ("content-type", "application/x-www-form-urlencoded");
    let send = async |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        browser.send(method, path, headers, body.to_owned()).await
    };
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let mut answers = Vec::new();
    if address.method == "GET" {
        answers.push(send("HEAD", &path, &[html], "").await);
        answers.push(browser.get(&path).await);
        let known = [html, ("if-none-match", "*"), ("range", "bytes=0-1")];
        answers.push(send("GET", &path, &known, "").await);
        answers.push(send("POST", &path, &[same, html, form], "a=b").await);
    } else {
        answers.push(send("GET", &path, &[html], "").await);
        answers.push(send("POST", &path, &[same, form], "%FF=%FF").await);
        answers.push(
            send(
                "POST",
                &path,
                &[same, html, ("content-type", "text/x")],
                "a",
            )
            .await,
        );
        answers.push(send("POST", &path, &[("sec-fetch-site", "cross-site")], "").await);
        answers.push(browser.call(&path, &fields).await);
        answers.push(browser.post(&path, &fields).await);
    }
    for method in ["DELETE", "OPTIONS", "BREW"] {
        answers.push(send(method, &path, &[same, html], "").await);
    }
    // By a connection of its own, which the server closes.
    let large = "a".repeat(300 * 1024);
    let other = browser.twin();
    answers.push(other.send(Method::POST, &path, &[same, form], large).await);
    answers.push(send("GET", &path, &[("host", "evil.example")], "").await);
    let long = format!("{path}?a={}", "b".repeat(9000));
    answers.push(send("GET", &long, &[html], "").await);
    answers.push(send("GET", &path, &[("x-many", &"b".repeat(40_000))], "").await);
    answers
}

#[tokio::test]
async fn every_address_has_them_whoever_asks_and_however() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let mut fixture = Fixture::start(&app).await;
    let mut statuses = std::collections::BTreeSet::new();
    for address in access::addresses() {
        for caller in [None, Some(Role::Viewer), Some(Role::Admin)] {
            let browser = fixture.browser(caller, &address).await;
            let fields = fixture.fields(&address, caller).await;
            for answer in answers_of(&browser, &fixture, &address, &fields).await {
                let what = format!("{address} as {caller:?}: {}", answer.status);
                assert_safe(&what, &answer);
                assert_true_to_kind(&what, &address, &answer);
                statuses.insert(answer.status.as_u16());
            }
        }
    }
    for status in [
        200, 303, 304, 400, 401, 403, 404, 405, 410, 413, 414, 415, 421, 422, 431,
    ] {
        assert!(
            statuses.contains(&status),
            "no answer had {status}: {statuses:?}"
        );
    }
}

/// What depends on what an answer is.
fn assert_true_to_kind(what: &str, address: &Address, answer: &Answer) {
    assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{what}");
    let is_file = ["/pkg/", "/icons", "/favicon", "/robots"];
    let is_file = is_file.iter().any(|file| address.path.starts_with(file));
    if !is_file || answer.status.as_u16() >= 400 {
        let caching = answer.header("cache-control");
        let is_right = matches!(caching, "no-store" | "no-store, no-transform");
        assert!(is_right, "{what}: {caching}");
    }
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        let is_ours = ["=", ".visitor=", ".provider=", ".theme=", ".user-columns="]
            .iter()
            .any(|ending| cookie.starts_with(&format!("__Host-carillon{ending}")));
        assert!(is_ours, "{what}: {cookie}");
        for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(cookie.contains(attribute), "{what}: {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{what}: {cookie}");
        // Longer ones are not kept by browsers.
        assert!(cookie.len() <= 4096, "{what}: {cookie}");
    }
    let policy = answer.header("content-security-policy");
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{what}: {policy}"
    );
    if !answer.header("content-disposition").is_empty() {
        assert!(
            answer
                .header("content-disposition")
                .starts_with("attachment"),
            "{what}"
        );
        assert!(policy.contains("; sandbox;"), "{what}: {policy}");
    }
    let leaves = address.path == "/api/session/sign-out" && !answer.header("set-cookie").is_empty();
    if leaves {
        assert_eq!(answer.header("clear-site-data"), "\"storage\"", "{what}");
    }
}

#[tokio::test]
async fn whoever_is_told_to_come_back_has_them_too() {
    let limits = Limits {
        in_flight: Bound::quartered(0),
        ..Limits::default()
    };
    let app = TestApp::start_within(backend::Clock::system(), &[], &limits).await;
    let browser = app.anonymous();

    for answer in [browser.get("/").await, browser.call(CREATE_CALL, &[]).await] {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_ne!(answer.header("retry-after"), "");
        assert_safe("busy", &answer);
    }
}

#[tokio::test]
async fn a_page_allows_its_own_script_by_a_nonce_that_is_new_each_time() {
    let app = TestApp::start().await;
    let browser = app.anonymous();

    let pages = [browser.get("/sign-in").await, browser.get("/sign-in").await];

    let nonces = pages.each_ref().map(|page| {
        let policy = page.header("content-security-policy");
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap();
        assert_eq!(policy, PAGE_POLICY.replace("NONCE", nonce));
        let scripts = page.text().matches("<script").count();
        assert_eq!(
            page.text().matches(&format!("nonce=\"{nonce}\"")).count(),
            scripts
        );
        assert!(nonce.len() >= 22);
        nonce
    });
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn the_missing_page_may_run_its_script_too() {
    let (_app, browser) = TestApp::signed_in(Role::Viewer).await;

    let page = browser.get("/nowhere").await;

    assert!(page.header("content-security-policy").contains("'nonce-"));
}

#[tokio::test]
async fn encryption_is_insisted_on_behind_an_encrypted_address() {
    let app = TestApp::start_with(&["--public-url", "https://console.example"]).await;

    let answer = app.anonymous().get("/livez").await;

    assert_eq!(
        answer.header("strict-transport-security"),
        "max-age=63072000; includeSubDomains"
    );
}

/// What it is told there counts for every program on this machine.
#[tokio::test]
async fn encryption_is_not_insisted_on_for_localhost() {
    let app = TestApp::start_with(&["--public-url", "https://console.example"]).await;
    let browser = app.anonymous();
    for host in ["localhost", "localhost:3000", "LOCALHOST:3000"] {
        let headers = [("host", host)];
        let answer = browser.send(Method::GET, "/livez", &headers, "").await;

        assert_eq!(answer.status, StatusCode::OK, "{host}");
        assert_eq!(answer.header("strict-transport-security"), "", "{host}");
    }
}

#[tokio::test]
async fn a_panic_is_a_plain_answer_and_the_next_request_works() {
    let routes = Router::new()
        .route(
            "/panic",
            get(async || -> &'static str { panic!("secret detail") }),
        )
        .route(
            "/api/panic",
            get(async || -> &'static str { panic!("secret detail") }),
        )
        .route("/fine", get(async || "fine"));
    let browser = serve(server::layers::around(
        routes,
        &Arc::new(reach(&[])),
        &site(),
        &Limits::default(),
    ))
    .await;

    let page = browser.get("/panic").await;
    let call = browser.send(Method::GET, "/api/panic", &[], "").await;
    let next = browser.get("/fine").await;

    for answer in [&page, &call] {
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!answer.text().contains("secret"));
        assert!(answer.text().contains(answer.header("x-request-id")));
        assert_safe("panic", answer);
    }
    assert_eq!(call.failure().cause.code(), "internal");
    assert_eq!(next.text(), "fine");
}
