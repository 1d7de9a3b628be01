//! The shape of the dependency graph, checked against what Cargo resolves.
//!
//! The numbers are those of the invariants in `ARCHITECTURE.md`.

use anyhow::{Result, bail};

use crate::{process, workspace::Workspace};

/// Crates, and families of crates, that must not be reachable from the browser.
const NOT_IN_THE_BROWSER: &[&str] = &["aws-", "sqlx", "tokio", "axum", "hyper", "rustls"];

/// Crates that do I/O and so have no place under `domain`.
const NOT_IN_DOMAIN: &[&str] = &[
    "aws-", "sqlx", "tokio", "axum", "hyper", "rustls", "reqwest",
];

/// Our own crates.
const OURS: &[&str] = &["app", "backend", "domain", "frontend", "server", "verify"];

/// Fails when the graph breaks an invariant.
pub fn check(workspace: &Workspace) -> Result<()> {
    let browser = ["-p", "frontend", "--target", "wasm32-unknown-unknown"];
    report(
        "1: frontend reaches no AWS, SQL or tokio crate",
        &reachable(workspace, &browser)?,
        |name| is_of(name, NOT_IN_THE_BROWSER),
    )?;
    report(
        "2: domain does no I/O",
        &reachable(workspace, &["-p", "domain"])?,
        |name| is_of(name, NOT_IN_DOMAIN),
    )?;
    let manifest = std::fs::read_to_string(workspace.root.join("crates/domain/Cargo.toml"))?;
    if manifest.lines().any(|line| line.trim() == "[features]") {
        bail!("invariant 2: domain has no Cargo features, but its Cargo.toml declares some");
    }
    report(
        "3: emulator uses none of our crates",
        &reachable(workspace, &["-p", "emulator"])?,
        |name| OURS.contains(&name),
    )
}

fn report(invariant: &str, crates: &[String], breaks: impl Fn(&str) -> bool) -> Result<()> {
    let broken: Vec<&str> = crates
        .iter()
        .map(String::as_str)
        .filter(|name| breaks(name))
        .collect();
    if !broken.is_empty() {
        bail!("invariant {invariant}; found {}", broken.join(", "));
    }
    println!("invariant {invariant} ({} crates)", crates.len());
    Ok(())
}

/// The names of the crates that Cargo links for these arguments.
fn reachable(workspace: &Workspace, arguments: &[&str]) -> Result<Vec<String>> {
    let tree = process::read(
        workspace
            .cargo(&[
                "tree",
                "--edges",
                "normal,no-proc-macro",
                "--prefix",
                "none",
            ])
            .args(arguments),
    )?;
    Ok(names(&tree))
}

fn names(tree: &str) -> Vec<String> {
    let mut names: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

/// True for a crate of one of these names or families (`tokio` covers `tokio-util`).
fn is_of(name: &str, families: &[&str]) -> bool {
    families.iter().any(|family| {
        name.strip_prefix(family)
            .is_some_and(|rest| rest.is_empty() || family.ends_with('-') || rest.starts_with('-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_covers_its_members_and_not_its_neighbours() {
        assert!(is_of("tokio", NOT_IN_THE_BROWSER));
        assert!(is_of("tokio-util", NOT_IN_THE_BROWSER));
        assert!(is_of("aws-sdk-sts", NOT_IN_THE_BROWSER));
        assert!(!is_of("tokiotastic", NOT_IN_THE_BROWSER));
        assert!(!is_of("leptos", NOT_IN_THE_BROWSER));
    }

    #[test]
    fn a_repeated_crate_is_one_crate() {
        assert_eq!(
            names("domain v0.1.0\nserver_fn v0.8.13\nserver_fn v0.8.13 (*)\n"),
            ["domain", "server_fn"]
        );
    }
}
