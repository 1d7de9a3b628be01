//! What goes on beside requests: writes that are under way, and duties that come back every few
//! minutes. Each of them is known here, so that a stop of the process can wait for them.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a stop waits for writes: longer than a call and the tries to write its outcome can
/// take.
pub const PATIENCE: Duration = Duration::from_secs(65);

/// The tasks of this process. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Background {
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Background {
    /// Runs a write to its end, also when nobody waits for it any more. A stop waits for it.
    pub(crate) fn finish<F>(&self, write: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.tasks.spawn(write)
    }

    /// Does a duty each time that a period is over, until the stop. One that is under way then goes
    /// on to its end.
    pub(crate) fn every<F>(&self, period: Duration, duty: impl Fn() -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send,
    {
        let stopping = self.stopping.clone();
        self.tasks.spawn(async move {
            let mut turns = interval_at(Instant::now() + period, period);
            turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
            while stopping.run_until_cancelled(turns.tick()).await.is_some() {
                duty().await;
            }
        });
    }

    /// Whether the process stops: nothing new should begin.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Waits before another try. Answers false when the process stops and no try should follow.
    pub(crate) async fn rest(&self, pause: Duration) -> bool {
        let pause = tokio::time::sleep(pause);
        self.stopping.run_until_cancelled(pause).await.is_some()
    }

    /// Ends the duties and waits for writes in flight to have their outcome row, for so long at
    /// most. Says whether all of them have it. One that is begun meanwhile is waited for too.
    pub async fn stop(&self, patience: Duration) -> bool {
        self.stopping.cancel();
        self.tasks.close();
        timeout(patience, self.tasks.wait()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::time::sleep;

    use super::*;

    const SHORT: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_stop_waits_for_a_write_and_ends_duties() {
        let background = Background::default();
        let (done, turns) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let counted = Arc::clone(&turns);
        background.every(SHORT, move || {
            counted.fetch_add(1, Ordering::Relaxed);
            async {}
        });
        let ended = Arc::clone(&done);
        drop(background.finish(async move {
            sleep(SHORT * 5).await;
            ended.fetch_add(1, Ordering::Relaxed);
        }));
        sleep(SHORT * 3 + SHORT / 2).await;
        assert_eq!(
            (done.load(Ordering::Relaxed), turns.load(Ordering::Relaxed)),
            (0, 3)
        );

        assert!(background.stop(SHORT * 60).await);

        assert_eq!(done.load(Ordering::Relaxed), 1);
        sleep(SHORT * 10).await;
        assert_eq!(turns.load(Ordering::Relaxed), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_never_ends_is_told() {
        let background = Background::default();
        drop(background.finish(std::future::pending::<()>()));
        assert!(!background.stop(SHORT).await);
    }
}
