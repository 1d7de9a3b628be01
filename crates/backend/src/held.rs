//! Values that the server holds for a browser, which gets a random id instead: cursors and counts of lists,
//! form drafts, sign-ins that were begun, and what is shown once. In memory, so a restart forgets them; bounded, so that nobody can fill it.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Failure, Operation, Scope, Timestamp};

use crate::clock::Clock;
use crate::random;
use crate::walk::Trail;

/// How long a value is held, in milliseconds.
const LIFETIME: i64 = 3_600_000;

/// How much is held: of one owner, so that whoever puts much pushes out their own, and together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most values of one owner; their oldest goes first.
    pub each: usize,
    /// The most values together; the oldest of whoever has most goes first.
    pub together: usize,
    /// The most bytes of one owner, where values are weighed.
    pub bytes_each: usize,
    /// The most bytes together.
    pub bytes_together: usize,
}

impl Bounds {
    /// For what somebody goes through one after another, as the pages of lists.
    pub const PAGES: Self = Self {
        each: 200,
        together: 4000,
        bytes_each: usize::MAX,
        bytes_together: usize::MAX,
    };
    /// For what is shown once, or is there while somebody signs in.
    pub const FEW: Self = Self {
        each: 10,
        together: 1000,
        ..Self::PAGES
    };
    /// For tries to sign in, of which one network may have as many as an office has people.
    pub const TRIES: Self = Self {
        each: 100,
        ..Self::PAGES
    };
    /// For forms. One may have 256 KiB: a thousand of those would be most of the memory of a small
    /// machine.
    pub const FORMS: Self = Self {
        each: 20,
        together: 1000,
        bytes_each: 1024 * 1024,
        bytes_together: 8 * 1024 * 1024,
    };
}

/// Values by unguessable id, each for one owner.
pub struct Held<T> {
    clock: Clock,
    bounds: Bounds,
    weigh: fn(&T) -> usize,
    inner: Arc<Mutex<Inner<T>>>,
}

struct Inner<T> {
    values: HashMap<String, Kept<T>>,
    /// The ids in the order of their expiry, since all live equally long; also of some that are
    /// gone.
    order: VecDeque<String>,
    /// What counts for whom: the owner, or another who pays for it.
    payers: HashMap<String, Paid>,
    /// What all values weigh together.
    weight: usize,
}

/// What counts for one.
#[derive(Default)]
struct Paid {
    /// The oldest first.
    ids: VecDeque<String>,
    weight: usize,
}

struct Kept<T> {
    owner: String,
    payer: String,
    until: Timestamp,
    weight: usize,
    value: T,
}

impl Held<Draft> {
    /// For forms, which are as large as whoever sends them likes.
    pub(crate) fn forms(clock: Clock) -> Self {
        Self {
            weigh: Draft::bytes,
            ..Self::new(clock, Bounds::FORMS)
        }
    }
}

impl<T: Clone> Held<T> {
    pub(crate) fn new(clock: Clock, bounds: Bounds) -> Self {
        let inner = Inner {
            values: HashMap::new(),
            order: VecDeque::new(),
            payers: HashMap::new(),
            weight: 0,
        };
        Self {
            clock,
            bounds,
            weigh: |_| 0,
            inner: Arc::new(Mutex::new(inner)),
        }
    }

    /// The same with other bounds.
    #[must_use]
    pub fn bounded(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// Holds a value for an owner (a session or operator id) and returns its id.
    pub fn put(&self, owner: &str, value: T) -> String {
        self.put_with(owner, owner, |_| value)
    }

    /// Like [`Held::put_for`] for a value that knows its id.
    pub fn put_with(&self, payer: &str, owner: &str, make: impl FnOnce(&str) -> T) -> String {
        let id = random::id();
        let value = make(&id);
        self.hold(payer, owner, id.clone(), value);
        id
    }

    /// Holds a value for an owner, for whom another pays: the bounds of one are that one's. For
    /// owners who cost nothing to make.
    pub fn put_for(&self, payer: &str, owner: &str, value: T) -> String {
        self.put_with(payer, owner, |_| value)
    }

    /// Holds a value under an id that it was held by before, in place of what is held by it now.
    pub fn put_back(&self, owner: &str, id: String, value: T) {
        let _ = self.take(owner, &id);
        self.hold(owner, owner, id, value);
    }

    fn hold(&self, payer: &str, owner: &str, id: String, value: T) {
        let now = self.clock.now();
        let kept = Kept {
            owner: owner.to_owned(),
            payer: payer.to_owned(),
            until: Timestamp(now.0 + LIFETIME),
            weight: (self.weigh)(&value),
            value,
        };
        let mut inner = self.lock();
        inner.drop_expired(now);
        inner.make_room(payer, kept.weight, &self.bounds);
        inner.keep(id, kept);
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

    /// Like [`Held::get`], and holds it no longer: of two who ask at once one gets it.
    pub fn take(&self, owner: &str, id: &str) -> Option<T> {
        let now = self.clock.now();
        let mut inner = self.lock();
        let kept = inner.values.get(id)?;
        if kept.owner != owner || kept.until <= now {
            return None;
        }
        let value = kept.value.clone();
        inner.remove(id);
        Some(value)
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Inner<T> {
    fn drop_expired(&mut self, now: Timestamp) {
        while let Some(oldest) = self.order.front() {
            if self.values.get(oldest).is_some_and(|kept| kept.until > now) {
                break;
            }
            if let Some(oldest) = self.order.pop_front() {
                self.remove(&oldest);
            }
        }
        // Ids of values that went before their time.
        if self.order.len() > 2 * self.values.len() + 16 {
            let values = &self.values;
            self.order.retain(|id| values.contains_key(id));
        }
    }

    /// Drops what would be too much with what comes: of who pays for it first, then of whoever has most.
    fn make_room(&mut self, payer: &str, coming: usize, bounds: &Bounds) {
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
            // Of those who have most, whose value is the oldest.
            let oldest = self.order.iter().find_map(|id| {
                let payer = &self.values.get(id)?.payer;
                (size(self.payers.get(payer)?) == most).then(|| payer.clone())
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

    fn keep(&mut self, id: String, kept: Kept<T>) {
        let owned = self.payers.entry(kept.payer.clone()).or_default();
        owned.ids.push_back(id.clone());
        owned.weight += kept.weight;
        self.weight += kept.weight;
        self.order.push_back(id.clone());
        self.values.insert(id, kept);
    }

    fn remove(&mut self, id: &str) {
        let Some(kept) = self.values.remove(id) else {
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

impl<T> fmt::Debug for Held<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held(…)")
    }
}

/// Where a list goes on: what a page number in an address stands for.
#[derive(Clone)]
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
    /// The tokens that led here, this page's too.
    pub seen: Trail,
}

/// Where counting a list stopped.
#[derive(Clone)]
pub struct Counted {
    /// The list.
    pub operation: Operation,
    /// The ARN that it is the list of; empty for AppInstances.
    pub parent: String,
    /// Where.
    pub scope: Scope,
    /// How many there were so far.
    pub found: u32,
    /// The token that AWS gave for what follows.
    pub token: String,
    /// The tokens that led here.
    pub seen: Trail,
}

impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counted")
            .field("operation", &self.operation)
            .field("found", &self.found)
            .finish_non_exhaustive()
    }
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
mod tests;
