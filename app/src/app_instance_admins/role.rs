//! Whether a user or bot is an admin: read, and the button on its page.

use backend::commands::admins;
use domain::arn::MemberArn;
use domain::view::AppInstanceAdmin;
use domain::{Failure, Operation};
use leptos::prelude::*;

use super::{FROM, remove_path};
use crate::request::Request;
use crate::ui::allowed;

/// Reads whether a user or bot is an admin, and since when: one call.
pub async fn admin_role(
    request: &Request,
    member: &MemberArn,
) -> Result<Option<AppInstanceAdmin>, Failure> {
    admins::role_of(request.acting()?, member).await
}

/// The button that promotes, on the page of a user or bot; for an admin the way to the page that
/// demotes, which is where it says what that takes. There is none when the role could not be read; the
/// page says why.
pub fn role_button(
    request: &Request,
    member: &MemberArn,
    admin: &Result<Option<AppInstanceAdmin>, Failure>,
) -> Option<AnyView> {
    let hidden = vec![
        (
            "target",
            request
                .connection()
                .id
                .target(member.instance())
                .to_string(),
        ),
        ("member", member.to_string()),
        ("page", request.path().to_owned()),
    ];
    match admin {
        Err(_) => None,
        Ok(None) => {
            let what = ("shield", "Promote to admin");
            let operation = Operation::CreateAppInstanceAdmin;
            let action = "admins/create";
            Some(allowed::button(
                request, operation, "btn", what, action, hidden,
            ))
        }
        Ok(Some(_)) => {
            let to = format!("{}?{FROM}=page", remove_path(request, member));
            let what = ("shield", "Demote");
            let operation = Operation::DeleteAppInstanceAdmin;
            Some(allowed::link(request, operation, "btn", what, to))
        }
    }
}
