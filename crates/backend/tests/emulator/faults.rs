//! What callers see and the audit keeps when AWS fails, throttles, hangs up, or changes its mind.

use std::time::{Duration, Instant};

use backend::Phase;
use domain::Cause;
use domain::input::{DeleteAppInstanceUser, DescribeAppInstance, ListAppInstances};
use emulator::{Fault, FaultKind};

use crate::world::{World, caller, fault, scope};

fn list() -> ListAppInstances {
    ListAppInstances {
        max_results: 10,
        next_token: None,
    }
}

#[tokio::test]
async fn the_account_is_asked_for_once() {
    let world = World::start().await;
    let account = world.backend.account().await.unwrap();
    assert_eq!(account.as_str(), "123456789012");
    let other = "arn:aws:chime:us-east-1:999999999999:app-instance/1";
    let input = DescribeAppInstance {
        app_instance_arn: other.parse().unwrap(),
    };
    assert_eq!(
        world.call(input).await.unwrap_err().cause,
        Cause::NoSuchPage
    );
}

#[tokio::test]
async fn credentials_that_aws_refuses_are_named() {
    let world = World::with(Vec::new(), "wrong").await;
    assert_eq!(world.backend.account().await, None);
    let failure = world.call(list()).await.unwrap_err();
    assert_eq!(failure.cause, Cause::AwsCredentials);
}

#[tokio::test]
async fn throttling_and_failures_that_pass_are_not_seen() {
    let twice = |operation: &str, code: &str| Fault {
        code: code.into(),
        times: Some(2),
        ..fault(operation, FaultKind::Error)
    };
    let faults = vec![
        twice("CreateAppInstance", "ThrottledClientException"),
        twice("ListAppInstances", "ServiceUnavailableException"),
    ];
    let world = World::with(faults, "secret").await;
    world.instance().await;
    assert_eq!(world.call(list()).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn a_delete_whose_answer_was_lost_is_unknown() {
    let lost = Fault {
        times: Some(1),
        after_commit: true,
        ..fault("DeleteAppInstanceUser", FaultKind::Reset)
    };
    let world = World::with(vec![lost], "secret").await;
    let input = DeleteAppInstanceUser {
        app_instance_user_arn: world.user().await,
    };

    let failure = world.call(input).await.unwrap_err();

    // The retry was answered "forbidden", which it is because the first attempt deleted it.
    assert_eq!(failure.cause, Cause::OutcomeUnknown);
    assert_eq!(world.last_entry().await.phase, Phase::Unknown);
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_succeeds_by_its_token() {
    let lost = Fault {
        times: Some(1),
        after_commit: true,
        ..fault("CreateAppInstance", FaultKind::Reset)
    };
    let world = World::with(vec![lost], "secret").await;
    let arn = world.instance().await;
    let listed = world.call(list()).await.unwrap().items;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].arn, arn);
}

#[tokio::test]
async fn a_write_goes_on_when_its_caller_is_gone() {
    let slow = Fault {
        times: Some(1),
        retry_after_seconds: Some(1),
        code: "ThrottledClientException".into(),
        ..fault("DeleteAppInstanceUser", FaultKind::Error)
    };
    let world = World::with(vec![slow], "secret").await;
    let input = DeleteAppInstanceUser {
        app_instance_user_arn: world.user().await,
    };
    let (caller, scope) = (caller(domain::Role::Admin), scope());

    let call = world.backend.call(&caller, &scope, input);
    let gone = tokio::time::timeout(Duration::from_millis(300), call).await;

    assert!(gone.is_err());
    assert_eq!(world.last_entry().await.phase, Phase::Begun);
    let deadline = Instant::now() + Duration::from_secs(10);
    while world.last_entry().await.phase == Phase::Begun {
        assert!(Instant::now() < deadline, "the outcome was never written");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(world.last_entry().await.phase, Phase::Succeeded);
}
