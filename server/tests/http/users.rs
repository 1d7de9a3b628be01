//! The pages of AppInstanceUsers, as a person without JavaScript uses them, and what each bad value
//! is told.

use axum::http::{Method, StatusCode};
use backend::Entry;
use domain::{Cause, Field, Problem, Role};

use crate::support::{Form, World, arn, assert_says, changed, target};

mod existing;

const CREATE: &str = "/api/users/create";
/// An id as Cognito's identity pools and mail addresses make it, with everything that is allowed.
const ODD_ID: &str = "us-east-1:abc@example.com";

/// What is typed to create a user.
const CREATION: &[(&str, &str)] = &[
    ("user_id", "ana"),
    ("name", "Ana"),
    ("metadata", "{\"team\":\"a\"}"),
    ("expiration_days", ""),
    ("tag_key[0]", "tier"),
    ("tag_value[0]", "gold"),
];

impl World {
    fn users(&self) -> String {
        self.page("users")
    }

    async fn user(&self, id: &str) -> String {
        self.make_user(id, "Ana").await
    }

    /// A form that creates a user.
    fn creation(&self) -> Form {
        Form::new(self.page("create-user"), &self.instance, CREATION)
    }

    /// Moves the clock of the emulator: who is created then is that much older.
    async fn set_clock(&self, days: i64) {
        let body = format!(r#"{{"offset_seconds": {}}}"#, days * 86_400);
        self.app.control(Method::PUT, "clock", body).await;
    }

    /// What was done last, of one operation.
    async fn last(&self, operation: &str) -> Entry {
        self.app.newest_entries_of(operation, 1).await.remove(0)
    }
}

#[tokio::test]
async fn a_user_is_created_once_and_shown_with_everything_that_was_given() {
    let world = World::start().await;
    let creation = world.creation();
    let fields = creation.with(&[("user_id", ODD_ID), ("expiration_days", "30")]);

    let empty = world.browser.read(&world.users()).await;
    let form = world.browser.get(&creation.page).await;
    let made = world.browser.post(CREATE, &fields).await;
    let again = world.browser.post(CREATE, &fields).await;

    assert!(empty.contains("No users yet"));
    assert_eq!(form.status, StatusCode::OK);
    let detail = "/users/us-east-1%3Aabc%40example.com";
    assert!(made.location().ends_with(detail), "{}", made.location());
    assert_eq!(made.location(), again.location(), "one token, one user");
    let words = world.browser.read(made.location()).await;
    assert_says(
        &words,
        &[
            "AppInstanceUser created Ana",
            "User ID us-east-1:abc@example.com",
            "Admin No",
            "30 days after creation",
            "tier: gold",
            "\"team\": \"a\"",
            &format!("{}/user/{ODD_ID}", arn(&world.instance)).replace('/', "/ "),
        ],
    );
    let list = world.browser.get(&world.users()).await;
    assert!(list.words().contains("us-east-1:abc@example.com Ana"));
    assert!(
        list.text()
            .contains(&format!("href=\"{}\"", made.location()))
    );
}

#[tokio::test]
async fn each_bad_value_is_told_in_its_own_sentence_and_nobody_is_created() {
    let world = World::start().await;
    let creation = world.creation();
    let (long_id, long_name, long_metadata) = ("x".repeat(65), "n".repeat(101), "é".repeat(513));
    let character = "User ID: A user ID cannot contain";
    for (name, value, sentence) in [
        ("user_id", "a/b", &*format!("{character} “/”.")),
        ("user_id", "a+b", &format!("{character} “+”.")),
        ("user_id", "é", &format!("{character} “é”.")),
        (
            "user_id",
            ".a",
            "User ID: A user ID starts with a letter or a digit.",
        ),
        (
            "user_id",
            "a.",
            "User ID: A user ID ends with a letter or a digit.",
        ),
        (
            "user_id",
            &long_id,
            "User ID: Use at most 64 characters; this has 65.",
        ),
        ("user_id", "", "User ID: Enter a value."),
        ("name", "", "Name: Enter a value."),
        (
            "name",
            " ",
            "Name: Enter at least one character that is not a space.",
        ),
        (
            "name",
            &long_name,
            "Name: Use at most 100 characters; this has 101.",
        ),
        (
            "metadata",
            &long_metadata,
            "Metadata: Use at most 1024 bytes; this has 1026.",
        ),
        (
            "expiration_days",
            "0",
            "Expire after (days): Enter a whole number from 1 to 5475.",
        ),
        (
            "expiration_days",
            "5476",
            "Expire after (days): Enter a whole number from 1 to 5475.",
        ),
        (
            "tag_value[0]",
            "",
            "Tags: Row 1: enter a value of 1 to 256 characters.",
        ),
    ] {
        let fields = creation.with(&[(name, value)]);

        let refused = world.browser.post(CREATE, &fields).await;
        let form = world.browser.get(refused.location()).await;

        let words = form.words();
        assert!(words.contains(
            "One field needs a change What you typed is kept. No change was sent to AWS."
        ));
        assert!(words.contains(sentence), "{sentence} in {words}");
        if name != "metadata" {
            assert_eq!(
                form.value_of(name).as_deref(),
                Some(value),
                "what was typed is kept"
            );
        }
        assert_eq!(
            form.value_of("token"),
            Some(creation.token.clone()),
            "a retry is the same request"
        );
    }
    let list = world.browser.read(&world.users()).await;
    assert!(list.contains("No users yet"), "{list}");
}

#[tokio::test]
async fn an_id_that_is_taken_leads_to_who_has_it() {
    let world = World::start().await;
    let user = world.user(ODD_ID).await;
    let creation = world.creation();
    let fields = creation.with(&[("user_id", ODD_ID)]);

    let failure = world.browser.call(CREATE, &fields).await.failure();
    let refused = world.browser.post(CREATE, &fields).await;
    let form = world.browser.get(refused.location()).await;

    assert_eq!(failure.field_problems()[0].field, Field::UserId);
    assert_eq!(failure.field_problems()[0].problem, Problem::Taken);
    assert!(
        form.words()
            .contains("This ID is already taken in this AppInstance. Open the existing one")
    );
    assert!(form.text().contains(&format!("href=\"{user}\"")));
}

#[tokio::test]
async fn create_another_keeps_the_form_but_who_it_was() {
    let world = World::start().await;
    let creation = world.creation();
    let fields = creation.with(&[("expiration_days", "30"), ("another", "true")]);

    let made = world.browser.post(CREATE, &fields).await;
    let form = world.browser.get(made.location()).await;
    let next = form.value_of("token").unwrap();
    let fields = changed(
        &fields,
        &[("token", &next), ("user_id", "bea"), ("name", "Bea")],
    );
    let second = world.browser.post(CREATE, &fields).await;

    assert!(made.location().starts_with(&creation.page));
    assert!(form.words().contains("AppInstanceUser created ana"));
    assert_ne!(next, creation.token, "the next user is another request");
    for (name, value) in [
        ("user_id", ""),
        ("name", ""),
        ("expiration_days", "30"),
        ("tag_key[0]", "tier"),
        ("tag_value[0]", "gold"),
    ] {
        assert_eq!(form.value_of(name).as_deref(), Some(value), "{name}");
    }
    assert!(form.text().contains("{\"team\":\"a\"}") || form.text().contains("{&quot;team"));
    assert!(form.text().contains("checked"));
    assert!(
        world
            .browser
            .read(second.location())
            .await
            .contains("AppInstanceUser created bea")
    );
    let list = world.browser.read(&world.users()).await;
    assert_says(&list, &["ana Ana", "bea Bea"]);
}

#[tokio::test]
async fn a_user_is_edited_unless_somebody_else_did_meanwhile() {
    let world = World::start().await;
    let user = world.user("ana").await;
    let page = format!("{user}/edit");
    let form = world.browser.get(&page).await;
    let (arn, base) = (arn(&user), form.value_of("base").unwrap());
    let save = async |base: &str, name: &str, metadata: &str| {
        let fields = [
            ("page", &*page),
            ("target", &*target(&arn)),
            ("base", base),
            ("was_name", "Ana"),
            ("was_metadata", ""),
            ("name", name),
            ("metadata", metadata),
        ];
        world.browser.post("/api/users/update", &fields).await
    };

    let saved = save(&base, "Ana Maria", "first").await;
    let stale = save(&base, "Anna", "second").await;

    assert_eq!(saved.location(), user);
    let words = world.browser.read(&user).await;
    assert!(words.contains("Changes saved Ana Maria") && words.contains("first"));
    let both = "Name Ana Anna changed Ana Maria changed Metadata";
    let conflict = world.browser.conflict(&stale, &[both]).await;
    assert_eq!(conflict.value_of("name").as_deref(), Some("Anna"));
    let replaced = save(&conflict.value_of("base").unwrap(), "Anna", "second").await;
    assert_eq!(replaced.location(), user, "saving again replaces it");
    let entry = world.last("UpdateAppInstanceUser").await;
    assert_eq!(entry.before.unwrap()["Name"], "Ana Maria");
    assert_eq!(entry.input["Name"], "Anna");
}

#[tokio::test]
async fn an_expiration_that_is_past_asks_for_the_id() {
    let world = World::start().await;
    world.set_clock(-100).await;
    let user = world.user(ODD_ID).await;
    world.set_clock(0).await;
    let (page, arn) = (format!("{user}/expiration"), arn(&user));
    let put = async |days: &str, confirm: &str| {
        let fields = [
            ("page", &*page),
            ("target", &*target(&arn)),
            ("expiration_days", days),
            ("confirm_user_id", confirm),
        ];
        let answer = world
            .browser
            .post("/api/users/expiration/put", &fields)
            .await;
        world.browser.read(answer.location()).await
    };

    let out_of_range = [put("0", "").await, put("5476", "").await, put("", "").await];
    let unconfirmed = put("30", "").await;
    let misspelt = put("30", "abc@example.com").await;
    let future = put("400", "").await;
    let past = put("30", ODD_ID).await;

    for (words, problem) in out_of_range.iter().zip([
        "Enter a whole number",
        "Enter a whole number",
        "Enter a value",
    ]) {
        assert_says(words, &[&format!("Expire after (days): {problem}")]);
    }
    assert_says(
        &unconfirmed,
        &["Type the user ID to confirm: Enter a value."],
    );
    assert!(unconfirmed.contains(&format!("The ID is {ODD_ID}")));
    assert!(misspelt.contains("Type the user ID to confirm: This is not the name shown above."));
    assert_says(&future, &["Expiration saved The user expires on"]);
    assert!(future.contains("400 days after its creation"));
    assert_says(&past, &["AWS deletes the user, usually within 6 hours."]);
    assert!(past.contains("AWS is about to delete it") && past.contains("Clear expiration"));
    let clear = [("page", &*page), ("target", &*target(&arn))];
    let cleared = world
        .browser
        .post("/api/users/expiration/clear", &clear)
        .await;
    let cleared = world.browser.read(cleared.location()).await;
    assert!(cleared.contains("Expiration cleared") && cleared.contains("The user does not expire"));
    assert!(
        !cleared.contains("Keep the user for good"),
        "there is nothing to clear"
    );
}

#[tokio::test]
async fn deleting_counts_what_goes_along_and_asks_for_the_id() {
    let world = World::start().await;
    let user = world.user(ODD_ID).await;
    world
        .browser
        .make_endpoint(&user, "Phone", "device-token-1")
        .await;
    world
        .browser
        .make_endpoint(&user, "Tablet", "device-token-2")
        .await;
    let (page, arn) = (format!("{user}/delete"), arn(&user));
    let tags = [
        ("target", &*target(&arn)),
        ("tag_key[0]", "tier"),
        ("tag_value[0]", "gold"),
    ];
    world.browser.post("/api/tags/save", &tags).await.location();
    let delete = async |id: &str| {
        let fields = [
            ("page", &*page),
            ("target", &*target(&arn)),
            ("confirm_user_id", id),
        ];
        world.browser.post("/api/users/delete", &fields).await
    };

    let form = world.browser.read(&page).await;
    let code = world.browser.read(&format!("{page}?code=cli")).await;
    let unconfirmed = delete("").await;
    let unconfirmed = world.browser.read(unconfirmed.location()).await;
    let misspelt = delete("abc@example.com").await;
    let misspelt = world.browser.read(misspelt.location()).await;
    let kept = world.browser.get(&user).await;
    let deleted = delete(ODD_ID).await;

    assert_says(
        &form,
        &[
            "The user is deleted, and AWS cannot restore it",
            "Endpoints 2 Deregistered",
            "Admin role 0 This user is not an admin",
            "Tags 1 Deleted",
            "Channel memberships not visible",
            ODD_ID,
        ],
    );
    assert!(code.contains("aws chime-sdk-identity delete-app-instance-user"));
    assert!(unconfirmed.contains("Type the user ID to confirm: Enter a value."));
    assert!(misspelt.contains("Type the user ID to confirm: This is not the name shown above."));
    assert_eq!(kept.status, StatusCode::OK);
    assert_eq!(deleted.location(), world.users());
    let list = world.browser.read(&world.users()).await;
    assert!(list.contains("AppInstanceUser deleted Ana, us-east-1:abc@example.com"));
    assert!(list.contains("No users yet"));
    assert_eq!(
        world.last("DeleteAppInstanceUser").await.phase.name(),
        "succeeded"
    );
}

#[tokio::test]
async fn a_user_that_was_deleted_in_another_window_is_told_on_every_form() {
    let world = World::start().await;
    let user = world.user("ana").await;
    let arn = arn(&user);
    let form = world.browser.get(&format!("{user}/edit")).await;
    let base = form.value_of("base").unwrap();
    let edit = format!("{user}/edit");
    let deleted = [("target", &*target(&arn)), ("confirm_user_id", "ana")];
    world
        .browser
        .post("/api/users/delete", &deleted)
        .await
        .location();

    let fields = [
        ("page", &*edit),
        ("target", &*target(&arn)),
        ("base", &base),
        ("name", "Anna"),
        ("metadata", ""),
    ];
    let updated = world.browser.call("/api/users/update", &fields).await;
    let posted = world.browser.post("/api/users/update", &fields).await;
    let expiration = [("target", &*target(&arn)), ("expiration_days", "30")];
    let expired = world
        .browser
        .call("/api/users/expiration/put", &expiration)
        .await;
    let again = world.browser.call("/api/users/delete", &deleted).await;

    for answer in [&updated, &expired, &again] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.failure().cause, Cause::Forbidden);
    }
    let gone = world.browser.get(&user).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert_says(&gone.words(), &["was deleted on"]);
    for page in [
        posted.location().to_owned(),
        format!("{user}/expiration"),
        format!("{user}/delete"),
        format!("{user}/endpoints"),
    ] {
        let answer = world.browser.get(&page).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{page}");
        let words = answer.words();
        assert_says(
            &words,
            &[
                "Not found, or this connection may not do it",
                "chime:DescribeAppInstanceUser",
            ],
        );
    }
    let list = world.browser.read(&world.users()).await;
    assert!(list.contains("No users yet"), "{list}");
}

#[tokio::test]
async fn every_page_of_a_user_opens_by_its_encoded_id() {
    let world = World::start().await;
    for id in [ODD_ID, "a_b.c-d@e:f", "1"] {
        let user = world.user(id).await;
        let plain = format!("{}/{id}", world.users());
        for path in [
            "",
            "/edit",
            "/expiration",
            "/endpoints",
            "/register-endpoint",
            "/tags",
            "/delete",
        ] {
            for page in [format!("{user}{path}"), format!("{plain}{path}")] {
                let answer = world.browser.get(&page).await;
                assert_eq!(answer.status, StatusCode::OK, "{page}");
                assert!(
                    answer.words().contains(id) || answer.words().contains("Ana"),
                    "{page}"
                );
            }
        }
    }
    // Ids that no new user can have are asked for: AWS may have one, and answers itself.
    for odd in ["a%2Fb", ".a", "a%252Fb", "%C3%A9", "a+b"] {
        let page = format!("{}/{odd}", world.users());
        let answer = world.browser.get(&page).await;
        let of_aws = [StatusCode::FORBIDDEN, StatusCode::UNPROCESSABLE_ENTITY];
        assert!(of_aws.contains(&answer.status), "{odd}: {}", answer.status);
        assert!(
            answer.words().contains("AWS request"),
            "{odd}: {}",
            answer.words()
        );
    }
    // A user id that no address can hold leads to no page.
    let page = format!("{}/a%0Ab", world.users());
    let answer = world.browser.get(&page).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_tags_of_a_user_are_edited_on_a_page_of_their_own() {
    let world = World::start().await;
    let user = world.user(ODD_ID).await;
    let (page, target) = (format!("{user}/tags"), target(&arn(&user)));
    let save = async |rows: &[(&str, &str)]| {
        let fields = changed(&[("page", &*page), ("target", &*target)], rows);
        world.browser.post("/api/tags/save", &fields).await
    };

    let form = world.browser.read(&page).await;
    let saved = save(&[("tag_key[0]", "tier"), ("tag_value[0]", "gold")]).await;
    let other = [
        ("tag_key[0]", "tier"),
        ("tag_value[0]", "silver"),
        ("as_code", "cli"),
    ];
    let pressed = save(&other).await;
    let code = world.browser.read(pressed.location()).await;
    let refused = save(&[("tag_key[0]", "tier"), ("tag_value[0]", "")]).await;

    assert!(form.contains("Tags") && form.contains("Save tags") && form.contains("Activity"));
    assert_eq!(saved.location(), page);
    assert!(code.contains("aws chime-sdk-identity tag-resource"));
    assert!(code.contains("silver"), "what the form has: {code}");
    assert!(world.browser.read(&user).await.contains("tier: gold"));
    let words = world.browser.read(refused.location()).await;
    assert_says(&words, &["Chime does not accept an empty tag value."]);
}

#[tokio::test]
async fn a_viewer_sees_every_action_with_the_reason_against_it() {
    let world = World::start().await;
    let user = world.user("ana").await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;

    let list = viewer.read(&world.users()).await;
    let detail = viewer.read(&user).await;
    let fields = [
        ("target", &*target(&arn(&user))),
        ("confirm_user_id", "ana"),
    ];
    let refused = viewer.call("/api/users/delete", &fields).await;

    assert!(list.contains("Create AppInstanceUser (Needs the role Operator)"));
    for action in ["Edit", "Delete"] {
        let text = format!("{action} (Needs the role Operator)");
        assert!(list.contains(&text) && detail.contains(&text), "{text}");
    }
    assert_eq!(refused.failure().cause, Cause::RoleNeeded(Role::Operator));
    assert_eq!(viewer.get(&user).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_cookie_of_the_columns_is_short_and_says_nothing_but_columns() {
    let world = World::start().await;
    for (asked, kept) in [
        (
            "created.expires.admin.endpoints",
            "created.expires.admin.endpoints",
        ),
        ("none", ""),
        ("canary.admin.%0D%0Acanary", "admin"),
    ] {
        let list = format!("{}?cols={asked}", world.users());
        let answer = world.browser.get(&list).await;

        let mut cookies = answer.headers.get_all("set-cookie").iter();
        let cookie = cookies
            .find_map(|cookie| {
                let cookie = cookie.to_str().unwrap();
                cookie.contains("user-columns").then_some(cookie)
            })
            .unwrap();
        let expected = format!(
            "__Host-carillon.user-columns={kept}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"
        );
        assert_eq!(cookie, expected);
        assert!(cookie.len() < 200, "{cookie}");
    }
}
