//! "As code" on the page of a form: what the form would call as it stands, and nothing typed is lost.

use axum::http::StatusCode;
use domain::Role;

use crate::support::{
    Answer, Browser, CREATE, CREATE_CALL, TestApp, World, arn, assert_says, instance_form, target,
    token,
};

/// Presses "As code" in a form, and opens the page that it leads to.
async fn press(browser: &Browser, call: &str, fields: &[(&str, &str)], language: &str) -> Answer {
    let pressed = [fields, &[("as_code", language)]].concat();
    let sent = browser.post(call, &pressed).await;
    let location = sent.location();
    assert_eq!(
        location.contains(&format!("code={language}")),
        !language.is_empty(),
        "{location}"
    );
    browser.get(location).await
}

#[tokio::test]
async fn as_code_shows_the_form_as_it_stands_and_keeps_it() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, browser) = app.sign_in(Role::Operator).await;
    let token = token();
    let fields = [
        ("page", CREATE),
        ("scope", "embedded/us-east-1"),
        ("token", &*token),
        ("name", "Guild chat"),
        ("metadata", "{\"a\":1}"),
        ("tag_key[0]", "team"),
        ("tag_value[0]", "blue"),
    ];

    let shown = press(&browser, CREATE_CALL, &fields, "python").await;
    let closed = press(&browser, CREATE_CALL, &fields, "").await;

    let words = shown.words();
    assert!(words.contains("client.create_app_instance("), "{words}");
    assert!(words.contains("Name=\"Guild chat\""), "{words}");
    assert!(words.contains(&token), "the same token: {words}");
    for page in [&shown, &closed] {
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.value_of("name").as_deref(), Some("Guild chat"));
        assert_eq!(page.value_of("tag_key[0]").as_deref(), Some("team"));
        assert!(page.text().contains("{&quot;a&quot;:1}") || page.text().contains("{\"a\":1}"));
    }
    assert!(!closed.words().contains("create_app_instance("));
    assert!(
        !app.calls().await.contains_key("CreateAppInstance"),
        "nothing was created"
    );
}

#[tokio::test]
async fn as_code_calls_the_region_of_the_page() {
    let (_app, browser) = TestApp::signed_in(Role::Admin).await;
    for region in ["us-east-1", "eu-central-1"] {
        for page in ["app-instances", "create-app-instance"] {
            let page = format!("/embedded/{region}/{page}?code=cli");
            let words = browser.read(&page).await;
            assert!(
                words.contains(&format!("--region {region}")),
                "{page}: {words}"
            );
        }
    }
}

#[tokio::test]
async fn as_code_of_a_form_that_would_be_refused_says_why() {
    let (_app, browser) = TestApp::signed_in(Role::Operator).await;
    let name = "x".repeat(300);
    let fields = instance_form("token-1", &name);

    let shown = press(&browser, CREATE_CALL, &fields, "cli").await;

    let words = shown.words();
    assert!(words.contains("This form would be refused now"), "{words}");
    assert!(words.contains("Name: "), "{words}");
    assert_eq!(shown.value_of("name"), Some(name));
}

#[tokio::test]
async fn as_code_of_edited_values_tags_and_days_is_what_saving_would_call() {
    let world = World::start().await;
    let (browser, instance) = (&world.browser, &world.instance);
    let user = world.make_user("ada", "Ada").await;
    let press = async |form: (&str, &str), call: &str, typed: &[(&str, &str)], language: &str| {
        let (page, of) = (form.0.to_owned() + form.1, target(&arn(form.0)));
        let fields = [&[("page", &*page), ("target", &*of)], typed].concat();
        press(browser, call, &fields, language).await
    };

    let typed = [("base", "1"), ("name", "Renamed"), ("metadata", "")];
    let call = "/api/app-instances/update";
    let edited = press((instance, "/edit"), call, &typed, "json").await;
    let typed = [("tag_key[0]", "env"), ("tag_value[0]", "prod")];
    let tagged = press((instance, "/tags"), "/api/tags/save", &typed, "cli").await;
    let typed = [("retention_days", "41")];
    let call = "/api/app-instances/retention/put";
    let kept = press((instance, "/retention"), call, &typed, "json").await;
    let typed = [("expiration_days", "42")];
    let call = "/api/users/expiration/put";
    let expiring = press((&user, "/expiration"), call, &typed, "json").await;

    assert!(edited.words().contains("\"Name\": \"Renamed\""));
    // Later changes of others are still noticed.
    assert_eq!(edited.value_of("base").as_deref(), Some("1"));
    assert_says(&tagged.words(), &["tag-resource", "prod"]);
    assert_says(&kept.words(), &["\"RetentionDays\": 41"]);
    assert_says(&expiring.words(), &["\"ExpirationDays\": 42"]);
}

#[tokio::test]
async fn a_form_says_that_it_was_changed_only_when_it_came_back() {
    let (_app, browser) = TestApp::signed_in(Role::Operator).await;
    let fields = instance_form("token-1", "A");

    let fresh = browser.get(CREATE).await;
    let again = press(&browser, CREATE_CALL, &fields, "cli").await;

    assert!(!fresh.text().contains("data-changed"));
    assert!(again.text().contains("data-changed=\"true\""));
    // Enter presses the first button of a form, and that sends it.
    let text = again.text();
    let (default, code) = (text.find("<button form="), text.find("name=\"as_code\""));
    let (default, code) = (default.unwrap(), code.unwrap());
    assert!(default < code, "{default} {code}");
    let (default, _) = text[default..].split_once('>').unwrap();
    assert!(default.contains(" hidden"), "{default}");
}
