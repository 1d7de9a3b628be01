//! `PutAppInstanceUserExpirationSettings` and shape `ExpirationSettings`.
//!
//! Days count from the creation of the user, the only criterion there is. An expired user stays visible and can still
//! be saved until a sweep removes it (developer guide, "Expiration settings").

use serde::{Deserialize, Serialize};

use crate::call::{Answer, Call};
use crate::error::ApiError;
use crate::object::Object;
use crate::{constraints, users};

/// 15 years (model: shape `ExpirationDays`).
const MAX_DAYS: i64 = 5475;
const CRITERION: &str = "CREATED_TIMESTAMP";

/// The settings as they arrive.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExpirationInput {
    expiration_days: Option<i64>,
    expiration_criterion: Option<String>,
}

impl ExpirationInput {
    /// The days, when both members are there and valid.
    pub(crate) fn check(self) -> Result<i64, ApiError> {
        let days =
            constraints::required("expirationSettings.expirationDays", self.expiration_days)?;
        constraints::range("expirationSettings.expirationDays", days, 1, MAX_DAYS)?;
        let member = "expirationSettings.expirationCriterion";
        let criterion = constraints::required(member, self.expiration_criterion)?;
        constraints::one_of(member, &criterion, &[CRITERION])?;
        Ok(days)
    }
}

/// Shape `ExpirationSettings`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExpirationSettings {
    expiration_days: i64,
    expiration_criterion: &'static str,
}

impl ExpirationSettings {
    pub(crate) fn of_days(expiration_days: i64) -> Self {
        Self {
            expiration_days,
            expiration_criterion: CRITERION,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    expiration_settings: Option<Object<ExpirationInput>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_user_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_settings: Option<ExpirationSettings>,
}

/// Sets the expiration, or removes it when no settings are given.
pub(crate) async fn put(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let user = call.user()?;
    let days = input
        .expiration_settings
        .map(|Object(found)| found.check())
        .transpose()?;
    let app_instance_user_arn = call.scope.user_arn(&user);
    let scope = call.scope.clone();

    call.write(move |db| {
        Box::pin(async move {
            let found = users::find(db, &scope, &user).await?;
            let expires = days.map(|days| found.created.plus_days(days));
            sqlx::query(
                "UPDATE app_instance_user SET expiration_days = $2, expires_ms = $3 WHERE id = $1",
            )
            .bind(found.id)
            .bind(days)
            .bind(expires)
            .execute(db)
            .await?;
            Ok(())
        })
    })
    .await?;
    Answer::ok(&Output {
        app_instance_user_arn,
        expiration_settings: days.map(ExpirationSettings::of_days),
    })
}
