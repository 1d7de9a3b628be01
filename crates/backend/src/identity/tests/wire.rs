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
    let mut request = [0; 16_384];
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
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .endpoint_url(format!("http://127.0.0.1:{port}"))
        .timeout_config(timeouts);
    Client::of(Sdk::from_conf(configure(config).build()))
}

async fn causes(client: &Client) -> (Cause, Cause) {
    (
        describe_app_instance()
            .send(client)
            .await
            .unwrap_err()
            .cause,
        delete_app_instance().send(client).await.unwrap_err().cause,
    )
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

#[tokio::test]
async fn a_write_that_found_nobody_was_not_made() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = connect(listener.local_addr().unwrap().port());
    drop(listener);

    let (causes, wire) = observed(causes(&client)).await;

    assert_eq!(causes, (Cause::AwsUnavailable, Cause::AwsUnavailable));
    assert!(!wire.unanswered());
}

const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\nx-amzn-errortype: ForbiddenException\r\n\
    x-amzn-requestid: r-2";

#[tokio::test]
async fn an_attempt_without_an_answer_is_remembered() {
    let client = serve(&[Reply::Hang, Reply::Answer(FORBIDDEN)]).await;

    let (answer, wire) = observed(delete_app_instance().send(&client)).await;

    assert_eq!(answer.unwrap_err().cause, Cause::Forbidden);
    assert!(wire.unanswered());
    assert_eq!(wire.request().as_deref(), Some("r-2"));
}

#[tokio::test]
async fn an_answer_at_once_is_plain() {
    let client = serve(&[Reply::Answer(FORBIDDEN)]).await;

    let (answer, wire) = observed(delete_app_instance().send(&client)).await;

    assert_eq!(answer.unwrap_err().cause, Cause::Forbidden);
    assert!(!wire.unanswered());
}

#[tokio::test]
async fn credentials_that_cannot_be_had_are_named() {
    #[derive(Debug)]
    struct Nobody;
    impl aws_credential_types::provider::ProvideCredentials for Nobody {
        fn provide_credentials<'a>(
            &'a self,
        ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let error =
                aws_credential_types::provider::error::CredentialsError::not_loaded("no profile");
            aws_credential_types::provider::future::ProvideCredentials::ready(Err(error))
        }
    }
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Nobody)
        .endpoint_url("http://127.0.0.1:9");
    let client = Client::of(Sdk::from_conf(configure(config).build()));
    let expected = (Cause::AwsCredentials, Cause::AwsCredentials);
    assert_eq!(causes(&client).await, expected);
}
