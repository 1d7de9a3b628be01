//! What a walk found, as Markdown for people and as JSON for programs.
//!
//! No ids, ARNs, names, account numbers or messages of a service are in either, so that a report can be given away.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::compare::Difference;

/// What became of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The operation, or `-` where none is meant.
    pub operation: &'static str,
    /// What the step tries of the operation.
    pub tries: &'static str,
    /// The service's answer: status and exception.
    pub answer: String,
    /// The differences from the emulator's answer; empty when both are alike.
    pub differences: Vec<Difference>,
}

/// What became of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub(crate) region: String,
    pub(crate) planned: usize,
    pub(crate) calls: usize,
    pub(crate) with_lex_bot: bool,
    pub(crate) with_pinpoint: bool,
    pub(crate) findings: Vec<Finding>,
    pub(crate) left: Vec<String>,
}

impl Outcome {
    /// Every step that was taken.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What could not be removed, with its ARN: for the person who ran the walk. It stands in no
    /// report.
    pub fn left(&self) -> &[String] {
        &self.left
    }

    /// How many calls the service got.
    pub fn calls(&self) -> usize {
        self.calls
    }

    /// How many steps the emulator answered differently.
    pub fn different(&self) -> usize {
        let steps = self.findings.iter();
        steps.filter(|step| !step.differences.is_empty()).count()
    }

    /// Whether every step was taken, so that the walk was not cut short.
    pub fn is_whole(&self) -> bool {
        self.findings.len() == self.planned
    }

    /// The summary in one sentence.
    pub fn summary(&self) -> String {
        let (taken, planned) = (self.findings.len(), self.planned);
        let different = match self.different() {
            0 => "none of them was answered otherwise than by the emulator".to_owned(),
            1 => "1 of them was answered otherwise than by the emulator".to_owned(),
            some => format!("{some} of them were answered otherwise than by the emulator"),
        };
        let calls = self.calls;
        format!("{taken} of {planned} steps were taken in {calls} calls; {different}.")
    }

    /// The report as Markdown, for people.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        let version = env!("CARGO_PKG_VERSION");
        let made_up = |given| if given { "one that exists" } else { "made up" };
        let _ = write!(
            text,
            "# A service compared with the emulator of Carillon\n\n{}\n\n\
             - Region: {}\n- Carillon: {version}\n- Lex bot: {}\n- Pinpoint application: {}\n\
             - Left behind: {}\n\n## What differs\n\n",
            self.summary(),
            self.region,
            made_up(self.with_lex_bot),
            made_up(self.with_pinpoint),
            self.left.len(),
        );
        if self.different() == 0 {
            text.push_str("Nothing.\n");
        }
        for step in self
            .findings
            .iter()
            .filter(|step| !step.differences.is_empty())
        {
            let _ = writeln!(text, "- **{}**, {}:", step.operation, step.tries);
            for difference in &step.differences {
                let _ = writeln!(text, "  - {difference}");
            }
        }
        text.push_str("\n## Every step\n\n| operation | what was tried | answer | as the emulator |\n|---|---|---|---|\n");
        for step in &self.findings {
            let equal = if step.differences.is_empty() {
                "yes"
            } else {
                "no"
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {equal} |",
                step.operation, step.tries, step.answer
            );
        }
        text
    }

    /// The report as JSON, for programs.
    pub fn json(&self) -> Value {
        let steps = self.findings.iter().map(|step| {
            let differences = step.differences.iter().map(ToString::to_string);
            json!({
                "operation": step.operation,
                "tries": step.tries,
                "answer": step.answer,
                "differences": differences.collect::<Vec<_>>(),
            })
        });
        json!({
            "carillon": env!("CARGO_PKG_VERSION"),
            "region": self.region,
            "steps_planned": self.planned,
            "calls": self.calls,
            "lex_bot_exists": self.with_lex_bot,
            "pinpoint_application_exists": self.with_pinpoint,
            "left_behind": self.left.len(),
            "steps": steps.collect::<Vec<_>>(),
        })
    }
}
