//! The pages of AppInstanceAdmins, as a person without JavaScript uses them.

use axum::http::StatusCode;
use domain::{Cause, Field, Problem, Role};

use crate::support::{Answer, World, arn, assert_says, target};

const CREATE: &str = "/api/admins/create";
const DELETE: &str = "/api/admins/delete";

impl World {
    fn admins(&self) -> String {
        self.page("admins")
    }

    async fn bot_named(&self, name: &str) -> String {
        self.make_bot(&[("name", name)]).await
    }

    /// Posts the form that adds an admin.
    async fn add_admin(&self, kind: &str, member: &str) -> Answer {
        let (page, next) = (self.page("admins/add"), self.admins());
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
    world.make_user("us-east-1:ana@example.com", "Ana").await;
    let bot = world.bot_named("Helper").await;

    let form = world.browser.read(&world.page("admins/add")).await;
    let by_id = world
        .add_admin("AppInstanceUser", "us-east-1:ana@example.com")
        .await;
    let flash = world.browser.read(by_id.location()).await;
    let by_arn = world.add_admin("AppInstanceUser", &arn(&bot)).await;
    let calls = world.app.calls_of(&world.browser, by_arn.location()).await;
    let list = world.browser.read(&world.admins()).await;

    assert_says(
        &form,
        &["Type", "AppInstanceBot", "ID or ARN", "Promote to admin"],
    );
    assert_eq!(by_id.location(), world.admins());
    assert!(flash.contains("Promoted to admin Ana"), "{flash}");
    assert_eq!(
        calls.into_iter().collect::<Vec<_>>(),
        [("ListAppInstanceAdmins".to_owned(), 1)]
    );
    assert_says(
        &list,
        &[
            "Admins",
            "Ana us-east-1:ana@example.com user",
            "Helper",
            "bot",
            "2 on this page",
        ],
    );
}

#[tokio::test]
async fn who_was_promoted_or_demoted_from_their_page_is_shown_it_again() {
    let world = World::start().await;
    let (user, bot) = (
        world.make_user("ana", "Ana").await,
        world.bot_named("Helper").await,
    );
    for page in [user, bot] {
        let promoted = world.press(CREATE, &page).await;
        let admin = world.browser.read(promoted.location()).await;
        let demoted = world.press(DELETE, &page).await;
        let none = world.browser.read(demoted.location()).await;

        assert_eq!((promoted.location(), demoted.location()), (&*page, &*page));
        assert_says(&admin, &["Demote", "Since"]);
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
        let refused = world.add_admin(kind, member).await;
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
    let user = world.make_user("ana", "Ana").await;
    let list = world.admins();

    world.add_admin("AppInstanceUser", "ana").await;
    let twice = world.add_admin("AppInstanceUser", "ana").await;
    let nobody = world.add_admin("AppInstanceUser", "nobody").await;
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
    world.make_user("ana", "Ana").await;
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
    world.make_user("us-east-1:ana@example.com", "Ana").await;
    world.make_user("bob", "Bob").await;
    for id in ["us-east-1:ana@example.com", "bob"] {
        world.add_admin("AppInstanceUser", id).await;
    }
    let list = world.admins();
    let ana = format!("{list}/user/us-east-1%3Aana%40example.com/remove");
    let warning = "This is the last admin";

    let page = world.browser.get(&world.admins()).await;
    let one_of_two = world.browser.read(&ana).await;
    world.press(DELETE, &world.page("users/bob")).await;
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
    let user = world.make_user("ana", "Ana").await;
    world.add_admin("AppInstanceUser", "ana").await;
    let row = target(&arn(&user));
    let fields = [("row", &*row), ("columns", "since")];

    let list = world.browser.get(&world.admins()).await;
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
    let user = world.make_user("ana", "Ana").await;
    world.add_admin("AppInstanceUser", "ana").await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let (instance, member) = (arn(&world.instance), arn(&user));
    let fields = [("target", &*target(&instance)), ("member", &member)];

    let list = viewer.read(&world.admins()).await;
    for call in [CREATE, DELETE] {
        let refused = viewer.call(call, &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let cause = refused.failure().cause;
        assert_eq!(cause, Cause::RoleNeeded(Role::Operator), "{call}");
    }

    assert_says(&list, &["Add admin (", "role Operator"]);
}

#[tokio::test]
async fn pages_of_admins_go_forward_and_back() {
    let world = World::start().await;
    for at in 10..22 {
        let id = format!("u{at}");
        world.make_user(&id, &format!("User {at}")).await;
        world.add_admin("AppInstanceUser", &id).await;
    }
    // The messages of the promotions name users too; they are shown once.
    world.browser.get("/").await;
    let first = world
        .browser
        .get(&format!("{}?size=10", world.admins()))
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
    world.make_user("evil", name).await;
    world.add_admin("AppInstanceUser", "evil").await;
    let remove = world.page("admins/user/evil/remove");
    for page in [world.admins(), remove] {
        let page = world.browser.get(&page).await;
        assert!(page.words().contains(name), "{}", page.words());
        assert!(!page.text().contains("<script>alert"));
    }
}
