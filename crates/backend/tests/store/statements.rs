//! Every statement that changes something finds its rows by an index: a table that grows must not
//! make writes slower, of which SQLite makes one at a time.

use std::fs;
use std::path::Path;

use sqlx::Row as _;

use crate::database::Database;

/// Statements that read a whole table, and why that is no harm.
const WHOLE: &[(&str, &str)] = &[
    // Made anew at a start without an operator, and there is one row.
    ("DELETE FROM setup_tokens", "SCAN setup_tokens"),
];

/// How SQLite goes through the rows that a statement has in `VALUES (…) AS v`.
const VALUES: &str = "SCAN v";

/// The texts of a source file that are statements of this kind.
fn statements(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find('"') {
        rest = &rest[start + 1..];
        let mut text = String::new();
        let mut chars = rest.char_indices();
        let end = loop {
            match chars.next() {
                Some((at, '"')) => break at,
                Some((_, '\\')) => match chars.next() {
                    // A text that goes on in the next line, without what it is indented by.
                    Some((at, '\n')) => {
                        let tail = &rest[at + 1..];
                        let skipped = tail.len() - tail.trim_start().len();
                        chars = rest.char_indices();
                        chars
                            .by_ref()
                            .take_while(|(i, _)| *i < at + skipped)
                            .for_each(drop);
                    }
                    Some((_, other)) => text.push(other),
                    None => return found,
                },
                Some((_, other)) => text.push(other),
                None => return found,
            }
        };
        rest = &rest[end + 1..];
        let kinds = ["DELETE FROM ", "UPDATE ", "INSERT INTO "];
        if kinds.iter().any(|kind| text.starts_with(kind)) {
            found.push(text);
        }
    }
    found
}

fn of_folder(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            of_folder(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap();
            found.extend(statements(code));
        }
    }
}

#[tokio::test]
async fn no_write_reads_a_whole_table() {
    let database = Database::sqlite();
    let _backend = database.open().await;
    let raw = database.raw().await;
    let mut found = Vec::new();
    of_folder(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert!(found.len() > 30, "only {} statements", found.len());

    let mut whole = Vec::new();
    for statement in &found {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let plan = sqlx::query(explain).fetch_all(&raw).await;
        let plan = plan.unwrap_or_else(|error| panic!("{statement}: {error}"));
        for step in plan {
            let step: String = step.get("detail");
            let is_known = WHOLE.contains(&(statement.as_str(), step.as_str()));
            // What the statement brings along is no table.
            let is_its_own = step == VALUES || step.starts_with("SCAN CONSTANT ROW");
            if step.starts_with("SCAN ") && !is_its_own && !is_known {
                whole.push(format!("{statement}: {step}"));
            }
        }
    }

    assert!(whole.is_empty(), "{whole:#?}");
}

#[test]
fn a_statement_is_found_over_several_lines() {
    let source =
        "sqlx::query(\n  \"DELETE FROM a \\\n      WHERE b = 'c'\",\n) \"SELECT 1\" \"UPDATE x\"";
    assert_eq!(
        statements(source),
        ["DELETE FROM a WHERE b = 'c'", "UPDATE x"]
    );
}
