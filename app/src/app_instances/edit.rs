//! Editing an AppInstance: both values are sent, so both are read first and compared.

use domain::arn::AppInstanceArn;
use domain::input;
use domain::name::{AppInstanceName, Lines, Metadata, unix_newlines, unless_changed};
use domain::problem::Check;
use domain::snippet::Call;
use domain::view::AppInstance;
use domain::{Failure, Field, Target, Timestamp};
use leptos::prelude::*;

use super::{describe, inside, title};
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::code::Code;
use crate::ui::form::Form;
use crate::ui::frame::Section;
use crate::ui::page::page;

/// Replaces name and metadata, unless they changed since `base` (the LastUpdatedTimestamp that the form
/// was made from).
#[server(prefix = "/api", endpoint = "app-instances/update")]
pub async fn update_app_instance(
    target: Target<AppInstanceArn>,
    base: Timestamp,
    name: String,
    metadata: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    let present = input::DescribeAppInstance {
        app_instance_arn: arn.clone(),
    };
    let change = |present: &AppInstance| read(&arn, present, &name, &metadata);
    request
        .acting()?
        .update(present, Some(base), change)
        .await?;
    let location = paths::instance(&request.connection().id, &arn);
    request
        .done(location, "Changes saved", isolated(&name))
        .await
}

/// The input that a form stands for. A value that the browser sent back unchanged stays exactly as
/// AWS gave it.
fn read(
    arn: &AppInstanceArn,
    present: &AppInstance,
    name: &str,
    metadata: &str,
) -> Result<input::UpdateAppInstance, Failure> {
    let mut check = Check::default();
    let name = unless_changed(name, &present.name, Lines::One);
    let name = check.field(Field::Name, AppInstanceName::parse(name));
    let metadata = unix_newlines(metadata);
    let metadata = unless_changed(&metadata, &present.metadata, Lines::Several);
    let metadata = check.field(Field::Metadata, Metadata::parse(metadata));
    let (name, metadata) = check.all((name, metadata))?;
    Ok(input::UpdateAppInstance {
        app_instance_arn: arn.clone(),
        name,
        metadata,
    })
}

/// The page with the form that edits name and metadata of an AppInstance.
#[component]
pub fn EditPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let instance = describe(&request, &arn).await?;
        let back = paths::instance(&request.connection().id, &arn);
        let spec = FormSpec::new(
            "app-instances/update",
            request.path().to_owned(),
            "Save changes",
            "Saving…",
        )
        .cancel(back)
        .on(&request.connection().id, &arn)
        .field(
            FieldSpec::new(Field::Name, Control::short(), Rule::AppInstanceName)
                .value(instance.name.clone()),
        )
        .field(
            FieldSpec::new(Field::Metadata, Control::TextArea, Rule::Metadata)
                .optional()
                .value(instance.metadata.clone())
                .help("For your application, often JSON. Chime stores it and does not read it."),
        )
        .edits(instance.updated);
        let spec = request.resumed(spec).await;
        let call = read(
            &arn,
            &instance,
            spec.value_of(Field::Name),
            spec.value_of(Field::Metadata),
        );
        let call = call.map(|input| [Call::of(&input)]);
        let code = Code::of_form(&spec, call);
        let body = view! { <Form spec=spec /> };
        let heading = format!("Edit AppInstance {}", isolated(title(&arn, &instance.name)));
        Ok(
            inside(&request, &arn, &instance, Section::None, "Edit", body)
                .headed(heading)
                .code(code),
        )
    })
}
