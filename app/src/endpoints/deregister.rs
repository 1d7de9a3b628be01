//! Deregistering an endpoint: what it means, then the button. The app can register the device
//! again, so nothing is asked to be typed.

use backend::commands;
use domain::arn::AppInstanceUserArn;
use domain::input::{self, ListOf as _};
use domain::snippet::Call;
use domain::view::EndpointSummary;
use domain::{Failure, Target};
use leptos::prelude::*;

use super::{OpenedEndpoint, below_list, list_path, open, title};
use crate::listing::places;
use crate::remaining;
use crate::request::{Done, Request};
use crate::ui::bidi::{isolated, marked_up};
use crate::ui::consequence::{Consequence, Severity};
use crate::ui::form::Form;
use crate::ui::page::page;

/// Deregisters an endpoint.
#[server(prefix = "/api", endpoint = "endpoints/deregister")]
pub async fn deregister_app_instance_user_endpoint(
    target: Target<AppInstanceUserArn>,
    id: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let user = target.arn;
    let endpoint = commands::endpoints::deregister(request.acting()?, &user, &id).await?;
    let list = places::back_to(&request, list_path(&request, &user)).await;
    request
        .done(
            list,
            "Endpoint deregistered",
            isolated(&title(&endpoint.name)),
        )
        .await
}

/// The page that says what deregistering an endpoint does, with the button that does it.
#[component]
pub fn DeregisterPage() -> impl IntoView {
    page(|request| async move {
        let opened = open(&request).await?;
        let OpenedEndpoint { user, id, endpoint } = &opened;
        let spec = request
            .form(
                "endpoints/deregister",
                "Deregister endpoint",
                "Deregistering…",
            )
            .danger()
            .cancel(opened.path(&request))
            .on(&request.connection().id, &user.arn)
            .hidden("id", id);
        let spec = request.resumed(spec).await;
        let call = Call::of(&input::DeregisterAppInstanceUserEndpoint {
            app_instance_user_arn: user.arn.clone(),
            endpoint_id: id.clone(),
        });
        let last = last_endpoint(&request, &user.arn, id).await;
        let (name, owner) = (isolated(&title(&endpoint.name)), isolated(user.title()));
        let device = marked_up(&format!("{name} of {owner}"));
        let panel = Consequence::new(Severity::Warning, "bell-off", "This device gets no more pushes", view! {
            <p>
                {device}
                ". The user and its other endpoints stay. The app can register the device again; the endpoint then has another ID."
            </p>
        }).warning(last);
        let body = view! { <div class="stack narrow">{panel.view()} <Form spec=spec /></div> };
        let heading = format!("Deregister endpoint {name} of {owner}");
        Ok(below_list(&request, user, "Deregister", body)
            .headed(heading)
            .calls([call]))
    })
}

/// The warning when it is, or may be, the last endpoint of the user; `None` when another is left.
async fn last_endpoint(
    request: &Request,
    user: &AppInstanceUserArn,
    id: &str,
) -> Option<&'static str> {
    let fetch = |next_token| {
        let input = input::ListAppInstanceUserEndpoints::page(user, 2, next_token);
        request.call(input)
    };
    let last = "This is the last endpoint of the user. Afterwards no device of theirs gets a push, until one is registered.";
    let unread = "The other endpoints could not be read. This may be the last one.";
    remaining::warning(fetch, |row: &EndpointSummary| row.id != id, last, unread).await
}
