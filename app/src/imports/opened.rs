//! The file that a page of an import is about.

use backend::import::Kept;
use domain::arn::AppInstanceArn;
use domain::{Cause, Failure};
use leptos::prelude::*;

use super::{job_path, list_of, step_path, title};
use crate::access::reason_of_import;
use crate::app_instances::{below_list, list_path, name};
use crate::request::{Place, Request};
use crate::ui::bidi::isolated;
use crate::ui::page::Content;

/// A file that a page is about, and the AppInstance that it is for.
pub(super) struct Opened {
    pub(super) file: Kept,
    pub(super) arn: AppInstanceArn,
}

/// The file of the page's path: one of the operator who asks, for the AppInstance of the path.
pub(super) async fn open(request: &Request) -> Result<Opened, Failure> {
    let arn = request.instance().await?;
    let Place::Import(_, id) = request.place()? else {
        return Err(Cause::NoSuchPage.into());
    };
    let file = of(request, &arn, &id).await?;
    Ok(Opened { file, arn })
}

/// A file by its id.
pub(super) async fn of(request: &Request, arn: &AppInstanceArn, id: &str) -> Result<Kept, Failure> {
    let file = request
        .backend()
        .imports()
        .get(request.caller()?, id)
        .await?;
    let is_here = |file: &Kept| file.instance == *arn && file.connection == request.connection().id;
    file.filter(is_here).ok_or_else(|| Cause::NoSuchPage.into())
}

impl Opened {
    /// The address of a step.
    pub(super) fn step(&self, step: &str) -> String {
        step_path(&self.file.connection, &self.arn, &self.file.id, step)
    }

    /// Leads on to the job, where one was made of the file already.
    pub(super) fn goes_on(&self, request: &Request) -> bool {
        if let Some(job) = &self.file.job {
            request.go_to(&job_path(job));
        }
        self.file.job.is_some()
    }

    /// A page of a step, with its number of five.
    pub(super) async fn page(
        &self,
        request: &Request,
        step: (u32, &'static str),
        body: AnyView,
    ) -> Content {
        let (list, word) = list_of(self.file.kind);
        let to = list_path(request, &self.arn, word);
        let name = name(request, &self.arn).await;
        let what = title(self.file.kind);
        let body = view! { <div class="stack">{steps(step.0)} {body}</div> };
        let content = below_list(request, &self.arn, &name, (list, to), step.1, body);
        content.headed(format!("{what} into {}: {}", isolated(&name), step.1))
    }
}

/// Which step this is.
pub(super) fn steps(at: u32) -> AnyView {
    const STEPS: [&str; 5] = ["Upload", "Columns", "Check", "Plan", "Run"];
    let shown = (1..).zip(STEPS).map(|(number, step)| {
        let text = format!("{number}. {step}");
        if number == at {
            view! {
                <li aria-current="step">
                    <b>{text}</b>
                </li>
            }
            .into_any()
        } else {
            view! { <li>{text}</li> }.into_any()
        }
    });
    view! {
        <ol class="strip-facts" aria-label="Steps of the import">
            {shown.collect_view()}
        </ol>
    }
    .into_any()
}

/// Why the operator cannot go on with an import of this kind.
pub(super) fn reason(request: &Request, file: &Kept) -> Option<String> {
    reason_of_import(request, file.kind)
}
