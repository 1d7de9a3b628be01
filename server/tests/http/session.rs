//! Signing in and out, and the cookie.

use axum::http::StatusCode;
use backend::{Clock, OperatorChange};
use domain::{Cause, Role};

use crate::support::{
    Browser, CREATE, CREATE_CALL, PASSWORD, SIGN_IN, TestApp, changed, credentials,
    instance_fields, instance_form,
};

const MINUTE: i64 = 60_000;

#[tokio::test]
async fn somebody_who_is_not_signed_in_is_asked_to_and_comes_back() {
    let app = TestApp::start().await;
    let browser = app.anonymous();

    assert_eq!(browser.get("/").await.location(), "/sign-in");
    assert_eq!(
        browser
            .get("/embedded/us-east-1/app-instances?name=a%20b&page=2")
            .await
            .location(),
        "/sign-in?next=%2Fembedded%2Fus-east-1%2Fapp-instances%3Fname%3Da%2520b%26page%3D2"
    );
    assert_eq!(
        browser.get("/nowhere").await.location(),
        "/sign-in?next=%2Fnowhere"
    );
    assert_eq!(browser.get("//evil.example").await.location(), "/sign-in");
    for open in ["/sign-in", "/livez", "/readyz", "/icons.svg"] {
        assert_eq!(browser.get(open).await.status, StatusCode::OK, "{open}");
    }
    assert_eq!(browser.cookies(), None, "looking at pages makes no session");
}

/// A console with the operator ann, and a browser in which nobody signed in yet.
async fn before_ann_signs_in(role: Role) -> (TestApp, Browser) {
    let app = TestApp::start().await;
    app.add_operator("ann", role).await;
    let browser = app.anonymous();
    (app, browser)
}

#[tokio::test]
async fn the_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts() {
    let app = TestApp::start().await;
    app.add_operator("ann", Role::Viewer).await;

    let answer = app.anonymous().sign_in("ann", PASSWORD).await;

    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-carillon="), "{cookie}");
    let mut attributes: Vec<_> = cookie.split("; ").skip(1).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
}

#[tokio::test]
async fn the_cookie_is_plain_where_it_was_asked_for() {
    let app = TestApp::start_with(&["--insecure-cookie"]).await;
    app.add_operator("ann", Role::Viewer).await;

    let answer = app.anonymous().sign_in("ann", PASSWORD).await;

    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("carillon=") && !cookie.contains("Secure"),
        "{cookie}"
    );
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_away() {
    let (app, browser) = TestApp::signed_in(Role::Viewer).await;
    let stolen = browser.cookies().unwrap();

    let answer = browser
        .post("/api/session/sign-out", &[("page", "/sign-in")])
        .await;

    assert!(answer.location().starts_with("/sign-in"));
    let mut taken = Vec::new();
    for removal in answer.headers.get_all("set-cookie") {
        let removal = removal.to_str().unwrap();
        taken.extend(removal.split("=;").next());
        // A browser ignores it without the last two.
        for attribute in ["Max-Age=0", "Secure", "Path=/"] {
            assert!(removal.contains(attribute), "{removal}");
        }
    }
    taken.sort_unstable();
    let ours = ["", ".provider", ".theme", ".user-columns", ".visitor"];
    assert_eq!(taken, ours.map(|ending| format!("__Host-carillon{ending}")));
    let page = app.open_with(&stolen, "/").await;
    assert_eq!(page.location(), "/sign-in");
}

#[tokio::test]
async fn two_consoles_on_one_host_leave_each_others_cookies_alone() {
    let one = TestApp::start_with(&["--cookie-name", "one"]).await;
    let other = TestApp::start_with(&["--cookie-name", "other"]).await;
    let (_, browser) = one.sign_in(Role::Viewer).await;
    other.add_operator("ann", Role::Viewer).await;

    // What the other console gives: a form that was refused, a theme, a session.
    let beside = browser.at(other.anonymous().address);
    beside.sign_in("ann", "wrong").await;
    beside.post("/theme", &[("theme", "dark")]).await;
    beside.sign_in("ann", PASSWORD).await;
    assert_eq!(beside.get("/account").await.status, StatusCode::OK);
    let back = beside.at(browser.address);
    let page = back.get("/account").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("data-theme=\"dark\""));

    // Signing out there.
    let left = beside.post("/api/session/sign-out", &[]).await;

    assert!(!left.header("clear-site-data").contains("cookies"));
    assert_eq!(beside.get("/account").await.status, StatusCode::SEE_OTHER);
    let back = beside.at(browser.address);
    assert_eq!(back.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_id_changes_when_somebody_signs_in() {
    let (app, browser) = before_ann_signs_in(Role::Viewer).await;
    browser.sign_in("ann", "not the password").await;
    let before = browser.cookies().unwrap();

    browser.sign_in("ann", PASSWORD).await;

    assert_ne!(browser.cookies().unwrap(), before);
    let page = app.open_with(&before, "/").await;
    assert_eq!(page.location(), "/sign-in");
}

#[tokio::test]
async fn a_disabled_operator_is_signed_out_with_the_next_request() {
    let app = TestApp::start().await;
    app.sign_in(Role::Admin).await;
    let (id, browser) = app.sign_in(Role::Operator).await;
    assert_eq!(browser.get("/").await.status, StatusCode::OK);

    app.change_operator(&id, OperatorChange::Disable).await;

    assert_eq!(browser.get("/").await.location(), "/sign-in");
    let fields = instance_fields("t-1", "A");
    let call = browser.call(CREATE_CALL, &fields).await;
    call.assert_failed(StatusCode::UNAUTHORIZED, Cause::SignedOut);
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_no_bug() {
    let app = TestApp::start().await;
    let mut other = app.open_database().await;
    // Somebody else writes: reading goes on, sign-in has to count an attempt.
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    let (people, calls) = (app.anonymous(), app.anonymous());
    let fields = credentials("ann", PASSWORD);

    let (form, call) = tokio::join!(people.post(SIGN_IN, &fields), calls.call(SIGN_IN, &fields),);

    // The form comes back as it was typed: it is held in memory.
    let again = people.get(form.location()).await;
    assert!(again.text().contains(&Cause::StoreUnavailable.headline()));
    assert!(again.text().contains("value=\"ann\""));
    call.assert_failed(StatusCode::SERVICE_UNAVAILABLE, Cause::StoreUnavailable);
    assert_eq!(people.get("/sign-in").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_was_typed_is_there_after_signing_in() {
    let (_app, browser) = before_ann_signs_in(Role::Operator).await;

    let asked = browser
        .post(CREATE_CALL, &instance_form("t-1", "Typed name"))
        .await;
    let next = asked.next_after("/sign-in");
    assert!(next.starts_with(&format!("{CREATE}?draft=")), "{next}");
    let form = changed(&credentials("ann", PASSWORD), &[("next", &*next)]);
    let signed_in = browser.post(SIGN_IN, &form).await;

    assert_eq!(signed_in.location(), next);
    assert!(
        browser
            .get(&next)
            .await
            .text()
            .contains("value=\"Typed name\"")
    );
}

/// An id that this console did not make.
const PRESET: &str = "__Host-carillon=AAAAAAAAAAAAAAAAAAAAAA";

#[tokio::test]
async fn an_id_that_somebody_else_chose_is_never_used() {
    let (app, browser) = before_ann_signs_in(Role::Viewer).await;
    let form = credentials("ann", PASSWORD);

    let answer = browser
        .post_with(&[("cookie", PRESET)], SIGN_IN, &form)
        .await;

    assert_eq!(answer.location(), "/");
    let given = browser.cookies().unwrap();
    assert_ne!(given, PRESET);
    assert_eq!(
        app.open_with(&given, "/account").await.status,
        StatusCode::OK
    );
    let preset = app.open_with(PRESET, "/account").await;
    assert_eq!(preset.location(), "/sign-in?next=%2Faccount");
}

#[tokio::test]
async fn two_session_cookies_are_refused_and_none_is_made_valid_by_the_other() {
    let (app, ann) = TestApp::signed_in(Role::Viewer).await;
    let ann = ann.cookies().unwrap();
    for both in [format!("{ann}; {PRESET}"), format!("{PRESET}; {ann}")] {
        let answer = app.open_with(&both, "/account").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{both}");
        let preset = app.open_with(PRESET, "/account").await;
        assert_eq!(preset.location(), "/sign-in?next=%2Faccount");
        assert_eq!(app.open_with(&ann, "/account").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use_and_after_twelve_hours() {
    let clock = Clock::fixed(Clock::system().now());
    let app = TestApp::start_at(clock.clone(), &[]).await;
    let (_, browser) = app.sign_in(Role::Viewer).await;
    let (_, idle) = app.sign_in(Role::Viewer).await;
    clock.advance(29 * MINUTE);
    assert_eq!(idle.get("/account").await.status, StatusCode::OK);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    clock.advance(15 * MINUTE);
    browser.get("/account").await;
    clock.advance(15 * MINUTE);
    let gone = idle.get("/account").await;
    assert_eq!(gone.location(), "/sign-in?next=%2Faccount");

    for minutes in (59..720).step_by(20) {
        assert_eq!(
            browser.get("/account").await.status,
            StatusCode::OK,
            "after {minutes} minutes"
        );
        // Proving it again makes no session longer.
        let proof = [("password", PASSWORD), ("next", "")];
        browser.post("/api/session/unlock", &proof).await;
        clock.advance(20 * MINUTE);
    }
    let gone = browser.get("/account").await;
    assert_eq!(gone.location(), "/sign-in?next=%2Faccount");
}

#[tokio::test]
async fn requests_under_way_do_not_bring_a_session_back() {
    let (app, browser) = TestApp::signed_in(Role::Viewer).await;
    let cookie = browser.cookies().unwrap();
    // Each writes into its session: it shows a message, or keeps one.
    let busy: Vec<_> = (0..20)
        .map(|_| {
            let browser = app.anonymous();
            let cookie = cookie.clone();
            tokio::spawn(async move {
                let cookie = [("cookie", &*cookie)];
                browser
                    .post_with(&cookie, "/api/account/end-others", &[])
                    .await;
            })
        })
        .collect();

    let out = browser.post("/api/session/sign-out", &[("page", "/sign-in")]);
    assert!(out.await.location().starts_with("/sign-in"));

    for request in busy {
        request.await.unwrap();
    }
    let stolen = app.open_with(&cookie, "/account").await;
    assert_eq!(stolen.location(), "/sign-in?next=%2Faccount");
}

/// How many sessions the database has.
async fn sessions_in(app: &TestApp) -> i64 {
    let mut database = app.open_database().await;
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM sessions");
    count.fetch_one(&mut database).await.unwrap()
}

#[tokio::test]
async fn whoever_is_not_signed_in_makes_no_session() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for page in [
        "/",
        "/sign-in",
        "/sign-in?draft=x",
        "/sign-in/code",
        "/setup?token=x",
        "/invite?token=x",
        "/nowhere",
    ] {
        let answer = browser.get(page).await;
        assert_eq!(answer.header("set-cookie"), "", "{page}");
    }
    for (path, fields) in [
        (SIGN_IN, credentials("ann", "wrong").to_vec()),
        (
            "/api/session/setup",
            vec![
                ("token", "x"),
                ("username", "ann"),
                ("new_password", PASSWORD),
            ],
        ),
        (CREATE_CALL, vec![("page", CREATE), ("name", "A")]),
        (
            "/api/app-instances/tags",
            vec![("page", CREATE), ("add_row", "1")],
        ),
    ] {
        let answer = browser.post(path, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        browser.get(answer.location()).await;
    }

    assert_eq!(sessions_in(&app).await, 0);
    let cookies = browser.cookies().unwrap();
    assert!(cookies.starts_with("__Host-carillon.visitor="), "{cookies}");
    assert!(!cookies.contains("__Host-carillon="), "{cookies}");
}

#[tokio::test]
async fn a_form_of_nobody_is_shown_to_its_browser_only_and_once_somebody_signed_in_to_them_only() {
    let app = TestApp::start().await;
    for name in ["ann", "bob"] {
        app.add_operator(name, Role::Operator).await;
    }
    let (browser, other) = (app.anonymous(), app.anonymous());
    let refused = browser.sign_in("typed", "x").await;
    let form = refused.location().to_owned();
    other.sign_in("typed", "x").await;
    let shows = async |who: &Browser| who.get(&form).await.text().contains("value=\"typed\"");
    assert!(shows(&browser).await);
    assert!(!shows(&other).await);

    browser.sign_in("ann", PASSWORD).await;
    assert!(shows(&browser).await);
    browser.sign_in("bob", PASSWORD).await;
    assert!(!shows(&browser).await);
}

#[tokio::test]
async fn another_operator_on_the_same_browser_is_another_visitor() {
    let app = TestApp::start().await;
    for name in ["ann", "bob"] {
        app.add_operator(name, Role::Operator).await;
    }
    let browser = app.anonymous();
    browser.sign_in("ann", PASSWORD).await;
    let fields = changed(&instance_form("t-1", ""), &[("metadata", "typed by ann")]);
    let refused = browser.post(CREATE_CALL, &fields).await;
    let form = refused.location().to_owned();
    // A message for the next page, which is not opened.
    browser.call("/api/account/end-others", &[]).await;
    let again = [("password", PASSWORD), ("next", "")];
    browser.call("/api/session/unlock", &again).await;
    browser.sign_in("ann", PASSWORD).await;
    assert!(browser.get(&form).await.text().contains("typed by ann"));
    browser.call("/api/account/end-others", &[]).await;

    browser.sign_in("bob", PASSWORD).await;

    let page = browser.get(&form).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("typed by ann"));
    assert!(
        !page.text().contains("Other sessions ended"),
        "{}",
        page.words()
    );
}

#[tokio::test]
async fn forms_of_strangers_push_out_those_of_their_own_address_only() {
    let app = TestApp::start_with(&["--trusted-proxy", "127.0.0.1"]).await;
    let refused = async |address: &'static str| {
        let browser = app.anonymous();
        let form = [
            ("page", "/sign-in"),
            ("username", "typed"),
            ("password", ""),
        ];
        let from = [("x-forwarded-for", address)];
        let answer = browser.post_with(&from, SIGN_IN, &form).await;
        (answer.location().to_owned(), browser)
    };
    let shows = async |(form, browser): &(String, Browser)| {
        browser.get(form).await.text().contains("value=\"typed\"")
    };
    let honest = refused("192.0.2.1").await;
    let first = refused("192.0.2.66").await;
    for _ in 0..100 {
        refused("192.0.2.66").await;
    }

    assert!(shows(&honest).await);
    assert!(!shows(&first).await);
}
