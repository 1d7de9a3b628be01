//! What a page offers: nobody is led to what they cannot open; what a role may not do is off, reached by
//! keyboard, and says why; and a message leads on and can be closed.

use domain::Role;

use crate::support::{Answer, Browser, CREATE_CALL, TestApp, arn, instance_fields, target, token};

/// What is off on a page: its words, with the reason.
fn off(page: &Answer) -> Vec<String> {
    let elements = page.text().split('<');
    let elements = elements.filter(|tag| tag.contains("aria-disabled=\"true\""));
    let tags: Vec<_> = elements.map(str::to_owned).collect();
    for tag in &tags {
        let stops = tag.starts_with("button") || tag.contains("tabindex=\"0\"");
        let pages = tag.starts_with("span");
        assert!(stops || pages, "the keyboard reaches {tag}");
    }
    tags
}

#[tokio::test]
async fn navigation_shows_the_operators_to_those_who_may_open_them() {
    let app = TestApp::start().await;
    let limits = "embedded/us-east-1";
    for (role, grant, is_shown) in [
        (Role::Viewer, "", false),
        (Role::Operator, "", false),
        (Role::Admin, limits, false),
        (Role::Admin, "", true),
    ] {
        let (_, browser) = match grant {
            "" => app.sign_in(role).await,
            grant => app.sign_in_for(role, grant).await,
        };
        for path in ["/", "/audit", "/account"] {
            let page = browser.get(path).await;
            let opens = browser.get("/operators").await.status.is_success();
            assert_eq!(
                page.text().contains("href=\"/operators\""),
                is_shown,
                "{role} {path}"
            );
            assert_eq!(opens, is_shown, "{role} is shown what they can open");
            assert!(!page.words().contains("Operators (Needs"), "{role} {path}");
        }
    }
}

/// An AppInstance with one of everything; the pages that offer something.
async fn furnished(browser: &Browser) -> Vec<String> {
    let instance = browser.make_instance("Support").await;
    let user = browser.make_user(&instance, "ana", "Ana").await;
    let bot = browser.make_bot(&instance, &[("name", "Helper")]).await;
    let endpoint = browser.make_endpoint(&user, "Phone", "token-1").await;
    let (of, member) = (arn(&instance), arn(&user));
    let admin = [("target", &*target(&of)), ("member", &*member)];
    browser.post("/api/admins/create", &admin).await.location();
    let list = instance.rsplit_once('/').unwrap().0.to_owned();
    vec![
        list,
        format!("{instance}/users"),
        format!("{instance}/admins"),
        format!("{instance}/bots"),
        format!("{user}/endpoints"),
        instance,
        user,
        bot,
        endpoint,
    ]
}

#[tokio::test]
async fn what_a_viewer_may_not_do_is_off_in_every_menu_and_panel_and_says_why() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    for path in furnished(&admin).await {
        let (all, none) = (admin.get(&path).await, viewer.get(&path).await);
        // A link to a form that changes something.
        let changes = |page: &Answer| {
            let ends = [
                "/edit\"",
                "/delete\"",
                "/deregister\"",
                "/remove\"",
                "/create-app-instance\"",
                "/create-user\"",
                "/create-bot\"",
                "/register-endpoint\"",
            ];
            let tags = page.text().split('<').filter(|tag| tag.starts_with("a "));
            let of = |tag: &str| ends.iter().any(|end| tag.contains(end));
            tags.filter(|tag| of(tag)).count()
        };
        assert!(changes(&all) > 0, "{path} offers something");
        assert_eq!(changes(&none), 0, "{path}");
        let off = off(&none);
        assert!(
            off.iter()
                .any(|tag| tag.contains("title=\"Needs the role ")),
            "{path}: {off:?}"
        );
        let reasons = none
            .text()
            .matches("class=\"why\"> (Needs the role ")
            .count();
        assert!(reasons > 0, "{path} says it in words too");
    }
}

#[tokio::test]
async fn whoever_made_something_is_led_to_the_form_for_the_next() {
    let (_app, browser) = TestApp::signed_in(Role::Admin).await;
    let token = token();
    let fields = instance_fields(&token, "Support");
    let made = browser.post(CREATE_CALL, &fields).await;

    let page = browser.get(made.location()).await;

    let (_, flash) = page.text().split_once("class=\"flashes\"").unwrap();
    let flash = flash.split_once("page-head").unwrap().0;
    assert!(flash.contains("AppInstance created"), "{flash}");
    assert!(flash.contains("autofocus"), "it is read first: {flash}");
    assert!(flash.contains("aria-label=\"Close message\""), "{flash}");
    let (_, to) = flash.split_once("<a href=\"").unwrap();
    let to = to.split_once('"').unwrap().0;
    assert!(flash.contains(">Create another</a>"), "{flash}");
    let form = browser.read(to).await;
    assert!(form.contains("Create AppInstance"), "{form}");
    let again = browser.get(made.location()).await;
    assert!(
        !again.text().contains("class=\"flashes\""),
        "it is shown once"
    );
}
