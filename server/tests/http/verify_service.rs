//! `carillon verify-service` as a program: it asks, walks an emulator, writes a report.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::{Dashboard, carillon, run, said};

/// Where credentials come from, and nothing of the environment of whoever runs the tests.
fn keys(id: &str) -> [(&'static str, String); 4] {
    [
        ("AWS_ACCESS_KEY_ID", id.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_SESSION_TOKEN", String::new()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ]
}

fn emulator(folder: &Path) -> (Dashboard, String) {
    let options = ["emulate", "--listen", "127.0.0.1:0", "--in-memory"];
    let emulator = Dashboard::of_emulator(carillon(folder, &options));
    let endpoint = format!("http://{}", emulator.browser.address);
    (emulator, endpoint)
}

fn verify(folder: &Path, endpoint: &str, more: &[&str]) -> Output {
    let mut command = carillon(folder, &["verify-service", "--endpoint", endpoint]);
    let command = command.args(more).envs(keys("test"));
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

#[tokio::test]
async fn a_service_is_compared_and_the_report_written() {
    let folder = tempfile::tempdir().unwrap();
    let (emulator, endpoint) = emulator(folder.path());
    let (markdown, json) = (
        folder.path().join("report.md"),
        folder.path().join("report.json"),
    );
    for file in [&markdown, &json] {
        let file = file.to_str().unwrap();

        let done = verify(folder.path(), &endpoint, &["--yes", "--report", file]);

        assert!(done.status.success(), "{}", said(&done.stderr));
        let told = "none of them was answered otherwise than by the emulator";
        assert!(said(&done.stderr).contains(told), "{}", said(&done.stderr));
    }
    let report = fs::read_to_string(&markdown).unwrap();
    assert!(report.contains("## What differs\n\nNothing.\n"), "{report}");
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(report["left_behind"], 0);
    let stats = emulator.browser.get("/_emulator/stats").await;
    let stats: serde_json::Value = serde_json::from_str(stats.text()).unwrap();
    assert_eq!(stats["operations"].as_object().unwrap().len(), 30);
    emulator.stop();
}

#[tokio::test]
async fn nothing_is_called_unless_somebody_says_yes() {
    let folder = tempfile::tempdir().unwrap();
    let (emulator, endpoint) = emulator(folder.path());

    let refused = verify(folder.path(), &endpoint, &[]);

    assert!(!refused.status.success());
    let told = said(&refused.stderr);
    assert!(told.contains("calls of http://127.0.0.1"), "{told}");
    assert!(told.ends_with("Nothing was called."), "{told}");
    let stats = emulator.browser.get("/_emulator/stats").await;
    assert!(
        stats.text().contains("\"operations\":{}"),
        "{}",
        stats.text()
    );
    emulator.stop();
}

#[tokio::test]
async fn what_is_no_endpoint_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for endpoint in [
        "127.0.0.1:8790",
        "https://a.example/path",
        "ftp://a.example",
    ] {
        let arguments = ["verify-service", "--endpoint", endpoint];
        let refused = run(folder.path(), &arguments, "");
        assert!(!refused.status.success());
        let told = said(&refused.stderr);
        assert!(told.contains("an endpoint looks like"), "{told}");
    }
}
