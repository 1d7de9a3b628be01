//! Taking an uploaded file out of this console.

use domain::arn::AppInstanceArn;
use domain::{Cause, Failure, Target};
use leptos::prelude::*;

use super::opened;
use crate::paths;
use crate::request::{Done, Request};

/// Removes a file that the operator uploaded.
#[server(prefix = "/api", endpoint = "imports/remove")]
pub async fn remove_import(
    target: Target<AppInstanceArn>,
    import: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    request.stay_inside(&arn)?;
    let file = opened::of(&request, &arn, &import).await?;
    if file.is_claimed {
        return Err(Cause::Conflict.into());
    }
    request.backend().imports().remove(&file).await?;
    let location = paths::import(&request.connection().id, &arn, file.kind);
    let detail = "Nothing of it is kept here.".to_owned();
    request.done(location, "File removed", detail).await
}
