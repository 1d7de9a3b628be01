//! Programs that Cargo compiles, and the WASM target of the toolchain.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Outcome, announce};
use crate::{process, workspace::Workspace};

/// The browser's target.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Follows edits. 0.3.11 needs a newer rustc than `rust-toolchain.toml` has.
pub const LEPTOS: CargoTool = CargoTool {
    package: "cargo-leptos",
    version: Version::Fixed("0.3.10"),
    program: "cargo-leptos",
    arguments: &[],
    why: "it follows edits and reloads the browser (about 20 minutes on two cores, once; clones share it)",
};

/// Its output format changes with every version: it has to equal the crate exactly.
pub const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    version: Version::OfCrate("wasm-bindgen"),
    program: "wasm-bindgen",
    // Its feature is the TLS of a test runner that nobody here uses.
    arguments: &["--no-default-features"],
    why: "it joins the WASM module to the page (about 2 minutes, once a version)",
};

/// Licences, banned crates, sources and advisories.
pub const DENY: CargoTool = CargoTool {
    package: "cargo-deny",
    version: Version::Fixed("0.20.2"),
    program: "cargo-deny",
    arguments: &[],
    why: "it checks licences and sources of the dependencies (about 3 minutes, once)",
};

/// Bills of materials.
pub const CYCLONEDX: CargoTool = CargoTool {
    package: "cargo-cyclonedx",
    version: Version::Fixed("0.5.7"),
    program: "cargo-cyclonedx",
    arguments: &[],
    why: "it writes what a release is made of (about 2 minutes, once)",
};

/// Dependencies that nobody uses.
pub const MACHETE: CargoTool = CargoTool {
    package: "cargo-machete",
    version: Version::Fixed("0.9.2"),
    program: "cargo-machete",
    arguments: &[],
    why: "it finds dependencies that are not used (about a minute, once)",
};

/// The markup inside of `view!`, which rustfmt leaves alone.
pub const LEPTOSFMT: CargoTool = CargoTool {
    package: "leptosfmt",
    version: Version::Fixed("0.1.33"),
    program: "leptosfmt",
    arguments: &[],
    why: "it formats the views of the pages (about 2 minutes, once)",
};

/// A package that `cargo install` compiles into a folder of its own.
pub struct CargoTool {
    package: &'static str,
    version: Version,
    program: &'static str,
    /// More for `cargo install`.
    arguments: &'static [&'static str],
    why: &'static str,
}

enum Version {
    Fixed(&'static str),
    /// The version of this crate in `Cargo.lock`.
    OfCrate(&'static str),
}

impl CargoTool {
    /// Package and version.
    pub fn name(&self, workspace: &Workspace) -> Result<String> {
        Ok(format!("{} {}", self.package, self.version(workspace)?))
    }

    /// The folder that holds the program, whether or not it is installed.
    pub fn folder(&self, workspace: &Workspace) -> Result<PathBuf> {
        Ok(self.home(workspace)?.join("bin"))
    }

    /// Compiles the program unless it is there.
    pub fn provide(&self, workspace: &Workspace) -> Result<Outcome> {
        let program = format!("{}{}", self.program, std::env::consts::EXE_SUFFIX);
        // `cargo install` moves the program here last, so its presence means a complete install.
        if self.folder(workspace)?.join(program).is_file() {
            return Ok(Outcome::Present);
        }
        let home = self.home(workspace)?;
        announce(&self.name(workspace)?, home.display(), self.why);

        // The lock file of a published program can name a crate version that has been withdrawn
        // since; it is preferred, not required.
        if process::run(&mut self.install(workspace, &["--locked"])?).is_err() {
            println!(
                "setup  {} did not install with its own lock file; trying without",
                self.package
            );
            process::run(&mut self.install(workspace, &[])?)?;
        }

        // A gigabyte that no later install would use.
        let build = self.build_folder(workspace);
        std::fs::remove_dir_all(&build)
            .with_context(|| format!("cannot remove {}", build.display()))?;
        Ok(Outcome::Installed)
    }

    fn install(&self, workspace: &Workspace, extra: &[&str]) -> Result<Command> {
        let version = self.version(workspace)?;
        // In the clone, where rustup picks the toolchain of `rust-toolchain.toml`.
        let mut command = workspace.command("cargo");
        command
            .args([
                "install",
                self.package,
                "--version",
                &version,
                "--bin",
                self.program,
            ])
            .args(self.arguments)
            .args(extra)
            .arg("--root")
            .arg(self.home(workspace)?)
            .env("CARGO_TARGET_DIR", self.build_folder(workspace))
            // The releases' own profiles take half as long again for programs that run seconds.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            // Meant for the project, not for its tools.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET");
        Ok(command)
    }

    fn home(&self, workspace: &Workspace) -> Result<PathBuf> {
        let version = self.version(workspace)?;
        Ok(workspace.tools.join(format!("{}-{version}", self.package)))
    }

    fn build_folder(&self, workspace: &Workspace) -> PathBuf {
        workspace.tools.join(format!("build-{}", self.package))
    }

    fn version(&self, workspace: &Workspace) -> Result<String> {
        match self.version {
            Version::Fixed(version) => Ok(version.to_owned()),
            Version::OfCrate(name) => {
                let path = workspace.root.join("Cargo.lock");
                let lock = std::fs::read_to_string(&path).context("cannot read Cargo.lock")?;
                locked_version(&lock, name)
                    .with_context(|| format!("Cargo.lock has no package {name}"))
            }
        }
    }
}

/// Adds the WASM target to the toolchain of `rust-toolchain.toml`.
pub fn wasm_target(workspace: &Workspace) -> Result<Outcome> {
    let sysroot = process::read(workspace.command("rustc").args(["--print", "sysroot"]))?;
    let library = PathBuf::from(sysroot.trim())
        .join("lib/rustlib")
        .join(WASM_TARGET);
    if library.is_dir() {
        return Ok(Outcome::Present);
    }
    if process::find("rustup").is_none() {
        bail!("rustc has no {WASM_TARGET} and rustup, which would add it, is not on PATH");
    }
    announce(
        WASM_TARGET,
        "the Rust toolchain",
        "the front end is compiled to it",
    );
    process::run(
        workspace
            .command("rustup")
            .args(["target", "add", WASM_TARGET]),
    )?;
    Ok(Outcome::Installed)
}

/// The version of a package in a lock file; the first where there are several.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-shared"
version = "0.2.131"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry+https://github.com/rust-lang/crates.io-index"
"#;

    #[test]
    fn the_version_is_read_from_the_package_of_exactly_that_name() {
        assert_eq!(
            locked_version(LOCK, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
    }

    #[test]
    fn a_package_that_is_not_locked_has_no_version() {
        assert_eq!(locked_version(LOCK, "leptos"), None);
    }
}
