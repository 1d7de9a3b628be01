//! Preview: the calls that a form would make, told on its page. None is made.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::{Operation, Role};

use crate::support::{
    Answer, CREATE, CREATE_CALL, LEX, PINPOINT, World, arn, assert_says, bot_fields, instance_form,
    target, token,
};

impl World {
    /// Presses "Preview" in a form, and opens the page that it leads to. Nothing was written for it, in AWS and in
    /// the audit.
    async fn preview(&self, page: &str, call: &str, fields: &[(&str, &str)]) -> Answer {
        let before = (self.writes().await, self.newest_row().await);
        let pressed = [&[("page", page)], fields, &[("again", "preview")]].concat();
        let sent = self.browser.post(call, &pressed).await;
        let shown = self.browser.get(sent.location()).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert_eq!(
            (self.writes().await, self.newest_row().await),
            before,
            "{call}"
        );
        shown
    }

    async fn writes(&self) -> BTreeMap<String, u64> {
        let is_write = |name: &str| {
            let operation = name.parse::<Operation>();
            operation.is_ok_and(|operation| operation.effect().is_write())
        };
        let mut calls = self.app.calls().await;
        calls.retain(|name, _| is_write(name));
        calls
    }

    async fn newest_row(&self) -> i64 {
        self.app.newest_entries(1).await.remove(0).seq
    }

    /// When something was last changed, as its form holds it.
    async fn base(&self, page: &str) -> String {
        let form = self.browser.get(&format!("{page}/edit")).await;
        form.value_of("base").unwrap()
    }
}

#[tokio::test]
async fn a_form_that_creates_tells_its_call_and_keeps_what_was_typed() {
    let world = World::start().await;
    let (page, of, token) = (
        world.page("create-user"),
        target(&arn(&world.instance)),
        token(),
    );
    let fields = [
        ("target", &*of),
        ("token", &*token),
        ("user_id", "yusuf"),
        ("name", "Yusuf & <b>Co</b>"),
        ("metadata", "{\"a\":1}"),
        ("expiration_days", "30"),
        ("tag_key[0]", "team"),
        ("tag_value[0]", "blue"),
    ];

    let fresh = world.browser.get(&page).await;
    let shown = world.preview(&page, "/api/users/create", &fields).await;

    assert!(fresh.text().contains("name=\"again\" value=\"preview\""));
    assert!(
        !fresh.words().contains("Nothing was sent."),
        "{}",
        fresh.words()
    );
    assert_says(
        &shown.words(),
        &[
            "Sending this form would make 1 call. Nothing was sent.",
            "CreateAppInstanceUser",
            "AppInstanceUserId yusuf",
            "Name Yusuf & <b>Co</b>",
            "Tags.team blue",
            "ExpirationSettings.ExpirationDays 30",
            "IAM action chime:CreateAppInstanceUser",
        ],
    );
    assert!(!shown.text().contains("<b>Co</b>"), "it is text");
    assert_eq!(shown.value_of("user_id").as_deref(), Some("yusuf"));
    assert_eq!(shown.value_of("tag_key[0]").as_deref(), Some("team"));
    assert_eq!(shown.value_of("token").as_deref(), Some(&*token));
    let gone = world.browser.get(&world.page("users/yusuf")).await;
    assert!(!gone.status.is_success());
}

#[tokio::test]
async fn an_app_instance_that_would_be_refused_has_no_call_but_why() {
    let world = World::start().await;
    let shown = async |name: &str| {
        let token = token();
        let fields = instance_form(&token, name);
        world.preview(CREATE, CREATE_CALL, &fields[1..]).await
    };

    let fine = shown("Guild chat").await;
    let empty = shown("").await;

    assert_says(
        &fine.words(),
        &["would make 1 call.", "CreateAppInstance", "Name Guild chat"],
    );
    assert_eq!(fine.value_of("name").as_deref(), Some("Guild chat"));
    let words = empty.words();
    let facts = [
        "Sending this form would be refused, and make no call:",
        "Name: Enter a value.",
    ];
    assert_says(&words, &facts);
    assert!(!words.contains("my-app"), "it is no example: {words}");
    assert!(empty.text().contains("href=\"#name\""));
}

#[tokio::test]
async fn an_edited_bot_tells_what_is_saved_beside_what_would_be_sent() {
    let world = World::start().await;
    let bot = world.make_bot(&[("welcome_intent", "Hello")]).await;
    let (page, of, base) = (
        format!("{bot}/edit"),
        target(&arn(&bot)),
        world.base(&bot).await,
    );
    let preview = async |base: &str, changes: &[(&str, &str)]| {
        let place = [("target", &*of), ("base", base)];
        let fields = [&place[..], &bot_fields(changes)].concat();
        world.preview(&page, "/api/bots/update", &fields).await
    };
    let same = [("welcome_intent", "Hello")];
    let changes = [
        ("name", "Clerk"),
        ("locale_id", "de_DE"),
        ("welcome_intent", ""),
    ];

    let edited = preview(&base, &changes).await;
    let unchanged = preview(&base, &same).await;
    let outdated = preview("1", &changes).await;

    assert_says(
        &edited.words(),
        &[
            "would make 1 call.",
            "UpdateAppInstanceBot",
            "Name Helper Clerk",
            "Configuration.Lex.LocaleId en_US de_DE",
            "Configuration.Lex.WelcomeIntent Hello – none",
            &format!("Configuration.Lex.LexBotAliasArn {LEX} {LEX} the same"),
            "IAM action chime:UpdateAppInstanceBot",
        ],
    );
    assert_eq!(edited.value_of("name").as_deref(), Some("Clerk"));
    assert_eq!(edited.value_of("base").as_deref(), Some(&*base));
    assert_says(&unchanged.words(), &["Nothing differs from what is saved"]);
    let words = outdated.words();
    assert_says(
        &words,
        &["Somebody changed this while your form was open.", "no call"],
    );
    assert!(!words.contains("would make 1 call"), "{words}");
}

#[tokio::test]
async fn tags_and_days_tell_what_becomes_of_each() {
    let world = World::start().await;
    let of = target(&arn(&world.instance));
    let tag = [
        ("target", &*of),
        ("tag_key[0]", "env"),
        ("tag_value[0]", "dev"),
    ];
    world.browser.call("/api/tags/save", &tag).await;
    let tags = async |rows: &[(&str, &str)]| {
        let fields = [&tag[..1], rows].concat();
        world
            .preview(&world.page("tags"), "/api/tags/save", &fields)
            .await
            .words()
    };
    let keep = async |days: &str| {
        let fields = [("target", &*of), ("retention_days", days)];
        let put = "/api/app-instances/retention/put";
        world
            .preview(&world.page("retention"), put, &fields)
            .await
            .words()
    };

    let replaced = tags(&[("tag_key[0]", "team"), ("tag_value[0]", "a")]).await;
    let same = tags(&tag[1..]).await;
    let shorter = keep("30").await;
    let none = keep("").await;

    assert_says(
        &replaced,
        &[
            "would make 2 calls.",
            "TagResource",
            "Tags.team – none a",
            "UntagResource",
            "Tags.env dev – none",
        ],
    );
    assert_says(
        &same,
        &["Nothing differs from what is saved: sending this form would make no call"],
    );
    let refused = "Sending this form would be refused, and make no call:";
    assert_says(
        &shorter,
        &[refused, "Type the name to confirm: Enter a value."],
    );
    assert_says(&none, &[refused, "Retention days: "]);
}

#[tokio::test]
async fn a_device_token_is_never_written_out_and_a_viewer_has_no_preview() {
    let world = World::start().await;
    let user = world.make_user("ana", "Ana").await;
    let (page, of, token) = (
        format!("{user}/register-endpoint"),
        target(&arn(&user)),
        token(),
    );
    let fields = [
        ("target", &*of),
        ("token", &*token),
        ("kind", "APNS"),
        ("resource_arn", PINPOINT),
        ("device_token", "secret-token-1"),
        ("name", "Phone"),
        ("allow_messages", "ALL"),
    ];
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;

    let shown = world
        .preview(&page, "/api/endpoints/register", &fields)
        .await;
    let seen = viewer.get(&page).await;
    let pressed = [&[("page", &*page)], &fields[..], &[("again", "preview")]].concat();
    let sent = world
        .browser
        .post("/api/endpoints/register", &pressed)
        .await;
    let as_code = format!("{}&code=cli", sent.location());
    let as_code = world.browser.get(&as_code).await;

    assert_eq!(as_code.text().matches("secret-token-1").count(), 1);
    assert_says(
        &shown.words(),
        &["EndpointAttributes.DeviceToken •••", "Name Phone"],
    );
    assert_eq!(
        shown.text().matches("secret-token-1").count(),
        1,
        "in its field alone"
    );
    assert!(shown.header("cache-control").contains("no-transform"));
    assert!(
        !seen.text().contains("value=\"preview\""),
        "{}",
        seen.words()
    );
}
