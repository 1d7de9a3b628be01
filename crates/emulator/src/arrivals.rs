//! When calls came, second by second for the last ten minutes: how a client spreads its retries.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::operation::Operation;

/// How many seconds are kept.
const KEPT: u64 = 600;

/// Calls by the second in which they came, in seconds since the Unix epoch.
#[derive(Default)]
pub(crate) struct Arrivals(BTreeMap<u64, BTreeMap<&'static str, Counts>>);

#[derive(Clone, Copy, Default)]
struct Counts {
    requests: u64,
    throttled: u64,
}

impl Arrivals {
    pub(crate) fn count(&mut self, second: u64, operation: Operation) {
        let operations = self.0.entry(second).or_default();
        operations.entry(operation.name()).or_default().requests += 1;
        while self
            .0
            .first_key_value()
            .is_some_and(|(first, _)| first + KEPT <= second)
        {
            self.0.pop_first();
        }
    }

    /// Counts a call that came in that second and was answered with 429.
    pub(crate) fn count_throttled(&mut self, second: u64, operation: Operation) {
        let operations = self.0.get_mut(&second);
        if let Some(counts) = operations.and_then(|found| found.get_mut(operation.name())) {
            counts.throttled += 1;
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        let second = |(second, operations): (&u64, &BTreeMap<&str, Counts>)| {
            let mut all = Counts::default();
            let mut by_operation = Map::new();
            for (name, counts) in operations {
                all.requests += counts.requests;
                all.throttled += counts.throttled;
                by_operation.insert((*name).to_owned(), counts.to_json());
            }
            let mut shown = all.to_json();
            shown["operations"] = by_operation.into();
            (second.to_string(), shown)
        };
        self.0.iter().map(second).collect()
    }
}

impl Counts {
    fn to_json(self) -> Value {
        json!({ "requests": self.requests, "throttled": self.throttled })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_in_the_second_in_which_they_came() {
        let mut arrivals = Arrivals::default();
        for (second, operation) in [
            (7, Operation::TagResource),
            (7, Operation::ListAppInstances),
            (8, Operation::TagResource),
        ] {
            arrivals.count(second, operation);
        }
        arrivals.count_throttled(7, Operation::TagResource);

        let one = json!({ "requests": 1, "throttled": 0 });
        let refused = json!({ "requests": 1, "throttled": 1 });
        let expected = json!({
            "7": {
                "requests": 2, "throttled": 1,
                "operations": { "ListAppInstances": one, "TagResource": refused },
            },
            "8": { "requests": 1, "throttled": 0, "operations": { "TagResource": one } },
        });
        assert_eq!(arrivals.to_json(), expected);
    }

    #[test]
    fn ten_minutes_are_kept() {
        let mut arrivals = Arrivals::default();
        for second in 0..=KEPT {
            arrivals.count(second, Operation::TagResource);
        }

        // One that came before and is answered only now.
        arrivals.count_throttled(0, Operation::TagResource);

        let kept: Vec<u64> = arrivals.0.keys().copied().collect();
        assert_eq!(kept, (1..=KEPT).collect::<Vec<u64>>());
    }
}
