//! Slowing down of guesses at passwords, kept over restarts.
//!
//! Per account and address, so that a stranger cannot lock somebody out: after three failures each
//! further try waits. Over all addresses together an account takes a hundred guesses a day, but
//! for those it was signed in from before.

use std::net::IpAddr;

use domain::{Cause, Failure, Timestamp};
use sqlx::{AnyConnection, Row as _};

use super::Operators;
use super::password::Asker;
use crate::network::ClientNetwork;
use crate::store::within;

const DAY: i64 = 86_400_000;
/// Failures in a day and over all addresses before only known addresses may try.
const DAILY: i64 = 100;
/// Days after which an address is forgotten.
const KEPT_DAYS: i64 = 30;

/// A try to sign in.
#[derive(Debug)]
pub(super) struct Attempt<'a> {
    account: &'a str,
    address: String,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(account: &'a str, remote: Option<IpAddr>) -> Self {
        Self {
            account,
            address: ClientNetwork::of(remote).to_string(),
        }
    }

    pub(super) const fn account(&self) -> &'a str {
        self.account
    }
}

/// How long to wait after so many failures, in seconds.
const fn delay(failures: i64) -> i64 {
    match failures {
        ..3 => 0,
        3 => 1,
        4 => 3,
        5 => 5,
        _ => 10,
    }
}

impl Operators {
    /// Counts a try as failed, or refuses it when it comes too soon. Answers whether the account was
    /// signed in to from there before.
    pub(super) async fn count(&self, attempt: &Attempt<'_>) -> Result<Asker, Failure> {
        let now = self.clock.now().0;
        let counted = async {
            let mut write = self.store.write().await?;
            let (asker, wait) = standing(write.on(), attempt, now).await?;
            if wait > 0 {
                return Ok(Err(wait));
            }
            record(write.on(), attempt, now).await?;
            write.commit().await?;
            Ok(Ok(asker))
        };
        let slow = |wait| Cause::SlowDown(u32::try_from(wait).unwrap_or(u32::MAX)).into();
        within(counted).await?.map_err(slow)
    }
}

/// Forgets the failures before an attempt that was right after all.
pub(super) async fn forgive(
    on: &mut AnyConnection,
    attempt: &Attempt<'_>,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE sign_in_attempts SET failures = 0, day_failures = day_failures - 1, \
         succeeded_at = $1 WHERE account = $2 AND address = $3",
    )
    .bind(now.0)
    .bind(attempt.account)
    .bind(&attempt.address)
    .execute(on)
    .await?;
    Ok(())
}

/// Counts an attempt no longer that was right so far. The failures before it stay.
pub(super) async fn take_back(on: &mut AnyConnection, attempt: &Attempt<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE sign_in_attempts SET failures = failures - 1, day_failures = day_failures - 1 \
         WHERE account = $1 AND address = $2",
    )
    .bind(attempt.account)
    .bind(&attempt.address)
    .execute(on)
    .await?;
    Ok(())
}

/// Who makes the attempt, and the seconds to wait before it may be made.
async fn standing(
    on: &mut AnyConnection,
    attempt: &Attempt<'_>,
    now: i64,
) -> sqlx::Result<(Asker, i64)> {
    let row = sqlx::query(
        "SELECT failures, last_at, succeeded_at FROM sign_in_attempts \
         WHERE account = $1 AND address = $2",
    )
    .bind(attempt.account)
    .bind(&attempt.address)
    .fetch_optional(&mut *on)
    .await?;
    let mut asker = Asker::Stranger;
    if let Some(row) = row {
        let until = row.try_get::<i64, _>(1)? + delay(row.try_get(0)?) * 1000;
        if row.try_get::<Option<i64>, _>(2)?.is_some() {
            asker = Asker::Known;
        }
        if until > now {
            return Ok((asker, (until - now + 999) / 1000));
        }
    }
    if asker == Asker::Known {
        return Ok((asker, 0));
    }
    // The sum of BIGINTs is a NUMERIC on PostgreSQL.
    let today = sqlx::query(
        "SELECT CAST(COALESCE(SUM(day_failures), 0) AS BIGINT) FROM sign_in_attempts \
         WHERE account = $1 AND day = $2",
    )
    .bind(attempt.account)
    .bind(now / DAY)
    .fetch_one(&mut *on)
    .await?;
    let seconds_left = (DAY - now % DAY + 999) / 1000;
    let is_used_up = today.try_get::<i64, _>(0)? >= DAILY;
    Ok((asker, if is_used_up { seconds_left } else { 0 }))
}

async fn record(on: &mut AnyConnection, attempt: &Attempt<'_>, now: i64) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sign_in_attempts WHERE last_at < $1")
        .bind(now - KEPT_DAYS * DAY)
        .execute(&mut *on)
        .await?;
    sqlx::query(
        "INSERT INTO sign_in_attempts (account, address, failures, last_at, day, day_failures) \
         VALUES ($1, $2, 1, $3, $4, 1) ON CONFLICT (account, address) DO UPDATE SET \
         failures = sign_in_attempts.failures + 1, last_at = $3, day = $4, day_failures = \
         CASE WHEN sign_in_attempts.day = $4 THEN sign_in_attempts.day_failures + 1 ELSE 1 END",
    )
    .bind(attempt.account)
    .bind(&attempt.address)
    .bind(now)
    .bind(now / DAY)
    .execute(&mut *on)
    .await?;
    Ok(())
}
