//! Listing AppInstanceBots: one call of AWS per page; what a bot is made of is read after it.

use domain::arn::{AppInstanceArn, AppInstanceBotArn};
use domain::input;
use domain::snippet::Call;
use domain::view::{AppInstanceBot, AppInstanceBotSummary};
use domain::{Cause, Failure, Operation, Page, Target};
use leptos::prelude::*;

use super::{describe, title};
use crate::columns;
use crate::islands::LateCells;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::odd::{Place, Row};
use crate::ui::page::page;
use crate::ui::parts::{icon, missing, short_id};
use crate::ui::{allowed, failed, list, menu};
use crate::{app_instances, paths};

/// The columns that are read after the page: value in the address, heading, class. One call gives
/// all of them.
const LATE: &[(&str, &str, &str)] = &[
    ("alias", "Lex alias", "mono"),
    ("locale", "Locale ID", ""),
    ("standard", "Standard", ""),
    ("targeted", "Targeted", ""),
    ("updated", "Updated", ""),
];

/// One page of the bots of an AppInstance, as the address of the list asks for it.
async fn read(
    request: &Request,
    arn: &AppInstanceArn,
) -> Result<Page<AppInstanceBotSummary>, Failure> {
    list::read(
        request,
        arn.region(),
        arn.as_str(),
        |max_results, next_token| input::ListAppInstanceBots {
            app_instance_arn: arn.clone(),
            max_results,
            next_token,
        },
    )
    .await
}

/// Reads a bot, and writes the cells of the wanted columns: one call.
#[server(prefix = "/api", endpoint = "columns/bot")]
pub async fn read_bot_cells(
    row: Target<AppInstanceBotArn>,
    columns: String,
) -> Result<Vec<String>, Failure> {
    let request = Request::on(&row);
    let row = row.arn;
    request.stay_inside(row.instance())?;
    let bot = describe(&request, &row).await;
    let wanted = columns
        .split('.')
        .filter_map(|column| LATE.iter().find(|(slug, ..)| *slug == column));
    let cells = wanted.map(|(slug, heading, _)| match &bot {
        Ok(bot) => cell(bot, slug),
        Err(failure) => columns::failed_cell(heading, failure),
    });
    Ok(cells.map(RenderHtml::to_html).collect())
}

fn cell(bot: &AppInstanceBot, column: &str) -> AnyView {
    let lex = bot.configuration.as_ref();
    let invoked_by = lex.and_then(|lex| lex.invoked_by.as_ref());
    let text = match column {
        "updated" => return columns::time_cell(bot.updated),
        "alias" => {
            return lex.map_or_else(missing, |lex| {
                let arn = lex.lex_bot_alias_arn.to_string();
                // The two ids at its end; what stands before is where the AppInstance is.
                let ids = arn.split_once("bot-alias/").map_or(&*arn, |(_, ids)| ids);
                view! { <span title=arn.clone()>{ids.to_owned()}</span> }.into_any()
            });
        }
        "locale" => lex.map(|lex| lex.locale_id.to_string()),
        "standard" => invoked_by.map(|by| by.standard_messages.to_string()),
        _ => invoked_by.map(|by| by.targeted_messages.to_string()),
    };
    text.map_or_else(missing, IntoAny::into_any)
}

/// The list.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let (name, found) = tokio::join!(app_instances::name(&request, &arn), read(&request, &arn));
        let body = match found {
            Ok(found) => listed(&request, &arn, &found),
            Err(failure) if failure.cause == Cause::SignedOut => return Err(failure),
            Err(failure) => {
                request.set_status(failure.cause.status());
                failed::panel(&failure, &request)
            }
        };
        let call = Call::of(&input::ListAppInstanceBots {
            app_instance_arn: arn.clone(),
            max_results: list::page_size(&request).get(),
            next_token: None,
        });
        Ok(
            app_instances::within(&request, &arn, &name, Section::Bots, "Bots", body)
                .headed(format!("Bots of {}", isolated(&name)))
                .calls([call])
                .action(create_link(&request, &arn)),
        )
    })
}

fn create_link(request: &Request, arn: &AppInstanceArn) -> AnyView {
    allowed::link(
        request,
        Operation::CreateAppInstanceBot,
        "btn btn-primary",
        ("plus", "Create AppInstanceBot"),
        paths::create_bot(&request.connection().id, arn),
    )
}

fn listed(request: &Request, arn: &AppInstanceArn, found: &Page<AppInstanceBotSummary>) -> AnyView {
    if found.is_whole_list_empty() {
        return empty(request, arn);
    }
    let search = request.query("q");
    let matches = |row: &&AppInstanceBotSummary| {
        list::matches(search.as_deref(), &[id_of(row), &row.name, &row.metadata])
    };
    let rows: Vec<_> = found.items.iter().filter(matches).collect();
    let shown = rows.len();
    let body = if rows.is_empty() {
        list::no_rows(request, found)
    } else {
        table(request, arn, &rows)
    };
    view! {
        <section class="panel" aria-label="Bots">
            {list::toolbar(request, "name, ID or metadata")} {list::strip(request, found, shown)}
            {body}
        </section>
    }
    .into_any()
}

/// The id of a row, or the ARN of one that is not known.
fn id_of(row: &AppInstanceBotSummary) -> &str {
    row.arn
        .known()
        .map_or_else(|| row.arn.as_str(), AppInstanceBotArn::id)
}

fn table(request: &Request, arn: &AppInstanceArn, rows: &[&AppInstanceBotSummary]) -> AnyView {
    let place = Place::within(&request.connection().id, arn);
    let rows = rows.iter().map(|row| row_view(request, place, row));
    let rows = rows.collect_view();
    let heads = LATE
        .iter()
        .map(|(_, heading, class)| {
            view! {
                <th scope="col" class=*class>
                    {*heading}
                </th>
            }
        })
        .collect_view();
    let table = view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="sr-only">"Bots of the AppInstance"</caption>
                <colgroup>
                    <col/>
                    <col class="col-m lo"/>
                    <col class="col-xl"/>
                    <col class="col-m"/>
                    <col class="col-m"/>
                    <col class="col-m"/>
                    <col class="col-m"/>
                    <col class="col-menu"/>
                </colgroup>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col" class="lo">
                            "ID"
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
    view! { <LateCells action="/api/columns/bot".to_owned()>{table}</LateCells> }.into_any()
}

fn row_view(request: &Request, place: Place<'_>, row: &AppInstanceBotSummary) -> AnyView {
    let opens = Row::of(place, &row.arn);
    let name = match row.arn.known() {
        Some(arn) => title(arn, &row.name),
        None if row.name.trim().is_empty() => "Unnamed bot".to_owned(),
        None => row.name.clone(),
    };
    let late = LATE
        .iter()
        .map(|(slug, heading, class)| {
            view! {
                <td class=*class data-label=*heading data-column=*slug>
                    {opens.to.as_deref().map_or_else(missing, columns::reading_cell)}
                </td>
            }
        })
        .collect_view();
    let read_late = opens
        .to
        .is_some()
        .then(|| place.connection.target(&row.arn).to_string());
    let menu = opens.to.as_deref().map(|to| menu(request, to, &name));
    view! {
        <tr data-late=read_late>
            <th scope="row">{opens.head(name.clone(), name)}</th>
            <td class="mono lo" data-label="ID">
                <span title=row.arn.to_string()>{short_id(id_of(row))}</span>
            </td>
            {late}
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
        <a href=to.to_owned()>{icon("eye")} "View"</a>
        {act(Operation::UpdateAppInstanceBot, "", ("edit", "Edit"), "/edit")}
        {act(Operation::TagResource, "", ("tag", "Tags"), "/tags")}
        <a href=format!("{to}?code=cli")>{icon("code")} "As code"</a>
        <hr/>
        {act(Operation::DeleteAppInstanceBot, "menu-danger", ("trash", "Delete"), "/delete")}
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
                <h2>"No bots yet"</h2>
                <p>
                    "An AppInstanceBot lets an Amazon Lex V2 bot answer in channels. It needs an alias of a Lex bot in the same account and Region first, whose resource policy lets Chime call it."
                </p>
                {create_link(request, arn)}
            </div>
        </section>
    }
    .into_any()
}
