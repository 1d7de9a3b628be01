//! Whose rights a job acts with. They are read again for each batch: an operator who was disabled or
//! lost a role, loses them for what still runs too.

use domain::{Cause, Failure, Grant, Role, Timestamp};
use sqlx::{AnyConnection, Row as _};

use crate::access::{Caller, OperatorId};
use crate::changes::Changes;

/// Whose job it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The operator; nobody for a job of the shell, which may do everything.
    pub operator: Option<OperatorId>,
    /// Their name when they made the job.
    pub username: String,
}

impl Owner {
    /// The owner of what somebody at a shell does: `cli:` and the name of the system's user.
    pub fn shell(user: &str) -> Self {
        Self {
            operator: None,
            username: format!("cli:{user}"),
        }
    }

    /// Whether somebody is the owner.
    pub fn is(&self, caller: &Caller) -> bool {
        self.operator.as_ref() == Some(&caller.operator)
    }
}

impl From<&Caller> for Owner {
    fn from(caller: &Caller) -> Self {
        Self {
            operator: Some(caller.operator.clone()),
            username: caller.username.clone(),
        }
    }
}

/// Reads the present rights of an owner. The proof was asked for when the job was started.
pub(super) async fn rights(
    on: &mut AnyConnection,
    owner: &Owner,
    now: Timestamp,
) -> sqlx::Result<Result<Caller, Failure>> {
    let caller = |operator: OperatorId, role, grant| Caller {
        operator,
        username: owner.username.clone(),
        role,
        grant,
        remote: None,
        request_id: String::new(),
        proved: Some(now),
        session: None,
        changes: Changes::default(),
    };
    let Some(operator) = &owner.operator else {
        let shell = OperatorId::from(String::new());
        return Ok(Ok(caller(shell, Role::Admin, Grant::EVERYTHING)));
    };
    let row =
        sqlx::query("SELECT role, grants FROM operators WHERE id = $1 AND disabled_at IS NULL")
            .bind(operator.as_str())
            .fetch_optional(on)
            .await?;
    let Some(row) = row else {
        return Ok(Err(Cause::SignedOut.into()));
    };
    let (role, grant): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let Ok(role) = role.parse() else {
        return Ok(Err(Cause::Internal.into()));
    };
    Ok(Ok(caller(operator.clone(), role, Grant::kept(&grant))))
}
