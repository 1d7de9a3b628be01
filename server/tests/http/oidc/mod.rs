//! Signing in with a provider: what is believed of its answers, and what becomes of people.

mod claims;
mod log;
pub mod stub;
mod windows;

use std::collections::HashMap;
use std::time::Duration;

use axum::http::StatusCode;
use backend::oidc::{ProviderConfig, Providers};
use backend::{Clock, Entry, Operator, OperatorChange, Phase};
use domain::{Cause, ProviderProblem, Role, Timestamp};
use serde_json::json;
use sqlx::Row as _;

use crate::support::{Answer, Browser, PASSWORD, TestApp, arn, assert_says, target};
use stub::{Behaviour, Stub};

const CALL: &str = "/api/session/provider";

/// A console with a provider, and a browser in front of both.
struct World {
    app: TestApp,
    stub: Stub,
}

impl World {
    async fn start() -> Self {
        Self::start_with(&Stub::start().await).await
    }

    /// Another console with the same provider.
    async fn start_with(stub: &Stub) -> Self {
        let app = TestApp::start_for(Clock::system(), &[], stub.providers()).await;
        let stub = stub.clone();
        Self { app, stub }
    }

    /// Presses "Sign in with Acme", and answers where the browser is sent.
    async fn leave(&self, browser: &Browser, next: &str) -> HashMap<String, String> {
        let answer = press(browser, next).await;
        follow(&self.stub, browser, answer.location()).await
    }

    /// Presses "Confirm with Acme" in a session, and comes back from there.
    async fn confirm(&self, browser: &Browser, change: impl FnOnce(&mut Behaviour)) -> Answer {
        let asked = leave_to_confirm(&self.stub, browser).await;
        assert_eq!((&*asked["prompt"], &*asked["max_age"]), ("login", "0"));
        self.stub.behave_as_usual();
        self.stub.behave(change);
        come_back(browser, &asked, &[("code", "abc")]).await
    }

    /// Signs in there, with no more said than the provider says anyway.
    async fn sign_in(&self, browser: &Browser) -> Answer {
        let asked = self.leave(browser, "").await;
        come_back(browser, &asked, &[("code", "abc")]).await
    }

    /// Signs in as somebody, and answers the operator who that is here.
    async fn sign_in_as(&self, change: impl FnOnce(&mut Behaviour)) -> Operator {
        self.stub.behave(change);
        let browser = self.app.anonymous();
        let answer = self.sign_in(&browser).await;
        assert_eq!(answer.location(), "/", "{}", answer.text());
        let account = browser.get("/account").await.words();
        let all = self.app.backend.accounts().list().await.unwrap();
        let named =
            |operator: &Operator| account.contains(&format!("Username {}", operator.username));
        // The longest: a name can begin with another.
        let found = all.into_iter().filter(named);
        found
            .max_by_key(|operator| operator.username.len())
            .unwrap()
    }

    async fn refused(&self, change: impl FnOnce(&mut Behaviour)) -> (StatusCode, String) {
        self.stub.behave(change);
        let browser = self.app.anonymous();
        let answer = self.sign_in(&browser).await;
        assert_eq!(
            browser.get("/account").await.location(),
            "/sign-in?next=%2Faccount"
        );
        let words = answer.words();
        assert!(words.contains("Password"), "the form is there: {words}");
        (answer.status, words)
    }

    async fn events(&self) -> Vec<Entry> {
        self.app.newest_entries(50).await
    }
}

/// Presses "Confirm with Acme" in a session, and answers what the provider would be asked with.
pub async fn leave_to_confirm(stub: &Stub, browser: &Browser) -> HashMap<String, String> {
    let fields = [
        ("page", "/unlock?next=%2Fgo"),
        ("form", "provider"),
        ("provider", "acme"),
        ("next", "/go"),
    ];
    let answer = browser.post("/api/session/confirm", &fields).await;
    follow(stub, browser, answer.location()).await
}

/// Opens the page on the way to the provider, and answers what it would be asked with.
pub async fn follow(stub: &Stub, browser: &Browser, location: &str) -> HashMap<String, String> {
    let page = browser.get(location).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    // It shows the secret of this sign-in.
    assert_eq!(page.header("cache-control"), "no-store, no-transform");
    let start = format!("{}/authorize?", stub.issuer());
    let (_, rest) = page
        .text()
        .split_once(&start)
        .expect("a link to the provider");
    let query = rest.split('"').next().unwrap().replace("&amp;", "&");
    let query: HashMap<_, _> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    stub.visited(query.clone());
    query
}

pub async fn press(browser: &Browser, next: &str) -> Answer {
    let fields = [
        ("page", "/sign-in"),
        ("form", "provider"),
        ("provider", "acme"),
        ("next", next),
    ];
    browser.post(CALL, &fields).await
}

/// The provider sends the browser back.
pub async fn come_back(
    browser: &Browser,
    asked: &HashMap<String, String>,
    query: &[(&str, &str)],
) -> Answer {
    let (_, path) = asked["redirect_uri"].split_once("//").unwrap();
    let path = &path[path.find('/').unwrap()..];
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("state", &asked["state"])
        .extend_pairs(query)
        .finish();
    browser.get(&format!("{path}?{query}")).await
}

fn is(found: &(StatusCode, String), problem: ProviderProblem) {
    let expected = (problem.status(), problem.headline());
    assert_eq!(found.0.as_u16(), expected.0, "{found:?}");
    assert!(found.1.contains(expected.1), "{expected:?} in {found:?}");
}

#[tokio::test]
async fn somebody_of_a_group_signs_in_with_its_role() {
    let world = World::start().await;
    let browser = world.app.anonymous();
    let asked = world.leave(&browser, "/account?draft=1").await;
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["scope"], "openid profile email");
    assert_eq!(asked["client_id"], "carillon");
    assert!(asked["nonce"].len() >= 20 && asked["state"].len() >= 20);

    let answer = come_back(
        &browser,
        &asked,
        &[("code", "abc"), ("iss", &world.stub.issuer())],
    )
    .await;

    assert_eq!(answer.location(), "/account?draft=1");
    assert_eq!(world.stub.wrong(), [""; 0]);
    let account = browser.get("/account").await.words();
    assert!(account.contains("Username ann Role Viewer"), "{account}");
    assert!(account.contains("You sign in with Acme"), "{account}");
    assert!(!account.contains("Current password"), "{account}");
    let events = world.events().await;
    let names: Vec<_> = events.iter().map(|event| event.event.name()).collect();
    assert_eq!(names, ["SignIn", "AddOperator"]);
    assert_eq!(events[0].username, "ann");
    assert_eq!(events[0].input["provider"], "acme");
    assert!(
        events
            .iter()
            .all(|event| event.remote.is_some() && !event.request.is_empty())
    );
}

#[tokio::test]
async fn the_database_does_not_know_who_somebody_is_at_the_provider() {
    let world = World::start().await;
    world.sign_in_as(|_| {}).await;

    let mut database = world.app.open_database().await;
    let row = sqlx::query("SELECT * FROM identities");
    let row = row.fetch_one(&mut database).await.unwrap();

    let subject: String = row.get("subject");
    assert_eq!(subject.len(), 64);
    assert!(!subject.contains("person"), "{subject}");
}

/// What a provider does wrong, and what is told.
type Wrong = (fn(&mut Behaviour), ProviderProblem);

#[tokio::test]
async fn an_answer_that_is_not_the_providers_to_this_try_signs_nobody_in() {
    use ProviderProblem::*;

    let world = World::start().await;
    let wrong: [Wrong; 12] = [
        (|b| b.claims = json!({ "nonce": "other" }), OtherTry),
        (|b| b.claims = json!({ "nonce": null }), OtherTry),
        (|b| b.claims = json!({ "aud": "another" }), OtherClient),
        (
            |b| b.claims = json!({ "aud": ["carillon", "another"] }),
            OtherClient,
        ),
        (|b| b.claims = json!({ "azp": "another" }), OtherClient),
        (|b| b.claims = json!({ "exp": 1_600_000_000 }), Expired),
        (
            |b| b.claims = json!({ "iss": "https://evil.example" }),
            OtherIssuer,
        ),
        (
            |b| b.claims = json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" }),
            Unsigned,
        ),
        (|b| b.method = "none".to_owned(), Unsigned),
        (|b| b.method = "HS256".to_owned(), Unsigned),
        (|b| b.signs_with = 1, Unsigned),
        (|b| b.key_id = "key-9".to_owned(), Unsigned),
    ];
    for (change, problem) in wrong {
        world.stub.behave_as_usual();
        is(&world.refused(change).await, problem);
    }

    let all = world.app.backend.accounts().list().await.unwrap();
    assert!(all.is_empty(), "{all:?}");
    let ann = world.sign_in_as(|b| *b = Behaviour::default()).await;
    assert_eq!(ann.username, "ann");
}

#[tokio::test]
async fn a_token_of_another_time_or_of_nobody_signs_nobody_in() {
    use ProviderProblem::*;

    let clock = Clock::fixed(Clock::system().now());
    let stub = Stub::start_at(clock.clone()).await;
    let app = TestApp::start_for(clock.clone(), &[], stub.providers()).await;
    let world = World { app, stub };
    let now = clock.now().0 / 1000;
    let with = |claims: serde_json::Value| {
        let behaviour = Behaviour {
            claims,
            ..Behaviour::default()
        };
        move |b: &mut Behaviour| *b = behaviour
    };
    for (claims, problem) in [
        // Issued before the try began, or later than now.
        (json!({ "iat": now - 61 }), Expired),
        (json!({ "iat": 0 }), Expired),
        (json!({ "iat": now + 61 }), Expired),
        // Not to be used yet, or at a time that is none.
        (json!({ "nbf": now + 61 }), Expired),
        (json!({ "nbf": format!("{}", now + 61) }), Expired),
        (json!({ "nbf": "today" }), Unreadable),
        // Everybody without an id would be the same person.
        (json!({ "sub": "" }), Unsigned),
        (json!({ "sub": " " }), Unsigned),
    ] {
        is(&world.refused(with(claims)).await, problem);
    }
    let all = world.app.backend.accounts().list().await.unwrap();
    assert!(all.is_empty(), "{all:?}");

    // Clocks differ a little.
    for claims in [
        json!({ "iat": now - 59 }),
        json!({ "iat": now + 59, "nbf": now + 59 }),
        json!({ "nbf": now - 3600 }),
    ] {
        assert_eq!(world.sign_in_as(with(claims)).await.username, "ann");
    }

    // Half of the ten minutes later the token is as new as the answer.
    let browser = world.app.anonymous();
    let asked = world.leave(&browser, "").await;
    clock.advance(5 * 60_000);
    world.stub.behave(with(json!({})));
    let answer = come_back(&browser, &asked, &[("code", "abc")]).await;
    assert_eq!(answer.location(), "/");
}

#[tokio::test]
async fn a_provider_that_answers_badly_or_not_at_all_is_no_bug() {
    use ProviderProblem::*;

    let world = World::start().await;
    let json = |text: &str| Some((StatusCode::OK, text.to_owned()));
    let failing = || Some((StatusCode::INTERNAL_SERVER_ERROR, "secret words".to_owned()));
    let error = |word: &str| {
        let text = format!("{{\"error\":\"{word}\",\"error_description\":\"secret words\"}}");
        Some((StatusCode::BAD_REQUEST, text))
    };
    let wrong = async |tokens: Option<(StatusCode, String)>| {
        let found = world.refused(|b| b.tokens = tokens).await;
        assert!(!found.1.contains("secret words"), "{found:?}");
        found
    };
    is(&wrong(json("{")).await, Unavailable);
    is(&wrong(json("[]")).await, Unavailable);
    is(&wrong(failing()).await, Unavailable);
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(1_000_000));
    is(&wrong(json(&long)).await, Unavailable);
    is(
        &wrong(json("{\"access_token\":\"a\",\"token_type\":\"Bearer\"}")).await,
        Unsigned,
    );
    is(&wrong(error("invalid_client")).await, ClientRefused);
    is(&wrong(error("invalid_grant")).await, Gone);
    is(&wrong(error("nonsense")).await, Declined);
}

/// Whether somebody gets in with a provider that behaves so. Who does not is told that it is
/// unavailable, at the button or when they come back.
async fn lets_in(change: impl Fn(&mut Behaviour)) -> (Stub, bool) {
    let world = World::start().await;
    world.stub.behave(change);
    let browser = world.app.anonymous();
    let pressed = press(&browser, "").await;
    let page = browser.get(pressed.location()).await;
    let answer = if page.text().contains("/authorize?") {
        world.sign_in(&browser).await
    } else {
        page
    };
    let is_inside = browser.get("/account").await.status == StatusCode::OK;
    if !is_inside {
        let told = ProviderProblem::Unavailable.headline();
        assert!(answer.words().contains(told), "{}", answer.words());
    }
    (world.stub, is_inside)
}

/// Everything that a provider is asked for, once it has to be asked for the groups too.
const ASKED: [&str; 4] = [
    "/.well-known/openid-configuration",
    "/keys",
    "/token",
    "/me",
];

fn tells_groups_when_asked(behaviour: &mut Behaviour) {
    behaviour.claims = json!({ "groups": null });
    behaviour.user_info = Some(json!({ "sub": "person-1", "groups": ["admins"] }));
}

#[tokio::test]
async fn no_provider_sends_the_console_elsewhere() {
    for path in ASKED {
        let (stub, is_inside) = lets_in(|b| {
            tells_groups_when_asked(b);
            b.moved = Some(path);
        })
        .await;

        assert!(!is_inside, "{path}");
        assert_eq!(stub.calls("elsewhere"), 0, "{path}");
    }
}

#[tokio::test]
async fn half_a_megabyte_of_a_provider_is_read_and_no_more() {
    for path in ASKED {
        for (kibibytes, is_read) in [(400, true), (600, false)] {
            let (_, is_inside) = lets_in(|b| {
                tells_groups_when_asked(b);
                b.padded = Some((path, kibibytes * 1024));
            })
            .await;

            assert_eq!(is_inside, is_read, "{kibibytes} KiB of {path}");
        }
    }
}

#[tokio::test]
async fn a_token_brings_no_key_for_itself() {
    let world = World::start().await;
    let elsewhere = Stub::start().await;
    elsewhere.behave(|b| b.published = 1);
    let address = format!("{}/keys", elsewhere.issuer());
    for key_id in ["key-0", "key-1"] {
        let head = json!({ "jwk": stub::public_key(1), "jku": address, "x5u": address });
        let refused = world.refused(|b| {
            (b.signs_with, b.key_id, b.head) = (1, key_id.to_owned(), head);
        });

        is(&refused.await, ProviderProblem::Unsigned);
    }
    assert_eq!(elsewhere.calls("keys"), 0);
    // The same token is good where the provider publishes that key.
    world.sign_in_as(|b| b.published = 1).await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_at_the_button() {
    let world = World::start().await;
    let down = async |change: fn(&mut Behaviour)| {
        world.stub.behave_as_usual();
        world.stub.behave(change);
        let browser = world.app.anonymous();
        let answer = press(&browser, "/account").await;
        let page = browser.get(answer.location()).await.words();
        assert_says(&page, &[ProviderProblem::Unavailable.headline()]);
        let call = browser
            .call(CALL, &[("provider", "acme"), ("next", "")])
            .await;
        assert_eq!(call.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            call.failure().cause,
            Cause::Provider(ProviderProblem::Unavailable)
        );
    };
    let began = std::time::Instant::now();
    down(|b| b.delay = Duration::from_mins(1)).await;
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    down(|b| b.metadata = Some((StatusCode::OK, "{".to_owned()))).await;
    down(|b| b.metadata = Some((StatusCode::BAD_GATEWAY, "<html>".to_owned()))).await;
    down(|b| b.metadata = Some((StatusCode::FOUND, String::new()))).await;
    let elsewhere = r#"{"issuer":"http://127.0.0.1:1","authorization_endpoint":"http://127.0.0.1:1",
        "jwks_uri":"http://127.0.0.1:1","response_types_supported":["code"],
        "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["EdDSA"]}"#;
    world.stub.behave_as_usual();
    world
        .stub
        .behave(|b| b.metadata = Some((StatusCode::OK, elsewhere.to_owned())));
    let answer = world
        .app
        .anonymous()
        .call(CALL, &[("provider", "acme"), ("next", "")])
        .await;
    assert_eq!(
        answer.failure().cause,
        Cause::Provider(ProviderProblem::Unavailable)
    );

    // It is asked again, and everything is well.
    world.sign_in_as(|b| *b = Behaviour::default()).await;
}

#[tokio::test]
async fn what_a_provider_publishes_is_read_once_and_a_new_key_is_found() {
    let world = World::start().await;
    world.sign_in_as(|_| {}).await;
    world.sign_in_as(|_| {}).await;
    assert_eq!(
        (world.stub.calls("metadata"), world.stub.calls("keys")),
        (1, 1)
    );

    world
        .sign_in_as(|b| {
            b.published = 1;
            b.signs_with = 1;
            b.key_id = "key-1".to_owned();
        })
        .await;

    assert_eq!(
        (world.stub.calls("metadata"), world.stub.calls("keys")),
        (1, 2)
    );
}

#[tokio::test]
async fn what_a_provider_publishes_is_read_again_after_an_hour() {
    let clock = Clock::fixed(Clock::system().now());
    let stub = Stub::start_at(clock.clone()).await;
    let app = TestApp::start_for(clock.clone(), &[], stub.providers()).await;
    let world = World { app, stub };
    let read = || (world.stub.calls("metadata"), world.stub.calls("keys"));

    world.sign_in_as(|_| {}).await;
    clock.advance(3_600_000 - 1);
    world.sign_in_as(|_| {}).await;
    assert_eq!(read(), (1, 1));
    clock.advance(1);
    world.sign_in_as(|_| {}).await;

    assert_eq!(read(), (2, 2));
}

#[tokio::test]
async fn groups_that_only_userinfo_tells_count_when_they_are_of_the_same_person() {
    let world = World::start().await;
    let told = |sub: &str| Some(json!({ "sub": sub, "groups": ["admins"] }));
    let admin = world
        .sign_in_as(|b| {
            b.claims = json!({ "groups": null });
            b.user_info = told("person-1");
        })
        .await;
    assert_eq!(admin.role, Role::Admin);

    is(
        &world.refused(|b| b.user_info = told("person-2")).await,
        ProviderProblem::Unsigned,
    );
    is(
        &world.refused(|b| b.user_info = None).await,
        ProviderProblem::Unavailable,
    );
}

#[tokio::test]
async fn a_try_is_used_once_by_the_browser_that_began_it_within_ten_minutes() {
    let clock = Clock::fixed(Clock::system().now());
    let stub = Stub::start_at(clock.clone()).await;
    let app = TestApp::start_for(clock.clone(), &[], stub.providers()).await;
    let world = World { app, stub };
    let gone = |answer: &Answer| is(&(answer.status, answer.words()), ProviderProblem::Gone);
    let code = [("code", "abc")];
    let (browser, other) = (world.app.anonymous(), world.app.anonymous());

    // In another browser, with and without a cookie of its own.
    let asked = world.leave(&browser, "").await;
    gone(&come_back(&other, &asked, &code).await);
    world.leave(&other, "").await;
    gone(&come_back(&other, &asked, &code).await);
    // With a state that was not given, or none.
    let mut guessed = asked.clone();
    guessed.insert("state".to_owned(), "A".repeat(22));
    gone(&come_back(&browser, &guessed, &code).await);
    gone(&browser.get("/sign-in/oidc/acme/callback").await);
    gone(&browser.get("/sign-in/oidc/acme/callback?code=abc").await);
    // By the one it belongs to, but once. Another window has no session yet.
    let window = browser.twin();
    world.stub.visited(asked.clone());
    assert_eq!(come_back(&browser, &asked, &code).await.location(), "/");
    gone(&come_back(&window, &asked, &code).await);
    // An answer that signs nobody in uses it up as well.
    let browser = world.app.anonymous();
    let asked = world.leave(&browser, "").await;
    let cancelled = come_back(&browser, &asked, &[("error", "access_denied")]).await;
    assert_eq!(cancelled.status, StatusCode::UNAUTHORIZED);
    gone(&come_back(&browser, &asked, &code).await);
    // Too late.
    let asked = world.leave(&browser, "").await;
    clock.advance(600_000);
    gone(&come_back(&browser, &asked, &code).await);
    // Of another provider, which has none.
    let asked = world.leave(&browser, "").await;
    let path = format!(
        "/sign-in/oidc/other/callback?code=abc&state={}",
        asked["state"]
    );
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
}

/// A provider that is not honest gives its own answer to a try that began with another.
#[tokio::test]
async fn a_try_with_one_provider_is_not_answered_by_another() {
    let (acme, other) = (Stub::start().await, Stub::start().await);
    let second = ProviderConfig {
        id: "other".to_owned(),
        label: "Other".to_owned(),
        ..other.config()
    };
    let providers = Providers::new(vec![acme.config(), second]).unwrap();
    let app = TestApp::start_for(Clock::system(), &[], providers).await;
    let world = World { app, stub: acme };
    let browser = world.app.anonymous();
    let mut asked = world.leave(&browser, "").await;
    // It would find everything right.
    let back = asked["redirect_uri"].replace("/acme/", "/other/");
    asked.insert("redirect_uri".to_owned(), back);
    other.visited(asked.clone());

    let answer = come_back(&browser, &asked, &[("code", "abc")]).await;

    is(&(answer.status, answer.words()), ProviderProblem::Gone);
    assert_eq!(other.calls("token") + world.stub.calls("token"), 0);
    let account = browser.get("/account").await;
    assert_eq!(account.location(), "/sign-in?next=%2Faccount");
}

#[tokio::test]
async fn what_the_provider_says_instead_is_told_in_our_words() {
    use ProviderProblem::*;

    let world = World::start().await;
    let said = async |query: &[(&str, &str)]| {
        let browser = world.app.anonymous();
        let asked = world.leave(&browser, "/account").await;
        let answer = come_back(&browser, &asked, query).await;
        assert!(!answer.text().contains("<b>words"), "{}", answer.text());
        // The way back is not lost.
        assert!(
            answer.text().contains("value=\"/account\""),
            "{}",
            answer.text()
        );
        (answer.status, answer.words())
    };
    let text = ("error_description", "<b>words");
    is(&said(&[("error", "access_denied"), text]).await, Cancelled);
    is(&said(&[("error", "login_required"), text]).await, Declined);
    is(&said(&[("error", "<b>words"), text]).await, Declined);
    is(&said(&[("error", "server_error"), text]).await, Unavailable);
    is(
        &said(&[("error", "unauthorized_client"), text]).await,
        ClientRefused,
    );
    is(&said(&[text]).await, Declined);
    is(
        &said(&[("code", "abc"), ("iss", "https://evil.example")]).await,
        OtherIssuer,
    );
    // Refused before anything was asked of the provider.
    assert_eq!(world.stub.calls("token"), 0);
}

#[tokio::test]
async fn the_cookie_of_a_try_is_its_own_and_signing_out_takes_it_back() {
    let world = World::start().await;
    let browser = world.app.anonymous();
    let answer = press(&browser, "").await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let cookie = cookies
        .iter()
        .map(|cookie| cookie.to_str().unwrap())
        .find(|cookie| cookie.starts_with("__Host-carillon.provider="))
        .expect("a cookie");
    for part in [
        "; Path=/",
        "; Max-Age=3600",
        "; HttpOnly",
        "; SameSite=Lax",
        "; Secure",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }

    // Other windows may be on their way.
    assert_eq!(world.sign_in(&browser).await.location(), "/");
    assert!(browser.cookies().unwrap().contains("carillon.provider"));

    browser.post("/api/session/sign-out", &[]).await;

    assert_eq!(browser.cookies(), None);
}

#[tokio::test]
async fn the_role_follows_the_groups_at_each_sign_in() {
    let world = World::start().await;
    let (_, admin) = world.app.sign_in(Role::Admin).await;
    let ann = world.sign_in_as(|_| {}).await;
    assert_eq!(
        (ann.role, ann.provider.as_deref()),
        (Role::Viewer, Some("acme"))
    );

    let promoted = world
        .sign_in_as(|b| {
            b.claims = json!({ "groups": ["readers", "admins"], "preferred_username": "x" });
        })
        .await;

    // The same operator, under the name of the first time.
    assert_eq!((&promoted.id, promoted.role), (&ann.id, Role::Admin));
    let events = world.events().await;
    let change = events
        .iter()
        .find(|event| event.event.name() == "SetOperatorRole")
        .unwrap();
    assert_eq!(
        (change.phase, &change.username),
        (Phase::Noted, &ann.username)
    );
    assert_eq!(change.input["before"], "Viewer");
    let page = admin.get(&format!("/operators/{}", ann.id)).await;
    assert_says(&page.words(), &["Signs in with Acme"]);
    assert!(!page.words().contains("Reset password"), "{}", page.words());
    let list = admin.get("/operators").await.words();
    assert!(list.contains("Signs in with Acme"), "{list}");
}

#[tokio::test]
async fn whoever_lost_their_groups_or_was_disabled_gets_no_session_and_loses_the_others() {
    let world = World::start().await;
    world.app.sign_in(Role::Admin).await;
    let elsewhere = world.app.anonymous();
    assert_eq!(world.sign_in(&elsewhere).await.location(), "/");
    let ann = world
        .app
        .backend
        .accounts()
        .by_name("ann")
        .await
        .unwrap()
        .unwrap();

    let nobody = world
        .refused(|b| b.claims = json!({ "groups": ["staff"] }))
        .await;

    is(&nobody, ProviderProblem::NoRole);
    assert_eq!(
        elsewhere.get("/account").await.location(),
        "/sign-in?next=%2Faccount"
    );
    let last = world.events().await.remove(0);
    assert_eq!(
        (last.event.name(), last.phase, &*last.username),
        ("SignIn", Phase::Refused, "ann")
    );
    assert_eq!(last.failure.as_deref(), Some("provider-no-role"));
    let disable = OperatorChange::Disable;
    world.app.change_operator(&ann.id, disable).await;
    is(
        &world.refused(|b| *b = Behaviour::default()).await,
        ProviderProblem::Disabled,
    );
    let still = world
        .app
        .backend
        .accounts()
        .get(&ann.id)
        .await
        .unwrap()
        .unwrap();
    assert!(still.disabled.is_some());
}

#[tokio::test]
async fn a_name_does_not_take_over_an_operator() {
    let world = World::start().await;
    let operators = world.app.backend.accounts();
    let local = operators.add("Ann", PASSWORD, Role::Admin).await.unwrap();

    let ann = world.sign_in_as(|_| {}).await;

    assert_eq!(ann.username, "ann (Acme)");
    assert_ne!(ann.id, local.id);
    assert_eq!(ann.role, Role::Viewer);
    // Another person of the provider who calls themselves the same.
    let second = world
        .refused(|b| b.claims = json!({ "sub": "person-2" }))
        .await;
    is(&second, ProviderProblem::NameTaken);
    // No password opens what a provider's person has.
    let browser = world.app.anonymous();
    for password in ["", PASSWORD] {
        let fields = [
            ("page", "/sign-in"),
            ("next", ""),
            ("username", "ann (Acme)"),
            ("password", password),
        ];
        let call = browser.call("/api/session/sign-in", &fields).await;
        assert!(!call.status.is_success(), "{password:?}");
    }
}

#[tokio::test]
async fn a_name_that_is_none_is_refused() {
    let world = World::start().await;
    let named = async |name: serde_json::Value| {
        world
            .refused(|b| b.claims = json!({ "preferred_username": name }))
            .await
    };
    world
        .stub
        .behave(|b| b.user_info = Some(json!({ "sub": "person-1" })));
    for name in [
        json!(null),
        json!(""),
        json!("  "),
        json!("a\u{7}b"),
        json!("a".repeat(65)),
    ] {
        is(&named(name).await, ProviderProblem::NoName);
    }
}

#[tokio::test]
async fn a_password_is_neither_set_nor_reset_for_whoever_signs_in_with_a_provider() {
    let world = World::start().await;
    let (_, admin) = world.app.sign_in(Role::Admin).await;
    let ann = world.sign_in_as(|_| {}).await;

    let reset = admin
        .call("/api/operators/reset", &[("id", ann.id.as_str())])
        .await;

    let cause = Cause::Provider(ProviderProblem::NoPassword);
    assert_eq!(
        (reset.status, reset.failure().cause),
        (StatusCode::CONFLICT, cause.clone())
    );
    let page = admin.get(&format!("/operators/{}/reset", ann.id)).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let set = world
        .app
        .backend
        .accounts()
        .reset_password_from_shell(&ann, PASSWORD);
    let set = set.await.unwrap_err();
    assert_eq!(set.cause, cause);
}

#[tokio::test]
async fn the_last_admin_stays_one_whatever_a_provider_says() {
    let world = World::start().await;
    let admins = |b: &mut Behaviour| b.claims = json!({ "groups": ["admins"] });
    let ann = world.sign_in_as(admins).await;

    let again = world
        .sign_in_as(|b| b.claims = json!({ "groups": ["readers"] }))
        .await;

    assert_eq!((&again.id, again.role), (&ann.id, Role::Admin));
    let refused = world
        .events()
        .await
        .into_iter()
        .find(|event| event.phase == Phase::Refused);
    let refused = refused.unwrap();
    assert_eq!(refused.event.name(), "SetOperatorRole");
    assert_eq!(refused.failure.as_deref(), Some("last-admin"));
    // With another Admin it counts; without a group nobody gets in.
    world.app.sign_in(Role::Admin).await;
    assert_eq!(world.sign_in_as(|_| {}).await.role, Role::Viewer);
    is(
        &world.refused(|b| b.claims = json!({ "groups": [] })).await,
        ProviderProblem::NoRole,
    );
}

#[tokio::test]
async fn somebody_without_the_role_admin_does_not_end_the_set_up() {
    let world = World::start().await;
    let operators = world.app.backend.accounts();
    world.sign_in_as(|_| {}).await;
    assert!(operators.setup_token().await.unwrap().is_some());

    world
        .sign_in_as(|b| {
            b.claims = json!({ "groups": ["admins"], "sub": "2", "preferred_username": "bo" });
        })
        .await;

    assert!(operators.setup_token().await.unwrap().is_none());
}

#[tokio::test]
async fn each_provider_has_a_button_and_a_console_without_one_has_none() {
    let stub = Stub::start().await;
    let more = |id: &str, label: &str| ProviderConfig {
        default_role: Some(Role::Viewer),
        ..ProviderConfig::new(id, label, &format!("https://{id}.example"), "carillon")
    };
    let configs = vec![
        stub.config(),
        more("b", "<b>Bolt & Co</b>"),
        more("c", "Cedar"),
    ];
    let providers = Providers::new(configs).unwrap();
    let app = TestApp::start_for(Clock::fixed(Timestamp(0)), &[], providers).await;

    let page = app.anonymous().get("/sign-in?next=%2Faccount").await;

    let words = page.words();
    for label in ["Acme", "<b>Bolt & Co</b>", "Cedar"] {
        assert!(words.contains(&format!("Sign in with {label}")), "{words}");
    }
    assert!(!page.text().contains("<b>Bolt"));
    let plain = TestApp::start().await;
    let page = plain.anonymous().get("/sign-in").await.words();
    assert!(!page.contains("Sign in with"), "{page}");
}

#[tokio::test]
async fn whoever_has_no_password_unlocks_writes_with_a_fresh_proof_of_the_provider() {
    let clock = Clock::fixed(Clock::system().now());
    let stub = Stub::start_at(clock.clone()).await;
    let app = TestApp::start_for(clock.clone(), &[], stub.providers()).await;
    let world = World { app, stub };
    let browser = world.app.anonymous();
    world
        .stub
        .behave(|b| b.claims = json!({ "groups": ["admins"] }));
    world.sign_in(&browser).await;
    let instance = browser.make_instance("Chat").await;
    clock.advance(16 * 60_000);
    let now = clock.now().0 / 1000;
    let delete = async || {
        let fields = [("target", &*target(&arn(&instance))), ("confirm", "Chat")];
        browser.call("/api/app-instances/delete", &fields).await
    };
    assert_eq!(delete().await.failure().cause, Cause::ProofNeeded);
    let page = browser.get("/unlock?next=%2Fgo").await.words();
    assert!(page.contains("Confirm with Acme"), "{page}");
    let refused = async |change: fn(&mut Behaviour), problem: ProviderProblem| {
        let answer = world.confirm(&browser, change).await;
        let page = browser.get(answer.location()).await.words();
        assert!(page.contains(problem.headline()), "{page}");
        assert_eq!(delete().await.failure().cause, Cause::ProofNeeded);
    };

    refused(|_| {}, ProviderProblem::NotFresh).await;
    refused(
        |b| b.claims = json!({ "auth_time": 1_600_000_000 }),
        ProviderProblem::NotFresh,
    )
    .await;
    refused(
        |b| b.claims = json!({ "auth_time": 9_999_999_999_i64 }),
        ProviderProblem::NotFresh,
    )
    .await;
    let answer = world
        .confirm(&browser, |b| {
            b.claims = json!({ "auth_time": now, "sub": "person-2" });
        })
        .await;
    let page = browser.get(answer.location()).await.words();
    let problem = ProviderProblem::OtherPerson;
    assert!(page.contains(problem.headline()), "{page}");
    assert_eq!(delete().await.failure().cause, Cause::ProofNeeded);
    let answer = world
        .confirm(&browser, |b| b.claims = json!({ "auth_time": now }))
        .await;

    assert_eq!(answer.location(), "/go");
    let unlocks = world.events().await.into_iter();
    let unlocks: Vec<_> = unlocks
        .filter(|event| event.event.name() == "UnlockWrites")
        .map(|event| event.phase)
        .collect();
    assert_eq!(unlocks, [Phase::Noted, Phase::Refused]);
    assert_eq!(delete().await.status, StatusCode::OK);
    // Somebody who is not signed in cannot confirm anything.
    let call = world
        .app
        .anonymous()
        .call("/api/session/confirm", &[])
        .await;
    assert_eq!(call.failure().cause, Cause::SignedOut);
}

#[tokio::test]
async fn whoever_has_an_authenticator_is_asked_for_its_code_after_the_provider_too() {
    let world = World::start().await;
    let browser = world.app.anonymous();
    assert_eq!(world.sign_in(&browser).await.location(), "/");
    let now = world.app.backend.clock().now();
    let (phone, _) = browser.set_up_authenticator(now).await;

    let other = world.app.anonymous();
    let half = world.sign_in(&other).await;
    let account = other.get("/account").await;
    let (wrong, right) = (phone.wrong_code(now), phone.next_code(now));
    let send = async |code: &str| {
        let fields = [("page", "/sign-in/code"), ("code", code), ("next", "")];
        other.post("/api/session/code", &fields).await
    };
    let refused = send(&wrong).await;
    let signed_in = send(&right).await;

    assert_eq!(half.location(), "/sign-in/code");
    assert_eq!(account.status, StatusCode::SEE_OTHER, "{}", account.text());
    assert_ne!(refused.location(), "/");
    assert_eq!(signed_in.location(), "/");
    assert_eq!(other.get("/account").await.status, StatusCode::OK);
}
