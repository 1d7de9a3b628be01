//! One change of an operator, and the rule that an Admin for everything is left after it.

use domain::{Cause, Failure, Grant, ProviderProblem, Role, Timestamp};
use sqlx::{AnyConnection, Row as _};

use super::{OperatorId, row};
use crate::accounts::sessions::end_all;

/// What is changed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change<'a> {
    /// The role.
    Role(Role),
    /// What the role covers.
    Grant(&'a Grant),
    /// Since when they may not sign in; nothing when they may.
    Disabled(Option<Timestamp>),
    /// The hash of the password, and the key of the one session that goes on.
    Password(&'a str, Option<&'a str>),
    /// Removes the password: a new one has to be chosen, by a link.
    NoPassword,
}

impl<'a> Change<'a> {
    /// Whether it could take the last Admin away.
    const fn weakens(self) -> bool {
        match self {
            Self::Role(role) => !matches!(role, Role::Admin),
            Self::Grant(grant) => !grant.is_everything(),
            Self::Disabled(since) => since.is_some(),
            Self::Password(..) => false,
            Self::NoPassword => true,
        }
    }

    const fn kept(self) -> Option<&'a str> {
        match self {
            Self::Password(_, kept) => kept,
            _ => None,
        }
    }

    /// Runs it within a transaction, unless no Admin for everything who can sign in would be left.
    pub(super) async fn apply(
        self,
        on: &mut AnyConnection,
        id: &OperatorId,
    ) -> sqlx::Result<Result<(), Failure>> {
        if matches!(self, Self::Password(..) | Self::NoPassword) && has_provider(on, id).await? {
            return Ok(Err(Cause::Provider(ProviderProblem::NoPassword).into()));
        }
        if self.weakens() && is_last_admin(on, id).await? {
            return Ok(Err(Cause::LastAdmin.into()));
        }
        let update = match self {
            Self::Role(role) => sqlx::query("UPDATE operators SET role = $1 WHERE id = $2")
                .bind(role.name())
                .bind(id.as_str()),
            Self::Grant(grant) => sqlx::query("UPDATE operators SET grants = $1 WHERE id = $2")
                .bind(grant.to_string())
                .bind(id.as_str()),
            Self::Disabled(since) => {
                sqlx::query("UPDATE operators SET disabled_at = $1 WHERE id = $2")
                    .bind(since.map(|since| since.0))
                    .bind(id.as_str())
            }
            Self::Password(hash, _) => {
                sqlx::query("UPDATE operators SET password = $1 WHERE id = $2")
                    .bind(hash)
                    .bind(id.as_str())
            }
            Self::NoPassword => {
                sqlx::query("UPDATE operators SET password = '' WHERE id = $1").bind(id.as_str())
            }
        };
        if update.execute(&mut *on).await?.rows_affected() == 0 {
            return Ok(Err(Cause::NoSuchPage.into()));
        }
        // Sessions that began with what was taken away end now.
        if matches!(
            self,
            Self::Disabled(Some(_)) | Self::Password(..) | Self::NoPassword
        ) {
            end_all(on, id, self.kept()).await?;
        }
        // Earlier links must not work for somebody who is disabled or has a new password.
        if matches!(self, Self::Disabled(Some(_)) | Self::Password(..)) {
            row::run(on, "DELETE FROM operator_links WHERE operator = $1", id).await?;
        }
        Ok(Ok(()))
    }
}

/// Whether the operator signs in with a provider. A password of their own would still work after
/// the provider stopped letting them in.
async fn has_provider(on: &mut AnyConnection, id: &OperatorId) -> sqlx::Result<bool> {
    let found = sqlx::query("SELECT subject FROM identities WHERE operator = $1")
        .bind(id.as_str())
        .fetch_optional(on)
        .await?;
    Ok(found.is_some())
}

/// Whether this is the only Admin for everything who can sign in. Limited Admins do not count,
/// since they manage nobody.
async fn is_last_admin(on: &mut AnyConnection, id: &OperatorId) -> sqlx::Result<bool> {
    // Locks the Admins on PostgreSQL, where two could demote each other at once.
    sqlx::query("UPDATE operators SET role = role WHERE role = 'Admin'")
        .execute(&mut *on)
        .await?;
    let others = sqlx::query(
        "SELECT COUNT(*) FROM operators WHERE role = 'Admin' AND disabled_at IS NULL \
         AND (password <> '' OR id IN (SELECT operator FROM identities)) AND grants = '*' \
         AND id <> $1",
    )
    .bind(id.as_str())
    .fetch_one(&mut *on)
    .await?;
    Ok(others.try_get::<i64, _>(0)? == 0)
}
