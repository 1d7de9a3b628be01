//! `DescribeAppInstanceUserEndpoint`.

use serde::Serialize;

use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::endpoints::{self, EndpointState};
use crate::error::ApiError;
use crate::users;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_user_endpoint: Endpoint,
}

/// Shape `AppInstanceUserEndpoint`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the members are named by the model"
)]
struct Endpoint {
    app_instance_user_arn: String,
    endpoint_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "Type")]
    kind: String,
    resource_arn: String,
    endpoint_attributes: Attributes,
    created_timestamp: Timestamp,
    last_updated_timestamp: Timestamp,
    allow_messages: String,
    endpoint_state: EndpointState,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    device_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    voip_device_token: Option<String>,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    name: Option<String>,
    #[sqlx(rename = "type")]
    kind: String,
    resource_arn: String,
    device_token: String,
    voip_device_token: Option<String>,
    allow_messages: String,
    status: String,
    status_reason: Option<String>,
    created_ms: Timestamp,
    updated_ms: Timestamp,
}

/// The model types the user ARN as any string here; it is checked like elsewhere.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let user = call.user()?;
    let endpoint_id = endpoints::id_in_path(&call)?;
    let mut db = call.read().await?;
    let found = users::find(&mut db, &call.scope, &user).await?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT name, type, resource_arn, device_token, voip_device_token, allow_messages, status, status_reason,
                created_ms, updated_ms
         FROM endpoint WHERE user = $1 AND endpoint_id = $2",
    )
    .bind(found.id)
    .bind(&endpoint_id)
    .fetch_optional(&mut *db)
    .await?;
    let row = row.ok_or_else(|| ApiError::missing("endpoint"))?;
    Answer::ok(&Output {
        app_instance_user_endpoint: Endpoint {
            app_instance_user_arn: call.scope.user_arn(&user),
            endpoint_id,
            name: row.name,
            kind: row.kind,
            resource_arn: row.resource_arn,
            endpoint_attributes: Attributes {
                device_token: row.device_token,
                voip_device_token: row.voip_device_token,
            },
            created_timestamp: row.created_ms,
            last_updated_timestamp: row.updated_ms,
            allow_messages: row.allow_messages,
            endpoint_state: EndpointState {
                status: row.status,
                status_reason: row.status_reason,
            },
        },
    })
}
