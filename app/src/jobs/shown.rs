//! Which rows of a job its page shows: filters in the address, and where the page begins.

use backend::Job;
use backend::jobs::RowFilter;
use domain::{Cause, Failure, Field, FieldProblem, JobState, Problem, RowState, Verdict};

use crate::paths;

/// What the address of a job's page asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub filter: RowFilter,
    /// The row after which the page begins.
    pub after: u64,
}

impl Shown {
    /// Reads an address; what cannot be read is a problem.
    pub fn read(query: impl Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let mut problems = Vec::new();
        let shown = Self {
            filter: RowFilter {
                verdict: parsed(&query, Field::Verdict, &mut problems),
                state: parsed(&query, Field::Outcome, &mut problems),
            },
            after: parsed(&query, Field::After, &mut problems).unwrap_or_default(),
        };
        if problems.is_empty() {
            return Ok(shown);
        }
        Err(Cause::Invalid(problems).into())
    }

    /// The values of the address.
    pub fn pairs(self) -> [(&'static str, String); 3] {
        let RowFilter { verdict, state } = self.filter;
        let name = |name: Option<&str>| name.unwrap_or_default().to_owned();
        let after = match self.after {
            0 => String::new(),
            after => after.to_string(),
        };
        [
            (Field::Verdict.name(), name(verdict.map(Verdict::name))),
            (Field::Outcome.name(), name(state.map(RowState::name))),
            (Field::After.name(), after),
        ]
    }

    /// The address of the page of a job that shows this.
    pub fn path(self, job: &Job) -> String {
        self.on(&paths::job(&job.id))
    }

    /// The address of the file that has this.
    pub fn file(self, job: &Job) -> String {
        let whole = Self { after: 0, ..self };
        whole.on(&format!("{}/results.csv", paths::job(&job.id)))
    }

    fn on(self, path: &str) -> String {
        let pairs = self.pairs();
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        paths::with_query(path, &pairs)
    }

    /// The same filter on another page.
    pub const fn after(self, after: u64) -> Self {
        Self { after, ..self }
    }

    /// Rows with one outcome.
    pub fn outcome(state: RowState) -> Self {
        let filter = RowFilter {
            state: Some(state),
            verdict: None,
        };
        Self { filter, after: 0 }
    }

    /// Rows of which the plan says the same.
    pub fn verdict(verdict: Verdict) -> Self {
        let filter = RowFilter {
            verdict: Some(verdict),
            state: None,
        };
        Self { filter, after: 0 }
    }

    /// Whether any row may be left out.
    pub fn is_filtered(self) -> bool {
        self.filter != RowFilter::default()
    }
}

fn parsed<T: std::str::FromStr>(
    query: impl Fn(&str) -> Option<String>,
    field: Field,
    problems: &mut Vec<FieldProblem>,
) -> Option<T> {
    let text = query(field.name()).filter(|text| !text.is_empty())?;
    let parsed = text.parse().ok();
    if parsed.is_none() {
        let problem = Problem::NotAChoice;
        problems.push(FieldProblem { field, problem });
    }
    parsed
}

/// Whether the page of a job shows its plan, which nobody ran yet.
pub(super) const fn is_plan(job: &Job) -> bool {
    matches!(job.state, JobState::Planning | JobState::Planned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Shown, Failure> {
        Shown::read(|wanted| {
            let found = pairs.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_address_is_read_and_written_back() {
        let shown = read(&[("outcome", "failed"), ("after", "50"), ("verdict", "")]).unwrap();
        assert_eq!(shown, Shown::outcome(RowState::Failed).after(50));
        assert_eq!(shown.on("/x"), "/x?outcome=failed&after=50");
        assert_eq!(Shown::default().on("/x"), "/x");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let failure = read(&[("outcome", "maybe"), ("after", "-1")]).unwrap_err();
        let fields: Vec<_> = failure.field_problems().iter().map(|of| of.field).collect();
        assert_eq!(fields, [Field::Outcome, Field::After]);
    }
}
