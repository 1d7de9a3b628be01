//! The pages of AppInstanceAdmins, as a person without JavaScript uses them.

use axum::http::StatusCode;
use domain::{Cause, Field, Problem, Role};

use crate::support::{Answer, Browser, TestApp, arn, target};

const CREATE: &str = "/api/admins/create";
const DELETE: &str = "/api/admins/delete";

struct World {
    app: TestApp,
    browser: Browser,
    instance: String,
}

impl World {
    async fn start() -> Self {
        let app = TestApp::start_with(&["--emulator-control"]).await;
        let (_, browser) = app.sign_in(Role::Admin).await;
        let instance = browser.make_instance("Support").await;
        Self {
            app,
            browser,
            instance,
        }
    }

    async fn user(&self, id: &str, name: &str) -> String {
        self.browser.make_user(&self.instance, id, name).await
    }

    async fn bot(&self, name: &str) -> String {
        let changes = [("name", name)];
        self.browser.make_bot(&self.instance, &changes).await
    }

    fn list(&self) -> String {
        format!("{}/admins", self.instance)
    }

    /// Posts the form that adds an admin.
    async fn add(&self, kind: &str, member: &str) -> Answer {
        let (page, next) = (format!("{}/add", self.list()), self.list());
        let instance = arn(&self.instance);
        let fields = [
            ("page", &*page),
            ("target", &*target(&instance)),
            ("next", &next),
            ("kind", kind),
            ("member", member),
        ];
        self.browser.post(CREATE, &fields).await
    }

    /// Posts the button on the page of a user or bot.
    async fn press(&self, call: &str, page: &str) -> Answer {
        let (instance, member) = (arn(&self.instance), arn(page));
        let fields = [
            ("page", page),
            ("target", &*target(&instance)),
            ("member", &member),
        ];
        self.browser.post(call, &fields).await
    }
}

#[tokio::test]
async fn a_user_and_a_bot_are_promoted_by_the_form_and_listed_with_one_call() {
    let world = World::start().await;
    world.user("us-east-1:ana@example.com", "Ana").await;
    let bot = world.bot("Helper").await;

    let form = world.browser.read(&format!("{}/add", world.list())).await;
    let by_id = world
        .add("AppInstanceUser", "us-east-1:ana@example.com")
        .await;
    let flash = world.browser.read(by_id.location()).await;
    let by_arn = world.add("AppInstanceUser", &arn(&bot)).await;
    let calls = world.app.calls_of(&world.browser, by_arn.location()).await;
    let list = world.browser.read(&world.list()).await;

    for label in ["Type", "AppInstanceBot", "ID or ARN", "Promote to admin"] {
        assert!(form.contains(label), "{label} in {form}");
    }
    assert_eq!(by_id.location(), world.list());
    assert!(flash.contains("Promoted to admin Ana"), "{flash}");
    assert_eq!(
        calls.into_iter().collect::<Vec<_>>(),
        [("ListAppInstanceAdmins".to_owned(), 1)]
    );
    for fact in [
        "Admins",
        "Ana us-east-1:ana@example.com user",
        "Helper",
        "bot",
        "2 on this page",
    ] {
        assert!(list.contains(fact), "{fact} in {list}");
    }
}

#[tokio::test]
async fn who_was_promoted_or_demoted_from_their_page_is_shown_it_again() {
    let world = World::start().await;
    let (user, bot) = (world.user("ana", "Ana").await, world.bot("Helper").await);
    for page in [user, bot] {
        let promoted = world.press(CREATE, &page).await;
        let admin = world.browser.read(promoted.location()).await;
        let demoted = world.press(DELETE, &page).await;
        let none = world.browser.read(demoted.location()).await;

        assert_eq!((promoted.location(), demoted.location()), (&*page, &*page));
        assert!(
            admin.contains("Demote") && admin.contains("Since"),
            "{admin}"
        );
        assert!(none.contains("Promote to admin"), "{none}");
        assert!(none.contains("Demoted"), "{none}");
    }
}

#[tokio::test]
async fn each_wrong_member_is_told_beside_the_field_and_costs_no_call() {
    let world = World::start().await;
    let other = world.browser.make_instance("Other").await;
    let stranger = world.browser.make_user(&other, "bob", "Bob").await;

    for (kind, member, problem) in [
        ("AppInstanceUser", "", Problem::Empty),
        (
            "AppInstanceUser",
            "a/b",
            Problem::UserIdCharacter { character: '/' },
        ),
        ("AppInstanceUser", ".a", Problem::UserIdStart),
        ("AppInstanceUser", &*arn(&stranger), Problem::OtherInstance),
        ("", "ana", Problem::NotAnArn),
        (
            "AppInstanceUser",
            &*arn(&world.instance),
            Problem::WrongKind {
                wanted: domain::problem::Kind::UserOrBot,
            },
        ),
    ] {
        let refused = world.add(kind, member).await;
        let form = world.browser.get(refused.location()).await;

        assert!(refused.location().contains("/admins/add?draft="));
        let told = format!("{}: {problem}", Field::Admin);
        assert!(form.words().contains(&told), "{told} in {}", form.words());
        assert_eq!(form.value_of("member").as_deref(), Some(member));
    }
    let calls = world.app.calls().await;
    assert!(!calls.contains_key("CreateAppInstanceAdmin"), "{calls:?}");
}

#[tokio::test]
async fn promoting_twice_nobody_and_demoting_no_admin_each_have_their_sentence() {
    let world = World::start().await;
    let user = world.user("ana", "Ana").await;
    let list = world.list();

    world.add("AppInstanceUser", "ana").await;
    let twice = world.add("AppInstanceUser", "ana").await;
    let nobody = world.add("AppInstanceUser", "nobody").await;
    world.press(DELETE, &user).await;
    let no_admin = world.press(DELETE, &user).await;
    let page = format!("{list}/user/ana/remove");
    let late = world.browser.get(&page).await;

    for (answer, sentence) in [
        (twice, "is an admin of the AppInstance already"),
        (nobody, "may have no such user or bot"),
        (
            no_admin,
            "is not an admin of the AppInstance, or was demoted meanwhile",
        ),
    ] {
        let page = world.browser.read(answer.location()).await;
        assert!(page.contains(sentence), "{sentence} in {page}");
    }
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert!(late.words().contains("Not an admin"), "{}", late.words());
}

#[tokio::test]
async fn the_statuses_are_those_of_the_causes() {
    let world = World::start().await;
    world.user("ana", "Ana").await;
    let instance = arn(&world.instance);
    let call = async |call: &str, member: &str| {
        let fields = [("target", &*target(&instance)), ("member", member)];
        let answer = world.browser.call(call, &fields).await;
        (answer.status.as_u16(), answer.failure().cause)
    };
    let ana = format!("{instance}/user/ana");
    let fields = [("target", &*target(&instance)), ("member", &*ana)];
    let first = world.browser.call(CREATE, &fields).await;

    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(call(CREATE, &ana).await, (409, Cause::Conflict));
    let bob = format!("{instance}/user/bob");
    assert_eq!(call(CREATE, &bob).await, (403, Cause::Forbidden));
    assert_eq!(call(DELETE, &bob).await, (403, Cause::Forbidden));
    let other = ana.replace(&instance, &format!("{instance}0"));
    for path in [CREATE, DELETE] {
        let (status, cause) = call(path, &other).await;
        assert_eq!(status, 422, "{path}");
        let problems = domain::Failure::from(cause);
        assert_eq!(
            problems.field_problems()[0].problem,
            Problem::OtherInstance,
            "{path}"
        );
    }
}

#[tokio::test]
async fn demoting_the_last_admin_is_warned_of() {
    let world = World::start().await;
    world.user("us-east-1:ana@example.com", "Ana").await;
    world.user("bob", "Bob").await;
    for id in ["us-east-1:ana@example.com", "bob"] {
        world.add("AppInstanceUser", id).await;
    }
    let list = world.list();
    let ana = format!("{list}/user/us-east-1%3Aana%40example.com/remove");
    let warning = "This is the last admin";

    let page = world.browser.get(&world.list()).await;
    let one_of_two = world.browser.read(&ana).await;
    world
        .press(DELETE, &format!("{}/users/bob", world.instance))
        .await;
    let only_one = world.browser.read(&ana).await;
    let (instance, member) = (arn(&world.instance), "us-east-1:ana@example.com");
    let member = format!("{instance}/user/{member}");
    let fields = [
        ("page", &*ana),
        ("target", &*target(&instance)),
        ("member", &member),
        ("next", &list),
    ];
    let demoted = world.browser.post(DELETE, &fields).await;
    let empty = world.browser.read(demoted.location()).await;

    assert!(page.text().contains(&format!("href=\"{ana}\"")));
    assert!(!one_of_two.contains(warning), "{one_of_two}");
    assert!(one_of_two.contains("The user stays"), "{one_of_two}");
    assert!(only_one.contains(warning), "{only_one}");
    assert_eq!(demoted.location(), list);
    assert!(empty.contains("Demoted") && empty.contains("No admins yet"));
}

#[tokio::test]
async fn since_when_is_read_after_the_list() {
    let world = World::start().await;
    let user = world.user("ana", "Ana").await;
    world.add("AppInstanceUser", "ana").await;
    let row = target(&arn(&user));
    let fields = [("row", &*row), ("columns", "since")];

    let list = world.browser.get(&world.list()).await;
    let cells = world.browser.call("/api/columns/admin", &fields).await;
    let anonymous = world.app.anonymous();
    let refused = anonymous.call("/api/columns/admin", &fields).await;

    assert!(list.text().contains(&format!("data-late=\"{row}\"")));
    let cells: Vec<String> = serde_json::from_slice(&cells.body).unwrap();
    assert!(
        cells.len() == 1 && cells[0].contains("<time datetime="),
        "{cells:?}"
    );
    assert_eq!(refused.failure().cause, Cause::SignedOut);
}

#[tokio::test]
async fn a_viewer_sees_the_buttons_with_the_reason_and_is_refused() {
    let world = World::start().await;
    let user = world.user("ana", "Ana").await;
    world.add("AppInstanceUser", "ana").await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let (instance, member) = (arn(&world.instance), arn(&user));
    let fields = [("target", &*target(&instance)), ("member", &member)];

    let list = viewer.read(&world.list()).await;
    for call in [CREATE, DELETE] {
        let refused = viewer.call(call, &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let cause = refused.failure().cause;
        assert_eq!(cause, Cause::RoleNeeded(Role::Operator), "{call}");
    }

    assert!(
        list.contains("Add admin (") && list.contains("role Operator"),
        "{list}"
    );
}

#[tokio::test]
async fn pages_of_admins_go_forward_and_back() {
    let world = World::start().await;
    for at in 10..22 {
        let id = format!("u{at}");
        world.user(&id, &format!("User {at}")).await;
        world.add("AppInstanceUser", &id).await;
    }
    // The messages of the promotions name users too; they are shown once.
    world.browser.get("/").await;
    let first = world
        .browser
        .get(&format!("{}?size=10", world.list()))
        .await;
    let link = |page: &Answer, rel: &str| {
        let (_, after) = page.text().split_once(&format!("rel=\"{rel}\" href=\""))?;
        Some(after.split('"').next().unwrap().replace("&amp;", "&"))
    };

    let second = world.browser.get(&link(&first, "next").unwrap()).await;
    let back = world.browser.get(&link(&second, "prev").unwrap()).await;

    assert!(first.words().contains("User 10") && !first.words().contains("User 21"));
    assert!(second.words().contains("User 21") && !second.words().contains("User 10"));
    assert_eq!(link(&second, "next"), None);
    assert!(back.words().contains("User 10"));
}

#[tokio::test]
async fn a_name_is_text_wherever_it_stands() {
    let world = World::start().await;
    let name = "</title></textarea><script>alert(1)</script>";
    world.user("evil", name).await;
    world.add("AppInstanceUser", "evil").await;
    let remove = format!("{}/user/evil/remove", world.list());
    for page in [world.list(), remove] {
        let page = world.browser.get(&page).await;
        assert!(page.words().contains(name), "{}", page.words());
        assert!(!page.text().contains("<script>alert"));
    }
}
