//! Listing AppInstances: one call of AWS per page.

use domain::arn::AppInstanceArn;
use domain::input::{self, Input as _};
use domain::snippet::Call;
use domain::view::AppInstanceSummary;
use domain::{AccountId, Cause, Failure, Operation, Page, Region};
use leptos::prelude::*;

use crate::covered::ONLY_COVERED;
use crate::paths;
use crate::request::Request;
use crate::ui::frame::Nav;
use crate::ui::odd::{Place, Row};
use crate::ui::page::{Content, page};
use crate::ui::parts::{icon, short_id, text_or_missing};
use crate::ui::{allowed, failed, list, menu};

/// One page of the AppInstances of a Region, as the address of the list asks for it.
async fn read(request: &Request, region: Region) -> Result<Page<AppInstanceSummary>, Failure> {
    if !request.covers_region(region) {
        return super::named(request, region).await;
    }
    let found = list::read(request, region, "", |max_results, next_token| {
        let list = input::ListAppInstances {
            max_results,
            next_token,
        };
        list.in_region(region)
    })
    .await?;
    super::learn(request, &found.items);
    Ok(found)
}

/// The list.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        let region = request.scope()?.region;
        let size = list::page_size(&request).get();
        let body = match read(&request, region).await {
            Ok(found) => {
                let account = request.backend().account().await;
                listed(&request, region, account.as_ref().ok(), &found)
            }
            Err(failure) if failure.cause == Cause::SignedOut => return Err(failure),
            Err(failure) => {
                request.set_status(failure.cause.status());
                failed::panel(&failure, &request)
            }
        };
        let connection = request.connection();
        let call = Call::of(
            &input::ListAppInstances {
                max_results: size,
                next_token: None,
            }
            .in_region(region),
        );
        Ok(Content::new("AppInstances", Nav::Instances(region), body)
            .headed(format!("AppInstances in {region}"))
            .crumb(connection.label.clone(), "/")
            .calls([call])
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
    found: &Page<AppInstanceSummary>,
) -> AnyView {
    let place = Place {
        connection: &request.connection().id,
        region,
        account,
    };
    if found.is_whole_list_empty() {
        return empty(request, region);
    }
    let search = request.query("q");
    let rows: Vec<_> = found
        .items
        .iter()
        .filter(|row| list::matches(search.as_deref(), &[&row.name, id_of(row), &row.metadata]))
        .collect();
    let shown = rows.len();
    let limited = (!request.covers_region(region)).then_some(ONLY_COVERED);
    let body = if rows.is_empty() {
        list::no_rows(request, found)
    } else {
        let rows = rows
            .into_iter()
            .map(|row| row_view(request, place, row))
            .collect_view();
        view! {
            <div class="table-wrap">
                <table class="table">
                    <caption class="sr-only">{format!("AppInstances in {region}")}</caption>
                    <colgroup>
                        <col/>
                        <col class="col-l"/>
                        <col class="col-xl lo"/>
                        <col class="col-menu"/>
                    </colgroup>
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col">"ID"</th>
                            <th scope="col" class="lo">
                                "Metadata"
                            </th>
                            <th scope="col">
                                <span class="sr-only">"Actions"</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-label="AppInstances">
            {list::toolbar(request, "name, ID or metadata")}
            {list::strip_with(request, found, shown, limited)}
            {body}
        </section>
    }
    .into_any()
}

/// The id of a row, or the ARN of one that is not known.
fn id_of(row: &AppInstanceSummary) -> &str {
    row.arn
        .known()
        .map_or_else(|| row.arn.as_str(), AppInstanceArn::id)
}

fn row_view(request: &Request, place: Place<'_>, row: &AppInstanceSummary) -> AnyView {
    let opens = Row::of(place, &row.arn);
    let name = if row.name.trim().is_empty() {
        "Unnamed AppInstance".to_owned()
    } else {
        row.name.clone()
    };
    let menu = opens.to.as_deref().map(|to| menu(request, to, &name));
    view! {
        <tr>
            <th scope="row">{opens.head(name.clone(), name)}</th>
            <td class="mono" data-label="ID">
                <span title=row.arn.to_string()>{short_id(id_of(row))}</span>
            </td>
            <td class="mono lo" data-label="Metadata">
                {text_or_missing(&row.metadata)}
            </td>
            <td class="row-menu">{menu}</td>
        </tr>
    }
    .into_any()
}

fn menu(request: &Request, to: &str, name: &str) -> AnyView {
    let act = |operation, class, what, path| {
        allowed::link(request, operation, class, what, format!("{to}{path}"))
    };
    let items = view! {
        <a href=to.to_owned()>{icon("eye")}"View"</a>
        {act(Operation::UpdateAppInstance, "", ("edit", "Edit"), "/edit")}
        {act(Operation::TagResource, "", ("tag", "Tags"), "/tags")}
        <a href=format!("{to}?code=cli")>{icon("code")}"As code"</a>
        <hr/>
        {act(Operation::DeleteAppInstance, "menu-danger", ("trash", "Delete"), "/delete")}
    };
    menu::of_row(to, name, items.into_any())
}

fn empty(request: &Request, region: Region) -> AnyView {
    let other = request.regions().into_iter().find(|r| *r != region);
    let other = other.map(|other| {
        let to = paths::instances(&request.connection().id, other);
        view! {
            <li>
                {icon("globe")}
                <span>{format!("This is {region}. AppInstances of {other} are not shown here.")}</span>
                <a class="act" href=to>
                    {format!("Show {other}")}
                </a>
            </li>
        }
    });
    view! {
        <section class="panel">
            <div class="empty">
                <svg aria-hidden="true">
                    <use href="/icons.svg#i-bells"></use>
                </svg>
                <h2>{format!("No AppInstances in {region} yet")}</h2>
                <p>
                    "An AppInstance holds the messaging identities of one application: its users, admins and bots. Most applications have one."
                </p>
                {create_link(request, region)}
            </div>
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
        </section>
    }
    .into_any()
}
