//! What the README says of every operation: its table and its IAM policy are written by the code.
//!
//! `cargo xtask generate` runs the tests that write, of these and of `access`. Otherwise they compare.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use app::operations::table;
use domain::Operation;
use serde_json::Value;

/// Whether what is generated is to be written.
pub fn is_written() -> bool {
    std::env::var_os("CARILLON_GENERATE").is_some()
}

/// Read when the tests run: otherwise they would be compiled anew after each change of it.
fn readme() -> String {
    fs::read_to_string(path()).unwrap()
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")
}

/// A document with another text between the two comments of this name.
fn replaced(document: &str, name: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let (above, rest) = document.split_once(&begin).unwrap();
    let (_, below) = rest.split_once(&end).unwrap();
    format!("{above}{begin}\n\n{}\n\n{end}{below}", text.trim_end())
}

/// What AWS has to allow. A list of actions is written in few lines, as a person would.
fn policy() -> String {
    let allowed = |writes: bool| {
        let operations = Operation::ALL.iter();
        operations
            .filter(move |operation| operation.effect().is_write() == writes)
            .map(|operation| operation.iam_action())
    };
    // Chime asks for it when an endpoint is registered.
    let writes = allowed(true).chain(["mobiletargeting:GetApp"]);
    format!(
        "```json\n{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{},\n{}\n  ]\n}}\n```",
        statement("Read", allowed(false)),
        statement("Write", writes)
    )
}

fn statement<'a>(name: &str, actions: impl Iterator<Item = &'a str>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for action in actions.map(|action| format!("\"{action}\"")) {
        let longer = lines.last().map(|last| format!("{last}, {action}"));
        match longer.filter(|line| line.len() < 92) {
            Some(line) => *lines.last_mut().unwrap() = line,
            None => lines.push(action),
        }
    }
    format!(
        "    {{\n      \"Sid\": \"{name}\",\n      \"Effect\": \"Allow\",\n      \"Action\": [\n        \
         {}\n      ],\n      \"Resource\": \"*\"\n    }}",
        lines.join(",\n        ")
    )
}

#[test]
fn the_readme_has_the_table_and_the_policy_of_the_code() {
    let found = readme();
    let expected = replaced(&found, "operations", &table());
    let expected = replaced(&expected, "policy", &policy());
    if is_written() && found != expected {
        fs::write(path(), expected).unwrap();
    } else {
        let has = |text: &str, line: &str| text.lines().any(|other| other == line);
        let missing: Vec<_> = expected.lines().filter(|line| !has(&found, line)).collect();
        let extra: Vec<_> = found.lines().filter(|line| !has(&expected, line)).collect();
        assert!(
            found == expected,
            "README.md is another than `cargo xtask generate` writes: it lacks {missing:#?} and has {extra:#?}"
        );
    }
}

#[test]
fn the_policy_of_the_readme_allows_every_operation_and_no_more() {
    let readme = readme();
    let (_, rest) = readme.split_once("```json\n").unwrap();
    let (policy, _) = rest.split_once("```").unwrap();
    let policy: Value = serde_json::from_str(policy).unwrap();
    let actions = |statement: &str| {
        let statements = policy["Statement"].as_array().unwrap().iter();
        let named = statements.filter(|found| found["Sid"] == statement);
        let actions = named.flat_map(|found| found["Action"].as_array().unwrap());
        let actions = actions.map(|action| action.as_str().unwrap().to_owned());
        actions.collect::<BTreeSet<_>>()
    };
    let needed = |writes: bool| {
        let wanted = Operation::ALL
            .iter()
            .filter(move |operation| operation.effect().is_write() == writes);
        wanted.map(|operation| operation.iam_action().to_owned())
    };

    let reads: BTreeSet<_> = needed(false).collect();
    let pinpoint = ["mobiletargeting:GetApp".to_owned()];
    let writes: BTreeSet<_> = needed(true).chain(pinpoint).collect();

    assert_eq!(actions("Read"), reads);
    assert_eq!(actions("Write"), writes);
}
