//! Signing in with a provider as people do: in two windows, with Back, too late, and when somebody is
//! signed in already.

use std::collections::HashMap;

use axum::http::StatusCode;
use backend::Clock;
use domain::ProviderProblem;
use serde_json::json;

use super::stub::{Behaviour, Stub};
use super::{World, come_back, follow, is, press};
use crate::support::{Answer, Browser, TestApp, assert_says};

const CODE: [(&str, &str); 1] = [("code", "abc")];

impl World {
    async fn start_at(clock: &Clock) -> Self {
        let stub = Stub::start_at(clock.clone()).await;
        let app = TestApp::start_for(clock.clone(), &[], stub.providers()).await;
        Self { app, stub }
    }

    /// The provider sends the browser back with an answer to this of its visits.
    async fn answer(&self, browser: &Browser, asked: &HashMap<String, String>) -> Answer {
        self.stub.visited(asked.clone());
        come_back(browser, asked, &CODE).await
    }

    async fn sessions(&self) -> i64 {
        let all = self
            .app
            .backend
            .accounts()
            .sessions()
            .count()
            .await
            .unwrap();
        all.values().sum()
    }
}

fn session_of(browser: &Browser) -> String {
    let cookies = browser.cookies().unwrap();
    let mut pairs = cookies.split("; ");
    let session = pairs.find(|pair| pair.starts_with("__Host-carillon="));
    session.unwrap().to_owned()
}

fn is_gone(answer: &Answer) {
    is(&(answer.status, answer.words()), ProviderProblem::Gone);
}

/// A console with a provider, and a browser that signed in with it.
async fn signed_in() -> (World, Browser) {
    let world = World::start().await;
    let browser = world.app.anonymous();
    assert_eq!(world.sign_in(&browser).await.location(), "/");
    (world, browser)
}

#[tokio::test]
async fn two_windows_sign_in_at_once_and_each_comes_to_its_own_page() {
    let world = World::start().await;
    let browser = world.app.anonymous();
    let first = world.leave(&browser, "/account").await;
    let second = world.leave(&browser, "/audit?q=1").await;

    let second = world.answer(&browser, &second).await;
    let before = session_of(&browser);
    let first = world.answer(&browser, &first).await;

    assert_eq!(second.location(), "/audit?q=1");
    assert_eq!(first.location(), "/account");
    assert_eq!(world.stub.wrong(), [""; 0]);
    assert_ne!(session_of(&browser), before);
    assert_eq!(world.sessions().await, 1);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn two_windows_whose_buttons_are_pressed_at_the_same_moment_are_one_browser() {
    let world = World::start().await;
    let browser = world.app.anonymous();
    browser.get("/sign-in").await;
    // Neither answer is there when the other is asked for.
    let other = browser.twin();
    let (first, second) = (
        press(&browser, "/account").await,
        press(&other, "/go").await,
    );
    let first = follow(&world.stub, &browser, first.location()).await;
    let second = follow(&world.stub, &other, second.location()).await;

    // What the second answer set is what the browser has: its windows share one store of cookies.
    let browser = other;
    assert_eq!(world.answer(&browser, &first).await.location(), "/account");
    assert_eq!(world.answer(&browser, &second).await.location(), "/go");
}

#[tokio::test]
async fn whoever_comes_back_to_a_try_that_is_done_goes_on_to_where_it_led() {
    let world = World::start().await;
    let browser = world.app.anonymous();
    let leaving = press(&browser, "/account").await.location().to_owned();
    let asked = follow(&world.stub, &browser, &leaving).await;
    assert_eq!(world.answer(&browser, &asked).await.location(), "/account");
    let (session, redeemed) = (session_of(&browser), world.stub.calls("token"));

    // The same address again, another answer of the provider, a refusal, and the page on the way.
    for query in [
        &CODE[..],
        &[("code", "another")],
        &[("error", "access_denied")],
    ] {
        let again = come_back(&browser, &asked, query).await;
        assert_eq!(again.location(), "/account");
    }
    assert_eq!(browser.get(&leaving).await.location(), "/account");
    // A state of nobody leads somewhere too.
    let unknown = browser
        .get("/sign-in/oidc/acme/callback?code=abc&state=x")
        .await;
    assert_eq!(unknown.location(), "/");

    assert_eq!(session_of(&browser), session);
    assert_eq!(world.stub.calls("token"), redeemed);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_try_that_is_over_says_so_and_still_knows_where_it_was_to_lead() {
    let world = World::start().await;
    let browser = world.app.anonymous();
    let keeps = |answer: &Answer| {
        let text = answer.text();
        assert!(text.contains(r#"value="/account""#), "{text}");
    };

    // Cancelled, and then Back to the provider, which gives a code after all.
    let leaving = press(&browser, "/account").await.location().to_owned();
    let asked = follow(&world.stub, &browser, &leaving).await;
    let cancelled = come_back(&browser, &asked, &[("error", "access_denied")]).await;
    keeps(&cancelled);
    let again = world.answer(&browser, &asked).await;
    is_gone(&again);
    keeps(&again);
    let back = browser.get(&leaving).await;
    assert_eq!(back.location(), "/sign-in?next=%2Faccount");

    // Done, and the session has ended since.
    let window = browser.twin();
    let asked = world.leave(&browser, "/account").await;
    assert_eq!(world.answer(&browser, &asked).await.location(), "/account");
    let again = come_back(&window, &asked, &CODE).await;
    is_gone(&again);
    keeps(&again);
    assert_eq!(window.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_comes_back_too_late_does_not_lose_their_page() {
    let clock = Clock::fixed(Clock::system().now());
    let world = World::start_at(&clock).await;
    let browser = world.app.anonymous();
    let asked = world.leave(&browser, "/account").await;

    clock.advance(600_000);
    let late = world.answer(&browser, &asked).await;
    is_gone(&late);
    assert!(late.text().contains(r#"value="/account""#));
    assert_eq!(world.stub.calls("token"), 0);

    // Nothing is held for longer than an hour.
    clock.advance(50 * 60_000);
    let later = world.answer(&browser, &asked).await;
    is_gone(&later);
    assert!(!later.text().contains(r#"value="/account""#));
}

#[tokio::test]
async fn somebody_who_is_signed_in_becomes_somebody_else_by_a_new_session_only() {
    let (world, browser) = signed_in().await;
    let before = browser.cookies().unwrap();
    let page = browser.get("/sign-in?next=%2Faccount").await;
    assert_says(&page.words(), &["You are signed in as ann"]);
    assert!(page.text().contains(r#"href="/account""#));

    // As the same, then as somebody else.
    assert_eq!(world.sign_in(&browser).await.location(), "/");
    assert_ne!(session_of(&browser), before);
    world.stub.behave(|b| {
        b.claims = json!({ "sub": "person-2", "preferred_username": "bo" });
    });
    let asked = world.leave(&browser, "/account").await;
    assert_eq!(world.answer(&browser, &asked).await.location(), "/account");

    let account = browser.get("/account").await.words();
    assert!(account.contains("Username bo"), "{account}");
    assert_eq!(world.sessions().await, 1);
    let thief = world.app.anonymous();
    let headers = [("cookie", &*before)];
    let old = thief.send(axum::http::Method::GET, "/account", &headers, "");
    assert_eq!(old.await.status, StatusCode::SEE_OTHER);
    // What ann began leads bo on, and makes nobody ann.
    let again = come_back(&browser, &asked, &CODE).await;
    assert_eq!(again.location(), "/account");
}

#[tokio::test]
async fn a_try_that_fails_leaves_who_is_signed_in_where_they_are() {
    let (world, browser) = signed_in().await;

    let asked = world.leave(&browser, "/account").await;
    let cancelled = come_back(&browser, &asked, &[("error", "access_denied")]).await;

    let found = (cancelled.status, cancelled.words());
    is(&found, ProviderProblem::Cancelled);
    assert!(found.1.contains("You are signed in as ann"), "{}", found.1);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_waits_for_their_code_comes_back_to_it() {
    let (world, browser) = signed_in().await;
    let now = world.app.backend.clock().now();
    browser.set_up_authenticator(now).await;
    let other = world.app.anonymous();
    let asked = world.leave(&other, "/account").await;
    let code_page = "/sign-in/code?next=%2Faccount";
    assert_eq!(world.answer(&other, &asked).await.location(), code_page);

    let again = come_back(&other, &asked, &CODE).await;

    assert_eq!(again.location(), code_page);
    assert_eq!(other.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_proof_that_is_done_is_not_asked_for_again_by_back() {
    let (world, browser) = signed_in().await;
    let asked = super::leave_to_confirm(&world.stub, &browser).await;
    let now = world.app.backend.clock().now().0 / 1000;
    world.stub.behave(|b| {
        *b = Behaviour {
            claims: json!({ "auth_time": now }),
            ..Behaviour::default()
        };
    });
    assert_eq!(world.answer(&browser, &asked).await.location(), "/go");

    assert_eq!(come_back(&browser, &asked, &CODE).await.location(), "/go");

    // One that failed is still to be done.
    let asked = super::leave_to_confirm(&world.stub, &browser).await;
    for _ in 0..2 {
        let failed = come_back(&browser, &asked, &[("error", "access_denied")]).await;
        assert!(failed.location().starts_with("/unlock?next=%2Fgo"));
    }
}

#[tokio::test]
async fn an_office_behind_one_address_signs_in_at_once() {
    let world = World::start().await;
    let browser = world.app.anonymous();
    let asked = world.leave(&browser, "/account").await;
    let backend = &world.app.backend;
    for _ in 0..30 {
        let origin = backend::Origin {
            remote: Some("127.0.0.1".parse().unwrap()),
            request_id: String::new(),
        };
        let back = "http://127.0.0.1/sign-in/oidc/acme/callback";
        let purpose = backend::oidc::Purpose::SignIn;
        let begun = backend
            .accounts()
            .start_sign_in("acme", "somebody", back, "/", purpose, &origin);
        begun.await.unwrap();
    }

    assert_eq!(world.answer(&browser, &asked).await.location(), "/account");
}
