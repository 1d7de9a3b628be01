//! Editing an endpoint: its name and whether it gets messages. Both are sent, so both are read
//! first and compared.

use backend::commands;
use domain::arn::AppInstanceUserArn;
use domain::input;
use domain::name::{EndpointName, Lines, unless_changed};
use domain::problem::Check;
use domain::settings::AllowMessages;
use domain::snippet::Call;
use domain::view::Endpoint;
use domain::{Failure, Field, Operation, Target, Timestamp};
use leptos::prelude::*;

use super::{OpenedEndpoint, below_list, endpoint_path, given, open, title};
use crate::form::{Control, FieldSpec, Rule};
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::allowed;
use crate::ui::bidi::isolated;
use crate::ui::form::with_code;
use crate::ui::page::page;

/// Replaces name and choice, unless they changed since `base` (the LastUpdatedTimestamp that the form
/// was made from).
#[server(prefix = "/api", endpoint = "endpoints/update")]
pub async fn update_app_instance_user_endpoint(
    target: Target<AppInstanceUserArn>,
    id: String,
    base: Timestamp,
    name: String,
    #[server(default)] allow_messages: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let user = target.arn;
    let present = input::DescribeAppInstanceUserEndpoint {
        app_instance_user_arn: user.clone(),
        endpoint_id: id.clone(),
    };
    let change = |present: &Endpoint| read(&user, &id, present, &name, &allow_messages);
    let page = endpoint_path(&request, &user, &id);
    let title = title(&name);
    request.save(present, base, change, (page, &title)).await
}

/// Allows all messages or none, and leaves the name as it is. Goes back to `page`.
#[server(prefix = "/api", endpoint = "endpoints/allow")]
pub async fn set_allow_messages(
    target: Target<AppInstanceUserArn>,
    id: String,
    allow: AllowMessages,
    page: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let user = target.arn;
    let acting = request.acting()?;
    let present = commands::endpoints::set_allow_messages(acting, &user, &id, allow).await?;
    let location = if paths::is_local(&page) {
        page
    } else {
        endpoint_path(&request, &user, &id)
    };
    let headline = match allow {
        AllowMessages::All => "Messages allowed",
        AllowMessages::None => "Messages muted",
    };
    request
        .done(location, headline, isolated(&title(&present.name)))
        .await
}

fn read(
    user: &AppInstanceUserArn,
    id: &str,
    present: &Endpoint,
    name: &str,
    allow_messages: &str,
) -> Result<input::UpdateAppInstanceUserEndpoint, Failure> {
    let mut check = Check::default();
    let name = unless_changed(name, &present.name, Lines::One);
    let name = check.field(Field::Name, EndpointName::parse(name));
    // A choice that AWS gave may stay, even when it is unknown here or empty.
    let allow = if allow_messages == present.allow_messages.as_str() {
        Ok(given(&present.allow_messages).cloned())
    } else {
        let chosen = allow_messages.parse::<AllowMessages>();
        chosen.map(|chosen| Some(chosen.into()))
    };
    let allow = check.field(Field::AllowMessages, allow);
    let (name, allow_messages) = check.all((name, allow))?;
    Ok(input::UpdateAppInstanceUserEndpoint {
        app_instance_user_arn: user.clone(),
        endpoint_id: id.to_owned(),
        name,
        allow_messages,
    })
}

/// The button that allows all messages or none at once.
pub fn allow_button(
    request: &Request,
    user: &AppInstanceUserArn,
    id: &str,
    allow: AllowMessages,
    class: &'static str,
) -> AnyView {
    let hidden = vec![
        ("target", request.connection().id.target(user).to_string()),
        ("id", id.to_owned()),
        ("allow", allow.to_string()),
        ("page", request.path().to_owned()),
    ];
    let what = match allow {
        AllowMessages::All => ("phone", "Allow ALL"),
        AllowMessages::None => ("bell-off", "Allow NONE"),
    };
    let operation = Operation::UpdateAppInstanceUserEndpoint;
    allowed::button(request, operation, class, what, "endpoints/allow", hidden)
}

/// The page with the form that edits an endpoint: its name, and whether it gets messages.
#[component]
pub fn EditPage() -> impl IntoView {
    page(|request| async move {
        let opened = open(&request).await?;
        let OpenedEndpoint { user, id, endpoint } = &opened;
        let allow = endpoint.allow_messages.as_str();
        let cards = Control::cards(
            AllowMessages::ALL,
            AllowMessages::as_str,
            AllowMessages::meaning,
        )
        .or_as_it_is(allow);
        let spec = request
            .edit_form("endpoints/update", &user.arn, opened.path(&request))
            .hidden("id", id)
            .field(
                FieldSpec::new(Field::Name, Control::short(), Rule::EndpointName)
                    .optional()
                    .value(endpoint.name.clone())
                    .help("What people call the device."),
            )
            .field(FieldSpec::new(Field::AllowMessages, cards, Rule::None).value(allow))
            .edits(endpoint.updated);
        let (body, code) = with_code(&request, spec, |spec| {
            let name = spec.value_of(Field::Name);
            let allow = spec.value_of(Field::AllowMessages);
            read(&user.arn, id, endpoint, name, allow).map(|input| [Call::of(&input)])
        })
        .await;
        let heading = format!("Edit endpoint {}", isolated(&title(&endpoint.name)));
        Ok(below_list(&request, user, "Edit", body)
            .headed(heading)
            .code(code))
    })
}
