//! Set-up: everything a build or a test needs beyond rustup's Rust, Node, npm, git and Python 3.
//!
//! Idempotent: set-up looks for a file of each thing and leaves what is there, so a second run
//! costs next to nothing. Tools with a version live in folders named for it, so that two clones on
//! different versions share one tools folder without replacing each other's programs. Nothing is
//! written to the user's own Cargo, npm or Python folders.

mod browser;
mod cargo_tools;
mod node;
mod postgres;
mod python;

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::{process, timing, workspace::Workspace};

pub use browser::find as find_chromium;
pub use cargo_tools::WASM_TARGET;
pub use node::tools_home as node_tools;
pub use postgres::find as find_postgres;
pub use python::interpreter as python_interpreter;

/// One thing that set-up can provide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The standard library for `wasm32-unknown-unknown`.
    WasmTarget,
    /// The wasm-bindgen program, of exactly the version of the crate in `Cargo.lock`.
    WasmBindgen,
    /// cargo-leptos, which only `dev` uses.
    CargoLeptos,
    /// `wasm-opt` and a minifier.
    NodeTools,
    /// cargo-deny.
    CargoDeny,
    /// cargo-cyclonedx, which only `sbom` uses.
    CargoCyclonedx,
    /// The npm packages of `end2end`.
    NodeModules,
    /// The Python packages of `end2end/contract`.
    PythonPackages,
    /// A browser for the journeys.
    Chromium,
    /// The programs of PostgreSQL, if they can be had.
    Postgres,
    /// cargo-machete.
    CargoMachete,
    /// leptosfmt.
    Leptosfmt,
}

impl Need {
    /// What `build` and `serve` use.
    pub const BUILD: &[Self] = &[Self::WasmTarget, Self::WasmBindgen, Self::NodeTools];

    /// What `dev` uses.
    pub const DEV: &[Self] = &[Self::WasmTarget, Self::WasmBindgen, Self::CargoLeptos];

    /// What `build`, `serve` and `test` use.
    pub const ALL: &[Self] = &[
        Self::WasmTarget,
        Self::WasmBindgen,
        Self::NodeTools,
        Self::CargoDeny,
        Self::NodeModules,
        Self::PythonPackages,
        Self::Chromium,
        Self::Postgres,
        Self::CargoMachete,
        Self::Leptosfmt,
    ];
}

/// How a thing that was asked for came to be there.
enum Outcome {
    /// It was there before.
    Present,
    /// It was installed now.
    Installed,
    /// It is not there. The step that needs it goes on without it, and says so.
    Absent,
}

/// Provides what is asked for, printing one line each.
pub fn ensure(workspace: &Workspace, needs: &[Need]) -> Result<()> {
    if needs.is_empty() {
        return Ok(());
    }
    let started = Instant::now();
    std::fs::create_dir_all(&workspace.tools)
        .with_context(|| format!("cannot create {}", workspace.tools.display()))?;
    // Held until the end: two clones must not install into the same folder at once.
    let _lock = lock(workspace)?;

    let mut installed = 0;
    for need in needs {
        let name = name(workspace, *need)?;
        let started = Instant::now();
        let outcome = provide(workspace, *need).with_context(|| format!("set-up of {name}"))?;
        let word = match outcome {
            Outcome::Present => "present",
            Outcome::Absent => "ABSENT",
            Outcome::Installed => {
                installed += 1;
                "installed"
            }
        };
        println!(
            "setup  {name:<30} {word:<10} {:>12}",
            timing::shown(started.elapsed())
        );
    }
    println!(
        "setup  {} things checked, {installed} installed, {}; tools are in {}",
        needs.len(),
        timing::shown(started.elapsed()),
        workspace.tools.display(),
    );
    Ok(())
}

/// A program among the tools.
pub fn program(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let path = path(workspace)?;
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path)
        .map(|folder| folder.join(&file))
        .find(|file| file.is_file())
        .with_context(|| format!("{name} is not installed; `cargo xtask setup` installs it"))
}

/// `PATH` with the tools in front, so that what looks for them there finds them and downloads nothing.
pub fn path(workspace: &Workspace) -> Result<OsString> {
    process::path_with(&[
        cargo_tools::WASM_BINDGEN.folder(workspace)?,
        cargo_tools::LEPTOS.folder(workspace)?,
        cargo_tools::LEPTOSFMT.folder(workspace)?,
        cargo_tools::DENY.folder(workspace)?,
        cargo_tools::CYCLONEDX.folder(workspace)?,
        cargo_tools::MACHETE.folder(workspace)?,
        node::tools_programs(workspace),
    ])
}

fn name(workspace: &Workspace, need: Need) -> Result<String> {
    Ok(match need {
        Need::WasmTarget => format!("target {}", cargo_tools::WASM_TARGET),
        Need::WasmBindgen => cargo_tools::WASM_BINDGEN.name(workspace)?,
        Need::CargoLeptos => cargo_tools::LEPTOS.name(workspace)?,
        Need::NodeTools => format!("binaryen {}, esbuild {}", node::BINARYEN, node::ESBUILD),
        Need::CargoDeny => cargo_tools::DENY.name(workspace)?,
        Need::CargoCyclonedx => cargo_tools::CYCLONEDX.name(workspace)?,
        Need::NodeModules => "npm packages of end2end".to_owned(),
        Need::PythonPackages => "Python packages of end2end".to_owned(),
        Need::Chromium => "chromium".to_owned(),
        Need::Postgres => "postgresql".to_owned(),
        Need::CargoMachete => cargo_tools::MACHETE.name(workspace)?,
        Need::Leptosfmt => cargo_tools::LEPTOSFMT.name(workspace)?,
    })
}

fn provide(workspace: &Workspace, need: Need) -> Result<Outcome> {
    match need {
        Need::WasmTarget => cargo_tools::wasm_target(workspace),
        Need::WasmBindgen => cargo_tools::WASM_BINDGEN.provide(workspace),
        Need::CargoLeptos => cargo_tools::LEPTOS.provide(workspace),
        Need::NodeTools => node::tools(workspace),
        Need::CargoDeny => cargo_tools::DENY.provide(workspace),
        Need::CargoCyclonedx => cargo_tools::CYCLONEDX.provide(workspace),
        Need::NodeModules => node::end2end_modules(workspace),
        Need::PythonPackages => python::packages(workspace),
        Need::Chromium => browser::chromium(),
        Need::Postgres => postgres::provide(),
        Need::CargoMachete => cargo_tools::MACHETE.provide(workspace),
        Need::Leptosfmt => cargo_tools::LEPTOSFMT.provide(workspace),
    }
}

fn lock(workspace: &Workspace) -> Result<File> {
    let path = workspace.tools.join("lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            println!(
                "setup  another set-up is using {}; waiting for it",
                workspace.tools.display()
            );
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(file)
}

/// Says that something is about to be installed, where, and why.
fn announce(what: &str, place: impl std::fmt::Display, why: &str) {
    println!("setup  installing {what} into {place}: {why}");
}
