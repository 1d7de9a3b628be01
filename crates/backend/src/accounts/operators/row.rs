//! Operators as the database has them.

use domain::{Cause, Failure, Grant, Role, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::{Operator, OperatorId, username};
use crate::random;
use crate::store::unavailable;

/// Runs a statement whose one parameter is the id of an operator.
pub(super) async fn run(
    on: &mut AnyConnection,
    statement: &'static str,
    id: &OperatorId,
) -> sqlx::Result<()> {
    let done = sqlx::query(statement).bind(id.as_str()).execute(on).await;
    done.map(drop)
}

/// Adds a row, unless somebody has the name, or one that looks like it.
pub(super) async fn insert(
    on: &mut AnyConnection,
    operator: &Operator,
    password_hash: &str,
) -> sqlx::Result<bool> {
    let names = sqlx::query("SELECT username FROM operators")
        .fetch_all(&mut *on)
        .await?;
    for row in names {
        let name: String = row.try_get(0)?;
        if username::look_alike(&name, &operator.username) {
            return Ok(false);
        }
    }
    let done = sqlx::query(
        "INSERT INTO operators (id, username, username_key, role, grants, password, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (username_key) DO NOTHING",
    )
    .bind(operator.id.as_str())
    .bind(&operator.username)
    .bind(key(&operator.username))
    .bind(operator.role.name())
    .bind(operator.grant.to_string())
    .bind(password_hash)
    .bind(operator.created.0)
    .execute(on)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The operator of a row that has `provider` of `identities` beside it.
pub(super) fn operator(row: &AnyRow) -> Result<Operator, Failure> {
    let read = || -> sqlx::Result<(Operator, String, String)> {
        let (role, grant) = (row.try_get("role")?, row.try_get("grants")?);
        let provider: Option<String> = row.try_get("provider")?;
        let operator = Operator {
            id: OperatorId::from(row.try_get::<String, _>("id")?),
            username: row.try_get("username")?,
            role: Role::Viewer,
            grant: Grant::EVERYTHING,
            disabled: row.try_get::<Option<i64>, _>("disabled_at")?.map(Timestamp),
            created: Timestamp(row.try_get("created_at")?),
            signed_in: row
                .try_get::<Option<i64>, _>("signed_in_at")?
                .map(Timestamp),
            invited: provider.is_none() && row.try_get::<String, _>("password")?.is_empty(),
            provider,
            epoch: row.try_get("epoch")?,
        };
        Ok((operator, role, grant))
    };
    let (operator, role, grant) = read().map_err(|error| unavailable(&error))?;
    let Ok(role) = role.parse() else {
        tracing::error!("an operator has a role that this version does not know");
        return Err(Cause::Internal.into());
    };
    Ok(Operator {
        role,
        grant: Grant::kept(&grant),
        ..operator
    })
}

/// Whether an operator still has the number that they were read with, and may sign in.
pub(super) async fn is_as_read(on: &mut AnyConnection, operator: &Operator) -> sqlx::Result<bool> {
    has_number(on, operator.id.as_str(), Some(operator.epoch)).await
}

/// Whether an operator has this number, and may sign in.
pub(crate) async fn has_number(
    on: &mut AnyConnection,
    id: &str,
    epoch: Option<i64>,
) -> sqlx::Result<bool> {
    let row = sqlx::query(
        "SELECT id FROM operators WHERE id = $1 AND epoch = $2 AND disabled_at IS NULL",
    )
    .bind(id)
    .bind(epoch)
    .fetch_optional(on)
    .await?;
    Ok(row.is_some())
}

/// The number that an operator's sessions have now.
pub(super) async fn epoch_of(on: &mut AnyConnection, id: &OperatorId) -> sqlx::Result<i64> {
    let row = sqlx::query("SELECT epoch FROM operators WHERE id = $1")
        .bind(id.as_str())
        .fetch_one(on)
        .await?;
    row.try_get(0)
}

/// Names are looked up by hash: then no text that somebody types reaches the database, which
/// refuses some characters with an error.
pub(super) fn key(username: &str) -> String {
    random::sha256(username.to_lowercase().as_bytes())
}
