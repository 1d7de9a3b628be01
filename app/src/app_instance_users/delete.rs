//! Deleting an AppInstanceUser: what goes with it, counted; then its ID.

use backend::commands;
use domain::arn::{AppInstanceUserArn, MemberArn};
use domain::consequence::Count;
use domain::input;
use domain::snippet::Call;
use domain::{Failure, Field, Target};
use leptos::prelude::*;

use super::{Opened, list_path};
use crate::app_instance_admins::{admin_role, last_admin};
use crate::form::{Control, FieldSpec, FormSpec, Rule, When};
use crate::listing::places;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::consequence::{Consequence, Effect, Severity};
use crate::ui::count::{Counting, Total, count_on};
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::tabs::UserTab;

/// Deletes a user, once its ID was typed. An admin is demoted first.
#[server(prefix = "/api", endpoint = "users/delete")]
pub async fn delete_app_instance_user(
    target: Target<AppInstanceUserArn>,
    #[server(default)] confirm_user_id: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    let user = commands::users::delete(request.acting()?, &arn, &confirm_user_id).await?;
    let list = places::back_to(&request, list_path(&request, arn.instance())).await;
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
        let (opened, contents) =
            tokio::join!(Opened::read(&request, &arn), contents(&request, &arn));
        let opened = opened?;
        let help = format!("Account {}:", arn.instance().account().grouped());
        let spec = FormSpec::new(
            "users/delete",
            request.path().to_owned(),
            "Delete AppInstanceUser",
            "Deleting…",
        )
        .danger()
        .cancel(opened.path(&request))
        .on(&request.connection().id, &arn)
        .field(confirm_field(&arn, When::Always).help(&help));
        let spec = request.resumed(spec).await;
        let last = match contents.admin {
            Some(true) => last_admin(&request, &MemberArn::User(arn.clone())).await,
            _ => None,
        };
        let calls = calls(&arn, contents.admin);
        let body = view! {
            <div class="stack narrow">
                {consequences(&request, &contents, last)} <Form spec=spec />
            </div>
        };
        let heading = format!("Delete user {}", isolated(opened.title()));
        Ok(opened
            .page(&request, UserTab::None, "Delete", body)
            .headed(heading)
            .calls(calls))
    })
}

/// What goes with a user.
struct Contents {
    endpoints: Total,
    /// Nothing when it could not be read.
    admin: Option<bool>,
    tags: Count,
}

async fn contents(request: &Request, arn: &AppInstanceUserArn) -> Contents {
    let region = arn.instance().region();
    let member = MemberArn::User(arn.clone());
    let list_tags = input::ListTagsForResource {
        resource_arn: arn.clone().into(),
    };
    let all_endpoints = Counting {
        request,
        region,
        parent: arn.as_str(),
        name: "endpoints",
        calls: 2,
    };
    let (endpoints, admin, tags) = tokio::join!(
        all_endpoints.count(
            |max_results, next_token| input::ListAppInstanceUserEndpoints {
                app_instance_user_arn: arn.clone(),
                max_results,
                next_token,
            }
        ),
        admin_role(request, &member),
        request.call(list_tags),
    );
    Contents {
        endpoints,
        admin: admin.ok().map(|admin| admin.is_some()),
        tags: tags.map_or(Count::Unknown, |tags| {
            Count::Exactly(u32::try_from(tags.len()).unwrap_or(u32::MAX))
        }),
    }
}

fn calls(arn: &AppInstanceUserArn, admin: Option<bool>) -> Vec<Call> {
    let demote = input::DeleteAppInstanceAdmin {
        app_instance_arn: arn.instance().clone(),
        app_instance_admin_arn: MemberArn::User(arn.clone()),
    };
    let delete = input::DeleteAppInstanceUser {
        app_instance_user_arn: arn.clone(),
    };
    let demote = (admin == Some(true)).then(|| Call::of(&demote));
    demote.into_iter().chain([Call::of(&delete)]).collect()
}

fn consequences(request: &Request, contents: &Contents, last: Option<&'static str>) -> AnyView {
    let tags = match contents.tags {
        Count::Unknown => "could not count".to_owned(),
        count => count.text(),
    };
    let (admin, role) = match contents.admin {
        Some(true) => ("1", "Demoted first, then deleted"),
        Some(false) => ("0", "This user is not an admin"),
        None => ("could not read", "Goes with the user"),
    };
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
            Effect::counted("Admin role", admin.to_owned(), role),
            Effect::counted("Tags", tags, "Deleted"),
            Effect::not_visible("Channel memberships", "This API cannot count them"),
        ], request.now()).warning(last).further(count_on(request, &[("endpoints", &contents.endpoints)]));
    panel.view()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn() -> AppInstanceUserArn {
        "arn:aws:chime:us-east-1:123456789012:app-instance/1/user/us-east-1:a@b.c"
            .parse()
            .unwrap()
    }

    #[test]
    fn an_admin_is_demoted_before() {
        assert_eq!(calls(&arn(), Some(true)).len(), 2);
        assert_eq!(calls(&arn(), Some(false)).len(), 1);
        assert_eq!(calls(&arn(), None).len(), 1);
    }
}
