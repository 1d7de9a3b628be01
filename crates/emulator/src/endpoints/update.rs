//! `UpdateAppInstanceUserEndpoint`.

use serde::{Deserialize, Serialize};

use crate::{
    arn,
    call::{Answer, Call},
    constraints,
    endpoints::ALLOW_MESSAGES,
    error::ApiError,
    users,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    name: Option<String>,
    allow_messages: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_user_arn: String,
    endpoint_id: String,
}

/// Changes name and allowed messages, the only members of an endpoint that can change. Either may be left out.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let user = arn::user("appInstanceUserArn", call.label(0), &call.scope)?;
    let endpoint_id = call.label(1).to_owned();
    constraints::endpoint_id(&endpoint_id)?;
    if let Some(name) = &input.name {
        constraints::length("name", name, 0, 1600)?;
    }
    if let Some(allow) = &input.allow_messages {
        constraints::one_of("allowMessages", allow, ALLOW_MESSAGES)?;
    }
    let output = Output {
        app_instance_user_arn: call.scope.user_arn(&user),
        endpoint_id: endpoint_id.clone(),
    };
    let (scope, now) = (call.scope.clone(), call.now());

    call.state
        .store
        .write(move |db| {
            Box::pin(async move {
                let user = users::find(db, &scope, &user).await?;
                let changed = sqlx::query(
                    "UPDATE endpoint SET name = coalesce($3, name), allow_messages = coalesce($4, allow_messages),
                         updated_ms = CASE WHEN $3 IS NULL AND $4 IS NULL THEN updated_ms ELSE max(updated_ms, $5) END
                     WHERE user = $1 AND endpoint_id = $2",
                )
                .bind(user.id)
                .bind(endpoint_id)
                .bind(input.name)
                .bind(input.allow_messages)
                .bind(now)
                .execute(db)
                .await?;
                if changed.rows_affected() == 0 { Err(ApiError::missing("endpoint")) } else { Ok(()) }
            })
        })
        .await?;
    Answer::ok(&output)
}
