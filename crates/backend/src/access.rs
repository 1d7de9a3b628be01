//! What who asks may do now: read again where it is used, since role, scope and session can be others
//! than they were when the request came.

use domain::{Cause, Failure, Grant, Timestamp};
use sqlx::{AnyConnection, Row as _};

use crate::store::within;
use crate::{AuditReader, Backend, Caller, Points};

/// Not whether it was idle for too long: that was looked at when it was loaded, by what may not be
/// written yet.
const STANDING: &str = "SELECT o.role, o.grants FROM operators o JOIN sessions s \
     ON s.operator = o.id AND s.epoch = o.epoch \
     WHERE o.id = $1 AND o.disabled_at IS NULL AND s.sid = $2 AND s.expires_at > $3";

impl Backend {
    /// Who asks, with the role and the scope that they have now. `Cause::SignedOut` when they are
    /// disabled or their session has ended.
    pub async fn still(&self, caller: &Caller) -> Result<Caller, Failure> {
        let read = async {
            let mut connection = self.store().pool().acquire().await?;
            still_on(&mut connection, caller, self.clock().now()).await
        };
        within(read).await?
    }

    /// The audit log as somebody may read it now ([`Audit::seen_by`](crate::Audit::seen_by)). For each
    /// piece of a long reading anew.
    pub async fn audit_for(&self, caller: &Caller) -> Result<AuditReader, Failure> {
        Ok(self.audit().seen_by(&self.still(caller).await?))
    }

    /// Where a test can hold a request. Nothing in a build that is not for tests.
    pub fn points(&self) -> &Points {
        self.store().points()
    }
}

/// The same within a transaction: what it answers holds until that ends, if it is one of
/// `Audit::write`.
pub(crate) async fn still_on(
    on: &mut AnyConnection,
    caller: &Caller,
    now: Timestamp,
) -> sqlx::Result<Result<Caller, Failure>> {
    // The console itself acts by no session.
    let Some(session) = &caller.session else {
        return Ok(Ok(caller.clone()));
    };
    let row = sqlx::query(STANDING)
        .bind(caller.operator.as_str())
        .bind(session)
        .bind(now.0)
        .fetch_optional(on)
        .await?;
    let Some(row) = row else {
        return Ok(Err(Cause::SignedOut.into()));
    };
    let (role, grant): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let Ok(role) = role.parse() else {
        tracing::error!("an operator has a role that this version does not know");
        return Ok(Err(Cause::Internal.into()));
    };
    Ok(Ok(Caller {
        role,
        grant: Grant::kept(&grant),
        ..caller.clone()
    }))
}
