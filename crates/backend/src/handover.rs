//! Values that one request hands over to another, by an id that only the browser gets: cursors and
//! counts of lists, refused forms, sign-ins that were begun, and what is shown once.
//!
//! They are in the memory of this process, so a restart forgets them, and bounded, so that nobody
//! can fill it. The functions have the form that a table of the database needs: each may wait, each
//! may fail, and a value can be serialised. Taking a value is one step.

mod memory;
#[cfg(test)]
mod tests;
mod values;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Cause, Failure, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Clock;
use crate::random;
use memory::{Kept, Memory};

pub use values::{Counted, Cursor, Draft, Revealed, Ticked};

/// How long a value is held, in milliseconds.
const LIFETIME: i64 = 3_600_000;

/// How much is held: of each owner, so that one who puts much pushes out only their own, and
/// together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most values of one owner; their oldest goes first.
    pub each: usize,
    /// The most values together; the oldest of the one who has most goes first.
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
    /// For what somebody ticks in lists: some lists of ten thousand rows each.
    pub const TICKED: Self = Self {
        each: 20,
        together: 1000,
        bytes_each: 4 * 1024 * 1024,
        bytes_together: 32 * 1024 * 1024,
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

/// Values by unguessable id, each for one owner. Clones share them.
#[derive(Clone)]
pub struct Handover<T> {
    clock: Clock,
    bounds: Bounds,
    weigh: fn(&T) -> usize,
    memory: Arc<Mutex<Memory<T>>>,
}

impl Handover<Ticked> {
    /// For what was ticked in lists.
    pub(crate) fn ticks(clock: Clock) -> Self {
        Self {
            weigh: Ticked::bytes,
            ..Self::new(clock, Bounds::TICKED)
        }
    }
}

impl Handover<Draft> {
    /// For forms, which are as large as their sender likes.
    pub(crate) fn forms(clock: Clock) -> Self {
        Self {
            weigh: Draft::bytes,
            ..Self::new(clock, Bounds::FORMS)
        }
    }
}

#[expect(
    clippy::unused_async,
    reason = "a table of the database has the same functions, and waits"
)]
impl<T: Clone + Serialize + DeserializeOwned> Handover<T> {
    pub(crate) fn new(clock: Clock, bounds: Bounds) -> Self {
        Self {
            clock,
            bounds,
            weigh: |_| 0,
            memory: Arc::default(),
        }
    }

    /// The same with other bounds.
    #[must_use]
    pub fn bounded(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// Holds a value for an owner (a session or operator id) and returns its id.
    pub async fn put(&self, owner: &str, value: T) -> Result<String, Failure> {
        self.put_for(owner, owner, value).await
    }

    /// Holds a value for an owner, and counts it towards the bounds of `payer`. For owners that
    /// anybody can make at no cost.
    pub async fn put_for(&self, payer: &str, owner: &str, value: T) -> Result<String, Failure> {
        self.put_with(payer, owner, |_| value).await
    }

    /// Like [`Handover::put_for`] for a value that knows its id.
    pub async fn put_with(
        &self,
        payer: &str,
        owner: &str,
        make: impl FnOnce(&str) -> T,
    ) -> Result<String, Failure> {
        let id = random::id();
        let value = make(&id);
        self.put_at(payer, owner, id.clone(), value).await?;
        Ok(id)
    }

    /// Holds a value under an id that the owner knows already, and replaces what they had under it.
    /// Fails for an id of another owner.
    pub async fn put_at(
        &self,
        payer: &str,
        owner: &str,
        id: String,
        value: T,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let kept = Kept {
            owner: owner.to_owned(),
            payer: payer.to_owned(),
            until: Timestamp(now.0 + LIFETIME),
            weight: (self.weigh)(&value),
            value,
        };
        let mut memory = self.lock();
        match memory.values.get(&id) {
            Some(held) if held.kept.owner != owner => return Err(Cause::Internal.into()),
            Some(_) => memory.remove(&id),
            None => {}
        }
        memory.drop_expired(now);
        memory.make_room(payer, kept.weight, &self.bounds);
        memory.keep(id, kept);
        Ok(())
    }

    /// The value, if this owner put it and it is still held.
    pub async fn get(&self, owner: &str, id: &str) -> Result<Option<T>, Failure> {
        let now = self.clock.now();
        let memory = self.lock();
        let kept = memory.values.get(id).map(|held| &held.kept);
        let theirs = kept.filter(|kept| kept.owner == owner && kept.until > now);
        Ok(theirs.map(|kept| kept.value.clone()))
    }

    /// Changes the value in one step, if this owner put it and it is still held, and answers what `change`
    /// answers. Of two who change it at once the second sees what the first left.
    pub async fn update<R>(
        &self,
        owner: &str,
        id: &str,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<Option<R>, Failure> {
        let now = self.clock.now();
        let mut memory = self.lock();
        let kept = memory.values.get_mut(id).map(|held| &mut held.kept);
        let theirs = kept.filter(|kept| kept.owner == owner && kept.until > now);
        Ok(theirs.map(|kept| change(&mut kept.value)))
    }

    /// Changes the value under an id that the owner knows already, or a new one, in one step, and answers what
    /// `change` answers. It is weighed again, and held from now on. Fails for an id of another owner.
    pub async fn change<R>(
        &self,
        owner: &str,
        id: String,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<R, Failure>
    where
        T: Default,
    {
        let now = self.clock.now();
        let mut memory = self.lock();
        memory.drop_expired(now);
        let mut value = match memory.values.get(&id).map(|held| &held.kept) {
            Some(kept) if kept.owner != owner => return Err(Cause::Internal.into()),
            Some(kept) if kept.until > now => kept.value.clone(),
            _ => T::default(),
        };
        memory.remove(&id);
        let answer = change(&mut value);
        let kept = Kept {
            owner: owner.to_owned(),
            payer: owner.to_owned(),
            until: Timestamp(now.0 + LIFETIME),
            weight: (self.weigh)(&value),
            value,
        };
        memory.make_room(owner, kept.weight, &self.bounds);
        memory.keep(id, kept);
        Ok(answer)
    }

    /// Like [`Handover::get`], but removes the value: of two requests at once only one gets it.
    pub async fn take(&self, owner: &str, id: &str) -> Result<Option<T>, Failure> {
        let now = self.clock.now();
        let mut memory = self.lock();
        let kept = memory.values.get(id).map(|held| &held.kept);
        let theirs = kept.filter(|kept| kept.owner == owner && kept.until > now);
        let value = theirs.map(|kept| kept.value.clone());
        if value.is_some() {
            memory.remove(id);
        }
        Ok(value)
    }

    /// Removes and answers everything of an owner, with its ids.
    pub async fn take_all(&self, owner: &str) -> Result<Vec<(String, T)>, Failure> {
        let now = self.clock.now();
        let mut memory = self.lock();
        let all = memory.values.iter();
        let all = all.map(|(id, held)| (id, &held.kept));
        let theirs = all.filter(|(_, kept)| kept.owner == owner && kept.until > now);
        let all: Vec<_> = theirs
            .map(|(id, kept)| (id.clone(), kept.value.clone()))
            .collect();
        for (id, _) in &all {
            memory.remove(id);
        }
        Ok(all)
    }

    fn lock(&self) -> MutexGuard<'_, Memory<T>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> fmt::Debug for Handover<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handover(…)")
    }
}
