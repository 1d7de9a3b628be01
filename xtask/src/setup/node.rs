//! npm packages: `wasm-opt` and a minifier for the build, Playwright and axe for the journeys.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Outcome, announce};
use crate::{process, workspace::Workspace};

/// Debian's binaryen cannot read what this rustc emits, so `wasm-opt` comes from npm.
/// The versions are also those of `xtask/node-tools/package.json`.
pub const BINARYEN: &str = "132.0.0";

/// Minifies JavaScript and the style sheet.
pub const ESBUILD: &str = "0.28.2";

/// A copy of the lock file, written after `npm ci`: equal means nothing to do.
const STAMP: &str = ".carillon-package-lock.json";

/// The folder that holds `wasm-opt`.
pub fn tools_programs(workspace: &Workspace) -> PathBuf {
    tools_home(workspace).join("node_modules/.bin")
}

/// Installs what the build uses into the tools folder.
pub fn tools(workspace: &Workspace) -> Result<Outcome> {
    let home = tools_home(workspace);
    let source = workspace.root.join("xtask/node-tools");
    if is_current(&source, &home)? {
        return Ok(Outcome::Present);
    }
    announce(
        "binaryen and esbuild",
        home.display(),
        "they shrink what a browser is sent",
    );
    std::fs::create_dir_all(&home)?;
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(source.join(file), home.join(file))
            .with_context(|| format!("cannot copy {file} to {}", home.display()))?;
    }
    install(&source, &home)
}

/// Installs what the browser journeys import, beside them.
pub fn end2end_modules(workspace: &Workspace) -> Result<Outcome> {
    let home = workspace.end2end();
    if is_current(&home, &home)? {
        return Ok(Outcome::Present);
    }
    let place = home.join("node_modules");
    announce(
        "Playwright and axe",
        workspace.shown(&place),
        "the browser journeys use them",
    );
    install(&home, &home)
}

/// The folder that holds their `node_modules`.
pub fn tools_home(workspace: &Workspace) -> PathBuf {
    let name = format!("binaryen-{BINARYEN}-esbuild-{ESBUILD}");
    workspace.tools.join(name)
}

fn is_current(source: &Path, home: &Path) -> Result<bool> {
    let path = source.join("package-lock.json");
    let lock = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let installed = std::fs::read(home.join("node_modules").join(STAMP));
    Ok(installed.is_ok_and(|installed| installed == lock))
}

fn install(source: &Path, home: &Path) -> Result<Outcome> {
    if process::find("npm").is_none() {
        bail!("npm is not on PATH; install Node 20 or newer, which brings it");
    }
    process::run(
        Command::new("npm")
            .current_dir(home)
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            // The journeys drive the Chromium of the system; Playwright's own is not fetched.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    std::fs::copy(
        source.join("package-lock.json"),
        home.join("node_modules").join(STAMP),
    )?;
    Ok(Outcome::Installed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_in_the_folder_name_are_the_versions_that_npm_installs() {
        let package = include_str!("../../node-tools/package.json");

        assert!(package.contains(&format!("\"binaryen\": \"{BINARYEN}\"")));
        assert!(package.contains(&format!("\"esbuild\": \"{ESBUILD}\"")));
    }
}
