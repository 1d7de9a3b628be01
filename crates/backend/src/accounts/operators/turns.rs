//! Turns at work that keeps a processor busy: so many at once, a bounded number waiting, off the
//! threads that serve requests.

use std::sync::Arc;

use domain::{Cause, Failure};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// Seconds after which those that found no place may come back.
const COME_BACK: u32 = 2;

/// The turns of one kind of work.
#[derive(Debug)]
pub(super) struct Turns {
    /// For those that wait and those that work.
    places: Semaphore,
    at_once: Arc<Semaphore>,
}

impl Turns {
    pub(super) fn new(at_once: usize, waiting: usize) -> Self {
        Self {
            places: Semaphore::new(at_once + waiting),
            at_once: Arc::new(Semaphore::new(at_once)),
        }
    }

    /// A place, to wait in and then to work; a refusal when all are taken.
    pub(super) fn place(&self) -> Result<SemaphorePermit<'_>, Failure> {
        let place = self.places.try_acquire();
        place.map_err(|_| Cause::SlowDown(COME_BACK).into())
    }

    /// A turn, once it comes: first come, first served.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let turn = Arc::clone(&self.at_once).acquire_owned().await;
        turn.map_err(|_| Cause::Internal.into())
    }
}

/// Does the work while it has the turns. The work itself holds them, since it goes on after the
/// client has left: a client that asks and leaves again and again must not have more of it running.
pub(super) async fn work<T: Send + 'static>(
    turns: impl Send + 'static,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let work = move || {
        let _turns = turns;
        work()
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Cause::Internal.into())
}
