//! Listing the endpoints of a user: one call of AWS per page.

use domain::arn::AppInstanceUserArn;
use domain::input;
use domain::settings::AllowMessages;
use domain::snippet::Call;
use domain::view::EndpointSummary;
use domain::{Cause, Failure, Operation, Page};
use leptos::prelude::*;

use super::edit::allow_button;
use super::{allow_view, endpoint_path, state_view, title};
use crate::app_instance_users::Opened;
use crate::paths;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::odd::{Odd, Row};
use crate::ui::page::page;
use crate::ui::parts::{icon, short_id, text_or_missing};
use crate::ui::tabs::UserTab;
use crate::ui::{allowed, failed, list, menu};

/// AWS's page on the end of Pinpoint.
const NOTICE: &str = "https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html";

/// One page of the endpoints of a user, as the address of the list asks for it.
async fn read(
    request: &Request,
    user: &AppInstanceUserArn,
) -> Result<Page<EndpointSummary>, Failure> {
    let region = user.instance().region();
    list::read(request, region, user.as_str(), |max_results, next_token| {
        input::ListAppInstanceUserEndpoints {
            app_instance_user_arn: user.clone(),
            max_results,
            next_token,
        }
    })
    .await
}

/// The list.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.user().await?;
        let (opened, found, refused) = tokio::join!(
            Opened::read(&request, &arn),
            read(&request, &arn),
            failed::refused(&request),
        );
        let opened = opened?;
        let list = match found {
            Ok(found) => listed(&request, &arn, &found),
            Err(failure) if failure.cause == Cause::SignedOut => return Err(failure),
            Err(failure) => {
                request.set_status(failure.cause.status());
                failed::panel(&failure, &request)
            }
        };
        let call = Call::of(&input::ListAppInstanceUserEndpoints {
            app_instance_user_arn: arn.clone(),
            max_results: list::page_size(&request).get(),
            next_token: None,
        });
        let body = view! { <div class="stack">{refused} {pinpoint_note()} {list}</div> };
        Ok(opened
            .page(&request, UserTab::Endpoints, "Endpoints", body)
            .headed(format!("Endpoints of user {}", isolated(opened.title())))
            .calls([call])
            .action(register_link(&request, &arn)))
    })
}

/// Chime sends pushes through Pinpoint, which AWS ends; nobody has said what that means here.
fn pinpoint_note() -> AnyView {
    view! {
        <div class="flash" role="note">
            {icon("info")}
            <div class="flash-text">
                <b>"End of Amazon Pinpoint: 30 October 2026"</b>
                <p>
                    "AWS says that its APIs for mobile push are not affected. Ask AWS whether endpoints of Chime are affected. "
                    <a href=NOTICE rel="noreferrer">
                        "Read the notice"
                    </a>
                </p>
            </div>
        </div>
    }
    .into_any()
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

fn listed(request: &Request, arn: &AppInstanceUserArn, found: &Page<EndpointSummary>) -> AnyView {
    if found.is_whole_list_empty() {
        return empty(request, arn);
    }
    let search = request.query("q");
    let matches =
        |row: &&EndpointSummary| list::matches(search.as_deref(), &[&row.name, &row.id, &row.kind]);
    let rows: Vec<_> = found.items.iter().filter(matches).collect();
    let shown = rows.len();
    let body = if rows.is_empty() {
        list::no_rows(request, found)
    } else {
        table(request, arn, &rows)
    };
    view! {
        <section class="panel" aria-label="Endpoints">
            {list::toolbar(request, "name, ID or type")} {list::strip(request, found, shown)} {body}
        </section>
    }
    .into_any()
}

fn table(request: &Request, arn: &AppInstanceUserArn, rows: &[&EndpointSummary]) -> AnyView {
    let rows = rows.iter().map(|row| row_view(request, arn, row));
    let rows = rows.collect_view();
    view! {
        <div class="table-wrap">
            <table class="table table-top">
                <caption class="sr-only">"Endpoints of the user"</caption>
                <colgroup>
                    <col/>
                    <col class="col-l"/>
                    <col class="col-l"/>
                    <col class="col-state"/>
                    <col class="col-menu"/>
                </colgroup>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"Allow messages"</th>
                        <th scope="col">"State"</th>
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
}

/// The page of a row, if an address can hold its id and it is one of this user.
fn opens(request: &Request, arn: &AppInstanceUserArn, row: &EndpointSummary) -> Row {
    let id = row.id.as_str();
    if id.is_empty() {
        return Row::without_page(Odd::Nameless);
    }
    if !row.user.as_str().is_empty() && row.user.as_str() != arn.as_str() {
        return Row::without_page(Odd::Elsewhere);
    }
    let to = endpoint_path(request, arn, id);
    if matches!(id, "." | "..") || !paths::is_local(&to) {
        return Row::without_page(Odd::NoAddress);
    }
    Row {
        to: Some(to),
        odd: None,
    }
}

fn row_view(request: &Request, arn: &AppInstanceUserArn, row: &EndpointSummary) -> AnyView {
    let opens = opens(request, arn, row);
    let name = if row.name.trim().is_empty() && row.id.is_empty() {
        "Unnamed".to_owned()
    } else if row.name.trim().is_empty() {
        format!("Unnamed ({})", short_id(&row.id))
    } else {
        row.name.clone()
    };
    let menu = opens.to.as_deref().map(|to| menu(request, arn, row, to));
    view! {
        <tr>
            <th scope="row">{opens.head(name, row.id.clone())}</th>
            <td data-label="Type">{text_or_missing(&row.kind)}</td>
            <td data-label="Allow messages">{allow_view(&row.allow_messages)}</td>
            <td class="wrap" data-label="State">
                {state_view(&row.state)}
            </td>
            <td class="row-menu">{menu}</td>
        </tr>
    }
    .into_any()
}

fn menu(request: &Request, arn: &AppInstanceUserArn, row: &EndpointSummary, to: &str) -> AnyView {
    let other = match row.allow_messages.known() {
        Some(AllowMessages::All) => AllowMessages::None,
        _ => AllowMessages::All,
    };
    let act = |operation, class, what, path| {
        allowed::link(request, operation, class, what, format!("{to}{path}"))
    };
    let items = view! {
        <a href=to.to_owned()>{icon("eye")} "View"</a>
        {act(Operation::UpdateAppInstanceUserEndpoint, "", ("edit", "Edit"), "/edit")}
        {allow_button(request, arn, &row.id, other, "")}
        <a href=format!("{to}?code=cli")>{icon("code")} "As code"</a>
        <hr/>
        {act(
            Operation::DeregisterAppInstanceUserEndpoint,
            "menu-danger",
            ("trash", "Deregister"),
            "/deregister",
        )}
    };
    menu::of_row(to, &title(&row.name), items.into_any())
}

fn empty(request: &Request, arn: &AppInstanceUserArn) -> AnyView {
    view! {
        <section class="panel">
            <div class="empty">
                <svg aria-hidden="true">
                    <use href="/icons.svg#i-bells"></use>
                </svg>
                <h2>"No endpoints yet"</h2>
                <p>
                    "An endpoint is a device that gets pushes for the messages of this user. Usually your app registers it when it is installed."
                </p>
                {register_link(request, arn)}
            </div>
        </section>
    }
    .into_any()
}
