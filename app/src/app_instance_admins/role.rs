//! Whether a user or bot is an admin: read, and the button on its page.

use backend::commands::admins;
use domain::arn::MemberArn;
use domain::view::AppInstanceAdmin;
use domain::{Failure, Operation};
use leptos::prelude::*;

use super::{FROM, remove_path};
use crate::paths::MemberKind;
use crate::request::Request;
use crate::ui::allowed;
use crate::ui::consequence::Effect;
use crate::ui::parts::{icon, small_icon};
use crate::ui::time::LocalTime;

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

/// The badge of an admin, beside the name of a user or bot.
pub fn role_badge(admin: &Result<Option<AppInstanceAdmin>, Failure>) -> Option<AnyView> {
    let is_admin = matches!(admin, Ok(Some(_)));
    is_admin.then(|| {
        view! { <span class="badge badge-line">{small_icon("shield")} "Admin"</span> }.into_any()
    })
}

/// Whether a user or bot is an admin, in words.
pub fn role_words(admin: &Result<Option<AppInstanceAdmin>, Failure>) -> AnyView {
    match admin {
        Ok(None) => "No".into_any(),
        Ok(Some(AppInstanceAdmin { since: None, .. })) => "Yes".into_any(),
        Ok(Some(AppInstanceAdmin {
            since: Some(since), ..
        })) => view! {
            "Since "
            <LocalTime at=*since />
        }
        .into_any(),
        Err(failure) => view! {
            <span class="status status-warn">
                {icon("triangle")} {format!("Could not read: {}", failure.cause.headline())}
            </span>
        }
        .into_any(),
    }
}

/// What becomes of the role of a user or bot that is deleted; nothing where it could not be read.
pub fn role_deleted(kind: MemberKind, is_admin: Option<bool>) -> Effect {
    let kind = kind.slug();
    let (count, outcome) = match is_admin {
        Some(true) => ("1", "Demoted first, then deleted".to_owned()),
        Some(false) => ("0", format!("This {kind} is not an admin")),
        None => ("could not read", format!("Goes with the {kind}")),
    };
    Effect::counted("Admin role", count.to_owned(), outcome)
}
