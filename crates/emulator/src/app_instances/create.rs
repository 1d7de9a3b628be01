//! `CreateAppInstance`.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::app_instances::ArnOutput;
use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::constraints::{self, Tag, TagInput};
use crate::error::ApiError;
use crate::idempotency::{Attempt, Made};
use crate::object::Object;
use crate::scope::Scope;
use crate::settings::Quotas;
use crate::tag_list::{self, Owner};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    name: Option<String>,
    metadata: Option<String>,
    client_request_token: Option<String>,
    tags: Option<Vec<Object<TagInput>>>,
}

#[derive(Serialize)]
struct Draft {
    name: String,
    metadata: Option<String>,
    tags: Vec<Tag>,
}

/// Makes an app instance with an id of the service's choice (model: `CreateAppInstanceRequest`).
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let name = constraints::app_instance_name(input.name)?;
    let metadata = constraints::metadata(input.metadata)?;
    let token = constraints::client_request_token(input.client_request_token)?;
    let tags = constraints::first_tags(input.tags)?;
    let draft = Draft {
        name,
        metadata,
        tags,
    };
    let attempt = Attempt::new(&call, "", token, &draft)?;
    let (scope, quotas, now) = (call.scope.clone(), call.state.quotas(), call.now());

    let app_instance_arn = call
        .write(move |db| {
            Box::pin(async move { insert(db, &scope, quotas, &draft, &attempt, now).await })
        })
        .await?;
    Answer::created(&ArnOutput { app_instance_arn })
}

async fn insert(
    db: &mut SqliteConnection,
    scope: &Scope,
    quotas: Quotas,
    draft: &Draft,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<String, ApiError> {
    if let Some(arn) = attempt.replay(db).await? {
        return Ok(arn);
    }
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM app_instance WHERE account_id = $1 AND region = $2 AND deleting = 0",
    )
    .bind(&scope.account_id)
    .bind(&scope.region)
    .fetch_one(&mut *db)
    .await?;
    if count >= i64::from(quotas.app_instances) {
        return Err(ApiError::limit_exceeded(
            "the account has as many AppInstances as it may have",
        ));
    }
    let id = uuid::Uuid::new_v4().to_string();
    let row: i64 = sqlx::query_scalar(
        "INSERT INTO app_instance (account_id, region, app_instance_id, name, metadata, created_ms, updated_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id",
    )
    .bind(&scope.account_id)
    .bind(&scope.region)
    .bind(&id)
    .bind(&draft.name)
    .bind(&draft.metadata)
    .bind(now)
    .fetch_one(&mut *db)
    .await?;
    tag_list::put_first(db, Owner::AppInstance(row), &draft.tags, quotas).await?;
    let arn = scope.app_instance_arn(&id);
    attempt
        .remember(db, &arn, Made::AppInstance(row), now)
        .await?;
    Ok(arn)
}
