//! `UpdateAppInstance`.

use serde::Deserialize;

use crate::app_instances::{self, ArnOutput};
use crate::call::{Answer, Call};
use crate::constraints;
use crate::error::ApiError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    name: Option<String>,
    metadata: Option<String>,
}

/// Replaces name and metadata; the model requires both, so leaving one out is an error and `""` erases.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let id = call.app_instance()?;
    let name = constraints::app_instance_name(input.name)?;
    let metadata = constraints::required("metadata", constraints::metadata(input.metadata)?)?;
    let app_instance_arn = call.scope.app_instance_arn(&id);
    let statement = sqlx::query(
        "UPDATE app_instance SET name = $1, metadata = $2, updated_ms = max(updated_ms, $3) WHERE id = $4",
    )
    .bind(name)
    .bind(metadata)
    .bind(call.now());
    app_instances::change(&call, id, statement).await?;
    Answer::ok(&ArnOutput { app_instance_arn })
}
