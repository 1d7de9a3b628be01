//! The pages of AppInstanceBots, as a person without JavaScript uses them.

use axum::http::StatusCode;
use domain::{Cause, Field, Problem, Role};

use crate::support::{Answer, LEX, World, arn, assert_says, bot_fields, target, token};

const CREATE: &str = "/api/bots/create";
const UPDATE: &str = "/api/bots/update";
const DELETE: &str = "/api/bots/delete";

impl World {
    fn bots(&self) -> String {
        self.page("bots")
    }

    async fn create_bot(&self, changes: &[(&str, &str)]) -> Answer {
        let (page, instance) = (self.page("create-bot"), arn(&self.instance));
        let token = token();
        let place = [
            ("page", &*page),
            ("target", &*target(&instance)),
            ("token", &token),
        ];
        let fields = [&place[..], &bot_fields(changes)].concat();
        self.browser.post(CREATE, &fields).await
    }

    /// Posts the form that edits a bot, as it was when `base` was read from it.
    async fn edit_bot(&self, bot: &str, base: &str, changes: &[(&str, &str)]) -> Answer {
        let (page, arn) = (format!("{bot}/edit"), arn(bot));
        let place = [("page", &*page), ("target", &*target(&arn)), ("base", base)];
        let was = [("was_name", "Helper"), ("was_locale_id", "en_US")];
        let fields = [&place[..], &was, &bot_fields(changes)].concat();
        self.browser.post(UPDATE, &fields).await
    }

    async fn delete_bot(&self, bot: &str, confirm: &str) -> Answer {
        let (page, arn) = (format!("{bot}/delete"), arn(bot));
        let fields = [
            ("page", &*page),
            ("target", &*target(&arn)),
            ("confirm", confirm),
        ];
        self.browser.post(DELETE, &fields).await
    }
}

#[tokio::test]
async fn a_bot_is_created_and_shown_with_what_it_is_made_of() {
    let world = World::start().await;
    let (page, instance) = (world.page("create-bot"), arn(&world.instance));
    let token = token();
    let form = world.browser.read(&page).await;
    let place = [
        ("page", &*page),
        ("target", &*target(&instance)),
        ("token", &token),
    ];
    let more = [
        ("welcome_intent", "Welcome_Intent"),
        ("metadata", "{\"team\":\"a\"}"),
        ("tag_key[0]", "env"),
        ("tag_value[0]", "prod"),
    ];
    let fields = [&place[..], &bot_fields(&more)].concat();

    let made = world.browser.post(CREATE, &fields).await;
    let again = world.browser.post(CREATE, &fields).await;
    let detail = world.browser.read(made.location()).await;
    let calls = world.app.calls_of(&world.browser, &world.bots()).await;
    let list = world.browser.read(&world.bots()).await;

    assert_says(
        &form,
        &[
            "Create AppInstanceBot",
            "Name",
            "Metadata",
            "Lex bot alias ARN",
            "Locale ID",
            "Welcome intent",
            "Standard messages",
            "Targeted messages",
            "MENTIONS",
        ],
    );
    assert_eq!(made.location(), again.location(), "one token, one bot");
    assert_says(
        &detail,
        &[
            "AppInstanceBot created",
            "Helper",
            "Welcome_Intent",
            "en_US",
            "AUTO",
            "ALL",
            "env: prod",
            "Promote to admin",
            "Details",
            "Activity",
        ],
    );
    assert_eq!(
        calls.into_iter().collect::<Vec<_>>(),
        [("ListAppInstanceBots".to_owned(), 1)]
    );
    assert_says(&list, &["Bots", "1 on this page"]);
}

#[tokio::test]
async fn each_wrong_value_is_told_beside_its_field_and_what_was_typed_stays() {
    let world = World::start().await;
    let elsewhere = LEX.replace("us-east-1", "eu-central-1");
    let others = LEX.replace("123456789012", "999999999999");
    let long = "x".repeat(257);
    let too_big = "é".repeat(513);
    for (name, value, field, problem) in [
        (
            "lex_bot_alias_arn",
            "lex",
            Field::LexBotAliasArn,
            Problem::NotAnArn,
        ),
        (
            "lex_bot_alias_arn",
            "arn:aws:lex:us-east-1:123456789012:bot/ABCDEFGHIJ",
            Field::LexBotAliasArn,
            Problem::LexAlias,
        ),
        (
            "lex_bot_alias_arn",
            &elsewhere,
            Field::LexBotAliasArn,
            Problem::OtherRegion {
                region: "us-east-1".into(),
            },
        ),
        (
            "lex_bot_alias_arn",
            &others,
            Field::LexBotAliasArn,
            Problem::OtherAccount {
                account: "123456789012".into(),
            },
        ),
        ("locale_id", "english", Field::LocaleId, Problem::Locale),
        (
            "welcome_intent",
            "Step2",
            Field::WelcomeIntent,
            Problem::Intent,
        ),
        (
            "name",
            &long,
            Field::Name,
            Problem::TooLong {
                max: 256,
                actual: 257,
            },
        ),
        (
            "metadata",
            &too_big,
            Field::Metadata,
            Problem::TooManyBytes {
                max: 1024,
                actual: 1026,
            },
        ),
        (
            "standard_messages",
            "SOME",
            Field::StandardMessages,
            Problem::NotAChoice,
        ),
        (
            "targeted_messages",
            "",
            Field::TargetedMessages,
            Problem::NotAChoice,
        ),
    ] {
        let refused = world.create_bot(&[(name, value)]).await;
        let form = world.browser.get(refused.location()).await;

        assert!(refused.location().contains("/create-bot?draft="));
        let told = format!("{field}: {problem}");
        assert!(form.words().contains(&told), "{told} in {}", form.words());
        assert!(form.text().contains(LEX) || name == "lex_bot_alias_arn");
    }
    let calls = world.app.calls().await;
    assert!(!calls.contains_key("CreateAppInstanceBot"), "{calls:?}");
}

#[tokio::test]
async fn a_bot_is_edited_and_a_change_meanwhile_shows_both_versions() {
    let world = World::start().await;
    let bot = world.make_bot(&[]).await;
    let form = world.browser.get(&format!("{bot}/edit")).await;
    let base = form.value_of("base").unwrap();

    let saved = world
        .edit_bot(
            &bot,
            &base,
            &[("locale_id", "de_DE"), ("standard_messages", "NONE")],
        )
        .await;
    let detail = world.browser.read(saved.location()).await;
    let conflict = world.edit_bot(&bot, &base, &[("name", "Mine")]).await;
    let both = world.browser.read(conflict.location()).await;
    let unchanged = world.browser.read(&bot).await;

    assert_eq!(saved.location(), bot);
    assert_says(
        &detail,
        &["Changes saved", "de_DE", "NONE No standard message"],
    );
    assert_says(
        &both,
        &[
            "Name Helper Mine changed Helper",
            "Locale ID en_US en_US de_DE changed",
            "Saving undoes what was changed meanwhile:",
        ],
    );
    assert!(!unchanged.contains("Mine"));
    let entries = world
        .app
        .backend
        .audit()
        .whole()
        .of_resource(&arn(&bot), 9)
        .await;
    let update = &entries.unwrap()[0];
    assert_eq!(update.event.name(), "UpdateAppInstanceBot");
    let before = update.before.as_ref().unwrap();
    assert_eq!(before["Configuration"]["Lex"]["LocaleId"], "en_US");
}

#[tokio::test]
async fn a_bot_is_deleted_once_its_name_was_typed_and_an_admin_is_demoted_first() {
    let world = World::start().await;
    let bot = world.make_bot(&[]).await;
    let (instance, member) = (arn(&world.instance), arn(&bot));
    let promote = [("target", &*target(&instance)), ("member", &*member)];
    world.browser.call("/api/admins/create", &promote).await;

    let page = world.browser.read(&format!("{bot}/delete")).await;
    let wrong = world.delete_bot(&bot, "helpers").await;
    let told = world.browser.read(wrong.location()).await;
    let deleted = world.delete_bot(&bot, "helper").await;
    let list = world.browser.read(deleted.location()).await;
    let gone = world.browser.get(&bot).await;
    let again = world.delete_bot(&bot, "helper").await;
    let again = world.browser.read(again.location()).await;

    assert!(page.contains("Demoted first, then deleted"), "{page}");
    assert!(page.contains("Stays:") && page.contains(LEX), "{page}");
    assert!(told.contains(&Problem::Mismatch.to_string()), "{told}");
    assert_eq!(deleted.location(), world.bots());
    assert!(list.contains("AppInstanceBot deleted Helper") && list.contains("No bots yet"));
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(
        gone.words().contains("Helper was deleted on"),
        "{}",
        gone.words()
    );
    assert!(again.contains(&Cause::NotFound.headline()), "{again}");
    let calls = world.app.calls().await;
    assert_eq!(calls["DeleteAppInstanceAdmin"], 1);
    assert_eq!(calls["DeleteAppInstanceBot"], 1);
}

#[tokio::test]
async fn a_bot_without_a_name_is_deleted_by_its_id() {
    let world = World::start().await;
    let bot = world.make_bot(&[("name", "")]).await;
    let id = bot.rsplit('/').next().unwrap().to_owned();

    let page = world.browser.read(&format!("{bot}/delete")).await;
    let deleted = world.delete_bot(&bot, &id).await;

    assert!(page.contains("Unnamed bot") && page.contains(&id), "{page}");
    assert_eq!(deleted.location(), world.bots());
}

#[tokio::test]
async fn tags_of_a_bot_are_saved() {
    let world = World::start().await;
    let bot = world
        .make_bot(&[("tag_key[0]", "env"), ("tag_value[0]", "dev")])
        .await;
    let (page, target) = (format!("{bot}/tags"), target(&arn(&bot)));
    let save = async |rows: &[(&str, &str)]| {
        let fields = [&[("page", &*page), ("target", &*target)], rows].concat();
        world.browser.post("/api/tags/save", &fields).await
    };

    let form = world.browser.get(&page).await;
    let saved = save(&[("tag_key[0]", "team"), ("tag_value[0]", "a")]).await;
    let after = world.browser.get(saved.location()).await;
    let empty = save(&[("tag_key[0]", "team"), ("tag_value[0]", "")]).await;
    let told = world.browser.read(empty.location()).await;

    assert_eq!(form.value_of("tag_key[0]").as_deref(), Some("env"));
    assert_eq!(saved.location(), page);
    assert!(after.words().contains("Tags saved"), "{}", after.words());
    assert_eq!(after.value_of("tag_key[0]").as_deref(), Some("team"));
    assert_says(&told, &[&Problem::TagValue { row: 1 }.to_string()]);
}

#[tokio::test]
async fn what_a_bot_is_made_of_is_read_after_the_list() {
    let world = World::start().await;
    let bot = world.make_bot(&[]).await;
    let row = target(&arn(&bot));
    let fields = [
        ("row", &*row),
        ("columns", "alias.locale.standard.targeted.updated"),
    ];

    let list = world.browser.get(&world.bots()).await;
    let cells = world.browser.call("/api/columns/bot", &fields).await;
    let refused = world
        .app
        .anonymous()
        .call("/api/columns/bot", &fields)
        .await;

    assert!(list.text().contains(&format!("data-late=\"{row}\"")));
    let cells: Vec<String> = serde_json::from_slice(&cells.body).unwrap();
    assert_eq!(cells.len(), 5);
    assert!(cells[0].contains("ABCDEFGHIJ/KLMNOPQRST"), "{cells:?}");
    assert_eq!(cells[1..4], ["en_US", "AUTO", "ALL"]);
    assert!(cells[4].contains("<time"), "{cells:?}");
    assert_eq!(refused.failure().cause, Cause::SignedOut);
}

#[tokio::test]
async fn a_viewer_reads_bots_and_changes_none() {
    let world = World::start().await;
    let bot = world.make_bot(&[]).await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let (instance, arn, token) = (arn(&world.instance), arn(&bot), token());

    let detail = viewer.read(&bot).await;
    let list = viewer.read(&world.bots()).await;
    let place = [("target", &*target(&instance)), ("token", &token)];
    let create = [&place[..], &bot_fields(&[])].concat();
    let place = [("target", &*target(&arn)), ("base", "0")];
    let update = [&place[..], &bot_fields(&[])].concat();
    let delete = [("target", &*target(&arn)), ("confirm", "helper")];

    assert_says(&detail, &["Edit (", "Delete ("]);
    assert!(list.contains("Create AppInstanceBot ("), "{list}");
    let needed = Cause::RoleNeeded(Role::Operator);
    assert_eq!(viewer.call(CREATE, &create).await.failure().cause, needed);
    assert_eq!(viewer.call(DELETE, &delete).await.failure().cause, needed);
    let refused = viewer.call(UPDATE, &update).await.failure().cause;
    assert!(
        refused == needed || matches!(refused, Cause::Changed(_)),
        "{refused:?}"
    );
    assert!(viewer.read(&bot).await.contains("Helper"));
}

#[tokio::test]
async fn a_value_is_text_wherever_it_stands() {
    let world = World::start().await;
    let evil = "</title></textarea><script>alert(1)</script>";
    let bot = world
        .make_bot(&[
            ("name", evil),
            ("metadata", "</textarea><script>alert(2)</script>"),
        ])
        .await;
    for page in [
        bot.clone(),
        format!("{bot}/edit"),
        format!("{bot}/tags"),
        format!("{bot}/delete"),
        format!("{bot}/activity"),
        world.bots(),
        format!("{bot}?code=rust"),
    ] {
        let page = world.browser.get(&page).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.words().contains(evil), "{}", page.words());
        assert!(!page.text().contains("<script>alert"));
    }
}
