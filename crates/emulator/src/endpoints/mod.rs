//! Push endpoints of app instance users (API reference, `AppInstanceUserEndpoint`).
//!
//! Nothing is delivered, so an endpoint stays `ACTIVE` until a test changes that through the control plane.

pub(crate) mod deregister;
pub(crate) mod describe;
pub(crate) mod list;
pub(crate) mod register;
pub(crate) mod update;

use serde::{Deserialize, Serialize};

use crate::{constraints, error::ApiError, state::State};

/// The values of `AllowMessages`.
const ALLOW_MESSAGES: &[&str] = &["ALL", "NONE"];

/// Shape `EndpointState`; the reason is empty while the status is `ACTIVE`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EndpointState {
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<String>,
}

/// The body of `POST /_emulator/endpoints/{id}/state`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct StateInput {
    pub(crate) status: String,
    pub(crate) status_reason: Option<String>,
}

/// Sets the state that delivery would set.
pub(crate) async fn set_state(
    state: &State,
    endpoint_id: String,
    input: StateInput,
) -> Result<(), ApiError> {
    constraints::one_of("Status", &input.status, &["ACTIVE", "INACTIVE"])?;
    if let Some(reason) = &input.status_reason {
        constraints::one_of(
            "StatusReason",
            reason,
            &["INVALID_DEVICE_TOKEN", "INVALID_PINPOINT_ARN"],
        )?;
    }
    state
        .store
        .write(move |db| {
            Box::pin(async move {
                let changed = sqlx::query(
                    "UPDATE endpoint SET status = $2, status_reason = $3 WHERE endpoint_id = $1",
                )
                .bind(endpoint_id)
                .bind(input.status)
                .bind(input.status_reason)
                .execute(db)
                .await?;
                if changed.rows_affected() == 0 {
                    Err(ApiError::missing("endpoint"))
                } else {
                    Ok(())
                }
            })
        })
        .await
}
