//! The calls of a walk, in order: all 30 operations, and what is asked of them that nobody has documented.
//!
//! A step is a request, made of what is known so far, and what to learn from its answer. How the
//! answers of two services differ is decided elsewhere.

mod errors;
mod instances;
mod members;

use crate::known::Known;
use crate::request::Request;
use crate::service::Answer;

/// One call.
pub(crate) struct Step {
    /// The operation, or `-` where none is meant.
    pub(crate) operation: &'static str,
    /// What the step tries of the operation.
    pub(crate) tries: &'static str,
    pub(crate) request: fn(&Known) -> Request,
    /// Keeps what later requests need, and says what was seen beside the answer itself.
    pub(crate) learn: fn(&mut Known, &Answer) -> Option<&'static str>,
    /// Members that depend on the account and not on the service.
    pub(crate) ignored: &'static [&'static str],
}

impl Step {
    fn new(operation: &'static str, tries: &'static str, request: fn(&Known) -> Request) -> Self {
        Self {
            operation,
            tries,
            request,
            learn: |_, _| None,
            ignored: &[],
        }
    }

    fn learning(mut self, learn: fn(&mut Known, &Answer) -> Option<&'static str>) -> Self {
        self.learn = learn;
        self
    }

    fn ignoring(mut self, ignored: &'static [&'static str]) -> Self {
        self.ignored = ignored;
        self
    }
}

/// Every step, in the order of the walk.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps = instances::begin();
    steps.extend(instances::tags());
    steps.extend(members::users());
    steps.extend(members::admins());
    steps.extend(members::bots());
    steps.extend(members::endpoints());
    steps.extend(errors::steps());
    steps.extend(instances::end());
    steps
}

/// Whether an answer names the same thing as an earlier one.
fn same(before: &str, now: Option<&str>) -> Option<&'static str> {
    now.map(|now| {
        if now == before {
            "the same ARN"
        } else {
            "another ARN"
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::Operation;

    use super::*;

    #[test]
    fn every_operation_is_called() {
        let called: BTreeSet<&str> = steps().iter().map(|step| step.operation).collect();
        for operation in Operation::ALL {
            assert!(called.contains(operation.name()), "{}", operation.name());
        }
    }

    #[test]
    fn every_step_is_told_from_the_others() {
        let steps = steps();
        let names: BTreeSet<_> = steps
            .iter()
            .map(|step| (step.operation, step.tries))
            .collect();
        assert_eq!(names.len(), steps.len());
    }
}
