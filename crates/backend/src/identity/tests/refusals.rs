//! What each operation makes of each error.

use aws_sdk_chimesdkidentity::Client as Sdk;
use aws_smithy_mocks::mock;
use domain::{Cause, CredentialsProblem, NoConnection, Operation};

use super::super::Request;
use super::*;

const REFUSED: Cause = Cause::AwsCredentials(CredentialsProblem::Refused);
const PROXY: Cause = Cause::NotConnected(NoConnection::Proxy);

/// The nine exceptions of the model, with how often each is sent.
const MODELLED: &[(u16, &str, Cause, usize)] = &[
    (400, "BadRequestException", Cause::Rejected, 1),
    (
        400,
        "ResourceLimitExceededException",
        Cause::LimitReached,
        1,
    ),
    (401, "UnauthorizedClientException", REFUSED, 1),
    (403, "ForbiddenException", Cause::Forbidden, 1),
    (404, "NotFoundException", Cause::NotFound, 1),
    (409, "ConflictException", Cause::Conflict, 1),
    (429, "ThrottledClientException", Cause::Throttled, 3),
    (500, "ServiceFailureException", Cause::AwsUnavailable, 3),
    (503, "ServiceUnavailableException", Cause::AwsUnavailable, 3),
];

macro_rules! refused {
    ($($operation:ident $method:ident;)*) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $method() {
                for (status, code, cause, calls) in MODELLED {
                    let rule = mock!(Sdk::$method)
                        .then_http_response(|| answer(*status, Some(code)));

                    let failure = super::$method().send(&client(&[&rule])).await.unwrap_err();

                    assert_eq!((&failure.cause, rule.num_calls()), (cause, *calls), "{code}");
                    assert_eq!(failure.trace.operation, Some(Operation::$operation));
                    let request = failure.trace.aws_request.as_deref();
                    assert_eq!(request, Some("6f1c7f0e-3b0a-4e0c-8d5a-0d7c2c1b9a55"));
                }
            }
        )*
    };
}

for_each_operation!(refused);

#[tokio::test]
async fn a_list_that_is_refused_with_a_token_has_a_stale_one() {
    let rule = mock!(Sdk::list_app_instance_users)
        .then_http_response(|| answer(400, Some("BadRequestException")));
    let mut input = super::list_app_instance_users();
    input.next_token = Some("t1".into());

    let failure = input.send(&client(&[&rule])).await.unwrap_err();

    assert_eq!(failure.cause, Cause::StaleCursor);
}

#[tokio::test(start_paused = true)]
async fn codes_that_the_model_lacks_are_understood() {
    for (status, code, read, write) in [
        (
            400,
            Some("ValidationException"),
            Cause::Rejected,
            Cause::Rejected,
        ),
        (
            403,
            Some("AccessDeniedException"),
            Cause::Forbidden,
            Cause::Forbidden,
        ),
        (403, Some("InvalidSignatureException"), REFUSED, REFUSED),
        (403, Some("UnrecognizedClientException"), REFUSED, REFUSED),
        // A proxy that wants to know who asks: it passed nothing on.
        (407, None, PROXY, PROXY),
        (
            400,
            Some("ThrottlingException"),
            Cause::Throttled,
            Cause::Throttled,
        ),
        (418, Some("NewException"), Cause::Internal, Cause::Internal),
        (
            404,
            Some("UnknownOperationException"),
            Cause::Internal,
            Cause::Internal,
        ),
        (403, None, Cause::Forbidden, Cause::Forbidden),
        (413, None, Cause::Rejected, Cause::Rejected),
        // A gateway answers so for a request that it passed on, so a write may have been made.
        (502, None, Cause::AwsUnavailable, Cause::OutcomeUnknown),
        (504, None, Cause::AwsUnavailable, Cause::OutcomeUnknown),
    ] {
        let rules = (
            mock!(Sdk::describe_app_instance).then_http_response(move || answer(status, code)),
            mock!(Sdk::delete_app_instance).then_http_response(move || answer(status, code)),
        );
        let client = client(&[&rules.0, &rules.1]);
        let causes = (
            super::describe_app_instance()
                .send(&client)
                .await
                .unwrap_err()
                .cause,
            super::delete_app_instance()
                .send(&client)
                .await
                .unwrap_err()
                .cause,
        );
        assert_eq!(causes, (read, write), "{status} {code:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_is_retried() {
    let rule = mock!(Sdk::delete_app_instance)
        .sequence()
        .http_response(|| answer(429, Some("ThrottledClientException")))
        .times(2)
        .http_response(|| answer(204, None))
        .build();

    let answer = super::delete_app_instance().send(&client(&[&rule])).await;

    assert_eq!((answer, rule.num_calls()), (Ok(()), 3));
}

/// Documents why there is a classifier of our own. When this fails the SDK has learnt it.
#[tokio::test(start_paused = true)]
async fn the_sdk_alone_does_not_retry_throttling() {
    let rule = mock!(Sdk::delete_app_instance)
        .then_http_response(|| answer(429, Some("ThrottledClientException")));
    let plain = Client::of(mock_client!(
        aws_sdk_chimesdkidentity,
        RuleMode::MatchAny,
        [&rule]
    ));

    let failure = super::delete_app_instance().send(&plain).await.unwrap_err();

    assert_eq!((failure.cause, rule.num_calls()), (Cause::Throttled, 1));
}

#[tokio::test(start_paused = true)]
async fn a_retry_waits_as_long_as_it_is_told() {
    for (seconds, calls) in [("2", 3), ("9", 1)] {
        let rule = mock!(Sdk::delete_app_instance).then_http_response(move || {
            let mut response = answer(429, None);
            response.headers_mut().insert("retry-after", seconds);
            response
        });
        let start = tokio::time::Instant::now();

        let failure = super::delete_app_instance()
            .send(&client(&[&rule]))
            .await
            .unwrap_err();

        assert_eq!((failure.cause, rule.num_calls()), (Cause::Throttled, calls));
        let waited = start.elapsed().as_secs_f64();
        let expected = if calls == 3 { 4.0 } else { 0.0 };
        assert!((waited - expected).abs() < 0.5, "{waited} s");
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_that_is_empty_is_refused() {
    let read =
        mock!(Sdk::describe_app_instance_user_endpoint).then_http_response(|| answer(200, None));
    let input = DescribeAppInstanceUserEndpoint {
        endpoint_id: String::new(),
        ..super::describe_app_instance_user_endpoint()
    };

    let failure = input.send(&client(&[&read])).await.unwrap_err();

    assert_eq!(failure.cause, Cause::Rejected);
}
