//! Deregistering an endpoint: what it means, then the button. The app can register the device
//! again, so nothing is asked to be typed.

use domain::Failure;
use domain::arn::AppInstanceUserArn;
use domain::input;
use domain::snippet::Call;
use leptos::prelude::*;

use super::{below_list, describe, endpoint_path, list_path, open, title};
use crate::form::{Done, FormSpec};
use crate::request::Request;
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::parts::icon;

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
        .done(list, "Endpoint deregistered", title(&endpoint.name))
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
        let device = format!("{} of {}", title(&endpoint.name), opened.user.name);
        let body = view! {
            <div class="stack narrow">
                <section class="consequence consequence-warn" aria-labelledby="h-consequence">
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
                </section>
                <Form spec=spec/>
            </div>
        };
        let title = format!("Deregister {}", title(&endpoint.name));
        Ok(below_list(&request, &opened, title, body).calls([call]))
    })
}
