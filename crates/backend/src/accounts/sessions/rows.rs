//! The rows of sessions: how one is put in, gets another key, and ends, within a transaction.

use serde_json::Value;
use sqlx::AnyConnection;
use tower_sessions::session::{Id, Record};

use super::{
    ABSOLUTE, BEGAN, EPOCH, IDLE, PENDING, PER_OPERATOR, RENEWS, SID, encode, key, operator,
};
use crate::access::OperatorId;
use crate::accounts::operators::has_number;
use crate::random;
use crate::store::holdable;

/// Ends the sessions of an operator, except the one with the name `but`, within a transaction. A
/// sign-in under way, which read the operator before this, cannot begin a session any more. Answers
/// how many there were.
pub(crate) async fn end_all(
    on: &mut AnyConnection,
    operator: &OperatorId,
    but: Option<&str>,
) -> sqlx::Result<u64> {
    sqlx::query("UPDATE operators SET epoch = epoch + 1 WHERE id = $1")
        .bind(operator.as_str())
        .execute(&mut *on)
        .await?;
    let ended = sqlx::query("DELETE FROM sessions WHERE operator = $1 AND sid <> $2")
        .bind(operator.as_str())
        .bind(but.unwrap_or_default())
        .execute(&mut *on)
        .await?;
    if let Some(but) = but {
        sqlx::query(
            "UPDATE sessions SET epoch = (SELECT epoch FROM operators WHERE id = $1) \
             WHERE operator = $1 AND sid = $2",
        )
        .bind(operator.as_str())
        .bind(but)
        .execute(on)
        .await?;
    }
    Ok(ended.rows_affected())
}

/// Gives the sessions of an operator another number and ends none of them, within a transaction. A
/// sign-in under way, which read the operator before this, has to begin again.
pub(crate) async fn renumber(on: &mut AnyConnection, operator: &OperatorId) -> sqlx::Result<()> {
    for statement in [
        "UPDATE operators SET epoch = epoch + 1 WHERE id = $1",
        "UPDATE sessions SET epoch = epoch + 1 WHERE operator = $1",
    ] {
        sqlx::query(statement)
            .bind(operator.as_str())
            .execute(&mut *on)
            .await?;
    }
    Ok(())
}

/// Ends one session of an operator, within a transaction. Answers how many there were.
pub(crate) async fn end_one(
    on: &mut AnyConnection,
    operator: &OperatorId,
    sid: &str,
) -> sqlx::Result<u64> {
    let ended = sqlx::query("DELETE FROM sessions WHERE operator = $1 AND sid = $2")
        .bind(operator.as_str())
        .bind(holdable(sid).into_owned())
        .execute(on)
        .await?;
    Ok(ended.rows_affected())
}

/// Gives a session that has no id yet its row: the one that it had before, or a new one.
pub(super) async fn put(
    on: &mut AnyConnection,
    record: &mut Record,
    now: i64,
) -> sqlx::Result<bool> {
    if let Some(before) = record.data.remove(RENEWS) {
        return move_row(on, record, before.as_str().unwrap_or_default(), now).await;
    }
    if operator(record).is_none() && !record.data.contains_key(PENDING) {
        return Ok(false);
    }
    while is_taken(on, &record.id).await? {
        record.id = Id::default();
    }
    record.data.insert(SID.to_owned(), random::id().into());
    insert(on, record, now).await
}

async fn is_taken(on: &mut AnyConnection, id: &Id) -> sqlx::Result<bool> {
    let row = sqlx::query("SELECT key FROM sessions WHERE key = $1")
        .bind(key(id))
        .fetch_optional(on)
        .await?;
    Ok(row.is_some())
}

async fn move_row(
    on: &mut AnyConnection,
    record: &Record,
    before: &str,
    now: i64,
) -> sqlx::Result<bool> {
    let moved = sqlx::query(
        "UPDATE sessions SET key = $1, data = $2, seen_at = $3, \
         idle_expires_at = CASE WHEN expires_at < $4 THEN expires_at ELSE $4 END \
         WHERE key = $5 AND operator = $6 AND expires_at > $3 \
         AND epoch = (SELECT o.epoch FROM operators o WHERE o.id = $6 AND o.disabled_at IS NULL)",
    )
    .bind(key(&record.id))
    .bind(encode(record)?)
    .bind(now)
    .bind(now + IDLE)
    .bind(before)
    .bind(operator(record))
    .execute(on)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Inserts a row, unless its operator is disabled or has another number by now.
async fn insert(on: &mut AnyConnection, record: &Record, now: i64) -> sqlx::Result<bool> {
    let number = |name| record.data.get(name).and_then(Value::as_i64);
    let began = number(BEGAN).unwrap_or(now).min(now);
    let Some(operator) = operator(record) else {
        // Waits for its code, and holds no rights.
        return insert_row(on, record, None, began, now).await;
    };
    let is_as_read = has_number(on, operator, number(EPOCH)).await?;
    Ok(is_as_read && insert_row(on, record, Some(operator), began, now).await?)
}

async fn insert_row(
    on: &mut AnyConnection,
    record: &Record,
    operator: Option<&str>,
    began: i64,
    now: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO sessions \
         (key, operator, data, created_at, idle_expires_at, expires_at, seen_at, epoch, sid) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (key) DO NOTHING",
    )
    .bind(key(&record.id))
    .bind(operator)
    .bind(encode(record)?)
    .bind(began)
    .bind((now + IDLE).min(began + ABSOLUTE))
    .bind(began + ABSOLUTE)
    .bind(now)
    .bind(
        record
            .data
            .get(EPOCH)
            .and_then(Value::as_i64)
            .unwrap_or_default(),
    )
    .bind(record.data.get(SID).and_then(Value::as_str))
    .execute(on)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the oldest sessions of an operator who has too many. Sessions that have ended do not count.
pub(super) async fn keep_newest(
    on: &mut AnyConnection,
    operator: Option<&str>,
    now: i64,
) -> sqlx::Result<()> {
    let Some(operator) = operator else {
        return Ok(());
    };
    sqlx::query(
        "DELETE FROM sessions WHERE key IN (SELECT key FROM sessions \
         WHERE operator = $1 AND idle_expires_at > $2 AND expires_at > $2 \
         ORDER BY created_at DESC, key LIMIT $3 OFFSET $4)",
    )
    .bind(operator)
    .bind(now)
    // More than there can be.
    .bind(1000_i64)
    .bind(PER_OPERATOR)
    .execute(on)
    .await?;
    Ok(())
}
