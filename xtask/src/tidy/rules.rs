//! The rules themselves.
//!
//! They read lines, not syntax: a rule must be easy to understand and cheap to run, and a line
//! that deceives it is a line to write differently.

use super::Finding;

/// A rule: looks at one file and reports what breaks it.
type Rule = fn(&SourceFile) -> Vec<Finding>;

/// All rules.
pub const RULES: &[Rule] = &[
    features_on_modules_only,
    text_areas_through_component,
    no_inline_styles,
    spans_name_their_fields,
    nothing_unfinished,
    files_stay_short,
    modules_explain_themselves,
    no_paths_of_one_machine,
    no_test_left_out,
    no_riddles,
    prose_names_people,
];

/// Words that people stumbled over when they read the pages aloud. Each was said more plainly.
const RIDDLES: &[&str] = &[
    "\"From AWS",
    "Everything done to",
    "If it stays",
    "Signed in nowhere",
    "Tick what is",
    "What a line can be",
    "any more, right or wrong",
    "holds no session any more",
    "is told here",
    "leads here\"",
    "read anew",
    "stays that.",
    "take a filter away",
    "trip over it",
];

/// The most lines of a file: a longer one holds more than one thing.
const MOST_LINES: usize = 400;

/// One file, its path relative to the root with `/` between folders.
pub struct SourceFile<'a> {
    path: &'a str,
    text: &'a str,
}

/// Applies every rule to a file.
pub fn check(path: &str, text: &str) -> Vec<Finding> {
    let file = SourceFile { path, text };
    RULES.iter().flat_map(|rule| rule(&file)).collect()
}

impl SourceFile<'_> {
    fn is_rust(&self) -> bool {
        self.has_extension(&["rs"])
    }

    fn is_in_app(&self) -> bool {
        self.is_rust() && self.path.starts_with("app/src/")
    }

    /// Integration tests, which are stories rather than modules.
    fn is_in_tests(&self) -> bool {
        self.path.split('/').any(|folder| folder == "tests")
    }

    /// These rules spell out what they forbid.
    fn is_tidy(&self) -> bool {
        self.path.starts_with("xtask/src/tidy/")
    }

    fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, found)| extensions.contains(&found))
    }

    /// The lines that a predicate picks, as findings.
    fn lines_where(&self, message: &'static str, picks: impl Fn(&str) -> bool) -> Vec<Finding> {
        let lines = self.text.lines().enumerate();
        lines
            .filter(|(_, line)| picks(line))
            .map(|(index, _)| Finding {
                line: index + 1,
                message,
            })
            .collect()
    }
}

/// Pages are one text for server and browser (invariant 8). A `cfg` inside a function would make
/// two programs of it that nobody reads together.
fn features_on_modules_only(file: &SourceFile) -> Vec<Finding> {
    if !file.is_in_app() {
        return Vec::new();
    }
    let lines: Vec<&str> = file.text.lines().collect();
    let mut findings = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim_start();
        if !line.contains("cfg") || !line.contains("feature = \"") || line.starts_with("//") {
            continue;
        }
        let item = lines[index + 1..]
            .iter()
            .map(|next| next.trim_start())
            .find(|next| !next.is_empty() && !next.starts_with("#[") && !next.starts_with("//"));
        let is_on_module = line.starts_with("#[cfg(")
            && item.is_some_and(|item| {
                ["mod ", "pub mod ", "pub(crate) mod "]
                    .iter()
                    .any(|start| item.starts_with(start))
            });
        let is_test_module = line == "#[cfg(all(test, feature = \"ssr\"))]";
        if !(is_on_module && (file.path == "app/src/lib.rs" || is_test_module)) {
            findings.push(Finding {
                line: index + 1,
                message: "features are chosen on `mod` lines of app/src/lib.rs only",
            });
        }
    }
    findings
}

/// Leptos 0.8 does not escape the content of a `<textarea>` on the server; `TextArea` does.
fn text_areas_through_component(file: &SourceFile) -> Vec<Finding> {
    let is_component = file.path.starts_with("app/src/ui/") || file.path.ends_with("/text_area.rs");
    if !file.is_in_app() || is_component {
        return Vec::new();
    }
    file.lines_where(
        "use TextArea: the raw element does not escape its content",
        |line| line.contains("<textarea") && !line.trim_start().starts_with("//"),
    )
}

/// The content security policy refuses them, silently.
fn no_inline_styles(file: &SourceFile) -> Vec<Finding> {
    if !file.is_in_app() {
        return Vec::new();
    }
    file.lines_where(
        "no inline styles: the page's policy refuses them; use a class",
        |line| {
            let line = line.trim_start();
            ["style=", " style:"].iter().any(|attribute| {
                line.match_indices(attribute).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let after = line[at + attribute.len()..].chars().next();
                    let starts_here = before.is_none_or(|c| c.is_whitespace() || c == '<');
                    match *attribute {
                        "style=" => starts_here,
                        // `style: Style` is a field; `style:width=…` is the attribute.
                        _ => line.contains('<') && after.is_some_and(char::is_alphabetic),
                    }
                })
            })
        },
    )
}

/// A bare `#[instrument]` writes every argument to the log, passwords among them.
fn spans_name_their_fields(file: &SourceFile) -> Vec<Finding> {
    if !file.is_rust() || file.is_tidy() {
        return Vec::new();
    }
    let lines: Vec<&str> = file.text.lines().collect();
    let mut findings = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim_start();
        if !["#[instrument", "#[tracing::instrument"]
            .iter()
            .any(|start| line.starts_with(start))
        {
            continue;
        }
        let attribute: Vec<&str> = lines[index..]
            .iter()
            .scan(false, |ended, line| {
                if *ended {
                    return None;
                }
                *ended = line.trim_end().ends_with(']');
                Some(*line)
            })
            .collect();
        if !attribute.concat().contains("skip_all") {
            findings.push(Finding {
                line: index + 1,
                message: "#[instrument] records every argument: use #[instrument(skip_all, …)]",
            });
        }
    }
    findings
}

/// What is not finished is an issue, not a line.
fn nothing_unfinished(file: &SourceFile) -> Vec<Finding> {
    if !file.has_extension(&["rs", "ts", "js", "mjs", "py", "css", "sql", "toml"]) || file.is_tidy()
    {
        return Vec::new();
    }
    file.lines_where("unfinished: finish it or open an issue", |line| {
        ["todo!(", "unimplemented!(", "FIXME"]
            .iter()
            .any(|sign| line.contains(sign))
    })
}

fn files_stay_short(file: &SourceFile) -> Vec<Finding> {
    if !file.is_rust() || file.is_in_tests() || file.text.lines().count() <= MOST_LINES {
        return Vec::new();
    }
    vec![Finding {
        line: MOST_LINES + 1,
        message: "over 400 lines: split it by what it holds",
    }]
}

fn modules_explain_themselves(file: &SourceFile) -> Vec<Finding> {
    if !file.is_rust() || file.is_in_tests() || file.text.starts_with("//!") {
        return Vec::new();
    }
    vec![Finding {
        line: 1,
        message: "a file starts with `//!`: what it is and what it leaves out",
    }]
}

/// They work for one person.
fn no_paths_of_one_machine(file: &SourceFile) -> Vec<Finding> {
    if file.is_tidy() {
        return Vec::new();
    }
    file.lines_where("an absolute path of one machine", |line| {
        ["/root/", "/work/"].iter().any(|folder| {
            line.match_indices(folder).any(|(at, _)| {
                // Not the middle of a longer path or of an address.
                line[..at].chars().next_back().is_none_or(|before| {
                    !(before.is_alphanumeric() || ['.', '-', '_', '}', '*', '~'].contains(&before))
                })
            })
        })
    })
}

/// A test that does not run proves nothing and looks as if it did.
fn no_test_left_out(file: &SourceFile) -> Vec<Finding> {
    if file.is_tidy() {
        return Vec::new();
    }
    let signs: &[&str] = if file.is_rust() {
        &["#[ignore"]
    } else if file.has_extension(&["ts", "js", "mjs"]) {
        &[".skip(", ".fixme(", ".only("]
    } else if file.has_extension(&["py", "ini", "cfg", "toml"]) {
        &["xfail", "mark.skip", "pytest.skip", "importorskip"]
    } else {
        &[]
    };
    file.lines_where("no test is left out: repair it or delete it", |line| {
        signs.iter().any(|sign| line.contains(sign))
    })
}

/// Pages speak plainly: the subject first, no "it" that could be anything.
fn no_riddles(file: &SourceFile) -> Vec<Finding> {
    let has_text_of_pages = file.is_in_app() || file.path.starts_with("crates/domain/src/");
    if !has_text_of_pages {
        return Vec::new();
    }
    file.lines_where(
        "reads oddly aloud: say it plainly, the subject first",
        |line| {
            let is_comment = line.trim_start().starts_with("//");
            !is_comment && RIDDLES.iter().any(|words| line.contains(words))
        },
    )
}

/// A sentence about `whoever` makes its reader look for the person: comments and documents name
/// them. What pages, programs and tests write is not looked at.
fn prose_names_people(file: &SourceFile) -> Vec<Finding> {
    let is_document = file.has_extension(&["md"]);
    if !is_document && !file.is_rust() {
        return Vec::new();
    }
    file.lines_where(
        "name the person: `anyone who …`, `an operator who …`, not `whoever`",
        |line| {
            let is_prose = is_document || line.trim_start().starts_with("//");
            // What stands between two backticks is code: every second part.
            is_prose && line.split('`').step_by(2).any(has_whoever)
        },
    )
}

/// Whether a text has the word by itself; as a part of an identifier it is none.
fn has_whoever(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word.eq_ignore_ascii_case("whoever"))
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
