//! Device tokens in full: who is shown them, and when they are asked for a proof first.

use axum::http::StatusCode;
use backend::{Clock, OperatorChange, OperatorId, Phase};
use domain::{Cause, Role};

use crate::support::{Answer, Browser, PASSWORD, TestApp, arn, target};

const REVEAL: &str = "/api/endpoints/reveal";
const TOKEN: &str = "device-token-abcd";
const MINUTE: i64 = 60_000;

/// An Operator in front of an endpoint.
struct World {
    app: TestApp,
    clock: Clock,
    operator: OperatorId,
    browser: Browser,
    endpoint: String,
}

impl World {
    async fn start(environment: &str) -> Self {
        let clock = Clock::fixed(Clock::system().now());
        let options = ["--environment", environment, "--emulator-control"];
        let app = TestApp::start_at(clock.clone(), &options).await;
        let (operator, browser) = app.sign_in(Role::Operator).await;
        let instance = browser.make_instance("Chat").await;
        let user = browser.make_user(&instance, "ana", "Ana").await;
        let endpoint = browser.make_endpoint(&user, "Phone", TOKEN).await;
        Self {
            app,
            clock,
            operator,
            browser,
            endpoint,
        }
    }

    fn fields(&self) -> [(&str, String); 3] {
        let id = self.endpoint.rsplit('/').next().unwrap();
        let user = self.endpoint.rsplit_once("/endpoints/").unwrap().0;
        [
            ("page", self.endpoint.clone()),
            ("target", target(&arn(user))),
            ("id", id.to_owned()),
        ]
    }

    async fn reveal(&self) -> Answer {
        let fields = self.fields();
        let fields = fields.each_ref().map(|(name, value)| (*name, &**value));
        self.browser.post(REVEAL, &fields).await
    }

    /// How often AWS was asked for the endpoint.
    async fn asked(&self) -> u64 {
        let calls = self.app.calls().await;
        calls["DescribeAppInstanceUserEndpoint"]
    }
}

#[tokio::test]
async fn revealing_tokens_in_production_asks_again_after_fifteen_minutes_and_comes_back() {
    let world = World::start("production").await;
    let in_time = world.browser.get(&world.endpoint).await;
    world.clock.advance(15 * MINUTE);

    let locked = world.browser.get(&world.endpoint).await;
    let asked = world.asked().await;
    let refused = world.reveal().await;

    assert!(in_time.text().contains("action=\"/api/endpoints/reveal\""));
    assert!(!locked.text().contains("action=\"/api/endpoints/reveal\""));
    assert!(locked.words().contains("Reveal (unlock writes first)"));
    let next = refused.next_after("/unlock");
    assert!(next.starts_with(&world.endpoint), "{next}");
    assert_eq!(world.asked().await, asked, "AWS was not asked");
    let rows = world.app.newest_entries_of("RevealDeviceTokens", 9).await;
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!(
        (row.phase, row.failure.as_deref()),
        (Phase::Refused, Some("proof-needed"))
    );
    let fields = [("page", "/unlock"), ("password", PASSWORD), ("next", &next)];
    let unlocked = world.browser.post("/api/session/unlock", &fields).await;
    assert_eq!(unlocked.location(), next);
    let back = world.browser.get(&next).await;
    assert!(back.text().contains("action=\"/api/endpoints/reveal\""));
    let revealed = world.reveal().await;
    let shown = world.browser.read(revealed.location()).await;
    assert!(shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn a_program_is_told_why_and_elsewhere_nothing_is_asked() {
    for (environment, expected) in [
        ("production", StatusCode::FORBIDDEN),
        ("sandbox", StatusCode::OK),
    ] {
        let world = World::start(environment).await;
        world.clock.advance(15 * MINUTE);
        let fields = world.fields();
        let fields = fields.each_ref().map(|(name, value)| (*name, &**value));

        let answer = world.browser.call(REVEAL, &fields).await;

        assert_eq!(answer.status, expected, "{environment}");
        if expected == StatusCode::FORBIDDEN {
            assert_eq!(answer.failure().cause, Cause::ProofNeeded);
        }
    }
}

#[tokio::test]
async fn tokens_that_wait_to_be_shown_are_not_shown_to_who_lost_the_role() {
    let world = World::start("sandbox").await;
    let revealed = world.reveal().await;
    // A console without an Admin refuses every change of a role.
    world.app.sign_in(Role::Admin).await;
    let demote = OperatorChange::Role(Role::Viewer);
    world.app.change_operator(&world.operator, demote).await;

    let page = world.browser.get(revealed.location()).await;

    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains(TOKEN));
}
