//! The first step: what a file may have, the file, and files that were uploaded before.

use backend::import::{Kept, Limits};
use domain::Failure;
use domain::arn::AppInstanceArn;
use domain::import::{Column, Kind};
use leptos::nonce::use_nonce;
use leptos::prelude::*;

use super::multipart::FIELD;
use super::opened::steps;
use super::receive::PROBLEM;
use super::shown::shortened;
use super::{list_of, step_path, title};
use crate::access::reason_of_import;
use crate::app_instances::{below_list, list_path, name};
use crate::paths;
use crate::request::Request;
use crate::ui::allowed::why;
use crate::ui::ask::{self, Ask};
use crate::ui::bidi::{chosen, isolated};
use crate::ui::job::number;
use crate::ui::page::{Content, page};
use crate::ui::parts::{ago, icon, note, panel_around};
use crate::ui::table::plain;

/// The page that imports users.
#[component]
pub fn UsersPage() -> impl IntoView {
    page(|request| load(request, Kind::Users))
}

/// The page that imports admins.
#[component]
pub fn AdminsPage() -> impl IntoView {
    page(|request| load(request, Kind::Admins))
}

/// The page that imports endpoints.
#[component]
pub fn EndpointsPage() -> impl IntoView {
    page(|request| load(request, Kind::Endpoints))
}

async fn load(request: Request, kind: Kind) -> Result<Content, Failure> {
    let arn = request.instance().await?;
    let imports = request.backend().imports();
    let mut earlier = imports.unfinished(request.caller()?).await?;
    earlier.retain(|file| {
        file.instance == arn && file.kind == kind && file.connection == request.connection().id
    });
    let name = name(&request, &arn).await;
    let problem = problem(&request).await;
    let body = view! {
        <div class="stack">
            {steps(1)} {problem} {form(&request, &arn, kind)} {unfinished(&request, &arn, earlier)}
            {known(kind)}
        </div>
    };
    let (list, word) = list_of(kind);
    let list = (list, list_path(&request, &arn, word));
    let content = below_list(&request, &arn, &name, list, title(kind), body);
    Ok(content.headed(format!("{} into {}", title(kind), isolated(&name))))
}

/// Why the last upload was refused. The script shows it too, where it hears why.
async fn problem(request: &Request) -> AnyView {
    let draft = request.draft().await;
    let fields = draft.map(|draft| draft.fields).unwrap_or_default();
    let sentence = fields.into_iter().find(|(name, _)| name == PROBLEM);
    let (is_refused, sentence) = (sentence.is_some(), sentence.map(|(_, sentence)| sentence));
    view! {
        <div
            class="flash flash-error error-summary"
            id="refused"
            role="alert"
            tabindex="-1"
            autofocus=is_refused
            hidden=!is_refused
        >
            {icon("octagon")}
            <div class="flash-text">
                <h2>"The file was not taken"</h2>
                <ul>
                    <li>
                        <a href=format!("#{FIELD}")>{sentence}</a>
                    </li>
                </ul>
            </div>
        </div>
    }
    .into_any()
}

/// Shows how much of the file is sent. Without it the browser sends the form by itself, and what the
/// server says to the script with anything but a reason it says on a page to the form.
const PROGRESS: &str = "\
const form=document.querySelector('form[enctype]'),button=form.querySelector('.btn-primary');\
const sent=document.getElementById('sent'),bar=sent.querySelector('progress'),say=sent.querySelector('output');\
const wrong=document.getElementById('refused');\
const rest=()=>{sent.hidden=true;button.disabled=false};\
const refuse=why=>{rest();wrong.hidden=false;wrong.querySelector('a').textContent=why;wrong.focus()};\
addEventListener('pageshow',rest);\
form.addEventListener('submit',e=>{\
if(!form.querySelector('[type=file]').files.length)return;\
e.preventDefault();\
const call=new XMLHttpRequest;\
call.upload.onprogress=({loaded,total})=>{bar.max=total;bar.value=loaded;\
say.value=loaded<total?Math.floor(loaded/total*100)+' % is sent':'All of it is sent, and its end is read'};\
call.onload=()=>{let told;try{told=JSON.parse(call.responseText)}catch{}\
if(told?.location)location.assign(told.location);\
else if(told?.problem)refuse(told.problem);\
else if(call.status>=500)refuse('The server could not take it. Look under Jobs whether it is there, or upload it again.');\
else form.submit()};\
call.onerror=()=>refuse('The connection broke off. Nothing of the file was kept: upload it again.');\
wrong.hidden=true;bar.value=0;say.value='';sent.hidden=false;button.disabled=true;\
call.open('POST',form.action);call.setRequestHeader('accept','application/json');\
call.send(new FormData(form))});";

fn form(request: &Request, arn: &AppInstanceArn, kind: Kind) -> AnyView {
    let page = paths::import(&request.connection().id, arn, kind);
    let reason = reason_of_import(request, kind);
    let refusal = reason.as_ref().map(|reason| {
        let sentence = "You can look at this form, but not send it.";
        note("flash", "lock", reason.clone(), sentence)
    });
    let cancel = list_path(request, arn, list_of(kind).1);
    let button = match reason {
        None => view! { <button class="btn btn-primary">"Upload"</button> }.into_any(),
        Some(reason) => view! {
            <button class="btn btn-primary" type="button" aria-disabled="true" title=reason.clone()>
                "Upload"
                {why(&reason)}
            </button>
        }
        .into_any(),
    };
    view! {
        <form
            class="stack narrow"
            method="post"
            action=format!("{page}/file")
            enctype="multipart/form-data"
        >
            {refusal}
            <section class="panel panel-form" aria-label="File">
                <div class="field">
                    <label for=FIELD>"File"</label>
                    <p class="help" id="file-help">
                        {limits_in_words()}
                        " Nothing is changed at AWS by the upload: the next steps show what the file has, and a plan shows what it would do."
                    </p>
                    <input
                        class="input"
                        type="file"
                        id=FIELD
                        name=FIELD
                        accept=".csv,.tsv,.txt,.jsonl,.ndjson,text/csv,text/plain"
                        aria-describedby="file-help"
                    />
                </div>
                <p>
                    <a class="btn btn-small" href=format!("{page}/template.csv") download="">
                        {icon("download")}
                        "Download a file to fill in"
                    </a>
                </p>
            </section>
            <div class="sent" id="sent" hidden=true>
                <progress aria-label="The upload" value="0"></progress>
                <output></output>
            </div>
            <div class="form-actions">
                {button} <a class="btn btn-link" href=cancel>
                    "Cancel"
                </a>
            </div>
        </form>
        <script type="module" nonce=use_nonce()>
            {PROGRESS}
        </script>
    }
    .into_any()
}

/// What a file may have, from the limits themselves.
fn limits_in_words() -> String {
    let limits = Limits::default();
    format!(
        "CSV with a heading, separated by commas, semicolons or tabs, or one JSON object a line; in UTF-8. Up to {} MB, {} rows, {} columns and {} KiB a cell.",
        limits.bytes / 1_000_000,
        number(limits.rows),
        limits.columns,
        limits.cell_bytes / 1024,
    )
}

/// What columns are known, and what each has.
fn known(kind: Kind) -> AnyView {
    let tags = Column::Tag("KEY".to_owned());
    let tags = tags.is_of(kind).then_some(tags);
    let rows = Column::of(kind).iter().cloned().chain(tags);
    let rows = rows
        .map(|column| {
            let need = if Column::required(kind).contains(&column) {
                "needed"
            } else {
                "optional"
            };
            view! {
                <tr>
                    <th scope="row" class="mono">
                        {column.to_string()}
                    </th>
                    <td data-label="What it has" class="wrap">
                        {meaning(kind, &column)}
                    </td>
                    <td data-label="Needed">{need}</td>
                </tr>
            }
        })
        .collect_view();
    let table = plain(
        "Columns of the file",
        ["Column", "What it has"],
        "Needed",
        rows,
    );
    let about = view! {
        <span class="panel-note">
            "Other names can be chosen in the next step. An empty cell leaves a value as it is."
        </span>
    };
    panel_around(("known", "Columns"), about, table)
}

const fn meaning(kind: Kind, column: &Column) -> &'static str {
    match column {
        Column::UserId => match kind {
            Kind::Users => "The user ID, as it is: capital letters count.",
            Kind::Admins => "The ID of an AppInstanceUser, or the ARN of a user or bot.",
            Kind::Endpoints => "The ID of the user whose endpoint it is.",
        },
        Column::Name => match kind {
            Kind::Endpoints => "The name of the endpoint.",
            _ => "The name of the user. Needed for users that are not there yet.",
        },
        Column::Metadata => "Metadata, up to 1,024 bytes.",
        Column::ExpiresDays => "After how many days from its creation the user expires, or never.",
        Column::Type => "APNS, APNS_SANDBOX or GCM.",
        Column::ResourceArn => "The ARN of the Pinpoint application.",
        Column::DeviceToken => "The token of the device.",
        Column::VoipDeviceToken => "The token of an Apple device for calls.",
        Column::AllowMessages => "ALL or NONE.",
        Column::Tag(_) => "The value of the tag with the key KEY. Other tags stay.",
    }
}

/// Files of this operator that no job was made of yet.
fn unfinished(request: &Request, arn: &AppInstanceArn, files: Vec<Kept>) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let now = request.now();
    let rows = files
        .into_iter()
        .enumerate()
        .map(|(at, file)| {
            let to = step_path(&file.connection, arn, &file.id, "columns");
            let remove = ask::button(
                Ask {
                    id: format!("remove-{at}"),
                    what: ("trash", "Remove"),
                    question: format!("Remove {}?", isolated(&shortened(&file.file_name))),
                    effect:
                        "What was uploaded is taken out of this console. Nothing changes at AWS."
                            .to_owned(),
                    warning: None,
                    confirm: "Remove file",
                    action: "imports/remove",
                    hidden: vec![
                        ("target", request.connection().id.target(arn).to_string()),
                        ("import", file.id.clone()),
                        ("page", request.path().to_owned()),
                    ],
                },
                None,
                "btn btn-small",
            );
            view! {
                <tr>
                    <th scope="row">
                        <a href=to>{chosen(&shortened(&file.file_name))}</a>
                    </th>
                    <td data-label="Rows">{number(file.total)}</td>
                    <td data-label="Uploaded">{ago(Some(file.created), now)}</td>
                    <td class="row-act">{remove}</td>
                </tr>
            }
        })
        .collect_view();
    let table = plain(
        "Files that you uploaded and did not plan yet",
        ["File", "Rows", "Uploaded"],
        "Remove",
        rows,
    );
    let about =
        view! { <span class="panel-note">"Only you see them. Each is kept for a week."</span> };
    Some(panel_around(("unfinished", "Go on with"), about, table))
}
