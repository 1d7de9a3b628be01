//! What a release is made of: a CycloneDX bill of materials each for the server and for what the
//! browser is sent.

use std::fs;

use anyhow::{Context, Result};

use crate::setup::{self, Need};
use crate::{process, workspace::Workspace};

/// The packages that are shipped, and the names of their bills.
const SHIPPED: &[(&str, &str)] = &[("server", "carillon"), ("frontend", "carillon-browser")];

/// The name that cargo-cyclonedx is told; it writes one file beside the manifest of every member.
const WRITTEN: &str = "bill-of-materials";

/// Writes `target/sbom/*.cdx.json` from `Cargo.lock`.
pub fn write(workspace: &Workspace) -> Result<()> {
    setup::ensure(workspace, &[Need::CargoCyclonedx])?;
    let folder = workspace.root.join("target/sbom");
    fs::create_dir_all(&folder).context("cannot create target/sbom")?;
    for (package, name) in SHIPPED {
        let manifest = workspace.root.join(package).join("Cargo.toml");
        process::run(
            workspace
                .cargo(&[
                    "cyclonedx",
                    "--quiet",
                    "--format",
                    "json",
                    "--no-build-deps",
                ])
                .args(["--override-filename", WRITTEN, "--manifest-path"])
                .arg(&manifest)
                .env("PATH", setup::path(workspace)?),
        )?;
        let to = folder.join(format!("{name}.cdx.json"));
        fs::copy(manifest.with_file_name(format!("{WRITTEN}.json")), &to)
            .with_context(|| format!("cargo-cyclonedx wrote no bill for {package}"))?;
        println!("sbom   {}", workspace.shown(&to));
    }
    remove_written(workspace)
}

/// Removes what was written beside manifests.
fn remove_written(workspace: &Workspace) -> Result<()> {
    let root = &workspace.root;
    let mut folders = vec![
        root.join("app"),
        root.join("frontend"),
        root.join("server"),
        root.join("xtask"),
    ];
    for entry in fs::read_dir(root.join("crates")).context("cannot read crates")? {
        folders.push(entry?.path());
    }
    for folder in folders {
        let file = folder.join(format!("{WRITTEN}.json"));
        if file.is_file() {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}
