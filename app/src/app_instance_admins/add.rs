//! Promoting a user or a bot: by the form, or by the button on its page.

use backend::commands;
use domain::arn::{AppInstanceArn, MemberArn};
use domain::input;
use domain::problem::Check;
use domain::snippet::Call;
use domain::{Failure, Field, Target};
use leptos::prelude::*;

use super::{after, list_path, member_of};
use crate::app_instances;
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::paths::MemberKind;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::form::with_code;
use crate::ui::page::page;

/// Promotes. `member` is an ARN, or an id of the `kind`. Goes on to `next`, else back to `page`.
#[server(prefix = "/api", endpoint = "admins/create")]
pub async fn create_app_instance_admin(
    target: Target<AppInstanceArn>,
    member: String,
    #[server(default)] kind: String,
    #[server(default)] next: String,
    #[server(default)] page: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let instance = target.arn;
    let member = read(&instance, &kind, &member)?;
    let admin = commands::admins::promote(request.acting()?, &member).await?;
    let location = after(&request, &instance, [next, page]);
    let another = format!("{}/add", list_path(&request, &instance));
    let another = ("Add another", another);
    request
        .made(
            location,
            "Promoted to admin",
            isolated(&admin.name),
            another,
        )
        .await
}

fn read(instance: &AppInstanceArn, kind: &str, member: &str) -> Result<MemberArn, Failure> {
    let mut check = Check::default();
    let member = member_of(instance, MemberKind::named(kind), member);
    let member = check.field(Field::Admin, member);
    let (member,) = check.all((member,))?;
    Ok(member)
}

/// The page with the form that promotes a user or a bot to AppInstanceAdmin.
#[component]
pub fn AddPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let list = list_path(&request, &arn);
        let spec = form(&request, &arn, &list);
        let shown = with_code(&request, spec, |spec| example(&arn, spec)).await;
        let titles = ("Add admin", "Add admin to");
        let list = ("Admins", list);
        Ok(app_instances::form_page(&request, &arn, list, titles, shown).await)
    })
}

fn form(request: &Request, arn: &AppInstanceArn, list: &str) -> FormSpec {
    let kinds = Control::cards(MemberKind::ALL, MemberKind::name, MemberKind::meaning);
    request.form("admins/create", "Promote to admin", "Promoting…")
    .cancel(list)
    .on(&request.connection().id, arn)
    .hidden("next", list)
    .field(FieldSpec::new(Field::Kind, kinds, Rule::None).value(MemberKind::User.name()))
    .field(
        FieldSpec::new(Field::Admin, Control::text(), Rule::Filled)
            .help("The ID of a user or bot of this AppInstance, or its ARN, which also tells which of the two it is."),
    )
}

/// The call that the form would make as it stands; with a made-up user while none is typed,
/// but in a preview.
fn example(arn: &AppInstanceArn, spec: &FormSpec) -> Result<[Call; 1], Failure> {
    let typed = spec.value_or(Field::Admin, "user-1");
    let member = read(arn, spec.value_of(Field::Kind), typed)?;
    let input = input::CreateAppInstanceAdmin {
        app_instance_arn: arn.clone(),
        app_instance_admin_arn: member,
    };
    Ok([Call::of(&input)])
}
