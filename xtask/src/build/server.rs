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

/// The dependencies of a program without its tests, in the words of `cargo tree`.
pub const EDGES: &str = "normal,build";

/// Which targets of the native packages are compiled beside the program to try, in Cargo's words.
#[derive(Clone, Copy)]
pub struct Trial {
    /// All but what holds the files of the front end.
    crates: &'static [&'static str],
    program: &'static [&'static str],
    /// The dependencies that are compiled, in the words of `cargo tree`.
    pub edges: &'static str,
}

/// None. Features that only tests turn on are left out.
pub const SERVED: Trial = Trial {
    crates: &["build", "--lib"],
    program: &["build", "--bin", "carillon"],
    edges: EDGES,
};

/// The tests, which start the program.
pub const TESTED: Trial = Trial {
    crates: &["test", "--no-run"],
    program: &["test", "--no-run"],
    edges: "normal,build,dev",
};

/// All of the program to try but its entry, with the profile of the tests.
pub fn trial_crates(
    workspace: &Workspace,
    progress: &Progress,
    trial: Trial,
    crates: usize,
) -> Result<()> {
    let mut cargo = workspace.cargo(trial.crates);
    progress.compile("compile the server", cargo.args(NATIVE), crates)
}

/// The program to try. It reads the files of the front end from their folder, which has to be there when
/// it is compiled: else it would take each of them for a file of elsewhere, and answer 404.
pub fn trial(workspace: &Workspace, progress: &Progress, trial: Trial) -> Result<()> {
    progress.step("show the server its front end", || {
        process::run(workspace.cargo(trial.program).arg("--quiet").args(NATIVE))
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

/// The program, with the files of the front end inside.
pub fn program(workspace: &Workspace, progress: &Progress, flags: &OsStr) -> Result<()> {
    progress.step("put the front end into the server", || {
        process::run(cargo(workspace, flags).args(["--bin", "carillon", "--quiet"]))
    })
}

/// Cargo for both builds of the package. They have one set of features, so the second finds all
/// that the first compiled.
fn cargo(workspace: &Workspace, flags: &OsStr) -> Command {
    let mut cargo = workspace.cargo(&["build", "--release"]);
    cargo.args(PACKAGE).env("CARGO_ENCODED_RUSTFLAGS", flags);
    cargo
}
