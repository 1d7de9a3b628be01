//! Checks that a pooler between this program and PostgreSQL keeps prepared statements.
//!
//! A pooler that gives each transaction any of its connections loses prepared statements, unless it
//! carries them over, as PgBouncer does from 1.21 on when it is told to. Without them a statement
//! would fail now and then, so this is checked at the start.

use std::time::Duration;

use sqlx::{AnyConnection, Connection as _};

use super::OpenError;

/// How long a pooler may look for a connection that is free.
const PATIENCE: Duration = Duration::from_secs(2);

/// Refuses a pooler that loses prepared statements.
pub(super) async fn inspect(url: &str) -> Result<(), OpenError> {
    let mut one = AnyConnection::connect(url).await?;
    let mut other = AnyConnection::connect(url).await?;
    ask(&mut one).await?;
    // A pooler now has one free connection and gives it to the client that asks first. There the
    // second client finds the statement of the first, and the first no longer finds its own.
    let mut transaction = other.begin().await?;
    ask(&mut transaction).await?;
    // A pooler with a single connection has none left for it and does not answer. That is fine: a
    // single connection keeps all statements.
    let asked = tokio::time::timeout(PATIENCE, ask(&mut one)).await;
    transaction.rollback().await?;
    let Ok(asked) = asked else { return Ok(()) };
    asked?;
    one.close().await?;
    other.close().await?;
    Ok(())
}

/// Asks with a prepared statement.
async fn ask(connection: &mut AnyConnection) -> Result<(), OpenError> {
    let row = sqlx::query("SELECT CAST($1 AS BIGINT)").bind(1_i64);
    row.fetch_one(connection).await?;
    Ok(())
}

/// What PostgreSQL or a pooler answers when a statement is gone, or another one has its name.
const LOST: [&str; 2] = ["26000", "42P05"];

/// What an error tells about a pooler.
pub(super) fn understood(error: &sqlx::Error) -> Option<OpenError> {
    let error = error.as_database_error()?;
    let code = error.code();
    if code.is_some_and(|code| LOST.contains(&&*code)) {
        Some(OpenError::StatementsLost)
    } else if error.message().contains("unsupported startup parameter") {
        Some(OpenError::ParameterRefused)
    } else {
        None
    }
}
