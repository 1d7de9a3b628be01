//! What was done to one resource through this console: a tab on each, from the rows of the audit.

use backend::Entry;
use domain::Failure;
use domain::arn::ResourceArn;
use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, path};

use crate::app_instance_bots::{open as open_bot, place as bot_place};
use crate::app_instance_users::{open as open_user, place as user_place};
use crate::audit::{changes, entry_path, job_link, outcome_view, who};
use crate::gone::Gone;
use crate::opened::{Opened, Place};
use crate::paths::encoded;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::page::{Content, at, page};
use crate::ui::parts::{ago, small_icon};
use crate::ui::tabs::{Tab, endpoint_tabs};
use crate::{app_instances, endpoints};

/// How many entries a tab shows; the audit log has all.
const SHOWN: usize = 50;
/// How many are read: one more than is shown, which tells whether there are more.
const READ: u32 = 51;

/// The addresses of the tabs.
#[component(transparent)]
pub fn ActivityRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(
            path!("/:connection/:region/app-instances/:instance/activity"),
            InstanceActivityPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/users/:user/activity"),
            UserActivityPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/bots/:bot/activity"),
            BotActivityPage,
        ),
        at(
            path!(
                "/:connection/:region/app-instances/:instance/users/:user/endpoints/:endpoint/activity"
            ),
            EndpointActivityPage,
        ),
    )
}

/// What was done to an AppInstance itself; what was done to what is in it is in the audit log.
#[component]
pub fn InstanceActivityPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let (instance, entries) = tokio::join!(
            app_instances::describe(&request, &arn),
            of(&request, arn.as_str())
        );
        let more = "Entries about its users, admins and bots too";
        let entries = entries?;
        let instance = match instance {
            Ok(instance) => instance,
            Err(failure) => {
                let gone = Gone::find(&request, &arn.clone().into(), &failure).await;
                let gone = gone.ok_or(failure)?;
                let body = of_gone(&request, &gone, &entries, (arn.as_str(), more));
                let content = app_instances::unread(&request, &arn, "Activity", body);
                return Ok(headed_as_gone(content, &gone, ""));
            }
        };
        let body = panel(&request, Some(&request), &entries, (arn.as_str(), more));
        let section = Section::Activity;
        let content =
            app_instances::within(&request, &arn, &instance.name, section, "Activity", body);
        let name = app_instances::title(&arn, &instance.name);
        Ok(content.headed(activity_of("", name)))
    })
}

/// What was done to a user, its endpoints and its role.
#[component]
pub fn UserActivityPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.user().await?;
        let (place, opened) = (user_place(&request, &arn), open_user(&request, &arn));
        of_member(&request, &arn.clone().into(), place, opened, "user ").await
    })
}

/// What was done to a bot and its role.
#[component]
pub fn BotActivityPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.bot().await?;
        let (place, opened) = (bot_place(&request, &arn), open_bot(&request, &arn));
        of_member(&request, &arn.clone().into(), place, opened, "bot ").await
    })
}

async fn of_member<A: Clone, T>(
    request: &Request,
    arn: &ResourceArn,
    place: Place,
    opened: impl Future<Output = Result<Opened<A, T>, Failure>>,
    kind: &str,
) -> Result<Content, Failure> {
    let (opened, entries) = tokio::join!(opened, of(request, arn.as_str()));
    let (entries, more) = (entries?, (arn.as_str(), "Open in the audit log"));
    let opened = match opened {
        Ok(opened) => opened,
        Err(failure) => {
            let gone = Gone::find(request, arn, &failure).await.ok_or(failure)?;
            let body = of_gone(request, &gone, &entries, more);
            let content = place.below(request, "Activity", body).await;
            return Ok(headed_as_gone(content, &gone, kind));
        }
    };
    let body = panel(request, Some(request), &entries, more);
    let content = opened.page(request, Tab::Activity, "Activity", body);
    Ok(content.headed(activity_of(kind, opened.title())))
}

/// What was done to an endpoint. Its ARN is that of its user, so its entries are found by its id.
#[component]
pub fn EndpointActivityPage() -> impl IntoView {
    page(|request| async move {
        let (user, id) = endpoints::of_path(&request).await?;
        let opened = Box::pin(endpoints::open(&request)).await;
        let audit = request.backend().audit_for(request.caller()?).await?;
        let entries = audit.of_endpoint(user.as_str(), &id, READ).await?;
        let more = (user.as_str(), "All entries about its user");
        let opened = match opened {
            Ok(opened) => opened,
            Err(failure) => {
                let gone = endpoints::gone(&request, &user, &id, &failure).await;
                let gone = gone.ok_or(failure)?;
                let body = of_gone(&request, &gone, &entries, more);
                let content = user_place(&request, &user).below(&request, "Activity", body);
                return Ok(headed_as_gone(content.await, &gone, "endpoint "));
            }
        };
        let body = panel(&request, Some(&request), &entries, more);
        let base = opened.path(&request);
        let content = endpoints::below_list(&request, &opened.user, "Activity", body);
        let name = endpoints::title(&opened.endpoint.name);
        Ok(content
            .headed(activity_of("endpoint ", &name))
            .crumb(isolated(&name), base.clone())
            .tabs(endpoint_tabs(&base, true)))
    })
}

/// What was done to something that is gone, below when that was and who did it.
fn of_gone(
    request: &Request,
    gone: &Gone,
    entries: &[Entry],
    more: (&str, &'static str),
) -> AnyView {
    let body = panel(request, None, entries, more);
    view! { <div class="stack">{gone.note(request)} {body}</div> }.into_any()
}

fn headed_as_gone(content: Content, gone: &Gone, kind: &str) -> Content {
    let content = content.headed(activity_of(kind, gone.name()));
    content.crumb(isolated(gone.name()), gone.path())
}

fn activity_of(kind: &str, name: &str) -> String {
    format!("Activity of {kind}{}", isolated(name))
}

async fn of(request: &Request, arn: &str) -> Result<Vec<Entry>, Failure> {
    let audit = request.backend().audit_for(request.caller()?).await?;
    audit.of_resource(arn, READ).await
}

/// The entries of a resource, whose values `restorer` can restore. `more` is what the link to the audit log says
/// about all entries of an ARN.
fn panel(
    request: &Request,
    restorer: Option<&Request>,
    entries: &[Entry],
    (arn, more): (&str, &'static str),
) -> AnyView {
    let all = format!("/audit?resource={}", encoded(arn));
    let note = if entries.len() > SHOWN {
        format!("The newest {SHOWN}")
    } else {
        String::new()
    };
    let body = if entries.is_empty() {
        view! {
            <p class="muted">
                "No change was made through this console. Changes made elsewhere do not show here."
            </p>
        }
        .into_any()
    } else {
        let now = request.now();
        let items = entries
            .iter()
            .take(SHOWN)
            .map(|entry| item(restorer, entry, now))
            .collect_view();
        view! { <ol class="timeline">{items}</ol> }.into_any()
    };
    view! {
        <section class="panel wide" aria-label="Activity">
            <div class="panel-head">
                <span class="panel-note">{note}</span>
                <a class="act" href=all>
                    {more}
                </a>
            </div>
            <div class="panel-body">{body}</div>
        </section>
    }
    .into_any()
}

fn item(restorer: Option<&Request>, entry: &Entry, now: domain::Timestamp) -> AnyView {
    let failed = entry.failure.is_some().then_some("is-failed");
    let reason = entry.failure.clone();
    let reason = reason.map(|code| {
        view! {
            " · "
            <code>{code}</code>
        }
    });
    let aws = entry.aws_request.clone();
    let aws = aws.map(|id| {
        view! {
            " · AWS request "
            <code>{id}</code>
        }
    });
    let job = job_link(entry).map(|link| {
        view! {
            " · "
            {link}
        }
    });
    let changes = changes::table(restorer, entry).map(|table| {
        view! {
            <details open=true>
                <summary>{small_icon("chevron-right")} "What changed"</summary>
                {table}
            </details>
        }
    });
    view! {
        <li class=failed>
            <div class="timeline-head">
                <a href=entry_path(entry)>{entry.event.label().to_owned()}</a>
                {ago(Some(entry.at), now)}
                {outcome_view(entry.phase)}
            </div>
            <p class="timeline-meta">"By " {who(entry)} {job} {reason} {aws}</p>
            {changes}
        </li>
    }
    .into_any()
}
