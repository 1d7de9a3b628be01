//! The figures that docs/limits.md gives are those of the code.
//!
//! Beside a figure stands where it comes from, between backticks: `path/to/file.rs: NAME = VALUE`.
//! That is a constant, a field or a call of that file, with this value, as it is written there.

use super::{Finding, between_backticks};

/// The document with the figures.
pub const DOCUMENT: &str = "docs/limits.md";

/// Reports every figure that the code does not have any more. `read` gives the text of a file of the
/// repository.
pub fn check(document: &str, read: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in document.lines().enumerate() {
        for Figure { path, name, value } in figures(line) {
            let message = match read(path) {
                None => "the file of a figure is not there",
                Some(file) if !has(&file, name, value) => "the code has another figure",
                Some(_) => continue,
            };
            findings.push(Finding {
                line: index + 1,
                message,
            });
        }
    }
    findings
}

struct Figure<'a> {
    path: &'a str,
    name: &'a str,
    value: &'a str,
}

fn figures(line: &str) -> impl Iterator<Item = Figure<'_>> {
    between_backticks(line).filter_map(|span| {
        let (path, rest) = span.split_once(": ")?;
        let (name, value) = rest.split_once(" = ")?;
        (path.rsplit_once('.')?.1 == "rs").then_some(Figure { path, name, value })
    })
}

/// Whether a file has a constant, a field or a call of this name with this value.
fn has(file: &str, name: &str, value: &str) -> bool {
    let is_it = |line: &str| {
        let code = line.split("//").next().unwrap_or_default().trim();
        let constant =
            code.contains(&format!("const {name}: ")) && code.ends_with(&format!(" = {value};"));
        let field = code == format!("{name}: {value},");
        constant || field || code.contains(&format!(".{name}({value})"))
    };
    file.lines().any(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "/// The most.\n\
        const CAPACITY: usize = 1000;\n\
        pub(super) const MOST: u64 = 8 * 1024; // bytes\n\
        const OLD: u8 = 1;\n\
        // const GONE: u8 = 2;\n\
        Self {\n    body: Duration::from_secs(30),\n}\n\
        .max_connections(8)\n";

    fn messages(text: &str) -> Vec<(usize, &'static str)> {
        let read = |path: &str| (path == "a/b.rs").then(|| FILE.to_owned());
        crate::tidy::messages(check(text, read))
    }

    #[test]
    fn a_constant_a_field_and_a_call_may_be_given() {
        for figure in [
            "CAPACITY = 1000",
            "MOST = 8 * 1024",
            "body = Duration::from_secs(30)",
            "max_connections = 8",
        ] {
            assert_eq!(messages(&format!("| so | `a/b.rs: {figure}` |")), []);
        }
    }

    #[test]
    fn a_figure_that_the_code_does_not_have_is_found() {
        for figure in [
            "CAPACITY = 100",
            "CAPACITY = 000",
            "APACITY = 1000",
            "GONE = 2",
            "body = Duration::from_secs(3)",
            "max_connections = 1",
        ] {
            let found = messages(&format!("so\n`a/b.rs: {figure}`"));
            assert_eq!(found, [(2, "the code has another figure")], "{figure}");
        }
        let found = messages("`a/c.rs: CAPACITY = 1000`");
        assert_eq!(found, [(1, "the file of a figure is not there")]);
    }

    #[test]
    fn other_words_between_backticks_are_none() {
        assert_eq!(
            messages("`a/b.rs`, `--x = 1`, `a.rs::b`, `sqlite: a = b`"),
            []
        );
    }
}
