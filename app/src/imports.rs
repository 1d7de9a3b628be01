//! Import of users, admins and endpoints from a file: upload, columns, check, plan. Each step is a
//! page with an address, and a file that was uploaded is found again for a week.
//!
//! Nothing here calls AWS but to read the account. What the plan does is a job's.

mod check;
mod columns;
mod multipart;
mod opened;
mod plan;
pub mod receive;
mod refused;
mod remove;
mod shown;
pub mod template;
mod unfinished;
mod upload;

use domain::arn::AppInstanceArn;
use domain::import::Kind;
use domain::{ConnectionId, JobId};
use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, path};

use crate::paths;
use crate::ui::page::at;

pub use refused::csv as refused_csv;
pub use unfinished::unfinished;

use check::CheckPage;
use columns::ColumnsPage;
use upload::{AdminsPage, EndpointsPage, UsersPage};

/// The addresses of imports.
#[component(transparent)]
pub fn ImportRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(
            path!("/:connection/:region/app-instances/:instance/import-users"),
            UsersPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/import-admins"),
            AdminsPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/import-endpoints"),
            EndpointsPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/imports/:import/columns"),
            ColumnsPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/imports/:import/check"),
            CheckPage,
        ),
    )
}

/// The page of a step of an import.
fn step_path(connection: &ConnectionId, instance: &AppInstanceArn, id: &str, step: &str) -> String {
    let instance = paths::instance(connection, instance);
    format!("{instance}/imports/{}/{step}", paths::encoded(id))
}

/// The page of a job.
fn job_path(job: &JobId) -> String {
    format!("/jobs/{}", paths::encoded(job.as_str()))
}

/// What an import is called.
const fn title(kind: Kind) -> &'static str {
    kind.job().label()
}

/// The list that the rows of a file are for: what it is called, and the last part of its address.
const fn list_of(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Users | Kind::Endpoints => ("Users", "users"),
        Kind::Admins => ("Admins", "admins"),
    }
}
