//! How an operator has times shown: in UTC, or in the zone of their browser.

use domain::Failure;
use domain::event::ConsoleEvent;
use serde_json::json;
use sqlx::AnyConnection;

use crate::access::Caller;
use crate::accounts::Accounts;

/// What the audit calls it.
const CHOOSE: ConsoleEvent = ConsoleEvent::ChooseTimes;

impl Accounts {
    /// Chooses whether the caller is shown times in the zone of their browser (`local`) or in UTC.
    pub async fn choose_times(&self, caller: &Caller, local: bool) -> Result<(), Failure> {
        self.do_own(caller, CHOOSE, async |on: &mut AnyConnection| {
            sqlx::query("UPDATE operators SET local_times = $1 WHERE id = $2")
                .bind(i64::from(local))
                .bind(caller.operator.as_str())
                .execute(on)
                .await?;
            let times = if local { "local" } else { "UTC" };
            Ok(((), json!({ "times": times })))
        })
        .await
    }
}
