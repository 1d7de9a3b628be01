//! How an operator has times shown: in UTC, or in the zone of their browser.

use domain::Failure;
use domain::event::ConsoleEvent;
use serde_json::json;

use crate::access::Caller;
use crate::access::still_on;
use crate::accounts::Accounts;
use crate::store::within;

/// What the audit calls it.
const CHOOSE: ConsoleEvent = ConsoleEvent::ChooseTimes;

impl Accounts {
    /// Chooses whether the caller is shown times in the zone of their browser (`local`) or in UTC.
    pub async fn choose_times(&self, caller: &Caller, local: bool) -> Result<(), Failure> {
        let chosen = async {
            let mut write = self.audit.write().await?;
            let still = still_on(write.on(), caller, self.clock.now()).await?;
            if let Err(failure) = still {
                return Ok(Err(failure));
            }
            sqlx::query("UPDATE operators SET local_times = $1 WHERE id = $2")
                .bind(i64::from(local))
                .bind(caller.operator.as_str())
                .execute(write.on())
                .await?;
            let times = if local { "local" } else { "UTC" };
            self.audit
                .note_on(
                    write.on(),
                    &caller.into(),
                    CHOOSE,
                    json!({ "times": times }),
                )
                .await?;
            write.commit().await?;
            Ok(Ok(()))
        };
        within(chosen).await?
    }
}
