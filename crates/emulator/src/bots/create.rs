//! `CreateAppInstanceBot`.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::arn::{self, BotName};
use crate::bots::ArnOutput;
use crate::bots::configuration::{Configuration, ConfigurationInput};
use crate::call::{Answer, Call};
use crate::clock::Timestamp;
use crate::constraints::{self, Tag, TagInput};
use crate::error::ApiError;
use crate::idempotency::{Attempt, Made};
use crate::object::Object;
use crate::settings::Quotas;
use crate::tag_list::{self, Owner};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    app_instance_arn: Option<String>,
    name: Option<String>,
    metadata: Option<String>,
    client_request_token: Option<String>,
    tags: Option<Vec<Object<TagInput>>>,
    configuration: Option<Object<ConfigurationInput>>,
}

#[derive(Serialize)]
struct Draft {
    name: Option<String>,
    metadata: Option<String>,
    tags: Vec<Tag>,
    configuration: Configuration,
}

/// Makes a bot (model: `CreateAppInstanceBotRequest`). AWS publishes no quota for bots, so there is none.
pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let input: Input = call.input()?;
    let arn = constraints::required("appInstanceArn", input.app_instance_arn)?;
    let app_instance_id = arn::app_instance("appInstanceArn", &arn, &call.scope)?;
    let name = constraints::bot_name(input.name)?;
    let metadata = constraints::metadata(input.metadata)?;
    let token = constraints::client_request_token(input.client_request_token)?;
    let tags = constraints::first_tags(input.tags)?;
    let configuration = constraints::required("configuration", input.configuration)?
        .0
        .check(&call.scope)?;
    let draft = Draft {
        name,
        metadata,
        tags,
        configuration,
    };
    let attempt = Attempt::new(&call, &arn, token, &draft)?;
    let (scope, quotas, now) = (call.scope.clone(), call.state.quotas(), call.now());

    let app_instance_bot_arn = call
        .write(move |db| {
            Box::pin(async move {
                let (app_instance, made) = attempt.replay_in(db, &app_instance_id).await?;
                if let Some(arn) = made {
                    return Ok(arn);
                }
                let bot_id = uuid::Uuid::new_v4().to_string();
                let row = insert(db, app_instance, &bot_id, quotas, &draft, now).await?;
                let arn = scope.bot_arn(&BotName {
                    app_instance_id,
                    bot_id,
                });
                attempt.remember(db, &arn, Made::Bot(row), now).await?;
                Ok(arn)
            })
        })
        .await?;
    Answer::created(&ArnOutput {
        app_instance_bot_arn,
    })
}

async fn insert(
    db: &mut SqliteConnection,
    app_instance: i64,
    bot_id: &str,
    quotas: Quotas,
    draft: &Draft,
    now: Timestamp,
) -> Result<i64, ApiError> {
    let configuration =
        serde_json::to_string(&draft.configuration).map_err(|_| ApiError::service_failure())?;
    let row: i64 = sqlx::query_scalar(
        "INSERT INTO app_instance_bot (app_instance, bot_id, name, metadata, configuration, created_ms, updated_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id",
    )
    .bind(app_instance)
    .bind(bot_id)
    .bind(&draft.name)
    .bind(&draft.metadata)
    .bind(configuration)
    .bind(now)
    .fetch_one(&mut *db)
    .await?;
    tag_list::put_first(db, Owner::Bot(row), &draft.tags, quotas).await?;
    Ok(row)
}
