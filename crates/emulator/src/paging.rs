//! Keyset paging: which page of a list a call asks for, and the token of the page after it.
//!
//! Order is creation time, then ARN, and page k costs the same index range as page 1.

use crate::{
    call::Call,
    constraints,
    error::ApiError,
    next_token::{NextToken, Position},
};

/// The default and the largest page (model: shape `MaxResults`; the default is undocumented).
const MAX_PAGE: i64 = 50;

/// What a list was asked for.
pub(crate) struct PageRequest {
    size: i64,
    pub(crate) after: Position,
    binding: String,
}

impl PageRequest {
    /// Reads `max-results` and `next-token`. `parent` is the resource that is listed from.
    pub(crate) fn read(call: &Call, parent: &str) -> Result<Self, ApiError> {
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
        let after = match call.query.get("next-token") {
            // An empty token is sent literally by clients that kept the last answer's absent one.
            None | Some("") => Position::start(),
            Some(token) => {
                constraints::length("nextToken", token, 0, 2048)?;
                call.state.paging_key.open(&binding, token).ok_or_else(|| {
                    ApiError::bad_request("NextToken is not one that this list gave out")
                })?
            }
        };
        Ok(Self {
            size,
            after,
            binding,
        })
    }

    /// How many rows to fetch: one more than the page, to know whether there is a next one.
    pub(crate) fn fetch(&self) -> i64 {
        self.size + 1
    }

    /// Cuts the extra row off and makes the token for the page after this one.
    pub(crate) fn finish<T>(
        &self,
        call: &Call,
        mut rows: Vec<T>,
        position: impl Fn(&T) -> Position,
    ) -> (Vec<T>, NextToken) {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        if rows.len() <= size {
            return (rows, NextToken(None));
        }
        rows.truncate(size);
        let token = rows
            .last()
            .map(|row| call.state.paging_key.seal(&self.binding, &position(row)));
        (rows, NextToken(token))
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
