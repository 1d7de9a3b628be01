//! `UpdateAppInstanceUser`.

use serde::Deserialize;

use crate::call::{Answer, Call};
use crate::constraints;
use crate::error::ApiError;
use crate::users::{self, ArnOutput};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    name: Option<String>,
    metadata: Option<String>,
}

/// Replaces name and metadata, both of which the model requires; the expiration stays.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let user = call.user()?;
    let name = constraints::user_name(input.name)?;
    let metadata = constraints::required("metadata", constraints::metadata(input.metadata)?)?;
    let app_instance_user_arn = call.scope.user_arn(&user);
    let statement = sqlx::query(
        "UPDATE app_instance_user SET name = $1, metadata = $2, updated_ms = max(updated_ms, $3)
         WHERE id = $4",
    )
    .bind(name)
    .bind(metadata)
    .bind(call.now());
    users::change(&call, user, statement).await?;
    Answer::ok(&ArnOutput {
        app_instance_user_arn,
    })
}
