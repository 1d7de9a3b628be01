//! The release build, the server it makes, and the edit loop.
//!
//! The release needs no build tool of its own: Cargo, wasm-bindgen, `wasm-opt` and a short script for
//! Node. Only the edit loop uses cargo-leptos, which takes longer to compile than the release.

mod front;
mod progress;
mod server;

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow, bail};

use crate::setup::{self, Need};
use crate::{fingerprint, paths, timing, workspace::Workspace};

use progress::Progress;

/// All that [`steps`] begins.
const STEPS: usize = 7;

/// Builds the front end into `target/site` and the server that carries it.
pub fn build(workspace: &Workspace) -> Result<()> {
    let started = Instant::now();
    if fingerprint::is_current(workspace)? {
        println!(
            "build  nothing changed since {} was built; {}",
            workspace.shown(&workspace.binary()),
            timing::shown(started.elapsed()),
        );
        return Ok(());
    }
    steps(workspace, &Progress::of(STEPS))?;
    fingerprint::write(workspace)?;
    println!(
        "build  {} in {}",
        workspace.shown(&workspace.binary()),
        timing::shown(started.elapsed())
    );
    Ok(())
}

/// Compiles the server's crates beside the front end, which takes the processor time that the
/// server leaves. Only the program itself has to wait for the files that it carries.
fn steps(workspace: &Workspace, progress: &Progress) -> Result<()> {
    // First, for what it leaves on the disk is part of the flags.
    let (of_server, of_front) = progress.step("download the crates", || {
        server::fetch(workspace)?;
        let of_server = progress::crates_of(workspace, server::PACKAGE)?;
        Ok((of_server, progress::crates_of(workspace, front::PACKAGE)?))
    })?;
    let flags = paths::flags(workspace);
    let (front, crates) = thread::scope(|scope| {
        let crates = scope.spawn(|| server::crates(workspace, progress, &flags, of_server));
        let front = front::build(workspace, progress, &flags, of_front);
        let crates = crates
            .join()
            .unwrap_or_else(|_| Err(anyhow!("the build of the server's crates panicked")));
        (front, crates)
    });
    // The step that failed first stopped the other one, which then has nothing to tell.
    match (front, crates) {
        (Err(error), Ok(())) | (Ok(_), Err(error)) => return Err(error),
        (Err(front), Err(crates)) => {
            return Err(if Progress::was_stopped(&front) {
                crates
            } else {
                front
            });
        }
        (Ok(site), Ok(())) => server::program(workspace, progress, &flags, &site)?,
    }
    if !workspace.binary().is_file() {
        bail!(
            "the build succeeded but left no {}",
            workspace.shown(&workspace.binary())
        );
    }
    Ok(())
}

/// Set-up, build, then the dashboard in place of this process.
pub fn serve(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    setup::ensure(workspace, Need::BUILD)?;
    build(workspace)?;
    become_program(
        workspace
            .command(workspace.binary())
            .arg("serve")
            .args(arguments),
    )
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
