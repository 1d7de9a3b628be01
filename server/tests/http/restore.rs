//! Restoring a value from before an edit: the ordinary form, filled with it, and sent by the operator.

use axum::http::StatusCode;
use domain::{Cause, Role};

use crate::support::{Answer, Browser, World, arn, assert_says, bot_fields, target, unescaped};

const SCRIPT: &str = "</textarea></title><script>alert(1)</script>\"'&amp;";

impl World {
    /// The page of the newest entry of the audit.
    async fn newest_page(&self) -> String {
        let newest = self.app.newest_entries(1).await.remove(0);
        format!("/audit/{}", newest.seq)
    }

    /// Presses "Restore" for a field on the page of an entry, and opens the form that it leads to.
    async fn restored(&self, entry: &str, field: &str) -> (String, Answer) {
        let pressed = press(&self.browser, entry, field).await;
        let location = pressed.location().to_owned();
        let form = self.browser.get(&location).await;
        (location, form)
    }
}

async fn press(browser: &Browser, entry: &str, field: &str) -> Answer {
    let seq = entry.rsplit('/').next().unwrap();
    let fields = [("entry", seq), ("field", field), ("page", entry)];
    browser.post("/api/audit/restore", &fields).await
}

/// What the text area of a form holds.
fn metadata(form: &Answer) -> String {
    let (_, text) = form.text().split_once("<textarea").unwrap();
    let (_, text) = text.split_once('>').unwrap();
    unescaped(text.split("</textarea>").next().unwrap())
}

#[tokio::test]
async fn the_earlier_name_of_a_user_fills_its_form_and_is_sent_by_the_operator() {
    let world = World::start().await;
    let user = world.make_user("ana", "Ana").await;
    let changes = [("name", "Ana-Maria"), ("metadata", "new")];
    let call = "/api/users/update";
    world.browser.save_edited(call, &user, &changes).await;
    let entry = world.newest_page().await;
    let before = world.app.calls().await;

    let page = world.browser.get(&entry).await;
    let activity = world.browser.read(&format!("{user}/activity")).await;
    let (location, form) = world.restored(&entry, "name").await;

    assert_eq!(page.words().matches("Restore this value").count(), 2);
    assert_says(&activity, &["Restore this value"]);
    assert!(
        location.starts_with(&format!("{user}/edit?draft=")),
        "{location}"
    );
    assert!(!location.contains("Ana"), "{location}");
    assert_eq!(form.value_of("name").as_deref(), Some("Ana"));
    assert_eq!(metadata(&form).trim(), "new");
    let seq = entry.rsplit('/').next().unwrap();
    assert_says(
        &form.words(),
        &[
            "Name: the earlier value",
            &format!("The value from before entry {seq} of the audit log,"),
            "Nothing is changed until you save.",
            "Saved now In this form Name Ana-Maria Ana",
        ],
    );
    let update = "UpdateAppInstanceUser";
    assert_eq!(world.app.calls().await.get(update), before.get(update));
    assert_eq!(
        world.newest_page().await,
        entry,
        "the audit has nothing of it"
    );

    let fields = [
        ("page", &*format!("{user}/edit")),
        ("target", &*target(&arn(&user))),
        ("base", &*form.value_of("base").unwrap()),
        ("restored", &*form.value_of("restored").unwrap()),
        ("name", "Ana"),
        ("metadata", "new"),
    ];
    let saved = world.browser.post(call, &fields).await;
    assert_eq!(saved.location(), user);
    assert_says(&world.browser.read(&user).await, &["Ana"]);
    let newest = world.app.newest_entries(1).await.remove(0);
    assert_eq!(newest.input["Name"], "Ana");
}

#[tokio::test]
async fn a_restored_value_is_saved_only_over_what_the_form_showed() {
    let world = World::start().await;
    let user = world.make_user("ana", "Ana").await;
    let save = async |name: &str| {
        let changes = [("name", name), ("metadata", "")];
        let call = "/api/users/update";
        world.browser.save_edited(call, &user, &changes).await;
    };
    save("Second").await;
    let entry = world.newest_page().await;
    let (_, form) = world.restored(&entry, "name").await;
    save("Third").await;

    let fields = [
        ("page", &*format!("{user}/edit")),
        ("target", &*target(&arn(&user))),
        ("base", &*form.value_of("base").unwrap()),
        ("was_name", &*form.value_of("was_name").unwrap()),
        ("was_metadata", ""),
        ("restored", &*form.value_of("restored").unwrap()),
        ("name", "Ana"),
        ("metadata", ""),
    ];
    let sent = world.browser.post("/api/users/update", &fields).await;

    assert_eq!(form.value_of("was_name").as_deref(), Some("Second"));
    let facts = [
        "Saving undoes what was changed meanwhile: Name.",
        "the earlier value",
    ];
    let again = world.browser.conflict(&sent, &facts).await;
    assert_eq!(again.value_of("name").as_deref(), Some("Ana"));
    assert!(again.value_of("restored").is_some());
}

#[tokio::test]
async fn earlier_metadata_of_an_app_instance_is_text_whatever_it_holds() {
    let world = World::start().await;
    let call = "/api/app-instances/update";
    for metadata in [SCRIPT, ""] {
        let changes = [("name", "Support"), ("metadata", metadata)];
        world
            .browser
            .save_edited(call, &world.instance, &changes)
            .await;
    }
    let entry = world.newest_page().await;

    let (location, form) = world.restored(&entry, "metadata").await;

    assert!(
        location.starts_with(&world.page("edit?draft=")),
        "{location}"
    );
    assert_eq!(metadata(&form).trim(), SCRIPT);
    assert!(!form.text().contains("<script>alert"));
    assert_says(&form.words(), &["Metadata: the earlier value", SCRIPT]);
}

#[tokio::test]
async fn configuration_days_and_tags_come_back_each_in_its_own_form() {
    let world = World::start().await;
    let (browser, instance) = (&world.browser, target(&arn(&world.instance)));
    let bot = world.make_bot(&[]).await;
    let changes = bot_fields(&[("locale_id", "de_DE"), ("welcome_intent", "Hello")]);
    browser
        .save_edited("/api/bots/update", &bot, &changes)
        .await;
    let of_bot = world.newest_page().await;
    let put = async |days: &str| {
        let fields = [
            ("target", &*instance),
            ("retention_days", days),
            ("confirm", "Support"),
        ];
        let put = "/api/app-instances/retention/put";
        assert_eq!(browser.call(put, &fields).await.status, StatusCode::OK);
        world.newest_page().await
    };
    let first = put("30").await;
    let second = put("60").await;
    let tag = [
        ("target", &*instance),
        ("tag_key[0]", "env"),
        ("tag_value[0]", "dev"),
    ];
    browser.call("/api/tags/save", &tag).await;
    browser.call("/api/tags/save", &tag[..1]).await;
    let of_tags = world.newest_page().await;

    let (to_locale, locale) = world.restored(&of_bot, "locale_id").await;
    let (_, intent) = world.restored(&of_bot, "welcome_intent").await;
    let (to_days, days) = world.restored(&second, "retention_days").await;
    let (to_off, off) = world.restored(&first, "retention_days").await;
    let (to_tags, tags) = world.restored(&of_tags, "tags").await;

    assert!(
        to_locale.starts_with(&format!("{bot}/edit?draft=")),
        "{to_locale}"
    );
    assert_eq!(locale.value_of("locale_id").as_deref(), Some("en_US"));
    assert_eq!(locale.value_of("welcome_intent").as_deref(), Some("Hello"));
    assert_eq!(intent.value_of("welcome_intent").as_deref(), Some(""));
    assert!(
        to_days.starts_with(&world.page("retention?draft=")),
        "{to_days}"
    );
    assert_eq!(days.value_of("retention_days").as_deref(), Some("30"));
    assert_says(&days.words(), &["Retention: the earlier value"]);
    assert!(
        to_off.starts_with(&world.page("retention/off?draft=")),
        "{to_off}"
    );
    assert_says(
        &off.words(),
        &["Retention: the earlier value", "Turn off retention"],
    );
    assert!(to_tags.starts_with(&world.page("tags?draft=")), "{to_tags}");
    assert_eq!(tags.value_of("tag_key[0]").as_deref(), Some("env"));
    assert_eq!(tags.value_of("tag_value[0]").as_deref(), Some("dev"));
    let entry = browser.read(&of_tags).await;
    assert_says(&entry, &["Restore these tags"]);
    assert!(!entry.contains("Restore this value"), "{entry}");
}

#[tokio::test]
async fn only_who_may_save_the_form_is_offered_it() {
    let world = World::start().await;
    let user = world.make_user("ana", "Ana").await;
    let changes = [("name", "Ana-Maria"), ("metadata", "")];
    world
        .browser
        .save_edited("/api/users/update", &user, &changes)
        .await;
    let entry = world.newest_page().await;
    let other = arn(&world.browser.make_instance("Other").await);
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let (_, operator) = world.app.sign_in(Role::Operator).await;
    let (_, limited) = world.app.sign_in_for(Role::Operator, &other).await;
    let seq = entry.rsplit('/').next().unwrap();
    let of = |field| [("entry", seq), ("field", field)];

    let seen = viewer.get(&entry).await;
    let refused = viewer.call("/api/audit/restore", &of("name")).await;
    let hidden = limited.call("/api/audit/restore", &of("name")).await;
    let unchanged = operator.call("/api/audit/restore", &of("metadata")).await;
    let none = operator.call("/api/audit/restore", &of("password")).await;

    assert_says(&seen.words(), &["Ana-Maria"]);
    let off = "Restore this value (Needs the role Operator)";
    assert_says(&seen.words(), &[off]);
    assert!(!seen.text().contains("/api/audit/restore"));
    refused.assert_failed(StatusCode::FORBIDDEN, Cause::RoleNeeded(Role::Operator));
    hidden.assert_failed(StatusCode::NOT_FOUND, Cause::NoSuchPage);
    unchanged.assert_failed(StatusCode::NOT_FOUND, Cause::NoSuchPage);
    none.assert_failed(StatusCode::NOT_FOUND, Cause::NoSuchPage);
    assert_says(&operator.read(&entry).await, &["Restore this value"]);
}
