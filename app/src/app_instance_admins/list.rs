//! Listing AppInstanceAdmins: one call of AWS per page; since when each is one, which no list says,
//! is read after it.

use domain::arn::{AppInstanceArn, MemberArn};
use domain::input;
use domain::snippet::Call;
use domain::view::AppInstanceAdmin;
use domain::{Cause, Failure, Operation, Page, Target};
use leptos::prelude::*;

use super::admin_role;
use super::{MemberKind, list_path, remove_path};
use crate::app_instances;
use crate::columns;
use crate::islands::LateCells;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::odd::{Place, Row};
use crate::ui::page::page;
use crate::ui::parts::{icon, missing, small_icon, text_or_missing};
use crate::ui::{allowed, failed, list, menu};

/// The column that is read after the page.
const SINCE: &str = "since";

/// One page of the admins of an AppInstance, as the address of the list asks for it.
async fn read(request: &Request, arn: &AppInstanceArn) -> Result<Page<AppInstanceAdmin>, Failure> {
    list::read(
        request,
        arn.region(),
        arn.as_str(),
        |max_results, next_token| input::ListAppInstanceAdmins {
            app_instance_arn: arn.clone(),
            max_results,
            next_token,
        },
    )
    .await
}

/// Reads since when a user or bot is an admin, and writes the cell: one call.
#[server(prefix = "/api", endpoint = "columns/admin")]
pub async fn read_admin_cells(
    row: Target<MemberArn>,
    columns: String,
) -> Result<Vec<String>, Failure> {
    let request = Request::on(&row);
    let row = row.arn;
    request.stay_inside(row.instance())?;
    if columns != SINCE {
        return Ok(Vec::new());
    }
    let cell = match admin_role(&request, &row).await {
        Ok(admin) => columns::time_cell(admin.and_then(|admin| admin.since)),
        Err(failure) => columns::failed_cell("Since", &failure),
    };
    Ok(vec![cell.to_html()])
}

/// The list.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let (name, found) = tokio::join!(app_instances::name(&request, &arn), read(&request, &arn));
        let list = match found {
            Ok(found) => listed(&request, &arn, &found),
            Err(failure) if failure.cause == Cause::SignedOut => return Err(failure),
            Err(failure) => {
                request.set_status(failure.cause.status());
                failed::panel(&failure, &request)
            }
        };
        let call = Call::of(&input::ListAppInstanceAdmins {
            app_instance_arn: arn.clone(),
            max_results: list::page_size(&request).get(),
            next_token: None,
        });
        let body = view! { <div class="stack">{list} {about()}</div> };
        Ok(
            app_instances::within(&request, &arn, &name, Section::Admins, "Admins", body)
                .headed(format!("Admins of {}", isolated(&name)))
                .calls([call])
                .action(add_link(&request, &arn)),
        )
    })
}

/// What the role is for; it is of the messaging API, and shows nowhere on this one.
fn about() -> AnyView {
    view! {
        <section class="panel" aria-labelledby="h-about">
            <div class="panel-head">
                <h2 id="h-about">"What an admin may do"</h2>
            </div>
            <div class="panel-body">
                <p class="prose">
                    "In the messaging API an admin may manage every channel of the AppInstance: its members, moderators and messages, and the channel itself. In this console the role changes nothing."
                </p>
            </div>
        </section>
    }
    .into_any()
}

fn add_link(request: &Request, arn: &AppInstanceArn) -> AnyView {
    allowed::link(
        request,
        Operation::CreateAppInstanceAdmin,
        "btn btn-primary",
        ("plus", "Add admin"),
        format!("{}/add", list_path(request, arn)),
    )
}

fn listed(request: &Request, arn: &AppInstanceArn, found: &Page<AppInstanceAdmin>) -> AnyView {
    if found.is_whole_list_empty() {
        return empty(request, arn);
    }
    let search = request.query("q");
    let matches = |row: &&AppInstanceAdmin| {
        list::matches(search.as_deref(), &[&row.name, id_of(row), kind_of(row)])
    };
    let rows: Vec<_> = found.items.iter().filter(matches).collect();
    let shown = rows.len();
    let body = if rows.is_empty() {
        list::no_rows(request, found)
    } else {
        table(request, arn, &rows)
    };
    view! {
        <section class="panel" aria-label="Admins">
            {list::toolbar(request, "name, ID or kind")} {list::strip(request, found, shown)} {body}
        </section>
    }
    .into_any()
}

/// The id of a row, or the ARN of one that is not known.
fn id_of(row: &AppInstanceAdmin) -> &str {
    row.member
        .known()
        .map_or_else(|| row.member.as_str(), MemberArn::id)
}

/// The word for what it is, if that is known.
fn kind_of(row: &AppInstanceAdmin) -> &'static str {
    let known = row.member.known();
    known.map_or("", |member| MemberKind::of(member).slug())
}

fn table(request: &Request, arn: &AppInstanceArn, rows: &[&AppInstanceAdmin]) -> AnyView {
    let place = Place::within(&request.connection().id, arn);
    let rows = rows.iter().map(|row| row_view(request, place, row));
    let rows = rows.collect_view();
    let table = view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="sr-only">"Admins of the AppInstance"</caption>
                <colgroup>
                    <col/>
                    <col class="col-xl"/>
                    <col class="col-m"/>
                    <col class="col-m"/>
                    <col class="col-menu"/>
                </colgroup>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"ID"</th>
                        <th scope="col">"Kind"</th>
                        <th scope="col">"Since"</th>
                        <th scope="col">
                            <span class="sr-only">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {columns::templates()}
    };
    view! { <LateCells action="/api/columns/admin".to_owned()>{table}</LateCells> }.into_any()
}

fn row_view(request: &Request, place: Place<'_>, row: &AppInstanceAdmin) -> AnyView {
    let opens = Row::of(place, &row.member);
    let name = match (row.name.trim(), kind_of(row)) {
        ("", "") => "Unnamed".to_owned(),
        ("", kind) => format!("Unnamed {kind}"),
        _ => row.name.clone(),
    };
    let kind = row.member.known().map(|member| {
        let kind = MemberKind::of(member);
        view! { <span class="status">{small_icon(kind.icon())} {kind.slug()}</span> }.into_any()
    });
    let late = opens
        .to
        .is_some()
        .then(|| place.connection.target(&row.member).to_string());
    let member = row.member.known();
    let menu = opens.to.as_deref().zip(member);
    let menu = menu.map(|(to, member)| menu_view(request, member, to, &name));
    view! {
        <tr data-late=late>
            <th scope="row">{opens.head(name.clone(), name)}</th>
            <td class="mono" data-label="ID">
                <span title=row.member.to_string()>{text_or_missing(id_of(row))}</span>
            </td>
            <td data-label="Kind">{kind.unwrap_or_else(missing)}</td>
            <td data-label="Since" data-column=SINCE>
                {opens.to.as_deref().map_or_else(missing, columns::reading_cell)}
            </td>
            <td class="row-menu">{menu}</td>
        </tr>
    }
    .into_any()
}

fn menu_view(request: &Request, member: &MemberArn, to: &str, name: &str) -> AnyView {
    let items = view! {
        <a href=to.to_owned()>{icon("eye")} "View"</a>
        <a href=format!("{to}/activity")>{icon("activity")} "Activity"</a>
        <hr/>
        {allowed::link(
            request,
            Operation::DeleteAppInstanceAdmin,
            "menu-danger",
            ("shield", "Demote"),
            remove_path(request, member),
        )}
    };
    menu::of_row(to, name, items.into_any())
}

fn empty(request: &Request, arn: &AppInstanceArn) -> AnyView {
    view! {
        <section class="panel">
            <div class="empty">
                <svg aria-hidden="true">
                    <use href="/icons.svg#i-bells"></use>
                </svg>
                <h2>"No admins yet"</h2>
                <p>
                    "Without an admin, nobody can manage a channel that they do not moderate. Most applications make one user for this, which no person signs in as."
                </p>
                {add_link(request, arn)}
            </div>
        </section>
    }
    .into_any()
}
