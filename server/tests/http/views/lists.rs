//! The lists: of AWS, of operators, and of what was done.

use axum::http::{Method, StatusCode};
use domain::{Cause, Role};
use futures_util::future::join_all;
use serde_json::json;

use super::{
    AS_READ, FORBIDDEN, Held, LIST, NO_AUDIT, NO_PAGE, NO_SESSIONS, Page, TRY_AGAIN, USERNAME,
    World, invite, join,
};
use crate::support::{TestApp, arn, target};

/// A list of AWS.
struct List {
    page: &'static str,
    /// What reads it.
    reads: &'static str,
    /// What it says when there is nothing in it.
    empty: &'static str,
    /// What makes the first, and where.
    create: (&'static str, &'static str),
    /// The row of one, and where it leads.
    row: &'static str,
    opens: &'static str,
    /// What can be done with it from its row.
    acts: &'static [(&'static str, Role)],
}

const LISTS: &[List] = &[
    List {
        page: "{list}",
        reads: "ListAppInstances",
        empty: "No AppInstances in us-east-1 yet",
        create: (
            "Create AppInstance",
            "/embedded/us-east-1/create-app-instance",
        ),
        row: "Support {instance-id} {\"team\":\"chat\"}",
        opens: "{instance}",
        acts: &[
            ("Edit", Role::Operator),
            ("Tags", Role::Operator),
            ("Delete", Role::Admin),
        ],
    },
    List {
        page: "{instance}/users",
        reads: "ListAppInstanceUsers",
        empty: "No users yet",
        create: ("Create AppInstanceUser", "{instance}/create-user"),
        row: "ana Ana {\"team\":\"chat\"}",
        opens: "{user}",
        acts: &[
            ("Edit", Role::Operator),
            ("Expiration", Role::Operator),
            ("Tags", Role::Operator),
            ("Delete", Role::Operator),
        ],
    },
    List {
        page: "{instance}/bots",
        reads: "ListAppInstanceBots",
        empty: "No bots yet",
        create: ("Create AppInstanceBot", "{instance}/create-bot"),
        row: "Helper {bot-id}",
        opens: "{bot}",
        acts: &[
            ("Edit", Role::Operator),
            ("Tags", Role::Operator),
            ("Delete", Role::Operator),
        ],
    },
    List {
        page: "{instance}/admins",
        reads: "ListAppInstanceAdmins",
        empty: "No admins yet",
        create: ("Add admin", "{instance}/admins/add"),
        row: "Ana ana user",
        opens: "{user}",
        acts: &[("Demote", Role::Operator)],
    },
    List {
        page: "{user}/endpoints",
        reads: "ListAppInstanceUserEndpoints",
        empty: "No endpoints yet",
        create: ("Register endpoint", "{user}/register-endpoint"),
        row: "Phone APNS ALL Active",
        opens: "{endpoint}",
        acts: &[
            ("Edit", Role::Operator),
            ("Allow NONE", Role::Operator),
            ("Deregister", Role::Operator),
        ],
    },
];

/// What was done to one thing.
const ACTIVITIES: &[&str] = &[
    "{instance}/activity",
    "{user}/activity",
    "{bot}/activity",
    "{endpoint}/activity",
];

const NO_MATCH: &str =
    "Nothing on this page contains “zzz”. The API cannot search; other pages may have it.";
const INVITED: &str = "Invite operator – none";

#[tokio::test]
async fn a_list_of_none_says_so_and_how_to_make_the_first() {
    let app = TestApp::start_with(&["--emulator-control"]).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    let instances = Page::open(&admin, LIST).await;
    let changes = Page::open(&viewer, "/audit").await;
    let world = World::of(app, &Held::default()).await;
    let user = world.maker.make_user(&world.instance, "bo", "Bo").await;
    let instance = world.maker.make_instance("Empty").await;
    let world = World {
        instance,
        user,
        ..world
    };

    let mut pages = vec![instances];
    for list in &LISTS[1..] {
        pages.push(world.open(&admin, list.page).await);
    }
    world.seed(1).await;

    for (list, page) in LISTS.iter().zip(&pages) {
        page.assert_says(StatusCode::OK, &[list.empty, list.create.0]);
        // Above the list, and in the middle of it.
        let ways = page.links_to(&world.fill(list.create.1));
        assert_eq!(ways, 2, "{}", page.at);
        page.assert_silent(&["on this page", "Next"]);
    }
    changes.assert_says(
        StatusCode::OK,
        &["No change was made through this console yet"],
    );
    let seeded = world
        .open(&admin, "{instance}/users/user-000001/activity")
        .await;
    seeded.assert_says(
        StatusCode::OK,
        &["No change was made through this console. Changes made elsewhere do not show here."],
    );
}

#[tokio::test]
async fn a_list_of_one_shows_its_row_which_leads_to_its_page() {
    let world = World::start(&Held::default()).await;

    for list in LISTS {
        let row = world.fill(list.row);
        let page = world.open(&world.reader, list.page).await;
        page.assert_says(StatusCode::OK, &[&row, "1 on this page", "Page 1, end"]);
        page.assert_silent(&[list.empty]);
        let opens = page.links_to(&world.fill(list.opens));
        assert!(opens > 0, "{}", page.at);

        let search = format!("{}?q=zzz", list.page);
        let page = world.open(&world.reader, &search).await;
        page.assert_says(StatusCode::OK, &["0 of 1 on this page", NO_MATCH]);
        page.assert_silent(&[&row, list.empty]);
        let clear = page.link("Clear search");
        assert_eq!(clear, Some(&*world.fill(list.page)));
    }

    let operators = world.open(&world.reader, "/operators").await;
    let (own, other) = (
        "(you) Admin Everything Active",
        "grace Viewer Everything Invited",
    );
    operators.assert_says(StatusCode::OK, &[own, other]);
    assert!(operators.links_to(&world.operator) > 0);
    let log = world.open(&world.reader, "/audit?resource={bot-arn}").await;
    let entry = world.fill("Create AppInstanceBot Helper {bot-id} Done");
    let count = "1 entry on this page, newest first";
    log.assert_says(StatusCode::OK, &[count, &entry]);
    assert_eq!(log.links_to(&world.bot), 1);
    let done = world.open(&world.reader, "{bot}/activity").await;
    done.assert_says(StatusCode::OK, &["Create AppInstanceBot", "Done By Admin-"]);
    let entry = log.link("Create AppInstanceBot").unwrap();
    assert_eq!(done.link("Create AppInstanceBot"), Some(entry));
    let log = world.open(&world.reader, "/audit?outcome=failed").await;
    let filters = "Nothing in the audit log fits all of these filters.";
    log.assert_says(StatusCode::OK, &["No entry matches", filters]);
    assert_eq!(log.link("Clear filters"), Some("/audit"));
}

/// Eleven more of everything that is listed, and an act that is tried 51 times.
async fn make_many(world: &World) {
    let quota = json!({ "quotas": { "endpoints": 20 } }).to_string();
    world.app.control(Method::PUT, "settings", quota).await;
    world.seed(11).await;
    let each = (1..=11).map(async |at: u32| {
        let (name, maker) = (format!("more-{at:02}"), &world.maker);
        maker.make_instance(&name).await;
        maker.make_bot(&world.instance, &[("name", &name)]).await;
        maker.make_endpoint(&world.user, &name, &name).await;
        let user = format!("{}/users/user-{at:06}", world.instance);
        world.promote(&user).await;
        invite(maker, &name).await;
    });
    join_all(each).await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let user = target(&arn(&world.user));
    let fields = [("target", &*user), ("confirm_user_id", "ana")];
    let tries = (0..51).map(|_| viewer.call("/api/users/delete", &fields));
    join_all(tries).await;
}

#[tokio::test]
async fn a_list_of_many_has_pages_and_says_how_many_are_on_each() {
    let world = World::start(&Held::default()).await;
    make_many(&world).await;

    for list in LISTS {
        let first = format!("{}?size=10", list.page);
        let first = world.open(&world.reader, &first).await;
        first.assert_says(StatusCode::OK, &["10 on this page", "Page 1, more"]);
        assert_eq!(first.beside("prev"), None, "{}", first.at);
        let next = first.beside("next").unwrap();
        let second = world.open(&world.reader, next).await;
        second.assert_says(StatusCode::OK, &["2 on this page", "Page 2, end"]);
        assert_eq!(second.beside("next"), None, "{}", second.at);
        assert!(second.beside("prev").is_some(), "{}", second.at);
    }

    // There are few operators, and no pages of them.
    let operators = world.open(&world.reader, "/operators").await;
    for at in 1..=11 {
        let row = format!("more-{at:02} Viewer Everything Invited");
        operators.assert_says(StatusCode::OK, &[&row]);
    }
    let log = world.open(&world.reader, "/audit?size=10").await;
    let count = "10 entries on this page, newest first";
    log.assert_says(StatusCode::OK, &[count]);
    assert_eq!(log.beside("prev"), None);
    let older = world.open(&world.reader, log.beside("next").unwrap()).await;
    older.assert_says(StatusCode::OK, &[count]);
    assert!(older.beside("prev").is_some());
    let done = world.open(&world.reader, "{user}/activity").await;
    done.assert_says(StatusCode::OK, &["The newest 50 Open in the audit log"]);
    assert_eq!(done.words.matches("Refused By Viewer-").count(), 50);
    let all = done.link("Open in the audit log").unwrap();
    let all = world.open(&world.reader, all).await;
    all.assert_says(StatusCode::OK, &["25 entries on this page, newest first"]);
    assert!(all.beside("next").is_some());
}

#[tokio::test]
async fn a_list_that_cannot_be_read_says_what_failed_and_what_to_do() {
    let world = World::start(&Held::default()).await;
    let reads: Vec<_> = LISTS.iter().map(|list| list.reads).collect();
    let pages = || LISTS.iter().map(|list| list.page);

    world.break_down(&reads, "ServiceFailureException").await;
    let unavailable = world.open_all(pages()).await;
    world.break_down(&reads, "AccessDeniedException").await;
    let forbidden = world.open_all(pages()).await;
    world.break_down(&[], "").await;

    for (list, (late, closed)) in LISTS.iter().zip(unavailable.iter().zip(&forbidden)) {
        let action = format!("AWS action chime:{}", list.reads);
        let said = [
            &*Cause::AwsUnavailable.headline(),
            "Try again; the same request is never made twice.",
            &action,
            list.create.0,
        ];
        late.assert_says(StatusCode::SERVICE_UNAVAILABLE, &said);
        late.assert_silent(&[list.empty, "on this page"]);
        assert_eq!(late.link("Try again"), Some(&*late.at));
        closed.assert_says(
            StatusCode::FORBIDDEN,
            &[FORBIDDEN, "missing the action below", &action],
        );
        closed.assert_silent(&[list.empty, "on this page", "Try again"]);
        assert_eq!(closed.link("Go to the overview"), Some("/"));
    }
    let back = world.open_all(pages()).await;
    for (list, page) in LISTS.iter().zip(back) {
        page.assert_says(StatusCode::OK, &[&world.fill(list.row)]);
    }
    let told = [&*Cause::StoreUnavailable.headline(), TRY_AGAIN];
    world.change_database(NO_AUDIT).await;
    for page in [&["/audit"], ACTIVITIES].concat() {
        let page = world.open(&world.reader, page).await;
        page.assert_says(StatusCode::SERVICE_UNAVAILABLE, &told);
        page.assert_silent(&["No change was made", "on this page"]);
        assert_eq!(page.link("Try again"), Some(&*page.at));
    }
    world.change_database(NO_SESSIONS).await;
    let operators = world.open(&world.reader, "/operators").await;
    operators.assert_says(StatusCode::SERVICE_UNAVAILABLE, &told);
    operators.assert_silent(&["grace"]);
}

#[tokio::test]
async fn a_role_that_covers_less_sees_what_it_may_not_do_and_nothing_of_others() {
    let world = World::start(&Held::default()).await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let another = world.of_another().await;

    for list in LISTS {
        let page = world.open(&viewer, list.page).await;
        let create = format!("{} (Needs the role Operator)", list.create.0);
        page.assert_says(StatusCode::OK, &[&world.fill(list.row), &create]);
        assert_eq!(page.links_to(&world.fill(list.create.1)), 0, "{}", page.at);
        for (act, role) in list.acts {
            page.assert_says(StatusCode::OK, &[&format!("{act} (Needs the role {role})")]);
        }
        for act in ["/edit", "/tags", "/delete", "/deregister", "/expiration"] {
            let to = world.fill(list.opens) + act;
            assert_eq!(page.links_to(&to), 0, "{}: {to}", page.at);
        }
        let theirs = world.open(&another, list.page).await;
        theirs.assert_silent(&[&world.fill(list.row)]);
        if list.page == "{list}" {
            theirs.assert_says(
                StatusCode::OK,
                &[
                    "Other",
                    "1 on this page Only what your role covers",
                    "Create AppInstance (Your scope does not cover all of us-east-1)",
                ],
            );
        } else {
            theirs.assert_says(StatusCode::NOT_FOUND, &[NO_PAGE]);
        }
    }

    let refused = world.open(&viewer, "/operators").await;
    refused.assert_says(
        StatusCode::FORBIDDEN,
        &[
            "Your role does not allow this",
            "This needs the role Admin.",
        ],
    );
    let limited = world.open(&another, "/operators").await;
    limited.assert_says(StatusCode::FORBIDDEN, &["Your scope does not cover this"]);
    for page in [refused, limited] {
        page.assert_silent(&["grace"]);
    }
    let log = world.open(&viewer, "/audit").await;
    log.assert_says(StatusCode::OK, &["Create AppInstanceBot Helper"]);
    log.assert_silent(&[INVITED, "Only what your role covers"]);
    let log = world.open(&another, "/audit").await;
    log.assert_says(
        StatusCode::OK,
        &[
            "1 entry on this page, newest first Only what your role covers",
            "Create AppInstance Other",
        ],
    );
    log.assert_silent(&["Helper", "Support", INVITED]);
    let log = world.open(&world.reader, "/audit").await;
    log.assert_says(StatusCode::OK, &["Helper", "Support", INVITED]);
    for page in ACTIVITIES {
        let theirs = world.open(&another, page).await;
        theirs.assert_says(StatusCode::NOT_FOUND, &[NO_PAGE]);
        let page = world.open(&viewer, page).await;
        page.assert_says(StatusCode::OK, &["Done By Admin-"]);
    }
}

#[tokio::test]
async fn what_somebody_chose_is_text_on_every_list() {
    let world = World::start(&Held::hostile()).await;
    let told = world.open(&world.maker, "/").await;
    let somebody = join(&world, &USERNAME.replace('5', "6")).await;
    let of = target(&arn(&world.user));
    let fields = [("target", &*of), ("confirm_user_id", "ana")];
    somebody.call("/api/users/delete", &fields).await;
    let own = world.open(&somebody, "/").await;

    let lists = LISTS.iter().map(|list| list.page);
    let more = ["/operators", "/audit"];
    let pages = lists.chain(more).chain(ACTIVITIES.iter().copied());
    let mut pages = world.open_all(pages).await;
    pages.extend([told, own]);

    for page in &pages {
        page.assert_says(StatusCode::OK, &[]);
        page.assert_harmless();
        let name = if page.at.starts_with("/operators") {
            USERNAME
        } else {
            AS_READ
        };
        page.assert_says(StatusCode::OK, &[name]);
    }
    let metadata =
        "</textarea></title></pre><script>alert(3)</script>\"'&amp; <img src=x onerror=alert(4)>";
    for page in &pages[..2] {
        page.assert_says(StatusCode::OK, &[metadata]);
    }
    let log = world.open(&world.reader, "/audit").await;
    let who = format!("{} (password)", USERNAME.replace('5', "6"));
    log.assert_says(StatusCode::OK, &[&who]);
}
