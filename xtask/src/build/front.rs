//! The build of the front end: what `target/site` holds.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::progress::Progress;
use crate::fingerprint::Stamp;
use crate::setup::{self, WASM_TARGET};
use crate::{files, process, workspace::Workspace};

/// What is compiled, in Cargo's words.
pub const PACKAGE: &[&str] = &["--package", "frontend", "--target", WASM_TARGET];

/// Where the server looks for it, and with which name: `server/src/assets.rs`.
const PKG: &str = "pkg";
const NAME: &str = "carillon";
const STYLE: &str = "style/main.css";
/// Copied as they are.
const PUBLIC: &str = "public";
/// Minifies, names by content and compresses.
const SCRIPT: &str = "xtask/node-tools/site.mjs";

/// What `wasm-opt` may use beyond the first version of WASM, as rustc does; that size counts; and that
/// what WASM and JavaScript call each other by gets short names. wasm-bindgen gives each a hash, which
/// no compression makes smaller.
const OPTIMISE: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "-Oz",
    "--minify-imports-and-exports-and-modules",
];

/// Builds `target/site`, unless it is there as it would be built.
pub fn build_unless_current(
    workspace: &Workspace,
    progress: &Progress,
    flags: &OsStr,
    crates: usize,
) -> Result<()> {
    let stamp = Stamp::of_site(workspace);
    if stamp.is_current(workspace)? {
        println!("build    the front end is current");
        return Ok(());
    }
    build(workspace, progress, flags, crates)?;
    stamp.write(workspace)
}

fn build(workspace: &Workspace, progress: &Progress, flags: &OsStr, crates: usize) -> Result<()> {
    // Not among the server's files: the edit loop builds there too.
    let target = workspace.target.join("front");
    progress.compile(
        "compile the front end",
        patient_cargo(workspace)
            .args(["build", "--lib", "--profile", "wasm-release"])
            .args(PACKAGE)
            .arg("--target-dir")
            .arg(&target)
            .env("CARGO_ENCODED_RUSTFLAGS", flags),
        crates,
    )?;

    // Beside the site, so that a site that cannot be finished replaces nothing.
    let made = workspace.site().with_extension("part");
    let pkg = made.join(PKG);
    let wasm = target
        .join(WASM_TARGET)
        .join("wasm-release")
        .join("frontend.wasm");
    progress.step("join WASM and JavaScript (wasm-bindgen)", || {
        start_empty(&made)?;
        bindgen(workspace, &wasm, &pkg)
    })?;
    // As `wasm-opt` writes them: JSON.
    let short_names = workspace.target.join("front").join("short-names.json");
    progress.step("shrink the WASM (wasm-opt)", || {
        // Without the suffix that wasm-bindgen gives it.
        let from = pkg.join(format!("{NAME}_bg.wasm"));
        let to = pkg.join(format!("{NAME}.wasm"));
        let names = process::read(
            workspace
                .command(setup::program(workspace, "wasm-opt")?)
                .args(OPTIMISE)
                .arg(&from)
                .arg("-o")
                .arg(&to),
        )?;
        fs::write(&short_names, names)
            .with_context(|| format!("cannot write {}", short_names.display()))?;
        fs::remove_file(&from).with_context(|| format!("cannot remove {}", from.display()))
    })?;
    progress.step("minify, name and compress the files", || {
        copy(workspace, PUBLIC, &made)?;
        let style = workspace.root.join(STYLE);
        fs::copy(&style, pkg.join(format!("{NAME}.css")))
            .with_context(|| format!("cannot copy {STYLE}"))?;
        let names = process::read(
            workspace
                .command("node")
                .arg(SCRIPT)
                .arg(setup::node_tools(workspace))
                .arg(&made)
                .arg(&short_names),
        )?;
        replace(&workspace.site(), &made)?;
        let beside = workspace.site_files();
        fs::write(&beside, names).with_context(|| format!("cannot write {}", beside.display()))
    })
}

/// Cargo at a lower priority than the build of the server. The pages are the server's last crate
/// but one and keep one processor busy for minutes; the front end is small enough to be done in
/// that time.
fn patient_cargo(workspace: &Workspace) -> Command {
    if cfg!(unix) {
        let mut nice = workspace.command("nice");
        nice.args(["-n", "10", "cargo"]);
        nice
    } else {
        workspace.cargo(&[])
    }
}

fn bindgen(workspace: &Workspace, wasm: &Path, pkg: &Path) -> Result<()> {
    process::run(
        workspace
            .command(setup::program(workspace, "wasm-bindgen")?)
            .args(["--target", "web", "--no-typescript"])
            // The page names the file, which is called by its content.
            .arg("--omit-default-module-path")
            .args(["--out-name", NAME, "--out-dir"])
            .arg(pkg)
            .arg(wasm),
    )
}

fn start_empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

/// Copies the files below a folder of the root.
fn copy(workspace: &Workspace, from: &str, to: &Path) -> Result<()> {
    for file in files::under(&workspace.root, from)? {
        let below = file.strip_prefix(from).unwrap_or(&file);
        let to = to.join(below.trim_start_matches('/'));
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(workspace.root.join(&file), &to).with_context(|| format!("cannot copy {file}"))?;
    }
    Ok(())
}

/// Puts what was made in the place of what was there.
fn replace(site: &Path, made: &Path) -> Result<()> {
    if site.exists() {
        fs::remove_dir_all(site).with_context(|| format!("cannot remove {}", site.display()))?;
    }
    fs::rename(made, site).with_context(|| format!("cannot make {}", site.display()))
}
