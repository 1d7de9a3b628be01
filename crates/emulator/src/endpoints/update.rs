//! `UpdateAppInstanceUserEndpoint`.

use serde::Deserialize;

use crate::call::{Answer, Call};
use crate::constraints;
use crate::endpoints::{self, ALLOW_MESSAGES, EndpointOutput};
use crate::error::ApiError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    name: Option<String>,
    allow_messages: Option<String>,
}

/// Changes name and allowed messages, the only members of an endpoint that can change. Either may be left out.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let user = call.user()?;
    let endpoint_id = endpoints::id_in_path(&call)?;
    constraints::endpoint_name(input.name.as_deref())?;
    if let Some(allow) = &input.allow_messages {
        constraints::one_of("allowMessages", allow, ALLOW_MESSAGES)?;
    }
    let app_instance_user_arn = call.scope.user_arn(&user);
    let statement = sqlx::query(
        "UPDATE endpoint SET name = coalesce($1, name), allow_messages = coalesce($2, allow_messages),
             updated_ms = CASE WHEN $1 IS NULL AND $2 IS NULL THEN updated_ms ELSE max(updated_ms, $3) END
         WHERE user = $4 AND endpoint_id = $5",
    )
    .bind(input.name)
    .bind(input.allow_messages)
    .bind(call.now());
    endpoints::change(&call, user, endpoint_id.clone(), statement).await?;
    Answer::ok(&EndpointOutput {
        app_instance_user_arn,
        endpoint_id,
    })
}
