//! The first page: the connection, and the AppInstances of each Region.

use backend::{AuditFilter, Entry, Trail, read_on};
use domain::arn::AppInstanceArn;
use domain::input::{self, Input as _};
use domain::view::AppInstanceSummary;
use domain::{AccountId, Cause, Failure, Grant, Region};
use leptos::prelude::*;

use crate::app_instances;
use crate::audit::{damage, entry_path, name, outcome_view, resource_view};
use crate::paths;
use crate::request::Request;
use crate::side_by_side::{PATIENCE, in_time, of_each};
use crate::ui::frame::Nav;
use crate::ui::odd::{Place, Row};
use crate::ui::page::{Content, page};
use crate::ui::parts::{ago, entry, icon, panel, short_id, small_icon, text_or_missing};
use crate::ui::{allowed, failed};

/// How many AppInstances of a Region the overview names. One call lists up to 50.
const NAMED: usize = 8;

/// The default quota of AppInstances per account and Region (Service Quotas L-0222B40A).
const QUOTA: usize = 100;

/// What one Region answered: its first AppInstances, and whether there are more.
type Listed = Result<(Vec<AppInstanceSummary>, bool), Failure>;

/// The first page: the AppInstances of each Region, and the last changes.
#[component]
pub fn OverviewPage() -> impl IntoView {
    page(|request| async move {
        let caller = request.caller()?;
        let recent = async {
            let audit = request.backend().audit_for(caller).await?;
            audit.recent(&AuditFilter::default(), None, 6).await
        };
        // Each has its own place on the page and fails there; no one waits for another.
        let (regions, recent, account) = tokio::join!(
            of_each(request.regions(), |region| list(&request, region)),
            in_time(recent),
            request.account(),
        );
        let stats = regions
            .iter()
            .map(|(region, listed)| stat(&request, *region, listed));
        let stats = stats.collect_view();
        let panels = regions
            .into_iter()
            .map(|(region, listed)| region_panel(&request, region, listed, account.as_ref().ok()));
        let panels = panels.collect_view();
        let body = view! {
            <div class="stack">
                <div class="stats">{stats}</div>
                <div class="pair">{panels}</div>
                {recent_panel(&request, recent)}
                {connection_panel(&request, account)}
            </div>
        };
        Ok(Content::new("Overview", Nav::Overview, body))
    })
}

/// How many calls finding the first AppInstances of a Region may take: AWS may begin with empty pages.
const CALLS: u32 = 3;

/// The first AppInstances of a Region, or those of it that the role covers by name.
async fn list(request: &Request, region: Region) -> Listed {
    if !request.covers_region(region) {
        let found = app_instances::named(request, region).await?;
        return Ok((found.items, false));
    }
    let fetch = |next_token| {
        let input = input::ListAppInstances {
            max_results: 50,
            next_token,
        };
        request.call(input.in_region(region))
    };
    let rows = read_on(fetch, None, Trail::default(), CALLS).await?;
    app_instances::learn(request, &rows.items);
    Ok((rows.items, rows.next.is_some()))
}

/// How many AppInstances a Region has, and how near that is to the quota.
fn stat(request: &Request, region: Region, listed: &Listed) -> AnyView {
    let to = paths::instances(&request.connection().id, region);
    let (value, note) = match listed {
        Ok((items, _)) if !request.covers_region(region) => {
            (items.len().to_string(), "that your role covers".to_owned())
        }
        Ok((items, false)) => (items.len().to_string(), format!("of {QUOTA} by default")),
        Ok((items, true)) => (
            format!("{}+", items.len()),
            format!("of {QUOTA} by default"),
        ),
        Err(failure) => ("–".to_owned(), failure.cause.headline()),
    };
    view! {
        <a class="stat" href=to>
            <span class="stat-label">{icon("box")} {format!("AppInstances in {region}")}</span>
            <span class="stat-value">{value}</span>
            <span class="stat-note">{note}</span>
        </a>
    }
    .into_any()
}

/// The last entries of the audit log, about anybody's changes.
fn recent_panel(request: &Request, recent: Result<Vec<Entry>, Failure>) -> AnyView {
    let now = request.now();
    let body = match recent {
        Err(failure) => failed::content(&failure, "/"),
        Ok(entries) if entries.is_empty() => view! {
            <div class="panel-body">
                <p class="muted">{nothing_done(request)}</p>
            </div>
        }
        .into_any(),
        Ok(entries) => {
            let rows = entries
                .into_iter()
                .map(|entry| activity_row(request, &entry, now));
            view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <section class="panel" aria-labelledby="h-recent">
            <div class="panel-head">
                <h2 id="h-recent">"Recent activity"</h2>
                <a class="act" href="/audit">
                    "Open audit log"
                </a>
            </div>
            {body}
        </section>
    }
    .into_any()
}

fn nothing_done(request: &Request) -> &'static str {
    let grant = request.caller().map(|caller| &caller.grant);
    if grant.is_ok_and(Grant::is_everything) {
        "No change was made through this console yet."
    } else {
        "No change was made yet to what your role covers."
    }
}

fn activity_row(request: &Request, entry: &Entry, now: domain::Timestamp) -> AnyView {
    let resource = entry.resource.as_ref();
    let resource = resource.map(|_| resource_view(request.backend(), entry));
    view! {
        <li>
            <b>{ago(Some(entry.at), now)}</b>
            <div>
                <span>
                    <a href=entry_path(entry)>{entry.event.label().to_owned()}</a>
                    " "
                    {resource}
                </span>
                <small>{name(entry)}</small>
                {damage(entry)}
            </div>
            {outcome_view(entry.phase)}
        </li>
    }
    .into_any()
}

fn connection_panel(request: &Request, account: Result<AccountId, Failure>) -> AnyView {
    let connection = request.connection();
    let account = match account {
        Ok(account) => account.grouped().into_any(),
        Err(failure) => {
            view! { <span class="muted">{format!("Not known. {}", failure.cause.headline())}</span> }
                .into_any()
        }
    };
    let regions: Vec<_> = request.regions().into_iter().map(Region::as_str).collect();
    let endpoint = connection.endpoint_url.clone();
    let endpoint = endpoint.map_or_else(
        || "AWS".into_any(),
        |endpoint| view! { <span class="mono">{endpoint}</span> }.into_any(),
    );
    let writes = if connection.read_only {
        "Refused, read-only"
    } else {
        "Allowed by role"
    };
    let facts = view! {
        <dl class="kv">
            {entry("Name", connection.label.clone().into_any())}
            {entry("Environment", connection.environment.name().into_any())}
            {entry("AWS account", account)} {entry("Regions", text_or_missing(&regions.join(", ")))}
            {entry("Endpoint", endpoint)} {entry("Writes", writes.into_any())}
        </dl>
    };
    panel("connection", "Connection", facts)
}

fn region_panel(
    request: &Request,
    region: Region,
    listed: Listed,
    account: Option<&AccountId>,
) -> AnyView {
    let connection = request.connection().id.clone();
    let all = paths::instances(&connection, region);
    let id = format!("h-{region}");
    let (note, body) = match listed {
        Err(failure) => (String::new(), unread(&failure, region)),
        Ok((items, true)) if items.is_empty() => {
            let unknown = view! {
                <div class="empty empty-small">
                    <h3>"None found yet"</h3>
                    <p>"AWS answered with empty pages and has more. “Show all” reads on."</p>
                </div>
            };
            (String::new(), unknown.into_any())
        }
        Ok((items, _)) if items.is_empty() => {
            let create = allowed::create_instance(request, region, "btn btn-small");
            let empty = view! {
                <div class="empty empty-small">
                    <h2>"No AppInstances yet"</h2>
                    <p>"An AppInstance holds the users, admins and bots of one application."</p>
                    {create}
                </div>
            };
            (String::new(), empty.into_any())
        }
        Ok((items, more)) => {
            let cut = more || items.len() > NAMED;
            let note = if cut {
                format!("the first {NAMED}")
            } else {
                String::new()
            };
            let rows = items
                .into_iter()
                .take(NAMED)
                .map(|row| {
                    let known = row.arn.known();
                    let id = known.map_or_else(|| row.arn.as_str(), AppInstanceArn::id);
                    let place = Place {
                        connection: &connection,
                        region,
                        account,
                    };
                    let name = match row.name.trim() {
                        "" => "Unnamed AppInstance".to_owned(),
                        _ => row.name.clone(),
                    };
                    view! {
                        <li>
                            <b>{icon("box")}</b>
                            <div>
                                {Row::of(place, &row.arn).head(name, id.to_owned())}
                                <small class="mono">{short_id(id)}</small>
                            </div>
                        </li>
                    }
                })
                .collect_view();
            (note, view! { <ul class="rows">{rows}</ul> }.into_any())
        }
    };
    view! {
        <section class="panel" aria-labelledby=id.clone()>
            <div class="panel-head">
                <h2 id=id.clone()>{format!("AppInstances in {region}")}</h2>
                <span class="panel-note">{note}</span>
                <a class="act" href=all>
                    "Show all"
                </a>
            </div>
            {body}
        </section>
    }
    .into_any()
}

/// In place of a Region that could not be read. Calm, since the rest of the page is there.
fn unread(failure: &Failure, region: Region) -> AnyView {
    let (headline, next_step) = match failure.cause {
        Cause::TookTooLong => (
            format!("{region} did not answer within {} s", PATIENCE.as_secs()),
            "“Show all” waits longer. Or try again in a moment.".to_owned(),
        ),
        _ => (failure.cause.headline(), failure.next_step()),
    };
    view! {
        <div class="empty empty-small">
            <h3>{headline}</h3>
            <p>{next_step}</p>
            <a class="btn btn-small" href="/">
                {small_icon("refresh")}
                "Try again"
            </a>
        </div>
    }
    .into_any()
}
