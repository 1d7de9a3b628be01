//! What happens between the check of a right and its use: every change that takes something away,
//! beside everything that somebody may be doing then. A request is held at a named point, the change
//! is made, and the request is let go.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use backend::{
    AuditFilter, Caller, Operator, OperatorChange, OperatorId, Phase, Point, points::HeldRequest,
};
use domain::{Cause, Grant, Role};

use crate::support::{Answer, Browser, CREATE_CALL, PASSWORD, TestApp, credentials};

const OTHER: &str = "seven bells for the late watch";
/// What the role covers after a change of it: not where everything here happens.
const ELSEWHERE: &str = "embedded/eu-central-1";
/// More than one piece of an export.
const ROWS: u32 = 1200;

/// What is changed meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Reset,
    Disable,
    /// And enabled again: whoever was inside stays outside.
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
        let app = TestApp::start_with(options).await;
        let operators = app.backend.operators();
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
        let found = self.app.backend.operators().get(id).await;
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

    /// What was sent to AWS, or would have been.
    async fn phases_of(&self, person: &Person) -> Vec<Phase> {
        let filter = AuditFilter {
            operator: Some(person.operator.id.to_string()),
            operation: Some("CreateAppInstance".to_owned()),
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
    [
        ("region", "us-east-1"),
        ("token", "t-1"),
        ("name", name),
        ("metadata", ""),
    ]
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
            world.phases_of(&person).await,
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

        // What a disabled Admin did who held the last byte back.
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
        let sessions = world.app.backend.sessions();
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
        // One that comes with the id before takes nobody's cookie away.
        let answer = stale.get("/account").await;
        assert_eq!(answer.header("set-cookie"), "", "{change:?}");
        assert!(is_inside(&person.browser).await, "{change:?}");
    }
}
