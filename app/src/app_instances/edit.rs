//! Editing an AppInstance: both values are sent, so both are read first and compared.

use domain::arn::AppInstanceArn;
use domain::input;
use domain::name::AppInstanceName;
use domain::snippet::Call;
use domain::view::AppInstance;
use domain::{Failure, Field, Target, Timestamp};
use leptos::prelude::*;

use super::{describe, title, within};
use crate::form::{Control, FieldSpec, Rule};
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::form::with_code;
use crate::ui::frame::Section;
use crate::ui::page::page;
use crate::{metadata, paths};

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
    let change = |present: &AppInstance| read(&arn, present, (&name, &metadata));
    let page = paths::instance(&request.connection().id, &arn);
    request.save(present, base, change, (page, &name)).await
}

/// The input that a form stands for: the name and the metadata that were typed.
fn read(
    arn: &AppInstanceArn,
    present: &AppInstance,
    typed: (&str, &str),
) -> Result<input::UpdateAppInstance, Failure> {
    let present = (&*present.name, &*present.metadata);
    let (name, metadata) = metadata::read_with_name(typed, present, AppInstanceName::parse)?;
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
        let spec = request
            .edit_form("app-instances/update", &arn, back)
            .field(
                FieldSpec::new(Field::Name, Control::short(), Rule::AppInstanceName)
                    .value(instance.name.clone()),
            )
            .field(metadata::field(&instance.metadata))
            .edits(instance.updated);
        let (body, code) = with_code(&request, spec, |spec| {
            let typed = (spec.value_of(Field::Name), spec.value_of(Field::Metadata));
            read(&arn, &instance, typed).map(|input| [Call::of(&input)])
        })
        .await;
        let heading = format!("Edit AppInstance {}", isolated(title(&arn, &instance.name)));
        Ok(
            within(&request, &arn, &instance.name, Section::None, "Edit", body)
                .headed(heading)
                .code(code),
        )
    })
}
