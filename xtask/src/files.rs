//! The files of the clone that people wrote: what tidy reads and what a build depends on.

use std::path::Path;

use anyhow::{Context, Result};

/// Folders that hold output, wherever they stand. The list follows `.gitignore`.
const OUTPUT: &[&str] = &[
    ".git",
    ".venv",
    "__pycache__",
    "data",
    "node_modules",
    "playwright-report",
    "target",
    "test-results",
];

/// The paths of all files under a folder of the root, relative to the root, sorted, with `/`.
///
/// A folder that does not exist has no files; a path that is a file yields itself.
pub fn under(root: &Path, start: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut waiting = vec![start.to_owned()];
    while let Some(path) = waiting.pop() {
        let absolute = root.join(&path);
        if absolute.is_file() {
            found.push(path);
        } else if absolute.is_dir() {
            let entries = std::fs::read_dir(&absolute)
                .with_context(|| format!("cannot read {}", absolute.display()))?;
            for entry in entries {
                let name = entry?.file_name().to_string_lossy().into_owned();
                if !OUTPUT.contains(&name.as_str()) {
                    waiting.push(if path.is_empty() {
                        name
                    } else {
                        format!("{path}/{name}")
                    });
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_and_output_is_not() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");

        let files = under(&root, "").expect("the workspace can be read");

        assert!(files.contains(&"xtask/src/files.rs".to_owned()));
        assert!(
            !files
                .iter()
                .any(|file| file.starts_with("target/") || file.starts_with(".git/"))
        );
    }

    #[test]
    fn a_folder_that_does_not_exist_has_no_files() {
        assert_eq!(
            under(Path::new("."), "no/such/folder").expect("not an error"),
            [""; 0]
        );
    }
}
