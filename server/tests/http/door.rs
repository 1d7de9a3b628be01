//! Limits on what a client may take: tries, places, connections, and time.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use backend::Clock;
use domain::Cause;
use server::limits::{Bound, Limits};
use server::serve::{bind, start};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::support::{
    Browser, FORM, LONG, SHORT, SIGN_IN, TestApp, reach, serve_within, site, until_closed,
};

fn limits() -> Limits {
    Limits {
        headers: LONG * 1000,
        body: LONG * 1000,
        body_of_nobody: LONG * 1000,
        answer: LONG * 1000,
        stall: LONG * 1000,
        ..Limits::default()
    }
}

/// A console that an address has one try a minute to get into.
async fn start_with_one_try() -> TestApp {
    let limits = Limits {
        sign_ins: std::num::NonZeroU32::MIN,
        ..Limits::default()
    };
    TestApp::start_within(Clock::system(), &[], &limits).await
}

/// Routes within all layers and limits.
async fn within(routes: Router, limits: &Limits) -> Browser {
    let routes = server::layers::bounded(routes, limits);
    let routes = routes.merge(Router::new().route("/livez", get(async || "alive")));
    let reach = Arc::new(reach(&[]));
    serve_within(
        server::layers::around(routes, &reach, &site(), limits),
        limits,
    )
    .await
}

#[tokio::test]
async fn an_address_has_ten_tries_a_minute_to_get_in() {
    let app = TestApp::start_within(
        Clock::system(),
        &["--trusted-proxy", "127.0.0.1"],
        &Limits::default(),
    )
    .await;
    app.add_operator("ann", domain::Role::Viewer).await;
    let browser = app.anonymous();
    let from = async |address: &str, path: &str, name: &str| {
        let body = format!("username={name}&password=wrong-password&next=");
        let headers = [("x-forwarded-for", address), FORM];
        browser.send(Method::POST, path, &headers, body).await
    };

    for at in 0..10 {
        // Each account by itself would allow it.
        let answer = from("192.0.2.1", SIGN_IN, &format!("name-{at}")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{at}");
    }
    for path in ["sign-in", "setup", "accept", "code", "provider"] {
        let answer = from("192.0.2.1", &format!("/api/session/{path}"), "other").await;
        let Cause::SlowDown(seconds) = answer.failure().cause else {
            panic!("{path}: {}", answer.text())
        };
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.header("retry-after"), seconds.to_string());
        assert!((1..=60).contains(&seconds), "{seconds}");
    }
    let elsewhere = from("192.0.2.2", SIGN_IN, "ann").await;
    assert_eq!(elsewhere.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_address_that_is_made_up_gives_no_further_tries() {
    let app = start_with_one_try().await;
    let browser = app.anonymous();
    let mut statuses = Vec::new();
    for address in ["192.0.2.1", "192.0.2.2"] {
        let headers = [("x-forwarded-for", address), FORM];
        let body = "username=ann&password=wrong-password&next=";
        let answer = browser.send(Method::POST, SIGN_IN, &headers, body);
        statuses.push(answer.await.status.as_u16());
    }
    assert_eq!(statuses, [401, 429]);
}

/// Proxies write the address of a client in many ways, some with a port that is another each time.
#[tokio::test]
async fn one_client_is_one_however_its_address_is_written() {
    let limits = Limits {
        sign_ins: std::num::NonZeroU32::MIN,
        ..Limits::default()
    };
    let proxy = ["--trusted-proxy", "127.0.0.1"];
    let standard = [&proxy[..], &["--forwarded-header", "forwarded"]].concat();
    let x = "x-forwarded-for";
    for (options, writings) in [
        (
            &proxy[..],
            [
                (x, "203.0.113.5:1111"),
                (x, "203.0.113.5:2222"),
                (x, " ::ffff:203.0.113.5 "),
                (x, "[::ffff:203.0.113.5]:3333"),
                // The header that is not named says nothing.
                ("forwarded", "for=198.51.100.1"),
            ],
        ),
        (
            &standard[..],
            [
                ("forwarded", "for=203.0.113.5"),
                ("forwarded", "For=\"203.0.113.5:2222\";proto=https"),
                ("forwarded", "for=\"[::ffff:203.0.113.5]:3333\""),
                ("forwarded", "proto=https;for=203.0.113.5"),
                (x, "198.51.100.1"),
            ],
        ),
    ] {
        let app = TestApp::start_within(Clock::system(), options, &limits).await;
        let browser = app.anonymous();
        let try_as = async |header: (&str, &str)| {
            let body = "username=ann&password=wrong-password&next=";
            let headers = [header, FORM];
            let sent = browser.send(Method::POST, SIGN_IN, &headers, body);
            sent.await.status.as_u16()
        };
        let [first, same @ .., unnamed] = writings;
        assert_eq!(try_as(first).await, 401);
        for header in same {
            assert_eq!(try_as(header).await, 429, "{header:?}");
        }
        // Without a word of the header that counts it comes from the proxy itself.
        assert_eq!(try_as(unnamed).await, 401, "{unnamed:?}");
        assert_eq!(try_as(("accept", "*/*")).await, 429, "{unnamed:?}");
        let other = (first.0, first.1.replace("203.0.113.5", "203.0.113.6"));
        assert_eq!(try_as((other.0, &other.1)).await, 401, "{other:?}");
    }
}

#[tokio::test]
async fn a_form_that_comes_too_often_is_told_when_to_come_back() {
    let app = start_with_one_try().await;
    let browser = app.anonymous();

    browser.sign_in("ann", "wrong password").await;
    let answer = browser.sign_in("ann", "wrong password").await;

    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_ne!(answer.header("retry-after"), "");
    assert!(answer.words().contains("Too many attempts"));
}

#[tokio::test]
async fn one_request_too_many_is_told_to_come_back_at_once() {
    let gate = Arc::new(Semaphore::new(0));
    let waiting = Arc::clone(&gate);
    let page = move || {
        let gate = Arc::clone(&waiting);
        async move { gate.acquire().await.map_or("closed", |_| "opened") }
    };
    let limits = Limits {
        in_flight: Bound { all: 2, each: 2 },
        ..limits()
    };
    let browser = within(Router::new().route("/page", get(page)), &limits).await;
    let open = async || browser.get("/page").await;
    let first = async {
        let (one, two) = tokio::join!(open(), open());
        [one, two]
    };
    let later = async {
        // Until both are in.
        let refused = loop {
            let Ok(answer) = timeout(SHORT, open()).await else {
                continue;
            };
            break answer;
        };
        let alive = browser.get("/livez").await;
        gate.add_permits(1);
        (refused, alive)
    };

    let (first, (refused, alive)) = tokio::join!(first, later);
    let after = open().await;

    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.header("retry-after"), "5");
    assert!(refused.words().contains("The console is busy"));
    assert_eq!(alive.status, StatusCode::OK);
    for answer in first.iter().chain([&after]) {
        assert_eq!(answer.text(), "opened");
    }
}

#[tokio::test]
async fn one_connection_too_many_is_closed() {
    let limits = Limits {
        connections: Bound { all: 2, each: 2 },
        ..limits()
    };
    let browser = within(Router::new(), &limits).await;
    let request = "GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(browser.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut start = [0; 12];
        stream.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 200");
        held.push(stream);
    }

    assert_eq!(until_closed(browser.address, "", LONG).await, "");

    drop(held);
    // The server learns of the end of the first two by itself.
    let mut tries = 0;
    let request = request.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
    while !until_closed(browser.address, &request, LONG)
        .await
        .starts_with("HTTP/1.1 200")
    {
        tries += 1;
        assert!(tries < 1000, "a place never becomes free");
    }
}

#[tokio::test]
async fn whoever_sends_the_headers_slowly_is_closed() {
    let limits = Limits {
        headers: SHORT,
        ..limits()
    };
    let browser = within(Router::new(), &limits).await;

    let to = browser.address;

    let nothing = until_closed(to, "", LONG).await;
    let half = until_closed(to, "GET /livez HTTP/1.1\r\nhost: local", LONG).await;
    let idle = "GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let idle = until_closed(to, idle, LONG).await;

    assert_eq!(nothing, "");
    assert!(!half.contains("200 OK"), "{half}");
    assert!(idle.ends_with("alive"), "{idle}");
}

#[tokio::test]
async fn whoever_sends_a_body_slowly_is_told_and_closed() {
    let limits = Limits {
        body_of_nobody: SHORT,
        ..limits()
    };
    let app = TestApp::start_within(Clock::system(), &[], &limits).await;
    let head = |path: &str, length: u32| {
        format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\n\
             content-type: application/x-www-form-urlencoded\r\n\
             content-length: {length}\r\n\r\na"
        )
    };

    let to = app.anonymous().address;
    let function = until_closed(to, &head(SIGN_IN, 9), LONG).await;
    let theme = until_closed(to, &head("/theme", 9), LONG).await;

    for answer in [function, theme] {
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("x-content-type-options: nosniff"));
    }
}

#[tokio::test]
async fn whoever_takes_nothing_of_an_answer_is_closed() {
    let limits = Limits {
        stall: SHORT,
        ..limits()
    };
    // More than the buffers of both ends hold.
    let large = Bytes::from(vec![b'a'; 64 * 1024 * 1024]);
    let sent = large.len();
    let routes = Router::new().route("/large", get(async move || large));
    let browser = within(routes, &limits).await;
    let mut stream = TcpStream::connect(browser.address).await.unwrap();
    let request = "GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();

    // Nothing tells this end before it reads: the server is asked whether it still holds it.
    tokio::time::sleep(SHORT * 10).await;
    let mut taken = Vec::new();
    let read = timeout(LONG, stream.read_to_end(&mut taken)).await;

    let _ = read.expect("the connection stays open");
    assert!(taken.len() < sent, "{}", taken.len());
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up() {
    let limits = Limits {
        answer: SHORT,
        ..limits()
    };
    let never = async || std::future::pending::<&'static str>().await;
    let routes = Router::new()
        .route("/never", get(never))
        .route("/api/never", post(never));
    let browser = within(routes, &limits).await;

    let page = browser.get("/never").await;
    let call = browser.call("/api/never", &[]).await;

    for answer in [&page, &call] {
        assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(answer.header("retry-after"), "5");
    }
    assert_eq!(browser.get("/livez").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_stop_waits_so_long_for_an_answer_and_no_longer() {
    let came = Arc::new(Semaphore::new(0));
    let tell = Arc::clone(&came);
    let never = async move || {
        tell.add_permits(1);
        std::future::pending::<&'static str>().await
    };
    let routes = Router::new().route("/never", get(never));
    let limits = Limits {
        drain: SHORT,
        ..limits()
    };
    let listener = bind(([127, 0, 0, 1], 0).into()).unwrap();
    let reach = Arc::new(reach(&[]));
    let running = start(listener, routes, &reach, &limits, None)
        .await
        .unwrap();
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let request = "GET /never HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    came.acquire().await.unwrap().forget();

    let stopped = timeout(LONG, running.stop()).await;

    stopped.expect("it waits for ever").unwrap();
    let mut answer = Vec::new();
    // Closed or reset, and not answered.
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.is_empty());
}

#[tokio::test]
async fn long_addresses_and_headers_are_refused_by_us() {
    let app = TestApp::start().await;
    let browser = app.anonymous();

    let address = format!("/sign-in?next={}", "a".repeat(9000));
    let address = browser.get(&address).await;
    let cookie = format!("other={}", "a".repeat(40_000));
    let headers = [("cookie", &*cookie)];
    let headers = browser.send(Method::GET, "/sign-in", &headers, "").await;

    assert_eq!(address.status, StatusCode::URI_TOO_LONG);
    assert_eq!(headers.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    for answer in [address, headers] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}
