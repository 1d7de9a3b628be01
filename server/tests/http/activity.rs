//! The Activity tab of every kind of resource.

use axum::http::StatusCode;
use domain::Role;

use crate::support::{World, arn, assert_says, bot_fields, target};

#[tokio::test]
async fn an_app_instance_shows_what_was_done_to_itself() {
    let world = World::start().await;
    world.make_user("ana", "Ana").await;
    let changes = [("name", "Support 2"), ("metadata", "")];
    let call = "/api/app-instances/update";
    world
        .browser
        .save_edited(call, &world.instance, &changes)
        .await;

    let page = world.browser.get(&world.page("activity")).await;

    let words = page.words();
    assert_says(
        &words,
        &[
            "Activity",
            "Update AppInstance",
            "Done",
            "By Admin-",
            "AWS request",
            "Name Support Support 2",
        ],
    );
    assert!(!words.contains("Create AppInstanceUser"), "{words}");
    let current = format!("href=\"{}/activity\" aria-current=\"page\"", world.instance);
    assert!(page.text().contains(&current));
}

#[tokio::test]
async fn a_user_shows_its_values_role_tags_and_endpoints() {
    let world = World::start().await;
    let user = world.make_user("us-east-1:ana@example.com", "Ana").await;
    let (instance, member) = (arn(&world.instance), arn(&user));
    let changes = [("name", "Ana-Maria"), ("metadata", "new")];
    world
        .browser
        .save_edited("/api/users/update", &user, &changes)
        .await;
    let role = [("target", &*target(&instance)), ("member", &member)];
    world.browser.call("/api/admins/create", &role).await;
    world.browser.call("/api/admins/create", &role).await;
    let tags = [
        ("target", &*target(&member)),
        ("tag_key[0]", "team"),
        ("tag_value[0]", "a"),
    ];
    world.browser.call("/api/tags/save", &tags).await;
    world
        .browser
        .make_endpoint(&user, "Phone", "device-token-abcd")
        .await;

    let page = world.browser.get(&format!("{user}/activity")).await;

    let words = page.words();
    assert_says(
        &words,
        &[
            "Create AppInstanceUser",
            "Name Ana Ana-Maria",
            "Metadata – none new",
            "Promote to admin",
            "Failed",
            "conflict",
            "Asked for, not made",
            "Tags.team – none a",
            "Register endpoint",
            "EndpointAttributes.DeviceToken – none •••",
        ],
    );
    assert!(!page.text().contains("device-token-abcd"));
}

#[tokio::test]
async fn a_bot_shows_which_member_of_its_configuration_changed() {
    let world = World::start().await;
    let bot = world.make_bot(&[]).await;
    let changes = bot_fields(&[("locale_id", "de_DE"), ("targeted_messages", "NONE")]);
    world
        .browser
        .save_edited("/api/bots/update", &bot, &changes)
        .await;

    let words = world.browser.read(&format!("{bot}/activity")).await;

    assert_says(
        &words,
        &[
            "Configuration.Lex.LocaleId en_US de_DE",
            "Configuration.Lex.InvokedBy.TargetedMessages ALL NONE",
        ],
    );
    let update = words.split("Create AppInstanceBot").next().unwrap();
    assert!(!update.contains("StandardMessages"), "{update}");
}

#[tokio::test]
async fn an_endpoint_has_a_tab_with_its_own_entries() {
    let world = World::start().await;
    let user = world.make_user("ana", "Ana").await;
    let phone = world.browser.make_endpoint(&user, "Phone", "token-1").await;
    let tablet = world
        .browser
        .make_endpoint(&user, "Tablet", "token-2")
        .await;
    let mute = async |endpoint: &str| {
        let (user, id) = (arn(&user), endpoint.rsplit('/').next().unwrap());
        let fields = [
            ("target", &*target(&user)),
            ("id", id),
            ("allow", "NONE"),
            ("page", "/"),
        ];
        world.browser.call("/api/endpoints/allow", &fields).await
    };
    assert_eq!(mute(&phone).await.status, StatusCode::OK);

    let detail = world.browser.get(&phone).await;
    let of_phone = world.browser.read(&format!("{phone}/activity")).await;
    let of_tablet = world.browser.read(&format!("{tablet}/activity")).await;

    assert!(
        detail
            .text()
            .contains(&format!("href=\"{phone}/activity\""))
    );
    assert!(of_phone.contains("Update endpoint"), "{of_phone}");
    assert!(of_phone.contains("AllowMessages ALL NONE"), "{of_phone}");
    for of_one in [of_phone, of_tablet.clone()] {
        assert!(of_one.contains("Register endpoint"), "{of_one}");
    }
    assert!(!of_tablet.contains("Update endpoint"), "{of_tablet}");
}

#[tokio::test]
async fn a_value_in_a_difference_is_text() {
    let world = World::start().await;
    let user = world.make_user("ana", "Ana").await;
    let evil = "</textarea><script>alert(1)</script>";
    let changes = [("name", evil), ("metadata", "=cmd()")];
    world
        .browser
        .save_edited("/api/users/update", &user, &changes)
        .await;

    let page = world.browser.get(&format!("{user}/activity")).await;

    assert!(page.words().contains(evil) && page.words().contains("=cmd()"));
    assert!(!page.text().contains("<script>alert"));
}

#[tokio::test]
async fn activity_is_for_who_is_signed_in() {
    let world = World::start().await;
    let path = world.page("activity");
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;

    let anonymous = world.app.anonymous().get(&path).await;

    assert!(anonymous.location().starts_with("/sign-in?next="));
    assert_eq!(viewer.get(&path).await.status, StatusCode::OK);
}
