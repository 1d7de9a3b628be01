//! Listing AppInstances: one call of AWS per page.

use domain::arn::AppInstanceArn;
use domain::input::{self, InRegion, Input as _};
use domain::view::AppInstanceSummary;
use domain::{AccountId, Failure, Operation, Page, Region};
use leptos::prelude::*;

use crate::covered::ONLY_COVERED;
use crate::listing;
use crate::paths;
use crate::request::Request;
use crate::selection::{Bulk, List};
use crate::ui::frame::Nav;
use crate::ui::menu::{self, Item};
use crate::ui::odd::{self, Place};
use crate::ui::page::{Content, page};
use crate::ui::parts::{icon, short_id, text_or_missing};
use crate::ui::table::{Column, Row, Table};
use crate::ui::{allowed, list};

const COLUMNS: [Column; 3] = [
    Column::new("Name", "", ""),
    Column::new("ID", "col-l", "mono"),
    Column::new("Metadata", "col-xl lo", "mono lo"),
];

/// The calls that list the AppInstances of a Region.
fn calls(region: Region) -> impl Fn(u32, Option<String>) -> InRegion<input::ListAppInstances> {
    move |max_results, next_token| {
        let list = input::ListAppInstances {
            max_results,
            next_token,
        };
        list.in_region(region)
    }
}

/// One page of the AppInstances of a Region, as the address of the list asks for it.
async fn read(request: &Request, region: Region) -> Result<Page<AppInstanceSummary>, Failure> {
    if !request.covers_region(region) {
        return super::named(request, region).await;
    }
    let found = listing::read(request, region, "", calls(region)).await?;
    super::learn(request, &found.items);
    Ok(found)
}

/// The page that lists the AppInstances of a Region.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        let region = request.scope()?.region;
        let found = read(&request, region).await;
        let account = request.account().await.ok();
        let bulk = Bulk::read(&request, List::Instances(region)).await?;
        let listed = |found: &_| listed(&request, region, account.as_ref(), bulk.as_ref(), found);
        let empty = || empty(&request, region);
        let body = list::answered(&request, found, empty, listed)?;
        let connection = request.connection();
        Ok(Content::new("AppInstances", Nav::Instances(region), body)
            .headed(format!("AppInstances in {region}"))
            .crumb(connection.label.clone(), "/")
            .calls([listing::first_call(&request, calls(region))])
            .action(create_link(&request, region)))
    })
}

fn create_link(request: &Request, region: Region) -> AnyView {
    allowed::create_instance(request, region, "btn btn-primary")
}

fn listed(
    request: &Request,
    region: Region,
    account: Option<&AccountId>,
    bulk: Option<&Bulk>,
    found: &Page<AppInstanceSummary>,
) -> AnyView {
    let place = Place {
        connection: &request.connection().id,
        region,
        account,
    };
    let listed = list::Listed::new(request, found, "AppInstances", "name, ID or metadata")
        .fact((!request.covers_region(region)).then_some(ONLY_COVERED))
        .bulk(|shown| bulk?.bar(shown));
    listed.panel(
        |row| vec![&row.name, id_of(row), &row.metadata],
        |rows| Table {
            caption: format!("AppInstances in {region}"),
            class: "table",
            columns: COLUMNS.to_vec(),
            rows: rows
                .iter()
                .map(|row| row_of(request, place, bulk, row))
                .collect(),
            late: None,
        },
    )
}

/// The id of a row, or the ARN of one that is not known.
fn id_of(row: &AppInstanceSummary) -> &str {
    row.arn
        .known()
        .map_or_else(|| row.arn.as_str(), AppInstanceArn::id)
}

fn row_of(
    request: &Request,
    place: Place<'_>,
    bulk: Option<&Bulk>,
    row: &AppInstanceSummary,
) -> Row {
    let opens = odd::Row::of(place, &row.arn);
    // One of another account is none that can be changed from here.
    let arn = row.arn.known().filter(|_| opens.to.is_some()).cloned();
    let name = if row.name.trim().is_empty() {
        "Unnamed AppInstance".to_owned()
    } else {
        row.name.clone()
    };
    Row {
        pick: bulk.and_then(|bulk| bulk.pick(arn)),
        menu: opens.to.as_deref().map(|to| menu_of(request, to)),
        head: opens.head(name.clone(), name.clone()),
        cells: vec![
            view! { <span title=row.arn.to_string()>{short_id(id_of(row))}</span> }.into_any(),
            text_or_missing(&row.metadata),
        ],
        target: None,
        to: opens.to,
        name,
    }
}

fn menu_of(request: &Request, to: &str) -> AnyView {
    let delete = Operation::DeleteAppInstance;
    let items = vec![
        Item::View,
        Item::Act(Operation::UpdateAppInstance, ("edit", "Edit"), "/edit"),
        Item::Act(Operation::TagResource, ("tag", "Tags"), "/tags"),
        Item::AsCode,
        Item::Danger(delete, ("trash", "Delete"), format!("{to}/delete")),
    ];
    menu::items(request, to, items)
}

fn empty(request: &Request, region: Region) -> AnyView {
    let other = request.regions().into_iter().find(|r| *r != region);
    let other = other.map(|other| {
        let to = paths::instances(&request.connection().id, other);
        view! {
            <li>
                {icon("globe")}
                <span>
                    {format!("This is {region}. AppInstances of {other} are not shown here.")}
                </span> <a class="act" href=to>
                    {format!("Show {other}")}
                </a>
            </li>
        }
    });
    let more = view! {
        <div class="empty-more">
            <h2 class="mt">"Expected to see some?"</h2>
            <ul class="checks">
                {other}
                <li>
                    {icon("key")}
                    <span>
                        "AppInstances made with the old “chime” API namespace can be missing from this list."
                    </span>
                </li>
            </ul>
        </div>
    };
    list::nothing_yet_with(
        format!("No AppInstances in {region} yet"),
        "An AppInstance holds the messaging identities of one application: its users, admins and bots. Most applications have one.",
        create_link(request, region),
        Some(more.into_any()),
    )
}
