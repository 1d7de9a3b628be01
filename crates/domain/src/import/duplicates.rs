//! Finds rows of a file that are about the same thing.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;

/// An earlier row about the same thing. The number is its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Exactly the same: the later row is refused.
    Same(u64),
    /// The same but for capitals: two different things to AWS, and often one by mistake.
    CaseOnly(u64),
}

/// Remembers which keys a file had, and where: 128 bits of each, so about 70 bytes a row however
/// long the keys are.
#[derive(Debug, Default)]
pub struct Duplicates {
    hashes: [RandomState; 2],
    /// By the key without capitals: the first line, and the half hash of the key as it is there.
    first: HashMap<[u64; 2], (u64, u64)>,
    /// Keys that differ from an earlier one in capitals only.
    others: HashMap<[u64; 2], u64>,
}

impl Duplicates {
    /// Notes the key of a row ([`Wanted::key`](super::Wanted::key)) and says which earlier row is like
    /// it.
    pub fn seen(&mut self, key: &str, line: u64) -> Option<Seen> {
        let exact = self.hash(key);
        match self.first.entry(self.hash(&key.to_lowercase())) {
            Entry::Vacant(place) => {
                place.insert((line, exact[0]));
                None
            }
            Entry::Occupied(place) => {
                let (first, hash) = *place.get();
                if hash == exact[0] {
                    return Some(Seen::Same(first));
                }
                match self.others.entry(exact) {
                    Entry::Occupied(other) => Some(Seen::Same(*other.get())),
                    Entry::Vacant(other) => {
                        other.insert(line);
                        Some(Seen::CaseOnly(first))
                    }
                }
            }
        }
    }

    fn hash(&self, text: &str) -> [u64; 2] {
        [self.hashes[0].hash_one(text), self.hashes[1].hash_one(text)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_comes_again_is_told_with_its_first_line() {
        let mut duplicates = Duplicates::default();
        assert_eq!(duplicates.seen("alice", 2), None);
        assert_eq!(duplicates.seen("bob", 3), None);
        assert_eq!(duplicates.seen("alice", 4), Some(Seen::Same(2)));
        assert_eq!(duplicates.seen("Alice", 5), Some(Seen::CaseOnly(2)));
        assert_eq!(duplicates.seen("Alice", 6), Some(Seen::Same(5)));
        assert_eq!(duplicates.seen("ALICE", 7), Some(Seen::CaseOnly(2)));
        assert_eq!(duplicates.seen("alice", 8), Some(Seen::Same(2)));
    }

    #[test]
    fn a_hundred_thousand_ids_are_all_told_apart() {
        let mut duplicates = Duplicates::default();
        for line in 1..=100_000 {
            assert_eq!(duplicates.seen(&format!("user-{line}"), line), None);
        }
    }
}
