//! The requirements that docs/SECURITY.md has to answer: ASVS 5.0.0, levels 1 and 2.
//!
//! Only their ids, since the text of the standard has a licence of its own. A level begins at 1 in
//! each section, so that a section is its name and how many there are.

use std::collections::BTreeMap;

use super::Finding;

/// Sections, and how many of their requirements are of level 1 or 2. 253 together.
#[rustfmt::skip]
const SECTIONS: &[(&str, u8)] = &[
    ("V1.1", 2), ("V1.2", 9), ("V1.3", 11), ("V1.4", 3), ("V1.5", 2),
    ("V2.1", 3), ("V2.2", 3), ("V2.3", 4), ("V2.4", 1),
    ("V3.2", 2), ("V3.3", 4), ("V3.4", 6), ("V3.5", 5), ("V3.7", 2),
    ("V4.1", 3), ("V4.2", 1), ("V4.3", 2), ("V4.4", 4),
    ("V5.1", 1), ("V5.2", 3), ("V5.3", 2), ("V5.4", 3),
    ("V6.1", 3), ("V6.2", 12), ("V6.3", 4), ("V6.4", 4), ("V6.5", 5), ("V6.6", 3), ("V6.8", 4),
    ("V7.1", 3), ("V7.2", 4), ("V7.3", 2), ("V7.4", 5), ("V7.5", 2), ("V7.6", 2),
    ("V8.1", 2), ("V8.2", 3), ("V8.3", 1), ("V8.4", 1),
    ("V9.1", 3), ("V9.2", 4),
    ("V10.1", 2), ("V10.2", 2), ("V10.3", 4), ("V10.4", 11), ("V10.5", 5), ("V10.6", 2), ("V10.7", 3),
    ("V11.1", 2), ("V11.2", 3), ("V11.3", 3), ("V11.4", 4), ("V11.5", 1), ("V11.6", 1),
    ("V12.1", 3), ("V12.2", 2), ("V12.3", 4),
    ("V13.1", 1), ("V13.2", 5), ("V13.3", 2), ("V13.4", 5),
    ("V14.1", 2), ("V14.2", 4), ("V14.3", 3),
    ("V15.1", 3), ("V15.2", 3), ("V15.3", 7),
    ("V16.1", 1), ("V16.2", 5), ("V16.3", 4), ("V16.4", 3), ("V16.5", 3),
    ("V17.1", 1), ("V17.2", 4), ("V17.3", 2),
];

/// What may stand beside a requirement.
const ANSWERS: &[&str] = &["met", "partly", "not met", "yours", "n/a"];

/// Reports what is answered by none of these words, twice or needlessly, and what is missing.
pub fn check(document: &str) -> Vec<Finding> {
    let mut answered = BTreeMap::new();
    let mut findings = Vec::new();
    let mut report = |line, message| findings.push(Finding { line, message });
    for (index, line) in document.lines().enumerate() {
        let Some((id, answer)) = row(line) else {
            continue;
        };
        if !ANSWERS.contains(&answer) {
            report(
                index + 1,
                "a requirement is met, partly, not met, yours or n/a",
            );
        }
        if answered.insert(id.to_owned(), index + 1).is_some() {
            report(index + 1, "this requirement is answered twice");
        }
    }
    for (section, count) in SECTIONS {
        for number in 1..=*count {
            if answered.remove(&format!("{section}.{number}")).is_none() {
                let end = document.lines().count();
                report(end, "a requirement of ASVS 5.0, level 1 or 2, is missing");
            }
        }
    }
    for line in answered.into_values() {
        report(line, "there is no such requirement of level 1 or 2");
    }
    findings
}

/// The id and the answer of a row like `| V1.2.3 | met | …`.
fn row(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let id = cells.next().filter(|id| id.starts_with('V'))?;
    Some((id, cells.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document with every requirement, in lines that can be told by their number.
    fn whole() -> Vec<String> {
        let ids = SECTIONS
            .iter()
            .flat_map(|(section, count)| (1..=*count).map(move |at| format!("{section}.{at}")));
        ids.map(|id| format!("| {id} | met | so | `a/b.rs::c` |"))
            .collect()
    }

    fn messages(lines: &[String]) -> Vec<(usize, &'static str)> {
        let found = check(&lines.join("\n"));
        found
            .into_iter()
            .map(|finding| (finding.line, finding.message))
            .collect()
    }

    #[test]
    fn there_are_253() {
        assert_eq!(whole().len(), 253);
        assert_eq!(messages(&whole()), []);
    }

    #[test]
    fn a_requirement_that_is_missing_or_twice_is_found() {
        let mut lines = whole();
        let gone = lines.remove(10);
        let missing = "a requirement of ASVS 5.0, level 1 or 2, is missing";
        assert_eq!(messages(&lines), [(252, missing)], "{gone}");

        lines.insert(10, gone.clone());
        lines.push(gone);
        assert_eq!(
            messages(&lines),
            [(254, "this requirement is answered twice")]
        );
    }

    #[test]
    fn a_requirement_that_is_none_or_has_no_answer_is_found() {
        let mut lines = whole();
        lines.push("| V1.2.10 | met | so | |".to_owned());
        lines.push("| V1.1.1x | met | so | |".to_owned());
        let none = "there is no such requirement of level 1 or 2";
        assert_eq!(messages(&lines), [(255, none), (254, none)]);

        let mut lines = whole();
        lines[3] = lines[3].replace("| met |", "| |");
        assert_eq!(
            messages(&lines),
            [(4, "a requirement is met, partly, not met, yours or n/a")]
        );
    }
}
