//! Editing an AppInstanceUser: both values are sent, so both are read first and compared.

use domain::arn::AppInstanceUserArn;
use domain::input;
use domain::name::{Lines, Metadata, UserName, unix_newlines, unless_changed};
use domain::problem::Check;
use domain::snippet::Call;
use domain::view::AppInstanceUser;
use domain::{Failure, Field, Target, Timestamp};
use leptos::prelude::*;

use super::Opened;
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::code::Code;
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::tabs::UserTab;

/// Replaces name and metadata, unless they changed since `base` (the LastUpdatedTimestamp that the form
/// was made from).
#[server(prefix = "/api", endpoint = "users/update")]
pub async fn update_app_instance_user(
    target: Target<AppInstanceUserArn>,
    base: Timestamp,
    name: String,
    metadata: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    let present = input::DescribeAppInstanceUser {
        app_instance_user_arn: arn.clone(),
    };
    let change = |present: &AppInstanceUser| read(&arn, present, &name, &metadata);
    request
        .acting()?
        .update(present, Some(base), change)
        .await?;
    let location = paths::user(&request.connection().id, &arn);
    request
        .done(location, "Changes saved", isolated(&name))
        .await
}

/// The input that a form stands for. A value that the browser sent back unchanged stays exactly as
/// AWS gave it.
fn read(
    arn: &AppInstanceUserArn,
    present: &AppInstanceUser,
    name: &str,
    metadata: &str,
) -> Result<input::UpdateAppInstanceUser, Failure> {
    let mut check = Check::default();
    let name = unless_changed(name, &present.name, Lines::One);
    let name = check.field(Field::Name, UserName::parse(name));
    let metadata = unix_newlines(metadata);
    let metadata = unless_changed(&metadata, &present.metadata, Lines::Several);
    let metadata = check.field(Field::Metadata, Metadata::parse(metadata));
    let (name, metadata) = check.all((name, metadata))?;
    Ok(input::UpdateAppInstanceUser {
        app_instance_user_arn: arn.clone(),
        name,
        metadata,
    })
}

/// The page with the form that edits name and metadata of a user.
#[component]
pub fn EditPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.user().await?;
        let opened = Opened::read(&request, &arn).await?;
        let user = &opened.user;
        let spec = FormSpec::new(
            "users/update",
            request.path().to_owned(),
            "Save changes",
            "Saving…",
        )
        .cancel(opened.path(&request))
        .on(&request.connection().id, &arn)
        .field(
            FieldSpec::new(Field::Name, Control::short(), Rule::UserName)
                .value(user.name.clone())
                .help("What other members of a channel see."),
        )
        .field(
            FieldSpec::new(Field::Metadata, Control::TextArea, Rule::Metadata)
                .optional()
                .value(user.metadata.clone())
                .help("For your application, often JSON. Chime stores it and does not read it."),
        )
        .edits(user.updated);
        let spec = request.resumed(spec).await;
        let call = read(
            &arn,
            user,
            spec.value_of(Field::Name),
            spec.value_of(Field::Metadata),
        );
        let call = call.map(|input| [Call::of(&input)]);
        let code = Code::of_form(&spec, call);
        let body = view! { <Form spec=spec /> };
        let heading = format!("Edit user {}", isolated(opened.title()));
        Ok(opened
            .page(&request, UserTab::None, "Edit", body)
            .headed(heading)
            .code(code))
    })
}
