//! Recognises a build that is still current.
//!
//! A stamp beside the build holds one hash of everything that goes in (the sources, the lock
//! file, the compiler) and everything that came out. Any difference means a full build; the stamp
//! can only save work, never decide what is built.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{files, process, workspace::Workspace};

/// What both builds read.
const OF_BOTH: &[&str] = &[
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "app",
    "crates/domain",
    "frontend",
    "public",
    "rust-toolchain.toml",
    "style",
    "xtask/node-tools",
    "xtask/src/build",
    "xtask/src/paths.rs",
];

/// What a release reads beside it.
const OF_RELEASE: &[&str] = &["crates", "server"];

/// Variables that change what Cargo builds from the same sources.
const VARIABLES: &[&str] = &["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"];

/// The stamp of a build.
pub struct Stamp {
    path: PathBuf,
    inputs: Vec<&'static str>,
    /// The program, if it makes one beside the site.
    program: Option<PathBuf>,
}

impl Stamp {
    /// The stamp of a release.
    pub fn of_release(workspace: &Workspace) -> Self {
        Self {
            path: workspace.target.join("release/carillon.fingerprint"),
            inputs: [OF_BOTH, OF_RELEASE].concat(),
            program: Some(workspace.binary()),
        }
    }

    /// The stamp of the front end alone.
    pub fn of_site(workspace: &Workspace) -> Self {
        Self {
            path: workspace.site().with_extension("fingerprint"),
            inputs: OF_BOTH.to_vec(),
            program: None,
        }
    }

    /// True when the last build was of exactly these sources and its output is untouched.
    pub fn is_current(&self, workspace: &Workspace) -> Result<bool> {
        let Ok(written) = std::fs::read_to_string(&self.path) else {
            return Ok(false);
        };
        let is_program_there = self.program.as_deref().is_none_or(Path::is_file);
        if !is_program_there || !workspace.pkg().is_dir() {
            return Ok(false);
        }
        Ok(written == self.fingerprint(workspace)?)
    }

    /// Notes that the build is current now.
    pub fn write(&self, workspace: &Workspace) -> Result<()> {
        std::fs::write(&self.path, self.fingerprint(workspace)?)
            .with_context(|| format!("cannot write {}", self.path.display()))
    }

    fn fingerprint(&self, workspace: &Workspace) -> Result<String> {
        let mut hasher = DefaultHasher::new();

        process::read(workspace.command("rustc").arg("--version"))?.hash(&mut hasher);
        for name in VARIABLES {
            std::env::var_os(name).hash(&mut hasher);
        }
        for input in &self.inputs {
            for file in files::under(&workspace.root, input)? {
                let content = std::fs::read(workspace.root.join(&file))
                    .with_context(|| format!("cannot read {file}"))?;
                (file, content).hash(&mut hasher);
            }
        }

        if let Some(program) = &self.program {
            hash_metadata(program, &mut hasher)?;
        }
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
}

fn hash_metadata(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let metadata = std::fs::metadata(path)?;
    (path, metadata.len(), metadata.modified()?).hash(hasher);
    Ok(())
}
