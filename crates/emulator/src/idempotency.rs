//! `ClientRequestToken`: the same token with the same parameters makes one resource (model: trait `idempotencyToken`).
//!
//! Tokens are stored in the transaction that makes the resource and leave with it, or after [`KEEP_DAYS`]. The single
//! writer makes concurrent equal requests one after the other, so the second finds the token of the first.

use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use crate::call::Call;
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::operation::Operation;

/// How long a token is remembered at least; AWS promises nothing, other services say 24 hours.
pub(crate) const KEEP_DAYS: i64 = 2;

/// One use of a token.
pub(crate) struct Attempt {
    account_id: String,
    region: String,
    operation: &'static str,
    parent: String,
    token: String,
    hash: Vec<u8>,
}

/// The row whose removal lets its token make a new resource.
#[derive(Clone, Copy)]
pub(crate) enum Made {
    AppInstance(i64),
    User(i64),
    Bot(i64),
    Endpoint(i64),
}

impl Attempt {
    /// `parameters` are the checked ones: defaults applied, tags sorted.
    pub(crate) fn new(
        call: &Call,
        parent: &str,
        token: String,
        parameters: &impl Serialize,
    ) -> Result<Self, ApiError> {
        Ok(Self {
            account_id: call.scope.account_id.clone(),
            region: call.scope.region.clone(),
            operation: Operation::name(call.operation),
            parent: parent.to_owned(),
            token,
            hash: hash(parameters)?,
        })
    }

    /// What the first use of the token made, if there was one; a conflict if it had other parameters.
    pub(crate) async fn replay(
        &self,
        db: &mut SqliteConnection,
    ) -> Result<Option<String>, ApiError> {
        let found: Option<(Vec<u8>, String)> = sqlx::query_as(
            "SELECT request_hash, result FROM idempotency
             WHERE account_id = $1 AND region = $2 AND operation = $3 AND parent = $4 AND token = $5",
        )
        .bind(&self.account_id)
        .bind(&self.region)
        .bind(self.operation)
        .bind(&self.parent)
        .bind(&self.token)
        .fetch_optional(db)
        .await?;
        self.same(found)
    }

    /// The row of the app instance in which the token makes something, as `app_instances::find` gives it, and what its
    /// first use made there.
    pub(crate) async fn replay_in(
        &self,
        db: &mut SqliteConnection,
        app_instance_id: &str,
    ) -> Result<(i64, Option<String>), ApiError> {
        let found: Option<(i64, Option<Vec<u8>>, Option<String>)> = sqlx::query_as(
            "SELECT i.id, t.request_hash, t.result FROM app_instance i
             LEFT JOIN idempotency t ON t.account_id = i.account_id AND t.region = i.region
                 AND t.operation = $4 AND t.parent = $5 AND t.token = $6
             WHERE i.account_id = $1 AND i.region = $2 AND i.app_instance_id = $3 AND i.deleting = 0",
        )
        .bind(&self.account_id)
        .bind(&self.region)
        .bind(app_instance_id)
        .bind(self.operation)
        .bind(&self.parent)
        .bind(&self.token)
        .fetch_optional(db)
        .await?;
        let (row, hash, result) = found.ok_or_else(|| ApiError::missing("app instance"))?;
        Ok((row, self.same(hash.zip(result))?))
    }

    fn same(&self, found: Option<(Vec<u8>, String)>) -> Result<Option<String>, ApiError> {
        match found {
            None => Ok(None),
            Some((hash, result)) if hash == self.hash => Ok(Some(result)),
            Some(_) => Err(ApiError::conflict(
                "the ClientRequestToken was used with other parameters",
            )),
        }
    }

    /// Stores what the token made.
    pub(crate) async fn remember(
        &self,
        db: &mut SqliteConnection,
        result: &str,
        made: Made,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let (kind, owner) = match made {
            Made::AppInstance(id) => ("app-instance", id),
            Made::User(id) => ("user", id),
            Made::Bot(id) => ("bot", id),
            Made::Endpoint(id) => ("endpoint", id),
        };
        sqlx::query(
            "INSERT INTO idempotency
                 (account_id, region, operation, parent, token, request_hash, result, kind, owner, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&self.account_id)
        .bind(&self.region)
        .bind(self.operation)
        .bind(&self.parent)
        .bind(&self.token)
        .bind(&self.hash)
        .bind(result)
        .bind(kind)
        .bind(owner)
        .bind(now)
        .execute(db)
        .await?;
        Ok(())
    }
}

fn hash(parameters: &impl Serialize) -> Result<Vec<u8>, ApiError> {
    let canonical = serde_json::to_vec(parameters).map_err(|_| ApiError::service_failure())?;
    Ok(Sha256::digest(canonical).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::Tag;

    #[derive(Serialize)]
    struct Parameters {
        name: &'static str,
        metadata: Option<&'static str>,
        tags: Vec<Tag>,
    }

    #[test]
    fn the_hash_covers_every_parameter() {
        let base = || Parameters {
            name: "a",
            metadata: None,
            tags: vec![],
        };
        let tag = Tag {
            key: "k".to_owned(),
            value: "v".to_owned(),
        };

        assert_eq!(hash(&base()).unwrap(), hash(&base()).unwrap());
        for other in [
            Parameters {
                name: "b",
                ..base()
            },
            Parameters {
                metadata: Some(""),
                ..base()
            },
            Parameters {
                tags: vec![tag],
                ..base()
            },
        ] {
            assert_ne!(hash(&base()).unwrap(), hash(&other).unwrap());
        }
    }
}
