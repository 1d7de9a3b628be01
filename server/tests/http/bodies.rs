//! Bodies that never end: they take no place, and each address has a share of them. Clients that a
//! proxy names illegibly share with each other, and with nobody else.

use std::net::SocketAddr;

use axum::http::{Method, StatusCode};
use backend::Clock;
use domain::Role;
use server::limits::{Bound, Limits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{Browser, FORM, LONG, PASSWORD, SHORT, TestApp};

/// The form to sign in, but for its last byte.
const HELD_BACK: &str = "username=a&password=b&next";
/// A function for somebody who is signed in.
const END_OTHERS: &str = "/api/account/end-others";
const PROXY: [&str; 2] = ["--trusted-proxy", "127.0.0.1"];

fn limits() -> Limits {
    Limits {
        headers: LONG * 1000,
        body: LONG * 1000,
        body_of_nobody: LONG * 1000,
        ..Limits::default()
    }
}

/// A console within these limits, and a browser that is signed in there.
async fn signed_in_within(limits: Limits) -> (TestApp, Browser) {
    let app = TestApp::start_within(Clock::system(), &[], &limits).await;
    let (_, browser) = app.sign_in(Role::Viewer).await;
    (app, browser)
}

/// A request whose body does not end.
struct Slow(TcpStream);

impl Slow {
    /// Sends the headers, and waits until the server asks for the body.
    async fn begin(to: SocketAddr, path: &str, headers: &str) -> Self {
        let mut slow = Self::send(to, path, headers).await;
        let mut go_on = [0; 25];
        let read = timeout(LONG, slow.0.read_exact(&mut go_on)).await;
        read.expect("nobody asks for the body").unwrap();
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        slow
    }

    async fn send(to: SocketAddr, path: &str, headers: &str) -> Self {
        let length = HELD_BACK.len() + 1;
        let framing = if headers.contains("chunked") || headers.contains("content-length") {
            String::new()
        } else {
            format!("content-length: {length}\r\n")
        };
        let kind = if headers.contains("content-type") {
            ""
        } else {
            "content-type: application/x-www-form-urlencoded\r\n"
        };
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             expect: 100-continue\r\n{kind}{framing}{headers}\r\n"
        );
        let mut stream = TcpStream::connect(to).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        Self(stream)
    }

    async fn write(&mut self, bytes: &str) {
        self.0.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// What is answered until the connection is closed.
    async fn answer(mut self) -> String {
        let mut answer = String::new();
        let read = timeout(LONG, self.0.read_to_string(&mut answer)).await;
        read.expect("the connection stays open").unwrap();
        answer
    }
}

fn from(address: &str) -> String {
    format!("x-forwarded-for: {address}\r\n")
}

async fn sign_in_from(browser: &Browser, address: &str) -> StatusCode {
    let headers = [("x-forwarded-for", address), FORM];
    let body = "username=a&password=wrong-password&next=";
    let answer = browser.send(Method::POST, "/api/session/sign-in", &headers, body);
    answer.await.status
}

#[tokio::test]
async fn a_body_that_does_not_end_takes_no_place() {
    let limits = Limits {
        in_flight: Bound { all: 1, each: 1 },
        ..limits()
    };
    let app = TestApp::start_within(Clock::system(), &[], &limits).await;
    let to = app.anonymous().address;
    let mut slow = Vec::new();
    for (path, headers) in [
        ("/api/session/sign-in", ""),
        ("/api/app-instances/create", ""),
        ("/api/session/sign-in", "transfer-encoding: chunked\r\n"),
        (
            "/api/session/sign-in",
            "content-type: multipart/form-data; boundary=a\r\n",
        ),
        ("/theme", ""),
        ("/sign-in", ""),
        ("/nowhere", "content-type: text/plain\r\n"),
    ] {
        let mut one = Slow::begin(to, path, headers).await;
        one.write(if headers.contains("chunked") {
            "13\r\n"
        } else {
            ""
        })
        .await;
        one.write(HELD_BACK).await;
        slow.push(one);
    }

    // Somebody signs in, which takes the one place, and opens a page.
    let (_, browser) = app.sign_in(Role::Viewer).await;
    let page = browser.get("/account").await;

    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let mut first = slow.swap_remove(0);
    first.write("=").await;
    let answer = first.answer().await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}

#[tokio::test]
async fn an_address_has_a_share_of_the_bodies_that_are_being_read() {
    let limits = Limits {
        bodies: Bound { all: 4, each: 2 },
        ..limits()
    };
    let app = TestApp::start_within(Clock::system(), &PROXY, &limits).await;
    let (browser, path) = (app.anonymous(), "/api/session/sign-in");
    let (to, first) = (browser.address, from("192.0.2.1"));
    let held = [
        Slow::begin(to, path, &first).await,
        Slow::begin(to, "/theme", &first).await,
    ];

    let third = Slow::send(to, path, &first).await.answer().await;
    let other = sign_in_from(&browser, "192.0.2.2").await;
    let more = [
        Slow::begin(to, path, &from("2001:db8::1")).await,
        Slow::begin(to, path, &from("2001:db8::2")).await,
    ];
    let all = sign_in_from(&browser, "192.0.2.3").await;
    let page = browser.get("/sign-in").await.status;
    drop((held, more));

    // It was not asked for its body.
    assert!(third.starts_with("HTTP/1.1 503"), "{third}");
    assert!(third.contains("retry-after: 5"), "{third}");
    assert_eq!(other, StatusCode::UNAUTHORIZED);
    assert_eq!(all, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page, StatusCode::OK);
    // The server learns by itself that they are gone.
    let mut tries = 0;
    while sign_in_from(&browser, "192.0.2.1").await != StatusCode::UNAUTHORIZED {
        tries += 1;
        assert!(tries < 1000, "what was taken never comes back");
    }
}

#[tokio::test]
async fn an_address_has_a_share_of_the_bytes_that_are_held() {
    let limits = Limits {
        body_bytes: Bound { all: 100, each: 60 },
        sign_ins: std::num::NonZeroU32::MAX,
        ..limits()
    };
    let app = TestApp::start_within(Clock::system(), &PROXY, &limits).await;
    let (browser, path) = (app.anonymous(), "/api/session/sign-in");
    let mut held = Slow::begin(browser.address, path, &from("192.0.2.1")).await;
    held.write(HELD_BACK).await;

    let left = 60 - HELD_BACK.len();
    let of = async |address: &str, length: usize| {
        let headers = [("x-forwarded-for", address), FORM];
        let body = format!("{:a<length$}", "username=a&password=b&next=&a=");
        browser
            .send(Method::POST, path, &headers, body)
            .await
            .status
    };
    // Until what was held back was read.
    let mut tries = 0;
    while of("192.0.2.1", left + 1).await != StatusCode::SERVICE_UNAVAILABLE {
        tries += 1;
        assert!(tries < 1000, "what is held is not counted");
    }
    assert_eq!(of("192.0.2.1", left).await, StatusCode::UNAUTHORIZED);
    assert_eq!(of("192.0.2.2", left + 1).await, StatusCode::UNAUTHORIZED);
    // More than anybody may have.
    assert_eq!(of("192.0.2.2", 61).await, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn whoever_brings_no_session_cookie_has_less_time_for_a_body() {
    let (_app, browser) = signed_in_within(Limits {
        body_of_nobody: SHORT,
        ..limits()
    })
    .await;
    let somebody = format!(
        "sec-fetch-site: same-origin\r\ncookie: theme=dark; {}\r\n",
        browser.cookies().unwrap()
    );
    let mut patient = Slow::begin(browser.address, END_OTHERS, &somebody).await;
    patient.write(HELD_BACK).await;
    for headers in [
        "",
        "sec-fetch-site: same-origin\r\ncookie: theme=dark\r\n",
        "sec-fetch-site: same-origin\r\ncookie: __Host-carillon=made-up\r\n",
    ] {
        let mut slow = Slow::begin(browser.address, END_OTHERS, headers).await;
        slow.write(HELD_BACK).await;
        let answer = slow.answer().await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{headers}: {answer}");
        assert!(answer.contains("x-content-type-options: nosniff"));
    }

    tokio::time::sleep(SHORT * 2).await;
    patient.write("=").await;

    let answer = patient.answer().await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn whoever_brings_a_session_cookie_has_no_endless_time_for_a_body_either() {
    let (_app, browser) = signed_in_within(Limits {
        body: SHORT,
        ..limits()
    })
    .await;
    let made_up = format!("__Host-carillon={}", "A".repeat(22));
    for cookie in [browser.cookies().unwrap(), made_up] {
        let headers = format!("sec-fetch-site: same-origin\r\ncookie: {cookie}\r\n");
        let mut slow = Slow::begin(browser.address, END_OTHERS, &headers).await;
        slow.write(HELD_BACK).await;

        let answer = slow.answer().await;

        assert!(answer.starts_with("HTTP/1.1 408"), "{cookie}: {answer}");
    }
    // A client without a session cookie has the time of nobody, which takes hours here.
    let mut nobody = Slow::begin(browser.address, END_OTHERS, "").await;
    nobody.write(HELD_BACK).await;
    nobody.write("=").await;
    let answer = nobody.answer().await;
    assert!(!answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn what_is_refused_by_its_head_is_not_asked_for_its_body() {
    let app = TestApp::start().await;
    let to = app.anonymous().address;
    for (headers, status) in [
        ("content-length: 300000\r\n", 413),
        (
            "transfer-encoding: chunked\r\norigin: https://evil.example\r\n",
            403,
        ),
        (
            "content-type: text/plain\r\nsec-fetch-site: cross-site\r\n",
            403,
        ),
        ("host: evil.example\r\n", 421),
    ] {
        let slow = Slow::send(to, "/api/session/sign-in", headers).await;
        let answer = slow.answer().await;
        let start = format!("HTTP/1.1 {status}");
        assert!(answer.starts_with(&start), "{headers}: {answer}");
    }
}

#[tokio::test]
async fn whom_a_proxy_names_illegibly_is_neither_the_proxy_nor_anybody_else() {
    let limits = Limits {
        sign_ins: std::num::NonZeroU32::MIN,
        ..limits()
    };
    let app = TestApp::start_within(Clock::system(), &PROXY, &limits).await;
    app.add_operator("ann", Role::Viewer).await;
    let to = app.anonymous().address;
    let form = "username=ann&password=wrong-password&next=";
    let post = async |forwarded: &[u8]| {
        let head = format!(
            "POST /api/session/sign-in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n",
            form.len()
        );
        let mut stream = TcpStream::connect(to).await.unwrap();
        let bytes = [head.as_bytes(), forwarded, b"\r\n", form.as_bytes()].concat();
        stream.write_all(&bytes).await.unwrap();
        let answer = Slow(stream).answer().await;
        answer[9..12].parse::<u16>().unwrap()
    };

    // Two illegible addresses are one client; the proxy itself and others have their own.
    assert_eq!(post(b"x-forwarded-for: \xe9\r\n").await, 401);
    assert_eq!(post(b"x-forwarded-for: garbage\r\n").await, 429);
    assert_eq!(post(b"x-forwarded-for: 192.0.2.1, \xff\xfe\r\n").await, 429);
    assert_eq!(post(b"").await, 401);
    assert_eq!(post(b"x-forwarded-for: \xe9, 192.0.2.1\r\n").await, 401);
    assert_eq!(
        post(b"x-forwarded-for: \xe8\r\nx-forwarded-for: 192.0.2.2\r\n").await,
        401
    );
    assert_eq!(post(b"x-forwarded-for: 192.0.2.1\r\n").await, 429);

    // The log says that it does not know the address, and not the proxy's.
    let entries = app.newest_entries(10).await;
    let from: Vec<_> = entries.iter().map(|entry| entry.remote).collect();
    assert!(from.contains(&None), "{from:?}");
    let answer = app.anonymous().sign_in("ann", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}
