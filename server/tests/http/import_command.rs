//! `carillon import` and `carillon job` as programs: what they print, how they end, and that a command
//! given again goes on where the one before ended.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use axum::http::Method;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Browser, KEY, LONG, World, arn, carillon, said};

/// An AppInstance to import into, and a folder for what the program keeps.
struct Shell {
    world: World,
    instance: String,
    folder: TempDir,
}

impl Shell {
    async fn start() -> Self {
        let world = World::start().await;
        let instance = arn(&world.instance);
        let folder = tempfile::tempdir().unwrap();
        Self {
            world,
            instance,
            folder,
        }
    }

    fn emulator(&self) -> Browser {
        self.world.app.emulator()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn import(&self, file: &str, more: &[&str]) -> Command {
        let endpoint = format!("http://{}", self.emulator().address);
        let mut command = carillon(self.folder.path(), &["import", file]);
        command
            .args(["--instance", &self.instance, "--backend", "aws"])
            .args(["--endpoint-url", &endpoint, "--account-id", "123456789012"])
            .args(more)
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", KEY)
            .env("AWS_SESSION_TOKEN", "")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end, while the emulator answers.
    async fn imported(&self, file: &str, more: &[&str]) -> Output {
        let mut command = self.import(file, more);
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }

    async fn job(&self, arguments: &[&str]) -> String {
        let mut command = carillon(self.folder.path(), &["job"]);
        command.args(arguments);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        assert!(output.status.success(), "{}", said(&output.stderr));
        said(&output.stdout).to_owned()
    }

    /// How many users the AppInstance has.
    async fn users(&self) -> u64 {
        let path = format!("/_emulator/digest?instance={}", self.instance);
        let answer = self.emulator().send(Method::GET, &path, &[], "").await;
        let digest: Value = serde_json::from_str(answer.text()).unwrap();
        digest["kinds"]["users"]["count"].as_u64().unwrap()
    }
}

fn users(count: usize) -> String {
    let rows = (0..count).map(|n| format!("user-{n},User {n},team-{}\n", n % 3));
    "user_id,name,tag:team\n".to_owned() + &rows.collect::<String>()
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[tokio::test]
async fn a_plan_is_printed_and_nothing_is_changed() {
    let shell = Shell::start().await;
    let good = shell.file("good.csv", &users(30));
    let planned = shell.imported(&good, &["--plan"]).await;
    assert_eq!(code(&planned), Some(0), "{}", said(&planned.stderr));
    assert_eq!(
        said(&planned.stdout),
        "plan: will 30, skip 0, cannot 0, calls 30"
    );

    let bad = shell.file("bad.csv", "user_id,name\na,A\n-b,B\na,Again\nc,\n");
    let planned = shell.imported(&bad, &["--plan"]).await;
    assert_eq!(code(&planned), Some(3), "{}", said(&planned.stderr));
    let printed = said(&planned.stdout);
    assert!(
        printed.starts_with("plan: will 1, skip 0, cannot 3, calls 1"),
        "{printed}"
    );
    for place in [
        "line 3: -b: user_id",
        "line 4: a: Line 2",
        "line 5: c: name",
    ] {
        assert!(printed.contains(place), "{printed}");
    }
    assert_eq!(shell.users().await, 0);
}

#[tokio::test]
async fn a_run_says_what_became_of_the_rows_and_the_same_file_again_is_so_already() {
    let shell = Shell::start().await;
    let file = shell.file("users.csv", &users(120));
    let ran = shell.imported(&file, &["--run"]).await;
    assert_eq!(code(&ran), Some(0), "{}", said(&ran.stderr));
    assert_eq!(said(&ran.stdout), "done 120, skipped 0, failed 0");
    assert_eq!(shell.users().await, 120);

    let again = shell.imported(&file, &["--run"]).await;
    assert_eq!(code(&again), Some(0), "{}", said(&again.stderr));
    assert_eq!(said(&again.stdout), "done 0, skipped 120, failed 0");

    let listed = shell.job(&["list"]).await;
    assert_eq!(listed.lines().count(), 2, "{listed}");
    let id = listed.split_whitespace().next().unwrap();
    let shown = shell.job(&["show", id]).await;
    assert!(shown.contains("by cli:"), "{shown}");
    assert!(shown.contains("done 0, skipped 120, failed 0"), "{shown}");
}

/// What R6 asks for, with the program itself and SIGKILL.
#[tokio::test]
async fn a_killed_import_goes_on_with_the_same_job() {
    let shell = Shell::start().await;
    let file = shell.file("users.csv", &users(600));
    for kill in 1..=3 {
        let before = shell.users().await;
        let mut command = shell.import(&file, &["--run"]);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let made_some = async {
            while shell.users().await < before + 60 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(LONG, made_some).await.unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(shell.users().await < 600, "kill {kill} came too late");
    }

    let ran = shell.imported(&file, &["--run"]).await;

    assert_eq!(code(&ran), Some(0), "{}", said(&ran.stderr));
    assert_eq!(said(&ran.stdout), "done 600, skipped 0, failed 0");
    assert_eq!(shell.users().await, 600);
    assert_eq!(shell.job(&["list"]).await.lines().count(), 1);
    let verified = verify(shell.folder.path()).await;
    assert!(verified.starts_with("the audit is intact"), "{verified}");
}

/// The same at each named point of a batch: the program ends there, and the next one goes on.
#[tokio::test]
async fn an_import_that_ends_at_a_named_point_goes_on_with_the_same_job() {
    let shell = Shell::start().await;
    let file = shell.file("users.csv", &users(200));
    for point in [
        "RowsCompared",
        "IntentWritten",
        "IntentKept",
        "CallsAnswered",
        "OutcomeWritten",
        "OutcomeKept",
    ] {
        let mut command = shell.import(&file, &["--run"]);
        command.env("CARILLON_TEST_END_AT", point);
        let ended = tokio::task::spawn_blocking(move || command.output().unwrap());
        let ended = ended.await.unwrap();
        assert_eq!(code(&ended), None, "{point}: {}", said(&ended.stderr));
    }

    let ran = shell.imported(&file, &["--run"]).await;

    assert_eq!(said(&ran.stdout), "done 200, skipped 0, failed 0");
    assert_eq!(shell.users().await, 200);
    assert_eq!(shell.job(&["list"]).await.lines().count(), 1);
    let verified = verify(shell.folder.path()).await;
    assert!(verified.starts_with("the audit is intact"), "{verified}");
}

async fn verify(folder: &Path) -> String {
    let mut command = carillon(folder, &["audit", "verify"]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    said(&output.await.unwrap().stdout).to_owned()
}

#[tokio::test]
async fn a_file_that_cannot_be_imported_is_told_in_one_sentence() {
    let shell = Shell::start().await;
    for (name, text, told) in [
        ("empty.csv", "", "empty"),
        ("image.csv", "\u{89}PNG\r\n", ""),
        ("heading.csv", "user_id,name\n", "heading"),
        ("twice.csv", "user_id,user_id\na,b\n", ""),
        ("quote.csv", "user_id,name\n\"a,b\n", "line 2"),
    ] {
        let file = shell.file(name, text);
        let refused = shell.imported(&file, &["--run"]).await;
        assert_eq!(code(&refused), Some(1), "{name}");
        let said = said(&refused.stderr);
        assert!(
            said.contains("carillon: ") && said.contains(told),
            "{name}: {said}"
        );
    }
    assert_eq!(shell.job(&["list"]).await, "");
}
