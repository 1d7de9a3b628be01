//! The files of the program: nobody else of the machine reads them, and what was done to them shows.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sqlx::{Connection as _, SqliteConnection};

use crate::support::{Dashboard, PASSWORD, assert_says, carillon, carillon_that_logs, run, said};

/// The same with a umask that keeps nothing from anybody.
fn with_open_umask(command: &Command) -> Command {
    let mut open = Command::new("sh");
    open.args(["-c", "umask 0 && exec \"$0\" \"$@\""])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        open.env(name, value.unwrap());
    }
    open
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let (folders, mut found): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    found.extend(folders.iter().flat_map(|folder| files(folder)));
    found
}

fn open(files: &[PathBuf]) -> Vec<&PathBuf> {
    let is_open = |file: &&PathBuf| fs::metadata(file).unwrap().permissions().mode() & 0o077 != 0;
    files.iter().filter(is_open).collect()
}

#[tokio::test]
async fn files_are_private_in_a_folder_that_was_there_whatever_the_umask() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    let command = carillon(&data, &["serve", "--listen", "127.0.0.1:0"]);
    let dashboard = Dashboard::of(with_open_umask(&command));

    let made = files(&data);
    let names: Vec<_> = made.iter().map(|file| file.display().to_string()).collect();
    for name in [
        "/carillon.sqlite3",
        "/carillon.sqlite3-wal",
        "/carillon.sqlite3-shm",
        "/emulator/emulator.sqlite3",
        "/emulator/emulator.sqlite3-wal",
    ] {
        assert!(
            names.iter().any(|made| made.ends_with(name)),
            "{name}: {names:?}"
        );
    }
    assert!(open(&made).is_empty(), "{:?}", open(&made));
    dashboard.stop();

    // What an earlier version made open.
    fs::set_permissions(data.join("carillon.sqlite3"), Permissions::from_mode(0o644)).unwrap();
    let mut command = carillon_that_logs("warn", &data, &["operator", "list"]);
    let listed = command.output().unwrap();
    let warned = said(&listed.stderr);
    assert!(warned.contains("may look into the data folder"), "{warned}");
    assert!(warned.contains("a database file was open"), "{warned}");
    assert!(open(&files(&data)).is_empty());
}

#[tokio::test]
async fn a_folder_that_is_made_is_private_whatever_the_umask() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("not").join("there");
    let command = carillon(&data, &["serve", "--listen", "127.0.0.1:0"]);

    let dashboard = Dashboard::of(with_open_umask(&command));

    for made in [&data, &data.join("emulator")] {
        let mode = fs::metadata(made).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700, "{}: {mode:o}", made.display());
    }
    dashboard.stop();
}

#[tokio::test]
async fn a_secret_that_others_can_read_is_warned_of_and_one_they_can_change_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("password");
    fs::write(&secret, PASSWORD).unwrap();
    let path = secret.to_str().unwrap();
    let add = |name: &str| {
        let arguments = [
            "operator",
            "add",
            name,
            "--role",
            "admin",
            "--password-file",
            path,
        ];
        let data = folder.path().join("data");
        let mut command = carillon_that_logs("warn", &data, &arguments);
        command.stdin(Stdio::null()).output().unwrap()
    };
    let at = |mode| fs::set_permissions(&secret, Permissions::from_mode(mode)).unwrap();

    at(0o600);
    let private = add("ann");
    at(0o644);
    let readable = add("bob");
    at(0o666);
    let changeable = add("eve");

    assert!(private.status.success());
    assert!(!said(&private.stderr).contains("password file"));
    assert!(readable.status.success());
    assert!(said(&readable.stderr).contains("may read the password file"));
    assert!(!changeable.status.success());
    let refused = said(&changeable.stderr);
    assert_says(refused, &["can be changed by every user"]);
}

#[test]
fn the_password_of_the_first_operator_is_in_no_file_that_every_user_can_change() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    // Weak too: if the file were read, this would be why there is no operator.
    fs::write(&file, "password1").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o666)).unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--admin-password-file"];
    let data = folder.path().join("data");

    let refused = run(&data, &[&serve[..], &[file.to_str().unwrap()]].concat(), "");

    assert!(!refused.status.success());
    let told = said(&refused.stderr);
    assert!(told.contains("can be changed by every user"), "{told}");
}

#[tokio::test]
async fn the_files_of_an_emulator_are_taken_back_too() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let start = || {
        let mut command = carillon(&data, &["emulate", "--listen", "127.0.0.1:0"]);
        command.env("CARILLON_EMULATOR_DATA_DIR", &data);
        Dashboard::of_emulator(command)
    };
    start().stop();
    let made = files(&data);
    assert!(!made.is_empty());
    for file in &made {
        fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
    }

    let emulator = start();

    assert!(open(&files(&data)).is_empty(), "{:?}", open(&files(&data)));
    emulator.stop();
}

#[tokio::test]
async fn a_guard_of_the_log_that_was_taken_away_is_told_until_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["operator", "add", "ann", "--role", "admin"];
    assert!(run(folder.path(), &add, PASSWORD).status.success());
    let url = format!(
        "sqlite:{}",
        folder.path().join("carillon.sqlite3").display()
    );
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("DROP TRIGGER audit_no_update")
        .execute(&mut other)
        .await
        .unwrap();

    for _ in 0..2 {
        let verified = run(folder.path(), &["audit", "verify"], "");
        assert!(!verified.status.success());
        let told = said(&verified.stdout);
        assert!(
            told.starts_with("what guards the audit was changed"),
            "{told}"
        );
        assert!(told.contains("the audit is intact: 1 rows"), "{told}");
    }
    Dashboard::start(folder.path()).stop();

    let verified = run(folder.path(), &["audit", "verify"], "");
    assert!(verified.status.success(), "{}", said(&verified.stdout));
}

#[tokio::test]
async fn what_has_expired_is_taken_away_by_a_start() {
    let folder = tempfile::tempdir().unwrap();
    Dashboard::start(folder.path()).stop();
    let url = format!(
        "sqlite:{}",
        folder.path().join("carillon.sqlite3").display()
    );
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    let expired = "INSERT INTO sessions (key, data, created_at, idle_expires_at, expires_at) \
         VALUES ('old', '{}', 1, 2, 2)";
    sqlx::raw_sql(expired).execute(&mut other).await.unwrap();

    let dashboard = Dashboard::start(folder.path());

    let mut left = async || -> i64 {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM sessions");
        count.fetch_one(&mut other).await.unwrap()
    };
    let mut tries = 0;
    while left().await > 0 {
        tries += 1;
        assert!(tries < 500, "it stays");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    dashboard.stop();
}
