//! The rules of the repository that no compiler or linter knows.
//!
//! Each rule is a function over the text of one file, so each is tested on a few lines of text. The
//! tests that docs/SECURITY.md cites are looked for in theirs, and the figures of docs/limits.md.

mod asvs;
mod citations;
mod cryptography;
mod figures;
mod imports;
mod rules;

use anyhow::{Result, bail};

use crate::{files, workspace::Workspace};

/// One breach of a rule.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// Counted from 1.
    line: usize,
    message: &'static str,
}

/// What stands between backticks in a text of Markdown.
fn between_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Reads every file and prints every breach.
pub fn check(workspace: &Workspace) -> Result<()> {
    let mut read = 0;
    let mut found = 0;
    for path in files::under(&workspace.root, "")? {
        // What is not UTF-8 is a picture.
        let Ok(text) = std::fs::read_to_string(workspace.root.join(&path)) else {
            continue;
        };
        read += 1;
        let mut findings = rules::check(&path, &text);
        findings.extend(imports::check(&path, &text));
        let file = |path: &str| std::fs::read_to_string(workspace.root.join(path)).ok();
        if path == citations::DOCUMENT {
            findings.extend(citations::check(&text, file));
            findings.extend(asvs::check(&text));
        }
        if path == figures::DOCUMENT {
            findings.extend(citations::check(&text, file));
            findings.extend(figures::check(&text, file));
            let lock = file(cryptography::LOCK).unwrap_or_default();
            findings.extend(cryptography::check(&text, &lock));
        }
        for Finding { line, message } in findings {
            println!("{path}:{line}: {message}");
            found += 1;
        }
    }
    if found > 0 {
        bail!("tidy: {found} findings");
    }
    println!(
        "tidy   {read} files, {} rules, nothing to say",
        rules::RULES.len() + 5
    );
    Ok(())
}

/// What is found, as tests compare it.
#[cfg(test)]
fn messages(found: Vec<Finding>) -> Vec<(usize, &'static str)> {
    let parts = |finding: Finding| (finding.line, finding.message);
    found.into_iter().map(parts).collect()
}
