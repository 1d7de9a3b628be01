//! The builds of the program.

use std::ffi::OsStr;
use std::process::Command;

use anyhow::Result;

use super::progress::Progress;
use crate::workspace::{NATIVE, Workspace};
use crate::{process, setup::WASM_TARGET};

/// What is compiled, in Cargo's words.
pub const PACKAGE: &[&str] = &["--package", "server"];

/// Downloads what is compiled, so that two builds do not wait for each other's downloads.
pub fn fetch(workspace: &Workspace) -> Result<()> {
    let version = process::read(workspace.command("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let mut fetch = workspace.cargo(&["fetch", "--quiet", "--target", WASM_TARGET]);
    if let Some(host) = host {
        fetch.args(["--target", host]);
    }
    process::run(&mut fetch)
}

/// All of the program to try but its entry, with the profile of the tests.
pub fn trial_crates(workspace: &Workspace, progress: &Progress, crates: usize) -> Result<()> {
    let mut cargo = workspace.cargo(&["build", "--lib"]);
    progress.compile("compile the server", cargo.args(NATIVE), crates)
}

/// The program to try. It reads the files of this site from their folder, which has to be there when it is
/// compiled: else it would take each of them for a file of elsewhere, and answer 404.
pub fn trial(workspace: &Workspace, progress: &Progress, site: &str) -> Result<()> {
    progress.step("show the server its front end", || {
        process::run(
            workspace
                .cargo(&["build", "--bin", "carillon", "--quiet"])
                .args(NATIVE)
                .env("CARILLON_SITE", site),
        )
    })
}

/// All of the program but its entry, which holds the files of the front end.
pub fn crates(
    workspace: &Workspace,
    progress: &Progress,
    flags: &OsStr,
    crates: usize,
) -> Result<()> {
    progress.compile(
        "compile the server",
        cargo(workspace, flags).arg("--lib"),
        crates,
    )
}

/// The program, with the files of this site inside.
pub fn program(
    workspace: &Workspace,
    progress: &Progress,
    flags: &OsStr,
    site: &str,
) -> Result<()> {
    progress.step("put the front end into the server", || {
        process::run(
            cargo(workspace, flags)
                .args(["--bin", "carillon", "--quiet"])
                // Cargo knows by it that there are other files: see server/src/main.rs.
                .env("CARILLON_SITE", site),
        )
    })
}

/// Cargo for both builds of the package. They have one set of features, so the second finds all
/// that the first compiled.
fn cargo(workspace: &Workspace, flags: &OsStr) -> Command {
    let mut cargo = workspace.cargo(&["build", "--release"]);
    cargo.args(PACKAGE).env("CARGO_ENCODED_RUSTFLAGS", flags);
    cargo
}
