//! Listing AppInstanceAdmins: one call of AWS per page; since when each is one, which no list says,
//! is read after it.

use domain::arn::{AppInstanceArn, MemberArn};
use domain::import::Kind;
use domain::input::ListAppInstanceAdmins;
use domain::view::AppInstanceAdmin;
use domain::{Failure, Operation, Page, Target};
use leptos::prelude::*;

use super::admin_role;
use super::{list_path, remove_path};
use crate::app_instances;
use crate::listing;
use crate::paths::MemberKind;
use crate::request::Request;
use crate::selection::{Bulk, List};
use crate::ui::frame::Section;
use crate::ui::late::{failed_cell, time_cell};
use crate::ui::menu::{self, Item};
use crate::ui::odd::{self, Place};
use crate::ui::page::page;
use crate::ui::parts::{missing, panel, small_icon, text_or_missing};
use crate::ui::table::{Column, Row, Table};
use crate::ui::{allowed, list};

/// The column that is read after the page.
const SINCE: &str = "since";

const COLUMNS: [Column; 4] = [
    Column::new("Name", "", ""),
    Column::new("ID", "col-xl", "mono"),
    Column::new("Kind", "col-m", ""),
    Column::late(SINCE, "Since", "col-m", ""),
];

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
        Ok(admin) => time_cell(admin.and_then(|admin| admin.since)),
        Err(failure) => failed_cell("Since", &failure),
    };
    Ok(vec![cell.to_html()])
}

/// The page that lists the admins of an AppInstance, and says what the role is for.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let bulk = Bulk::read(&request, List::Admins(arn.clone())).await?;
        let shown = |found| {
            let empty = || empty(&request, &arn);
            let list = list::answered(&request, found, empty, |found| {
                listed(&request, &arn, bulk.as_ref(), found)
            })?;
            Ok(view! { <div class="stack">{list} {about()}</div> }.into_any())
        };
        let section = (Section::Admins, "Admins");
        let calls = listing::calls::<ListAppInstanceAdmins>(&arn);
        let content = app_instances::list_page(&request, &arn, section, calls, shown).await?;
        let import = allowed::import_link(&request, &arn, Kind::Admins);
        Ok(content.action(import).action(add_link(&request, &arn)))
    })
}

/// What the role is for; it is of the messaging API, and shows nowhere on this one.
fn about() -> AnyView {
    let text = view! {
        <p class="prose">
            "In the messaging API an admin may manage every channel of the AppInstance: its members, moderators and messages, and the channel itself. In this console the role changes nothing."
        </p>
    };
    panel("about", "What an admin may do", text)
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

fn listed(
    request: &Request,
    arn: &AppInstanceArn,
    bulk: Option<&Bulk>,
    found: &Page<AppInstanceAdmin>,
) -> AnyView {
    let listed = list::Listed::new(request, found, "Admins", "name, ID or kind");
    let listed = listed.bulk(|shown| bulk?.bar(shown));
    let place = Place::within(&request.connection().id, arn);
    listed.panel(
        |row| vec![&row.name, id_of(row), kind_of(row)],
        |rows| Table {
            caption: "Admins of the AppInstance".to_owned(),
            class: "table",
            columns: COLUMNS.to_vec(),
            rows: rows
                .iter()
                .map(|row| row_of(request, place, bulk, row))
                .collect(),
            late: Some("columns/admin"),
        },
    )
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

fn row_of(request: &Request, place: Place<'_>, bulk: Option<&Bulk>, row: &AppInstanceAdmin) -> Row {
    let opens = odd::Row::of(place, &row.member);
    let pick = bulk.and_then(|bulk| bulk.pick(row.member.known().cloned()));
    let name = match (row.name.trim(), kind_of(row)) {
        ("", "") => "Unnamed".to_owned(),
        ("", kind) => format!("Unnamed {kind}"),
        _ => row.name.clone(),
    };
    let member = row.member.known();
    let kind = member.map(|member| {
        let kind = MemberKind::of(member);
        view! { <span class="status">{small_icon(kind.icon())} {kind.slug()}</span> }.into_any()
    });
    let id = text_or_missing(id_of(row));
    let menu = opens.to.as_deref().zip(member);
    Row {
        pick,
        menu: menu.map(|(to, member)| menu_of(request, member, to)),
        head: opens.head(name.clone(), name.clone()),
        cells: vec![
            view! { <span title=row.member.to_string()>{id}</span> }.into_any(),
            kind.unwrap_or_else(missing),
        ],
        target: Some(place.connection.target(&row.member).to_string()),
        to: opens.to,
        name,
    }
}

fn menu_of(request: &Request, member: &MemberArn, to: &str) -> AnyView {
    let demote = Operation::DeleteAppInstanceAdmin;
    let items = vec![
        Item::View,
        Item::Page("activity", "Activity", "/activity"),
        Item::Danger(demote, ("shield", "Demote"), remove_path(request, member)),
    ];
    menu::items(request, to, items)
}

fn empty(request: &Request, arn: &AppInstanceArn) -> AnyView {
    let sentence = "Without an admin, nobody can manage a channel that they do not moderate. Most applications make one user for this, which no person signs in as.";
    list::nothing_yet("No admins yet", sentence, add_link(request, arn))
}
