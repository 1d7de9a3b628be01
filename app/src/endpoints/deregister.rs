//! Deregistering an endpoint: what it means, then the button. The app can register the device
//! again, so nothing is asked to be typed.

use domain::Failure;
use domain::arn::AppInstanceUserArn;
use domain::consequence::{Remaining, remaining};
use domain::input;
use domain::snippet::Call;
use domain::view::Endpoint;
use leptos::prelude::*;

use super::{below_list, describe, endpoint_path, list_path, open, title};
use crate::form::{Done, FormSpec};
use crate::request::Request;
use crate::ui::bidi::{isolated, marked_up};
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::parts::{icon, warning};

/// Deregisters an endpoint.
#[server(prefix = "/api", endpoint = "endpoints/deregister")]
pub async fn deregister_app_instance_user_endpoint(
    user: AppInstanceUserArn,
    id: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let endpoint = describe(&request, &user, &id).await?;
    let before = serde_json::json!({
        "Name": endpoint.name,
        "Type": endpoint.kind,
        "ResourceArn": endpoint.resource_arn,
        "AllowMessages": endpoint.allow_messages,
    });
    let region = user.instance().region();
    let list = list_path(&request, &user);
    let input = input::DeregisterAppInstanceUserEndpoint {
        app_instance_user_arn: user,
        endpoint_id: id,
    };
    request.call_replacing(region, input, before).await?;
    request
        .done(
            list,
            "Endpoint deregistered",
            isolated(&title(&endpoint.name)),
        )
        .await
}

/// The page.
#[component]
pub fn DeregisterPage() -> impl IntoView {
    page(|request| async move {
        let (opened, endpoint) = open(&request).await?;
        let spec = FormSpec::new(
            "endpoints/deregister",
            request.path().to_owned(),
            "Deregister endpoint",
            "Deregistering…",
        )
        .danger()
        .cancel(endpoint_path(&request, &endpoint.user, &endpoint.id))
        .hidden("user", &endpoint.user)
        .hidden("id", &endpoint.id);
        let spec = request.resumed(spec).await;
        let call = Call::of(
            &input::DeregisterAppInstanceUserEndpoint {
                app_instance_user_arn: endpoint.user.clone(),
                endpoint_id: endpoint.id.clone(),
            },
            endpoint.user.instance().region(),
        );
        let last = last_endpoint(&request, &endpoint).await.map(warning);
        let class = if last.is_some() {
            "consequence"
        } else {
            "consequence consequence-warn"
        };
        let (name, user) = (
            isolated(&title(&endpoint.name)),
            isolated(&opened.user.name),
        );
        let device = marked_up(&format!("{name} of {user}"));
        let body = view! {
            <div class="stack narrow">
                <section class=class aria-labelledby="h-consequence">
                    <div class="consequence-head">
                        {icon("bell-off")}
                        <div>
                            <h2 id="h-consequence">"This device gets no more pushes"</h2>
                            <p>
                                {device}
                                ". The user and its other endpoints stay. The app can register the device again; the endpoint then has another ID."
                            </p>
                        </div>
                    </div>
                    {last}
                </section>
                <Form spec=spec/>
            </div>
        };
        let heading = format!("Deregister endpoint {name} of {user}");
        Ok(below_list(&request, &opened, "Deregister", body)
            .headed(heading)
            .calls([call]))
    })
}

/// What is said when no endpoint is left then. Two rows are enough to know.
async fn last_endpoint(request: &Request, endpoint: &Endpoint) -> Option<&'static str> {
    let input = input::ListAppInstanceUserEndpoints {
        app_instance_user_arn: endpoint.user.clone(),
        max_results: 2,
        next_token: None,
    };
    let remaining = match request.call(endpoint.user.instance().region(), input).await {
        Err(_) => Remaining::Unknown,
        Ok(listing) => {
            let first: Vec<_> = listing.items.iter().map(|row| &row.id).collect();
            remaining(&first, listing.next_token.is_some(), &&endpoint.id)
        }
    };
    match remaining {
        Remaining::Others => None,
        Remaining::None => Some(
            "This is the last endpoint of the user. Afterwards no device of theirs gets a push, until one is registered.",
        ),
        Remaining::Unknown => {
            Some("The other endpoints could not be read. This may be the last one.")
        }
    }
}
