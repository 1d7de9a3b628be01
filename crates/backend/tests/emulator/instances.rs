//! AppInstances, their retention, and tags.

use backend::Phase;
use domain::input::{
    CreateAppInstance, DeleteAppInstance, GetAppInstanceRetentionSettings, Input as _,
    ListAppInstances, PutAppInstanceRetentionSettings, RetentionSettings, TagResource,
    UntagResource, UpdateAppInstance,
};
use domain::name::AppInstanceName;
use domain::tag::Tags;
use domain::{Cause, Region, Timestamp};

use crate::world::{World, days, describe_instance, known, metadata, tags, tags_of, token};

#[tokio::test]
async fn create_app_instance() {
    let world = World::start().await;
    let input = CreateAppInstance {
        name: AppInstanceName::parse("Démo 🚀").unwrap(),
        metadata: metadata("{}"),
        client_request_token: token("same"),
        tags: tags(),
    }
    .in_region(Region::UsEast1);
    let arn = world.call(input.clone()).await.unwrap();
    let again = world.call(input).await.unwrap();
    assert_eq!(arn, again);
    assert_eq!(known(&arn).account().as_str(), "123456789012");
    let entry = world.last_entry().await;
    assert_eq!(entry.phase, Phase::Succeeded);
    assert!(entry.aws_request.is_some());
}

#[tokio::test]
async fn describe_app_instance() {
    let world = World::start().await;
    let arn = world.instance().await;
    let described = world.call(describe_instance(&arn)).await.unwrap();
    assert_eq!(
        (described.arn, described.name.as_str()),
        (arn.into(), "Support")
    );
    let recent = Timestamp(1_700_000_000_000);
    assert!(described.created > Some(recent));
}

#[tokio::test]
async fn list_app_instances() {
    let world = World::start().await;
    for _ in 0..3 {
        world.instance().await;
    }
    let page = |next_token| {
        let list = ListAppInstances {
            max_results: 2,
            next_token,
        };
        list.in_region(Region::UsEast1)
    };
    let first = world.call(page(None)).await.unwrap();
    let second = world.call(page(first.next_token.clone())).await.unwrap();
    assert_eq!((first.items.len(), second.items.len()), (2, 1));
    assert_eq!(second.next_token, None);
    let stale = world.call(page(Some("made-up".into()))).await;
    assert_eq!(stale.unwrap_err().cause, Cause::StaleCursor);
}

#[tokio::test]
async fn update_app_instance() {
    let world = World::start().await;
    let arn = world.instance().await;
    let input = UpdateAppInstance {
        app_instance_arn: arn.clone(),
        name: AppInstanceName::parse("Renamed").unwrap(),
        metadata: metadata(""),
    };
    world.call(input).await.unwrap();
    let renamed = world.call(describe_instance(&arn)).await.unwrap();
    assert_eq!(renamed.name, "Renamed");
}

#[tokio::test]
async fn delete_app_instance() {
    let world = World::start().await;
    let input = DeleteAppInstance {
        app_instance_arn: world.instance().await,
    };
    world.call(input.clone()).await.unwrap();
    let again = world.call(input).await.unwrap_err();
    assert_eq!(again.cause, Cause::Forbidden);
    assert!(again.trace.aws_request.is_some());
    assert_eq!(again.trace.entry, Some(world.last_entry().await.id));
}

#[tokio::test]
async fn get_app_instance_retention_settings() {
    let world = World::start().await;
    let input = GetAppInstanceRetentionSettings {
        app_instance_arn: world.instance().await,
    };
    assert_eq!(world.call(input).await.unwrap().days, None);
}

#[tokio::test]
async fn put_app_instance_retention_settings() {
    let world = World::start().await;
    let app_instance_arn = world.instance().await;
    for wanted in [Some(days(90)), None] {
        let input = PutAppInstanceRetentionSettings {
            app_instance_arn: app_instance_arn.clone(),
            app_instance_retention_settings: RetentionSettings::new(wanted),
        };
        assert_eq!(world.call(input).await.unwrap().days, wanted);
        let input = GetAppInstanceRetentionSettings {
            app_instance_arn: app_instance_arn.clone(),
        };
        assert_eq!(world.call(input).await.unwrap().days, wanted);
    }
}

#[tokio::test]
async fn list_tags_for_resource() {
    let world = World::start().await;
    let user = world.user().await;
    assert_eq!(world.call(tags_of(user)).await.unwrap(), tags());
}

#[tokio::test]
async fn tag_resource() {
    let world = World::start().await;
    let arn = world.instance().await;
    let input = TagResource {
        resource_arn: arn.clone().into(),
        tags: tags(),
    };
    world.call(input).await.unwrap();
    assert_eq!(world.call(tags_of(arn)).await.unwrap(), tags());
}

#[tokio::test]
async fn untag_resource() {
    let world = World::start().await;
    let arn = world.user().await;
    let input = UntagResource {
        resource_arn: arn.clone().into(),
        tag_keys: vec!["env".into()],
    };
    world.call(input).await.unwrap();
    assert_eq!(world.call(tags_of(arn)).await.unwrap(), Tags::default());
}
