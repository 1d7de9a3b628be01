//! The program itself, as a process.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, ErrorKind, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use super::{Browser, DATABASE, TestApp};

/// The program that was built with the tests, or another one, for the figures of a release build.
fn program() -> OsString {
    let other = std::env::var_os("CARILLON_PROGRAM");
    other.unwrap_or_else(|| env!("CARGO_BIN_EXE_carillon").into())
}

pub fn carillon(folder: &Path, arguments: &[&str]) -> Command {
    carillon_that_logs("error", folder, arguments)
}

/// The same with another level of its log.
pub fn carillon_that_logs(level: &str, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .args(["--log", level])
        .env("CARILLON_DATA_DIR", folder);
    command
}

/// Runs a command to its end.
pub fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = carillon(folder, arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that ends before it reads has closed its end.
    match stdin.write_all(input.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        written => written.unwrap(),
    }
    drop(stdin);
    child.wait_with_output().unwrap()
}

impl TestApp {
    /// Runs a command on the database of this console.
    pub async fn shell(&self, arguments: &[&str]) -> Output {
        let mut command = carillon(self.folder.path(), arguments);
        let database = self.folder.path().join(DATABASE);
        let database = format!("sqlite:{}", database.display());
        command.env("CARILLON_DATABASE_URL", database);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        output.await.unwrap()
    }
}

pub fn said(output: &[u8]) -> &str {
    str::from_utf8(output).unwrap().trim_end()
}

/// A running dashboard; killed with the test.
pub struct Dashboard {
    pub child: Child,
    pub lines: Lines<BufReader<ChildStdout>>,
    pub browser: Browser,
}

impl Dashboard {
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    pub fn start_with(folder: &Path, options: &[&str]) -> Self {
        let mut command = carillon(folder, &["serve", "--listen", "127.0.0.1:0"]);
        // The port is another at each start, and with it the name would be.
        command.args(["--cookie-name", "carillon"]);
        command.args(options);
        Self::of(command)
    }

    /// Starts a prepared command, and waits until it answers.
    pub fn of(command: Command) -> Self {
        Self::saying("dashboard ready at ", command)
    }

    /// The same for `carillon emulate`.
    pub fn of_emulator(command: Command) -> Self {
        Self::saying("emulator ready at ", command)
    }

    fn saying(ready: &str, mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address = line.strip_prefix(ready).unwrap();
        let address = address.split_once("://").unwrap().1.parse().unwrap();
        Self {
            child,
            lines,
            browser: Browser::new(address),
        }
    }

    /// Sends a signal by its name, without SIG.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status();
        assert!(sent.unwrap().success());
    }

    /// As an orchestrator does.
    pub fn stop(mut self) {
        self.signal("TERM");
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
