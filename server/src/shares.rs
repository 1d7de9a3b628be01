//! What clients take, so much in all and so much for each: connections, places, bodies.
//!
//! More is refused and not queued: a queue would give what is short to the clients that send most.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use backend::ClientNetwork;
use metrics::counter;

use crate::limits::Bound;

/// What there is to give out. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Shares(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bound: Bound,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    /// Only those who have something: it never grows beyond what is given out.
    each: HashMap<ClientNetwork, usize>,
}

/// The bound that was met, for the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met {
    /// The bound of all clients together.
    All,
    /// The bound of this one client.
    Each,
}

impl Met {
    /// Counts a refusal.
    pub(crate) fn count(self, metric: &'static str, of: &'static str) {
        let bound = match self {
            Self::All => "all",
            Self::Each => "client",
        };
        counter!(metric, "of" => of, "bound" => bound).increment(1);
    }
}

impl Shares {
    pub(crate) fn new(bound: Bound) -> Self {
        Self(Arc::new(Inner {
            bound,
            taken: Mutex::default(),
        }))
    }

    /// Takes one for a client. `None` is somebody who stands for many clients, and has only the
    /// bound of all.
    pub(crate) fn take(&self, client: Option<ClientNetwork>) -> Result<Share, Met> {
        let mut share = self.nothing(client);
        share.add(1)?;
        Ok(share)
    }

    /// A share of nothing, to which more can be added.
    pub(crate) fn nothing(&self, client: Option<ClientNetwork>) -> Share {
        Share {
            shares: self.clone(),
            client,
            amount: 0,
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        // Nothing panics while it is held, and numbers stay numbers if something did.
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a client has taken; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    shares: Shares,
    client: Option<ClientNetwork>,
    amount: usize,
}

impl Share {
    /// Adds more to the share, or nothing.
    pub(crate) fn add(&mut self, amount: usize) -> Result<(), Met> {
        let bound = self.shares.0.bound;
        let mut taken = self.shares.taken();
        if amount > bound.all.saturating_sub(taken.all) {
            return Err(Met::All);
        }
        if let Some(client) = self.client {
            let has = taken.each.get(&client).copied().unwrap_or_default();
            if amount > bound.each.saturating_sub(has) {
                return Err(Met::Each);
            }
            if amount > 0 {
                taken.each.insert(client, has + amount);
            }
        }
        taken.all += amount;
        self.amount += amount;
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.taken();
        taken.all = taken.all.saturating_sub(self.amount);
        let Some(client) = self.client else { return };
        if let Entry::Occupied(mut has) = taken.each.entry(client) {
            *has.get_mut() = has.get().saturating_sub(self.amount);
            if *has.get() == 0 {
                has.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(last: u8) -> ClientNetwork {
        ClientNetwork::of(Some([192, 0, 2, last].into()))
    }

    #[test]
    fn nobody_takes_the_share_of_others_and_all_together_have_a_bound() {
        let shares = Shares::new(Bound { all: 3, each: 2 });
        let held: Vec<_> = (0..2)
            .map(|_| shares.take(Some(client(1))).unwrap())
            .collect();

        assert_eq!(shares.take(Some(client(1))).unwrap_err(), Met::Each);
        let other = shares.take(Some(client(2))).unwrap();
        assert_eq!(shares.take(Some(client(2))).unwrap_err(), Met::All);
        assert_eq!(shares.take(None).unwrap_err(), Met::All);

        drop(held);
        assert!(shares.take(Some(client(1))).is_ok());
        drop(other);
        assert_eq!(shares.taken().all, 0);
        assert!(shares.taken().each.is_empty(), "{shares:?}");
    }

    #[test]
    fn whoever_stands_for_many_is_bounded_with_all_only() {
        let shares = Shares::new(Bound { all: 3, each: 1 });

        let held: Vec<_> = (0..3).map(|_| shares.take(None).unwrap()).collect();

        assert_eq!(shares.take(None).unwrap_err(), Met::All);
        drop(held);
        assert!(shares.take(None).is_ok());
    }

    #[test]
    fn what_is_added_piece_by_piece_is_given_back_together() {
        let shares = Shares::new(Bound { all: 10, each: 8 });
        let mut share = shares.nothing(Some(client(1)));
        share.add(5).unwrap();

        assert_eq!(share.add(4), Err(Met::Each));
        assert_eq!(share.add(usize::MAX), Err(Met::All));
        share.add(3).unwrap();
        assert_eq!(shares.taken().all, 8);

        drop(share);
        assert_eq!(shares.taken().all, 0);
    }
}
