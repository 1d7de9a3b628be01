//! One AppInstance: what it is, how long it keeps messages, its tags.

use domain::arn::AppInstanceArn;
use domain::input;
use domain::snippet::Call;
use domain::tag::Tags;
use domain::view::{AppInstance, Retention};
use domain::{Failure, Operation};
use leptos::prelude::*;

use super::{title, unread, within};
use crate::gone::Gone;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::moved::Moved;
use crate::ui::page::{Content, page};
use crate::ui::parts::{arn, entry, icon, metadata_panel, wide_entry};
use crate::ui::time::time_or_missing;
use crate::ui::{allowed, odd};
use crate::{paths, tags};

/// The page of one AppInstance: what it is, how long it keeps messages, its tags.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let (describe, retention, tags) = (
            input::DescribeAppInstance {
                app_instance_arn: arn.clone(),
            },
            input::GetAppInstanceRetentionSettings {
                app_instance_arn: arn.clone(),
            },
            input::ListTagsForResource {
                resource_arn: arn.clone().into(),
            },
        );
        let calls = [Call::of(&describe), Call::of(&retention), Call::of(&tags)];
        let (instance, retention, tags) = tokio::join!(
            request.call(describe),
            request.call(retention),
            request.call(tags),
        );
        let instance = match instance {
            Ok(instance) => instance,
            Err(failure) => return instead(&request, &arn, failure).await,
        };
        let base = paths::instance(&request.connection().id, &arn);
        let body = body(&request, &arn, &instance, retention, tags, &base);
        let name = isolated(title(&arn, &instance.name));
        let content = within(&request, &arn, &instance.name, Section::Details, name, body);
        let delete = Operation::DeleteAppInstance;
        Ok(content
            .calls(calls)
            .action(allowed::delete_link(&request, delete, "Delete", &base))
            .action(allowed::edit_link(
                &request,
                Operation::UpdateAppInstance,
                &base,
            )))
    })
}

/// What to show when it could not be read: once the form to create an AppInstance was at
/// `/app-instances/create`; or it is gone.
async fn instead(
    request: &Request,
    arn: &AppInstanceArn,
    failure: Failure,
) -> Result<Content, Failure> {
    let moved = Moved {
        word: "create",
        kind: "AppInstance",
        action: "Create AppInstance",
        to: paths::create_instance(&request.scope_in(arn.region())),
    };
    if let Some((title, body)) = moved.instead_of(request, arn.id(), &failure) {
        return Ok(unread(request, arn, title, body));
    }
    let gone = Gone::find(request, &arn.clone().into(), &failure).await;
    let gone = gone.ok_or(failure)?;
    let body = gone.panel(request).await;
    let content = unread(request, arn, isolated(gone.name()), body);
    Ok(content.headed(gone.heading()))
}

fn body(
    request: &Request,
    instance_arn: &AppInstanceArn,
    instance: &AppInstance,
    retention: Result<Retention, Failure>,
    tags: Result<Tags, Failure>,
    base: &str,
) -> AnyView {
    let retention = match retention {
        Ok(Retention {
            days: Some(days), ..
        }) => view! { <a href=format!("{base}/retention")>{days.to_string()}</a> }.into_any(),
        Ok(_) => view! { <a href=format!("{base}/retention")>"Off, kept for good"</a> }.into_any(),
        Err(failure) => value_unread(Operation::GetAppInstanceRetentionSettings, &failure),
    };
    let edit = allowed::act(
        request,
        Operation::UpdateAppInstance,
        "Edit",
        format!("{base}/edit"),
    );
    view! {
        <div class="stack wide">
            {odd::note(&instance_arn.clone().into(), instance.arn.as_str())}
            <section class="panel" aria-label="Summary">
                <div class="panel-body">
                    <dl class="kv">
                        {entry("Retention", retention)}
                        {entry("Created", time_or_missing(instance.created))}
                        {entry("Last updated", time_or_missing(instance.updated))}
                        {wide_entry("ARN", arn(instance_arn.as_str()))}
                    </dl>
                </div>
            </section> {metadata_panel(&instance.metadata, edit)} {tags::panel(request, tags, base)}
        </div>
    }
    .into_any()
}

/// One value that could not be read, with why.
fn value_unread(operation: Operation, failure: &Failure) -> AnyView {
    view! {
        <span class="status status-warn">
            {icon("triangle")}
            {format!("Could not read: {} ({operation})", failure.cause.headline())}
        </span>
    }
    .into_any()
}
