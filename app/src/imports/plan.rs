//! The fourth step: the rows become a job, which plans itself.

use domain::arn::AppInstanceArn;
use domain::import::Kind;
use domain::{Failure, Target};
use leptos::prelude::*;

use super::{job_path, opened, step_path};
use crate::request::{Done, Request};

/// Makes the job of a file, and leads to it. It only reads until somebody runs it.
#[server(prefix = "/api", endpoint = "imports/plan")]
pub async fn plan_import(target: Target<AppInstanceArn>, import: String) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    request.stay_inside(&arn)?;
    let imports = request.backend().imports();
    let (caller, connection) = (request.caller()?, request.connection());
    let found = opened::of(&request, &arn, &import).await;
    // Who may import nothing learns nothing of a file, not even whether there is one.
    let kind = found.as_ref().map_or(Kind::Users, |file| file.kind);
    imports.allow(caller, connection, &arn, kind).await?;
    let file = found?;
    let job = imports.plan(caller, request.origin(), &file).await?;
    // One that takes long leads back: the page says that it is being made, and leads on when it is.
    let wait = || step_path(&file.connection, &arn, &file.id, "check");
    Ok(Done {
        location: job.map_or_else(wait, |job| job_path(&job)),
    })
}
