//! Demoting an admin: what it loses, and a warning when nobody is left.

use backend::commands;
use domain::arn::{AppInstanceArn, MemberArn};
use domain::input;
use domain::snippet::Call;
use domain::view::AppInstanceAdmin;
use domain::{Cause, Failure, Field, FieldProblem, Problem, Target};
use leptos::prelude::*;

use super::admin_role;
use super::{FROM, after, last_admin, list_path, member_path, of_path};
use crate::app_instances;
use crate::form::FormSpec;
use crate::gone;
use crate::listing::places;
use crate::paths::MemberKind;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::consequence::{Consequence, Severity};
use crate::ui::form::Form;
use crate::ui::frame::Section;
use crate::ui::page::page;
use crate::ui::parts::icon;
use crate::ui::time::LocalTime;

/// Demotes. The user or bot stays. Goes on to `next`, else back to `page`.
#[server(prefix = "/api", endpoint = "admins/delete")]
pub async fn delete_app_instance_admin(
    target: Target<AppInstanceArn>,
    member: MemberArn,
    #[server(default)] next: String,
    #[server(default)] page: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    if *member.instance() != target.arn {
        let (field, problem) = (Field::Admin, Problem::OtherInstance);
        return Err(FieldProblem { field, problem }.into());
    }
    commands::admins::demote(request.acting()?, &member).await?;
    let location = after(&request, member.instance(), [next, page]);
    let detail = member.id().to_owned();
    request.done(location, "Demoted", detail).await
}

/// The page that says what demoting does, with the form that demotes.
#[component]
pub fn RemovePage() -> impl IntoView {
    page(|request| async move {
        let member = of_path(&request).await?;
        let arn = member.instance().clone();
        let (name, admin, loss, back) = tokio::join!(
            app_instances::name(&request, &arn),
            admin_role(&request, &member),
            last_admin(&request, &member),
            back(&request, &member),
        );
        let list = places::back_to(&request, list_path(&request, &arn)).await;
        let input = input::DeleteAppInstanceAdmin {
            app_instance_arn: arn.clone(),
            app_instance_admin_arn: member.clone(),
        };
        let call = Call::of(&input);
        let (who, body) = if let Some(admin) = admin? {
            let spec = request.resumed(form(&request, &member, &back)).await;
            let body = view! {
                <div class="stack narrow">
                    {consequences(&request, &member, &admin, loss)} <Form spec=spec />
                </div>
            };
            (who(&member, &admin), body.into_any())
        } else {
            request.set_status(Cause::NotFound.status());
            let demoted = gone::demoted(&request, &member).await;
            (member.id().to_owned(), no_admin(&member, demoted, &list))
        };
        let kind = MemberKind::of(&member).slug();
        let heading = format!("Demote {kind} {}", isolated(&who));
        Ok(
            app_instances::within(&request, &arn, &name, Section::None, "Demote", body)
                .headed(heading)
                .crumb("Admins", list)
                .calls([call]),
        )
    })
}

/// Where to go back to: the page of the user or bot when somebody came from there, else the list. A
/// form that was refused still knows it.
async fn back(request: &Request, member: &MemberArn) -> String {
    let page = member_path(request, member);
    let is_next = |(name, value): &(String, String)| name == "next" && *value == page;
    let draft = request.draft().await;
    if request.query(FROM).is_some() || draft.is_some_and(|of| of.fields.iter().any(is_next)) {
        page
    } else {
        places::back_to(request, list_path(request, member.instance())).await
    }
}

fn form(request: &Request, member: &MemberArn, back: &str) -> FormSpec {
    request
        .form("admins/delete", "Demote", "Demoting…")
        .danger()
        .cancel(back)
        .on(&request.connection().id, member.instance())
        .hidden("member", member)
        .hidden("next", back)
}

fn who(member: &MemberArn, admin: &AppInstanceAdmin) -> String {
    if admin.name.trim().is_empty() {
        member.id().to_owned()
    } else {
        admin.name.clone()
    }
}

fn consequences(
    request: &Request,
    member: &MemberArn,
    admin: &AppInstanceAdmin,
    last: Option<&'static str>,
) -> AnyView {
    let kind = MemberKind::of(member);
    let stays = match kind {
        MemberKind::User => "The user stays, with all channels, endpoints and tags.",
        MemberKind::Bot => "The bot stays, with configuration and tags.",
    };
    let since = admin
        .since
        .map(|since| view! { <p>"Admin since " <LocalTime at=since /> "."</p> });
    let to = member_path(request, member);
    let link = format!("Open the {}", kind.slug());
    let panel = Consequence::new(
        Severity::Warning,
        "triangle",
        format!("This {} can no longer manage every channel", kind.slug()),
        view! {
            <p>
                "Whoever is a moderator or member of a channel remains one. " {stays} " "
                <a href=to>{link}</a>
            </p>
            {since}
        },
    )
    .warning(last);
    panel.view()
}

fn no_admin(member: &MemberArn, demoted: Option<AnyView>, list: &str) -> AnyView {
    let sentence = format!(
        "The {} {} is not an admin of this AppInstance, or was demoted meanwhile.",
        MemberKind::of(member).slug(),
        member.id()
    );
    let told = demoted.unwrap_or_else(|| view! { <p>{sentence}</p> }.into_any());
    view! {
        <section class="panel">
            <div class="empty empty-small">
                {icon("shield")} <h2>"Not an admin"</h2> {told} <a class="btn" href=list.to_owned()>
                    "Show the admins"
                </a>
            </div>
        </section>
    }
    .into_any()
}
