//! `UpdateAppInstance`.

use serde::{Deserialize, Serialize};

use crate::{
    app_instances, arn,
    call::{Answer, Call},
    constraints,
    error::ApiError,
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
    app_instance_arn: String,
}

/// Replaces name and metadata; the model requires both, so leaving one out is an error and `""` erases.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let id = arn::app_instance("appInstanceArn", call.label(0), &call.scope)?;
    let name = constraints::required("name", input.name)?;
    constraints::resource_name("name", &name, 1)?;
    let metadata = constraints::required("metadata", input.metadata)?;
    constraints::metadata("metadata", &metadata)?;
    let app_instance_arn = call.scope.app_instance_arn(&id);
    let (scope, now) = (call.scope.clone(), call.now());

    call.state
        .store
        .write(move |db| {
            Box::pin(async move {
                let row = app_instances::find(db, &scope, &id).await?;
                sqlx::query(
                    "UPDATE app_instance SET name = $2, metadata = $3, updated_ms = max(updated_ms, $4) WHERE id = $1",
                )
                .bind(row)
                .bind(name)
                .bind(metadata)
                .bind(now)
                .execute(db)
                .await?;
                Ok(())
            })
        })
        .await?;
    Answer::ok(&Output { app_instance_arn })
}
