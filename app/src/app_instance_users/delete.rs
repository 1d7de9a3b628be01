//! Deleting an AppInstanceUser: what goes with it, counted; then its ID.

use backend::commands;
use domain::arn::{AppInstanceUserArn, MemberArn};
use domain::input;
use domain::snippet::Call;
use domain::tag::Tags;
use domain::{Failure, Field, Target};
use leptos::prelude::*;

use super::open;
use crate::app_instance_admins::{admin_role, last_admin, role_deleted};
use crate::app_instances::list_path;
use crate::form::{Control, FieldSpec, Rule, When};
use crate::listing::{calls, places};
use crate::paths::MemberKind;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::consequence::{Consequence, Effect, Severity};
use crate::ui::count::{Counting, Total, count_on};
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::tabs::Tab;
use crate::{opened, tags};

/// Deletes a user, once its ID was typed. An admin is demoted first.
#[server(prefix = "/api", endpoint = "users/delete")]
pub async fn delete_app_instance_user(
    target: Target<AppInstanceUserArn>,
    #[server(default)] confirm_user_id: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    let user = commands::users::delete(request.acting()?, &arn, &confirm_user_id).await?;
    let list = places::back_to(&request, list_path(&request, arn.instance(), "users")).await;
    let detail = format!("{}, {}", isolated(&user.name), arn.user_id());
    request.done(list, "AppInstanceUser deleted", detail).await
}

/// The field that asks for the ID.
pub fn confirm_field(arn: &AppInstanceUserArn, when: When) -> FieldSpec {
    let rule = Rule::Confirm {
        name: arn.user_id().to_string(),
        when,
    };
    FieldSpec::new(Field::ConfirmUserId, Control::short(), rule)
}

/// The page that says what will happen and asks for the ID.
#[component]
pub fn DeletePage() -> impl IntoView {
    page(|request| async move {
        let arn = request.user().await?;
        let member = MemberArn::User(arn.clone());
        let contents = contents(&request, &arn, &member);
        let (opened, contents) = tokio::join!(open(&request, &arn), contents);
        let opened = opened?;
        let help = format!("Account {}:", arn.instance().account().grouped());
        let spec = request
            .form("users/delete", "Delete AppInstanceUser", "Deleting…")
            .danger()
            .cancel(opened.path())
            .on(&request.connection().id, &arn)
            .field(confirm_field(&arn, When::Always).help(&help));
        let spec = request.resumed(spec).await;
        let last = match contents.admin {
            Some(true) => last_admin(&request, &member).await,
            _ => None,
        };
        let delete = Call::of(&input::DeleteAppInstanceUser {
            app_instance_user_arn: arn.clone(),
        });
        let calls = opened::calls_to_delete(&member, contents.admin, delete);
        let body = view! {
            <div class="stack narrow">
                {consequences(&request, contents, last)} <Form spec=spec />
            </div>
        };
        let heading = format!("Delete user {}", isolated(opened.title()));
        Ok(opened
            .page(&request, Tab::None, "Delete", body)
            .headed(heading)
            .calls(calls))
    })
}

/// What goes with a user.
struct Contents {
    endpoints: Total,
    /// Nothing when it could not be read.
    admin: Option<bool>,
    tags: Result<Tags, Failure>,
}

async fn contents(request: &Request, arn: &AppInstanceUserArn, member: &MemberArn) -> Contents {
    let region = arn.instance().region();
    let all_endpoints = Counting {
        request,
        region,
        parent: arn.as_str(),
        name: "endpoints",
        calls: 2,
    };
    let (endpoints, admin, tags) = tokio::join!(
        all_endpoints.count(calls::<input::ListAppInstanceUserEndpoints>(arn)),
        admin_role(request, member),
        request.call(opened::list_tags(member)),
    );
    Contents {
        endpoints,
        admin: admin.ok().map(|admin| admin.is_some()),
        tags,
    }
}

fn consequences(request: &Request, contents: Contents, last: Option<&'static str>) -> AnyView {
    let panel = Consequence::new(Severity::Loss, "triangle", "The user is deleted, and AWS cannot restore it", view! {
        <p>
            "A new user with the same ID gets none of this back, and none of the old one’s channels."
        </p>
    }).effects(vec![
            Effect::counted(
                "Endpoints",
                contents.endpoints.words(),
                "Deregistered; their devices get no more pushes",
            ),
            role_deleted(MemberKind::User, contents.admin),
            tags::deleted(contents.tags),
            Effect::not_visible("Channel memberships", "This API cannot count them"),
        ], request.now()).warning(last).further(count_on(request, &[("endpoints", &contents.endpoints)]));
    panel.view()
}
