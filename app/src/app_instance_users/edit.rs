//! Editing an AppInstanceUser: both values are sent, so both are read first and compared.

use domain::arn::AppInstanceUserArn;
use domain::input;
use domain::name::{Lines, Metadata, UserName, unix_newlines, unless_changed};
use domain::problem::Check;
use domain::snippet::Call;
use domain::view::AppInstanceUser;
use domain::{Cause, Failure, Field, Operation};
use leptos::prelude::*;

use super::{Opened, describe};
use crate::form::{Control, Done, FieldSpec, FormSpec, Rule};
use crate::paths;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::code::Code;
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::tabs::UserTab;

/// Replaces name and metadata, unless they changed since `base` (milliseconds, the
/// LastUpdatedTimestamp that the form was made from). A change in the moment between the read and
/// the write is not seen: the API has no condition.
#[server(prefix = "/api", endpoint = "users/update")]
pub async fn update_app_instance_user(
    arn: AppInstanceUserArn,
    base: i64,
    name: String,
    metadata: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let present = describe(&request, &arn).await?;
    if present.updated.is_some_and(|updated| updated.0 != base) {
        let changed = Failure::from(Cause::Changed(present.updated));
        return Err(changed.during(Operation::UpdateAppInstanceUser));
    }
    let input = read(&arn, &present, &name, &metadata)?;
    let before = serde_json::json!({ "Name": present.name, "Metadata": present.metadata });
    let region = arn.instance().region();
    request.call_replacing(region, input, before).await?;
    let location = paths::user(&request.backend().connection().slug, &arn);
    request
        .done(location, "Changes saved", isolated(&name))
        .await
}

/// What the form means; what it sent back as it was read is what was read.
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
    match (name, metadata) {
        (Some(name), Some(metadata)) => Ok(input::UpdateAppInstanceUser {
            app_instance_user_arn: arn.clone(),
            name,
            metadata,
        }),
        _ => Err(check
            .finish()
            .err()
            .unwrap_or_else(|| Cause::Internal.into())),
    }
}

/// The form.
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
        .hidden("arn", &arn)
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
        let call = call.map(|input| [Call::of(&input, arn.instance().region())]);
        let code = Code::of_form(&spec, call);
        let body = view! { <Form spec=spec/> };
        let heading = format!("Edit user {}", isolated(opened.title()));
        Ok(opened
            .page(&request, UserTab::None, "Edit", body)
            .headed(heading)
            .code(code))
    })
}
