//! Slowing down of guesses at passwords, kept over restarts.
//!
//! Counted per account and address, so that a stranger cannot lock somebody out: after three
//! failures each further try has to wait. From all addresses together an account takes a hundred
//! guesses a day; addresses that it was signed in from before are exempt from that.

use std::net::IpAddr;

use domain::{Cause, Failure, Timestamp};
use sqlx::{AnyConnection, Row as _};

use super::OperatorId;
use super::notices::{News, NoticeKind};
use super::password::Asker;
use crate::accounts::Accounts;
use crate::network::ClientNetwork;
use crate::store::within;

/// A day, in milliseconds.
pub(super) const DAY: i64 = 86_400_000;
/// Failures in a day and over all addresses before only known addresses may try.
const DAILY: i64 = 100;
/// Wrong tries before a right one that its operator is told of.
const TOLD: i64 = 3;
/// Days after which an address is forgotten.
const KEPT_DAYS: i64 = 30;

/// Tries before this time are forgotten.
pub(crate) const fn forgotten_before(now: i64) -> i64 {
    now - KEPT_DAYS * DAY
}

/// A try to sign in.
#[derive(Debug)]
pub(super) struct Attempt<'a> {
    account: &'a str,
    address: String,
    remote: Option<IpAddr>,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(account: &'a str, remote: Option<IpAddr>) -> Self {
        Self {
            account,
            address: ClientNetwork::of(remote).to_string(),
            remote,
        }
    }

    pub(super) const fn account(&self) -> &'a str {
        self.account
    }

    pub(super) const fn remote(&self) -> Option<IpAddr> {
        self.remote
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

impl Accounts {
    /// Counts a try as failed, or refuses it when it comes too soon. Answers whether the account
    /// was signed in to from there before.
    pub(super) async fn count(&self, attempt: &Attempt<'_>) -> Result<Asker, Failure> {
        let counted = async {
            let mut write = self.store.write().await?;
            let counted = self.count_on(write.on(), attempt).await?;
            // A refusal too: its operator may have been told of it.
            write.commit().await?;
            Ok(counted)
        };
        within(counted).await?
    }

    /// The same within a transaction.
    pub(super) async fn count_on(
        &self,
        on: &mut AnyConnection,
        attempt: &Attempt<'_>,
    ) -> sqlx::Result<Result<Asker, Failure>> {
        let now = self.clock.now().0;
        let standing = standing(on, attempt, now).await?;
        if standing.is_used_up {
            self.tell_of_refusals(on, attempt).await?;
        }
        if standing.wait > 0 {
            let seconds = u32::try_from(standing.wait).unwrap_or(u32::MAX);
            return Ok(Err(Cause::SlowDown(seconds).into()));
        }
        record(on, attempt, now).await?;
        Ok(Ok(standing.asker))
    }

    /// Notes that an attempt was right after all, which forgets the failures before it. Tells the
    /// operator if the address is new for them; their very first address is not told.
    pub(super) async fn succeed(
        &self,
        on: &mut AnyConnection,
        attempt: &Attempt<'_>,
        id: &OperatorId,
        is_first: bool,
    ) -> sqlx::Result<()> {
        let row = sqlx::query(
            "SELECT failures, succeeded_at FROM sign_in_attempts \
             WHERE account = $1 AND address = $2",
        )
        .bind(attempt.account)
        .bind(&attempt.address)
        .fetch_optional(&mut *on)
        .await?;
        // This one is among the failures still.
        let (failures, before) = match row {
            Some(row) => (row.try_get::<i64, _>(0)? - 1, row.try_get(1)?),
            None => (0, None::<i64>),
        };
        let kind = match before {
            None if is_first => None,
            None => Some(NoticeKind::NewAddress),
            Some(_) => (failures >= TOLD).then_some(NoticeKind::AfterWrongTries),
        };
        if let Some(kind) = kind {
            self.tell(on, id, News::own(kind, attempt.remote)).await?;
        }
        forgive(on, attempt, self.clock.now()).await
    }

    /// The same for somebody who was let in without an attempt: by a provider, or a link.
    pub(super) async fn arrive(
        &self,
        on: &mut AnyConnection,
        attempt: &Attempt<'_>,
        id: &OperatorId,
        is_first: bool,
    ) -> sqlx::Result<()> {
        record(on, attempt, self.clock.now().0).await?;
        self.succeed(on, attempt, id, is_first).await
    }

    /// Tells an operator, once a day, that only known addresses may try their password.
    async fn tell_of_refusals(
        &self,
        on: &mut AnyConnection,
        attempt: &Attempt<'_>,
    ) -> sqlx::Result<()> {
        let row = sqlx::query("SELECT id FROM operators WHERE username_key = $1")
            .bind(attempt.account)
            .fetch_optional(&mut *on)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let id = OperatorId::from(row.try_get::<String, _>(0)?);
        let now = self.clock.now().0;
        let news = News::own(NoticeKind::PasswordsRefused, attempt.remote);
        self.tell_once_since(on, &id, news, Timestamp(now - now % DAY))
            .await
    }
}

/// Forgets the failures before an attempt that was right after all.
async fn forgive(
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

/// Stops counting an attempt that was right so far. The failures before it stay.
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

/// What is known before an attempt is made.
struct Standing {
    asker: Asker,
    /// Seconds to wait before it may be made.
    wait: i64,
    /// Whether the account has used up today's guesses from all addresses.
    is_used_up: bool,
}

async fn standing(
    on: &mut AnyConnection,
    attempt: &Attempt<'_>,
    now: i64,
) -> sqlx::Result<Standing> {
    let row = sqlx::query(
        "SELECT failures, last_at, succeeded_at FROM sign_in_attempts \
         WHERE account = $1 AND address = $2 AND last_at >= $3",
    )
    .bind(attempt.account)
    .bind(&attempt.address)
    .bind(forgotten_before(now))
    .fetch_optional(&mut *on)
    .await?;
    let mut standing = Standing {
        asker: Asker::Stranger,
        wait: 0,
        is_used_up: false,
    };
    if let Some(row) = row {
        let until = row.try_get::<i64, _>(1)? + delay(row.try_get(0)?) * 1000;
        if row.try_get::<Option<i64>, _>(2)?.is_some() {
            standing.asker = Asker::Known;
        }
        if until > now {
            standing.wait = (until - now + 999) / 1000;
            return Ok(standing);
        }
    }
    if standing.asker == Asker::Known {
        return Ok(standing);
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
    if today.try_get::<i64, _>(0)? >= DAILY {
        standing.wait = (DAY - now % DAY + 999) / 1000;
        standing.is_used_up = true;
    }
    Ok(standing)
}

async fn record(on: &mut AnyConnection, attempt: &Attempt<'_>, now: i64) -> sqlx::Result<()> {
    // An old row no longer counts, although it is deleted only later (`Accounts::purge`).
    sqlx::query(
        "DELETE FROM sign_in_attempts WHERE account = $1 AND address = $2 AND last_at < $3",
    )
    .bind(attempt.account)
    .bind(&attempt.address)
    .bind(forgotten_before(now))
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
