//! `UpdateAppInstanceUser`.

use serde::{Deserialize, Serialize};

use crate::{
    arn,
    call::{Answer, Call},
    constraints,
    error::ApiError,
    users,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    name: Option<String>,
    metadata: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_user_arn: String,
}

/// Replaces name and metadata, both of which the model requires; the expiration stays.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let user = arn::user("appInstanceUserArn", call.label(0), &call.scope)?;
    let name = constraints::required("name", input.name)?;
    constraints::user_name("name", &name)?;
    let metadata = constraints::required("metadata", input.metadata)?;
    constraints::metadata("metadata", &metadata)?;
    let app_instance_user_arn = call.scope.user_arn(&user);
    let (scope, now) = (call.scope.clone(), call.now());

    call.state
        .store
        .write(move |db| {
            Box::pin(async move {
                let found = users::find(db, &scope, &user).await?;
                sqlx::query(
                    "UPDATE app_instance_user SET name = $2, metadata = $3, updated_ms = max(updated_ms, $4)
                     WHERE id = $1",
                )
                .bind(found.id)
                .bind(name)
                .bind(metadata)
                .bind(now)
                .execute(db)
                .await?;
                Ok(())
            })
        })
        .await?;
    Answer::ok(&Output {
        app_instance_user_arn,
    })
}
