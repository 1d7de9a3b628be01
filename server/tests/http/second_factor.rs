//! Authenticators over HTTP: setting one up, signing in with its codes, recovery codes.

use axum::http::StatusCode;
use backend::{Clock, OperatorId};
use domain::{Cause, Field, Problem, Role};

use crate::support::{
    Answer, Browser, CREATE_CALL, PASSWORD, Phone, SIGN_IN, TestApp, assert_says, changed,
    credentials, instance_form, only_problem, recovery_codes,
};

const PAGE: &str = "/account/authenticator";
const CODE: &str = "/sign-in/code";
const STEP: i64 = 30_000;
const MINUTE: i64 = 60_000;

/// Somebody with an authenticator.
struct World {
    app: TestApp,
    clock: Clock,
    name: String,
    browser: Browser,
    phone: Phone,
    codes: Vec<String>,
}

impl World {
    /// The id of the operator whom the test is about.
    async fn id(&self) -> OperatorId {
        let accounts = self.app.backend.accounts();
        accounts.by_name(&self.name).await.unwrap().unwrap().id
    }

    async fn start(role: Role) -> Self {
        let clock = Clock::fixed(Clock::system().now());
        let app = TestApp::start_at(clock.clone(), &["--emulator-control"]).await;
        let (id, browser) = app.sign_in(role).await;
        let name = app.username(&id).await;
        let (phone, codes) = browser.set_up_authenticator(clock.now()).await;
        clock.advance(STEP);
        Self {
            app,
            clock,
            name,
            browser,
            phone,
            codes,
        }
    }

    fn code(&self) -> String {
        self.phone.code(self.clock.now())
    }

    /// A browser whose user typed the password.
    async fn half(&self) -> Browser {
        let browser = self.app.anonymous();
        let answer = browser.sign_in(&self.name, PASSWORD).await;
        assert_eq!(answer.location(), CODE);
        browser
    }

    async fn refused(&self, code: &str) -> Cause {
        let browser = self.half().await;
        let fields = [("code", code), ("next", "")];
        browser
            .call("/api/session/code", &fields)
            .await
            .failure()
            .cause
    }
}

async fn type_code(browser: &Browser, code: &str, next: &str) -> Answer {
    let fields = [("page", CODE), ("code", code), ("next", next)];
    browser.post("/api/session/code", &fields).await
}

#[tokio::test]
async fn whoever_was_signed_in_before_is_no_longer_once_a_code_is_asked_for() {
    let world = World::start(Role::Viewer).await;
    let (_, browser) = world.app.sign_in(Role::Operator).await;
    // A message for the next page, which is not opened.
    browser.call("/api/account/end-others", &[]).await;

    let half = browser.sign_in(&world.name, PASSWORD).await;

    assert_eq!(half.location(), CODE);
    let page = browser.get(CODE).await;
    assert!(!page.text().contains("Other sessions ended"));
    let account = browser.get("/account").await;
    assert_eq!(account.location(), "/sign-in?next=%2Faccount");
    let mut database = world.app.open_database().await;
    let waiting = "SELECT data FROM sessions WHERE operator IS NULL";
    let waiting: Vec<String> = sqlx::query_scalar(waiting)
        .fetch_all(&mut database)
        .await
        .unwrap();
    let [data] = &waiting[..] else {
        panic!("{waiting:?}")
    };
    for name in ["operator", "visitor", "flashes", "proved", "standing"] {
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data.get(name), None, "{name}");
    }
    assert_eq!(type_code(&browser, &world.code(), "").await.location(), "/");
}

#[tokio::test]
async fn an_authenticator_is_set_up_by_its_first_code() {
    let clock = Clock::fixed(Clock::system().now());
    let app = TestApp::start_at(clock.clone(), &[]).await;
    let (_, browser) = app.sign_in(Role::Viewer).await;
    let account = browser.get("/account").await;
    assert!(account.words().contains("Set up authenticator"));
    let none = browser.get(PAGE).await;
    assert!(!none.text().contains("otpauth:"), "nothing was begun");

    let phone = browser.begin_authenticator().await;

    let page = browser.get(PAGE).await;
    assert!(page.text().contains("class=\"qr\""));
    assert!(page.text().contains("href=\"otpauth://totp/Carillon:"));
    assert!(!page.text().contains("type=\"hidden\" name=\"secret\""));
    for (code, problem) in [
        ("", Problem::Empty),
        (&*phone.wrong_code(clock.now()), Problem::WrongCode),
    ] {
        let call = "/api/account/authenticator/confirm";
        let failure = browser.call(call, &[("code", code)]).await.failure();
        assert_eq!(only_problem(&failure), (Field::OneTimeCode, &problem));
    }
    let fields = [
        ("page", PAGE),
        ("form", "authenticator-code"),
        ("code", "123 45"),
    ];
    let back = browser
        .post("/api/account/authenticator/confirm", &fields)
        .await;
    let again = browser.get(back.location()).await;
    assert!(again.words().contains("This code is not right"));
    assert_eq!(
        again.value_of("code").as_deref(),
        Some(""),
        "a code is not kept"
    );
    let code = phone.code(clock.now());
    let done = browser
        .post("/api/account/authenticator/confirm", &[("code", &*code)])
        .await;
    let told = browser.get(done.location()).await;
    let codes = recovery_codes(&told);
    assert_eq!(codes.len(), 10);
    assert!(told.words().contains("Authenticator set up"));

    let once = browser.get(done.location()).await;
    assert!(recovery_codes(&once).is_empty());
    assert!(once.words().contains("not shown again"));
    assert!(!once.text().contains("otpauth:"));
    let account = browser.read("/account").await;
    assert_says(&account, &["Recovery codes left 10"]);
}

#[tokio::test]
async fn after_the_password_a_code_is_asked_for_and_the_way_and_the_form_are_kept() {
    let world = World::start(Role::Operator).await;
    let browser = world.app.anonymous();
    let asked = browser
        .post(CREATE_CALL, &instance_form("t-1", "Typed name"))
        .await;
    let page = browser.get(asked.location()).await;
    let next = page.value_of("next").unwrap();
    let there = [("page", asked.location()), ("next", &*next)];
    let form = changed(&credentials(&world.name, PASSWORD), &there);

    let half = browser.post(SIGN_IN, &form).await;

    assert!(
        half.location()
            .starts_with("/sign-in/code?next=%2Fembedded"),
        "{}",
        half.location()
    );
    let page = browser.get(half.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.value_of("next"), Some(next.clone()));
    let fields = [
        ("page", half.location()),
        ("next", &*next),
        ("code", "000000"),
    ];
    let wrong = browser.post("/api/session/code", &fields).await;
    let page = browser.get(wrong.location()).await;
    assert_says(&page.words(), &[&Cause::BadCode.headline()]);
    assert_eq!(page.value_of("next"), Some(next.clone()));
    let done = type_code(&browser, &world.code(), &next).await;
    assert_eq!(done.location(), next);
    let form = browser.get(&next).await;
    assert_eq!(form.value_of("name").as_deref(), Some("Typed name"));
    let elsewhere = world.half().await;
    world.clock.advance(STEP);
    let done = type_code(&elsewhere, &world.code(), "//evil.example").await;
    assert_eq!(done.location(), "/");
}

#[tokio::test]
async fn half_a_sign_in_has_no_rights_and_each_step_has_its_own_id() {
    let world = World::start(Role::Admin).await;
    let half = world.half().await;
    let first = half.cookies().unwrap();

    assert_eq!(
        half.get("/account").await.location(),
        "/sign-in?next=%2Faccount"
    );
    for call in [
        "/api/account/end-others",
        "/api/session/unlock",
        "/api/operators/invite",
    ] {
        let refused = half
            .call(call, &[("password", PASSWORD), ("next", "")])
            .await;
        assert_eq!(refused.failure().cause, Cause::SignedOut, "{call}");
    }
    let sessions = world.browser.get("/account").await;
    assert!(
        !sessions.words().contains("End session"),
        "it is no session of theirs"
    );

    type_code(&half, &world.code(), "").await;

    assert_eq!(half.get("/account").await.status, StatusCode::OK);
    assert_ne!(half.cookies().unwrap(), first);
    assert_eq!(
        world.app.open_with(&first, "/").await.location(),
        "/sign-in"
    );
    // A person who signs in as somebody else is nobody until the code is right.
    let before = half.cookies().unwrap();
    half.sign_in(&world.name, PASSWORD).await;
    assert_eq!(half.get("/").await.location(), "/sign-in");
    assert_eq!(
        world.app.open_with(&before, "/").await.location(),
        "/sign-in"
    );
}

#[tokio::test]
async fn the_same_code_is_not_taken_twice() {
    let world = World::start(Role::Viewer).await;
    let code = world.code();
    let first = world.half().await;
    assert_eq!(type_code(&first, &code, "").await.location(), "/");

    assert_eq!(world.refused(&code).await, Cause::BadCode);

    let next = world.phone.next_code(world.clock.now());
    let second = world.half().await;
    assert_eq!(type_code(&second, &next, "").await.location(), "/");
}

#[tokio::test]
async fn a_recovery_code_signs_in_once() {
    let world = World::start(Role::Viewer).await;
    let browser = world.half().await;
    let typed = world.codes[2].to_uppercase().replace('-', "");
    assert_eq!(type_code(&browser, &typed, "").await.location(), "/");

    assert_eq!(world.refused(&world.codes[2]).await, Cause::BadCode);

    let account = browser.read("/account").await;
    assert_says(&account, &["Recovery codes left 9"]);
}

#[tokio::test]
async fn wrong_codes_are_slowed_down_like_wrong_passwords() {
    let world = World::start(Role::Viewer).await;
    let wrong = world.phone.wrong_code(world.clock.now());
    let browser = world.half().await;
    let fields = [("code", &*wrong), ("next", "")];
    for _ in 0..3 {
        let refused = browser.call("/api/session/code", &fields).await;
        let found = (refused.status, refused.failure().cause);
        assert_eq!(found, (StatusCode::UNAUTHORIZED, Cause::BadCode));
    }

    let slowed = browser.call("/api/session/code", &fields).await;

    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    let form = credentials(&world.name, PASSWORD);
    let password = world.app.anonymous().call(SIGN_IN, &form).await;
    assert_eq!(password.status, StatusCode::TOO_MANY_REQUESTS);
    world.clock.advance(2000);
    assert_eq!(type_code(&browser, &world.code(), "").await.location(), "/");
}

#[tokio::test]
async fn the_first_step_is_good_for_five_minutes() {
    let world = World::start(Role::Viewer).await;
    let browser = world.half().await;
    world.clock.advance(5 * MINUTE);

    let fields = [
        ("page", "/sign-in/code?next=%2Faccount"),
        ("code", &*world.code()),
        ("next", "/account"),
    ];
    let late = browser.post("/api/session/code", &fields).await;

    let page = browser.get(late.location()).await;
    assert_eq!(page.location(), "/sign-in?next=%2Faccount");
    let nobody = world.app.anonymous();
    assert_eq!(
        nobody.get("/sign-in/code?next=%2Faccount").await.location(),
        "/sign-in?next=%2Faccount"
    );
    let refused = nobody
        .call("/api/session/code", &[("code", "123456"), ("next", "")])
        .await;
    assert_eq!(refused.failure().cause, Cause::SignedOut);
}

#[tokio::test]
async fn a_link_to_choose_a_password_is_no_way_around_the_code() {
    let world = World::start(Role::Viewer).await;
    let (_, admin) = world.app.sign_in(Role::Admin).await;
    let id = world.id().await;
    let reset = admin
        .post("/api/operators/reset", &[("id", id.as_str())])
        .await;
    let page = admin.get(reset.location()).await;
    let browser = world.app.anonymous();
    let fields = [
        ("token", page.invitation_token()),
        ("new_password", "seven bells for the late watch"),
    ];

    let chosen = browser.post("/api/session/accept", &fields).await;

    assert_eq!(chosen.location(), CODE);
    assert_eq!(browser.get("/").await.location(), "/sign-in");
    assert_eq!(type_code(&browser, &world.code(), "").await.location(), "/");
}

#[tokio::test]
async fn it_is_removed_and_renewed_by_who_proved_lately_who_they_are() {
    let world = World::start(Role::Viewer).await;
    world.clock.advance(15 * MINUTE);
    for call in ["remove", "recovery-codes"] {
        let call = format!("/api/account/authenticator/{call}");
        let refused = world.browser.call(&call, &[]).await;
        assert_eq!(refused.failure().cause, Cause::ProofNeeded, "{call}");
    }
    let asked = world
        .browser
        .post("/api/account/authenticator/remove", &[("page", PAGE)])
        .await;
    assert!(
        asked
            .location()
            .starts_with("/unlock?next=%2Faccount%2Fauthenticator")
    );
    let form = world.browser.get(asked.location()).await;
    assert!(form.value_of("code").is_some() && form.value_of("password").is_some());
    let unlock = [("code", &*world.code()), ("next", PAGE)];
    let unlocked = world.browser.post("/api/session/unlock", &unlock).await;
    assert_eq!(unlocked.location(), PAGE);

    let renewed = world
        .browser
        .post(
            "/api/account/authenticator/recovery-codes",
            &[("page", PAGE)],
        )
        .await;
    let new = recovery_codes(&world.browser.get(renewed.location()).await);
    assert_eq!(world.refused(&world.codes[0]).await, Cause::BadCode);
    let half = world.half().await;
    assert_eq!(type_code(&half, &new[0], "").await.location(), "/");
    let removed = world
        .browser
        .post("/api/account/authenticator/remove", &[("page", PAGE)])
        .await;
    assert_eq!(removed.location(), "/account");
    let signed_in = world.app.anonymous().sign_in(&world.name, PASSWORD).await;
    assert_eq!(signed_in.location(), "/");
}

#[tokio::test]
async fn an_admin_resets_it_for_somebody_who_lost_it() {
    let world = World::start(Role::Viewer).await;
    let (_, admin) = world.app.sign_in(Role::Admin).await;
    let id = world.id().await;
    let page = format!("/operators/{id}");
    assert!(admin.read(&page).await.contains("Reset authenticator"));
    let fields = [("page", &*page), ("id", id.as_str())];
    let themselves = world
        .browser
        .call("/api/operators/reset-authenticator", &fields)
        .await;
    assert_eq!(themselves.status, StatusCode::FORBIDDEN);

    let done = admin
        .post("/api/operators/reset-authenticator", &fields)
        .await;

    assert_eq!(done.location(), page);
    assert_eq!(world.browser.get("/").await.location(), "/sign-in");
    let signed_in = world.app.anonymous().sign_in(&world.name, PASSWORD).await;
    assert_eq!(signed_in.location(), "/");
    let again = admin
        .call("/api/operators/reset-authenticator", &fields)
        .await;
    assert_eq!(again.failure().cause, Cause::Conflict);
    assert!(!admin.read(&page).await.contains("Reset authenticator"));
}

#[tokio::test]
async fn whose_codes_are_refused_keeps_the_sessions_they_have() {
    let world = World::start(Role::Operator).await;
    let mut database = world.app.open_database().await;
    // What a hundred wrong ones do.
    let refused = "INSERT OR REPLACE INTO wrong_codes (operator, day, codes, refused_since) \
         SELECT id, 0, 100, 1 FROM operators";
    sqlx::raw_sql(refused).execute(&mut database).await.unwrap();
    let half = world.half().await;

    let fields = [("code", &*world.code()), ("next", "")];
    let sign_in = half.call("/api/session/code", &fields).await;
    let unlock = world.browser.call("/api/session/unlock", &fields).await;

    for answer in [sign_in, unlock] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.failure().cause, Cause::CodesRefused);
    }
    assert_eq!(half.get("/account").await.status, StatusCode::SEE_OTHER);
    let account = world.browser.get("/account").await;
    assert_eq!(account.status, StatusCode::OK);
    let written = world.browser.make_instance("Still here").await;
    assert_eq!(world.browser.get(&written).await.status, StatusCode::OK);
}
