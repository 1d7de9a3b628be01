//! Values that the server holds for a browser, which gets a random id instead: page cursors and
//! form drafts. In memory, so a restart forgets them; bounded, so that nobody can fill it.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Failure, Operation, Scope, Timestamp};

use crate::clock::Clock;
use crate::random;

/// The most values held at once; the oldest goes first.
const CAPACITY: usize = 1000;
/// The most bytes of forms held at once. A form may send 256 KiB, without being signed in: a thousand
/// of those would be most of the memory of a small machine.
const FORMS: usize = 8 * 1024 * 1024;
/// How long a value is held, in milliseconds.
const LIFETIME: i64 = 3_600_000;

/// Values by unguessable id, each for one owner.
pub struct Held<T> {
    clock: Clock,
    lifetime: i64,
    weigh: fn(&T) -> usize,
    inner: Arc<Mutex<Inner<T>>>,
}

struct Inner<T> {
    values: HashMap<String, Kept<T>>,
    order: VecDeque<String>,
    /// What all values weigh together.
    weight: usize,
}

struct Kept<T> {
    owner: String,
    until: Timestamp,
    weight: usize,
    value: T,
}

impl Held<Draft> {
    /// For forms, which are as large as whoever sends them likes.
    pub(crate) fn forms(clock: Clock) -> Self {
        Self {
            weigh: Draft::bytes,
            ..Self::new(clock)
        }
    }
}

impl<T: Clone> Held<T> {
    pub(crate) fn new(clock: Clock) -> Self {
        Self::lasting(clock, LIFETIME)
    }

    /// For so many milliseconds.
    pub(crate) fn lasting(clock: Clock, lifetime: i64) -> Self {
        let inner = Inner {
            values: HashMap::new(),
            order: VecDeque::new(),
            weight: 0,
        };
        Self {
            clock,
            lifetime,
            weigh: |_| 0,
            inner: Arc::new(Mutex::new(inner)),
        }
    }

    /// Holds a value for an owner (a session or operator id) and returns its id.
    pub fn put(&self, owner: &str, value: T) -> String {
        self.put_with(owner, |_| value)
    }

    /// The same for a value that knows its id.
    pub fn put_with(&self, owner: &str, make: impl FnOnce(&str) -> T) -> String {
        let id = random::id();
        let value = make(&id);
        self.put_back(owner, id.clone(), value);
        id
    }

    /// Holds a value under an id that it was held by before.
    pub fn put_back(&self, owner: &str, id: String, value: T) {
        let now = self.clock.now();
        let kept = Kept {
            owner: owner.to_owned(),
            until: Timestamp(now.0 + self.lifetime),
            weight: (self.weigh)(&value),
            value,
        };
        let mut inner = self.lock();
        inner.make_room(now, kept.weight);
        inner.weight += kept.weight;
        inner.values.insert(id.clone(), kept);
        inner.order.push_back(id);
    }

    /// Everything of an owner, with its ids, and holds it no longer.
    pub fn take_all(&self, owner: &str) -> Vec<(String, T)> {
        let now = self.clock.now();
        let mut inner = self.lock();
        let theirs = |(_, kept): &(&String, &Kept<T>)| kept.owner == owner && kept.until > now;
        let all = inner.values.iter().filter(theirs);
        let all: Vec<_> = all
            .map(|(id, kept)| (id.clone(), kept.value.clone()))
            .collect();
        for (id, _) in &all {
            inner.remove(id);
        }
        all
    }

    /// The value, if this owner put it and it is still held.
    pub fn get(&self, owner: &str, id: &str) -> Option<T> {
        let now = self.clock.now();
        let inner = self.lock();
        let kept = inner.values.get(id)?;
        (kept.owner == owner && kept.until > now).then(|| kept.value.clone())
    }

    /// Like [`Held::get`], and holds it no longer.
    pub fn take(&self, owner: &str, id: &str) -> Option<T> {
        let value = self.get(owner, id)?;
        self.lock().remove(id);
        Some(value)
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Inner<T> {
    /// Drops from the front what has expired, was taken, is one too many, or weighs too much with
    /// what comes. Ids are in the order of their expiry, since all live equally long.
    fn make_room(&mut self, now: Timestamp, coming: usize) {
        while let Some(oldest) = self.order.front() {
            let live = self.values.get(oldest).is_some_and(|kept| kept.until > now);
            if live && self.order.len() < CAPACITY && self.weight + coming <= FORMS {
                break;
            }
            if let Some(oldest) = self.order.pop_front() {
                self.remove(&oldest);
            }
        }
    }

    fn remove(&mut self, id: &str) {
        if let Some(kept) = self.values.remove(id) {
            self.weight -= kept.weight;
        }
    }
}

impl<T> fmt::Debug for Held<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held(…)")
    }
}

/// Where a list goes on: what a page number in an address stands for.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The list.
    pub operation: Operation,
    /// The ARN that it is the list of; empty for AppInstances.
    pub parent: String,
    /// Where.
    pub scope: Scope,
    /// The page's number, counted from 1.
    pub page: u32,
    /// The token that AWS gave for this page; `None` is the first page.
    pub token: Option<String>,
    /// The id of the cursor of the page before.
    pub previous: Option<String>,
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The token is sensitive in the model, and the parent may name a user.
        f.debug_struct("Cursor")
            .field("operation", &self.operation)
            .field("page", &self.page)
            .finish_non_exhaustive()
    }
}

/// A form that was refused, as it was typed, to be shown again after a redirect.
#[derive(Clone)]
pub struct Draft {
    /// The page of the form.
    pub path: String,
    /// Names and values of its controls.
    pub fields: Vec<(String, String)>,
    /// Why it was refused.
    pub failure: Option<Failure>,
}

impl Draft {
    /// How much memory it takes, about: each text has its allocation.
    fn bytes(&self) -> usize {
        const TEXT: usize = size_of::<String>() + 16;
        let texts = self
            .fields
            .iter()
            .map(|(name, value)| name.len() + value.len() + 2 * TEXT);
        self.path.len() + texts.sum::<usize>()
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> (Clock, Held<u32>) {
        let clock = Clock::fixed(Timestamp(0));
        (clock.clone(), Held::new(clock))
    }

    #[test]
    fn a_value_is_its_owners_alone() {
        let (_clock, held) = held();
        let id = held.put("alice", 7);
        assert_eq!(held.get("bob", &id), None);
        assert_eq!(held.take("bob", &id), None);
        assert_eq!(held.get("alice", &id), Some(7));
        assert_eq!(held.take("alice", &id), Some(7));
        assert_eq!(held.get("alice", &id), None);
    }

    #[test]
    fn a_value_is_held_for_an_hour() {
        let (clock, held) = held();
        let id = held.put("alice", 7);
        clock.advance(LIFETIME - 1);
        assert_eq!(held.get("alice", &id), Some(7));
        clock.advance(1);
        assert_eq!(held.get("alice", &id), None);
    }

    #[test]
    fn the_oldest_values_make_room() {
        let (_clock, held) = held();
        let ids: Vec<_> = (0..1100).map(|n| held.put("alice", n)).collect();
        assert_eq!(held.get("alice", &ids[99]), None);
        assert_eq!(held.get("alice", &ids[100]), Some(100));
        assert_eq!(held.lock().values.len(), CAPACITY);
    }

    fn form(bytes: usize) -> Draft {
        Draft {
            path: "/".to_owned(),
            fields: vec![("metadata".to_owned(), "a".repeat(bytes))],
            failure: None,
        }
    }

    #[test]
    fn large_forms_make_room_by_what_they_weigh() {
        let held = Held::forms(Clock::fixed(Timestamp(0)));
        let small = held.put("alice", form(10));
        let large: Vec<_> = (0..100)
            .map(|_| held.put("mallory", form(250_000)))
            .collect();

        assert!(held.get("alice", &small).is_none());
        assert!(held.get("mallory", &large[99]).is_some());
        let kept = large.iter().filter(|id| held.get("mallory", id).is_some());
        assert_eq!(kept.count(), FORMS / 250_200);
    }

    #[test]
    fn what_is_taken_weighs_nothing_and_what_is_too_heavy_is_held_alone() {
        let held = Held::forms(Clock::fixed(Timestamp(0)));
        for _ in 0..100 {
            let id = held.put("alice", form(250_000));
            assert!(held.take("alice", &id).is_some());
        }
        assert_eq!(held.lock().weight, 0);

        let id = held.put("alice", form(FORMS));
        assert!(held.get("alice", &id).is_some());
        held.put("alice", form(1));
        assert!(held.get("alice", &id).is_none());
    }
}
