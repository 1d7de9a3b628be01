//! Credentials that AWS refuses, for three causes that each have a next step of their own; and a
//! fourth cause, where there are no credentials.

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_chimesdkidentity::Client as Sdk;
use aws_sdk_chimesdkidentity::config::{BehaviorVersion, Config, Region};
use aws_sdk_sts::Client as Sts;
use aws_smithy_mocks::mock;
use domain::{Cause, CredentialsProblem};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::super::classify::of_account;
use super::super::observe::Observer;
use super::super::{Request, observed};
use super::unconnected::listen;
use super::*;

/// What AWS answers a read and a write with, as code and message.
async fn causes(code: &'static str, message: &'static str) -> [Cause; 2] {
    let refusal = move || {
        let body = format!(r#"{{"message": "{message}"}}"#);
        let mut response = answer(403, Some(code));
        *response.body_mut() = SdkBody::from(body);
        response
    };
    let rules = (
        mock!(Sdk::describe_app_instance).then_http_response(refusal),
        mock!(Sdk::delete_app_instance).then_http_response(refusal),
    );
    let client = client(&[&rules.0, &rules.1]);
    let (read, _) = observed(describe_app_instance().send(&client)).await;
    let (write, _) = observed(delete_app_instance().send(&client)).await;
    [read.unwrap_err().cause, write.unwrap_err().cause]
}

const WRONG: &str =
    "The request signature we calculated does not match the signature you provided.";
const EARLY: &str =
    "Signature not yet current: 20260102T030405Z is still later than 20260102T025905Z";
const LATE: &str = "Signature expired: 20260102T030405Z is now earlier than 20260102T031405Z";

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_the_credentials_is_told_apart() {
    let clock = CredentialsProblem::Clock(None);
    for (code, message, problem) in [
        ("ExpiredToken", "expired", CredentialsProblem::Expired),
        ("ExpiredTokenException", "", CredentialsProblem::Expired),
        ("RequestExpired", "", clock),
        ("RequestTimeTooSkewed", "", clock),
        ("InvalidSignatureException", LATE, clock),
        ("InvalidSignatureException", EARLY, clock),
        ("SignatureDoesNotMatch", LATE, clock),
        (
            "InvalidSignatureException",
            WRONG,
            CredentialsProblem::Refused,
        ),
        (
            "UnrecognizedClientException",
            "",
            CredentialsProblem::Refused,
        ),
        ("InvalidClientTokenId", "", CredentialsProblem::Refused),
        ("IncompleteSignature", "", CredentialsProblem::Refused),
    ] {
        let cause = Cause::AwsCredentials(problem);
        assert_eq!(
            causes(code, message).await,
            [cause.clone(), cause],
            "{code}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_is_missing_is_not_about_the_time() {
    let denied =
        "User: arn:aws:iam::1:user/a is not authorized to perform: chime:DeleteAppInstance";
    let causes = causes("AccessDeniedException", denied).await;
    assert_eq!(causes, [Cause::Forbidden, Cause::Forbidden]);
}

#[tokio::test(start_paused = true)]
async fn the_difference_of_a_clock_is_told_where_the_answer_is_dated() {
    let rule = mock!(Sdk::delete_app_instance).then_http_response(|| {
        let mut response = answer(403, Some("RequestExpired"));
        let date = "Sat, 01 Jan 2000 00:00:00 GMT";
        response.headers_mut().insert("date", date);
        response
    });

    let (answer, _) = observed(delete_app_instance().send(&client(&[&rule]))).await;

    let Cause::AwsCredentials(CredentialsProblem::Clock(Some(ahead))) = answer.unwrap_err().cause
    else {
        panic!("not told")
    };
    // More than twenty years.
    assert!(ahead > 20 * 365 * 86_400, "{ahead}");
}

/// Credentials that cannot be had, after some calls for which they can.
#[derive(Debug)]
struct Nobody;

impl ProvideCredentials for Nobody {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("no profile")))
    }
}

/// Credentials that somebody never answers about.
#[derive(Debug)]
struct Silence;

impl ProvideCredentials for Silence {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_that_cannot_be_had_are_told_and_nothing_is_sent() {
    let builder = || {
        Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .endpoint_url("http://127.0.0.1:9")
    };
    for config in [
        builder().credentials_provider(Nobody),
        builder().credentials_provider(Silence),
    ] {
        let client = Client::of(Sdk::from_conf(configure(config).build()));

        let (read, _) = observed(describe_app_instance().send(&client)).await;
        let (write, wire) = observed(delete_app_instance().send(&client)).await;

        let missing = Cause::AwsCredentials(CredentialsProblem::Missing);
        let causes = (read.unwrap_err().cause, write.unwrap_err().cause);
        assert_eq!(causes, (missing.clone(), missing));
        assert!(!wire.connected());
    }
}

/// Nearly every page asks for the account first, so these are the words that people read.
#[tokio::test]
async fn the_account_cannot_be_told_for_the_same_reasons() {
    for (code, problem) in [
        ("ExpiredToken", CredentialsProblem::Expired),
        ("RequestExpired", CredentialsProblem::Clock(None)),
        ("InvalidClientTokenId", CredentialsProblem::Refused),
        ("AccessDenied", CredentialsProblem::Refused),
    ] {
        let port = listen(move |mut stream| async move {
            let error = format!("<Error><Type>Sender</Type><Code>{code}</Code></Error>");
            let body = format!("<ErrorResponse>{error}</ErrorResponse>");
            let length = body.len();
            let head = format!("HTTP/1.1 403 Forbidden\r\ncontent-length: {length}\r\n\r\n");
            let _ = stream.read(&mut [0; 8192]).await;
            let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
        })
        .await;
        let keys = aws_credential_types::Credentials::for_tests();
        let told = of_account_at(port, keys).await;
        assert_eq!(told, Cause::AwsCredentials(problem), "{code}");
    }
    let missing = Cause::AwsCredentials(CredentialsProblem::Missing);
    assert_eq!(of_account_at(9, Nobody).await, missing);
}

/// Why a service on a port of this machine does not tell the account.
async fn of_account_at(port: u16, credentials: impl ProvideCredentials + 'static) -> Cause {
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .endpoint_url(format!("http://127.0.0.1:{port}"))
        .interceptor(Observer)
        .credentials_provider(credentials);
    let sts = Sts::from_conf(config.build());
    let call = async {
        let answer = sts.get_caller_identity().send().await;
        answer.map_err(|error| of_account(&error))
    };
    observed(call).await.0.unwrap_err().cause
}
