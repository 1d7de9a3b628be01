//! `CreateAppInstanceAdmin`.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::admins::{Found, Identity, Principal};
use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::constraints;
use crate::error::ApiError;
use crate::settings::Quotas;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    app_instance_admin_arn: Option<String>,
}

/// Here `AppInstanceAdmin` is an `Identity`; Describe returns another structure under the same key.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_admin: Identity,
    app_instance_arn: String,
}

/// Promotes a user or a bot of the app instance. There is no client token: a second promotion is a conflict.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let id = call.app_instance()?;
    let arn = constraints::required("appInstanceAdminArn", input.app_instance_admin_arn)?;
    let principal = Principal::parse("appInstanceAdminArn", &arn, &call.scope, &id)?;
    let (scope, quotas, now) = (call.scope.clone(), call.state.quotas(), call.now());

    let app_instance_admin = call
        .write(move |db| {
            Box::pin(async move {
                let found = principal.find(db, &scope).await?;
                insert(db, &principal, &found, quotas, now).await?;
                Ok(principal.identity(&scope, found.name))
            })
        })
        .await?;
    Answer::created(&Output {
        app_instance_admin,
        app_instance_arn: call.scope.app_instance_arn(&id),
    })
}

async fn insert(
    db: &mut SqliteConnection,
    principal: &Principal,
    found: &Found,
    quotas: Quotas,
    now: Timestamp,
) -> Result<(), ApiError> {
    let (promoted, count): (bool, i64) = sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM app_instance_admin WHERE app_instance = $1 AND path = $2),
                (SELECT count(*) FROM app_instance_admin WHERE app_instance = $1)",
    )
    .bind(found.app_instance)
    .bind(&principal.path)
    .fetch_one(&mut *db)
    .await?;
    if promoted {
        return Err(ApiError::conflict(
            "it is already an admin of the AppInstance",
        ));
    }
    if count >= i64::from(quotas.admins) {
        return Err(ApiError::limit_exceeded(
            "the AppInstance has as many admins as it may have",
        ));
    }
    sqlx::query("INSERT INTO app_instance_admin (app_instance, path, user, bot, created_ms) VALUES ($1, $2, $3, $4, $5)")
        .bind(found.app_instance)
        .bind(&principal.path)
        .bind(found.user)
        .bind(found.bot)
        .bind(now)
        .execute(db)
        .await?;
    Ok(())
}
