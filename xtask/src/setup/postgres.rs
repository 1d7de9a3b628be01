//! PostgreSQL for the tests of the store: the programs of the system, from Debian's packages if there
//! are none. No server of the system is started for it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Outcome, announce, browser};
use crate::process;

/// Where Debian puts what is not for everybody's `PATH`, a folder for each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Debian's packages make a server of their own unless a file here says otherwise.
const SETTINGS: &str = "/etc/postgresql-common/createcluster.d";

/// The folder that holds `initdb` and `postgres`: that of `PATH`, else the newest of Debian's.
pub fn find() -> Option<PathBuf> {
    let named = process::find("initdb").and_then(|file| file.canonicalize().ok());
    let named = named.and_then(|file| file.parent().map(PathBuf::from));
    let debian = || {
        let versions = std::fs::read_dir(DEBIAN).ok()?.flatten();
        let folders = versions.map(|version| version.path().join("bin"));
        folders.max_by_key(|folder| version_of(folder))
    };
    let is_whole = |folder: &PathBuf| folder.join("postgres").is_file();
    named.filter(is_whole).or_else(|| debian().filter(is_whole))
}

fn version_of(folder: &Path) -> Option<u32> {
    folder.parent()?.file_name()?.to_str()?.parse().ok()
}

/// Installs Debian's `postgresql` if there is none. Where that fails, the step says what it left
/// untested, so that somebody who is not root and has no PostgreSQL can still run everything else.
pub fn provide() -> Result<Outcome> {
    if find().is_some() {
        return Ok(Outcome::Present);
    }
    if process::find("apt-get").is_none() || !process::is_root() {
        return Ok(Outcome::Absent);
    }
    announce(
        "postgresql",
        "the system (apt-get)",
        "the tests of the store run on it too",
    );
    std::fs::create_dir_all(SETTINGS).with_context(|| format!("cannot make {SETTINGS}"))?;
    let setting = PathBuf::from(SETTINGS).join("carillon.conf");
    std::fs::write(&setting, "create_main_cluster = false\n")
        .with_context(|| format!("cannot write {}", setting.display()))?;
    let installed = browser::apt_get_install(&["postgresql"]);
    std::fs::remove_file(&setting)
        .with_context(|| format!("cannot remove {}", setting.display()))?;
    installed?;
    find().context("apt-get installed postgresql, but initdb is not there")?;
    Ok(Outcome::Installed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let (old, new) = (Path::new("/p/9/bin"), Path::new("/p/15/bin"));

        assert!(version_of(old) < version_of(new));
        assert_eq!(version_of(Path::new("/p/common/bin")), None);
    }
}
