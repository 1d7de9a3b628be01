//! Who may read the log at the same time: few, and nobody alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Cause, Failure};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::access::OperatorId;

/// The most reads of the log at once. Fewer than it has connections, so that asking for the end of
/// the log waits for nobody.
const ALL: usize = 3;
/// The most reads of one operator at once.
const EACH: usize = 2;
/// The most reads of one operator that wait.
const WAITING: usize = 32;
/// Nobody waits longer than this for a turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// The turns. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    all: Arc<Semaphore>,
    each: Arc<Mutex<HashMap<OperatorId, Arc<Semaphore>>>>,
}

/// A turn, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _own: Option<OwnedSemaphorePermit>,
    _shared: OwnedSemaphorePermit,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(ALL)),
            each: Arc::default(),
        }
    }
}

impl Turns {
    /// Waits for a turn. `None` is the command line, which needs no turn of its own.
    pub(super) async fn take(&self, who: Option<&OperatorId>) -> Result<Turn, Failure> {
        let own = match who {
            None => None,
            Some(who) => Some(self.of(who).ok_or(Cause::Busy)?),
        };
        let taken = async {
            // The operator's own turn first: while they wait for it they take no shared turn from
            // others.
            let own = match own {
                None => None,
                Some(own) => Some(own.acquire_owned().await?),
            };
            let shared = Arc::clone(&self.all).acquire_owned().await?;
            Ok::<_, tokio::sync::AcquireError>(Turn {
                _own: own,
                _shared: shared,
            })
        };
        match tokio::time::timeout(PATIENCE, taken).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Cause::Busy.into()),
        }
    }

    /// The turns of one operator, unless too many of theirs wait.
    fn of(&self, who: &OperatorId) -> Option<Arc<Semaphore>> {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        // Each read and each wait holds a reference, so a count of one means that nobody uses it.
        each.retain(|_, turns| Arc::strong_count(turns) > 1);
        let turns = each
            .entry(who.clone())
            .or_insert_with(|| Arc::new(Semaphore::new(EACH)));
        (Arc::strong_count(turns) <= EACH + WAITING).then(|| Arc::clone(turns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator(name: &str) -> OperatorId {
        OperatorId::from(name.to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn one_operator_leaves_a_turn_to_others() {
        let turns = Turns::default();
        let (mallory, ada) = (operator("mallory"), operator("ada"));
        let first = turns.take(Some(&mallory)).await.unwrap();
        let _second = turns.take(Some(&mallory)).await.unwrap();

        let third = turns.take(Some(&mallory)).await;
        let other = turns.take(Some(&ada)).await;

        assert_eq!(third.unwrap_err().cause, Cause::Busy);
        assert!(other.is_ok());
        drop(first);
        assert!(turns.take(Some(&mallory)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn the_log_is_read_by_three_at_once_whoever_they_are() {
        let turns = Turns::default();
        let mut held = Vec::new();
        for name in ["a", "b", "c"] {
            held.push(turns.take(Some(&operator(name))).await.unwrap());
        }
        let one_more = turns.take(Some(&operator("d"))).await;
        assert_eq!(one_more.unwrap_err().cause, Cause::Busy);
        drop(held);
        assert!(turns.take(Some(&operator("d"))).await.is_ok());
        assert_eq!(turns.each.lock().unwrap().len(), 1, "nobody is kept");
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_with_too_many_of_their_own_is_refused_at_once() {
        let turns = Turns::default();
        let mallory = operator("mallory");
        let began = tokio::time::Instant::now();
        let tries = (0..100).map(|_| async {
            let turn = turns.take(Some(&mallory)).await;
            (turn, began.elapsed())
        });
        let taken = futures_util::future::join_all(tries).await;
        let refused = taken.iter().filter(|(turn, _)| turn.is_err());
        assert_eq!(refused.clone().count(), 98);
        let at_once = refused.filter(|(_, after)| after.is_zero());
        assert_eq!(at_once.count(), 98 - WAITING);
        assert_eq!(began.elapsed(), PATIENCE, "those who wait do so once");
    }
}
