//! What is handed over, in the memory of this process.

use std::collections::{HashMap, VecDeque};

use domain::Timestamp;

use super::Bounds;

pub(super) struct Memory<T> {
    pub(super) values: HashMap<String, Numbered<T>>,
    /// The ids in the order of their expiry, since all live equally long, each with the number that it
    /// was held under; also some that are gone, or held again under a later number.
    pub(super) order: VecDeque<(String, u64)>,
    /// How many values were held so far.
    held: u64,
    /// What counts for whom: the owner, or another who pays for it.
    pub(super) payers: HashMap<String, Paid>,
    /// What all values weigh together.
    pub(super) weight: usize,
}

/// What counts for one.
#[derive(Default)]
pub(super) struct Paid {
    /// The oldest first.
    ids: VecDeque<String>,
    weight: usize,
}

pub(super) struct Kept<T> {
    pub(super) owner: String,
    pub(super) payer: String,
    pub(super) until: Timestamp,
    pub(super) weight: usize,
    pub(super) value: T,
}

/// A value with its number.
pub(super) struct Numbered<T> {
    number: u64,
    pub(super) kept: Kept<T>,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self {
            values: HashMap::new(),
            order: VecDeque::new(),
            held: 0,
            payers: HashMap::new(),
            weight: 0,
        }
    }
}

impl<T> Memory<T> {
    pub(super) fn drop_expired(&mut self, now: Timestamp) {
        while let Some((id, number)) = self.order.front() {
            match self.values.get(id) {
                Some(held) if held.number != *number => drop(self.order.pop_front()),
                Some(held) if held.kept.until > now => break,
                _ => {
                    if let Some((id, _)) = self.order.pop_front() {
                        self.remove(&id);
                    }
                }
            }
        }
        // Values that went before their time.
        if self.order.len() > 2 * self.values.len() + 16 {
            let values = &self.values;
            let is_last = |id: &String, number| {
                let held = values.get(id);
                held.is_some_and(|held| held.number == number)
            };
            self.order.retain(|(id, number)| is_last(id, *number));
        }
    }

    /// Drops values until the new one fits: first those of its payer, then those of the payer who
    /// has most.
    pub(super) fn make_room(&mut self, payer: &str, coming: usize, bounds: &Bounds) {
        while self.payers.get(payer).is_some_and(|owned| {
            owned.ids.len() >= bounds.each
                || owned.weight.saturating_add(coming) > bounds.bytes_each
        }) {
            self.drop_oldest_of(payer);
        }
        while !self.values.is_empty()
            && (self.values.len() >= bounds.together
                || self.weight.saturating_add(coming) > bounds.bytes_together)
        {
            let size = |owned: &Paid| (owned.weight, owned.ids.len());
            let most = self.payers.values().map(size).max().unwrap_or_default();
            // Of the payers who have most, the one with the oldest value.
            let oldest = self.order.iter().find_map(|(id, number)| {
                let held = self.values.get(id)?;
                let payer = &held.kept.payer;
                (held.number == *number && size(self.payers.get(payer)?) == most)
                    .then(|| payer.clone())
            });
            match oldest {
                Some(payer) => self.drop_oldest_of(&payer),
                None => break,
            }
        }
    }

    fn drop_oldest_of(&mut self, payer: &str) {
        let oldest = self.payers.get(payer).and_then(|owned| owned.ids.front());
        match oldest.cloned() {
            Some(id) => self.remove(&id),
            None => drop(self.payers.remove(payer)),
        }
    }

    pub(super) fn keep(&mut self, id: String, kept: Kept<T>) {
        let owned = self.payers.entry(kept.payer.clone()).or_default();
        owned.ids.push_back(id.clone());
        owned.weight += kept.weight;
        self.weight += kept.weight;
        self.held += 1;
        let number = self.held;
        self.order.push_back((id.clone(), number));
        self.values.insert(id, Numbered { number, kept });
    }

    pub(super) fn remove(&mut self, id: &str) {
        let Some(Numbered { kept, .. }) = self.values.remove(id) else {
            return;
        };
        self.weight -= kept.weight;
        if let Some(owned) = self.payers.get_mut(&kept.payer) {
            owned.weight -= kept.weight;
            owned.ids.retain(|owned| owned != id);
            if owned.ids.is_empty() {
                self.payers.remove(&kept.payer);
            }
        }
    }
}
