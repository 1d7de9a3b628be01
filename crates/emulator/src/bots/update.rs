//! `UpdateAppInstanceBot`.

use serde::{Deserialize, Serialize};

use crate::{
    arn, bots,
    bots::configuration::ConfigurationInput,
    call::{Answer, Call},
    constraints,
    error::ApiError,
    object::Object,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    name: Option<String>,
    metadata: Option<String>,
    configuration: Option<Object<ConfigurationInput>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    app_instance_bot_arn: String,
}

/// Replaces name and metadata, both required; the configuration stays when none is given.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let bot = arn::bot("appInstanceBotArn", call.label(0), &call.scope)?;
    let name = constraints::required("name", input.name)?;
    constraints::resource_name("name", &name, 0)?;
    let metadata = constraints::required("metadata", input.metadata)?;
    constraints::metadata("metadata", &metadata)?;
    let configuration = input
        .configuration
        .map(|Object(found)| found.check(&call.scope))
        .transpose()?;
    let configuration = configuration
        .map(|found| serde_json::to_string(&found))
        .transpose()
        .map_err(|_| ApiError::service_failure())?;
    let app_instance_bot_arn = call.scope.bot_arn(&bot);
    let (scope, now) = (call.scope.clone(), call.now());

    call.state
        .store
        .write(move |db| {
            Box::pin(async move {
                let found = bots::find(db, &scope, &bot).await?.ok_or_else(|| ApiError::missing("bot"))?;
                sqlx::query(
                    "UPDATE app_instance_bot SET name = $2, metadata = $3,
                         configuration = coalesce($4, configuration), updated_ms = max(updated_ms, $5)
                     WHERE id = $1",
                )
                .bind(found.id)
                .bind(name)
                .bind(metadata)
                .bind(configuration)
                .bind(now)
                .execute(db)
                .await?;
                Ok(())
            })
        })
        .await?;
    Answer::ok(&Output {
        app_instance_bot_arn,
    })
}
