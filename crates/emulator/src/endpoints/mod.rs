//! Push endpoints of app instance users (API reference, `AppInstanceUserEndpoint`).
//!
//! Nothing is delivered, so an endpoint stays `ACTIVE` until a test changes that through the control plane.

pub(crate) mod deregister;
pub(crate) mod describe;
pub(crate) mod list;
pub(crate) mod register;
pub(crate) mod update;

use serde::{Deserialize, Serialize};

use crate::arn::UserName;
use crate::call::Call;
use crate::error::ApiError;
use crate::state::State;
use crate::storage::{self, Statement};
use crate::{constraints, users};

/// The values of `AllowMessages`.
const ALLOW_MESSAGES: &[&str] = &["ALL", "NONE"];

/// What `RegisterAppInstanceUserEndpoint` and `UpdateAppInstanceUserEndpoint` answer.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EndpointOutput {
    app_instance_user_arn: String,
    endpoint_id: String,
}

/// The endpoint id that is the second label.
fn id_in_path(call: &Call) -> Result<String, ApiError> {
    let endpoint_id = call.label(1);
    constraints::endpoint_id(endpoint_id)?;
    Ok(endpoint_id.to_owned())
}

/// Changes one endpoint by a statement whose last two values are still to be bound: the row of the user, and the id.
async fn change(
    call: &Call,
    user: UserName,
    endpoint_id: String,
    statement: Statement,
) -> Result<(), ApiError> {
    let scope = call.scope.clone();
    call.write(move |db| {
        Box::pin(async move {
            let user = users::find(db, &scope, &user).await?;
            let statement = statement.bind(user.id).bind(endpoint_id);
            let changed = statement.execute(db).await?;
            storage::refuse_none(&changed, "endpoint")
        })
    })
    .await
}

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
                storage::refuse_none(&changed, "endpoint")
            })
        })
        .await
}
