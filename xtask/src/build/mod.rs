//! The release build, the build that is served to be tried, and the edit loop.
//!
//! Neither build needs a tool of its own: Cargo, wasm-bindgen, `wasm-opt` and a short script for Node. Only
//! the edit loop uses cargo-leptos, which takes longer to compile than a release.

mod front;
mod progress;
mod server;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow, bail};

use crate::fingerprint::Stamp;
use crate::setup::{self, Need};
use crate::workspace::{NATIVE, Workspace};
use crate::{paths, timing};

use progress::Progress;

/// All that a build begins: download, compile and finish the front end, compile and finish the server.
const STEPS: usize = 7;

/// Builds the front end into `target/site` and the server that carries it.
pub fn build(workspace: &Workspace) -> Result<()> {
    let started = Instant::now();
    let release = Stamp::of_release(workspace);
    if release.is_current(workspace)? {
        println!(
            "build  nothing changed since {} was built; {}",
            workspace.shown(&workspace.binary()),
            timing::shown(started.elapsed()),
        );
        return Ok(());
    }
    let progress = Progress::of(STEPS);
    let flags = beside(
        workspace,
        &progress,
        server::PACKAGE,
        server::EDGES,
        |crates, flags| server::crates(workspace, &progress, flags, crates),
    )?;
    server::program(workspace, &progress, &flags)?;
    check_is_there(workspace, &workspace.binary())?;
    release.write(workspace)?;
    println!(
        "build  {} in {}",
        workspace.shown(&workspace.binary()),
        timing::shown(started.elapsed())
    );
    Ok(())
}

/// Builds what is served to be tried: the front end as a release has it, and the server as the tests have
/// it, which takes less than half as long.
fn served(workspace: &Workspace) -> Result<PathBuf> {
    trial(workspace, server::SERVED)
}

/// Builds what the tests start, the same way, and the tests.
pub fn tested(workspace: &Workspace) -> Result<()> {
    trial(workspace, server::TESTED).map(drop)
}

fn trial(workspace: &Workspace, trial: server::Trial) -> Result<PathBuf> {
    let started = Instant::now();
    let progress = Progress::of(STEPS);
    beside(workspace, &progress, NATIVE, trial.edges, |crates, _| {
        server::trial_crates(workspace, &progress, trial, crates)
    })?;
    server::trial(workspace, &progress, trial)?;
    let program = workspace.trial();
    check_is_there(workspace, &program)?;
    println!(
        "build  {} in {}",
        workspace.shown(&program),
        timing::shown(started.elapsed())
    );
    Ok(program)
}

/// Compiles the server beside the front end, which takes the processor time that the server leaves, unless
/// it is there already. Answers the flags of a release.
fn beside(
    workspace: &Workspace,
    progress: &Progress,
    packages: &[&str],
    edges: &str,
    compile: impl FnOnce(usize, &OsStr) -> Result<()> + Send,
) -> Result<OsString> {
    // First, for what it leaves on the disk is part of the flags.
    let (of_server, of_front) = progress.step("download the crates", || {
        server::fetch(workspace)?;
        let of_server = progress::crates_of(workspace, packages, edges)?;
        let of_front = progress::crates_of(workspace, front::PACKAGE, server::EDGES)?;
        Ok((of_server, of_front))
    })?;
    let flags = paths::flags(workspace);
    let (front, server) = thread::scope(|scope| {
        let server = scope.spawn(|| compile(of_server, &flags));
        let front = front::build_unless_current(workspace, progress, &flags, of_front);
        let server = server
            .join()
            .unwrap_or_else(|_| Err(anyhow!("the build of the server panicked")));
        (front, server)
    });
    // The step that failed first stopped the other one, which then has nothing to tell.
    match (front, server) {
        (Ok(()), Ok(())) => Ok(flags),
        (Err(front), Err(server)) if Progress::was_stopped(&front) => Err(server),
        (Err(error), _) | (Ok(()), Err(error)) => Err(error),
    }
}

fn check_is_there(workspace: &Workspace, program: &Path) -> Result<()> {
    if !program.is_file() {
        let program = workspace.shown(program);
        bail!("the build succeeded but left no {program}");
    }
    Ok(())
}

/// Set-up, build, then the dashboard in place of this process. A release that is current is served as it
/// is.
pub fn serve(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    setup::ensure(workspace, Need::BUILD)?;
    let program = if Stamp::of_release(workspace).is_current(workspace)? {
        workspace.binary()
    } else {
        served(workspace)?
    };
    become_program(workspace.command(program).arg("serve").args(arguments))
}

/// Set-up, then a debug build that follows every edit and reloads the browser.
pub fn dev(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    setup::ensure(workspace, Need::DEV)?;
    become_program(
        leptos(workspace)?
            .args(["watch", "--", "serve"])
            .args(arguments)
            // Style changes are swapped into the open page by file name, so names stay put.
            .env("LEPTOS_HASH_FILES", "false"),
    )
}

fn leptos(workspace: &Workspace) -> Result<Command> {
    // The path goes to the child alone; the program itself is looked up in it too.
    let mut command = workspace.command(setup::program(workspace, "cargo-leptos")?);
    command.arg("leptos").env("PATH", setup::path(workspace)?);
    Ok(command)
}

/// Replaces this process, so that a signal meant for the server reaches the server.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;

    let error = command.exec();
    bail!(
        "cannot start {}: {error}",
        Path::new(command.get_program()).display()
    )
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<()> {
    crate::process::run(command)
}
