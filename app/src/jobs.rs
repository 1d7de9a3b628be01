//! Jobs: work on many resources, shown as a plan before it runs and by its outcomes while it does.
//!
//! What a job does, and for whom, is decided by `backend::jobs`; here it is shown, and asked for.

mod again;
mod bring_back;
mod causes;
mod change;
mod deeds;
mod detail;
mod list;
mod live;
mod pace;
mod plan;
mod progress;
pub mod results;
mod rows;
mod shown;

use backend::Job;
use domain::{Cause, Failure};
use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, path};

use crate::app_instances;
use crate::paths;
use crate::request::{Place, Request};
use crate::ui::bidi::chosen;
use crate::ui::page::at;
use crate::ui::parts::short_id;
use detail::DetailPage;
use list::ListPage;

/// What the form of an act calls itself, for drafts.
const ACT: &str = "act";

/// The address of the list of jobs.
const LIST: &str = "/jobs";

/// The addresses of jobs.
#[component(transparent)]
pub fn JobRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(path!("/jobs"), ListPage),
        at(path!("/jobs/:job"), DetailPage),
    )
}

/// The job with an id, if the one who asks may see it.
async fn find(request: &Request, id: &str) -> Result<Job, Failure> {
    let id = id.parse().map_err(|_| Cause::NoSuchPage)?;
    let found = request.backend().jobs().get(request.caller()?, &id).await?;
    found.ok_or_else(|| Cause::NoSuchPage.into())
}

/// The job that the path of a page names.
async fn open(request: &Request) -> Result<Job, Failure> {
    match request.place()? {
        Place::Job(id) => find(request, &id).await,
        _ => Err(Cause::NoSuchPage.into()),
    }
}

/// Reads the names of the AppInstances of some jobs that are not known yet.
async fn learn_names(request: &Request, jobs: &[Job]) {
    let instances = jobs.iter().filter_map(|job| job.instance.known());
    app_instances::learn_names(request, instances).await;
}

/// The name of its AppInstance as it was read lately, else the id.
fn instance_name(request: &Request, job: &Job) -> String {
    match job.instance.known() {
        None if job.is_of_several() => format!("AppInstances of {}", job.scope.region),
        None => job.instance.as_str().to_owned(),
        Some(arn) => {
            let known = request.backend().names().get(arn);
            known.unwrap_or_else(|| short_id(arn.id()))
        }
    }
}

/// The link to its AppInstance, or to the list of those of its Region.
fn instance_link(request: &Request, job: &Job) -> AnyView {
    let name = instance_name(request, job);
    match job.instance.known() {
        None if job.is_of_several() => {
            let to = paths::instances(&job.scope.connection, job.scope.region);
            view! { <a href=to>{name}</a> }.into_any()
        }
        None => chosen(&name),
        Some(arn) => view! {
            <a href=paths::instance(&job.scope.connection, arn) title=arn.to_string()>
                {chosen(&name)}
            </a>
        }
        .into_any(),
    }
}
