//! What callers see and the audit keeps when AWS fails, throttles, hangs up, or changes its mind.

use std::time::{Duration, Instant};

use backend::look::{Looked, look};
use backend::{Caller, Client, Entry, Phase, Request, Verified};
use domain::arn::{AppInstanceArn, ResourceArn};
use domain::input::{
    DeleteAppInstanceUser, DescribeAppInstance, DescribeAppInstanceUser, InRegion, Input,
    ListAppInstances, UpdateAppInstanceUser,
};
use domain::name::{Metadata, UserName};
use domain::{Cause, CredentialsProblem, Failure, Operation, Region, Role};
use emulator::{Fault, FaultKind};
use serde::Serialize;
use serde_json::json;

use crate::world::{World, caller, connection, fault};

fn list() -> InRegion<ListAppInstances> {
    let list = ListAppInstances {
        max_results: 10,
        next_token: None,
    };
    list.in_region(Region::UsEast1)
}

#[tokio::test]
async fn the_account_is_asked_for_once() {
    let world = World::start().await;
    let account = world
        .backend
        .connections()
        .account(&connection())
        .await
        .unwrap();
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
    let refused = Cause::AwsCredentials(CredentialsProblem::Refused);
    let account = world.backend.connections().account(&connection()).await;
    assert_eq!(account.unwrap_err().cause, refused);
    let failure = world.call(list()).await.unwrap_err();
    assert_eq!(failure.cause, refused);
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
    let world = World::losing_the_answer_to("DeleteAppInstanceUser").await;
    let input = DeleteAppInstanceUser {
        app_instance_user_arn: world.user().await,
    };

    let failure = world.call(input).await.unwrap_err();

    // The retry was answered "forbidden", which it is because the first attempt deleted it.
    assert_eq!(failure.cause, Cause::OutcomeUnknown);
    assert_eq!(world.last_entry().await.phase, Phase::Unknown);
}

/// A write that is a bug, after so many milliseconds.
#[derive(Clone, Serialize)]
struct Panics(AppInstanceArn, u64);

impl Input for Panics {
    const OPERATION: Operation = Operation::UpdateAppInstance;

    fn resource(&self) -> Option<ResourceArn> {
        Some(self.0.clone().into())
    }
}

impl Request for Panics {
    type Output = ();

    async fn send(&self, _client: &Client) -> Result<(), Failure> {
        tokio::time::sleep(Duration::from_millis(self.1)).await;
        panic!("on purpose")
    }
}

#[tokio::test]
async fn a_write_that_panics_is_unknown_and_the_next_call_works() {
    let world = World::start().await;
    let arn = world.instance().await;

    let failure = world.call(Panics(arn, 0)).await.unwrap_err();

    assert_eq!(failure.cause, Cause::OutcomeUnknown);
    let entry = world.last_entry().await;
    assert_eq!(entry.phase, Phase::Unknown);
    assert_eq!(failure.trace.entry.as_ref(), Some(&entry.id));
    assert_eq!(world.call(list()).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn a_write_that_panics_when_nobody_waits_any_more_is_unknown_too() {
    let world = World::start().await;
    let arn = world.instance().await;
    let begun = async {
        while world.last_entry().await.phase != Phase::Begun {
            tokio::task::yield_now().await;
        }
    };
    // The browser goes away: what asked is dropped once the row is there.
    tokio::select! {
        _ = world.call(Panics(arn, 500)) => panic!("it takes longer"),
        () = begun => {}
    }

    assert!(
        world
            .backend
            .background()
            .stop(Duration::from_secs(10))
            .await
    );

    assert_eq!(world.last_entry().await.phase, Phase::Unknown);
}

#[tokio::test]
async fn a_later_look_resolves_what_was_unknown() {
    let lost = |operation: &str, after_commit| Fault {
        times: Some(if after_commit { 1 } else { 10 }),
        after_commit,
        ..fault(operation, FaultKind::Reset)
    };
    let done = lost("DeleteAppInstanceUser", true);
    let not_done = lost("UpdateAppInstanceUser", false);
    let world = World::with(vec![done, not_done], "secret").await;
    let user = world.user().await;
    let update = UpdateAppInstanceUser {
        app_instance_user_arn: user.clone(),
        name: UserName::parse("Other").unwrap(),
        metadata: Metadata::parse("").unwrap(),
    };
    let described = DescribeAppInstanceUser {
        app_instance_user_arn: user.clone(),
    };
    let before = world.call(described).await.unwrap();
    let before = json!({ "Name": before.name, "Metadata": before.metadata });
    let (caller, connection) = (caller(Role::Admin), connection());
    let failure = world
        .backend
        .calls()
        .call_with_before(&caller, &connection, update, before)
        .await
        .unwrap_err();
    assert_eq!(failure.cause, Cause::OutcomeUnknown);
    let mut updated = world.last_entry().await;
    assert_eq!(updated.phase, Phase::Unknown);

    // AWS may still be at it.
    let early = look(world.backend.calls(), &caller, &updated).await;
    assert_eq!(early, Ok(Looked::Unclear));
    // As if a minute had passed.
    updated.at.0 -= 61_000;
    let later = look(world.backend.calls(), &caller, &updated).await;
    assert_eq!(later, Ok(Looked::NotDone));

    let delete = DeleteAppInstanceUser {
        app_instance_user_arn: user,
    };
    world.call(delete).await.unwrap_err();
    let deleted = world.last_entry().await;
    assert_eq!(deleted.phase, Phase::Unknown);
    let viewer = Caller {
        role: Role::Viewer,
        ..caller.clone()
    };
    let refused = look(world.backend.calls(), &viewer, &deleted)
        .await
        .unwrap_err();
    assert_eq!(refused.cause, Cause::RoleNeeded(Role::Operator));
    assert_eq!(
        look(world.backend.calls(), &caller, &deleted).await,
        Ok(Looked::Done)
    );

    // Of a connection that is not here nothing is known, and so the most is asked.
    let elsewhere = Entry {
        connection: Some("elsewhere".parse().unwrap()),
        ..updated.clone()
    };
    let unproved = Caller {
        proved: None,
        ..caller.clone()
    };
    let refused = look(world.backend.calls(), &unproved, &elsewhere).await;
    assert_eq!(refused.unwrap_err().cause, Cause::ProofNeeded);

    let audit = world.backend.audit();
    for (entry, phase) in [(updated, Phase::Failed), (deleted, Phase::Succeeded)] {
        let entry = audit.whole().entry(&entry.id).await.unwrap().unwrap();
        assert_eq!(entry.phase, phase, "{entry:?}");
        assert_eq!(entry.looked_by.as_deref(), Some(caller.username.as_str()));
        // Once: who looks later finds it resolved.
        assert!(look(world.backend.calls(), &caller, &entry).await.is_ok());
    }
    let verified = audit.verify().await.unwrap();
    assert!(matches!(verified, Verified::Intact { .. }), "{verified:?}");
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_succeeds_by_its_token() {
    let world = World::losing_the_answer_to("CreateAppInstance").await;
    let arn = world.instance().await;
    let listed = world.call(list()).await.unwrap().items;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].arn, arn.into());
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
    let (caller, connection) = (caller(domain::Role::Admin), connection());

    let call = world.backend.calls().call(&caller, &connection, input);
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
