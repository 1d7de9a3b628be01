//! The same act asks and warns the same wherever it is offered, also when what it takes is the last of
//! its kind.

use domain::Role;

use crate::support::{Browser, TestApp, World, arn, target};

const LAST_ADMIN: &str = "This is the last admin of the AppInstance";
const LAST_ENDPOINT: &str = "This is the last endpoint of the user";

async fn promote(browser: &Browser, instance: &str, member: &str) {
    let (instance, member) = (arn(instance), arn(member));
    let fields = [("target", &*target(&instance)), ("member", &*member)];
    let promoted = browser.post("/api/admins/create", &fields).await;
    assert!(promoted.location().ends_with("/admins"));
}

/// A user and a bot, who can be promoted.
async fn make_members(world: &World) -> (String, String) {
    (
        world.make_user("ana", "Ana").await,
        world.make_bot(&[("name", "Helper")]).await,
    )
}

/// The forms of a page that post to a function.
fn forms_to(page: &str, function: &str) -> usize {
    page.matches(&format!("action=\"/api/{function}\"")).count()
}

#[tokio::test]
async fn demoting_is_offered_as_the_one_page_that_says_what_it_takes() {
    let world = World::start().await;
    let (user, bot) = make_members(&world).await;
    let (browser, instance) = (&world.browser, &world.instance);
    for (member, kind) in [(&user, "user"), (&bot, "bot")] {
        promote(browser, instance, member).await;
        let id = member.rsplit('/').next().unwrap();
        let asks = format!("{instance}/admins/{kind}/{id}/remove");

        let own = browser.get(member).await;
        let list = browser.get(&format!("{instance}/admins")).await;

        for page in [&own, &list] {
            assert!(page.text().contains(&asks), "{asks} in {}", page.text());
            assert_eq!(forms_to(page.text(), "admins/delete"), 0, "it asks first");
        }
        let asked = browser.get(&format!("{asks}?from=page")).await;
        assert_eq!(forms_to(asked.text(), "admins/delete"), 1);
        assert_eq!(asked.value_of("next").as_deref(), Some(&**member));
        let from_list = browser.get(&asks).await;
        assert_eq!(
            from_list.value_of("next").unwrap(),
            format!("{instance}/admins")
        );
    }
}

#[tokio::test]
async fn whatever_takes_the_last_admin_says_so() {
    let world = World::start().await;
    let (user, bot) = make_members(&world).await;
    let other = world.make_user("bea", "Bea").await;
    let (browser, instance) = (&world.browser, &world.instance);
    for (member, kind) in [(&user, "user"), (&bot, "bot")] {
        promote(browser, instance, member).await;
        let id = member.rsplit('/').next().unwrap();
        let remove = format!("{instance}/admins/{kind}/{id}/remove");
        let pages = [remove, format!("{member}/delete")];

        for page in &pages {
            let alone = browser.read(page).await;
            assert!(alone.contains(LAST_ADMIN), "{page}: {alone}");
        }
        promote(browser, instance, &other).await;
        for page in &pages {
            let not_alone = browser.read(page).await;
            assert!(!not_alone.contains(LAST_ADMIN), "{page}: {not_alone}");
        }
        for member in [member, &other] {
            let (instance, member) = (arn(instance), arn(member));
            let fields = [("target", &*target(&instance)), ("member", &*member)];
            browser.post("/api/admins/delete", &fields).await.location();
        }
    }
    let no_admin = browser.read(&format!("{user}/delete")).await;
    assert!(!no_admin.contains(LAST_ADMIN), "{no_admin}");
}

#[tokio::test]
async fn deregistering_the_last_endpoint_says_that_no_push_is_left() {
    let world = World::start().await;
    let browser = &world.browser;
    let (user, phone) = world.make_user_with_endpoint("ana", "Ana").await;

    let alone = browser.read(&format!("{phone}/deregister")).await;
    browser.make_endpoint(&user, "Tablet", "token-2").await;
    let one_of_two = browser.read(&format!("{phone}/deregister")).await;

    assert!(alone.contains(LAST_ENDPOINT), "{alone}");
    assert!(!one_of_two.contains(LAST_ENDPOINT), "{one_of_two}");
}

#[tokio::test]
async fn what_ends_sessions_of_an_operator_asks_the_same_in_the_list_and_on_its_page() {
    let app = TestApp::start().await;
    let (id, admin) = app.sign_in(Role::Admin).await;
    let (other, _) = app.sign_in(Role::Admin).await;
    let (list, page) = ("/operators".to_owned(), format!("/operators/{other}"));
    let own = admin.read(&format!("/operators/{id}")).await;
    for address in [list, page] {
        let answer = admin.get(&address).await;
        let words = answer.words();
        for (asked, confirm) in [
            (
                "is signed out everywhere and cannot sign in",
                "Disable operator",
            ),
            ("The password stays:", "End all sessions"),
        ] {
            assert!(words.contains(asked), "{address}: {asked} in {words}");
            assert!(words.contains(confirm), "{address}: {confirm} in {words}");
        }
        for ask in ["ask-disable-", "ask-sign-out-"] {
            let opener = format!("popovertarget=\"{ask}{other}\"");
            assert!(answer.text().contains(&opener), "{address}: {opener}");
        }
    }
    assert!(own.contains("This is you: this session ends too."), "{own}");
    assert!(own.contains("This is you: you are signed out"), "{own}");
}

#[tokio::test]
async fn nothing_that_is_refused_to_the_last_admin_is_a_form_that_can_be_sent() {
    let app = TestApp::start().await;
    let (id, admin) = app.sign_in(Role::Admin).await;
    for (page, function) in [
        ("role", "operators/set-role"),
        ("scope", "operators/set-scope"),
        ("reset", "operators/reset"),
    ] {
        let answer = admin.get(&format!("/operators/{id}/{page}")).await;
        assert_eq!(forms_to(answer.text(), function), 0, "{page}");
        assert!(answer.words().contains("last Admin"), "{}", answer.words());
    }
    let own = admin.get(&format!("/operators/{id}")).await;
    assert_eq!(forms_to(own.text(), "operators/disable"), 0);
}

#[tokio::test]
async fn turning_off_and_clearing_ask_on_a_page_of_their_own() {
    let world = World::start().await;
    let (browser, instance) = (&world.browser, &world.instance);
    let user = world.make_user("ana", "Ana").await;
    let of = arn(instance);
    let days = [
        ("target", &*target(&of)),
        ("retention_days", "30"),
        ("confirm", "Support"),
    ];
    browser
        .post("/api/app-instances/retention/put", &days)
        .await;
    let of = arn(&user);
    let days = [("target", &*target(&of)), ("expiration_days", "90")];
    browser.post("/api/users/expiration/put", &days).await;
    for (page, asks, function) in [
        (
            format!("{instance}/retention"),
            "off",
            "app-instances/retention/off",
        ),
        (
            format!("{user}/expiration"),
            "clear",
            "users/expiration/clear",
        ),
    ] {
        let settings = browser.get(&page).await;
        let asked = browser.get(&format!("{page}/{asks}")).await;

        assert_eq!(settings.text().matches("btn-primary").count(), 1, "{page}");
        assert_eq!(forms_to(settings.text(), function), 0, "{page} asks first");
        assert!(
            settings.text().contains(&format!("{page}/{asks}")),
            "{page}"
        );
        assert!(settings.text().contains("class=\"time-bar\""), "{page}");
        assert_eq!(forms_to(asked.text(), function), 1);
        assert!(asked.text().contains("btn btn-danger"), "{page}");
        let of = arn(&page);
        let done = browser
            .post(&format!("/api/{function}"), &[("target", &*target(&of))])
            .await;
        assert_eq!(done.location(), page);
        let nothing = browser.get(&format!("{page}/{asks}")).await;
        assert_eq!(
            forms_to(nothing.text(), function),
            0,
            "there is nothing to do"
        );
    }
}
