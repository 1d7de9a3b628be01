//! How many wrong one-time codes an account bears: a hundred a day, from wherever they come.
//!
//! A person who tries codes knows the password already. So addresses that signed in before are no
//! exception, and refused codes are not accepted again the next day: an Admin has to allow them.

use domain::{Cause, Failure, Timestamp};
use sqlx::{AnyConnection, Row as _};

use super::attempts::{Attempt, DAY};
use super::notices::{News, NoticeKind};
use super::second_step::Used;
use super::{OperatorId, row};
use crate::accounts::Accounts;
use crate::store::within;

/// Wrong codes in a day from which on codes are refused.
const DAILY: i64 = 100;
/// Wrong codes in a day from which on the operator is told: somebody knows their password, or they
/// mistyped.
const TOLD: i64 = 3;

impl Accounts {
    /// Counts a code as wrong before it is looked at, so that guesses at the same time all count;
    /// or refuses to look at it.
    pub(super) async fn count_code(
        &self,
        attempt: &Attempt<'_>,
        id: &OperatorId,
    ) -> Result<(), Failure> {
        let today = self.clock.now().0 / DAY;
        let counted = async {
            let mut write = self.store.write().await?;
            if is_refused(write.on(), id, today).await? {
                return Ok(Err(Cause::CodesRefused.into()));
            }
            if let Err(failure) = self.count_on(write.on(), attempt).await? {
                return Ok(Err(failure));
            }
            sqlx::query(
                "INSERT INTO wrong_codes (operator, day, codes) VALUES ($1, $2, 1) \
                 ON CONFLICT (operator) DO UPDATE SET day = $2, codes = \
                 CASE WHEN wrong_codes.day = $2 THEN wrong_codes.codes + 1 ELSE 1 END",
            )
            .bind(id.as_str())
            .bind(today)
            .execute(write.on())
            .await?;
            write.commit().await?;
            Ok(Ok(()))
        };
        within(counted).await?
    }

    /// Tells the operator that a recovery code was used: a thief of their sheet has all of them.
    pub(super) async fn tell_of_code(
        &self,
        on: &mut AnyConnection,
        attempt: &Attempt<'_>,
        id: &OperatorId,
        used: Used,
    ) -> sqlx::Result<()> {
        if used == Used::Authenticator {
            return Ok(());
        }
        let news = News::own(NoticeKind::RecoveryCodeUsed, attempt.remote());
        self.tell(on, id, news).await
    }

    /// Tells the operator of wrong codes, and refuses further ones once there were too many. Call
    /// this for each wrong code.
    pub(super) async fn wrong_code(
        &self,
        attempt: &Attempt<'_>,
        id: &OperatorId,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let done = async {
            let mut write = self.store.write().await?;
            let row = sqlx::query("SELECT codes FROM wrong_codes WHERE operator = $1 AND day = $2")
                .bind(id.as_str())
                .bind(now.0 / DAY)
                .fetch_optional(write.on())
                .await?;
            let codes = row.map_or(Ok(0), |row| row.try_get::<i64, _>(0))?;
            if codes >= TOLD {
                let midnight = Timestamp(now.0 - now.0 % DAY);
                let news = News::own(NoticeKind::WrongCodes, attempt.remote());
                self.tell_once_since(write.on(), id, news, midnight).await?;
            }
            if codes >= DAILY && refuse(write.on(), id, now).await? {
                let news = News::own(NoticeKind::CodesRefused, attempt.remote());
                self.tell(write.on(), id, news).await?;
            }
            write.commit().await
        };
        within(done).await
    }
}

/// Stops counting a code that was right.
pub(super) async fn take_back(on: &mut AnyConnection, id: &OperatorId) -> sqlx::Result<()> {
    let less = "UPDATE wrong_codes SET codes = codes - 1 WHERE operator = $1 AND codes > 0";
    row::run(on, less, id).await
}

/// Lets an operator use codes again, when an Admin says so.
pub(super) async fn allow(on: &mut AnyConnection, id: &OperatorId) -> sqlx::Result<()> {
    row::run(on, "DELETE FROM wrong_codes WHERE operator = $1", id).await
}

async fn is_refused(on: &mut AnyConnection, id: &OperatorId, today: i64) -> sqlx::Result<bool> {
    let row = sqlx::query(
        "SELECT operator FROM wrong_codes WHERE operator = $1 \
         AND (refused_since IS NOT NULL OR (day = $2 AND codes >= $3))",
    )
    .bind(id.as_str())
    .bind(today)
    .bind(DAILY)
    .fetch_optional(on)
    .await?;
    Ok(row.is_some())
}

/// Refuses codes from now on. Answers whether they were taken until now.
async fn refuse(on: &mut AnyConnection, id: &OperatorId, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE wrong_codes SET refused_since = $1 WHERE operator = $2 AND refused_since IS NULL",
    )
    .bind(now.0)
    .bind(id.as_str())
    .execute(on)
    .await?;
    Ok(done.rows_affected() == 1)
}
