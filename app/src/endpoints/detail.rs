//! One endpoint: its device, whether pushes reach it, its tokens masked.

use domain::input;
use domain::settings::AllowMessages;
use domain::snippet::Call;
use domain::view::{Endpoint, MaskedToken};
use domain::{Failure, Operation};
use leptos::prelude::*;

use super::edit::allow_button;
use super::reveal::{reveal_button, revealed_panel};
use super::{OpenedEndpoint, allow_view, below_list, gone, of_path, open, state_view, title};
use crate::app_instance_users::{open as open_user, place};
use crate::paths;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::moved::Moved;
use crate::ui::page::{Content, page};
use crate::ui::parts::{arn, copied, entry, missing, panel_beside, text_or_missing, wide_entry};
use crate::ui::tabs::endpoint_tabs;
use crate::ui::time::time_or_missing;
use crate::ui::{allowed, failed, odd};

/// The page of one endpoint: its device, whether pushes reach it, its tokens masked.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        let opened = match open(&request).await {
            Ok(opened) => opened,
            Err(failure) => return instead(&request, failure).await,
        };
        let OpenedEndpoint { user, id, endpoint } = &opened;
        let base = opened.path(&request);
        let asked = user.arn.clone().into();
        let (refused, revealed) = tokio::join!(failed::refused(&request), revealed_panel(&request));
        let body = view! {
            <div class="stack wide">
                {refused} {revealed} {odd::note(&asked, endpoint.user.as_str())}
                {summary(id, endpoint)} {tokens_panel(&request, &opened)}
            </div>
        };
        let other = match endpoint.allow_messages.known() {
            Some(AllowMessages::All) => AllowMessages::None,
            _ => AllowMessages::All,
        };
        let call = Call::of(&input::DescribeAppInstanceUserEndpoint {
            app_instance_user_arn: user.arn.clone(),
            endpoint_id: id.clone(),
        });
        let deregister = Operation::DeregisterAppInstanceUserEndpoint;
        let update = Operation::UpdateAppInstanceUserEndpoint;
        Ok(
            below_list(&request, user, isolated(&title(&endpoint.name)), body)
                .tabs(endpoint_tabs(&base, false))
                .calls([call])
                .action(allowed::delete_link(
                    &request,
                    deregister,
                    "Deregister",
                    &base,
                ))
                .action(allow_button(&request, &user.arn, id, other, "btn"))
                .action(allowed::edit_link(&request, update, &base)),
        )
    })
}

/// What to show when it could not be read: once the form to register an endpoint was at
/// `/endpoints/register`; or it is gone.
async fn instead(request: &Request, failure: Failure) -> Result<Content, Failure> {
    let (user, id) = of_path(request).await?;
    let moved = Moved {
        word: "register",
        kind: "endpoint",
        action: "Register endpoint",
        to: paths::register_endpoint(&request.connection().id, &user),
    };
    if let Some((title, body)) = moved.instead_of(request, &id, &failure) {
        let opened = open_user(request, &user).await?;
        return Ok(below_list(request, &opened, title, body));
    }
    let gone = gone(request, &user, &id, &failure).await.ok_or(failure)?;
    let body = gone.panel(request).await;
    let place = place(request, &user);
    let content = place.below(request, isolated(gone.name()), body).await;
    Ok(content.headed(gone.heading()))
}

fn summary(id: &str, endpoint: &Endpoint) -> AnyView {
    let id = copied(id, "endpoint ID");
    let resource = match endpoint.resource_arn.as_str() {
        "" => missing(),
        text => arn(text),
    };
    view! {
        <section class="panel" aria-label="Summary">
            <div class="panel-body">
                <dl class="kv">
                    {entry("State", state_view(&endpoint.state))}
                    {entry("Type", text_or_missing(&endpoint.kind))}
                    {entry("Allow messages", allow_view(&endpoint.allow_messages))}
                    {entry("Name", text_or_missing(&endpoint.name))}
                    {entry("Created", time_or_missing(endpoint.created))}
                    {entry("Last updated", time_or_missing(endpoint.updated))}
                    {wide_entry("Endpoint ID", id)} {wide_entry("Resource ARN", resource)}
                </dl>
            </div>
        </section>
    }
    .into_any()
}

fn tokens_panel(request: &Request, opened: &OpenedEndpoint) -> AnyView {
    let endpoint = &opened.endpoint;
    let token = endpoint.device_token.as_ref().map_or_else(missing, masked);
    let voip = endpoint.voip_device_token.as_ref();
    let voip = voip.map(|token| entry("VoIP device token", masked(token)));
    let beside = view! {
        <span class="panel-note">"Revealing them is recorded in the audit log"</span>
        {reveal_button(request, opened)}
    };
    let body = view! { <dl class="kv">{entry("Device token", token)} {voip}</dl> };
    panel_beside("tokens", "Tokens", beside, body)
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
