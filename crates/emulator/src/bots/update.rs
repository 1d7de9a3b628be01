//! `UpdateAppInstanceBot`.

use serde::Deserialize;

use crate::bots::configuration::ConfigurationInput;
use crate::bots::{self, ArnOutput};
use crate::call::{Answer, Call};
use crate::constraints;
use crate::error::ApiError;
use crate::object::Object;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    name: Option<String>,
    metadata: Option<String>,
    configuration: Option<Object<ConfigurationInput>>,
}

/// Replaces name and metadata, both required; the configuration stays when none is given.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let bot = call.bot()?;
    let name = constraints::required("name", constraints::bot_name(input.name)?)?;
    let metadata = constraints::required("metadata", constraints::metadata(input.metadata)?)?;
    let configuration = input
        .configuration
        .map(|Object(found)| found.check(&call.scope))
        .transpose()?;
    let configuration = configuration
        .map(|found| serde_json::to_string(&found))
        .transpose()
        .map_err(|_| ApiError::service_failure())?;
    let app_instance_bot_arn = call.scope.bot_arn(&bot);
    let statement = sqlx::query(
        "UPDATE app_instance_bot SET name = $1, metadata = $2,
             configuration = coalesce($3, configuration), updated_ms = max(updated_ms, $4)
         WHERE id = $5",
    )
    .bind(name)
    .bind(metadata)
    .bind(configuration)
    .bind(call.now());
    bots::change(&call, bot, statement).await?;
    Answer::ok(&ArnOutput {
        app_instance_bot_arn,
    })
}
