//! The requirements that docs/SECURITY.md has to answer: ASVS 5.0.0, every level.
//!
//! Only their ids, since the text of the standard has a licence of its own. A section is its name and
//! how many there are: its requirements begin at 1, and those of level 3 come last.

use std::collections::BTreeMap;

use super::Finding;

/// Sections: how many of their requirements are of level 1 or 2, and of any level. 345 together.
#[rustfmt::skip]
const SECTIONS: &[(&str, u8, u8)] = &[
    ("V1.1", 2, 2), ("V1.2", 9, 10), ("V1.3", 11, 12), ("V1.4", 3, 3), ("V1.5", 2, 3),
    ("V2.1", 3, 3), ("V2.2", 3, 3), ("V2.3", 4, 5), ("V2.4", 1, 2),
    ("V3.1", 0, 1), ("V3.2", 2, 3), ("V3.3", 4, 5), ("V3.4", 6, 8), ("V3.5", 5, 8), ("V3.6", 0, 1),
    ("V3.7", 2, 5),
    ("V4.1", 3, 5), ("V4.2", 1, 5), ("V4.3", 2, 2), ("V4.4", 4, 4),
    ("V5.1", 1, 1), ("V5.2", 3, 6), ("V5.3", 2, 3), ("V5.4", 3, 3),
    ("V6.1", 3, 3), ("V6.2", 12, 12), ("V6.3", 4, 8), ("V6.4", 4, 6), ("V6.5", 5, 8), ("V6.6", 3, 4),
    ("V6.7", 0, 2), ("V6.8", 4, 4),
    ("V7.1", 3, 3), ("V7.2", 4, 4), ("V7.3", 2, 2), ("V7.4", 5, 5), ("V7.5", 2, 3), ("V7.6", 2, 2),
    ("V8.1", 2, 4), ("V8.2", 3, 4), ("V8.3", 1, 3), ("V8.4", 1, 2),
    ("V9.1", 3, 3), ("V9.2", 4, 4),
    ("V10.1", 2, 2), ("V10.2", 2, 3), ("V10.3", 4, 5), ("V10.4", 11, 16), ("V10.5", 5, 5), ("V10.6", 2, 2),
    ("V10.7", 3, 3),
    ("V11.1", 2, 4), ("V11.2", 3, 5), ("V11.3", 3, 5), ("V11.4", 4, 4), ("V11.5", 1, 2), ("V11.6", 1, 2),
    ("V11.7", 0, 2),
    ("V12.1", 3, 5), ("V12.2", 2, 2), ("V12.3", 4, 5),
    ("V13.1", 1, 4), ("V13.2", 5, 6), ("V13.3", 2, 4), ("V13.4", 5, 7),
    ("V14.1", 2, 2), ("V14.2", 4, 8), ("V14.3", 3, 3),
    ("V15.1", 3, 5), ("V15.2", 3, 5), ("V15.3", 7, 7), ("V15.4", 0, 4),
    ("V16.1", 1, 1), ("V16.2", 5, 5), ("V16.3", 4, 4), ("V16.4", 3, 3), ("V16.5", 3, 4),
    ("V17.1", 1, 2), ("V17.2", 4, 8), ("V17.3", 2, 2),
];

/// What may stand beside a requirement.
const ANSWERS: &[&str] = &["met", "partly", "not met", "yours", "n/a"];

/// What the rows with the counts of a level begin with.
const COUNTS: [&str; 2] = ["| levels 1 and 2 |", "| level 3 |"];

/// Reports a requirement that is missing, is answered twice or by none of these words, or does not
/// exist; and counts of answers that differ from the rows.
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
        if answered
            .insert(id.to_owned(), (index + 1, answer))
            .is_some()
        {
            report(index + 1, "this requirement is answered twice");
        }
    }
    let mut levels = [Vec::new(), Vec::new()];
    for (section, low, all) in SECTIONS {
        for number in 1..=*all {
            if let Some((_, answer)) = answered.remove(&format!("{section}.{number}")) {
                levels[usize::from(number > *low)].push(answer);
            } else {
                let end = document.lines().count();
                report(end, "a requirement of ASVS 5.0 is missing");
            }
        }
    }
    for (line, _) in answered.into_values() {
        report(line, "there is no such requirement");
    }
    for (index, line) in document.lines().enumerate() {
        for (start, answers) in COUNTS.iter().zip(&levels) {
            if line
                .strip_prefix(start)
                .is_some_and(|told| !is_of(told, answers))
            {
                report(index + 1, "the answers of this level are others");
            }
        }
    }
    findings
}

/// Whether the rest of a row has the counts of these answers, in the order of [`ANSWERS`].
fn is_of(told: &str, answers: &[&str]) -> bool {
    let count = |answer: &&str| answers.iter().filter(|found| *found == answer).count();
    let told = told.trim().trim_end_matches('|').split('|');
    let counts = ANSWERS.iter().map(count);
    counts
        .map(|count| count.to_string())
        .eq(told.map(|cell| cell.trim().to_owned()))
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
            .flat_map(|(section, _, all)| (1..=*all).map(move |at| format!("{section}.{at}")));
        ids.map(|id| format!("| {id} | met | so | `a/b.rs::c` |"))
            .collect()
    }

    fn messages(lines: &[String]) -> Vec<(usize, &'static str)> {
        crate::tidy::messages(check(&lines.join("\n")))
    }

    #[test]
    fn there_are_345_of_which_92_are_of_level_3() {
        assert_eq!(whole().len(), 345);
        let high: u32 = SECTIONS
            .iter()
            .map(|(_, low, all)| u32::from(all - low))
            .sum();
        assert_eq!(high, 92);
        assert_eq!(messages(&whole()), []);
    }

    #[test]
    fn a_requirement_that_is_missing_or_twice_is_found() {
        let mut lines = whole();
        let gone = lines.remove(10);
        let missing = "a requirement of ASVS 5.0 is missing";
        assert_eq!(messages(&lines), [(344, missing)], "{gone}");

        lines.insert(10, gone.clone());
        lines.push(gone);
        assert_eq!(
            messages(&lines),
            [(346, "this requirement is answered twice")]
        );
    }

    #[test]
    fn a_requirement_that_is_none_or_has_no_answer_is_found() {
        let mut lines = whole();
        lines.push("| V1.2.11 | met | so | |".to_owned());
        lines.push("| V1.1.1x | met | so | |".to_owned());
        let none = "there is no such requirement";
        assert_eq!(messages(&lines), [(347, none), (346, none)]);

        let mut lines = whole();
        lines[3] = lines[3].replace("| met |", "| |");
        assert_eq!(
            messages(&lines),
            [(4, "a requirement is met, partly, not met, yours or n/a")]
        );
    }

    #[test]
    fn counts_of_answers_are_those_of_the_rows() {
        let mut lines = whole();
        // Of levels 1 and 2, and of level 3.
        for (id, answer) in [("V1.1.1", "yours"), ("V1.2.10", "not met")] {
            let row = lines
                .iter_mut()
                .find(|line| line.contains(&format!(" {id} ")));
            let row = row.unwrap();
            *row = row.replace("| met |", &format!("| {answer} |"));
        }
        let (low, high) = (
            "| levels 1 and 2 | 252 | 0 | 0 | 1 | 0 |",
            "| level 3 | 91 | 0 | 1 | 0 | 0 |",
        );
        lines.extend([low.to_owned(), high.to_owned()]);
        assert_eq!(messages(&lines), []);

        let end = lines.len();
        lines[end - 2] = low.replace("252", "253");
        lines[end - 1] = high.replace("| 0 |", "|");
        let others = "the answers of this level are others";
        assert_eq!(messages(&lines), [(end - 1, others), (end, others)]);
    }
}
