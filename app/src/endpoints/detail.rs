//! One endpoint: its device, whether pushes reach it, its tokens masked.

use domain::arn::AppInstanceUserArn;
use domain::input;
use domain::settings::AllowMessages;
use domain::snippet::Call;
use domain::view::{Endpoint, MaskedToken};
use domain::{Failure, Operation, Timestamp};
use leptos::prelude::*;

use super::edit::allow_button;
use super::reveal::{reveal_button, revealed_panel};
use super::{allow_view, below_list, endpoint_path, open, state_view, title};
use crate::islands::Copy;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::page::page;
use crate::ui::parts::{arn, entry, missing, text_or_missing, wide_entry};
use crate::ui::tabs::endpoint_tabs;
use crate::ui::time::LocalTime;
use crate::ui::{allowed, failed};

/// Reads an endpoint, its tokens masked.
#[server(prefix = "/api", endpoint = "endpoints/describe")]
pub async fn describe_app_instance_user_endpoint(
    user: AppInstanceUserArn,
    id: String,
) -> Result<Endpoint, Failure> {
    super::describe(&Request::current(), &user, &id).await
}

/// The page.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        let (opened, endpoint) = open(&request).await?;
        let base = endpoint_path(&request, &endpoint.user, &endpoint.id);
        let (refused, revealed) = tokio::join!(failed::refused(&request), revealed_panel(&request));
        let body = view! {
            <div class="stack wide">
                {refused} {revealed} {summary(&endpoint)} {tokens_panel(&request, &endpoint)}
            </div>
        };
        let act = |operation, class, what, path| {
            allowed::link(&request, operation, class, what, format!("{base}{path}"))
        };
        let other = match endpoint.allow_messages {
            Some(AllowMessages::All) => AllowMessages::None,
            _ => AllowMessages::All,
        };
        let call = Call::of(
            &input::DescribeAppInstanceUserEndpoint {
                app_instance_user_arn: endpoint.user.clone(),
                endpoint_id: endpoint.id.clone(),
            },
            endpoint.user.instance().region(),
        );
        Ok(
            below_list(&request, &opened, isolated(&title(&endpoint.name)), body)
                .tabs(endpoint_tabs(&base, false))
                .calls([call])
                .action(act(
                    Operation::DeregisterAppInstanceUserEndpoint,
                    "btn btn-danger-line",
                    ("trash", "Deregister"),
                    "/deregister",
                ))
                .action(allow_button(
                    &request,
                    &endpoint.user,
                    &endpoint.id,
                    other,
                    "btn",
                ))
                .action(act(
                    Operation::UpdateAppInstanceUserEndpoint,
                    "btn btn-primary",
                    ("edit", "Edit"),
                    "/edit",
                )),
        )
    })
}

fn summary(endpoint: &Endpoint) -> AnyView {
    let time = |at: Option<Timestamp>| match at {
        Some(at) => view! { <LocalTime at=at/> }.into_any(),
        None => missing(),
    };
    let id = view! {
        <span class="mono">{endpoint.id.clone()}</span>
        " "
        <Copy text=endpoint.id.clone() what="endpoint ID".to_owned()/>
    };
    let resource = endpoint.resource_arn.as_ref();
    let resource = resource.map_or_else(missing, |resource| arn(resource.as_str()));
    view! {
        <section class="panel" aria-label="Summary">
            <div class="panel-body">
                <dl class="kv">
                    {entry("State", state_view(&endpoint.state))}
                    {entry("Type", endpoint.kind.clone().into_any())}
                    {entry("Allow messages", allow_view(endpoint.allow_messages))}
                    {entry("Name", text_or_missing(&endpoint.name))}
                    {entry("Created", time(endpoint.created))}
                    {entry("Last updated", time(endpoint.updated))}
                    {wide_entry("Endpoint ID", id.into_any())} {wide_entry("Resource ARN", resource)}
                </dl>
            </div>
        </section>
    }
    .into_any()
}

fn tokens_panel(request: &Request, endpoint: &Endpoint) -> AnyView {
    let voip = endpoint.voip_device_token.as_ref();
    let voip = voip.map(|token| entry("VoIP device token", masked(token)));
    view! {
        <section class="panel" aria-labelledby="h-tokens">
            <div class="panel-head">
                <h2 id="h-tokens">"Tokens"</h2>
                <span class="panel-note">"Revealing them is recorded in the audit log"</span>
                {reveal_button(request, endpoint)}
            </div>
            <div class="panel-body">
                <dl class="kv">
                    {entry("Device token", masked(&endpoint.device_token))} {voip}
                </dl>
            </div>
        </section>
    }
    .into_any()
}

fn masked(token: &MaskedToken) -> AnyView {
    let said = if token.end.is_empty() {
        "Token, hidden"
    } else {
        "Token ending in "
    };
    let length = format!("{} characters", token.length);
    view! {
        <span class="masked">
            <span class="mono">
                <span class="sr-only">{said}</span>
                <span aria-hidden="true">"••••••••"</span>
                {token.end.clone()}
            </span>
            <span class="muted">{length}</span>
        </span>
    }
    .into_any()
}
