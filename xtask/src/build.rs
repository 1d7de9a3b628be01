//! The release build, the server it makes, and the edit loop.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::setup::{self, Need};
use crate::{fingerprint, paths, process, timing, workspace::Workspace};

/// Builds the front end into `target/site`, then the server that carries it.
///
/// cargo-leptos empties the site first, which makes Cargo compile the server again even when
/// nothing changed; so an unchanged build is recognised here and left alone.
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

    // Names and the order (front end, hashes, compression, server) come from the block
    // [[workspace.metadata.leptos]] of Cargo.toml.
    process::run(
        leptos(workspace)?
            .args(["build", "--release", "--precompress"])
            .env("CARGO_ENCODED_RUSTFLAGS", paths::flags(workspace)),
    )?;

    if !workspace.binary().is_file() {
        bail!(
            "the build succeeded but left no {}",
            workspace.shown(&workspace.binary())
        );
    }
    fingerprint::write(workspace)?;
    println!(
        "build  {} in {}",
        workspace.shown(&workspace.binary()),
        timing::shown(started.elapsed())
    );
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
    setup::ensure(workspace, Need::BUILD)?;
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
    let path = setup::path(workspace)?;
    let program = std::env::split_paths(&path)
        .map(|folder| folder.join(format!("cargo-leptos{}", std::env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file());
    let Some(program) = program else {
        bail!("cargo-leptos is not installed; `cargo xtask setup` installs it");
    };
    let mut command = workspace.command(program);
    command.arg("leptos").env("PATH", path);
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
    process::run(command)
}
