//! Bytes that are no request, or two: nothing is taken for another request than the one that was
//! sent, and nothing too large is read.

use std::time::Duration;

use crate::access;
use crate::support::{Reply, TestApp, exchange};

/// So long a test waits for what must happen at once.
const LONG: Duration = Duration::from_secs(8);

async fn send(app: &TestApp, bytes: impl AsRef<[u8]>) -> Reply {
    exchange(app.anonymous().address, bytes.as_ref(), false, LONG).await
}

/// Whether the server wrote this answer, and not the HTTP library under it.
fn is_ours(reply: &Reply) -> bool {
    reply.header("x-request-id").is_some() && reply.header("x-content-type-options").is_some()
}

fn get(head: &str) -> String {
    format!("GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{head}\r\n")
}

fn post(head: &str, body: &str) -> String {
    format!(
        "POST /api/session/sign-in HTTP/1.1\r\nhost: localhost\r\n\
         content-type: application/x-www-form-urlencoded\r\n{head}\r\n{body}"
    )
}

#[tokio::test]
async fn what_is_no_request_is_refused_and_the_connection_closed() {
    let app = TestApp::start().await;
    let many = get(&"a: b\r\n".repeat(200));
    let huge = get(&format!("a: {}\r\n", "b".repeat(1 << 20)));
    let long_chunk = format!("5;{}\r\nhello\r\n0\r\n\r\n", "a".repeat(1 << 20));
    for (what, bytes, status) in [
        ("HTTP/0.9", "GET /livez\r\n".to_owned(), 400),
        (
            "a version to come",
            get("").replace("HTTP/1.1", "HTTP/9.9"),
            400,
        ),
        (
            "no HTTP",
            "\x16\x03\x01\x02\x00\x01\x00\x01\u{fc}\x03\x03 hello\r\n\r\n".to_owned(),
            400,
        ),
        ("no line", "\0\0\0\0\r\n\r\n".to_owned(), 400),
        (
            "NUL in the address",
            get("").replace("/livez", "/live\0z"),
            400,
        ),
        ("NUL in a name", get("a\0: b\r\n"), 400),
        ("NUL in a value", get("a: b\0\r\n"), 400),
        ("a name without an end", get("name\r\n"), 400),
        ("a space behind a name", get("name : value\r\n"), 400),
        ("a value on two lines", get("name: value\r\n more\r\n"), 400),
        ("no name", get(": value\r\n"), 400),
        ("too many headers", many, 431),
        ("too large headers", huge, 431),
        (
            "a length below zero",
            post("content-length: -1\r\n", ""),
            400,
        ),
        (
            "a length with a sign",
            post("content-length: +1\r\n", "a"),
            400,
        ),
        ("a length in hex", post("content-length: 0x1\r\n", "a"), 400),
        (
            "a length beyond all",
            post("content-length: 99999999999999999999\r\n", ""),
            400,
        ),
        (
            "two lengths",
            post("content-length: 1\r\ncontent-length: 2\r\n", "ab"),
            400,
        ),
        (
            "two lengths in one",
            post("content-length: 1, 2\r\n", "ab"),
            400,
        ),
        (
            "another encoding",
            post("transfer-encoding: gzip\r\n", "ab"),
            400,
        ),
        (
            "chunks inside",
            post("transfer-encoding: chunked, gzip\r\n", "0\r\n\r\n"),
            400,
        ),
        (
            "chunks before there were any",
            post("transfer-encoding: chunked\r\n", "0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0"),
            400,
        ),
        (
            "no size",
            post("transfer-encoding: chunked\r\n", "z\r\n"),
            400,
        ),
        (
            "a size beyond all",
            post("transfer-encoding: chunked\r\n", "fffffffffffffffff\r\n"),
            400,
        ),
        (
            "a chunk without its end",
            post("transfer-encoding: chunked\r\n", "1\r\nab\r\n"),
            400,
        ),
        (
            "an endless extension",
            post("transfer-encoding: chunked\r\n", &long_chunk),
            400,
        ),
    ] {
        let reply = send(&app, bytes).await;

        assert!(reply.took.is_some(), "{what}: the connection stays open");
        assert_eq!(reply.status(), Some(status), "{what}: {}", reply.text);
        assert_eq!(reply.answers(), 1, "{what}: {}", reply.text);
        // The HTTP library writes some of them, without our headers and without a word.
        assert!(
            is_ours(&reply) || reply.text.ends_with("\r\n\r\n"),
            "{what}: {}",
            reply.text
        );
    }
}

#[tokio::test]
async fn what_is_a_request_for_somebody_else_gets_our_refusal() {
    let app = TestApp::start().await;
    // Probes are answered by any name.
    let get = |more: &str| get(more).replace("/livez", "/robots.txt");
    let large = get(&format!("cookie: a={}\r\n", "b".repeat(100 * 1024)));
    let ours = "host: localhost\r\n";
    for (what, bytes, status) in [
        ("no host", get("").replace(ours, ""), 421),
        ("two hosts", get("host: localhost\r\n"), 421),
        (
            "another host",
            get("").replace(ours, "host: evil.example\r\n"),
            421,
        ),
        (
            "a user before the host",
            get("").replace(ours, "host: a@localhost\r\n"),
            421,
        ),
        (
            "a host that is none",
            get("").replace(ours, "host: a b\r\n"),
            421,
        ),
        (
            "another host in the address",
            get("").replace("/robots.txt", "http://evil.example/robots.txt"),
            421,
        ),
        (
            "all of it",
            get("").replace("GET /robots.txt", "OPTIONS *"),
            401,
        ),
        (
            "a tunnel",
            get("").replace("GET /robots.txt", "CONNECT evil.example:443"),
            421,
        ),
        ("100 KiB of a header", large, 431),
    ] {
        let reply = send(&app, bytes).await;

        assert_eq!(reply.status(), Some(status), "{what}: {}", reply.text);
        assert!(is_ours(&reply), "{what}: {}", reply.text);
    }
}

#[tokio::test]
async fn lenient_forms_of_a_request_are_that_request() {
    let app = TestApp::start().await;
    for (what, bytes) in [
        ("lines that end with LF", get("").replace("\r\n", "\n")),
        ("lines before it", format!("\r\n\r\n{}", get(""))),
        (
            "an address with our name",
            get("").replace("/livez", "http://localhost/livez"),
        ),
        (
            "another protocol",
            get("upgrade: websocket\r\n").replace(": close", ": close, upgrade"),
        ),
        ("old HTTP", get("").replace("HTTP/1.1", "HTTP/1.0")),
    ] {
        let reply = send(&app, bytes).await;

        assert_eq!(reply.status(), Some(200), "{what}: {}", reply.text);
        assert!(reply.text.ends_with("alive"), "{what}: {}", reply.text);
    }
}

#[tokio::test]
async fn half_a_request_gets_no_answer() {
    let app = TestApp::start().await;
    let address = app.anonymous().address;
    let whole = post("content-length: 30\r\n", "username=ann&password=");
    let parts = [0, 2, 10, 60, whole.len()].map(|end| &whole[..end]);
    // The greeting of HTTP/2 is the first half of a request that is not spoken here.
    for part in parts.iter().chain(&["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]) {
        let reply = exchange(address, part.as_bytes(), true, LONG).await;

        assert!(reply.took.is_some(), "{part}: the connection stays open");
        let is_refused = matches!(reply.status(), None | Some(400));
        assert!(is_refused, "{part}: {}", reply.text);
    }
}

/// What stands behind a body is not another request by the same connection, whichever of two
/// lengths a proxy in front of us believed.
#[tokio::test]
async fn no_second_request_is_hidden_in_a_body() {
    let app = TestApp::start().await;
    let hidden = "GET /livez HTTP/1.1\r\nhost: localhost\r\nx-hidden: a\r\n\r\n";
    let chunks = format!("0\r\n\r\n{hidden}");
    let length = format!("content-length: {}\r\n", chunks.len());
    for head in [
        format!("{length}transfer-encoding: chunked\r\n"),
        format!("transfer-encoding: chunked\r\n{length}"),
        format!("transfer-encoding: xchunked\r\n{length}"),
        format!("transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n{length}"),
        format!("transfer-encoding:\x0bchunked\r\n{length}"),
    ] {
        let reply = send(&app, post(&head, &chunks)).await;

        assert!(reply.took.is_some(), "{head}: the connection stays open");
        assert!(!reply.text.contains("alive"), "{head}: {}", reply.text);
        assert_eq!(reply.answers(), 1, "{head}: {}", reply.text);
        let status = reply.status().unwrap();
        assert!((400..500).contains(&status), "{head}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_body_of_50_mb_is_refused_before_it_is_read_whatever_it_is_for() {
    let app = TestApp::start().await;
    for address in access::addresses() {
        let path = address.path.replace(['{', '}', '*'], "");
        let method = &address.method;
        for expect in ["", "expect: 100-continue\r\n"] {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                 content-type: application/x-www-form-urlencoded\r\n{expect}\
                 content-length: 52428800\r\n\r\n"
            );
            let reply = send(&app, head).await;

            // A file can be as long. Who may not send it is told so before it is read.
            let status = if address.is_upload() { 401 } else { 413 };
            assert_eq!(reply.status(), Some(status), "{address}: {}", reply.text);
            assert!(is_ours(&reply), "{address}: {}", reply.text);
        }
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_read_no_further_than_one_may_be() {
    let app = TestApp::start().await;
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x1_0000));
    for path in ["/api/session/sign-in", "/theme"] {
        let head = post("connection: close\r\ntransfer-encoding: chunked\r\n", "");
        let head = head.replace("/api/session/sign-in", path);
        // 50 MB and no end: an answer comes only from a server that stopped reading.
        let reply = send(&app, head + &chunk.repeat(800)).await;

        assert_eq!(reply.status(), Some(413), "{path}: {}", reply.text);
        assert!(is_ours(&reply), "{path}: {}", reply.text);
    }
}
