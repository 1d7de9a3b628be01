//! Operators over HTTP: who may manage them, links that work once, the last Admin, and what counts
//! from the next request on.

use axum::http::{Method, StatusCode};
use backend::OperatorId;
use domain::{Cause, Field, Problem, Role};

use crate::support::{
    Answer, Browser, CREATE_CALL, PASSWORD, SIGN_IN, TestApp, assert_says, credentials,
    instance_fields, invitation, only_problem, token,
};

const CHOSEN: &str = "seven bells for the late watch";
/// Every function that manages operators, with what it needs.
const FUNCTIONS: &[(&str, &[(&str, &str)])] = &[
    (
        "/api/operators/invite",
        &[
            ("username", "eve"),
            ("role", "Admin"),
            ("scope", "Everything"),
        ],
    ),
    ("/api/operators/set-role", &[("role", "Admin")]),
    ("/api/operators/set-scope", &[("scope", "Everything")]),
    ("/api/operators/disable", &[]),
    ("/api/operators/enable", &[]),
    ("/api/operators/reset", &[]),
    ("/api/operators/sign-out", &[]),
];

/// The link that a page shows.
fn link(page: &Answer) -> String {
    format!("/invite?token={}", page.invitation_token())
}

fn token_of(link: &str) -> String {
    link.strip_prefix("/invite?token=").unwrap().to_owned()
}

async fn set_role(admin: &Browser, id: &OperatorId, role: &str) {
    let fields = [("page", "/operators"), ("id", id.as_str()), ("role", role)];
    admin.post("/api/operators/set-role", &fields).await;
}

/// Invites somebody, and answers the address that shows the link.
async fn invite(admin: &Browser, username: &str, role: &str) -> String {
    let fields = invitation(username, role);
    let answer = admin.post("/api/operators/invite", &fields).await;
    answer.location().to_owned()
}

async fn act(admin: &Browser, what: &str, id: &OperatorId) -> Answer {
    let fields = [("page", "/operators"), ("id", id.as_str())];
    admin.post(&format!("/api/operators/{what}"), &fields).await
}

async fn accept(browser: &Browser, link: &str, password: &str) -> Answer {
    let token = token_of(link);
    let fields = [
        ("page", link),
        ("token", &*token),
        ("new_password", password),
    ];
    browser.post("/api/session/accept", &fields).await
}

#[tokio::test]
async fn who_is_invited_chooses_a_password_and_is_signed_in() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let shown = invite(&admin, "grace", "Operator").await;

    let page = admin.get(&shown).await;
    let link = link(&page);
    let address = format!("http://{}{link}", admin.address);
    assert!(page.text().contains(&address), "the whole address is shown");
    let again = admin.get(&shown).await;
    assert!(!again.text().contains("token="), "it is shown once");
    assert!(again.words().contains("The link was shown once"));
    let list = admin.read("/operators").await;
    assert!(list.contains("grace") && list.contains("Invited"), "{list}");

    let grace = app.anonymous();
    let form = grace.get(&link).await;
    assert!(form.words().contains("Your username is grace"));
    let weak = accept(&grace, &link, "password").await;
    let form = grace.get(weak.location()).await;
    assert!(form.words().contains("This password is easy to guess"));
    let done = accept(&grace, &link, CHOSEN).await;

    assert_eq!(done.location(), "/");
    let home = grace.get("/").await;
    assert!(home.words().contains("You are signed in as grace"));
    let elsewhere = app.anonymous();
    assert_eq!(elsewhere.sign_in("grace", CHOSEN).await.location(), "/");
}

#[tokio::test]
async fn a_link_that_was_used_is_refused() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let shown = invite(&admin, "grace", "Admin").await;
    let link = link(&admin.get(&shown).await);
    accept(&app.anonymous(), &link, CHOSEN).await;

    let thief = app.anonymous();
    let page = thief.get(&link).await;
    let token = token_of(&link);
    let fields = [("token", &*token), ("new_password", "stolen by the thief")];
    let call = thief.call("/api/session/accept", &fields).await;
    let form = accept(&thief, &link, "stolen by the thief").await;

    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.words().contains(&Cause::LinkUsed.headline()));
    call.assert_failed(StatusCode::GONE, Cause::LinkUsed);
    assert_eq!(thief.get(form.location()).await.status, StatusCode::GONE);
    assert_eq!(thief.get("/").await.location(), "/sign-in");
    let none = app.anonymous().get("/invite").await;
    assert_eq!(none.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_reset_ends_the_sessions_and_only_the_new_link_works() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (id, browser) = app.sign_in(Role::Operator).await;

    let first = act(&admin, "reset", &id).await.location().to_owned();
    let first = link(&admin.get(&first).await);
    let second = act(&admin, "reset", &id).await.location().to_owned();
    let second = link(&admin.get(&second).await);

    assert_eq!(browser.get("/").await.location(), "/sign-in");
    let old = app.anonymous();
    assert_eq!(old.get(&first).await.status, StatusCode::GONE);
    assert_eq!(accept(&old, &second, CHOSEN).await.location(), "/");
}

#[tokio::test]
async fn only_an_admin_manages_operators() {
    let app = TestApp::start().await;
    let (target, _) = app.sign_in(Role::Admin).await;
    let pages = [
        "/operators".to_owned(),
        "/operators/invite".to_owned(),
        format!("/operators/{target}"),
        format!("/operators/{target}/role"),
        format!("/operators/{target}/scope"),
        format!("/operators/{target}/reset"),
    ];
    let before = app.backend.accounts().list().await.unwrap();
    let callers = [
        (app.sign_in(Role::Viewer).await.1, StatusCode::FORBIDDEN),
        (app.sign_in(Role::Operator).await.1, StatusCode::FORBIDDEN),
        (app.anonymous(), StatusCode::UNAUTHORIZED),
    ];
    for (browser, status) in &callers {
        for (function, fields) in FUNCTIONS {
            let mut fields = fields.to_vec();
            fields.push(("id", target.as_str()));
            let answer = browser.call(function, &fields).await;
            assert_eq!(answer.status, *status, "{function}");
        }
        for page in &pages {
            let answer = browser.get(page).await;
            if *status == StatusCode::FORBIDDEN {
                assert_eq!(answer.status, *status, "{page}");
                assert!(answer.words().contains("This needs the role Admin"));
                assert!(!answer.text().contains("Admin-"), "no name on {page}");
            } else {
                assert!(answer.location().starts_with("/sign-in?next="), "{page}");
            }
        }
    }
    let after = app.backend.accounts().list().await.unwrap();
    assert_eq!(after.len(), before.len() + 2);
    assert!(
        before
            .iter()
            .all(|old| after.iter().any(|new| new.id == old.id
                && new.role == old.role
                && new.disabled == old.disabled
                && new.invited == old.invited))
    );
}

#[tokio::test]
async fn the_functions_cannot_be_reached_by_a_link() {
    let app = TestApp::start().await;
    let (id, admin) = app.sign_in(Role::Admin).await;
    for (function, _) in FUNCTIONS {
        let path = format!("{function}?id={id}&username=eve&role=Viewer&scope=Everything");
        let answer = admin.get(&path).await;
        assert!(answer.status.is_client_error(), "{function}");
    }
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let body = format!("id={id}&username=eve&role=Viewer&scope=Everything");
    for (function, _) in FUNCTIONS {
        let answer = admin
            .send(Method::POST, function, &foreign, body.clone())
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{function}");
    }
    assert_eq!(app.backend.accounts().list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_role_that_was_taken_away_is_gone_with_the_next_request() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (id, browser) = app.sign_in(Role::Operator).await;
    let create = async |name: &str| {
        let token = token();
        let fields = instance_fields(&token, name);
        browser.call(CREATE_CALL, &fields).await.status
    };
    assert_eq!(create("Before").await, StatusCode::OK);
    let old = browser.cookies().unwrap();

    set_role(&admin, &id, "Viewer").await;

    assert_eq!(create("After").await, StatusCode::FORBIDDEN);
    assert_ne!(browser.cookies().unwrap(), old, "the session has a new id");
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    assert_eq!(app.open_with(&old, "/").await.location(), "/sign-in");
    set_role(&admin, &id, "Operator").await;
    assert_eq!(create("Again").await, StatusCode::OK);
}

#[tokio::test]
async fn disabling_and_signing_out_count_with_the_next_request() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let (id, browser) = app.sign_in(Role::Viewer).await;
    let name = app.username(&id).await;

    act(&admin, "sign-out", &id).await;
    assert_eq!(browser.get("/").await.location(), "/sign-in");
    browser.sign_in(&name, PASSWORD).await;
    assert_eq!(browser.get("/").await.status, StatusCode::OK);

    act(&admin, "disable", &id).await;
    assert_eq!(browser.get("/").await.location(), "/sign-in");
    let form = credentials(&name, PASSWORD);
    let refused = browser.call(SIGN_IN, &form).await;
    assert_eq!(refused.failure().cause, Cause::BadCredentials);
    let page = admin.read(&format!("/operators/{id}")).await;
    assert_says(&page, &["Disabled", "Enable"]);

    act(&admin, "enable", &id).await;
    let elsewhere = app.anonymous();
    assert_eq!(elsewhere.sign_in(&name, PASSWORD).await.location(), "/");
}

#[tokio::test]
async fn the_last_admin_stays() {
    let app = TestApp::start().await;
    let (id, admin) = app.sign_in(Role::Admin).await;
    // Invited, and so no Admin yet.
    invite(&admin, "grace", "Admin").await;
    let fields = [("id", id.as_str()), ("role", "Viewer")];
    for function in ["set-role", "disable", "reset"] {
        let path = format!("/api/operators/{function}");
        let answer = admin.call(&path, &fields).await;
        assert_eq!(
            (answer.status, answer.failure().cause),
            (StatusCode::CONFLICT, Cause::LastAdmin),
            "{function}"
        );
    }
    let back = act(&admin, "disable", &id).await.location().to_owned();
    let page = admin.read(&back).await;
    assert!(page.contains(&Cause::LastAdmin.headline()), "{page}");
    assert!(page.contains("Make somebody else an Admin first"), "{page}");
    let own = admin.get(&format!("/operators/{id}")).await;
    assert!(own.text().contains("aria-disabled"), "the button says why");
    assert_eq!(admin.get("/operators").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_was_typed_wrong_is_told_at_its_field() {
    let (_app, admin) = TestApp::signed_in(Role::Admin).await;
    invite(&admin, "grace", "Viewer").await;
    let long = "x".repeat(65);
    for (username, role, field, problem) in [
        ("", "Viewer", Field::Username, Problem::Empty),
        ("GRACE", "Viewer", Field::Username, Problem::NameTaken),
        (
            &*long,
            "Viewer",
            Field::Username,
            Problem::TooLong {
                max: 64,
                actual: 65,
            },
        ),
        ("ada", "Owner", Field::Role, Problem::NotAChoice),
    ] {
        let fields = [
            ("username", username),
            ("role", role),
            ("scope", "Everything"),
        ];
        let answer = admin.call("/api/operators/invite", &fields).await;
        assert_eq!(only_problem(&answer.failure()), (field, &problem));
    }
    let fields = invitation("Grace", "Operator");
    let back = admin.post("/api/operators/invite", &fields).await;
    let page = admin.get(back.location()).await;
    assert_eq!(page.value_of("username").as_deref(), Some("Grace"));
    assert!(page.words().contains("An operator has this name already"));
    let nowhere = admin.get("/operators/nobody").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn everything_is_in_the_audit_and_no_secret_is() {
    let (app, admin) = TestApp::signed_in(Role::Admin).await;
    let shown = invite(&admin, "grace", "Viewer").await;
    let link = link(&admin.get(&shown).await);
    accept(&app.anonymous(), &link, CHOSEN).await;
    let grace = app.backend.accounts().by_name("grace").await;
    let id = grace.unwrap().unwrap().id;
    set_role(&admin, &id, "Operator").await;
    for what in ["sign-out", "disable", "enable", "reset"] {
        act(&admin, what, &id).await;
    }

    let entries = app.newest_entries(50).await;

    let events: Vec<_> = entries
        .iter()
        .rev()
        .map(|entry| entry.event.name())
        .collect();
    assert_eq!(
        events,
        [
            "SignIn",
            "InviteOperator",
            "ChoosePassword",
            "SetOperatorRole",
            "SignOutOperator",
            "DisableOperator",
            "EnableOperator",
            "ResetOperatorPassword",
        ]
    );
    let rows = format!("{entries:?}");
    assert!(!rows.contains(CHOSEN) && !rows.contains(&token_of(&link)));
    assert!(
        entries
            .iter()
            .all(|entry| entry.remote.is_some() && !entry.request.is_empty())
    );
    let log = admin.read("/audit").await;
    assert!(log.contains("Invite operator") && log.contains("Choose password by link"));
}
