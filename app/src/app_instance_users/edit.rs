//! Editing an AppInstanceUser: both values are sent, so both are read first and compared.

use domain::arn::AppInstanceUserArn;
use domain::input;
use domain::name::{Lines, UserName, unless_changed};
use domain::problem::Check;
use domain::snippet::Call;
use domain::view::AppInstanceUser;
use domain::{Failure, Field, Target, Timestamp};
use leptos::prelude::*;

use super::open;
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
    let change = |present: &AppInstanceUser| read(&arn, present, &name, &metadata);
    let page = paths::user(&request.connection().id, &arn);
    request.save(present, base, change, (page, &name)).await
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
    let metadata = metadata::read(metadata, &present.metadata, &mut check);
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
        let opened = open(&request, &arn).await?;
        let user = &opened.resource;
        let spec = request
            .edit_form("users/update", &arn, opened.path())
            .field(
                FieldSpec::new(Field::Name, Control::short(), Rule::UserName)
                    .value(user.name.clone())
                    .help("What other members of a channel see."),
            )
            .field(metadata::field(&user.metadata))
            .edits(user.updated);
        let (body, code) = with_code(&request, spec, |spec| {
            let (name, metadata) = (spec.value_of(Field::Name), spec.value_of(Field::Metadata));
            read(&arn, user, name, metadata).map(|input| [Call::of(&input)])
        })
        .await;
        let heading = format!("Edit user {}", isolated(opened.title()));
        Ok(opened
            .page(&request, Tab::None, "Edit", body)
            .headed(heading)
            .code(code))
    })
}
