//! Files of an operator that no job was made of yet, for the page of the jobs. The page of an upload lists
//! those of its AppInstance itself.

use backend::import::Kept;
use domain::Failure;
use leptos::prelude::*;

use super::shown::shortened;
use super::{step_path, title};
use crate::app_instances::learn_names;
use crate::paths;
use crate::request::Request;
use crate::ui::bidi::chosen;
use crate::ui::failed;
use crate::ui::job::number;
use crate::ui::parts::{ago, panel_around, short_id};
use crate::ui::table::plain;

/// The panel; nothing when there is no such file.
pub async fn unfinished(request: &Request) -> Option<AnyView> {
    let body = match files(request).await {
        Ok(files) if files.is_empty() => return None,
        Ok(files) => listed(request, files),
        Err(failure) => failed::content(&failure, &request.with_query(&[])),
    };
    let about =
        view! { <span class="panel-note">"Only you see them. Each is kept for a week."</span> };
    let heading = ("unfinished", "Imports that are not planned yet");
    Some(panel_around(heading, about, body))
}

/// Those for AppInstances that the role covers.
async fn files(request: &Request) -> Result<Vec<Kept>, Failure> {
    let caller = request.caller()?;
    let mut files = request.backend().imports().unfinished(caller).await?;
    files.retain(|file| {
        let instance = &file.instance;
        let region = instance.region();
        caller
            .grant
            .covers(&file.connection, region, Some(instance))
    });
    learn_names(request, files.iter().map(|file| &file.instance)).await;
    Ok(files)
}

fn listed(request: &Request, files: Vec<Kept>) -> AnyView {
    let rows = files.iter().map(|file| row(request, file)).collect_view();
    plain(
        "Files that you uploaded and did not plan yet",
        ["File", "Rows", "Uploaded"],
        "Go on",
        rows,
    )
}

fn row(request: &Request, file: &Kept) -> AnyView {
    let arn = &file.instance;
    let name = request.backend().names().get(arn);
    let name = name.unwrap_or_else(|| short_id(arn.id()));
    let to = step_path(&file.connection, arn, &file.id, "columns");
    let instance = paths::instance(&file.connection, arn);
    view! {
        <tr>
            <th scope="row">
                <a href=to.clone()>{chosen(&shortened(&file.file_name))}</a>
                <span class="cell-note">
                    {format!("{} into ", title(file.kind))} <a href=instance>{chosen(&name)}</a>
                </span>
            </th>
            <td data-label="Rows">{number(file.total)}</td>
            <td data-label="Uploaded">{ago(Some(file.created), request.now())}</td>
            <td class="row-act">
                <a class="btn btn-small" href=to>
                    "Go on"
                </a>
            </td>
        </tr>
    }
    .into_any()
}
