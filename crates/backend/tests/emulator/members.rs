//! Users, admins, bots and endpoints.

use backend::{Listing, Phase};
use domain::input::{
    Configuration, CreateAppInstanceAdmin, CreateAppInstanceUser, DeleteAppInstanceAdmin,
    DeleteAppInstanceBot, DeleteAppInstanceUser, DeregisterAppInstanceUserEndpoint,
    DescribeAppInstanceAdmin, DescribeAppInstanceBot, DescribeAppInstanceUserEndpoint,
    ExpirationSettings, ListAppInstanceAdmins, ListAppInstanceBots, ListAppInstanceUserEndpoints,
    ListAppInstanceUsers, PutAppInstanceUserExpirationSettings, UpdateAppInstanceBot,
    UpdateAppInstanceUser, UpdateAppInstanceUserEndpoint,
};
use domain::name::{BotName, EndpointName, UserName};
use domain::settings::AllowMessages;
use domain::tag::Tags;
use domain::{Cause, Given, Role};

use crate::world::{World, days, describe_user, known, lex, metadata, token};

#[tokio::test]
async fn create_app_instance_user() {
    let world = World::start().await;
    let arn = world.user().await;
    assert_eq!(arn.user_id().as_str(), "us-east-1:alice@x");
    let taken = CreateAppInstanceUser {
        app_instance_arn: arn.instance().clone(),
        app_instance_user_id: arn.user_id().clone(),
        name: UserName::parse("Other").unwrap(),
        metadata: metadata(""),
        client_request_token: token("other"),
        tags: Tags::default(),
        expiration_settings: Some(ExpirationSettings::after(days(1))),
    };
    let conflict = world.call(taken).await.unwrap_err();
    assert_eq!(conflict.cause, Cause::Conflict);
}

#[tokio::test]
async fn describe_app_instance_user() {
    let world = World::start().await;
    let arn = world.user().await;
    let user = world.call(describe_user(&arn)).await.unwrap();
    assert_eq!((user.arn, user.name.as_str()), (arn.into(), "Alice"));
    assert_eq!(user.expires_after, None);
}

#[tokio::test]
async fn list_app_instance_users() {
    let world = World::start().await;
    let arn = world.user().await;
    let input = ListAppInstanceUsers {
        app_instance_arn: arn.instance().clone(),
        max_results: 50,
        next_token: None,
    };
    let Listing { items, next_token } = world.call(input).await.unwrap();
    assert_eq!((items.len(), next_token), (1, None));
    assert_eq!(items[0].arn, arn.into());
}

#[tokio::test]
async fn update_app_instance_user() {
    let world = World::start().await;
    let arn = world.user().await;
    let input = UpdateAppInstanceUser {
        app_instance_user_arn: arn.clone(),
        name: UserName::parse("Alicia").unwrap(),
        metadata: metadata("line 1\nline 2"),
    };
    world.call(input).await.unwrap();
    let user = world.call(describe_user(&arn)).await.unwrap();
    assert_eq!(user.metadata, "line 1\nline 2");
}

#[tokio::test]
async fn delete_app_instance_user() {
    let world = World::start().await;
    let arn = world.user().await;
    let input = DeleteAppInstanceUser {
        app_instance_user_arn: arn.clone(),
    };
    world.call(input).await.unwrap();
    let gone = world.call(describe_user(&arn)).await.unwrap_err();
    assert_eq!(gone.cause, Cause::Forbidden);
}

#[tokio::test]
async fn put_app_instance_user_expiration_settings() {
    let world = World::start().await;
    let arn = world.user().await;
    for wanted in [Some(days(30)), None] {
        let input = PutAppInstanceUserExpirationSettings {
            app_instance_user_arn: arn.clone(),
            expiration_settings: wanted.map(ExpirationSettings::after),
        };
        assert_eq!(world.call(input).await.unwrap(), wanted);
    }
}

#[tokio::test]
async fn create_app_instance_admin() {
    let world = World::start().await;
    let user = world.admin().await;
    let input = CreateAppInstanceAdmin {
        app_instance_arn: user.instance().clone(),
        app_instance_admin_arn: user.as_str().parse().unwrap(),
    };
    let again = world.call(input).await.unwrap_err();
    assert_eq!(again.cause, Cause::Conflict);
}

#[tokio::test]
async fn describe_app_instance_admin() {
    let world = World::start().await;
    let user = world.admin().await;
    let input = DescribeAppInstanceAdmin {
        app_instance_arn: user.instance().clone(),
        app_instance_admin_arn: user.as_str().parse().unwrap(),
    };
    let admin = world.call(input).await.unwrap();
    assert_eq!(
        (admin.member.as_str(), admin.name.as_str()),
        (user.as_str(), "Alice")
    );
    assert!(admin.since.is_some());
}

#[tokio::test]
async fn list_app_instance_admins() {
    let world = World::start().await;
    let user = world.admin().await;
    let input = ListAppInstanceAdmins {
        app_instance_arn: user.instance().clone(),
        max_results: 10,
        next_token: None,
    };
    let admins = world.call(input).await.unwrap().items;
    assert_eq!(admins[0].member.as_str(), user.as_str());
}

#[tokio::test]
async fn delete_app_instance_admin() {
    let world = World::start().await;
    let user = world.admin().await;
    let input = DeleteAppInstanceAdmin {
        app_instance_arn: user.instance().clone(),
        app_instance_admin_arn: user.as_str().parse().unwrap(),
    };
    assert_eq!(world.call(input.clone()).await, Ok(()));
    assert_eq!(world.call(input).await.unwrap_err().cause, Cause::Forbidden);
}

#[tokio::test]
async fn create_app_instance_bot() {
    let world = World::start().await;
    let bot = world.bot().await;
    let input = CreateAppInstanceAdmin {
        app_instance_arn: bot.instance().clone(),
        app_instance_admin_arn: bot.as_str().parse().unwrap(),
    };
    let admin = world.call(input).await.unwrap();
    assert_eq!(admin.member.as_str(), bot.as_str());
}

#[tokio::test]
async fn describe_app_instance_bot() {
    let world = World::start().await;
    let input = DescribeAppInstanceBot {
        app_instance_bot_arn: world.bot().await,
    };
    let bot = world.call(input.clone()).await.unwrap();
    assert_eq!(bot.configuration, Some(lex()));
    let delete = DeleteAppInstanceBot {
        app_instance_bot_arn: known(&bot.arn),
    };
    world.call(delete).await.unwrap();
    assert_eq!(world.call(input).await.unwrap_err().cause, Cause::NotFound);
}

#[tokio::test]
async fn list_app_instance_bots() {
    let world = World::start().await;
    let bot = world.bot().await;
    let input = ListAppInstanceBots {
        app_instance_arn: bot.instance().clone(),
        max_results: 10,
        next_token: None,
    };
    assert_eq!(world.call(input).await.unwrap().items[0].arn, bot.into());
}

#[tokio::test]
async fn update_app_instance_bot() {
    let world = World::start().await;
    let input = UpdateAppInstanceBot {
        app_instance_bot_arn: world.bot().await,
        name: BotName::parse("").unwrap(),
        metadata: metadata("m"),
        configuration: Some(Configuration { lex: lex() }),
    };
    world.call(input.clone()).await.unwrap();
    let input = DescribeAppInstanceBot {
        app_instance_bot_arn: input.app_instance_bot_arn,
    };
    assert_eq!(world.call(input).await.unwrap().metadata, "m");
}

#[tokio::test]
async fn delete_app_instance_bot() {
    let world = World::start().await;
    let input = DeleteAppInstanceBot {
        app_instance_bot_arn: world.bot().await,
    };
    assert_eq!(world.call(input).await, Ok(()));
}

#[tokio::test]
async fn register_app_instance_user_endpoint() {
    let world = World::start().await;
    let (user, id) = world.endpoint().await;
    let input = ListAppInstanceUserEndpoints {
        app_instance_user_arn: user,
        max_results: 10,
        next_token: None,
    };
    assert_eq!(world.call(input).await.unwrap().items[0].id, id);
}

#[tokio::test]
async fn describe_app_instance_user_endpoint() {
    let world = World::start().await;
    let (user, endpoint_id) = world.endpoint().await;
    let input = DescribeAppInstanceUserEndpoint {
        app_instance_user_arn: user,
        endpoint_id,
    };
    let endpoint = world.call(input.clone()).await.unwrap();
    let masked = endpoint.device_token.map(|token| token.end);
    assert_eq!(masked.as_deref(), Some("en-1"));
    assert!(endpoint.state.is_active());

    let viewer = world.reveal(Role::Viewer, input.clone()).await;
    assert!(viewer.is_err_and(|failure| failure.cause == Cause::RoleNeeded(Role::Operator)));
    let tokens = world.reveal(Role::Operator, input).await;
    assert!(tokens.is_ok_and(|tokens| tokens.device_token.as_deref() == Some("device-token-1")));
    let entry = world.last_entry().await;
    assert_eq!(
        (entry.event.name(), entry.phase),
        ("RevealDeviceTokens", Phase::Succeeded)
    );
}

#[tokio::test]
async fn list_app_instance_user_endpoints() {
    let world = World::start().await;
    let input = ListAppInstanceUserEndpoints {
        app_instance_user_arn: world.user().await,
        max_results: 10,
        next_token: None,
    };
    assert!(world.call(input).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn update_app_instance_user_endpoint() {
    let world = World::start().await;
    let (user, endpoint_id) = world.endpoint().await;
    let input = UpdateAppInstanceUserEndpoint {
        app_instance_user_arn: user.clone(),
        endpoint_id: endpoint_id.clone(),
        name: EndpointName::parse("Tablet").unwrap(),
        allow_messages: Some(AllowMessages::None.into()),
    };
    world.call(input).await.unwrap();
    let input = DescribeAppInstanceUserEndpoint {
        app_instance_user_arn: user,
        endpoint_id,
    };
    let endpoint = world.call(input).await.unwrap();
    assert_eq!(
        (endpoint.name.as_str(), endpoint.allow_messages),
        ("Tablet", AllowMessages::None.into())
    );
}

#[tokio::test]
async fn deregister_app_instance_user_endpoint() {
    let world = World::start().await;
    let (user, endpoint_id) = world.endpoint().await;
    let input = DeregisterAppInstanceUserEndpoint {
        app_instance_user_arn: user,
        endpoint_id,
    };
    assert_eq!(world.call(input).await, Ok(()));
}

#[tokio::test]
async fn what_a_call_made_has_the_call_in_its_activity() {
    let world = World::start().await;
    let (user, endpoint) = world.endpoint().await;
    let bot = world.bot().await;
    let audit = world.backend.audit();
    let operations = |entries: Vec<backend::Entry>| {
        let names = entries.into_iter().map(|entry| entry.event.to_string());
        names.collect::<Vec<_>>()
    };

    let of_instance = audit
        .whole()
        .of_resource(user.instance().as_str(), 10)
        .await;
    assert!(operations(of_instance.unwrap()).contains(&"CreateAppInstance".to_owned()));
    let of_user = audit.whole().of_resource(user.as_str(), 10).await.unwrap();
    assert_eq!(
        of_user.last().unwrap().resource.as_ref().map(Given::as_str),
        Some(user.as_str())
    );
    assert_eq!(
        operations(of_user),
        ["RegisterAppInstanceUserEndpoint", "CreateAppInstanceUser"]
    );
    let of_bot = audit.whole().of_resource(bot.as_str(), 10).await.unwrap();
    assert_eq!(operations(of_bot), ["CreateAppInstanceBot"]);
    let of_endpoint = audit
        .whole()
        .of_endpoint(user.as_str(), &endpoint, 10)
        .await;
    assert_eq!(
        operations(of_endpoint.unwrap()),
        ["RegisterAppInstanceUserEndpoint"]
    );
}
