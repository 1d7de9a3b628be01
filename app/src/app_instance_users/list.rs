//! Listing AppInstanceUsers: one call of AWS per page; further columns are read after it.

use domain::arn::AppInstanceArn;
use domain::import::Kind;
use domain::input::ListAppInstanceUsers;
use domain::view::AppInstanceUserSummary;
use domain::{Operation, Page};
use leptos::prelude::*;

use crate::columns::UserColumn;
use crate::request::{Cookie, Request};
use crate::selection::{Bulk, List};
use crate::ui::frame::Section;
use crate::ui::menu::{self, Item};
use crate::ui::odd::{self, Place};
use crate::ui::page::page;
use crate::ui::parts::{icon, small_icon, text_or_missing};
use crate::ui::table::{Column, Row, Table};
use crate::ui::{allowed, list};
use crate::{app_instances, listing, paths};

/// The page that lists the users of an AppInstance, in the columns that somebody chose.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let columns = columns(&request);
        let bulk = Bulk::read(&request, List::Users(arn.clone())).await?;
        let shown = |found| {
            let empty = || empty(&request, &arn);
            list::answered(&request, found, empty, |found| {
                listed(&request, &arn, &columns, bulk.as_ref(), found)
            })
        };
        let section = (Section::Users, "Users");
        let calls = listing::calls::<ListAppInstanceUsers>(&arn);
        let content = app_instances::list_page(&request, &arn, section, calls, shown).await?;
        Ok(content
            .action(allowed::import_link(&request, &arn, Kind::Endpoints))
            .action(allowed::import_link(&request, &arn, Kind::Users))
            .action(create_link(&request, &arn)))
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
    bulk: Option<&Bulk>,
    found: &Page<AppInstanceUserSummary>,
) -> AnyView {
    let listed = list::Listed::new(request, found, "Users", "user ID, name or metadata")
        .controls(columns_menu(columns));
    let listed = listed.bulk(|shown| bulk?.bar(shown));
    let place = Place::within(&request.connection().id, arn);
    listed.panel(
        |row| vec![id_of(row), &row.name, &row.metadata],
        |rows| Table {
            caption: "Users of the AppInstance".to_owned(),
            class: "table",
            columns: all_columns(columns),
            rows: rows
                .iter()
                .map(|row| row_of(request, place, bulk, row))
                .collect(),
            late: Some("columns/user"),
        },
    )
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
                {icon("filter")}
                "Columns"
                {small_icon("chevron-down")}
            </button>
            <div class="menu-list menu-choices" id="columns" popover="auto">
                // Says that a choice was made when no box is ticked.
                <input type="hidden" name="cols" value="none" />
                {boxes}
                <p class="menu-note">"Each is read from AWS after the list, row by row."</p>
                <button class="btn btn-small">"Show columns"</button>
            </div>
        </div>
    }
    .into_any()
}

/// The columns that every list has, and those that were chosen, which are read after the page. What
/// somebody chose is never hidden: where there is little room the table scrolls.
fn all_columns(chosen: &[UserColumn]) -> Vec<Column> {
    let always = [
        Column::new("User ID", "", "mono"),
        Column::new("Name", "col-xl", ""),
        Column::new("Metadata", "col-l lo", "mono lo"),
    ];
    let late = chosen.iter().map(|column| {
        let (width, class) = match column {
            UserColumn::Created | UserColumn::Admin => ("col-m", ""),
            UserColumn::Expires => ("col-l", ""),
            UserColumn::Endpoints => ("col-m", "num"),
        };
        Column::late(column.slug(), column.label(), width, class)
    });
    always.into_iter().chain(late).collect()
}

/// The id of a row, or the ARN of one that is not known.
fn id_of(row: &AppInstanceUserSummary) -> &str {
    match row.arn.known() {
        Some(arn) => arn.user_id().as_str(),
        None => row.arn.as_str(),
    }
}

fn row_of(
    request: &Request,
    place: Place<'_>,
    bulk: Option<&Bulk>,
    row: &AppInstanceUserSummary,
) -> Row {
    let opens = odd::Row::of(place, &row.arn);
    let pick = bulk.and_then(|bulk| bulk.pick(row.arn.known().cloned()));
    let id = id_of(row).to_owned();
    Row {
        pick,
        menu: opens.to.as_deref().map(|to| menu_of(request, to)),
        head: opens.head(id.clone(), id.clone()),
        cells: vec![text_or_missing(&row.name), text_or_missing(&row.metadata)],
        target: Some(place.connection.target(&row.arn).to_string()),
        to: opens.to,
        name: id,
    }
}

fn menu_of(request: &Request, to: &str) -> AnyView {
    let expiration = Operation::PutAppInstanceUserExpirationSettings;
    let delete = Operation::DeleteAppInstanceUser;
    let items = vec![
        Item::View,
        Item::Act(Operation::UpdateAppInstanceUser, ("edit", "Edit"), "/edit"),
        Item::Act(expiration, ("clock", "Expiration"), "/expiration"),
        Item::Page("phone", "Endpoints", "/endpoints"),
        Item::Act(Operation::TagResource, ("tag", "Tags"), "/tags"),
        Item::AsCode,
        Item::Danger(delete, ("trash", "Delete"), format!("{to}/delete")),
    ];
    menu::items(request, to, items)
}

fn empty(request: &Request, arn: &AppInstanceArn) -> AnyView {
    let sentence = "An AppInstanceUser is a person or device of your application. Your application usually creates one when somebody signs up, with the ID of its own identity provider.";
    list::nothing_yet("No users yet", sentence, create_link(request, arn))
}
