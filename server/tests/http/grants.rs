//! What a role covers: choosing it, what counts from the next request on, and what a limited
//! operator sees of lists and of the audit log. Every address is tried in `access/grants.rs`.

use axum::http::StatusCode;
use backend::OperatorId;
use domain::{Cause, Field, Given, Problem, Role};

use crate::support::{
    Answer, Browser, CREATE, CREATE_CALL, TestApp, arn, assert_says, changed, instance_fields,
    invitation, only_problem, target, token,
};

const LIST: &str = "/embedded/us-east-1/app-instances";
const SET: &str = "/api/operators/set-scope";

async fn set_scope(admin: &Browser, id: &OperatorId, scope: &str, limits: &str) -> Answer {
    let page = format!("/operators/{id}/scope");
    let fields = [
        ("page", &*page),
        ("id", id.as_str()),
        ("scope", scope),
        ("limits", limits),
    ];
    admin.post(SET, &fields).await
}

async fn create(browser: &Browser) -> Answer {
    let token = token();
    let fields = instance_fields(&token, "New");
    browser.call(CREATE_CALL, &fields).await
}

#[tokio::test]
async fn a_scope_counts_from_the_next_request_on() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (id, browser) = app.sign_in(Role::Operator).await;
    let (chat, shop) = admin.make_instances(["Chat", "Shop"]).await;
    assert_eq!(browser.get(&shop).await.status, StatusCode::OK);
    let old = browser.cookies();

    let saved = set_scope(&admin, &id, "Limited", &arn(&chat)).await;

    let page = admin.read(saved.location()).await;
    assert_says(
        &page,
        &[
            "The role now covers: 1 AppInstance.",
            "Chat arn:aws:chime:us-east-1",
        ],
    );
    assert_eq!(browser.get(&shop).await.status, StatusCode::NOT_FOUND);
    assert_ne!(browser.cookies(), old, "the session has a new id");
    assert_eq!(browser.get(&chat).await.status, StatusCode::OK);
    let account = browser.read("/account").await;
    assert!(account.contains("Scope 1 AppInstance"), "{account}");

    let lifted = set_scope(&admin, &id, "Everything", "").await;
    let page = admin.read(lifted.location()).await;
    assert!(page.contains("The role now covers: Everything."), "{page}");
    assert_eq!(browser.get(&shop).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_page_of_a_scope_shows_what_it_is_and_what_it_can_be() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let chat = target(&arn(&admin.make_instance("Chat").await));
    let (id, _) = app.sign_in_for(Role::Viewer, "embedded/eu-central-1").await;
    let name = app.username(&id).await;

    let page = admin.get(&format!("/operators/{id}/scope")).await;

    let words = page.words();
    assert!(words.contains(&format!("Scope of {name}")), "{words}");
    assert!(words.contains("A limited operator sees only what is covered"));
    let is_now = page
        .text()
        .split('<')
        .any(|tag| tag.contains(" value=\"embedded/eu-central-1\"") && tag.contains(" checked"));
    assert!(is_now, "what it is now");
    assert!(page.text().contains(&format!(" value=\"{chat}\"")));
    let lines = ["All of Test", "All of us-east-1", "Chat us-east-1"];
    assert_says(&words, &lines);
    let list = admin.read("/operators").await;
    assert_says(
        &list,
        &[&format!("{name} Viewer embedded/eu-central-1 Active")],
    );
}

#[tokio::test]
async fn what_was_typed_wrong_is_told_at_its_field_and_kept() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (id, _) = app.sign_in(Role::Viewer).await;
    let other = "arn:aws:chime:us-east-1:210987654321:app-instance/chat";
    let many: Vec<_> = (0..=100)
        .map(|at| other.replace("210987654321", "123456789012") + &at.to_string())
        .collect();
    let many = many.join("\n");
    for (scope, limits, field, problem) in [
        ("Limited", "", Field::Limit, Problem::Empty),
        (
            "Limited",
            "embedded\nEmbedded",
            Field::Limits,
            Problem::NotALimit { row: 2 },
        ),
        (
            "Limited",
            "other",
            Field::Limits,
            Problem::LimitElsewhere { row: 1 },
        ),
        (
            "Limited",
            &format!("\r\n{other}"),
            Field::Limits,
            Problem::LimitElsewhere { row: 2 },
        ),
        (
            "Limited",
            &many,
            Field::Limits,
            Problem::TooManyLimits {
                max: 100,
                actual: 101,
            },
        ),
        (
            "Everything",
            "embedded",
            Field::Limits,
            Problem::LimitsOfEverything,
        ),
        ("Some", "embedded", Field::Scope, Problem::NotAChoice),
    ] {
        for (call, more) in [
            (SET, ("id", id.as_str())),
            ("/api/operators/invite", ("username", "eve")),
        ] {
            let fields = [
                more,
                ("role", "Viewer"),
                ("scope", scope),
                ("limits", limits),
            ];
            let failure = admin.call(call, &fields).await.failure();
            assert_eq!(only_problem(&failure), (field, &problem), "{limits}");
        }
    }

    let back = set_scope(&admin, &id, "Limited", "embedded\nnot/one\n</textarea>").await;

    let page = admin.get(back.location()).await;
    let words = page.words();
    assert!(words.contains("One field needs a change"), "{words}");
    let both = "Line 2: enter a connection, a connection and Region with a slash between, or the \
                ARN of an AppInstance. Line 3: enter a connection";
    assert!(words.contains(both), "{words}");
    assert!(
        page.text()
            .contains("embedded\nnot/one\n&lt;/textarea&gt;</textarea>")
    );
    let kept = app.backend.accounts().get(&id).await.unwrap().unwrap();
    assert!(kept.grant.is_everything(), "nothing was changed");
    let nobody = app.backend.accounts().by_name("eve").await.unwrap();
    assert!(nobody.is_none());
}

#[tokio::test]
async fn who_is_invited_has_the_scope_of_the_invitation() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let limited = [
        ("scope", "Limited"),
        ("limits", "embedded/eu-central-1\r\n"),
    ];
    let fields = changed(&invitation("grace", "Operator"), &limited);

    admin
        .post("/api/operators/invite", &fields)
        .await
        .location();

    let grace = app
        .backend
        .accounts()
        .by_name("grace")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(grace.grant.to_string(), "embedded/eu-central-1");
    let entry = app.newest_entries(1).await.remove(0);
    assert_eq!(entry.input["scope"], "embedded/eu-central-1");
}

#[tokio::test]
async fn the_last_admin_stays_unlimited() {
    let app = TestApp::start().await;
    let (id, admin) = app.sign_in(Role::Admin).await;
    // Limited, and so no Admin of operators.
    app.sign_in_for(Role::Admin, "embedded").await;
    let fields = [
        ("id", id.as_str()),
        ("scope", "Limited"),
        ("limits", "embedded"),
    ];

    let answer = admin.call(SET, &fields).await;

    answer.assert_failed(StatusCode::CONFLICT, Cause::LastAdmin);
    let page = admin.get(&format!("/operators/{id}/scope")).await;
    let words = page.words();
    assert!(words.contains("this is the last Admin who can"), "{words}");
    assert!(
        !page.text().contains("<textarea"),
        "no form that would be refused"
    );
    assert_eq!(admin.get("/operators").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_admin_who_limits_themselves_manages_operators_no_more() {
    let app = TestApp::start().await;
    let (id, admin) = app.sign_in(Role::Admin).await;
    let (other, _) = app.sign_in(Role::Admin).await;

    let done = set_scope(&admin, &id, "Limited", "embedded/us-east-1").await;

    assert_eq!(done.location(), "/");
    let home = admin.get("/").await;
    assert!(home.words().contains("Scope changed"), "{}", home.words());
    assert!(!home.text().contains("href=\"/operators\""));
    let page = admin.get("/operators").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.words().contains(&Cause::Limited.headline()));
    // Neither back, nor to anybody else.
    for id in [&id, &other] {
        let fields = [("id", id.as_str()), ("scope", "Everything")];
        let answer = admin.call(SET, &fields).await;
        assert_eq!(answer.failure().cause, Cause::Limited);
    }
    assert_eq!(create(&admin).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_list_has_what_is_covered_and_says_so() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (chat, shop) = admin.make_instances(["Chat", "Shop"]).await;
    let (_, limited) = app.sign_in_for(Role::Operator, &arn(&chat)).await;

    let list = limited.get(LIST).await;

    let words = list.words();
    assert!(words.contains("Chat") && !words.contains("Shop"), "{words}");
    assert!(words.contains("Only what your role covers"), "{words}");
    assert!(
        !admin
            .read(LIST)
            .await
            .contains("Only what your role covers")
    );
    let region = [("scope", "embedded/us-east-1")];
    let found = limited.call("/api/app-instances/list", &region).await;
    assert!(!found.text().contains(&arn(&shop)), "{}", found.text());
    let home = limited.read("/").await;
    assert!(home.contains("Chat") && !home.contains("Shop"), "{home}");
    assert!(home.contains("that your role covers"), "{home}");
    let elsewhere = LIST.replace("us-east-1", "eu-central-1");
    assert_eq!(limited.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
    let go = format!("/go?arn={}", arn(&shop));
    assert_eq!(limited.get(&go).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn creating_needs_all_of_the_region() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let chat = arn(&admin.make_instance("Chat").await);
    let (_, limited) = app.sign_in_for(Role::Admin, &chat).await;
    let (_, regional) = app.sign_in_for(Role::Operator, "embedded/us-east-1").await;

    let refused = create(&limited).await;
    let page = limited.get(CREATE).await;

    refused.assert_failed(StatusCode::FORBIDDEN, Cause::Limited);
    assert!(
        page.words()
            .contains("Your scope does not cover all of us-east-1")
    );
    assert!(!page.text().contains("data-working"), "the button is off");
    assert_eq!(create(&regional).await.status, StatusCode::OK);
    let page = regional.get(CREATE).await;
    assert!(page.text().contains("data-working"));
}

#[tokio::test]
async fn a_form_that_a_role_may_not_send_says_so() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let chat = admin.make_instance("Chat").await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    let (_, operator) = app.sign_in(Role::Operator).await;
    for (browser, page, reason) in [
        (&viewer, "edit", Some("Needs the role Operator")),
        (&viewer, "tags", Some("Needs the role Operator")),
        (&operator, "edit", None),
        (&operator, "retention", Some("Needs the role Admin")),
        (&operator, "delete", Some("Needs the role Admin")),
        (&admin, "delete", None),
    ] {
        let answer = browser.get(&format!("{chat}/{page}")).await;
        let is_off = !answer.text().contains("data-working");
        assert_eq!(is_off, reason.is_some(), "{page}");
        if let Some(reason) = reason {
            let words = answer.words();
            assert_says(&words, &[&format!("{reason} You can look at this form")]);
        }
    }
}

#[tokio::test]
async fn the_audit_log_its_export_and_activity_have_only_what_is_covered() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (chat, shop) = admin.make_instances(["Chat", "Shop"]).await;
    admin.make_user(&chat, "cleo", "Cleo").await;
    admin.make_user(&shop, "sam", "Sam").await;
    let (id, limited) = app.sign_in_for(Role::Admin, &arn(&chat)).await;
    let whole = app.newest_entries(50).await;
    let outside = whole
        .iter()
        .find(|entry| entry.resource.as_ref().map(Given::as_str) == Some(&arn(&shop)));

    for address in ["/audit", "/audit/export.csv", "/audit/export.jsonl"] {
        let log = limited.get(address).await;
        let text = log.text();
        assert!(
            text.contains("cleo") && !text.contains("sam"),
            "{address}: {text}"
        );
        // Who signed in and what was done to operators is for Admins for everything.
        assert!(address == "/audit" || !text.contains("SignIn"), "{address}");
        assert!(!text.contains(&arn(&shop)), "{address}");
    }
    let page = limited.read("/audit").await;
    assert_says(
        &page,
        &["2 entries on this page, newest first Only what your role covers"],
    );
    let asked = limited
        .read(&format!("/audit?resource={}", arn(&shop)))
        .await;
    assert!(asked.contains("No entry matches"), "{asked}");
    let entry = format!("/audit/{}", outside.unwrap().seq);
    assert_eq!(limited.get(&entry).await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.get(&entry).await.status, StatusCode::OK);
    let activity = limited.read(&format!("{chat}/activity")).await;
    assert!(activity.contains("Create AppInstance"), "{activity}");
    let other = limited.get(&format!("{shop}/activity")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);

    set_scope(&admin, &id, "Limited", "embedded/eu-central-1").await;
    let page = limited.read("/audit").await;
    assert_says(&page, &["No change was made yet to what your role covers"]);
}

/// A version before this one let limits in that are none now.
#[tokio::test]
async fn a_limit_that_is_none_covers_nothing_and_keeps_nobody_out() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (id, limited) = app.sign_in_for(Role::Operator, "embedded").await;
    let elsewhere = "arn:aws-cn:chime:us-east-1:123456789012:app-instance/one";
    let mut database = app.open_database().await;
    for (kept, said) in [
        (
            format!("{elsewhere}\nembedded/us-east-1"),
            "embedded/us-east-1",
        ),
        (elsewhere.to_owned(), "Nothing"),
        (String::new(), "Nothing"),
    ] {
        let done = sqlx::query("UPDATE operators SET grants = $1 WHERE id = $2")
            .bind(&kept)
            .bind(id.as_str())
            .execute(&mut database)
            .await;
        done.unwrap();
        for address in ["/", "/account", "/audit"] {
            let page = limited.get(address).await;
            assert_eq!(page.status, StatusCode::OK, "{address} {kept:?}");
        }
        let covered = limited.get(LIST).await;
        let is_covered = covered.status == StatusCode::OK;
        assert_eq!(is_covered, said != "Nothing", "{kept:?}");
        let other = limited.get("/embedded/eu-central-1/app-instances").await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{kept:?}");
        for address in ["/operators".to_owned(), format!("/operators/{id}")] {
            let page = admin.get(&address).await;
            assert_eq!(page.status, StatusCode::OK, "{address} {kept:?}");
        }
        for address in ["/operators".to_owned(), format!("/operators/{id}")] {
            let page = admin.read(&address).await;
            let whole = said.replace("embedded/", "All of embedded, ");
            assert!(page.contains(said) || page.contains(&whole), "{page}");
        }
        let overview = limited.read("/").await;
        let regions = if said == "Nothing" {
            "–"
        } else {
            "us-east-1"
        };
        assert_says(&overview, &[&format!("Regions {regions}")]);
    }
    // An Admin can set it right.
    set_scope(&admin, &id, "Limited", "embedded").await;
    assert_eq!(limited.get(LIST).await.status, StatusCode::OK);
}
