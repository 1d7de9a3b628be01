//! The tests that docs/SECURITY.md names for what it promises.
//!
//! A citation stands between backticks: `path/to/file.rs::name_of_the_test`,
//! `path/to/file.py::name_of_the_test` or `path/to/file.spec.ts::words of its title`. Unlike the other
//! rules this one reads two files, since a promise whose test was renamed or deleted is nobody's.

use super::{Finding, between_backticks};

/// The document whose promises are held to.
pub const DOCUMENT: &str = "docs/SECURITY.md";

/// What separates the file from the test.
const SEPARATOR: &str = "::";

/// Files that hold tests, by what their names end with.
const EXTENSIONS: &[&str] = &["rs", "ts", "py"];

/// Reports every citation in a document whose file or test is not there. `read` gives the text of a file
/// of the repository.
pub fn check(document: &str, read: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in document.lines().enumerate() {
        for (path, test) in cited(line) {
            let message = match (read(path), test) {
                (None, _) => "the file of a cited test is not there",
                (Some(file), Some(test)) if !holds(path, &file, test) => {
                    "the cited test is not in its file"
                }
                _ => continue,
            };
            findings.push(Finding {
                line: index + 1,
                message,
            });
        }
    }
    findings
}

/// The files that a line cites, each with the test if one is named.
fn cited(line: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let parts = between_backticks(line).map(|span| match span.split_once(SEPARATOR) {
        Some((path, test)) => (path, Some(test)),
        None => (span, None),
    });
    parts.filter(|(path, _)| {
        let is_file = EXTENSIONS.contains(&extension(path));
        is_file && path.contains('/') && !path.contains(char::is_whitespace)
    })
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn holds(path: &str, file: &str, test: &str) -> bool {
    let mut lines = file.lines().map(str::trim_start);
    match extension(path) {
        _ if test.is_empty() => false,
        "rs" => lines.any(|line| is_function(line, &format!("fn {test}("))),
        "py" => lines.any(|line| is_function(line, &format!("def {test}("))),
        _ => lines.any(|line| {
            ["test(", "test.describe("]
                .iter()
                .any(|start| line.starts_with(start))
                && line.contains(test)
        }),
    }
}

/// Whether a line declares a function: `async` may stand before, but no comment.
fn is_function(line: &str, start: &str) -> bool {
    let before = line.find(start).map(|at| &line[..at]);
    before.is_some_and(|before| before.is_empty() || before.ends_with(' '))
        && !line.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> Option<String> {
        let text = match path {
            "server/tests/http/csrf.rs" => {
                "// fn a_comment() {}\n#[tokio::test]\nasync fn only_our_pages() {}\nfn helped() {}\n"
            }
            "end2end/contract/test_a.py" => "def test_that_it_holds(client):\n    pass\n",
            "end2end/journeys/both/unlock.spec.ts" => {
                "const words = 'no title';\n  test(`in ${where}, writes are locked`, async () => {\n"
            }
            _ => return None,
        };
        Some(text.to_owned())
    }

    fn messages(text: &str) -> Vec<(usize, &'static str)> {
        crate::tidy::messages(check(text, read))
    }

    #[test]
    fn a_test_that_is_there_may_be_cited() {
        for cited in [
            "server/tests/http/csrf.rs::only_our_pages",
            "end2end/contract/test_a.py::test_that_it_holds",
            "end2end/journeys/both/unlock.spec.ts::writes are locked",
            "end2end/journeys/both/unlock.spec.ts",
            "server/tests/http/csrf.rs",
        ] {
            assert_eq!(messages(&format!("| S3 | no | `{cited}` |")), [], "{cited}");
        }
    }

    #[test]
    fn a_test_that_is_not_there_is_found() {
        for cited in [
            "server/tests/http/csrf.rs::only_our",
            "server/tests/http/csrf.rs::our_pages",
            "server/tests/http/csrf.rs::a_comment",
            "server/tests/http/csrf.rs::",
            "end2end/contract/test_a.py::test_that_it",
            "end2end/journeys/both/unlock.spec.ts::writes are open",
            "end2end/journeys/both/unlock.spec.ts::no title",
        ] {
            let found = messages(&format!("promise\n`x`, `{cited}` and more"));
            assert_eq!(found, [(2, "the cited test is not in its file")], "{cited}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_found_each_time() {
        let found = messages("`server/tests/http/gone.rs::a`, `server/tests/http/gone.rs`");

        let message = "the file of a cited test is not there";
        assert_eq!(found, [(1, message), (1, message)]);
    }

    #[test]
    fn other_words_between_backticks_are_none() {
        let text = "`Backend::call`, `cargo test -p server a/b.rs`, `*.rs`, `/api/x`, a/b.rs::c";

        assert_eq!(messages(text), []);
    }
}
