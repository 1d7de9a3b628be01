//! Pages say which resource they are about, whatever script its name is written in.

use domain::Role;

use crate::support::{Browser, PASSWORD, TestApp, arn, target};

/// A name that reads from the right, and one with a mark that turns round what follows it.
const RIGHT_TO_LEFT: &str = "شات";
const TURNING: &str = "abc\u{202e}txt";

/// The title of a page's window, and its heading without the tags.
async fn title_and_heading(browser: &Browser, path: &str) -> (String, String) {
    let page = browser.get(path).await;
    let text = page.text();
    let between = |start: &str, end: &str| {
        let (_, rest) = text
            .split_once(start)
            .unwrap_or_else(|| panic!("{path}: {text}"));
        rest.split_once(end).unwrap().0.to_owned()
    };
    let mut heading = String::new();
    for piece in between("<h1 tabindex=\"-1\">", "</h1>").split('<') {
        heading.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    (between("<title>", "</title>"), heading)
}

#[tokio::test]
async fn every_page_of_a_resource_names_it_in_heading_and_title() {
    let (_app, admin) = TestApp::signed_in(Role::Admin).await;
    let chat = admin.make_instance("Chat").await;
    let user = admin.make_user(&chat, "ada", "Ada").await;
    let endpoint = admin.make_endpoint(&user, "Phone", "token-1").await;
    // Another browser with nothing read before: the console may have forgotten the name.
    for (base, path, heading) in [
        (&chat, "", "Chat"),
        (&chat, "/edit", "Edit AppInstance Chat"),
        (&chat, "/delete", "Delete AppInstance Chat"),
        (&chat, "/tags", "Tags of Chat"),
        (&chat, "/retention", "Retention of Chat"),
        (&chat, "/activity", "Activity of Chat"),
        (&chat, "/users", "Users of Chat"),
        (&chat, "/admins", "Admins of Chat"),
        (&chat, "/bots", "Bots of Chat"),
        (&chat, "/admins/add", "Add admin to Chat"),
        (&user, "", "Ada"),
        (&user, "/edit", "Edit user Ada"),
        (&user, "/delete", "Delete user Ada"),
        (&user, "/tags", "Tags of user Ada"),
        (&user, "/expiration", "Expiration of user Ada"),
        (&user, "/activity", "Activity of user Ada"),
        (&user, "/endpoints", "Endpoints of user Ada"),
        (&endpoint, "", "Phone"),
        (&endpoint, "/edit", "Edit endpoint Phone"),
        (&endpoint, "/deregister", "Deregister endpoint Phone of Ada"),
        (&endpoint, "/activity", "Activity of endpoint Phone"),
    ] {
        let found = title_and_heading(&admin, &format!("{base}{path}")).await;
        let wanted = (format!("{heading} · Carillon"), heading.to_owned());
        assert_eq!(found, wanted, "{path}");
    }
}

#[tokio::test]
async fn a_shared_link_to_a_list_shows_the_name_and_not_the_id() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let chat = admin.make_instance("Chat").await;
    // Ten minutes later it is forgotten; here it never was known.
    let other = app.start_read_only().await;
    let colleague = Browser::new(other.address);
    app.add_operator("colleague", Role::Viewer).await;
    colleague.sign_in("colleague", PASSWORD).await;

    for list in ["users", "admins", "bots"] {
        let (title, _) = title_and_heading(&colleague, &format!("{chat}/{list}")).await;
        assert!(title.contains("of Chat"), "{title}");
    }
}

#[tokio::test]
async fn the_audit_log_names_resources_with_the_id_behind() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let chat = admin.make_instance("Guild chat").await;
    let user = admin.make_user(&chat, "u-77", "Ada Lovelace").await;
    let fields = [
        ("target", &*target(&arn(&user))),
        ("confirm_user_id", "u-77"),
    ];
    admin.call("/api/users/delete", &fields).await;

    let log = admin.read("/audit").await;
    let overview = admin.read("/").await;

    for page in [&log, &overview] {
        assert!(page.contains("Delete AppInstanceUser"), "{page}");
        assert!(page.contains("Ada Lovelace u-77"), "{page}");
        assert!(page.contains("Guild chat"), "{page}");
    }
    assert!(log.contains(" UTC"), "{log}");
    let path = format!("/audit/{}", app.newest_entries(1).await[0].seq);
    let (title, _) = title_and_heading(&admin, &path).await;
    assert_eq!(title, "Delete AppInstanceUser: Ada Lovelace · Carillon");
}

#[tokio::test]
async fn a_name_from_the_right_turns_nothing_round_beside_it() {
    let (_app, admin) = TestApp::signed_in(Role::Admin).await;
    for name in [RIGHT_TO_LEFT, TURNING] {
        let chat = admin.make_instance(name).await;
        let user = admin.make_user(&chat, "ada", name).await;
        for path in [
            chat.clone(),
            format!("{chat}/users"),
            format!("{chat}/tags"),
            format!("{chat}/delete"),
            format!("{user}/edit"),
            format!("{user}/delete"),
            "/".to_owned(),
            "/audit".to_owned(),
            "/embedded/us-east-1/app-instances".to_owned(),
        ] {
            let page = admin.get(&path).await;
            let text = page.text();
            let start: String = name.chars().take(3).collect();
            for (at, _) in text.match_indices(name) {
                let before = &text[..at];
                let is_chosen = before.ends_with("<bdi>");
                // Where it is plain text it stands between marks; a control holds it as it is.
                let is_isolated = before.ends_with('\u{2068}');
                let is_value = before.ends_with('"') || before.ends_with("&quot;");
                assert!(
                    is_chosen || is_isolated || is_value,
                    "{path}: {}",
                    &before[at.saturating_sub(60)..]
                );
            }
            assert!(text.contains(&start), "{path}");
            let outside_of_controls: String = text
                .split('<')
                .filter(|tag| !tag.starts_with("input") && !tag.starts_with("leptos-island"))
                .collect();
            assert!(!outside_of_controls.contains('\u{202e}'), "{path}");
        }
    }
}

#[tokio::test]
async fn a_name_confirms_as_a_person_reads_and_types_it() {
    let (_app, admin) = TestApp::signed_in(Role::Admin).await;
    for (name, typed) in [
        ("Cafe\u{301}", "café"),
        ("Guild\u{200b}\u{a0} chat", "guild chat"),
        (TURNING, "abctxt"),
        (TURNING, "abc\u{fffd}txt"),
        ("Ｗｉｄｅ", "wide"),
    ] {
        let chat = admin.make_instance(name).await;
        let chat = arn(&chat);
        let wrong = [("target", &*target(&chat)), ("confirm", "x")];
        let wrong = admin.call("/api/app-instances/delete", &wrong).await;
        let right = [("target", &*target(&chat)), ("confirm", typed)];
        let right = admin.call("/api/app-instances/delete", &right).await;
        assert!(wrong.status.is_client_error(), "{name:?}");
        assert!(right.status.is_success(), "{name:?}: {}", right.text());
    }
}
