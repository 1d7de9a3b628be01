//! Keyset paging: which page of a list a call asks for, and the token of the page after it.
//!
//! Order is creation time, then ARN, and page k costs the same index range as page 1.

use sqlx::{
    FromRow, Sqlite, SqliteConnection,
    query::QueryAs,
    sqlite::{SqliteArguments, SqliteRow},
};

use crate::call::Call;
use crate::constraints;
use crate::error::ApiError;
use crate::next_token::{NextToken, PagingKey, Position};

/// The default and the largest page (model: shape `MaxResults`; the default is undocumented).
const MAX_PAGE: i64 = 50;

/// What a list was asked for.
pub(crate) struct PageRequest<'a> {
    size: i64,
    after: Position,
    binding: String,
    paging_key: &'a PagingKey,
}

impl<'a> PageRequest<'a> {
    /// Reads `max-results` and `next-token`. `parent` is the resource that is listed from.
    pub(crate) fn read(call: &'a Call, parent: &str) -> Result<Self, ApiError> {
        let size = match call.query.get("max-results") {
            None => MAX_PAGE,
            Some(text) => {
                let size = text.parse().map_err(|_| {
                    constraints::violated("maxResults", "Member must be an integer")
                })?;
                constraints::range("maxResults", size, 1, MAX_PAGE)?;
                size
            }
        };
        let binding = binding(call, parent);
        let paging_key = &call.state.paging_key;
        let after = match call.query.get("next-token") {
            // An empty token is sent literally by clients that kept the last answer's absent one.
            None | Some("") => Position::start(),
            Some(token) => {
                constraints::length("nextToken", token, 0, 2048)?;
                paging_key.open(&binding, token).ok_or_else(|| {
                    ApiError::bad_request("NextToken is not one that this list gave out")
                })?
            }
        };
        Ok(Self {
            size,
            after,
            binding,
            paging_key,
        })
    }

    /// The rows of the page, and the token of the page after it.
    ///
    /// `query` orders by creation time and key. Its last three values are bound here: the time and the key that the
    /// page begins after, and how many rows to fetch.
    pub(crate) async fn rows<T>(
        self,
        db: &mut SqliteConnection,
        query: QueryAs<'_, Sqlite, T, SqliteArguments>,
        position: impl Fn(&T) -> Position,
    ) -> Result<(Vec<T>, NextToken), ApiError>
    where
        T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        // One more than the page, to know whether there is a next one.
        let query = query
            .bind(self.after.created)
            .bind(self.after.key)
            .bind(self.size + 1);
        let mut rows = query.fetch_all(db).await?;
        if rows.len() <= size {
            return Ok((rows, NextToken(None)));
        }
        rows.truncate(size);
        let seal = |row| self.paging_key.seal(&self.binding, &position(row));
        let token = rows.last().map(seal);
        Ok((rows, NextToken(token)))
    }
}

/// A token given out for one operation, parent, account and Region is refused for any other.
fn binding(call: &Call, parent: &str) -> String {
    format!(
        "{}\n{}\n{}\n{parent}",
        call.operation.name(),
        call.scope.account_id,
        call.scope.region
    )
}
