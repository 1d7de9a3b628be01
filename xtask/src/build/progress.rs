//! What a build says while it runs: its steps with their times, and how many crates are compiled.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{process, timing, workspace::Workspace};

/// How often the crates are counted aloud.
const EVERY: Duration = Duration::from_secs(20);

/// The steps of one build, some of them side by side.
pub struct Progress {
    steps: usize,
    begun: AtomicUsize,
    failed: AtomicBool,
}

/// Why a step ended that another one stopped: it did nothing wrong itself.
#[derive(Debug)]
struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("stopped, since another step failed")
    }
}

impl std::error::Error for Stopped {}

impl Progress {
    /// The progress of a build with this many steps.
    pub fn of(steps: usize) -> Self {
        Self {
            steps,
            begun: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
        }
    }

    /// Says what is done, does it, and says how long it took.
    pub fn step<T>(&self, what: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(Stopped.into());
        }
        let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        let started = Instant::now();
        println!("build  {number} of {}: {what}", self.steps);
        let result = run();
        let time = timing::shown(started.elapsed());
        match &result {
            Ok(_) => println!("build  {number} of {}: {what}, done in {time}", self.steps),
            Err(_) => self.failed.store(true, Ordering::Relaxed),
        }
        result.with_context(|| what.to_owned())
    }

    /// A step that is one `cargo build`, of a package with this dependency graph.
    pub fn compile(&self, what: &str, cargo: &mut Command, crates: usize) -> Result<()> {
        self.step(what, || {
            let mut child = cargo
                .args(["--quiet", "--message-format", "json-render-diagnostics"])
                .stdout(Stdio::piped())
                .spawn()
                .context("cannot start cargo")?;
            let messages = child.stdout.take().context("its output is a pipe")?;
            let (sender, compiled) = mpsc::channel();
            thread::spawn(move || {
                let lines = BufReader::new(messages).lines().map_while(Result::ok);
                for package in lines.filter_map(|line| compiled_package(&line).map(str::to_owned)) {
                    if sender.send(package).is_err() {
                        break;
                    }
                }
            });

            let started = Instant::now();
            let mut told = started;
            let mut done = BTreeSet::new();
            loop {
                match compiled.recv_timeout(Duration::from_millis(200)) {
                    Ok(package) => {
                        done.insert(package);
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                if self.failed.load(Ordering::Relaxed) {
                    stop(&mut child)?;
                    return Err(Stopped.into());
                }
                if told.elapsed() >= EVERY {
                    told = Instant::now();
                    let (done, time) = (done.len(), timing::shown(started.elapsed()));
                    println!("build    {what}: {done} of {crates} crates after {time}");
                }
            }
            let status = child.wait()?;
            if !status.success() {
                bail!("cargo failed ({status})");
            }
            Ok(())
        })
    }

    /// Whether a step ended with this because another one failed.
    pub fn was_stopped(error: &anyhow::Error) -> bool {
        error.is::<Stopped>()
    }
}

/// Ends Cargo, and the compilers that it would leave behind for minutes.
fn stop(cargo: &mut Child) -> Result<()> {
    if cfg!(unix) {
        let parent = cargo.id().to_string();
        // Not everywhere is there a `pkill`; then they end by themselves.
        let _ = Command::new("pkill").args(["-P", &parent]).status();
    }
    cargo.kill()?;
    cargo.wait()?;
    Ok(())
}

/// How many crates a build of these packages compiles, over edges in the words of `cargo tree`.
pub fn crates_of(workspace: &Workspace, packages: &[&str], edges: &str) -> Result<usize> {
    let tree = process::read(
        workspace
            .cargo(&["tree", "--prefix", "none", "--edges", edges])
            .args(packages),
    )?;
    let crates: BTreeSet<_> = tree
        .lines()
        .filter_map(|line| line.split_once(" v"))
        .map(|(name, rest)| (name, rest.split(' ').next()))
        .collect();
    Ok(crates.len())
}

/// The package that a message of Cargo says is compiled. What it compiled earlier it tells as well.
fn compiled_package(message: &str) -> Option<&str> {
    let message = message.strip_prefix(r#"{"reason":"compiler-artifact","#)?;
    let (_, rest) = message.split_once(r#""package_id":""#)?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_counted_when_it_is_compiled() {
        let compiled = r#"{"reason":"compiler-artifact","package_id":"registry+https://a#http@1.5.0","manifest_path":"x"}"#;
        let built =
            r#"{"reason":"build-script-executed","package_id":"registry+https://a#libc@1"}"#;

        assert_eq!(
            compiled_package(compiled),
            Some("registry+https://a#http@1.5.0")
        );
        assert_eq!(compiled_package(built), None);
        assert_eq!(compiled_package(""), None);
    }

    #[test]
    fn after_a_failure_no_step_begins_and_the_failure_is_told_apart() {
        let progress = Progress::of(2);
        let failure = progress
            .step("one", || -> Result<()> { bail!("no space left") })
            .expect_err("it fails");

        let stopped = progress.step("two", || Ok(())).expect_err("not begun");

        assert!(!Progress::was_stopped(&failure));
        assert_eq!(format!("{failure:#}"), "one: no space left");
        assert!(Progress::was_stopped(&stopped));
    }
}
