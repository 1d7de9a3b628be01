//! The paths of the machine that builds stay out of what it builds: they tell who built it and where,
//! and make two builds of one source different.
//!
//! A panic names its file, so the compiler writes the path of each dependency into the program. It is
//! told to write another one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// Between flags in `CARGO_ENCODED_RUSTFLAGS`; flags may hold spaces.
const BETWEEN: char = '\x1f';
/// How a path goes on below a folder of downloaded sources, wherever that is.
const SOURCES: &str = "registry/src/";

/// Folders of this machine, and what is written in their place. The longer ones last: the compiler
/// takes the last that fits.
fn folders(workspace: &Workspace) -> Vec<(PathBuf, &'static str)> {
    let home = folder("HOME");
    let below_home = |name: &str| home.as_ref().map(|home| home.join(name));
    let cargo = folder("CARGO_HOME").or_else(|| below_home(".cargo"));
    let rustup = folder("RUSTUP_HOME").or_else(|| below_home(".rustup"));
    let sources = cargo.as_ref().map(|cargo| sources_below(cargo));
    let named = [
        (home.clone(), "/home"),
        (rustup, "/rust"),
        (cargo, "/cargo"),
        (Some(workspace.root.clone()), "/carillon"),
        (Some(workspace.target.clone()), "/target"),
    ];
    let named = named
        .into_iter()
        .filter_map(|(folder, name)| Some((folder?, name)));
    let sources = sources.into_iter().flatten();
    let mut folders: Vec<_> = named
        .chain(sources.map(|folder| (folder, "/crates")))
        .collect();
    // `/` is the home of nobody, and the start of every path.
    folders.retain(|(folder, _)| folder.components().count() > 1);
    folders.sort_by_key(|(folder, _)| folder.components().count());
    folders
}

fn folder(variable: &str) -> Option<PathBuf> {
    let value = std::env::var_os(variable).filter(|value| !value.is_empty());
    value.map(PathBuf::from)
}

/// Where Cargo puts the sources of dependencies, a folder for each registry.
fn sources_below(cargo: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(cargo.join(SOURCES));
    let entries = entries.into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// What `CARGO_ENCODED_RUSTFLAGS` has to be for a build that holds none of them: the flags that are
/// given already, and ours.
pub fn flags(workspace: &Workspace) -> OsString {
    let given = std::env::var("CARGO_ENCODED_RUSTFLAGS").ok();
    let plain = || std::env::var("RUSTFLAGS").ok();
    let given = given.or_else(|| plain().map(|flags| encoded(&flags)));
    let ours = folders(workspace)
        .into_iter()
        .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()));
    let all: Vec<_> = given
        .into_iter()
        .filter(|flags| !flags.is_empty())
        .chain(ours)
        .collect();
    all.join(&BETWEEN.to_string()).into()
}

fn encoded(flags: &str) -> String {
    let flags: Vec<_> = flags.split_whitespace().collect();
    flags.join(&BETWEEN.to_string())
}

/// Fails when the release binary or the WASM holds one of them.
pub fn check(workspace: &Workspace) -> Result<()> {
    let mut built = vec![workspace.binary()];
    let entries = std::fs::read_dir(workspace.pkg()).context("`cargo xtask build` writes it")?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == "wasm") {
            built.push(path);
        }
    }
    let mut forbidden = vec![SOURCES.to_owned()];
    for (folder, _) in folders(workspace) {
        forbidden.push(format!("{}/", folder.display()));
    }
    for file in built {
        let content = std::fs::read(&file);
        let content = content.with_context(|| format!("cannot read {}", workspace.shown(&file)))?;
        if let Some(found) = first_of(&forbidden, &content) {
            bail!(
                "{} holds a path of this machine: {found}",
                workspace.shown(&file)
            );
        }
    }
    println!("paths  the binary and the WASM hold no path of this machine");
    Ok(())
}

/// The first path in what was built that begins with, or holds, a forbidden text.
fn first_of(forbidden: &[String], built: &[u8]) -> Option<String> {
    let texts = built.split(|byte| !matches!(byte, b' '..=b'~'));
    texts.filter(|text| text.len() > 3).find_map(|text| {
        let text = str::from_utf8(text).ok()?;
        let at = forbidden.iter().find_map(|path| text.find(path.as_str()))?;
        Some(text[at..].chars().take(120).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_this_machine_is_found_in_what_was_built() {
        let forbidden = ["/builder/".to_owned(), SOURCES.to_owned()];
        let built = b"\0\x01/crates/a-1.0/src/lib.rs\0/builder/.cargo/a.rs\0";
        assert_eq!(
            first_of(&forbidden, built).as_deref(),
            Some("/builder/.cargo/a.rs")
        );
        let built = b"\xff../registry/src/index/a.rs\xff";
        assert_eq!(
            first_of(&forbidden, built).as_deref(),
            Some("registry/src/index/a.rs")
        );
        let clean = b"\0/crates/a-1.0/src/lib.rs\0/rustc/1/library/core/src/a.rs";
        assert_eq!(first_of(&forbidden, clean), None);
    }

    #[test]
    fn the_folder_that_is_deepest_is_named_last() {
        let workspace = Workspace {
            root: "/a/b/c".into(),
            target: "/a/b/c/target".into(),
            tools: "/tools".into(),
        };
        let folders = folders(&workspace);
        let depths: Vec<_> = folders
            .iter()
            .map(|(folder, _)| folder.components().count())
            .collect();
        assert!(depths.is_sorted(), "{folders:?}");
        let at = |name: &str| folders.iter().position(|(_, known)| *known == name);
        assert!(at("/carillon") < at("/target"));
    }

    #[test]
    fn flags_that_are_given_stay() {
        assert_eq!(encoded("-C  target-cpu=native"), "-C\x1ftarget-cpu=native");
    }
}
