//! The program while its database cannot be written to: it says so, changes nothing, and goes on as
//! soon as it can.

mod full_disk;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use domain::{Cause, Operation};
use emulator::Emulator;
use sqlx::{Connection as _, SqliteConnection};

use crate::support::{
    Answer, Browser, CREATE_CALL, Dashboard, KEY, PASSWORD, calls_so_far, carillon, credentials,
    run, start_emulator, token,
};

const LIST: &str = "/aws/us-east-1/app-instances";
const DATABASE: &str = "carillon.sqlite3";

/// The program in front of an AWS of this test, which counts.
struct World {
    emulator: Emulator,
    dashboard: Dashboard,
    /// Where this process finds the data of the program.
    folder: PathBuf,
}

/// The program with `--backend aws`, to be started.
fn prepared(folder: &Path, emulator: &Emulator) -> Command {
    let endpoint = format!("http://{}", emulator.address());
    let mut command = carillon(folder, &["serve", "--listen", "127.0.0.1:0"]);
    command
        .args(["--backend", "aws", "--endpoint-url", &endpoint])
        .args(["--account-id", "123456789012"])
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", KEY)
        .env("CARILLON_ADMIN_PASSWORD", PASSWORD);
    command
}

impl World {
    async fn start(folder: &Path) -> Self {
        let emulator = start_emulator(true).await;
        let dashboard = Dashboard::of(prepared(folder, &emulator));
        Self {
            emulator,
            dashboard,
            folder: folder.to_owned(),
        }
    }

    async fn sign_in(&self) -> Browser {
        let browser = Browser::new(self.dashboard.browser.address);
        let answer = browser.sign_in("admin", PASSWORD).await;
        assert_eq!(answer.location(), "/");
        browser
    }

    /// How many calls asked AWS for a change.
    async fn changes(&self) -> u64 {
        let is_change = |name: &str| {
            let operation = name.parse::<Operation>();
            operation.is_ok_and(|operation| operation.effect().is_write())
        };
        let calls = calls_so_far(&self.emulator).await.into_iter();
        let changes = calls.filter(|(name, _)| is_change(name));
        changes.map(|(_, count)| count).sum()
    }

    /// Lets AWS take its time for each answer.
    async fn slow_down(&self, milliseconds: u32) {
        let control = Browser::new(self.emulator.address());
        let slow = format!("{{\"latency_ms\": {milliseconds}}}");
        let put = control.send(Method::PUT, "/_emulator/settings", &[], slow);
        assert!(put.await.status.is_success());
    }

    /// Each change in AWS has its row, and the chain of rows is whole.
    fn verify(&self) {
        let verified = run(&self.folder, &["audit", "verify"], "");
        assert!(verified.status.success(), "{verified:?}");
    }
}

fn instance<'a>(name: &'a str, token: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("page", "/aws/us-east-1/create-app-instance"),
        ("scope", "aws/us-east-1"),
        ("token", token),
        ("name", name),
        ("metadata", ""),
    ]
}

/// A person was told what is wrong, at once or on the form that came back.
async fn assert_told(browser: &Browser, answer: &Answer) {
    let told = if answer.status == StatusCode::SEE_OTHER {
        browser.get(answer.location()).await.words()
    } else {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.header("retry-after"), "5");
        answer.words()
    };
    assert!(told.contains(&Cause::StoreUnavailable.headline()), "{told}");
}

fn assert_unavailable(answer: &Answer) {
    assert_eq!(
        answer.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(answer.failure().cause, Cause::StoreUnavailable);
}

async fn assert_readable(browser: &Browser) {
    let began = Instant::now();
    for page in ["/livez", LIST, "/account", "/audit", "/operators"] {
        let answer = browser.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.text());
    }
    // Noting that the session was used waits for the database, and no page for that.
    let took = began.elapsed();
    assert!(took < Duration::from_secs(4), "{took:?}");
}

/// A program that watches the console is told that the console cannot do all of its work.
async fn assert_not_ready(browser: &Browser) {
    while browser.get("/readyz").await.status == StatusCode::OK {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Makes the sessions look as if they were not used for minutes, so that each use is written down.
async fn age_sessions(folder: &Path) {
    let url = format!("sqlite:{}", folder.join(DATABASE).display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    let age = "UPDATE sessions SET seen_at = seen_at - 120000";
    sqlx::raw_sql(age).execute(&mut other).await.unwrap();
}

/// Everything that writes is refused, and what reads goes on.
async fn assert_only_reads(world: &World, browser: &Browser) {
    let before = world.changes().await;
    let (create, form) = (token(), token());
    let anonymous = Browser::new(browser.address);
    let (create, form) = (instance("A", &create), instance("B", &form));
    let guess = credentials("nobody", PASSWORD);
    let reads = assert_readable(browser);
    let answers = futures_util::future::join4(
        browser.call(CREATE_CALL, &create),
        browser.post(CREATE_CALL, &form),
        anonymous.call("/api/session/sign-in", &guess),
        browser.call("/api/account/end-others", &[]),
    );
    let not_ready = assert_not_ready(browser);
    let ((call, form, sign_in, end), (), ()) = tokio::join!(answers, reads, not_ready);

    for answer in [call, sign_in, end] {
        assert_unavailable(&answer);
    }
    assert_told(browser, &form).await;
    assert_eq!(world.changes().await, before, "sent without a row");
}

/// How the creations of AppInstances ended, as the audit has it.
async fn outcomes(browser: &Browser) -> Vec<String> {
    let rows = browser
        .get("/audit/export.jsonl?operation=CreateAppInstance")
        .await;
    let rows = rows.text().lines().map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        row["outcome"].as_str().unwrap().to_owned()
    });
    rows.collect()
}

/// Writes are taken again, without a restart.
async fn assert_recovered(world: &World, browser: &Browser) {
    let before = world.changes().await;
    while browser.get("/readyz").await.status != StatusCode::OK {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let made = browser
        .call(CREATE_CALL, &instance("After", &token()))
        .await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    assert_eq!(world.changes().await, before + 1);
    let outcomes = outcomes(browser).await;
    assert_eq!(outcomes.len() as u64, before + 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| outcome == "succeeded"));
    world.verify();
}

#[tokio::test]
async fn a_database_that_another_program_holds_stops_writing_only_and_only_for_so_long() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start(folder.path()).await;
    let browser = world.sign_in().await;
    age_sessions(folder.path()).await;
    let url = format!("sqlite:{}", folder.path().join(DATABASE).display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();

    // Until each of them has given up, which takes longer than eight seconds.
    sqlx::raw_sql("BEGIN EXCLUSIVE")
        .execute(&mut other)
        .await
        .unwrap();
    assert_only_reads(&world, &browser).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();

    assert_recovered(&world, &browser).await;
    world.dashboard.stop();
}

#[tokio::test]
async fn a_call_that_was_sent_has_its_outcome_once_the_database_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start(folder.path()).await;
    let browser = world.sign_in().await;
    let url = format!("sqlite:{}", folder.path().join(DATABASE).display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    world.slow_down(1500).await;

    let token = token();
    let fields = instance("Slow", &token);
    let created = browser.call(CREATE_CALL, &fields);
    let held = async {
        while world.changes().await == 0 {
            tokio::task::yield_now().await;
        }
        // It is on its way, and its first row was written.
        sqlx::raw_sql("BEGIN EXCLUSIVE")
            .execute(&mut other)
            .await
            .unwrap();
        assert_readable(&browser).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    };
    let (created, ()) = tokio::join!(created, held);

    assert_eq!(created.status, StatusCode::OK, "{}", created.text());
    assert_eq!(outcomes(&browser).await, ["succeeded"]);
    world.verify();
    world.dashboard.stop();
}

/// The emulator goes on while this test waits for the program to end.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_browser_left_has_its_outcome_when_the_program_stops() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start(folder.path()).await;
    let browser = world.sign_in().await;
    world.slow_down(2000).await;

    let token = token();
    let fields = instance("Slow", &token);
    let sent = async {
        while world.changes().await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        answer = browser.call(CREATE_CALL, &fields) => panic!("{}", answer.text()),
        () = sent => {}
    }
    drop(browser);
    world.dashboard.stop();

    let url = format!("sqlite:{}", folder.path().join(DATABASE).display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    let last = "SELECT phase FROM audit ORDER BY seq DESC LIMIT 1";
    let phase: String = sqlx::query_scalar(last)
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(phase, "succeeded");
}
