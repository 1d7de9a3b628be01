//! Recognises a release build that is still current.
//!
//! A stamp beside the build holds one hash of everything that goes in (the sources, the lock
//! file, the compiler) and everything that came out (the binary, the site). Any difference
//! means a full build; the stamp can only save work, never decide what is built.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{files, process, workspace::Workspace};

/// What a release build reads.
const INPUTS: &[&str] = &[
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "app",
    "crates",
    "frontend",
    "public",
    "rust-toolchain.toml",
    "server",
    "style",
    "xtask/node-tools",
    "xtask/src/build",
    "xtask/src/paths.rs",
];

/// Variables that change what Cargo builds from the same sources.
const VARIABLES: &[&str] = &["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"];

/// True when the last build was of exactly these sources and its output is untouched.
pub fn is_current(workspace: &Workspace) -> Result<bool> {
    let Ok(written) = std::fs::read_to_string(stamp(workspace)) else {
        return Ok(false);
    };
    if !workspace.binary().is_file() || !workspace.pkg().is_dir() {
        return Ok(false);
    }
    Ok(written == fingerprint(workspace)?)
}

/// Notes that the build is current now.
pub fn write(workspace: &Workspace) -> Result<()> {
    let path = stamp(workspace);
    std::fs::write(&path, fingerprint(workspace)?)
        .with_context(|| format!("cannot write {}", path.display()))
}

fn stamp(workspace: &Workspace) -> PathBuf {
    workspace
        .target
        .join("release")
        .join("carillon.fingerprint")
}

fn fingerprint(workspace: &Workspace) -> Result<String> {
    let mut hasher = DefaultHasher::new();

    process::read(workspace.command("rustc").arg("--version"))?.hash(&mut hasher);
    for name in VARIABLES {
        std::env::var_os(name).hash(&mut hasher);
    }
    for input in INPUTS {
        for file in files::under(&workspace.root, input)? {
            let content = std::fs::read(workspace.root.join(&file))
                .with_context(|| format!("cannot read {file}"))?;
            (file, content).hash(&mut hasher);
        }
    }

    hash_metadata(&workspace.binary(), &mut hasher)?;
    // Not through `files::under`: that leaves out everything below `target`.
    let mut site: Vec<PathBuf> = std::fs::read_dir(workspace.pkg())?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    site.sort();
    for file in site {
        hash_metadata(&file, &mut hasher)?;
    }

    Ok(format!("{:016x}", hasher.finish()))
}

fn hash_metadata(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let metadata = std::fs::metadata(path)?;
    (path, metadata.len(), metadata.modified()?).hash(hasher);
    Ok(())
}
