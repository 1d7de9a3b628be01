//! `GetAppInstanceRetentionSettings` and `PutAppInstanceRetentionSettings`.
//!
//! Retention is off by default. Messages that become too old can be restored for 30 days after a change (developer
//! guide, "Managing retention"), which is when `InitiateDeletionTimestamp` lies.

use serde::{Deserialize, Serialize};

use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::object::Object;
use crate::{app_instances, constraints};

const GRACE_DAYS: i64 = 30;
/// 15 years (model: shape `RetentionDays`).
const MAX_DAYS: i64 = 5475;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    app_instance_retention_settings: Option<Object<SettingsInput>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SettingsInput {
    channel_retention_settings: Option<Object<ChannelInput>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChannelInput {
    retention_days: Option<i64>,
}

/// Shape `AppInstanceRetentionSettings`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RetentionSettings {
    channel_retention_settings: ChannelRetentionSettings,
}

/// Shape `ChannelRetentionSettings`; without days, retention is off.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ChannelRetentionSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_days: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_retention_settings: RetentionSettings,
    #[serde(skip_serializing_if = "Option::is_none")]
    initiate_deletion_timestamp: Option<Timestamp>,
}

impl Output {
    fn new(retention_days: Option<i64>, initiate_deletion_timestamp: Option<Timestamp>) -> Self {
        let channel_retention_settings = ChannelRetentionSettings { retention_days };
        let app_instance_retention_settings = RetentionSettings {
            channel_retention_settings,
        };
        Self {
            app_instance_retention_settings,
            initiate_deletion_timestamp,
        }
    }
}

/// Returns the settings. Retention that was never set looks like retention that was switched off.
pub(crate) async fn get(call: Call) -> Result<Answer, ApiError> {
    let id = call.app_instance()?;
    let mut db = call.read().await?;
    let row = app_instances::find(&mut db, &call.scope, &id).await?;
    let (days, initiate): (Option<i64>, Option<Timestamp>) = sqlx::query_as(
        "SELECT retention_days, initiate_deletion_ms FROM app_instance WHERE id = $1",
    )
    .bind(row)
    .fetch_one(&mut *db)
    .await?;
    Answer::ok(&Output::new(days, initiate))
}

/// Sets the retention, or switches it off when no days are given.
pub(crate) async fn put(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let id = call.app_instance()?;
    let member = "appInstanceRetentionSettings";
    let Object(settings) = constraints::required(member, input.app_instance_retention_settings)?;
    let days = settings
        .channel_retention_settings
        .and_then(|Object(channel)| channel.retention_days);
    if let Some(days) = days {
        let member = "appInstanceRetentionSettings.channelRetentionSettings.retentionDays";
        constraints::range(member, days, 1, MAX_DAYS)?;
    }
    let initiate = days.map(|_| call.now().plus_days(GRACE_DAYS));
    let statement = sqlx::query(
        "UPDATE app_instance SET retention_days = $1, initiate_deletion_ms = $2 WHERE id = $3",
    )
    .bind(days)
    .bind(initiate);
    app_instances::change(&call, id, statement).await?;
    Answer::ok(&Output::new(days, initiate))
}
