//! What goes wrong on purpose, and which call it hits. How it goes wrong is in `failing`.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::operation::Operation;

/// Something that goes wrong on purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The name of an operation, or `"*"`.
    pub operation: String,
    /// In which way it goes wrong.
    pub kind: FaultKind,
    /// The exception that an `error` answers with.
    #[serde(default = "service_unavailable")]
    pub code: String,
    /// The status of an `error`; the one that AWS gives the exception when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The chance that a matching call is hit.
    #[serde(default = "always")]
    pub probability: f64,
    /// How many more calls may be hit; no limit when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Whether only the first call with a client request token is hit, so that a try again gets through. Calls
    /// without a token are all first.
    #[serde(default)]
    pub first_only: bool,
    /// Whether the call takes effect before it fails. One whose answer is spoiled always does.
    #[serde(default)]
    pub after_commit: bool,
    /// Sent as `Retry-After` with an `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
    /// How long a `hang` lasts before the connection is reset; until somebody gives up when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u32>,
    /// How fast a `drip` comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_per_second: Option<NonZeroU32>,
}

/// The ways to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultKind {
    /// Answers with an exception.
    Error,
    /// Resets the TCP connection.
    Reset,
    /// Does not answer.
    Hang,
    /// Answers as a proxy does whose service is gone: 502 and a page of HTML.
    #[serde(rename = "html_502")]
    Html502,
    /// Sends the body of the answer slowly.
    Drip,
    /// Sends half of the body that the answer announces, and closes the connection.
    Truncate,
    /// Sends a body that is no JSON in place of that of the answer.
    Garbage,
}

fn service_unavailable() -> String {
    "ServiceUnavailableException".to_owned()
}

fn always() -> f64 {
    1.0
}

impl Fault {
    /// One that hits every call of an operation, or of all with `"*"`, before it takes effect.
    pub fn new(operation: &str, kind: FaultKind) -> Self {
        Self {
            operation: operation.to_owned(),
            kind,
            code: service_unavailable(),
            status: None,
            probability: always(),
            times: None,
            first_only: false,
            after_commit: false,
            retry_after_seconds: None,
            milliseconds: None,
            bytes_per_second: None,
        }
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        // It travels in a header.
        let is_name = |c: char| c.is_ascii_graphic();
        let is_failure = |status: u16| (400..=599).contains(&status);
        let wrong = if !(0.0..=1.0).contains(&self.probability) {
            "probability must be between 0 and 1"
        } else if self.code.is_empty() || !self.code.chars().all(is_name) {
            "code must be the name of an exception"
        } else if !self.status.is_none_or(is_failure) {
            "status must be between 400 and 599"
        } else if self.milliseconds.is_some() && self.kind != FaultKind::Hang {
            "milliseconds is for a hang"
        } else if self.bytes_per_second.is_some() != (self.kind == FaultKind::Drip) {
            "a drip, and nothing else, has bytes_per_second"
        } else {
            return Ok(());
        };
        Err(wrong.to_owned())
    }
}

/// The first fault that matches and has hits left, if its chance comes up; `roll` is a number from 0 to 1.
///
/// A fault whose chance does not come up leaves the call to the faults after it.
pub(crate) fn choose(
    faults: &mut [Fault],
    operation: Operation,
    is_first: bool,
    mut roll: impl FnMut() -> f64,
) -> Option<Fault> {
    let hit = faults.iter_mut().find(|fault| {
        (fault.operation == "*" || fault.operation == operation.name())
            && fault.times != Some(0)
            && (is_first || !fault.first_only)
            && roll() < fault.probability
    })?;
    if let Some(times) = &mut hit.times {
        *times -= 1;
    }
    Some(hit.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(members: serde_json::Value) -> Fault {
        serde_json::from_value(members).unwrap()
    }

    #[test]
    fn a_fault_needs_only_an_operation_and_a_kind() {
        let read = fault(json!({ "operation": "*", "kind": "reset" }));

        assert_eq!(read, Fault::new("*", FaultKind::Reset));
    }

    #[test]
    fn every_kind_has_its_name() {
        for kind in ["error", "reset", "hang", "html_502", "truncate", "garbage"] {
            let read = fault(json!({ "operation": "*", "kind": kind }));
            assert_eq!(read.check(), Ok(()));
            assert_eq!(serde_json::to_value(&read).unwrap()["kind"], kind);
        }
    }

    #[test]
    fn a_fault_has_only_the_members_of_its_kind() {
        for (kind, member, is_right) in [
            ("hang", "milliseconds", true),
            ("reset", "milliseconds", false),
            ("drip", "bytes_per_second", true),
            ("drip", "times", false),
            ("error", "bytes_per_second", false),
        ] {
            let read = fault(json!({ "operation": "*", "kind": kind, member: 6000 }));
            assert_eq!(read.check().is_ok(), is_right, "{kind} with {member}");
        }
    }

    #[test]
    fn a_fault_hits_as_often_as_it_may() {
        let mut faults = [fault(
            json!({ "operation": "TagResource", "kind": "error", "times": 2 }),
        )];
        let mut hit = |operation| choose(&mut faults, operation, true, || 0.5).is_some();

        assert!(!hit(Operation::UntagResource));
        assert!(hit(Operation::TagResource));
        assert!(hit(Operation::TagResource));
        assert!(!hit(Operation::TagResource));
    }

    #[test]
    fn a_fault_hits_with_its_probability() {
        let mut faults = [fault(
            json!({ "operation": "*", "kind": "hang", "probability": 0.3 }),
        )];

        assert!(choose(&mut faults, Operation::TagResource, true, || 0.29).is_some());
        assert!(choose(&mut faults, Operation::TagResource, true, || 0.3).is_none());
    }

    #[test]
    fn a_fault_of_first_calls_lets_the_next_try_through() {
        let members = json!({"operation": "*", "kind": "reset", "first_only": true});
        let mut faults = [fault(members)];
        let mut hit = |is_first| choose(&mut faults, Operation::TagResource, is_first, || 0.5);

        assert!(hit(true).is_some());
        assert!(hit(false).is_none());
    }
}
