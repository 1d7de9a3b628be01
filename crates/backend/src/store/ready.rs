//! Whether the database can be written.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Store;

/// The longest that anybody waits for the answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer holds. Anybody may ask, and each try is a write.
const HOLDS: Duration = Duration::from_secs(1);

/// The last answer, and the turn to ask anew.
#[derive(Clone, Debug, Default)]
pub(super) struct Readiness {
    last: Arc<Mutex<Option<(Instant, bool)>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Readiness {
    fn fresh(&self) -> Option<bool> {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.filter(|(at, _)| at.elapsed() < HOLDS)
            .map(|(_, answer)| answer)
    }

    fn keep(&self, answer: bool) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((Instant::now(), answer));
    }
}

impl Store {
    /// Whether it can be written, found out by writing a number. The row stays the same one, so
    /// that asking fills no disk.
    pub(crate) async fn is_ready(&self) -> bool {
        let answer = tokio::time::timeout(PATIENCE, self.ask()).await;
        answer.unwrap_or(false)
    }

    async fn ask(&self) -> bool {
        let turn = Arc::clone(&self.readiness.turn).lock_owned().await;
        if let Some(answer) = self.readiness.fresh() {
            return answer;
        }
        let store = self.clone();
        // In a task of its own, which goes on after the caller gave up waiting: no second try
        // begins before the first has ended.
        let asked = tokio::spawn(async move {
            let answer = store.write_a_number().await.is_ok();
            store.readiness.keep(answer);
            drop(turn);
            answer
        });
        asked.await.unwrap_or(false)
    }

    async fn write_a_number(&self) -> sqlx::Result<()> {
        let mut write = self.write().await?;
        sqlx::query("UPDATE readiness SET asked = asked + 1 WHERE id = 1")
            .execute(write.on())
            .await?;
        write.commit().await
    }
}
