//! `TagResource`, `UntagResource` and `ListTagsForResource`.
//!
//! App instances, users and bots can be tagged (Service Authorization Reference); another kind is a bad request.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::arn::{self, Resource};
use crate::call::{Answer, Call};
use crate::constraints::{self, Tag, TagInput};
use crate::error::ApiError;
use crate::object::Object;
use crate::scope::Scope;
use crate::tag_list::{self, Owner};
use crate::{app_instances, bots, users};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TagRequest {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    tags: Option<Vec<Object<TagInput>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UntagRequest {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    tag_keys: Option<Vec<Option<String>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TagList {
    tags: Vec<Tag>,
}

/// `TagResource`: adds tags, replacing the values of keys that are there.
pub(crate) async fn tag(call: Call) -> Result<Answer, ApiError> {
    let input: TagRequest = call.input()?;
    let resource = resource(&call.scope, input.resource_arn.as_deref())?;
    let tags = constraints::tags(constraints::required("tags", input.tags)?)?;
    let (scope, quotas) = (call.scope.clone(), call.state.quotas());
    call.write(move |db| {
        Box::pin(async move {
            let owner = find(db, &scope, &resource).await?;
            tag_list::put(db, owner, &tags, quotas).await
        })
    })
    .await?;
    Ok(Answer::no_content())
}

/// `UntagResource`: removes tags; keys that are not there are ignored.
pub(crate) async fn untag(call: Call) -> Result<Answer, ApiError> {
    let input: UntagRequest = call.input()?;
    let resource = resource(&call.scope, input.resource_arn.as_deref())?;
    let keys = constraints::required("tagKeys", input.tag_keys)?;
    constraints::list_size("tagKeys", keys.len())?;
    let keys: Vec<String> = keys
        .into_iter()
        .map(|key| constraints::required("tagKeys", key))
        .collect::<Result<_, _>>()?;
    for key in &keys {
        constraints::tag_key("tagKeys", key)?;
    }
    let scope = call.scope.clone();
    call.write(move |db| {
        Box::pin(async move {
            let owner = find(db, &scope, &resource).await?;
            tag_list::remove(db, owner, &keys).await
        })
    })
    .await?;
    Ok(Answer::no_content())
}

/// `ListTagsForResource`: all tags, by key. The ARN is in the query parameter `arn`.
pub(crate) async fn list(call: Call) -> Result<Answer, ApiError> {
    let resource = resource(&call.scope, call.query.get("arn"))?;
    let mut db = call.read().await?;
    let owner = find(&mut db, &call.scope, &resource).await?;
    let tags = tag_list::of(&mut db, owner).await?;
    Answer::ok(&TagList { tags })
}

fn resource(scope: &Scope, arn: Option<&str>) -> Result<Resource, ApiError> {
    let arn = constraints::required("resourceARN", arn)?;
    match arn::parse("resourceARN", arn, scope)? {
        Resource::Other => Err(ApiError::bad_request(
            "resourceARN is not the ARN of a resource that can be tagged",
        )),
        resource => Ok(resource),
    }
}

async fn find(
    db: &mut SqliteConnection,
    scope: &Scope,
    resource: &Resource,
) -> Result<Owner, ApiError> {
    match resource {
        Resource::AppInstance(id) => app_instances::find(db, scope, id)
            .await
            .map(Owner::AppInstance),
        Resource::User(user) => Ok(Owner::User(users::find(db, scope, user).await?.id)),
        Resource::Bot(bot) => Ok(Owner::Bot(bots::find(db, scope, bot).await?.id)),
        Resource::Other => Err(ApiError::missing("resource")),
    }
}
