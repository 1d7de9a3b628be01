//! Writes that ask for a fresh proof of who somebody is: in production, and deleting an
//! AppInstance anywhere.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use backend::{Clock, Phase};
use domain::{Cause, Field, Problem, Role};

use crate::support::{
    Answer, Browser, CREATE, CREATE_CALL, PASSWORD, TestApp, arn, instance_fields, instance_form,
    only_problem, target, token,
};

const MINUTE: i64 = 60_000;
const UNLOCK: &str = "/api/session/unlock";

fn clock() -> Clock {
    Clock::fixed(Clock::system().now())
}

async fn production(clock: &Clock) -> TestApp {
    let options = ["--environment", "production", "--emulator-control"];
    TestApp::start_at(clock.clone(), &options).await
}

/// A console in production, an operator who signed in fifteen minutes ago, and the time.
async fn long_signed_in() -> (TestApp, Browser, Clock) {
    let clock = clock();
    let app = production(&clock).await;
    let (_, browser) = app.sign_in(Role::Operator).await;
    clock.advance(15 * MINUTE);
    (app, browser, clock)
}

async fn create(browser: &Browser, name: &str) -> Answer {
    let token = token();
    browser
        .post(CREATE_CALL, &instance_form(&token, name))
        .await
}

async fn delete(browser: &Browser, instance: &str, name: &str) -> Answer {
    let (page, arn) = (format!("{instance}/delete"), arn(instance));
    let fields = [
        ("page", &*page),
        ("target", &*target(&arn)),
        ("confirm", name),
    ];
    browser.post("/api/app-instances/delete", &fields).await
}

async fn unlock(browser: &Browser, password: &str, next: &str) -> Answer {
    let fields = [("page", "/unlock"), ("password", password), ("next", next)];
    browser.post(UNLOCK, &fields).await
}

/// What was asked of AWS that changes something.
fn writes(calls: &BTreeMap<String, u64>) -> u64 {
    let is_write = |name: &str| {
        !["Describe", "List", "Get"]
            .iter()
            .any(|read| name.starts_with(read))
    };
    calls
        .iter()
        .filter(|(name, _)| is_write(name))
        .map(|(_, count)| count)
        .sum()
}

#[tokio::test]
async fn a_write_in_production_asks_again_after_fifteen_minutes_and_keeps_the_form() {
    let clock = clock();
    let app = production(&clock).await;
    let (_, browser) = app.sign_in(Role::Operator).await;
    clock.advance(15 * MINUTE - 1);
    assert!(
        !create(&browser, "In time")
            .await
            .location()
            .starts_with("/unlock")
    );
    let sent = writes(&app.calls().await);
    clock.advance(1);

    let asked = create(&browser, "Too late").await;

    let next = asked.next_after("/unlock");
    assert!(next.starts_with(&format!("{CREATE}?draft=")), "{next}");
    assert_eq!(writes(&app.calls().await), sent);
    let before = browser.cookies().unwrap();
    let unlocked = unlock(&browser, PASSWORD, &next).await;
    assert_eq!(unlocked.location(), next);
    let form = browser.get(&next).await;
    assert_eq!(form.value_of("name").as_deref(), Some("Too late"));
    assert!(form.words().contains("Writes unlocked"));
    let again = create(&browser, "Too late").await;
    let made = again.location();
    assert!(made.contains("/app-instances/"), "{made}");
    // Somebody who learned the old id gains nothing by the proof.
    assert_ne!(browser.cookies().unwrap(), before);
    let stolen = app.open_with(&before, "/").await;
    assert_eq!(stolen.location(), "/sign-in");
}

#[tokio::test]
async fn a_program_is_told_why_and_the_refusal_is_in_the_audit() {
    let (app, browser, _clock) = long_signed_in().await;

    let refused = browser
        .call(CREATE_CALL, &instance_fields("t-1", "A"))
        .await;

    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let failure = refused.failure();
    assert_eq!(failure.cause, Cause::ProofNeeded);
    assert!(failure.next_step().contains("Unlock"));
    let rows = app.newest_entries(9).await;
    assert_eq!(
        (
            rows[0].phase,
            rows[0].event.name(),
            rows[0].failure.as_deref()
        ),
        (Phase::Refused, "CreateAppInstance", Some("proof-needed"))
    );
    assert_eq!(failure.trace.entry.as_deref(), Some(&*rows[0].id));
}

#[tokio::test]
async fn elsewhere_only_deleting_an_app_instance_asks() {
    let clock = clock();
    let app = TestApp::start_at(clock.clone(), &[]).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    let instance = admin.make_instance("Doomed").await;
    clock.advance(15 * MINUTE);
    admin.make_instance("Another").await;

    let asked = delete(&admin, &instance, "Doomed").await;

    let next = asked.next_after("/unlock");
    assert!(
        next.starts_with(&format!("{instance}/delete?draft=")),
        "{next}"
    );
    assert_eq!(admin.get(&instance).await.status, StatusCode::OK);
    unlock(&admin, PASSWORD, &next).await;
    let form = admin.get(&next).await;
    assert_eq!(form.value_of("confirm").as_deref(), Some("Doomed"));
    let done = delete(&admin, &instance, "Doomed").await;
    let list = done.location();
    assert!(list.ends_with("/app-instances"), "{list}");
}

#[tokio::test]
async fn operators_are_administered_by_who_proved_it_lately() {
    let clock = clock();
    let app = TestApp::start_at(clock.clone(), &[]).await;
    let (id, _) = app.sign_in(Role::Viewer).await;
    let (_, admin) = app.sign_in(Role::Admin).await;
    clock.advance(15 * MINUTE);
    let id = id.as_str();
    for (function, fields) in [
        (
            "invite",
            vec![
                ("username", "grace"),
                ("role", "Viewer"),
                ("scope", "Everything"),
            ],
        ),
        ("set-role", vec![("id", id), ("role", "Admin")]),
        ("set-scope", vec![("id", id), ("scope", "Everything")]),
        ("disable", vec![("id", id)]),
        ("enable", vec![("id", id)]),
        ("reset", vec![("id", id)]),
        ("sign-out", vec![("id", id)]),
    ] {
        let path = format!("/api/operators/{function}");
        let refused = admin.call(&path, &fields).await;
        assert_eq!(refused.failure().cause, Cause::ProofNeeded, "{function}");
    }
    let operator = app.backend.accounts().by_name("grace").await.unwrap();
    assert_eq!(operator, None);

    unlock(&admin, PASSWORD, "/operators").await;

    let disabled = admin.call("/api/operators/disable", &[("id", id)]).await;
    assert_eq!(disabled.status, StatusCode::OK);
}

#[tokio::test]
async fn guesses_at_unlocking_are_told_at_the_field_slowed_down_and_audited() {
    let (app, browser, clock) = long_signed_in().await;
    for (guess, problem) in [
        ("", Problem::Empty),
        ("a guess", Problem::WrongPassword),
        ("a guess", Problem::WrongPassword),
        ("a guess", Problem::WrongPassword),
    ] {
        let refused = browser
            .call(UNLOCK, &[("password", guess), ("next", "")])
            .await;
        let failure = refused.failure();
        assert_eq!(only_problem(&failure), (Field::Password, &problem));
    }
    let right = [("password", PASSWORD), ("next", "")];
    let slowed = browser.call(UNLOCK, &right).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        create(&browser, "Locked")
            .await
            .location()
            .starts_with("/unlock")
    );

    clock.advance(MINUTE);
    let back = unlock(&browser, PASSWORD, "//evil.example").await;

    assert_eq!(back.location(), "/");
    let rows = app.newest_entries(20).await;
    let phases: Vec<_> = rows
        .iter()
        .filter(|row| row.event.name() == "UnlockWrites")
        .map(|row| row.phase)
        .collect();
    assert_eq!(phases[0], Phase::Noted);
    // A try that came too soon was not looked at.
    assert_eq!(phases[1..], [Phase::Refused; 3]);
    assert!(rows.iter().all(|row| !row.request.is_empty()));
    assert!(!format!("{rows:?}").contains("a guess"));
}

#[tokio::test]
async fn nobody_unlocks_who_is_not_signed_in() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let page = browser.get("/unlock?next=%2Faccount").await;
    assert_eq!(
        page.location(),
        "/sign-in?next=%2Funlock%3Fnext%3D%252Faccount"
    );
    let refused = browser
        .call(UNLOCK, &[("password", PASSWORD), ("next", "")])
        .await;
    assert_eq!(refused.failure().cause, Cause::SignedOut);
}

#[tokio::test]
async fn the_header_and_what_writes_tell_whether_writes_are_unlocked() {
    let clock = clock();
    let app = production(&clock).await;
    let (_, viewer) = app.sign_in(Role::Viewer).await;
    let (_, browser) = app.sign_in(Role::Admin).await;
    let instance = browser.make_instance("Chat").await;
    clock.advance(3 * MINUTE + 1);
    let unlocked = browser.get(CREATE).await;
    assert!(unlocked.words().contains("Writes unlocked, 12 min left"));
    assert!(!unlocked.words().contains("Writes are locked"));
    assert!(!viewer.read("/").await.contains("Writes unlocked"));

    clock.advance(12 * MINUTE);

    let locked = browser.get(CREATE).await;
    let words = locked.words();
    assert!(words.contains("Unlock writes") && !words.contains("min left"));
    assert!(words.contains("Writes are locked"), "{words}");
    let here = CREATE.replace('/', "%2F");
    assert!(
        locked
            .text()
            .contains(&format!("href=\"/unlock?next={here}\""))
    );
    let invite = browser.read("/operators/invite").await;
    assert!(invite.contains("Writes are locked"), "{invite}");
    let delete = browser.read(&format!("{instance}/delete")).await;
    assert!(delete.contains("asks for your password or a one-time code"));
    assert!(delete.contains("Writes are locked"));
    // What somebody may not do at all has no lock on it.
    let refused = viewer.read(CREATE).await;
    assert!(!refused.contains("Writes are locked"));
}
