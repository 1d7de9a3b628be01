//! Listing AppInstanceBots: one call of AWS per page; what a bot is made of is read after it.

use domain::arn::{AppInstanceArn, AppInstanceBotArn};
use domain::input::ListAppInstanceBots;
use domain::view::{AppInstanceBot, AppInstanceBotSummary};
use domain::{Failure, Operation, Page, Target};
use leptos::prelude::*;

use super::{describe, title};
use crate::request::Request;
use crate::selection::{Bulk, List};
use crate::ui::frame::Section;
use crate::ui::late::{failed_cell, time_cell};
use crate::ui::menu::{self, Item};
use crate::ui::odd::{self, Place};
use crate::ui::page::page;
use crate::ui::parts::{missing, short_id};
use crate::ui::table::{Column, Row, Table};
use crate::ui::{allowed, list};
use crate::{app_instances, listing, paths};

/// One call gives all that are read after the page.
const COLUMNS: [Column; 7] = [
    Column::new("Name", "", ""),
    Column::new("ID", "col-m lo", "mono lo"),
    Column::late("alias", "Lex alias", "col-xl", "mono"),
    Column::late("locale", "Locale ID", "col-m", ""),
    Column::late("standard", "Standard", "col-m", ""),
    Column::late("targeted", "Targeted", "col-m", ""),
    Column::late("updated", "Updated", "col-m", ""),
];

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
    let wanted = columns.split('.').filter_map(|slug| {
        let mut known = COLUMNS.iter();
        known.find(|column| column.late == Some(slug))
    });
    let cells = wanted.map(|column| match &bot {
        Ok(bot) => cell(bot, column.late.unwrap_or_default()),
        Err(failure) => failed_cell(column.head, failure),
    });
    Ok(cells.map(RenderHtml::to_html).collect())
}

fn cell(bot: &AppInstanceBot, column: &str) -> AnyView {
    let lex = bot.configuration.as_ref();
    let invoked_by = lex.and_then(|lex| lex.invoked_by.as_ref());
    let text = match column {
        "updated" => return time_cell(bot.updated),
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

/// The page that lists the bots of an AppInstance.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let bulk = Bulk::read(&request, List::Bots(arn.clone())).await?;
        let shown = |found| {
            let empty = || empty(&request, &arn);
            list::answered(&request, found, empty, |found| {
                listed(&request, &arn, bulk.as_ref(), found)
            })
        };
        let section = (Section::Bots, "Bots");
        let calls = listing::calls::<ListAppInstanceBots>(&arn);
        let content = app_instances::list_page(&request, &arn, section, calls, shown).await?;
        Ok(content.action(create_link(&request, &arn)))
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

fn listed(
    request: &Request,
    arn: &AppInstanceArn,
    bulk: Option<&Bulk>,
    found: &Page<AppInstanceBotSummary>,
) -> AnyView {
    let listed = list::Listed::new(request, found, "Bots", "name, ID or metadata");
    let listed = listed.bulk(|shown| bulk?.bar(shown));
    let place = Place::within(&request.connection().id, arn);
    listed.panel(
        |row| vec![id_of(row), &row.name, &row.metadata],
        |rows| Table {
            caption: "Bots of the AppInstance".to_owned(),
            class: "table",
            columns: COLUMNS.to_vec(),
            rows: rows
                .iter()
                .map(|row| row_of(request, place, bulk, row))
                .collect(),
            late: Some("columns/bot"),
        },
    )
}

/// The id of a row, or the ARN of one that is not known.
fn id_of(row: &AppInstanceBotSummary) -> &str {
    row.arn
        .known()
        .map_or_else(|| row.arn.as_str(), AppInstanceBotArn::id)
}

fn row_of(
    request: &Request,
    place: Place<'_>,
    bulk: Option<&Bulk>,
    row: &AppInstanceBotSummary,
) -> Row {
    let opens = odd::Row::of(place, &row.arn);
    let pick = bulk.and_then(|bulk| bulk.pick(row.arn.known().cloned()));
    let name = match row.arn.known() {
        Some(arn) => title(arn, &row.name),
        None if row.name.trim().is_empty() => "Unnamed bot".to_owned(),
        None => row.name.clone(),
    };
    Row {
        pick,
        menu: opens.to.as_deref().map(|to| menu_of(request, to)),
        head: opens.head(name.clone(), name.clone()),
        cells: vec![
            view! { <span title=row.arn.to_string()>{short_id(id_of(row))}</span> }.into_any(),
        ],
        target: Some(place.connection.target(&row.arn).to_string()),
        to: opens.to,
        name,
    }
}

fn menu_of(request: &Request, to: &str) -> AnyView {
    let delete = Operation::DeleteAppInstanceBot;
    let items = vec![
        Item::View,
        Item::Act(Operation::UpdateAppInstanceBot, ("edit", "Edit"), "/edit"),
        Item::Act(Operation::TagResource, ("tag", "Tags"), "/tags"),
        Item::AsCode,
        Item::Danger(delete, ("trash", "Delete"), format!("{to}/delete")),
    ];
    menu::items(request, to, items)
}

fn empty(request: &Request, arn: &AppInstanceArn) -> AnyView {
    let sentence = "An AppInstanceBot lets an Amazon Lex V2 bot answer in channels. It needs an alias of a Lex bot in the same account and Region first, whose resource policy lets Chime call it.";
    list::nothing_yet("No bots yet", sentence, create_link(request, arn))
}
