//! How often each `ClientRequestToken` came: whether a client that tries again does so with the same one.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

/// How many tokens are kept, so that a client that runs for days does not fill the memory.
const MOST: usize = 200_000;
/// The longest that the model allows.
const LONGEST: usize = 64;

/// Calls by their token.
#[derive(Default)]
pub(crate) struct RequestTokens {
    calls: HashMap<String, u64>,
    left_out: u64,
}

impl RequestTokens {
    /// Counts a call. Says whether it is the first with its token.
    pub(crate) fn count(&mut self, token: String) -> bool {
        if let Some(calls) = self.calls.get_mut(&token) {
            *calls += 1;
            return false;
        }
        if token.len() <= LONGEST && self.calls.len() < MOST {
            self.calls.insert(token, 1);
        } else {
            self.left_out += 1;
        }
        true
    }

    /// How many tokens there are, how many of them came how often, and how many calls had one that is not kept.
    pub(crate) fn to_json(&self) -> Value {
        let mut seen: BTreeMap<u64, u64> = BTreeMap::new();
        for calls in self.calls.values() {
            *seen.entry(*calls).or_default() += 1;
        }
        json!({ "distinct": self.calls.len(), "seen": seen, "left_out": self.left_out })
    }

    /// Each token with its calls.
    pub(crate) fn list(&self) -> Value {
        json!(self.calls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_counted_by_how_often_they_came() {
        let mut tokens = RequestTokens::default();
        for token in ["a1", "b1", "a1", "c1", "a1"] {
            let is_first = tokens.count(token.to_owned());
            assert_eq!(is_first, tokens.calls[token] == 1, "{token}");
        }

        let expected = json!({ "distinct": 3, "seen": { "1": 2, "3": 1 }, "left_out": 0 });
        assert_eq!(tokens.to_json(), expected);
        assert_eq!(tokens.list(), json!({ "a1": 3, "b1": 1, "c1": 1 }));
    }

    #[test]
    fn the_memory_has_a_bound() {
        let mut tokens = RequestTokens::default();
        for number in 0..=MOST {
            tokens.count(number.to_string());
        }
        tokens.count("0".to_owned());
        tokens.count("x".repeat(LONGEST + 1));

        let shown = tokens.to_json();
        assert_eq!(shown["distinct"], MOST);
        assert_eq!(shown["left_out"], 2);
        assert_eq!(shown["seen"]["2"], 1);
    }
}
