//! The program while its disk is full.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use axum::http::StatusCode;
use tempfile::TempDir;

use super::{World, assert_only_reads, assert_recovered, instance, prepared};
use crate::support::{Browser, CREATE_CALL, Dashboard, arn, start_emulator, token};

/// A small disk of the program's own: a file system in memory that nobody else sees, and that ends
/// with it.
fn on_a_small_disk(folder: &Path, command: &Command) -> Command {
    let mount = "mount -t tmpfs -o size=8m tmpfs \"$0\" && exec \"$@\"";
    let mut small = Command::new("unshare");
    small
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", mount])
        .arg(folder)
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        small.env(name, value.unwrap());
    }
    small
}

/// Fills a disk to its last byte, and says with which file.
fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("filler");
    let mut file = fs::File::create(&path).unwrap();
    for size in [65_536, 4096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
    path
}

/// The program on a small disk; nothing where this machine lets nobody mount one.
async fn small_world() -> Option<(TempDir, World)> {
    let folder = tempfile::tempdir().unwrap();
    let mut probe = on_a_small_disk(folder.path(), &Command::new("true"));
    let probe = probe.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        // Past the capture of the harness: a test that tests nothing must be seen to.
        let mut out = std::io::stderr();
        let _ = writeln!(
            out,
            "NOT TESTED: a full disk. This machine lets nobody mount one (unshare)."
        );
        return None;
    }
    let emulator = start_emulator(true).await;
    let command = prepared(folder.path(), &emulator);
    let dashboard = Dashboard::of(on_a_small_disk(folder.path(), &command));
    let inside = format!(
        "/proc/{}/root{}",
        dashboard.child.id(),
        folder.path().display()
    );
    let world = World {
        emulator,
        dashboard,
        folder: inside.into(),
    };
    Some((folder, world))
}

#[tokio::test]
async fn a_full_disk_stops_writing_only_and_only_until_there_is_room() {
    let Some((_folder, world)) = small_world().await else {
        return;
    };
    let browser = world.sign_in().await;

    let filler = fill(&world.folder);
    assert_only_reads(&world, &browser).await;
    fs::remove_file(filler).unwrap();

    assert_recovered(&world, &browser).await;
    world.dashboard.stop();
}

/// Waits until the page of a job says this.
async fn until_it_says(browser: &Browser, job: &str, text: &str) {
    let mut page = String::new();
    for _ in 0..600 {
        page = browser.read(job).await;
        if page.contains(text) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never said {text}: {page}");
}

#[tokio::test]
async fn a_job_sends_nothing_while_the_disk_is_full_and_goes_on_when_there_is_room() {
    const ROWS: usize = 300;
    let Some((_folder, world)) = small_world().await else {
        return;
    };
    let browser = world.sign_in().await;
    let made = browser.call(CREATE_CALL, &instance("Full", &token())).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let made: serde_json::Value = serde_json::from_str(made.text()).unwrap();
    let path = made["location"]
        .as_str()
        .unwrap()
        .split('?')
        .next()
        .unwrap();
    let rows = (0..ROWS).map(|n| format!("user-{n},User {n}\n"));
    let file = format!("user_id,name\n{}", rows.collect::<String>());
    let import = browser.import(path, "users", &file).await;
    let page = format!("{path}/imports/{import}/check");
    let target = format!("aws {}", arn(path));
    let fields = [("target", &*target), ("import", &*import), ("page", &*page)];
    let job = browser.post("/api/imports/plan", &fields).await;
    let job = job.location().to_owned();
    until_it_says(&browser, &job, "Run 300 rows").await;
    world.slow_down(200).await;
    let id = job.rsplit('/').next().unwrap();
    let fields = [("id", id), ("page", &*job), ("form", "act")];
    browser.post("/api/jobs/start", &fields).await;
    while world.changes().await < 20 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let filler = fill(&world.folder);
    // What was written as begun is sent; then nothing is.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let sent = world.changes().await;
    assert!(sent < 1 + ROWS as u64, "it ended before the disk was full");
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(world.changes().await, sent, "sent without a row");
    browser.read(&job).await;
    fs::remove_file(filler).unwrap();

    until_it_says(&browser, &job, "300 done, 0 skipped, 0 failed.").await;
    let left = browser
        .get("/audit/export.jsonl?operation=CreateAppInstanceUser")
        .await;
    assert!(!left.text().contains("\"begun\""), "{}", left.text());
    world.verify();
    world.dashboard.stop();
}
