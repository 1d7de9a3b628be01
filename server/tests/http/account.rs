//! One's own account over HTTP: the password, the sessions.

use axum::http::StatusCode;
use domain::{Cause, Field, Problem, Role};

use crate::support::{Browser, PASSWORD, SIGN_IN, TestApp, assert_says, credentials, only_problem};

const NEW: &str = "seven bells for the late watch";

/// Somebody who is signed in twice: the name, and both browsers.
async fn twice(app: &TestApp) -> (String, Browser, Browser) {
    let (id, here) = app.sign_in(Role::Viewer).await;
    let (name, there) = (app.username(&id).await, app.anonymous());
    there.sign_in(&name, PASSWORD).await;
    (name, here, there)
}

async fn change(browser: &Browser, current: &str, new: &str) -> crate::support::Answer {
    let fields = [
        ("page", "/account"),
        ("form", "password"),
        ("current_password", current),
        ("new_password", new),
    ];
    browser.post("/api/account/password", &fields).await
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_renews_this_one() {
    let app = TestApp::start().await;
    let (name, here, there) = twice(&app).await;
    let before = here.cookies().unwrap();

    let done = change(&here, PASSWORD, NEW).await;

    assert_eq!(done.location(), "/account");
    let page = here.read("/account").await;
    assert!(page.contains("Password changed"), "{page}");
    assert_ne!(here.cookies().unwrap(), before);
    let stolen = app.open_with(&before, "/").await;
    assert_eq!(stolen.location(), "/sign-in");
    assert_eq!(there.get("/").await.location(), "/sign-in");
    let old = there.call(SIGN_IN, &credentials(&name, PASSWORD)).await;
    assert_eq!(old.failure().cause, Cause::BadCredentials);
    assert_eq!(there.sign_in(&name, NEW).await.location(), "/");
}

#[tokio::test]
async fn a_password_is_changed_only_by_who_knows_it_and_not_to_a_weak_one() {
    let app = TestApp::start().await;
    let (_, here, there) = twice(&app).await;
    for (current, new, field, problem) in [
        ("", NEW, Field::CurrentPassword, Problem::Empty),
        (
            "not it at all",
            NEW,
            Field::CurrentPassword,
            Problem::WrongPassword,
        ),
        (
            PASSWORD,
            "short",
            Field::NewPassword,
            Problem::TooShort { min: 8 },
        ),
        (
            PASSWORD,
            "password1",
            Field::NewPassword,
            Problem::WeakPassword,
        ),
    ] {
        let fields = [("current_password", current), ("new_password", new)];
        let answer = here.call("/api/account/password", &fields).await;
        assert_eq!(only_problem(&answer.failure()), (field, &problem));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let back = change(&here, "not it at all", NEW).await;
    let page = here.get(back.location()).await;
    assert!(page.words().contains("This is not your password."));
    assert!(!page.text().contains(NEW) && !page.text().contains("not it at all"));
    assert_eq!(there.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn guesses_at_the_present_password_are_slowed_down_like_sign_ins() {
    let (_app, browser) = TestApp::signed_in(Role::Viewer).await;
    let fields = [("current_password", "a guess"), ("new_password", NEW)];
    for _ in 0..3 {
        browser.call("/api/account/password", &fields).await;
    }

    let answer = browser.call("/api/account/password", &fields).await;

    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(matches!(answer.failure().cause, Cause::SlowDown(_)));
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all_others() {
    let app = TestApp::start().await;
    let (name, here, there) = twice(&app).await;
    let page = here.get("/account").await;
    let words = page.words();
    assert_says(
        &words,
        &["Your account", "127.0.0.1", "This session", "End session"],
    );
    let key = page.value_of("key").unwrap();
    let mine = page.text().matches("name=\"key\"").count();
    assert_eq!(mine, 1, "this session has no button");

    let one = [("page", "/account"), ("key", &*key)];
    let ended = here.post("/api/account/end-session", &one).await;
    assert_eq!(ended.location(), "/account");
    assert_eq!(there.get("/").await.location(), "/sign-in");
    assert_eq!(here.get("/").await.status, StatusCode::OK);

    there.sign_in(&name, PASSWORD).await;
    let others = here.post("/api/account/end-others", &[("page", "/account")]);
    assert_eq!(others.await.location(), "/account");
    assert_eq!(there.get("/").await.location(), "/sign-in");
    let page = here.read("/account").await;
    assert!(page.contains("1 session."), "{page}");
    assert!(page.contains("There is no other session"), "{page}");
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let app = TestApp::start().await;
    let (_, here, _there) = twice(&app).await;
    let key = here.get("/account").await.value_of("key").unwrap();
    let (_, admin) = app.sign_in(Role::Admin).await;
    let fields = [("key", &*key)];

    admin.call("/api/account/end-session", &fields).await;
    let anonymous = app.anonymous();
    let refused = anonymous.call("/api/account/end-session", &fields).await;

    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let page = here.get("/account").await;
    assert_eq!(page.value_of("key").as_deref(), Some(&*key));
    for function in ["password", "end-others"] {
        let path = format!("/api/account/{function}");
        let refused = anonymous.call(&path, &[]).await;
        assert_eq!(refused.failure().cause, Cause::SignedOut, "{function}");
    }
    let page = anonymous.get("/account").await;
    assert_eq!(page.location(), "/sign-in?next=%2Faccount");
}

#[tokio::test]
async fn the_account_menu_leads_there_for_every_role() {
    let app = TestApp::start().await;
    for role in Role::ALL {
        let (_, browser) = app.sign_in(*role).await;
        let home = browser.get("/").await;
        assert!(home.text().contains("href=\"/account\""));
        let page = browser.get("/account").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.words().contains(role.name()));
    }
}
