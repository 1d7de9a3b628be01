//! `CreateAppInstanceUser`.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::arn::{self, UserName};
use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::constraints::{self, Tag, TagInput};
use crate::error::ApiError;
use crate::idempotency::{Attempt, Made};
use crate::object::Object;
use crate::scope::Scope;
use crate::settings::Quotas;
use crate::tag_list::{self, Owner};
use crate::users::ArnOutput;
use crate::users::expiration::ExpirationInput;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    app_instance_arn: Option<String>,
    app_instance_user_id: Option<String>,
    name: Option<String>,
    metadata: Option<String>,
    client_request_token: Option<String>,
    tags: Option<Vec<Object<TagInput>>>,
    expiration_settings: Option<Object<ExpirationInput>>,
}

#[derive(Serialize)]
struct Draft {
    user_id: String,
    name: String,
    metadata: Option<String>,
    tags: Vec<Tag>,
    expiration_days: Option<i64>,
}

/// Makes a user whose id the caller chooses (model: `CreateAppInstanceUserRequest`).
///
/// An id that is there already is no error when everything else is equal too: samples that AWS publishes create the
/// user at each sign-in. Nothing is changed then, and the answer is the same.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let arn = constraints::required("appInstanceArn", input.app_instance_arn)?;
    let app_instance_id = arn::app_instance("appInstanceArn", &arn, &call.scope)?;
    let user_id = constraints::required("appInstanceUserId", input.app_instance_user_id)?;
    constraints::user_id("appInstanceUserId", &user_id)?;
    let name = constraints::user_name(input.name)?;
    let metadata = constraints::metadata(input.metadata)?;
    let token = constraints::client_request_token(input.client_request_token)?;
    let tags = constraints::first_tags(input.tags)?;
    let expiration_days = input
        .expiration_settings
        .map(|Object(found)| found.check())
        .transpose()?;
    let draft = Draft {
        user_id,
        name,
        metadata,
        tags,
        expiration_days,
    };
    let attempt = Attempt::new(&call, &arn, token, &draft)?;
    let (scope, quotas, now) = (call.scope.clone(), call.state.quotas(), call.now());

    let app_instance_user_arn = call
        .write(move |db| {
            Box::pin(async move {
                let (app_instance, made) = attempt.replay_in(db, &app_instance_id).await?;
                if let Some(arn) = made {
                    return Ok(arn);
                }
                let row = match insert(db, app_instance, quotas, &draft, now).await? {
                    Some(row) => row,
                    None => find_equal(db, app_instance, &draft).await?,
                };
                let arn = arn_of(&scope, app_instance_id, draft.user_id);
                attempt.remember(db, &arn, Made::User(row), now).await?;
                Ok(arn)
            })
        })
        .await?;
    Answer::created(&ArnOutput {
        app_instance_user_arn,
    })
}

fn arn_of(scope: &Scope, app_instance_id: String, user_id: String) -> String {
    scope.user_arn(&UserName {
        app_instance_id,
        user_id,
    })
}

/// The user who has the id; a conflict when one of their values is other than asked for. Where nobody has it, the quota
/// was in the way.
async fn find_equal(
    db: &mut SqliteConnection,
    app_instance: i64,
    draft: &Draft,
) -> Result<i64, ApiError> {
    let found: Option<(i64, String, Option<String>, Option<i64>)> = sqlx::query_as(
        "SELECT id, name, metadata, expiration_days FROM app_instance_user WHERE app_instance = $1 AND user_id = $2",
    )
    .bind(app_instance)
    .bind(&draft.user_id)
    .fetch_optional(&mut *db)
    .await?;
    let Some((row, name, metadata, expiration_days)) = found else {
        return Err(ApiError::limit_exceeded(
            "the AppInstance has as many users as it may have",
        ));
    };
    let tags = tag_list::of(db, Owner::User(row)).await?;
    // Empty metadata counts as none: UpdateAppInstanceUser can remove it only by an empty text.
    let is_equal = name == draft.name
        && metadata.unwrap_or_default() == draft.metadata.as_deref().unwrap_or_default()
        && expiration_days == draft.expiration_days
        && tags == draft.tags;
    if is_equal {
        Ok(row)
    } else {
        Err(ApiError::conflict(
            "the AppInstance has a user with this AppInstanceUserId and other values",
        ))
    }
}

/// Makes the user; `None` when there is one with the id, or no room for another.
async fn insert(
    db: &mut SqliteConnection,
    app_instance: i64,
    quotas: Quotas,
    draft: &Draft,
    now: Timestamp,
) -> Result<Option<i64>, ApiError> {
    let row: Option<i64> = sqlx::query_scalar(
        "INSERT INTO app_instance_user
             (app_instance, user_id, name, metadata, created_ms, updated_ms, expiration_days, expires_ms)
         SELECT id, $2, $3, $4, $5, $5, $6, $7 FROM app_instance WHERE id = $1 AND user_count < $8
         ON CONFLICT (app_instance, user_id) DO NOTHING RETURNING id",
    )
    .bind(app_instance)
    .bind(&draft.user_id)
    .bind(&draft.name)
    .bind(&draft.metadata)
    .bind(now)
    .bind(draft.expiration_days)
    .bind(draft.expiration_days.map(|days| now.plus_days(days)))
    .bind(i64::from(quotas.users))
    .fetch_optional(&mut *db)
    .await?;
    if let Some(row) = row {
        tag_list::put_first(db, Owner::User(row), &draft.tags, quotas).await?;
    }
    Ok(row)
}
