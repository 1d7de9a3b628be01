//! An endpoint as its pages show it: what was read, with the user that it belongs to.

use crate::app_instance_users::{Opened, open as open_user};
use crate::gone::Gone;
use crate::paths;
use crate::request::{Place, Request};
use crate::ui::page::Content;
use crate::ui::parts::{missing, small_icon, text_or_missing};
use crate::ui::tabs::Tab;
use domain::arn::AppInstanceUserArn;
use domain::input::DescribeAppInstanceUserEndpoint;
use domain::settings::AllowMessages;
use domain::view::{Endpoint, EndpointState};
use domain::{AccountId, Failure, Given};
use leptos::prelude::*;

/// The user and the id of an endpoint's path.
pub async fn of_path(request: &Request) -> Result<(AppInstanceUserArn, String), Failure> {
    let of_endpoint = |place: &Place, account: &AccountId| match place {
        Place::Endpoint(.., id) => Some((place.user(account)?, id.clone())),
        _ => None,
    };
    request.about(of_endpoint).await
}

/// Reads an endpoint: one call.
pub(super) async fn describe(
    request: &Request,
    user: &AppInstanceUserArn,
    id: &str,
) -> Result<Endpoint, Failure> {
    let input = DescribeAppInstanceUserEndpoint {
        app_instance_user_arn: user.clone(),
        endpoint_id: id.to_owned(),
    };
    request.call(input).await
}

/// An endpoint as a page shows it, with the user that it belongs to.
pub struct OpenedEndpoint {
    /// The user that the endpoint belongs to.
    pub user: Opened,
    /// The EndpointId in the address of the page.
    pub id: String,
    /// What DescribeAppInstanceUserEndpoint answered.
    pub endpoint: Endpoint,
}

impl OpenedEndpoint {
    /// The page of the endpoint, from which its other pages go on.
    pub fn path(&self, request: &Request) -> String {
        endpoint_path(request, &self.user.arn, &self.id)
    }
}

/// Reads an endpoint and the user that it belongs to.
pub async fn open(request: &Request) -> Result<OpenedEndpoint, Failure> {
    let (user, id) = of_path(request).await?;
    // The futures of the SDK are large, and would be part of each page's.
    let (opened, endpoint) = tokio::join!(
        Box::pin(open_user(request, &user)),
        Box::pin(describe(request, &user, &id))
    );
    Ok(OpenedEndpoint {
        user: opened?,
        id,
        endpoint: endpoint?,
    })
}

/// An endpoint that could not be read, if it is gone; else its user, or the AppInstance of that.
pub async fn gone(
    request: &Request,
    user: &AppInstanceUserArn,
    id: &str,
    failure: &Failure,
) -> Option<Gone> {
    if let Some(gone) = Gone::find_endpoint(request, user, id, failure).await {
        return Some(gone);
    }
    Gone::find(request, &user.clone().into(), failure).await
}

/// The list of the endpoints of a user.
pub(super) fn list_path(request: &Request, user: &AppInstanceUserArn) -> String {
    let connection = &request.connection().id;
    format!("{}/endpoints", paths::user(connection, user))
}

/// The page of an endpoint.
pub fn endpoint_path(request: &Request, user: &AppInstanceUserArn, id: &str) -> String {
    paths::endpoint(&request.connection().id, user, id)
}

/// A page below the list of endpoints: its place and the breadcrumb.
pub fn below_list(
    request: &Request,
    opened: &Opened,
    title: impl Into<String>,
    body: impl IntoView + 'static,
) -> Content {
    let list = list_path(request, &opened.arn);
    opened
        .page(request, Tab::None, title, body)
        .crumb("Endpoints", list)
}

/// What an endpoint is called: names are optional.
pub fn title(name: &str) -> String {
    if name.trim().is_empty() {
        "Unnamed endpoint".to_owned()
    } else {
        name.to_owned()
    }
}

/// Whether pushes are delivered, and if not, why and what to do.
pub(super) fn state_view(state: &EndpointState) -> AnyView {
    if state.is_active() {
        return view! { <span class="status status-ok">{small_icon("tick-circle")} "Active"</span> }
        .into_any();
    }
    let (class, word) = match state.status.as_str() {
        "" => return missing(),
        "INACTIVE" => ("status status-danger", "Inactive".to_owned()),
        // A state that AWS added after this version: nobody here knows whether it is good.
        other => ("status status-warn", other.to_owned()),
    };
    let reason = state.reason.clone().map(|reason| {
        view! { <code>{reason}</code> }
    });
    let remedy = state.remedy().map(|(cause, fix)| {
        view! { <small class="muted">{cause} " " {fix}</small> }
    });
    view! {
        <div class="endpoint-state">
            <span class=class>{small_icon("slash-circle")} {word}</span>
            {reason}
            {remedy}
        </div>
    }
    .into_any()
}

/// A choice that AWS gave; nothing when it gave none.
pub(super) fn given<T>(choice: &Given<T>) -> Option<&Given<T>> {
    (!choice.as_str().is_empty()).then_some(choice)
}

/// Whether messages are pushed, as the API writes it.
pub(super) fn allow_view(allow: &Given<AllowMessages>) -> AnyView {
    match allow.known() {
        Some(AllowMessages::None) => {
            view! { <span class="status status-muted">{small_icon("bell-off")} "NONE"</span> }
                .into_any()
        }
        _ => text_or_missing(allow.as_str()),
    }
}
