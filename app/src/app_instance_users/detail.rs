//! One AppInstanceUser: what it is, whether it is an admin, when it expires, its tags.

use domain::arn::{AppInstanceUserArn, MemberArn};
use domain::input;
use domain::snippet::Call;
use domain::view::{AppInstanceAdmin, AppInstanceUser};
use domain::{Failure, Operation, Timestamp};
use leptos::prelude::*;

use super::Opened;
use crate::app_instance_admins::{admin_role, role_button};
use crate::islands::Copy;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::moved::Moved;
use crate::ui::page::{Content, page};
use crate::ui::parts::{
    arn, entry, icon, metadata_panel, missing, short_id, small_icon, wide_entry,
};
use crate::ui::tabs::UserTab;
use crate::ui::time::LocalTime;
use crate::ui::{allowed, failed, odd};
use crate::{app_instances, paths, tags};

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
        let admin = input::DescribeAppInstanceAdmin {
            app_instance_arn: arn.instance().clone(),
            app_instance_admin_arn: member.clone(),
        };
        let tags = input::ListTagsForResource {
            resource_arn: arn.clone().into(),
        };
        let calls = [Call::of(&describe), Call::of(&admin), Call::of(&tags)];
        let (opened, admin, tags, refused) = tokio::join!(
            Opened::read(&request, &arn),
            admin_role(&request, &member),
            request.call(tags),
            failed::refused(&request),
        );
        let opened = match opened {
            Ok(opened) => opened,
            Err(failure) => return moved(&request, &arn, failure),
        };
        let base = opened.path(&request);
        let user = &opened.user;
        let badges = badges(user, &admin, request.now());
        let edit = allowed::act(
            &request,
            Operation::UpdateAppInstanceUser,
            "Edit",
            format!("{base}/edit"),
        );
        let body = view! {
            <div class="stack wide">
                {refused} {odd::note(&arn.clone().into(), user.arn.as_str())}
                {summary(&arn, user, &admin, &base)} {metadata_panel(&user.metadata, edit)}
                {tags::panel(&request, tags, &base)}
            </div>
        };
        let act = |operation, class, what, path| {
            allowed::link(&request, operation, class, what, format!("{base}{path}"))
        };
        let delete = ("trash", "Delete");
        Ok(opened
            .page(&request, UserTab::Details, isolated(opened.title()), body)
            .badge(badges)
            .calls(calls)
            .action(act(
                Operation::DeleteAppInstanceUser,
                "btn btn-danger-line",
                delete,
                "/delete",
            ))
            .action(role_button(&request, &member, &admin))
            .action(act(
                Operation::UpdateAppInstanceUser,
                "btn btn-primary",
                ("edit", "Edit"),
                "/edit",
            )))
    })
}

/// Once the form to create a user was at `/users/create`.
fn moved(
    request: &Request,
    arn: &AppInstanceUserArn,
    failure: Failure,
) -> Result<Content, Failure> {
    let instance = arn.instance();
    let moved = Moved {
        word: "create",
        kind: "user",
        action: "Create AppInstanceUser",
        to: paths::create_user(&request.connection().id, instance),
    };
    let instead = moved.instead_of(request, arn.user_id().as_str(), &failure);
    let (title, body) = instead.ok_or(failure)?;
    let name = short_id(instance.id());
    let content = app_instances::within(request, instance, &name, Section::None, title, body);
    Ok(content.crumb("Users", super::list_path(request, instance)))
}

fn badges(
    user: &AppInstanceUser,
    admin: &Result<Option<AppInstanceAdmin>, Failure>,
    now: Timestamp,
) -> AnyView {
    let admin = matches!(admin, Ok(Some(_))).then(|| {
        view! { <span class="badge badge-line">{small_icon("shield")} "Admin"</span> }
    });
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
        {admin}
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
    let time = |at: Option<Timestamp>| match at {
        Some(at) => view! { <LocalTime at=at /> }.into_any(),
        None => missing(),
    };
    let admin = match admin {
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
    };
    let expiration = match user.expires_after {
        Some(days) => format!("{days} after creation"),
        None => "Never".to_owned(),
    };
    let expiration = view! { <a href=format!("{base}/expiration")>{expiration}</a> }.into_any();
    let expires = user.expires_at().map(|at| entry("Expires", time(Some(at))));
    let id = user_arn.user_id().to_string();
    let id = view! {
        <span class="mono">{id.clone()}</span>
        " "
        <Copy text=id what="user ID".to_owned() />
    };
    view! {
        <section class="panel" aria-label="Summary">
            <div class="panel-body">
                <dl class="kv">
                    {entry("User ID", id.into_any())} {entry("Admin", admin)}
                    {entry("Created", time(user.created))}
                    {entry("Last updated", time(user.updated))} {entry("Expiration", expiration)}
                    {expires} {wide_entry("ARN", arn(user_arn.as_str()))}
                </dl>
            </div>
        </section>
    }
    .into_any()
}
