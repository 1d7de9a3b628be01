//! Where things are: the clone, its build output and the folder of shared tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// All but the browser's entry, with the pages as the server has them, in Cargo's words. Never both
/// features of the pages in one build, or the server would run what is meant for the browser.
///
/// Every native step names these packages, and targets that may use what tests use. Another choice would
/// give some dependencies other features, and Cargo would compile nearly all of them once more.
pub const NATIVE: &[&str] = &[
    "--workspace",
    "--exclude",
    "frontend",
    "--features",
    "app/ssr",
];

/// The paths every task starts from.
#[derive(Debug)]
pub struct Workspace {
    /// The root of the clone.
    pub root: PathBuf,
    /// Cargo's build output, normally `target`.
    pub target: PathBuf,
    /// Tools shared between clones; see [`tools_folder`].
    pub tools: PathBuf,
}

impl Workspace {
    /// Finds the clone that this xtask was started in.
    pub fn find() -> Result<Self> {
        // Cargo sets the variable for `cargo run`; the compile-time value serves a direct start.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .context("xtask is a folder of the workspace")?
            .to_owned();

        // <target>/debug/xtask: right whatever CARGO_TARGET_DIR or Cargo's configuration say.
        let program = std::env::current_exe().context("cannot find this program")?;
        let target = program
            .ancestors()
            .nth(2)
            .context("Cargo builds xtask in <target>/debug")?
            .to_owned();

        let tools = tools_folder(&target);
        Ok(Self {
            root,
            target,
            tools,
        })
    }

    /// The release binary.
    pub fn binary(&self) -> PathBuf {
        let name = format!("carillon{}", std::env::consts::EXE_SUFFIX);
        self.target.join("release").join(name)
    }

    /// The program that is served to be tried, and that the tests try.
    pub fn trial(&self) -> PathBuf {
        let name = format!("carillon{}", std::env::consts::EXE_SUFFIX);
        self.target.join("debug").join(name)
    }

    /// What the release binary embeds. Fixed under the root: the server crate names this path.
    pub fn site(&self) -> PathBuf {
        self.root.join("target").join("site")
    }

    /// The hashed front end inside [`Workspace::site`].
    pub fn pkg(&self) -> PathBuf {
        self.site().join("pkg")
    }

    /// The browser journeys and the contract tests.
    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// A command that starts in the root of the clone.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The list of the files in [`Workspace::site`], each with a hash of its content.
    pub fn site_files(&self) -> PathBuf {
        self.site().with_extension("names")
    }

    /// `cargo` with these arguments, in the root of the clone.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        // Cargo sees by it that there are other files to put into the server: see server/src/main.rs.
        if let Ok(files) = fs::read_to_string(self.site_files()) {
            command.env("CARILLON_SITE", files);
        }
        command
    }

    /// A path as a person would write it, relative to the root where it can be.
    pub fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// `$CARILLON_TOOLS`, else `carillon/tools` in the user's cache folder, else in the build output.
///
/// A cache folder because cargo-leptos alone takes twenty minutes to compile: clones share it, and
/// deleting it costs time but nothing else.
fn tools_folder(target: &Path) -> PathBuf {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(chosen) = folder("CARILLON_TOOLS") {
        return PathBuf::from(chosen);
    }
    let cache = folder("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| folder("HOME").map(|home| PathBuf::from(home).join(".cache")));
    match cache {
        Some(cache) => cache.join("carillon").join("tools"),
        None => target.join("tools"),
    }
}
