//! The pages of AppInstanceUserEndpoints, as a person without JavaScript uses them, and what each
//! bad value is told.

use axum::http::{Method, StatusCode};
use domain::{Cause, Field, Problem, Role};

use crate::support::{self, Browser, Form, PINPOINT, TestApp, arn, assert_says, target};

const REGISTER: &str = "/api/endpoints/register";
const DEVICE: &str = "device-token-abcd";

struct World {
    app: TestApp,
    browser: Browser,
    /// The page of a user.
    user: String,
}

impl World {
    async fn start() -> Self {
        let support::World {
            app,
            browser,
            instance,
        } = support::World::start().await;
        let user = browser.make_user(&instance, "ana", "Ana").await;
        Self { app, browser, user }
    }

    /// One with an endpoint, whose page is the second.
    async fn with_endpoint() -> (Self, String) {
        let world = Self::start().await;
        let endpoint = world.browser.make_endpoint(&world.user, "Phone", DEVICE);
        let endpoint = endpoint.await;
        (world, endpoint)
    }

    fn list(&self) -> String {
        format!("{}/endpoints", self.user)
    }

    /// A form that registers an endpoint.
    fn registration(&self) -> Form {
        let page = format!("{}/register-endpoint", self.user);
        Form::new(page, &self.user, REGISTRATION)
    }
}

/// What is typed to register an endpoint.
const REGISTRATION: &[(&str, &str)] = &[
    ("kind", "APNS"),
    ("resource_arn", PINPOINT),
    ("device_token", DEVICE),
    ("voip_device_token", ""),
    ("name", "Ana’s phone"),
    ("allow_messages", "ALL"),
];

fn id_of(endpoint: &str) -> &str {
    endpoint.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn an_endpoint_is_registered_and_its_tokens_stay_masked() {
    let world = World::start().await;
    let browser = &world.browser;
    let registration = world.registration();
    let fields = registration.with(&[("voip_device_token", "voip-token-wxyz")]);

    let form = browser.get(&registration.page).await;
    let made = browser.post(REGISTER, &fields).await;
    let again = browser.post(REGISTER, &fields).await;
    let detail = browser.get(made.location()).await;
    let list = browser.get(&world.list()).await;

    assert_says(
        &form.words(),
        &[
            "Type",
            "Resource ARN",
            "Device token",
            "VoIP device token",
            "Name",
            "Allow messages",
            "APNS_SANDBOX",
            "GCM",
        ],
    );
    assert_eq!(made.location(), again.location(), "one token, one endpoint");
    let words = detail.words();
    assert_says(
        &words,
        &[
            "Endpoint registered",
            "Ana’s phone",
            "Active",
            "APNS",
            "ALL",
            "Token ending in •••••••• abcd 17 characters",
            "wxyz 15 characters",
        ],
    );
    for page in [detail.text(), list.text()] {
        assert!(!page.contains("device-token") && !page.contains("voip-token"));
    }
    let words = list.words();
    assert!(words.contains("Ana’s phone APNS ALL Active"), "{words}");
}

#[tokio::test]
async fn tokens_are_shown_once_to_who_revealed_them_and_the_audit_has_it() {
    let (World { app, browser, user }, endpoint) = World::with_endpoint().await;
    let (_, other) = app.sign_in(Role::Admin).await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    let fields = [
        ("page", &*endpoint),
        ("target", &*target(&arn(&user))),
        ("id", id_of(&endpoint)),
    ];

    let refused = viewer.call("/api/endpoints/reveal", &fields).await;
    let revealed = browser.post("/api/endpoints/reveal", &fields).await;
    let page = revealed.location();
    let elsewhere = other.read(page).await;
    let shown = browser.read(page).await;
    let again = browser.read(page).await;

    assert_eq!(refused.failure().cause, Cause::RoleNeeded(Role::Operator));
    assert!(
        viewer
            .read(&endpoint)
            .await
            .contains("Reveal (Needs the role Operator)")
    );
    assert!(!page.contains("device-token"));
    assert!(!elsewhere.contains("device-token-abcd"));
    assert!(shown.contains("Tokens in full") && shown.contains("device-token-abcd"));
    assert!(again.contains("The tokens are hidden again") && !again.contains("device-token-abcd"));
    let entries = app.newest_entries_of("RevealDeviceTokens", 9).await;
    let outcomes: Vec<_> = entries.iter().map(|entry| entry.phase.name()).collect();
    assert_eq!(outcomes, ["succeeded", "refused"]);
    assert!(!format!("{entries:?}").contains("device-token-abcd"));
}

#[tokio::test]
async fn each_bad_value_is_told_in_its_own_sentence_and_nothing_is_registered() {
    let world = World::start().await;
    let (browser, registration) = (&world.browser, world.registration());
    for (changes, sentence) in [
        (
            &[(
                "resource_arn",
                "arn:aws:mobiletargeting:us-east-1:999999999999:apps/0a",
            )][..],
            "Resource ARN: This ARN belongs to another account. The connection uses account 123456789012.",
        ),
        (
            &[(
                "resource_arn",
                "arn:aws:mobiletargeting:eu-central-1:123456789012:apps/0a",
            )],
            "Resource ARN: This ARN belongs to another Region. You are working in us-east-1.",
        ),
        (
            &[("resource_arn", "arn:aws:sns:us-east-1:123456789012:apps/0a")],
            "Resource ARN: This is not the ARN of a Pinpoint application",
        ),
        (
            &[("resource_arn", "my-app")],
            "Resource ARN: Enter an ARN. It starts with “arn:aws:”.",
        ),
        (
            &[("kind", "GCM"), ("voip_device_token", "voip")],
            "VoIP device token: A VoIP token is for APNS and APNS_SANDBOX only. Leave it empty for GCM.",
        ),
        (&[("device_token", " ")], "Device token: Enter a value."),
        (&[("kind", "FCM")], "Type: Choose one of the values."),
        (&[("kind", "")], "Type: Choose one of the values."),
        (
            &[("allow_messages", "SOME")],
            "Allow messages: Choose one of the values.",
        ),
    ] {
        let refused = browser.post(REGISTER, &registration.with(changes)).await;
        let form = browser.get(refused.location()).await;

        let words = form.words();
        assert!(words.contains(
            "One field needs a change What you typed is kept. No change was sent to AWS."
        ));
        assert!(words.contains(sentence), "{sentence} in {words}");
        assert_eq!(form.value_of("name").as_deref(), Some("Ana’s phone"));
        assert_eq!(
            form.value_of("token"),
            Some(registration.token.clone()),
            "a retry is the same request"
        );
    }
    let list = browser.read(&world.list()).await;
    assert!(list.contains("No endpoints yet"), "{list}");
}

#[tokio::test]
async fn a_device_token_is_registered_once() {
    let (world, _) = World::with_endpoint().await;
    let registration = world.registration();

    let call = world.browser.call(REGISTER, &registration.fields()).await;
    let failure = call.failure();
    let refused = world.browser.post(REGISTER, &registration.fields()).await;
    let words = world.browser.read(refused.location()).await;

    let problem = &failure.field_problems()[0];
    assert_eq!(problem.field, Field::DeviceToken);
    assert_eq!(problem.problem, Problem::TokenRegistered);
    assert!(
        words.contains("This device token is already registered. Open the endpoint that has it")
    );
    let list = world.browser.get(&world.list()).await;
    assert_eq!(
        list.text().matches("<tr").count(),
        2,
        "the head and one row"
    );
}

#[tokio::test]
async fn the_eleventh_endpoint_is_one_too_many() {
    let world = World::start().await;
    for number in 1..=10 {
        let name = format!("Phone {number}");
        let token = format!("device-token-{number}");
        world
            .browser
            .make_endpoint(&world.user, &name, &token)
            .await;
    }
    let registration = world.registration();

    let answer = world.browser.call(REGISTER, &registration.fields()).await;
    let refused = world.browser.post(REGISTER, &registration.fields()).await;
    let words = world.browser.read(refused.location()).await;

    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.failure().cause, Cause::LimitReached);
    assert!(words.contains(
        "Quota reached A user can have ten endpoints unless AWS raised the quota (L-39BCA56C). \
         Delete what is no longer used"
    ));
    let list = world.browser.read(&world.list()).await;
    assert!(!list.contains("Ana’s phone"));
}

#[tokio::test]
async fn an_endpoint_is_renamed_unless_it_changed_meanwhile() {
    let (world, endpoint) = World::with_endpoint().await;
    let browser = &world.browser;
    let page = format!("{endpoint}/edit");
    let form = browser.get(&page).await;
    let value = |name| form.value_of(name).unwrap();
    let (of, id, base) = (value("target"), value("id"), value("base"));
    let save = async |base: &str, name: &str, allow: &str| {
        let fields = [
            ("page", &*page),
            ("target", &of),
            ("id", &id),
            ("base", base),
            ("name", name),
            ("allow_messages", allow),
        ];
        browser.post("/api/endpoints/update", &fields).await
    };

    let saved = save(&base, "Work phone", "NONE").await;
    let stale = save(&base, "Old phone", "ALL").await;

    assert_eq!(saved.location(), endpoint);
    let words = browser.read(&endpoint).await;
    assert!(
        words.contains("Changes saved") && words.contains("Work phone") && words.contains("NONE")
    );
    let both = "Name not known Old phone changed Work phone Allow messages not known ALL";
    let conflict = browser.conflict(&stale, &[both]).await;
    assert_eq!(conflict.value_of("name").as_deref(), Some("Old phone"));
    let replaced = save(&conflict.value_of("base").unwrap(), "Old phone", "ALL").await;
    assert_eq!(replaced.location(), endpoint, "saving again replaces it");
}

#[tokio::test]
async fn messages_are_allowed_and_muted_with_one_button() {
    let (world, endpoint) = World::with_endpoint().await;
    let set = async |allow| {
        let list = world.list();
        let fields = [
            ("target", &*target(&arn(&world.user))),
            ("id", id_of(&endpoint)),
            ("allow", allow),
            ("page", &list),
        ];
        let done = world.browser.post("/api/endpoints/allow", &fields).await;
        assert_eq!(done.location(), list);
        world.browser.read(&list).await
    };

    assert!(world.browser.read(&endpoint).await.contains("Allow NONE"));
    let muted = set("NONE").await;
    let allowed = set("ALL").await;

    assert_says(&muted, &["Messages muted Phone", "Phone APNS NONE"]);
    assert!(muted.contains("Allow ALL"));
    assert!(allowed.contains("Messages allowed") && allowed.contains("Phone APNS ALL"));
}

#[tokio::test]
async fn deregistering_says_what_it_means_and_is_done_once() {
    let (world, endpoint) = World::with_endpoint().await;
    let browser = &world.browser;
    let page = format!("{endpoint}/deregister");
    let form = browser.get(&page).await;
    let value = |name| form.value_of(name).unwrap();
    let (of, id) = (value("target"), value("id"));
    let fields = [("page", &*page), ("target", &*of), ("id", &id)];

    let done = browser.post("/api/endpoints/deregister", &fields).await;
    let list = browser.read(done.location()).await;
    let again = browser.call("/api/endpoints/deregister", &fields).await;

    let words = form.words();
    assert!(words.contains(
        "This device gets no more pushes Phone of Ana. The user and its other endpoints stay."
    ));
    assert!(words.contains("Deregister endpoint Cancel"), "{words}");
    assert!(list.contains("Endpoint deregistered Phone") && list.contains("No endpoints yet"));
    assert_eq!(again.failure().cause, Cause::Forbidden);
    let gone = browser.get(&endpoint).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(
        gone.words().contains("Phone was deregistered on"),
        "{}",
        gone.words()
    );
}

#[tokio::test]
async fn an_endpoint_that_gets_no_pushes_says_why_and_what_mends_it() {
    let (World { app, browser, user }, endpoint) = World::with_endpoint().await;
    for (reason, remedy) in [
        (
            "INVALID_DEVICE_TOKEN",
            "Let the app register its new token, then deregister this endpoint.",
        ),
        (
            "INVALID_PINPOINT_ARN",
            "Set up the application again, or deregister this endpoint",
        ),
    ] {
        let state = format!(r#"{{"Status": "INACTIVE", "StatusReason": "{reason}"}}"#);
        let path = format!("endpoints/{}/state", id_of(&endpoint));
        app.control(Method::POST, &path, state).await;

        for page in [format!("{user}/endpoints"), endpoint.clone()] {
            let words = browser.read(&page).await;
            assert!(words.contains("Inactive"), "{words}");
            assert!(words.contains(reason) && words.contains(remedy), "{words}");
        }
    }
}

#[tokio::test]
async fn each_page_is_shown_as_code_without_a_device_token() {
    let (world, endpoint) = World::with_endpoint().await;
    for (page, command) in [
        (world.list(), "list-app-instance-user-endpoints"),
        (
            world.registration().page,
            "register-app-instance-user-endpoint",
        ),
        (endpoint.clone(), "describe-app-instance-user-endpoint"),
        (
            format!("{endpoint}/edit"),
            "update-app-instance-user-endpoint",
        ),
        (
            format!("{endpoint}/deregister"),
            "deregister-app-instance-user-endpoint",
        ),
    ] {
        let answer = world.browser.get(&format!("{page}?code=cli")).await;

        assert_eq!(answer.status, StatusCode::OK, "{page}");
        let words = answer.words();
        assert_says(&words, &[&format!("aws chime-sdk-identity {command} ")]);
        assert!(!answer.text().contains("device-token-abcd"));
    }
}

#[tokio::test]
async fn a_viewer_sees_every_action_with_the_reason_against_it() {
    let (world, endpoint) = World::with_endpoint().await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;

    let list = viewer.read(&world.list()).await;
    let detail = viewer.read(&endpoint).await;

    assert_says(&list, &["Register endpoint (Needs the role Operator)"]);
    for action in ["Edit", "Allow NONE", "Deregister"] {
        let text = format!("{action} (Needs the role Operator)");
        assert!(list.contains(&text) && detail.contains(&text), "{text}");
    }
}

#[tokio::test]
async fn a_user_that_is_gone_takes_its_form_along() {
    let world = World::start().await;
    let (browser, registration) = (&world.browser, world.registration());
    let delete = [
        ("target", &*registration.target),
        ("confirm_user_id", "ana"),
    ];
    browser.post("/api/users/delete", &delete).await.location();

    let answer = browser.call(REGISTER, &registration.fields()).await;
    let page = browser.get(&registration.page).await;

    assert_eq!(answer.failure().cause, Cause::Forbidden);
    assert!(
        answer
            .failure()
            .next_step()
            .contains("mobiletargeting:GetApp")
    );
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.words()
            .contains("Not found, or this connection may not do it")
    );
}
