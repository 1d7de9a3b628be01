//! Listing the endpoints of a user: one call of AWS per page.

use domain::arn::AppInstanceUserArn;
use domain::input::ListAppInstanceUserEndpoints;
use domain::settings::AllowMessages;
use domain::view::EndpointSummary;
use domain::{Operation, Page};
use leptos::prelude::*;

use super::edit::allow_button;
use super::{allow_view, endpoint_path, state_view, title};
use crate::app_instance_users::open as open_user;
use crate::listing;
use crate::paths;
use crate::request::Request;
use crate::selection::{Bulk, List};
use crate::ui::bidi::isolated;
use crate::ui::menu::{self, Item};
use crate::ui::odd::{self, Odd};
use crate::ui::page::page;
use crate::ui::parts::{note, short_id, text_or_missing};
use crate::ui::table::{Column, Row, Table};
use crate::ui::tabs::Tab;
use crate::ui::{allowed, failed, list};

/// AWS's page on the end of Pinpoint.
const NOTICE: &str = "https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html";

const COLUMNS: [Column; 4] = [
    Column::new("Name", "", ""),
    Column::new("Type", "col-l", ""),
    Column::new("Allow messages", "col-l", ""),
    Column::new("State", "col-state", "wrap"),
];

/// The page that lists the push endpoints of a user.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.user().await?;
        let region = arn.instance().region();
        let calls = listing::calls::<ListAppInstanceUserEndpoints>(&arn);
        let found = listing::read(&request, region, arn.as_str(), &calls);
        let (opened, found, refused) =
            tokio::join!(open_user(&request, &arn), found, failed::refused(&request));
        let opened = opened?;
        let bulk = Bulk::read(&request, List::Endpoints(arn.clone())).await?;
        let empty = || empty(&request, &arn);
        let list = list::answered(&request, found, empty, |found| {
            listed(&request, &arn, bulk.as_ref(), found)
        })?;
        let body = view! { <div class="stack">{refused} {pinpoint_note()} {list}</div> };
        Ok(opened
            .page(&request, Tab::Endpoints, "Endpoints", body)
            .headed(format!("Endpoints of user {}", isolated(opened.title())))
            .calls([listing::first_call(&request, &calls)])
            .action(register_link(&request, &arn)))
    })
}

/// Chime sends pushes through Pinpoint, which AWS ends; nobody has said what that means here.
fn pinpoint_note() -> AnyView {
    let sentence = view! {
        "AWS says that its APIs for mobile push are not affected. Ask AWS whether endpoints of Chime are affected. "
        <a href=NOTICE rel="noreferrer">
            "Read the notice"
        </a>
    };
    let headline = "End of Amazon Pinpoint: 30 October 2026";
    note("flash", "info", headline, sentence)
}

fn register_link(request: &Request, arn: &AppInstanceUserArn) -> AnyView {
    allowed::link(
        request,
        Operation::RegisterAppInstanceUserEndpoint,
        "btn btn-primary",
        ("plus", "Register endpoint"),
        paths::register_endpoint(&request.connection().id, arn),
    )
}

fn listed(
    request: &Request,
    arn: &AppInstanceUserArn,
    bulk: Option<&Bulk>,
    found: &Page<EndpointSummary>,
) -> AnyView {
    let listed = list::Listed::new(request, found, "Endpoints", "name, ID or type")
        .bulk(|shown| bulk?.bar(shown));
    listed.panel(
        |row| vec![&row.name, &row.id, &row.kind],
        |rows| Table {
            caption: "Endpoints of the user".to_owned(),
            class: "table table-top",
            columns: COLUMNS.to_vec(),
            rows: rows
                .iter()
                .map(|row| row_of(request, arn, bulk, row))
                .collect(),
            late: None,
        },
    )
}

/// The page of a row, if an address can hold its id and it is one of this user.
fn opens(request: &Request, arn: &AppInstanceUserArn, row: &EndpointSummary) -> odd::Row {
    let id = row.id.as_str();
    if id.is_empty() {
        return odd::Row::without_page(Odd::Nameless);
    }
    if !row.user.as_str().is_empty() && row.user.as_str() != arn.as_str() {
        return odd::Row::without_page(Odd::Elsewhere);
    }
    let to = endpoint_path(request, arn, id);
    if matches!(id, "." | "..") || !paths::is_local(&to) {
        return odd::Row::without_page(Odd::NoAddress);
    }
    odd::Row {
        to: Some(to),
        odd: None,
    }
}

fn row_of(
    request: &Request,
    arn: &AppInstanceUserArn,
    bulk: Option<&Bulk>,
    row: &EndpointSummary,
) -> Row {
    let opens = opens(request, arn, row);
    let has_page = opens.to.is_some();
    let pick = bulk
        .filter(|_| has_page)
        .and_then(|bulk| bulk.pick_id(&row.id));
    let name = if row.name.trim().is_empty() && row.id.is_empty() {
        "Unnamed".to_owned()
    } else if row.name.trim().is_empty() {
        format!("Unnamed ({})", short_id(&row.id))
    } else {
        row.name.clone()
    };
    Row {
        pick,
        menu: opens.to.as_deref().map(|to| menu_of(request, arn, row, to)),
        head: opens.head(name, row.id.clone()),
        cells: vec![
            text_or_missing(&row.kind),
            allow_view(&row.allow_messages),
            state_view(&row.state),
        ],
        target: None,
        to: opens.to,
        name: title(&row.name),
    }
}

fn menu_of(
    request: &Request,
    arn: &AppInstanceUserArn,
    row: &EndpointSummary,
    to: &str,
) -> AnyView {
    let other = match row.allow_messages.known() {
        Some(AllowMessages::All) => AllowMessages::None,
        _ => AllowMessages::All,
    };
    let update = Operation::UpdateAppInstanceUserEndpoint;
    let deregister = Operation::DeregisterAppInstanceUserEndpoint;
    let items = vec![
        Item::View,
        Item::Act(update, ("edit", "Edit"), "/edit"),
        Item::Other(allow_button(request, arn, &row.id, other, "")),
        Item::AsCode,
        Item::Danger(
            deregister,
            ("trash", "Deregister"),
            format!("{to}/deregister"),
        ),
    ];
    menu::items(request, to, items)
}

fn empty(request: &Request, arn: &AppInstanceUserArn) -> AnyView {
    let sentence = "An endpoint is a device that gets pushes for the messages of this user. Usually your app registers it when it is installed.";
    list::nothing_yet("No endpoints yet", sentence, register_link(request, arn))
}
