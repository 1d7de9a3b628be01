//! `RegisterAppInstanceUserEndpoint`.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::constraints::{self, required, violated};
use crate::endpoints::{ALLOW_MESSAGES, EndpointOutput};
use crate::error::ApiError;
use crate::idempotency::{Attempt, Made};
use crate::object::Object;
use crate::settings::Quotas;
use crate::{arn, users};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    name: Option<String>,
    #[serde(rename = "Type")]
    kind: Option<String>,
    resource_arn: Option<String>,
    endpoint_attributes: Option<Object<Attributes>>,
    client_request_token: Option<String>,
    allow_messages: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    device_token: Option<String>,
    voip_device_token: Option<String>,
}

#[derive(Serialize)]
struct Draft {
    name: Option<String>,
    kind: String,
    resource_arn: String,
    device_token: String,
    voip_device_token: Option<String>,
    allow_messages: String,
}

/// Registers a device (model: `RegisterAppInstanceUserEndpointRequest`).
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let mut input: Input = call.input()?;
    let user = call.user()?;
    let token = constraints::client_request_token(input.client_request_token.take())?;
    let draft = check(input)?;
    arn::check_pinpoint("resourceArn", &draft.resource_arn, &call.scope)?;
    let app_instance_user_arn = call.scope.user_arn(&user);
    let attempt = Attempt::new(&call, &app_instance_user_arn, token, &draft)?;
    let (scope, quotas, now) = (call.scope.clone(), call.state.quotas(), call.now());

    let endpoint_id = call
        .write(move |db| {
            Box::pin(async move {
                let user = users::find(db, &scope, &user).await?.id;
                if let Some(id) = attempt.replay(db).await? {
                    return Ok(id);
                }
                let id = uuid::Uuid::new_v4().to_string();
                let row = insert(db, user, &id, &draft, quotas, now).await?;
                attempt.remember(db, &id, Made::Endpoint(row), now).await?;
                Ok(id)
            })
        })
        .await?;
    Answer::created(&EndpointOutput {
        app_instance_user_arn,
        endpoint_id,
    })
}

fn check(input: Input) -> Result<Draft, ApiError> {
    constraints::endpoint_name(input.name.as_deref())?;
    let kind = required("type", input.kind)?;
    constraints::one_of("type", &kind, &["APNS", "APNS_SANDBOX", "GCM"])?;
    let resource_arn = required("resourceArn", input.resource_arn)?;
    let Object(attributes) = required("endpointAttributes", input.endpoint_attributes)?;
    let device_token = required("endpointAttributes.deviceToken", attributes.device_token)?;
    constraints::length("endpointAttributes.deviceToken", &device_token, 1, 1600)?;
    if let Some(voip) = &attributes.voip_device_token {
        let member = "endpointAttributes.voipDeviceToken";
        constraints::length(member, voip, 1, 1600)?;
        if kind == "GCM" {
            return Err(violated(
                member,
                "Member is for the types APNS and APNS_SANDBOX only",
            ));
        }
    }
    let allow_messages = input.allow_messages.unwrap_or_else(|| "ALL".to_owned());
    constraints::one_of("allowMessages", &allow_messages, ALLOW_MESSAGES)?;
    let voip_device_token = attributes.voip_device_token;
    Ok(Draft {
        name: input.name,
        kind,
        resource_arn,
        device_token,
        voip_device_token,
        allow_messages,
    })
}

async fn insert(
    db: &mut SqliteConnection,
    user: i64,
    endpoint_id: &str,
    draft: &Draft,
    quotas: Quotas,
    now: Timestamp,
) -> Result<i64, ApiError> {
    let (registered, count): (bool, i64) = sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM endpoint WHERE user = $1 AND resource_arn = $2 AND device_token = $3),
                (SELECT count(*) FROM endpoint WHERE user = $1)",
    )
    .bind(user)
    .bind(&draft.resource_arn)
    .bind(&draft.device_token)
    .fetch_one(&mut *db)
    .await?;
    if registered {
        return Err(ApiError::conflict(
            "the user has an endpoint with this ResourceArn and DeviceToken",
        ));
    }
    if count >= i64::from(quotas.endpoints) {
        return Err(ApiError::limit_exceeded(
            "the user has as many endpoints as it may have",
        ));
    }
    let row = sqlx::query_scalar(
        "INSERT INTO endpoint (user, endpoint_id, name, type, resource_arn, device_token, voip_device_token,
                               allow_messages, created_ms, updated_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) RETURNING id",
    )
    .bind(user)
    .bind(endpoint_id)
    .bind(&draft.name)
    .bind(&draft.kind)
    .bind(&draft.resource_arn)
    .bind(&draft.device_token)
    .bind(&draft.voip_device_token)
    .bind(&draft.allow_messages)
    .bind(now)
    .fetch_one(db)
    .await?;
    Ok(row)
}
