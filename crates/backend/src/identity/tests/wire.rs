//! What happens when no answer comes, over real connections.

use std::time::Duration;

use aws_sdk_chimesdkidentity::Client as Sdk;
use aws_sdk_chimesdkidentity::config::timeout::TimeoutConfig;
use aws_sdk_chimesdkidentity::config::{BehaviorVersion, Config, Credentials, Region};
use domain::Cause;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::super::{Request, observed};
use super::*;

/// What a server does with one request.
#[derive(Clone, Copy)]
enum Reply {
    Answer(&'static str),
    Hang,
    Close,
}

/// A server that follows a script, one connection for each reply; the last goes on for good.
async fn serve(script: &'static [Reply]) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut replies = script.iter().copied();
        let mut last = script[0];
        while let Ok((stream, _)) = listener.accept().await {
            last = replies.next().unwrap_or(last);
            tokio::spawn(reply(stream, last));
        }
    });
    connect(port)
}

async fn reply(mut stream: TcpStream, reply: Reply) {
    let mut request = vec![0; 16_384];
    let _ = stream.read(&mut request).await;
    match reply {
        Reply::Answer(head) => {
            let answer = format!("{head}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
        Reply::Hang => tokio::time::sleep(Duration::from_secs(30)).await,
        Reply::Close => {}
    }
}

fn connect(port: u16) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(200))
        .operation_attempt_timeout(Duration::from_millis(200))
        .build();
    connect_within(port, timeouts)
}

fn connect_within(port: u16, timeouts: TimeoutConfig) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .endpoint_url(format!("http://127.0.0.1:{port}"))
        .timeout_config(timeouts);
    Client::of(Sdk::from_conf(configure(config).build()))
}

/// Why a read and a write failed, each looked at like one that somebody asked for.
async fn causes(client: &Client) -> (Cause, Cause) {
    let (read, _) = observed(describe_app_instance().send(client)).await;
    let (write, _) = observed(delete_app_instance().send(client)).await;
    (read.unwrap_err().cause, write.unwrap_err().cause)
}

#[tokio::test]
async fn a_write_without_an_answer_has_an_unknown_outcome() {
    let client = serve(&[Reply::Hang]).await;
    let expected = (Cause::AwsUnavailable, Cause::OutcomeUnknown);
    assert_eq!(causes(&client).await, expected);
}

#[tokio::test]
async fn a_write_whose_connection_breaks_has_an_unknown_outcome() {
    let client = serve(&[Reply::Close]).await;
    let expected = (Cause::AwsUnavailable, Cause::OutcomeUnknown);
    assert_eq!(causes(&client).await, expected);
}

const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\nx-amzn-errortype: ForbiddenException\r\n\
    x-amzn-requestid: r-2";

#[tokio::test]
async fn an_attempt_without_an_answer_is_remembered() {
    let client = serve(&[Reply::Hang, Reply::Answer(FORBIDDEN)]).await;

    let (answer, wire) = observed(delete_app_instance().send(&client)).await;

    // The answer to the second attempt says nothing about the first, which may have deleted it.
    assert_eq!(answer.unwrap_err().cause, Cause::OutcomeUnknown);
    assert!(wire.unanswered());
    assert_eq!(wire.request().as_deref(), Some("r-2"));
}

#[tokio::test]
async fn an_answer_at_once_is_plain() {
    let client = serve(&[Reply::Answer(FORBIDDEN)]).await;

    let (answer, wire) = observed(delete_app_instance().send(&client)).await;

    assert_eq!(answer.unwrap_err().cause, Cause::Forbidden);
    assert!(wire.connected());
    assert!(!wire.unanswered());
}

/// A server that takes one connection and never answers on it, and nobody listens after that.
async fn serve_once_and_leave() -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        drop(listener);
        reply(stream, Reply::Hang).await;
    });
    connect(port)
}

#[tokio::test]
async fn a_write_that_was_sent_once_is_unknown_though_no_later_attempt_found_anybody() {
    let client = serve_once_and_leave().await;

    let (answer, wire) = observed(delete_app_instance().send(&client)).await;

    assert_eq!(answer.unwrap_err().cause, Cause::OutcomeUnknown);
    assert!(wire.unanswered());
}

const EXPIRED: &str = "HTTP/1.1 403 Forbidden\r\nx-amzn-errortype: ExpiredTokenException";
const FULL: &str = "HTTP/1.1 400 Bad Request\r\nx-amzn-errortype: ResourceLimitExceededException";

#[tokio::test]
async fn nothing_that_is_said_to_a_second_attempt_is_news_of_the_first() {
    for refusal in [EXPIRED, FULL] {
        let script: &'static [Reply] = match refusal {
            EXPIRED => &[Reply::Hang, Reply::Answer(EXPIRED)],
            _ => &[Reply::Hang, Reply::Answer(FULL)],
        };
        let client = serve(script).await;

        let (answer, _) = observed(delete_app_instance().send(&client)).await;

        assert_eq!(
            answer.unwrap_err().cause,
            Cause::OutcomeUnknown,
            "{refusal}"
        );
    }
}

#[tokio::test]
async fn a_write_that_its_whole_time_ends_is_unknown_once_there_was_a_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        reply(stream, Reply::Hang).await;
    });
    let times = TimeoutConfig::builder().operation_timeout(Duration::from_millis(300));
    let client = connect_within(port, times.build());

    let (answer, wire) = observed(delete_app_instance().send(&client)).await;

    assert_eq!(answer.unwrap_err().cause, Cause::OutcomeUnknown);
    assert!(wire.connected());
}
