//! Editing an AppInstanceUser: both values are sent, so both are read first and compared.

use domain::arn::AppInstanceUserArn;
use domain::input;
use domain::name::UserName;
use domain::snippet::Call;
use domain::view::AppInstanceUser;
use domain::{Failure, Field, Target, Timestamp};
use leptos::prelude::*;

use super::of_path;
use crate::form::{Control, FieldSpec, Rule};
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::form::with_code;
use crate::ui::page::page;
use crate::ui::tabs::Tab;
use crate::{metadata, paths};

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
    let change = |present: &AppInstanceUser| read(&arn, present, (&name, &metadata));
    let page = paths::user(&request.connection().id, &arn);
    request.save(present, base, change, (page, &name)).await
}

/// The input that a form stands for: the name and the metadata that were typed.
fn read(
    arn: &AppInstanceUserArn,
    present: &AppInstanceUser,
    typed: (&str, &str),
) -> Result<input::UpdateAppInstanceUser, Failure> {
    let present = (&*present.name, &*present.metadata);
    let (name, metadata) = metadata::read_with_name(typed, present, UserName::parse)?;
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
        let opened = of_path(&request).await?;
        let (arn, user) = (&opened.arn, &opened.resource);
        let spec = request
            .edit_form("users/update", arn, opened.path())
            .field(
                FieldSpec::new(Field::Name, Control::short(), Rule::UserName)
                    .value(user.name.clone())
                    .help("What other members of a channel see."),
            )
            .field(metadata::field(&user.metadata))
            .edits(user.updated);
        let (body, code) = with_code(&request, spec, |spec| {
            let typed = (spec.value_of(Field::Name), spec.value_of(Field::Metadata));
            read(arn, user, typed).map(|input| [Call::of(&input)])
        })
        .await;
        let heading = format!("Edit user {}", isolated(opened.title()));
        Ok(opened
            .page(&request, Tab::None, "Edit", body)
            .headed(heading)
            .code(code))
    })
}
