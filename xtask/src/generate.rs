//! `cargo xtask generate`: writes what documents say and the code knows.
//!
//! The tests that compare a document with the code write it when they are told to, so what is
//! written is what they expect.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::{NATIVE, Workspace};

/// The documents of which something is generated.
pub const DOCUMENTS: &[&str] = &["README.md", "docs/access.md"];

/// The tests that write them, of `server/tests/http`.
const WRITERS: &[&str] = &[
    "generated::the_readme_has_the_table_and_the_policy_of_the_code",
    "access::every_caller_gets_what_the_table_says",
];

/// Writes the documents.
pub fn write(workspace: &Workspace) -> Result<()> {
    process::run(
        workspace
            .cargo(&["test"])
            .args(NATIVE)
            .args(["--test", "http", "--", "--exact"])
            .args(WRITERS)
            .env("CARILLON_GENERATE", "1"),
    )
}

/// Writes the documents, and fails when that changes one: the change is not committed then. What
/// else is not committed makes no difference.
pub fn check(workspace: &Workspace) -> Result<()> {
    let before = read(workspace)?;
    write(workspace)?;
    let after = read(workspace)?;
    let documents = DOCUMENTS.iter().zip(before.iter().zip(&after));
    let changed: Vec<&str> = documents
        .filter(|(_, (before, after))| before != after)
        .map(|(document, _)| *document)
        .collect();
    if !changed.is_empty() {
        bail!(
            "generate changed {}: review the difference and commit it",
            changed.join(" and ")
        );
    }
    Ok(())
}

fn read(workspace: &Workspace) -> Result<Vec<String>> {
    let text = |document: &&str| {
        fs::read_to_string(workspace.root.join(document))
            .with_context(|| format!("cannot read {document}"))
    };
    DOCUMENTS.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// A test of another name would be left out without a word, and nothing written.
    #[test]
    fn the_tests_that_write_are_there() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/tests/http");
        for writer in WRITERS {
            let (module, test) = writer.split_once("::").expect("a module and a test");
            let files = [format!("{module}.rs"), format!("{module}/mod.rs")];
            let texts = files.map(|file| fs::read_to_string(folder.join(file)).unwrap_or_default());
            assert!(texts.concat().contains(&format!("fn {test}()")), "{writer}");
        }
    }
}
