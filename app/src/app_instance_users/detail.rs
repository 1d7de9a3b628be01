//! One AppInstanceUser: what it is, whether it is an admin, when it expires, its tags.

use domain::arn::{AppInstanceUserArn, MemberArn};
use domain::input;
use domain::snippet::Call;
use domain::view::{AppInstanceAdmin, AppInstanceUser};
use domain::{Failure, Operation, Timestamp};
use leptos::prelude::*;

use super::{open, place};
use crate::app_instance_admins::{role_badge, role_button, role_words};
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::moved::Moved;
use crate::ui::page::{Content, page};
use crate::ui::parts::{arn, copied, entry, metadata_panel, small_icon, wide_entry};
use crate::ui::tabs::Tab;
use crate::ui::time::time_or_missing;
use crate::ui::{allowed, odd};
use crate::{opened, paths, tags};

/// An expiration this near is shown as a warning.
const SOON_DAYS: i32 = 7;

/// The page of one user: what it is, whether it is an admin, when it expires, its tags.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.user().await?;
        let member = MemberArn::User(arn.clone());
        let describe = input::DescribeAppInstanceUser {
            app_instance_user_arn: arn.clone(),
        };
        let (opened, beside) =
            tokio::join!(open(&request, &arn), opened::beside(&request, &member));
        let opened = match opened {
            Ok(opened) => opened,
            Err(failure) => return instead(&request, &arn, failure).await,
        };
        let (base, user) = (opened.path(), &opened.resource);
        let update = Operation::UpdateAppInstanceUser;
        let edit = allowed::act(&request, update, "Edit", format!("{base}/edit"));
        let body = view! {
            <div class="stack wide">
                {beside.refused} {odd::note(&arn.clone().into(), user.arn.as_str())}
                {summary(&arn, user, &beside.admin, base)} {metadata_panel(&user.metadata, edit)}
                {tags::panel(&request, beside.tags, base)}
            </div>
        };
        let delete = Operation::DeleteAppInstanceUser;
        Ok(opened
            .page(&request, Tab::Details, isolated(opened.title()), body)
            .badge(badges(user, &beside.admin, request.now()))
            .calls(opened::calls(&member, Call::of(&describe)))
            .action(allowed::delete_link(&request, delete, "Delete", base))
            .action(role_button(&request, &member, &beside.admin))
            .action(allowed::edit_link(&request, update, base)))
    })
}

/// Once the form to create a user was at `/users/create`.
async fn instead(
    request: &Request,
    arn: &AppInstanceUserArn,
    failure: Failure,
) -> Result<Content, Failure> {
    let moved = Moved {
        word: "create",
        kind: "user",
        action: "Create AppInstanceUser",
        to: paths::create_user(&request.connection().id, arn.instance()),
    };
    let (resource, id) = (arn.clone().into(), arn.user_id().as_str());
    let place = place(request, arn);
    place.instead(request, &resource, id, moved, failure).await
}

fn badges(
    user: &AppInstanceUser,
    admin: &Result<Option<AppInstanceAdmin>, Failure>,
    now: Timestamp,
) -> AnyView {
    let soon = user
        .expires_at()
        .filter(|at| *at <= now.plus_days(SOON_DAYS))
        .map(|at| {
            let verb = if at <= now { "Expired" } else { "Expires" };
            let text = format!("{verb} {}", at.relative(now));
            view! {
                <span class="badge badge-warn" title=at.human()>
                    {small_icon("clock")}
                    {text}
                </span>
            }
        });
    view! {
        {role_badge(admin)}
        {soon}
    }
    .into_any()
}

fn summary(
    user_arn: &AppInstanceUserArn,
    user: &AppInstanceUser,
    admin: &Result<Option<AppInstanceAdmin>, Failure>,
    base: &str,
) -> AnyView {
    let expiration = match user.expires_after {
        Some(days) => format!("{days} after creation"),
        None => "Never".to_owned(),
    };
    let expiration = view! { <a href=format!("{base}/expiration")>{expiration}</a> }.into_any();
    let expires = user
        .expires_at()
        .map(|at| entry("Expires", time_or_missing(Some(at))));
    let id = copied(user_arn.user_id().as_str(), "user ID");
    view! {
        <section class="panel" aria-label="Summary">
            <div class="panel-body">
                <dl class="kv">
                    {entry("User ID", id)} {entry("Admin", role_words(admin))}
                    {entry("Created", time_or_missing(user.created))}
                    {entry("Last updated", time_or_missing(user.updated))}
                    {entry("Expiration", expiration)} {expires}
                    {wide_entry("ARN", arn(user_arn.as_str()))}
                </dl>
            </div>
        </section>
    }
    .into_any()
}
