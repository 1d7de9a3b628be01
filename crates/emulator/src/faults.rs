//! Chooses the fault that hits a call.

use crate::operation::Operation;
use crate::settings::{Fault, Settings};

/// The first fault that matches and has hits left, if its chance comes up; `roll` is a number from 0 to 1.
///
/// A fault whose chance does not come up leaves the call to the faults after it.
pub(crate) fn choose(
    settings: &mut Settings,
    operation: Operation,
    mut roll: impl FnMut() -> f64,
) -> Option<Fault> {
    let hit = settings.faults.iter_mut().find(|fault| {
        (fault.operation == "*" || fault.operation == operation.name())
            && fault.times != Some(0)
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

    #[test]
    fn a_fault_hits_as_often_as_it_may() {
        let faults = json!({"faults": [{"operation": "TagResource", "kind": "error", "times": 2}]});
        let mut settings = Settings::default().merged(faults).unwrap();
        let mut hit = |operation| choose(&mut settings, operation, || 0.5).is_some();

        assert!(!hit(Operation::UntagResource));
        assert!(hit(Operation::TagResource));
        assert!(hit(Operation::TagResource));
        assert!(!hit(Operation::TagResource));
    }

    #[test]
    fn a_fault_hits_with_its_probability() {
        let faults = json!({"faults": [{"operation": "*", "kind": "hang", "probability": 0.3}]});
        let mut settings = Settings::default().merged(faults).unwrap();

        assert!(choose(&mut settings, Operation::TagResource, || 0.29).is_some());
        assert!(choose(&mut settings, Operation::TagResource, || 0.3).is_none());
    }
}
