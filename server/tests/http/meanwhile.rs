//! What happens between the check of a right and its use: every change that takes something away,
//! beside everything that somebody may be doing then. A request is held at a named point, the change
//! is made, and the request is let go.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use backend::oidc::Providers;
use backend::{
    AuditFilter, Caller, Clock, Operator, OperatorChange, OperatorId, Phase, Point,
    points::HeldRequest,
};
use domain::{Cause, Grant, Role};
use serde_json::json;

use crate::oidc::stub::Stub;
use crate::oidc::{come_back, follow, leave_to_confirm, press};
use crate::support::{
    Answer, Browser, CREATE_CALL, PASSWORD, TestApp, arn, credentials, instance_fields, target,
};

const OTHER: &str = "seven bells for the late watch";
const THIRD: &str = "nine lanterns along the quiet quay";
/// What the role covers after a change of it: not where everything here happens.
const ELSEWHERE: &str = "embedded/eu-central-1";
/// More than one piece of an export.
const ROWS: u32 = 1200;

/// What is changed meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Reset,
    Disable,
    /// And enabled again: a person who was inside stays outside.
    DisableAndEnable,
    SignOut,
    Role,
    Scope,
    Password,
}

impl Change {
    const ALL: [Self; 7] = [
        Self::Reset,
        Self::Disable,
        Self::DisableAndEnable,
        Self::SignOut,
        Self::Role,
        Self::Scope,
        Self::Password,
    ];

    const fn ends_sessions(self) -> bool {
        !matches!(self, Self::Role | Self::Scope)
    }
}

/// Somebody with a session, and with a window in which they change their password.
struct Person {
    operator: Operator,
    browser: Arc<Browser>,
    window: Browser,
}

/// One dashboard for all cases of a test.
struct World {
    app: TestApp,
    admin: Caller,
}

impl World {
    async fn new(options: &[&str]) -> Self {
        Self::with(options, Providers::default()).await
    }

    async fn with(options: &[&str], providers: Providers) -> Self {
        let app = TestApp::start_for(Clock::system(), options, providers).await;
        let operators = app.backend.accounts();
        let root = operators.add("root", PASSWORD, Role::Admin).await.unwrap();
        let admin = Caller {
            operator: root.id,
            username: root.username,
            role: root.role,
            grant: root.grant,
            remote: None,
            request_id: String::new(),
            proved: Some(app.backend.clock().now()),
            session: None,
            changes: backend::Changes::default(),
        };
        Self { app, admin }
    }

    async fn person(&self) -> Person {
        let (id, browser) = self.app.sign_in(Role::Operator).await;
        let operator = self.operator(&id).await;
        let window = self.window(&operator).await;
        Person {
            operator,
            browser: Arc::new(browser),
            window,
        }
    }

    async fn operator(&self, id: &OperatorId) -> Operator {
        let found = self.app.backend.accounts().get(id).await;
        found.unwrap().unwrap()
    }

    async fn window(&self, operator: &Operator) -> Browser {
        let window = self.app.anonymous();
        let fields = credentials(&operator.username, PASSWORD);
        let answer = window.post("/api/session/sign-in", &fields).await;
        assert_eq!(answer.location(), "/");
        window
    }

    async fn make(&self, change: Change, person: &Person) {
        let backend = &self.app.backend;
        let elsewhere: Grant = ELSEWHERE.parse().unwrap();
        let mut changes = match change {
            Change::Reset => vec![OperatorChange::Reset],
            Change::Disable => vec![OperatorChange::Disable],
            Change::DisableAndEnable => vec![OperatorChange::Disable, OperatorChange::Enable],
            Change::SignOut => vec![OperatorChange::SignOut],
            Change::Role => vec![OperatorChange::Role(Role::Viewer)],
            Change::Scope => vec![OperatorChange::Grant(&elsewhere)],
            Change::Password => vec![],
        };
        for change in changes.drain(..) {
            let id = &person.operator.id;
            backend
                .accounts()
                .change_operator(&self.admin, id, change)
                .await
                .unwrap();
        }
        if change == Change::Password {
            let fields = [("current_password", PASSWORD), ("new_password", OTHER)];
            let answer = person.window.call("/api/account/password", &fields).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        }
    }

    /// Holds a request at a point, makes the change, and lets the request go.
    async fn during<T: Send + 'static>(
        &self,
        point: Point,
        change: Change,
        person: &Person,
        request: impl Future<Output = T> + Send + 'static,
    ) -> T {
        let mut held: HeldRequest = self.app.backend.points().hold(point);
        let request = tokio::spawn(request);
        held.is_there().await;
        self.make(change, person).await;
        drop(held);
        request.await.unwrap()
    }

    /// Finishes a sign-in by a call, in the middle of which a change is made. Nobody gets in by it
    /// whose sessions the change ends.
    async fn sign_in(
        &self,
        change: Change,
        person: &Person,
        browser: Browser,
        call: &str,
        fields: [(&'static str, String); 2],
    ) {
        let browser = Arc::new(browser);
        let (late, call) = (Arc::clone(&browser), format!("/api/session/{call}"));
        let sign_in = async move {
            let fields = fields.each_ref().map(|(name, value)| (*name, &**value));
            late.call(&call, &fields).await
        };
        let answer = self
            .during(Point::SignInNoted, change, person, sign_in)
            .await;

        let is_let_in = !change.ends_sessions();
        assert_eq!(answer.status.is_success(), is_let_in, "{change:?}");
        assert_eq!(is_inside(&browser).await, is_let_in, "{change:?}");
    }

    /// What was sent to AWS or done here, or would have been.
    async fn phases_of(&self, person: &Person, operation: &str) -> Vec<Phase> {
        let filter = AuditFilter {
            operator: Some(person.operator.id.to_string()),
            operation: Some(operation.to_owned()),
            ..AuditFilter::default()
        };
        let audit = self.app.backend.audit().whole();
        let entries = audit.recent(&filter, None, 10).await.unwrap();
        entries.iter().map(|entry| entry.phase).collect()
    }
}

async fn is_inside(browser: &Browser) -> bool {
    browser.get("/account").await.status == StatusCode::OK
}

fn new_instance(name: &str) -> Vec<(String, String)> {
    instance_fields("t-1", name)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

async fn create(browser: &Browser, name: &str) -> Answer {
    let fields = new_instance(name);
    let fields: Vec<_> = fields.iter().map(|(a, b)| (&**a, &**b)).collect();
    browser.call(CREATE_CALL, &fields).await
}

#[tokio::test]
async fn a_sign_in_beside_a_change() {
    let world = World::new(&[]).await;
    for point in [Point::PasswordChecked, Point::SignInNoted] {
        for change in Change::ALL {
            let case = format!("{change:?} at {point:?}");
            let person = world.person().await;
            let late = Arc::new(world.app.anonymous());
            let (browser, name) = (Arc::clone(&late), person.operator.username.clone());

            let sign_in = async move {
                let fields = credentials(&name, PASSWORD);
                browser.call("/api/session/sign-in", &fields).await
            };
            let answer = world.during(point, change, &person, sign_in).await;

            let is_let_in = !change.ends_sessions();
            assert_eq!(answer.status.is_success(), is_let_in, "{case}");
            assert_eq!(is_inside(&late).await, is_let_in, "{case}");
            assert_eq!(is_inside(&person.browser).await, is_let_in, "{case}");
            if is_let_in {
                assert!(!create(&late, "late").await.status.is_success(), "{case}");
            }
        }
    }
}

#[tokio::test]
async fn unlocking_beside_a_change() {
    let world = World::new(&[]).await;
    for point in [Point::PasswordChecked, Point::ProofNoted] {
        for change in Change::ALL {
            let case = format!("{change:?} at {point:?}");
            let person = world.person().await;
            let browser = Arc::clone(&person.browser);

            let unlock = async move {
                let fields = [("password", PASSWORD), ("next", "")];
                browser.call("/api/session/unlock", &fields).await
            };
            let answer = world.during(point, change, &person, unlock).await;

            let stays = !change.ends_sessions();
            assert_eq!(answer.status.is_success(), stays, "{case}");
            assert_eq!(is_inside(&person.browser).await, stays, "{case}");
        }
    }
}

#[tokio::test]
async fn a_write_beside_a_change() {
    let world = World::new(&[]).await;
    for change in Change::ALL {
        let person = world.person().await;
        let browser = Arc::clone(&person.browser);

        let write = async move { create(&browser, "meanwhile").await };
        let answer = world
            .during(Point::CallerFound, change, &person, write)
            .await;

        let cause = answer.failure().cause;
        let expected = match change {
            Change::Role => Cause::RoleNeeded(Role::Operator),
            Change::Scope => Cause::NoSuchPage,
            _ => Cause::SignedOut,
        };
        assert_eq!(cause, expected, "{change:?}");
        // Never begun, and the audit says so.
        assert_eq!(
            world.phases_of(&person, "CreateAppInstance").await,
            [Phase::Refused],
            "{change:?}"
        );
    }
}

#[tokio::test]
async fn a_read_beside_a_change() {
    let world = World::new(&[]).await;
    let owner = world.person().await;
    let made = create(&owner.browser, "Seen by who may").await;
    assert_eq!(made.status, StatusCode::OK);
    for change in Change::ALL {
        let person = world.person().await;
        let browser = Arc::clone(&person.browser);

        let read = async move { browser.get("/embedded/us-east-1/app-instances").await };
        let answer = world
            .during(Point::CallerFound, change, &person, read)
            .await;

        let may = change == Change::Role;
        assert_eq!(answer.text().contains("Seen by who may"), may, "{change:?}");
        assert_eq!(answer.status.is_success(), may, "{change:?}");
    }
}

/// What the rest of a session's calls are tried on.
struct Things {
    /// An entry of the audit whose outcome is unknown.
    entry: String,
    user: String,
    endpoint: String,
}

impl Things {
    async fn make(world: &World) -> Self {
        let owner = world.person().await.browser;
        let instance = owner.make_instance("Chat").await;
        let lost = owner.make_user(&instance, "bo", "Bo").await;
        let entry = world.app.lose_the_answer_to_delete(&owner, &lost).await;
        let user = owner.make_user(&instance, "ana", "Ana").await;
        let endpoint = owner.make_endpoint(&user, "Phone", "device-token").await;
        Self {
            entry: entry.to_string(),
            user: arn(&user),
            endpoint: endpoint.rsplit('/').next().unwrap().to_owned(),
        }
    }

    /// Brings somebody as far as a call needs, and answers what it is called with.
    async fn fields(&self, world: &World, call: &str, person: &Person) -> Vec<(String, String)> {
        let browser = &person.browser;
        let now = world.app.backend.clock().now();
        let fields = match call {
            "audit/look" => vec![("entry", self.entry.clone())],
            "endpoints/reveal" => vec![
                ("target", target(&self.user)),
                ("id", self.endpoint.clone()),
            ],
            "account/password" => vec![
                ("current_password", PASSWORD.to_owned()),
                ("new_password", THIRD.to_owned()),
            ],
            "account/end-session" => {
                let sessions = world.app.backend.accounts().sessions();
                let listed = sessions.list_of(&person.operator.id).await.unwrap();
                vec![("key", listed[0].sid.clone())]
            }
            "account/authenticator/confirm" => {
                vec![("code", browser.begin_authenticator().await.code(now))]
            }
            "account/authenticator/recovery-codes" | "account/authenticator/remove" => {
                browser.set_up_authenticator(now).await;
                vec![]
            }
            _ => vec![],
        };
        let owned = fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        owned.collect()
    }
}

/// The other calls that use a right, with what the audit calls them.
const CALLS: [(&str, &str); 9] = [
    ("audit/look", "LookAgain"),
    ("endpoints/reveal", "RevealDeviceTokens"),
    ("account/password", "ChangePassword"),
    ("account/authenticator/begin", "BeginAuthenticator"),
    ("account/authenticator/confirm", "SetUpAuthenticator"),
    ("account/authenticator/recovery-codes", "NewRecoveryCodes"),
    ("account/authenticator/remove", "RemoveAuthenticator"),
    ("account/end-others", "EndOtherSessions"),
    ("account/end-session", "EndSession"),
];

#[tokio::test]
async fn every_other_call_that_uses_a_right_beside_a_change() {
    let world = World::new(&["--emulator-control"]).await;
    let things = Things::make(&world).await;
    for (call, event) in CALLS {
        for change in Change::ALL {
            let case = format!("{call} beside {change:?}");
            let person = world.person().await;
            let fields = things.fields(&world, call, &person).await;
            let before = world.phases_of(&person, event).await.len();
            let (browser, path) = (Arc::clone(&person.browser), format!("/api/{call}"));

            let request = async move {
                let fields: Vec<_> = fields.iter().map(|(a, b)| (&**a, &**b)).collect();
                browser.call(&path, &fields).await
            };
            let answer = world
                .during(Point::CallerFound, change, &person, request)
                .await;

            let is_own = call.starts_with("account/");
            let may = is_own && !change.ends_sessions();
            assert_eq!(answer.status.is_success(), may, "{case}");
            let mut noted = world.phases_of(&person, event).await;
            noted.truncate(noted.len() - before);
            let own_password = call == "account/password" && change == Change::Password;
            let done = noted.iter().filter(|phase| **phase != Phase::Refused);
            // That one is of the window.
            assert_eq!(done.count(), usize::from(may || own_password), "{case}");
            if may {
                continue;
            }
            let told = answer.failure().cause;
            match change {
                Change::Role => assert_eq!(told, Cause::RoleNeeded(Role::Operator), "{case}"),
                Change::Scope => assert_eq!(told, Cause::NoSuchPage, "{case}"),
                // It is not the present one any more.
                _ if call == "account/password" => {
                    let known = matches!(told, Cause::Invalid(_) | Cause::SignedOut);
                    assert!(known, "{case}: {told:?}");
                }
                _ => assert_eq!(told, Cause::SignedOut, "{case}"),
            }
        }
    }
}

#[tokio::test]
async fn a_sign_in_by_a_code_beside_a_change() {
    let world = World::new(&[]).await;
    for change in Change::ALL {
        let person = world.person().await;
        let now = world.app.backend.clock().now();
        let (phone, _) = person.browser.set_up_authenticator(now).await;
        let late = world.app.anonymous();
        let form = credentials(&person.operator.username, PASSWORD);
        late.call("/api/session/sign-in", &form).await;

        let fields = [("code", phone.next_code(now)), ("next", String::new())];
        world.sign_in(change, &person, late, "code", fields).await;
    }
}

#[tokio::test]
async fn a_sign_in_by_a_link_beside_a_change() {
    let world = World::new(&[]).await;
    for change in Change::ALL {
        // A person without a password has no window to change it in.
        if change == Change::Password {
            continue;
        }
        let person = world.person().await;
        let id = &person.operator.id;
        let reset = OperatorChange::Reset;
        let reset = world
            .app
            .backend
            .accounts()
            .change_operator(&world.admin, id, reset);
        let token = reset.await.unwrap().unwrap();
        let late = world.app.anonymous();

        let fields = [("token", token), ("new_password", OTHER.to_owned())];
        world.sign_in(change, &person, late, "accept", fields).await;
    }
}

#[tokio::test]
async fn unlocking_by_a_code_beside_a_change() {
    let world = World::new(&[]).await;
    for point in [Point::CallerFound, Point::ProofNoted] {
        for change in Change::ALL {
            let case = format!("{change:?} at {point:?}");
            let person = world.person().await;
            let now = world.app.backend.clock().now();
            let (phone, _) = person.browser.set_up_authenticator(now).await;
            let (browser, code) = (Arc::clone(&person.browser), phone.next_code(now));

            let unlock = async move {
                let fields = [("code", &*code), ("next", "")];
                browser.call("/api/session/unlock", &fields).await
            };
            let answer = world.during(point, change, &person, unlock).await;

            let stays = !change.ends_sessions();
            assert_eq!(answer.status.is_success(), stays, "{case}");
            assert_eq!(is_inside(&person.browser).await, stays, "{case}");
        }
    }
}

/// What can be changed of somebody who signs in with a provider: they have no password.
const OF_THE_PROVIDERS: [Change; 5] = [
    Change::Disable,
    Change::DisableAndEnable,
    Change::SignOut,
    Change::Role,
    Change::Scope,
];

/// Somebody whom the provider lets in from now on, and who signed in here once.
async fn person_of(world: &World, stub: &Stub, name: &str) -> Person {
    let now = Clock::system().now().0 / 1000;
    stub.behave(|b| {
        b.claims = json!({ "sub": name, "preferred_username": name, "auth_time": now });
    });
    let browser = world.app.anonymous();
    let asked = follow(stub, &browser, press(&browser, "").await.location()).await;
    let answer = come_back(&browser, &asked, &[("code", "abc")]).await;
    assert_eq!(answer.location(), "/");
    let operator = world.app.backend.accounts().by_name(name).await;
    Person {
        operator: operator.unwrap().unwrap(),
        browser: Arc::new(browser),
        window: world.app.anonymous(),
    }
}

#[tokio::test]
async fn a_sign_in_with_a_provider_beside_a_change() {
    let stub = Stub::start().await;
    let world = World::with(&[], stub.providers()).await;
    for change in OF_THE_PROVIDERS {
        let person = person_of(&world, &stub, &format!("ann-{change:?}")).await;
        let late = Arc::new(world.app.anonymous());
        let asked = follow(&stub, &late, press(&late, "").await.location()).await;
        let browser = Arc::clone(&late);

        let sign_in = async move { come_back(&browser, &asked, &[("code", "abc")]).await };
        let answer = world
            .during(Point::SignInNoted, change, &person, sign_in)
            .await;

        let is_let_in = !change.ends_sessions();
        let is_sent_on = answer.status == StatusCode::SEE_OTHER;
        assert_eq!(is_sent_on, is_let_in, "{change:?}: {}", answer.words());
        assert_eq!(is_inside(&late).await, is_let_in, "{change:?}");
    }
}

#[tokio::test]
async fn unlocking_with_a_provider_beside_a_change() {
    let stub = Stub::start().await;
    let world = World::with(&[], stub.providers()).await;
    for point in [Point::CallerFound, Point::ProofNoted] {
        for change in OF_THE_PROVIDERS {
            let case = format!("{change:?} at {point:?}");
            let name = format!("bo-{change:?}-{point:?}");
            let person = person_of(&world, &stub, &name).await;
            let asked = leave_to_confirm(&stub, &person.browser).await;
            let browser = Arc::clone(&person.browser);

            let confirm = async move { come_back(&browser, &asked, &[("code", "abc")]).await };
            world.during(point, change, &person, confirm).await;

            let stays = !change.ends_sessions();
            assert_eq!(is_inside(&person.browser).await, stays, "{case}");
            let unlocks = world.phases_of(&person, "UnlockWrites").await;
            let is_noted = unlocks.contains(&Phase::Noted);
            assert_eq!(is_noted, stays || point == Point::ProofNoted, "{case}");
        }
    }
}

#[tokio::test]
async fn an_export_beside_a_change() {
    let world = World::new(&[]).await;
    fill_the_log(&world.app).await;
    for change in Change::ALL {
        let person = world.person().await;
        let cookies = person.browser.cookies().unwrap();
        let address = person.browser.address;

        let export = async move { lines_of_export(address, &cookies).await };
        let (lines, is_whole) = world
            .during(Point::PieceRead, change, &person, export)
            .await;

        assert!(!is_whole, "{change:?}");
        assert!(lines < ROWS as usize, "{change:?}: {lines}");
    }
    let person = world.person().await;
    let cookies = person.browser.cookies().unwrap();
    let (lines, is_whole) = lines_of_export(person.browser.address, &cookies).await;
    assert!(is_whole && lines >= ROWS as usize, "{lines}");
}

#[tokio::test]
async fn a_look_at_the_live_log_beside_a_change() {
    let world = World::new(&[]).await;
    let owner = world.person().await;
    create(&owner.browser, "In the log").await;
    for change in Change::ALL {
        let person = world.person().await;
        let browser = Arc::clone(&person.browser);

        let look = async move { browser.call("/api/audit/newest", &[("seen", "0")]).await };
        let answer = world
            .during(Point::CallerFound, change, &person, look)
            .await;

        let may = change == Change::Role;
        assert_eq!(
            answer.text().contains("Create AppInstance"),
            may,
            "{change:?}"
        );
        if change.ends_sessions() {
            assert_eq!(answer.failure().cause, Cause::SignedOut, "{change:?}");
        }
    }
}

#[tokio::test]
async fn a_look_at_an_unknown_outcome_beside_a_change() {
    let world = World::new(&["--emulator-control"]).await;
    let owner = world.person().await;
    let instance = owner.browser.make_instance("Support").await;
    for (number, change) in Change::ALL.into_iter().enumerate() {
        let user = format!("user-{number}");
        let user = owner.browser.make_user(&instance, &user, "Ana").await;
        let app = &world.app;
        let lost = app.lose_the_answer_to_delete(&owner.browser, &user).await;
        let person = world.person().await;
        let browser = Arc::clone(&person.browser);

        let look = async move {
            let fields = [("entry", &*lost.to_string())];
            browser.call("/api/audit/look", &fields).await
        };
        let answer = world
            .during(Point::OutcomeFound, change, &person, look)
            .await;

        assert!(!answer.status.is_success(), "{change:?}");
        let entry = world.app.backend.audit().whole().at_seq(lost).await;
        assert_eq!(entry.unwrap().unwrap().phase, Phase::Unknown, "{change:?}");
    }
}

#[tokio::test]
async fn an_admin_beside_a_change_of_themself() {
    let world = World::new(&[]).await;
    for change in Change::ALL {
        let (id, browser) = world.app.sign_in(Role::Admin).await;
        let operator = world.operator(&id).await;
        let window = world.window(&operator).await;
        let browser = Arc::new(browser);
        let person = Person {
            operator,
            browser: Arc::clone(&browser),
            window,
        };
        let own = id.to_string();

        // What an Admin did who held the last byte of a request back and was then disabled.
        let enable = async move {
            let fields = [("id", &*own)];
            browser.call("/api/operators/enable", &fields).await
        };
        let answer = world
            .during(Point::CallerFound, change, &person, enable)
            .await;

        assert!(!answer.status.is_success(), "{change:?}");
        let now = world.operator(&id).await;
        assert_eq!(now.disabled.is_some(), change == Change::Disable);
    }
}

/// Rows of a log that is longer than a piece of it, as another program can put them there.
async fn fill_the_log(app: &TestApp) {
    let mut database = app.open_database().await;
    let fill = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) \
         INSERT INTO audit (seq, entry, phase, at, username, request, connection, region, \
         operation, prev_hash, hash) SELECT 1000000 + i, 'row-' || i, 'refused', 0, 'x', 'r', \
         'embedded', 'us-east-1', 'DeleteAppInstanceUser', '', '' FROM n"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(fill))
        .execute(&mut database)
        .await
        .unwrap();
}

/// How many lines came, and whether the file ended as it should.
async fn lines_of_export(address: std::net::SocketAddr, cookies: &str) -> (usize, bool) {
    use http_body_util::BodyExt as _;
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;

    let client = Client::builder(TokioExecutor::new()).build_http::<axum::body::Body>();
    let request = axum::http::Request::builder()
        .method(Method::GET)
        .uri(format!("http://{address}/audit/export.jsonl"))
        .header("cookie", cookies)
        .body(axum::body::Body::empty())
        .unwrap();
    // Cut off before its head was sent is cut off too.
    let Ok(response) = client.request(request).await else {
        return (0, false);
    };
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body();
    let mut lines = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return (lines, false);
        };
        let data = frame.into_data().unwrap_or_default();
        lines += String::from_utf8_lossy(&data).matches('\n').count();
    }
    (lines, true)
}

#[tokio::test]
async fn a_session_that_gets_another_id_is_still_the_one_that_is_ended() {
    let world = World::new(&[]).await;
    for ends in ["end it", "sign out"] {
        let person = world.person().await;
        let browser = Arc::clone(&person.browser);
        let sessions = world.app.backend.accounts().sessions();
        let listed = sessions.list_of(&person.operator.id).await.unwrap();
        let window = person.window.twin();
        let mut held = world.app.backend.points().hold(Point::CallerFound);
        // Asked for with the id that the session has now.
        let end = if ends == "end it" {
            let sid = listed.last().unwrap().sid.clone();
            tokio::spawn(async move {
                let fields = [("key", &*sid)];
                window.call("/api/account/end-session", &fields).await
            })
        } else {
            let late = browser.twin();
            tokio::spawn(async move { late.call("/api/session/sign-out", &[]).await })
        };
        held.is_there().await;
        let unlock = [("password", PASSWORD), ("next", "")];
        let unlocked = browser.call("/api/session/unlock", &unlock).await;
        assert_eq!(unlocked.status, StatusCode::OK);
        assert!(is_inside(&browser).await);
        drop(held);
        let ended = end.await.unwrap();
        assert!(ended.status.is_success(), "{}", ended.text());

        assert!(!is_inside(&browser).await, "{ends}");
    }
}

#[tokio::test]
async fn requests_side_by_side_after_a_change_of_role_all_stay_signed_in() {
    let world = World::new(&[]).await;
    for change in [Change::Role, Change::Scope] {
        let person = world.person().await;
        let late = person.browser.twin();
        let stale = person.browser.twin();
        // One is held when it has its session, and another one gives that a new id meanwhile.
        let mut held = world.app.backend.points().hold(Point::CallerFound);
        let slow =
            tokio::spawn(async move { late.get("/embedded/eu-central-1/app-instances").await });
        held.is_there().await;
        world.make(change, &person).await;
        assert!(is_inside(&person.browser).await);
        drop(held);

        assert_eq!(slow.await.unwrap().status, StatusCode::OK, "{change:?}");
        // A request with the old id takes nobody's cookie away.
        let answer = stale.get("/account").await;
        assert_eq!(answer.header("set-cookie"), "", "{change:?}");
        assert!(is_inside(&person.browser).await, "{change:?}");
    }
}
