//! Listing AppInstanceUsers: one call of AWS per page; further columns are read after it.

use domain::arn::AppInstanceArn;
use domain::input;
use domain::snippet::Call;
use domain::view::AppInstanceUserSummary;
use domain::{Cause, Failure, Operation, Page};
use leptos::prelude::*;

use crate::columns::{self, UserColumn};
use crate::islands::LateCells;
use crate::request::{Cookie, Request};
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::odd::{Place, Row};
use crate::ui::page::page;
use crate::ui::parts::{icon, missing, small_icon, text_or_missing};
use crate::ui::{allowed, failed, list, menu};
use crate::{app_instances, paths};

/// One page of the users of an AppInstance, as the address of the list asks for it.
async fn read(
    request: &Request,
    arn: &AppInstanceArn,
) -> Result<Page<AppInstanceUserSummary>, Failure> {
    list::read(
        request,
        arn.region(),
        arn.as_str(),
        |max_results, next_token| input::ListAppInstanceUsers {
            app_instance_arn: arn.clone(),
            max_results,
            next_token,
        },
    )
    .await
}

/// The list.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let columns = columns(&request);
        let (name, found) = tokio::join!(app_instances::name(&request, &arn), read(&request, &arn));
        let body = match found {
            Ok(found) => listed(&request, &arn, &columns, &found),
            Err(failure) if failure.cause == Cause::SignedOut => return Err(failure),
            Err(failure) => {
                request.set_status(failure.cause.status());
                failed::panel(&failure, &request)
            }
        };
        let call = Call::of(&input::ListAppInstanceUsers {
            app_instance_arn: arn.clone(),
            max_results: list::page_size(&request).get(),
            next_token: None,
        });
        Ok(
            app_instances::within(&request, &arn, &name, Section::Users, "Users", body)
                .headed(format!("Users of {}", isolated(&name)))
                .calls([call])
                .action(create_link(&request, &arn)),
        )
    })
}

/// The columns that the address names, else the ones chosen last, else the two of one call.
fn columns(request: &Request) -> Vec<UserColumn> {
    let asked = request.query_all("cols");
    if !asked.is_empty() {
        let named = UserColumn::named(asked.iter().flat_map(|slugs| slugs.split('.')));
        let slugs: Vec<_> = named.iter().map(|column| column.slug()).collect();
        request.keep(Cookie::UserColumns, &slugs.join("."));
        return named;
    }
    match request.cookie(Cookie::UserColumns) {
        Some(slugs) => UserColumn::named(slugs.split('.')),
        None => vec![UserColumn::Created, UserColumn::Expires],
    }
}

fn create_link(request: &Request, arn: &AppInstanceArn) -> AnyView {
    allowed::link(
        request,
        Operation::CreateAppInstanceUser,
        "btn btn-primary",
        ("plus", "Create AppInstanceUser"),
        paths::create_user(&request.connection().id, arn),
    )
}

fn listed(
    request: &Request,
    arn: &AppInstanceArn,
    columns: &[UserColumn],
    found: &Page<AppInstanceUserSummary>,
) -> AnyView {
    if found.is_whole_list_empty() {
        return empty(request, arn);
    }
    let search = request.query("q");
    let matches = |row: &&AppInstanceUserSummary| {
        list::matches(search.as_deref(), &[id_of(row), &row.name, &row.metadata])
    };
    let rows: Vec<_> = found.items.iter().filter(matches).collect();
    let shown = rows.len();
    let body = if rows.is_empty() {
        list::no_rows(request, found)
    } else {
        table(request, arn, columns, &rows)
    };
    view! {
        <section class="panel" aria-label="Users">
            {list::toolbar_with(request, "user ID, name or metadata", columns_menu(columns))}
            {list::strip(request, found, shown)} {body}
        </section>
    }
    .into_any()
}

/// The choice of columns, inside the form of the toolbar.
fn columns_menu(chosen: &[UserColumn]) -> AnyView {
    let boxes = UserColumn::ALL
        .iter()
        .map(|column| {
            view! {
                <label class="check">
                    <input
                        type="checkbox"
                        name="cols"
                        value=column.slug()
                        checked=chosen.contains(column)
                    />
                    <span>{column.label()}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <div class="menu menu-end">
            <button class="btn" type="button" popovertarget="columns">
                {icon("filter")} "Columns" {small_icon("chevron-down")}
            </button>
            <div class="menu-list menu-choices" id="columns" popover="auto">
                // Says that a choice was made when no box is ticked.
                <input type="hidden" name="cols" value="none"/>
                {boxes}
                <p class="menu-note">"Each is read from AWS after the list, row by row."</p>
                <button class="btn btn-small">"Show columns"</button>
            </div>
        </div>
    }
    .into_any()
}

/// The class that gives a column its width, and that of its cells. What somebody chose is never
/// hidden: where there is little room the table scrolls.
const fn width(column: UserColumn) -> (&'static str, &'static str) {
    match column {
        UserColumn::Created | UserColumn::Admin => ("col-m", ""),
        UserColumn::Expires => ("col-l", ""),
        UserColumn::Endpoints => ("col-m", "num"),
    }
}

/// The id of a row, or the ARN of one that is not known.
fn id_of(row: &AppInstanceUserSummary) -> &str {
    match row.arn.known() {
        Some(arn) => arn.user_id().as_str(),
        None => row.arn.as_str(),
    }
}

fn table(
    request: &Request,
    arn: &AppInstanceArn,
    columns: &[UserColumn],
    rows: &[&AppInstanceUserSummary],
) -> AnyView {
    let place = Place::within(&request.connection().id, arn);
    let cols = columns
        .iter()
        .map(|column| view! { <col class=width(*column).0/> })
        .collect_view();
    let heads = columns
        .iter()
        .map(|column| {
            view! {
                <th scope="col" class=width(*column).1>
                    {column.label()}
                </th>
            }
        })
        .collect_view();
    let rows = rows
        .iter()
        .map(|row| row_view(request, place, columns, row))
        .collect_view();
    let table = view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="sr-only">"Users of the AppInstance"</caption>
                <colgroup>
                    <col/>
                    <col class="col-xl"/>
                    <col class="col-l lo"/>
                    {cols}
                    <col class="col-menu"/>
                </colgroup>
                <thead>
                    <tr>
                        <th scope="col">"User ID"</th>
                        <th scope="col">"Name"</th>
                        <th scope="col" class="lo">
                            "Metadata"
                        </th>
                        {heads}
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
    view! { <LateCells action="/api/columns/user".to_owned()>{table}</LateCells> }.into_any()
}

fn row_view(
    request: &Request,
    place: Place<'_>,
    columns: &[UserColumn],
    row: &AppInstanceUserSummary,
) -> AnyView {
    let opens = Row::of(place, &row.arn);
    let id = id_of(row).to_owned();
    let cells = columns
        .iter()
        .map(|column| {
            view! {
                <td class=width(*column).1 data-label=column.label() data-column=column.slug()>
                    {opens.to.as_deref().map_or_else(missing, columns::reading_cell)}
                </td>
            }
        })
        .collect_view();
    let late = opens
        .to
        .is_some()
        .then(|| place.connection.target(&row.arn).to_string());
    let menu = opens.to.as_deref().map(|to| menu(request, to, &id));
    view! {
        <tr data-late=late>
            <th scope="row" class="mono">
                {opens.head(id.clone(), id)}
            </th>
            <td data-label="Name">{text_or_missing(&row.name)}</td>
            <td class="mono lo" data-label="Metadata">
                {text_or_missing(&row.metadata)}
            </td>
            {cells}
            <td class="row-menu">{menu}</td>
        </tr>
    }
    .into_any()
}

fn menu(request: &Request, to: &str, id: &str) -> AnyView {
    let act = |operation, class, what, path| {
        allowed::link(request, operation, class, what, format!("{to}{path}"))
    };
    let items = view! {
        <a href=to.to_owned()>{icon("eye")} "View"</a>
        {act(Operation::UpdateAppInstanceUser, "", ("edit", "Edit"), "/edit")}
        {act(
            Operation::PutAppInstanceUserExpirationSettings,
            "",
            ("clock", "Expiration"),
            "/expiration",
        )}
        <a href=format!("{to}/endpoints")>{icon("phone")} "Endpoints"</a>
        {act(Operation::TagResource, "", ("tag", "Tags"), "/tags")}
        <a href=format!("{to}?code=cli")>{icon("code")} "As code"</a>
        <hr/>
        {act(
            Operation::DeleteAppInstanceUser,
            "menu-danger",
            ("trash", "Delete"),
            "/delete",
        )}
    };
    menu::of_row(to, id, items.into_any())
}

fn empty(request: &Request, arn: &AppInstanceArn) -> AnyView {
    view! {
        <section class="panel">
            <div class="empty">
                <svg aria-hidden="true">
                    <use href="/icons.svg#i-bells"></use>
                </svg>
                <h2>"No users yet"</h2>
                <p>
                    "An AppInstanceUser is a person or device of your application. Your application usually creates one when somebody signs up, with the ID of its own identity provider."
                </p>
                {create_link(request, arn)}
            </div>
        </section>
    }
    .into_any()
}
