//! What operators are told of their own account: a sign-in from somewhere new, another password,
//! another authenticator, too many wrong tries. Only they can notice a thief in time.

use std::net::IpAddr;
use std::str::FromStr;

use domain::event::ConsoleEvent;
use domain::{Failure, Timestamp};
use serde_json::json;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::row::operator;
use super::{Operator, OperatorId};
use crate::access::Caller;
use crate::accounts::Accounts;
use crate::random;
use crate::store::{unavailable, within};

/// What the audit calls it when they are seen.
const SEE: ConsoleEvent = ConsoleEvent::SeeNotices;
/// How many an operator has at most; older ones go.
const KEPT: i64 = 50;
/// How long one is kept, in milliseconds: a year.
pub(crate) const LIFETIME: i64 = 365 * 86_400_000;

/// What an operator is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// They signed in, or proved who they are, where they never did before.
    NewAddress,
    /// They signed in after several wrong tries from there.
    AfterWrongTries,
    /// They set another password.
    PasswordChanged,
    /// They chose a password by a link.
    PasswordChosen,
    /// Somebody else took their password away.
    PasswordReset,
    /// They set an authenticator up.
    AuthenticatorSetUp,
    /// They took it away.
    AuthenticatorRemoved,
    /// Somebody else took it away.
    AuthenticatorReset,
    /// They made new recovery codes.
    NewRecoveryCodes,
    /// One of those was used.
    RecoveryCodeUsed,
    /// Wrong codes were typed after the right password.
    WrongCodes,
    /// So many that codes are refused.
    CodesRefused,
    /// So many wrong passwords that only known addresses may try.
    PasswordsRefused,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::NewAddress,
        Self::AfterWrongTries,
        Self::PasswordChanged,
        Self::PasswordChosen,
        Self::PasswordReset,
        Self::AuthenticatorSetUp,
        Self::AuthenticatorRemoved,
        Self::AuthenticatorReset,
        Self::NewRecoveryCodes,
        Self::RecoveryCodeUsed,
        Self::WrongCodes,
        Self::CodesRefused,
        Self::PasswordsRefused,
    ];

    /// The word for it in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NewAddress => "new-address",
            Self::AfterWrongTries => "after-wrong-tries",
            Self::PasswordChanged => "password-changed",
            Self::PasswordChosen => "password-chosen",
            Self::PasswordReset => "password-reset",
            Self::AuthenticatorSetUp => "authenticator-set-up",
            Self::AuthenticatorRemoved => "authenticator-removed",
            Self::AuthenticatorReset => "authenticator-reset",
            Self::NewRecoveryCodes => "new-recovery-codes",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::WrongCodes => "wrong-codes",
            Self::CodesRefused => "codes-refused",
            Self::PasswordsRefused => "passwords-refused",
        }
    }

    /// The notice for an event that an operator caused on their own account; `None` when they are
    /// told nothing.
    pub(super) fn of_event(event: ConsoleEvent) -> Option<Self> {
        Some(match event {
            ConsoleEvent::SetUpAuthenticator => Self::AuthenticatorSetUp,
            ConsoleEvent::NewRecoveryCodes => Self::NewRecoveryCodes,
            ConsoleEvent::RemoveAuthenticator => Self::AuthenticatorRemoved,
            _ => return None,
        })
    }
}

impl FromStr for NoticeKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let kinds = Self::ALL.iter().copied();
        kinds.into_iter().find(|kind| kind.name() == name).ok_or(())
    }
}

/// The operator who asks for a page, and what every page shows about them.
#[derive(Clone, Debug)]
pub struct Asking {
    /// Who.
    pub operator: Operator,
    /// How many notices they have not seen.
    pub unseen: u32,
    /// Whether they want times in the zone of their browser.
    pub local_times: bool,
}

/// One thing that an operator is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// When.
    pub at: Timestamp,
    /// From which address; nothing when somebody else did it, or nobody in particular.
    pub address: Option<String>,
    /// Who did it, if it was somebody else.
    pub by: Option<String>,
    /// When the operator saw it; `None` while it is new.
    pub seen: Option<Timestamp>,
}

/// What is to be told.
#[derive(Clone, Copy, Debug)]
pub(super) struct News<'a> {
    kind: NoticeKind,
    address: Option<IpAddr>,
    by: Option<&'a str>,
}

impl<'a> News<'a> {
    /// Done as the operator, from an address.
    pub(super) const fn own(kind: NoticeKind, address: Option<IpAddr>) -> Self {
        Self {
            kind,
            address,
            by: None,
        }
    }

    /// Done to the operator by somebody else, whose address is nobody's business.
    pub(super) const fn by(kind: NoticeKind, whom: &'a str) -> Self {
        Self {
            kind,
            address: None,
            by: Some(whom),
        }
    }
}

impl Accounts {
    /// Tells an operator something, within the transaction that does it.
    pub(super) async fn tell(
        &self,
        on: &mut AnyConnection,
        id: &OperatorId,
        news: News<'_>,
    ) -> sqlx::Result<()> {
        let now = self.clock.now().0;
        sqlx::query(
            "INSERT INTO notices (id, operator, at, kind, address, by_whom) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(random::id())
        .bind(id.as_str())
        .bind(now)
        .bind(news.kind.name())
        .bind(news.address.map(|address| address.to_string()))
        .bind(news.by)
        .execute(&mut *on)
        .await?;
        sqlx::query(
            "DELETE FROM notices WHERE operator = $1 AND (at < $2 OR id NOT IN (SELECT id FROM \
             notices WHERE operator = $1 ORDER BY at DESC, id LIMIT $3))",
        )
        .bind(id.as_str())
        .bind(now - LIFETIME)
        .bind(KEPT)
        .execute(on)
        .await?;
        Ok(())
    }

    /// The same unless they were told since a time.
    pub(super) async fn tell_once_since(
        &self,
        on: &mut AnyConnection,
        id: &OperatorId,
        news: News<'_>,
        since: Timestamp,
    ) -> sqlx::Result<()> {
        let told =
            sqlx::query("SELECT id FROM notices WHERE operator = $1 AND at >= $2 AND kind = $3")
                .bind(id.as_str())
                .bind(since.0)
                .bind(news.kind.name())
                .fetch_optional(&mut *on)
                .await?;
        if told.is_some() {
            return Ok(());
        }
        self.tell(on, id, news).await
    }

    /// What an operator was told, the newest first.
    pub async fn notices(&self, id: &OperatorId) -> Result<Vec<Notice>, Failure> {
        let rows = sqlx::query(
            "SELECT kind, at, address, by_whom, seen_at FROM notices WHERE operator = $1 \
             ORDER BY at DESC, id",
        )
        .bind(id.as_str())
        .fetch_all(self.store.pool());
        let read = async { rows.await?.iter().map(notice).collect() };
        let notices: Vec<Option<Notice>> = within(read).await?;
        Ok(notices.into_iter().flatten().collect())
    }

    /// An operator who asks for a page, and how many notices they have not seen: in one query,
    /// since every request asks.
    pub async fn who_asks(&self, id: &OperatorId) -> Result<Option<Asking>, Failure> {
        let row = sqlx::query(
            "SELECT operators.*, identities.provider, (SELECT COUNT(*) FROM notices \
             WHERE notices.operator = operators.id AND notices.seen_at IS NULL) AS unseen \
             FROM operators LEFT JOIN identities ON identities.operator = operators.id \
             WHERE operators.id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(self.store.pool());
        let Some(row) = within(row).await? else {
            return Ok(None);
        };
        let number = |name| {
            let number = row.try_get::<i64, _>(name);
            number.map_err(|error| unavailable(&error))
        };
        Ok(Some(Asking {
            operator: operator(&row)?,
            unseen: u32::try_from(number("unseen")?).unwrap_or(u32::MAX),
            local_times: number("local_times")? != 0,
        }))
    }
}

/// A notice; nothing when a newer version wrote it.
fn notice(row: &AnyRow) -> sqlx::Result<Option<Notice>> {
    let kind: String = row.try_get(0)?;
    let Ok(kind) = kind.parse() else {
        return Ok(None);
    };
    Ok(Some(Notice {
        kind,
        at: Timestamp(row.try_get(1)?),
        address: row.try_get(2)?,
        by: row.try_get(3)?,
        seen: row.try_get::<Option<i64>, _>(4)?.map(Timestamp),
    }))
}

impl Accounts {
    /// Marks the caller's notices up to a time as seen.
    pub async fn see_notices(&self, caller: &Caller, until: Timestamp) -> Result<(), Failure> {
        self.do_own(caller, SEE, async |on: &mut AnyConnection| {
            let seen = sqlx::query(
                "UPDATE notices SET seen_at = $1 WHERE operator = $2 AND at <= $3 \
                 AND seen_at IS NULL",
            )
            .bind(self.clock.now().0)
            .bind(caller.operator.as_str())
            .bind(until.0)
            .execute(on)
            .await?;
            Ok(((), json!({ "notices": seen.rows_affected() })))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        for kind in NoticeKind::ALL {
            assert_eq!(kind.name().parse(), Ok(*kind));
        }
        assert_eq!("of-a-newer-version".parse::<NoticeKind>(), Err(()));
    }
}
