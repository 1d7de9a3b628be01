//! The listener of the emulator: whom it answers, and what it takes from whom.

use std::fs::{self, File};
use std::net::SocketAddr;

use axum::http::{Method, StatusCode};
use backend::Clock;
use emulator::Deadlines;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{
    Browser, Dashboard, KEY, LONG, SHORT, carillon_that_logs, start_emulator,
    start_emulator_within, until_closed,
};

/// Nothing is waited for in vain.
fn patient() -> Deadlines {
    Deadlines {
        first_head: LONG * 1000,
        next_head: LONG * 1000,
        body: LONG * 1000,
    }
}

/// Sends a head that announces a body, and reads the first line that comes back.
async fn first_line(to: SocketAddr, path: &str, headers: &str) -> String {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\n\
         content-length: 100\r\n{headers}\r\n"
    );
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut line = [0; 12];
    let read = timeout(LONG, stream.read_exact(&mut line)).await;
    read.expect("no answer").unwrap();
    String::from_utf8_lossy(&line).into_owned()
}

/// What a program that knows the id of a key, and not its secret, can send.
fn signed(key: &str) -> String {
    let now = Clock::system().now().iso();
    let now = now.split('.').next().unwrap().replace(['-', ':'], "");
    let now = format!("{}Z", now.trim_end_matches('Z'));
    let day = &now[..8];
    format!(
        "x-amz-date: {now}\r\nauthorization: AWS4-HMAC-SHA256 \
         Credential={key}/{day}/us-east-1/chime/aws4_request, SignedHeaders=host, Signature=a\r\n"
    )
}

#[tokio::test]
async fn the_emulator_reads_no_body_of_whoever_has_no_key() {
    let emulator = start_emulator(false).await;
    let to = emulator.address();
    for path in ["/app-instances", "/"] {
        assert_eq!(first_line(to, path, "").await, "HTTP/1.1 403", "{path}");
        let foreign = signed("AKIAFOREIGN");
        assert_eq!(
            first_line(to, path, &foreign).await,
            "HTTP/1.1 403",
            "{path}"
        );
        let unreadable = "authorization: Bearer a\r\n";
        assert_eq!(
            first_line(to, path, unreadable).await,
            "HTTP/1.1 400",
            "{path}"
        );
        // The body is part of what is signed, so it is asked for.
        assert_eq!(
            first_line(to, path, &signed(KEY)).await,
            "HTTP/1.1 100",
            "{path}"
        );
    }
    emulator.stop().await;
}

#[tokio::test]
async fn the_built_in_emulator_knows_no_key_that_others_know() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command =
        carillon_that_logs("info", folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    command.stderr(File::create(&log).unwrap());
    let dashboard = Dashboard::of(command);
    let log = fs::read_to_string(log).unwrap();
    let (_, rest) = log
        .split_once("the embedded emulator listens address=")
        .unwrap();
    let to = rest.split_whitespace().next().unwrap().parse().unwrap();

    // That of `carillon emulate`, and of every example.
    let answer = first_line(to, "/app-instances", &signed(KEY)).await;
    assert_eq!(answer, "HTTP/1.1 403");
    dashboard.stop();
}

#[tokio::test]
async fn the_emulator_answers_to_no_other_name() {
    let emulator = start_emulator(true).await;
    let browser = Browser::new(emulator.address());
    for path in ["/app-instances", "/_emulator/health"] {
        for host in ["evil.example", "localhost.evil.example", ""] {
            let headers = [("host", host)];
            let answer = browser.send(Method::GET, path, &headers, "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {host}");
            assert!(answer.text().contains("other names"), "{}", answer.text());
        }
    }
    let ours = browser.get("/_emulator/health").await;
    assert_eq!(ours.status, StatusCode::OK);
    emulator.stop().await;
}

#[tokio::test]
async fn the_emulator_closes_one_connection_too_many() {
    server::descriptors::raise();
    let emulator = start_emulator(true).await;
    let to = emulator.address();
    let open = async || {
        let mut stream = TcpStream::connect(to).await.unwrap();
        let request = "GET /_emulator/health HTTP/1.1\r\nhost: localhost\r\n\r\n";
        // It may be closed before it was written, or after.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut start = [0; 12];
        let read = timeout(LONG, stream.read_exact(&mut start)).await;
        let is_answered = read.expect("neither answered nor closed").is_ok();
        (is_answered, stream)
    };

    let held = join_all((0..520).map(|_| open())).await;

    let answered = held.iter().filter(|(is_answered, _)| *is_answered);
    assert_eq!(answered.count(), 512);
    drop(held);
    let mut tries = 0;
    while !open().await.0 {
        tries += 1;
        assert!(tries < 1000, "a place never becomes free");
    }
    emulator.stop().await;
}

#[tokio::test]
async fn the_emulator_waits_for_no_headers_for_ever() {
    let request = "GET /_emulator/health HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let half = "GET /_emulator/health HTTP/1.1\r\nhost: local";
    let first = Deadlines {
        first_head: SHORT,
        ..patient()
    };
    let emulator = start_emulator_within(true, first).await;
    for sent in ["", half] {
        let answer = until_closed(emulator.address(), sent, LONG).await;
        assert!(!answer.contains("200 OK"), "{answer}");
    }
    emulator.stop().await;

    let next = Deadlines {
        next_head: SHORT,
        ..patient()
    };
    let emulator = start_emulator_within(true, next).await;
    for sent in [request, &format!("{request}{half}")] {
        let answer = until_closed(emulator.address(), sent, LONG).await;
        assert_eq!(answer.matches("200 OK").count(), 1, "{answer}");
    }
    emulator.stop().await;
}

#[tokio::test]
async fn the_emulator_waits_for_no_body_for_ever() {
    let body = Deadlines {
        body: SHORT,
        ..patient()
    };
    let emulator = start_emulator_within(true, body).await;
    for (path, headers) in [
        ("/app-instances", signed(KEY)),
        ("/", signed(KEY)),
        ("/_emulator/seed", String::new()),
    ] {
        let slow = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-length: 100\r\n{headers}\r\n{{"
        );
        let answer = until_closed(emulator.address(), &slow, LONG).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{path}: {answer}");
    }
    emulator.stop().await;
}
