//! The Python packages of the contract tests, in a virtual environment of the clone.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{Outcome, announce};
use crate::{process, workspace::Workspace};

/// The interpreter of the virtual environment.
pub fn interpreter(workspace: &Workspace) -> PathBuf {
    home(workspace).join("bin/python")
}

/// Installs `end2end/contract/requirements.txt` unless exactly that is installed.
pub fn packages(workspace: &Workspace) -> Result<Outcome> {
    let requirements = workspace.end2end().join("contract/requirements.txt");
    let wanted = std::fs::read(&requirements)
        .with_context(|| format!("cannot read {}", workspace.shown(&requirements)))?;
    let home = home(workspace);
    // A copy of the requirements, written last.
    let stamp = home.join("installed-requirements.txt");
    if interpreter(workspace).is_file() && std::fs::read(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(Outcome::Present);
    }
    announce(
        "boto3, the AWS CLI and pytest",
        workspace.shown(&home),
        "the contract tests use them",
    );

    if home.exists() {
        std::fs::remove_dir_all(&home)?;
    }
    create(workspace, &home)?;
    process::run(
        workspace
            .command(interpreter(workspace))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
            ])
            .arg(&requirements),
    )?;
    std::fs::write(&stamp, wanted)?;
    Ok(Outcome::Installed)
}

fn create(workspace: &Workspace, home: &PathBuf) -> Result<()> {
    if process::find("python3").is_none() {
        bail!("python3 is not on PATH; install Python 3.10 or newer");
    }
    let make = || process::run(workspace.command("python3").args(["-m", "venv"]).arg(home));
    if make().is_ok() {
        return Ok(());
    }
    // Debian splits the module off into a package of its own.
    if !process::is_root() || process::find("apt-get").is_none() {
        bail!("python3 cannot create virtual environments; as root: apt-get install python3-venv");
    }
    announce(
        "python3-venv",
        "the system",
        "Debian's python3 cannot create environments without",
    );
    super::browser::apt_get_install(&["python3-venv"])?;
    make()
}

fn home(workspace: &Workspace) -> PathBuf {
    workspace.end2end().join(".venv")
}
