//! A Chromium for the journeys: the one of the system, from Debian's packages if there is none.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::{Outcome, announce};
use crate::process;

/// `$CHROMIUM`, else the first browser on `PATH` that is a Chromium.
pub fn find() -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM").filter(|value| !value.is_empty()) {
        return Some(PathBuf::from(chosen));
    }
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(process::find)
}

/// Installs Debian's `chromium` if no browser is found.
pub fn chromium() -> Result<Outcome> {
    if let Some(found) = find() {
        if !found.is_file() {
            bail!(
                "the environment variable CHROMIUM names no file: {}",
                found.display()
            );
        }
        return Ok(Outcome::Present);
    }
    if process::find("apt-get").is_none() {
        bail!(
            "no Chromium found and no apt-get to install one: install Chromium or Chrome and \
             name the program in the environment variable CHROMIUM"
        );
    }
    if !process::is_root() {
        bail!(
            "no Chromium found, and only root may install one. As root: apt-get install chromium. \
             Or name another Chromium in the environment variable CHROMIUM"
        );
    }
    announce(
        "chromium",
        "the system (apt-get)",
        "the browser journeys drive it",
    );
    apt_get_install(&["chromium", "fonts-liberation"])?;
    if find().is_none() {
        bail!("apt-get installed chromium, but it is not on PATH");
    }
    Ok(Outcome::Installed)
}

/// `apt-get install` of these packages with fresh package lists.
pub fn apt_get_install(packages: &[&str]) -> Result<()> {
    let apt_get = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    process::run(&mut apt_get(&["update", "-qq"]))?;
    process::run(apt_get(&["install", "-qq", "-y", "--no-install-recommends"]).args(packages))
}
