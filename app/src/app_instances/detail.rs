//! One AppInstance: what it is, how long it keeps messages, its tags.

use domain::arn::AppInstanceArn;
use domain::input;
use domain::snippet::Call;
use domain::tag::Tags;
use domain::view::{AppInstance, Retention};
use domain::{Failure, Operation};
use leptos::prelude::*;

use super::inside;
use crate::request::Request;
use crate::ui::allowed;
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::page::page;
use crate::ui::parts::{arn, entry, icon, metadata_panel, missing, wide_entry};
use crate::ui::time::LocalTime;
use crate::{paths, tags};

/// Reads an AppInstance.
#[server(prefix = "/api", endpoint = "app-instances/describe")]
pub async fn describe_app_instance(arn: AppInstanceArn) -> Result<AppInstance, Failure> {
    super::describe(&Request::current(), &arn).await
}

/// The page.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let region = arn.region();
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
        let calls = [
            Call::of(&describe, region),
            Call::of(&retention, region),
            Call::of(&tags, region),
        ];
        let (instance, retention, tags) = futures_join(
            request.call(region, describe),
            request.call(region, retention),
            request.call(region, tags),
        )
        .await;
        let instance = instance?;
        let base = paths::instance(&request.backend().connection().slug, &arn);
        let body = body(&request, &instance, retention, tags, &base);
        let name = isolated(&instance.name);
        Ok(inside(&request, &instance, Section::Details, name, body)
            .calls(calls)
            .action(allowed::link(
                &request,
                Operation::DeleteAppInstance,
                "btn btn-danger-line",
                ("trash", "Delete"),
                format!("{base}/delete"),
            ))
            .action(allowed::link(
                &request,
                Operation::UpdateAppInstance,
                "btn btn-primary",
                ("edit", "Edit"),
                format!("{base}/edit"),
            )))
    })
}

async fn futures_join<A, B, C>(
    a: impl Future<Output = A>,
    b: impl Future<Output = B>,
    c: impl Future<Output = C>,
) -> (A, B, C) {
    tokio::join!(a, b, c)
}

fn body(
    request: &Request,
    instance: &AppInstance,
    retention: Result<Retention, Failure>,
    tags: Result<Tags, Failure>,
    base: &str,
) -> AnyView {
    let time = |at: Option<domain::Timestamp>| match at {
        Some(at) => view! { <LocalTime at=at/> }.into_any(),
        None => missing(),
    };
    let retention = match retention {
        Ok(Retention {
            days: Some(days), ..
        }) => view! { <a href=format!("{base}/retention")>{days.to_string()}</a> }.into_any(),
        Ok(_) => view! { <a href=format!("{base}/retention")>"Off, kept for good"</a> }.into_any(),
        Err(failure) => unread(Operation::GetAppInstanceRetentionSettings, &failure),
    };
    let edit = allowed::act(
        request,
        Operation::UpdateAppInstance,
        "Edit",
        format!("{base}/edit"),
    );
    view! {
        <div class="stack wide">
            <section class="panel" aria-label="Summary">
                <div class="panel-body">
                    <dl class="kv">
                        {entry("Retention", retention)} {entry("Created", time(instance.created))}
                        {entry("Last updated", time(instance.updated))}
                        {wide_entry("ARN", arn(instance.arn.as_str()))}
                    </dl>
                </div>
            </section>
            {metadata_panel(&instance.metadata, edit)}
            {tags::panel(request, tags, base)}
        </div>
    }
    .into_any()
}

/// One value that could not be read, with why.
fn unread(operation: Operation, failure: &Failure) -> AnyView {
    view! {
        <span class="status status-warn">
            {icon("triangle")}
            {format!("Could not read: {} ({operation})", failure.cause.headline())}
        </span>
    }
    .into_any()
}
