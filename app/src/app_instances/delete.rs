//! Deleting an AppInstance: what goes with it, counted; then the name.

use backend::commands;
use domain::arn::AppInstanceArn;
use domain::input;
use domain::snippet::Call;
use domain::{Failure, Field, Target};
use leptos::prelude::*;

use super::{confirm_rule, describe, title, within};
use crate::form::{Control, FieldSpec, When};
use crate::listing::{calls, places};
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;
use crate::ui::consequence::{Consequence, Effect, Severity};
use crate::ui::count::{Counting, Total, count_on};
use crate::ui::form::Form;
use crate::ui::frame::Section;
use crate::ui::page::page;

/// The most calls that counting one kind of thing may take: 50 each, so 500 are counted exactly.
const COUNT_CALLS: u32 = 10;

/// Deletes an AppInstance, once its name was typed. AWS removes what is in it afterwards.
#[server(prefix = "/api", endpoint = "app-instances/delete")]
pub async fn delete_app_instance(
    target: Target<AppInstanceArn>,
    confirm: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    let instance = commands::app_instances::delete(request.acting()?, &arn, &confirm).await?;
    let list = paths::instances(&request.connection().id, arn.region());
    let list = places::back_to(&request, list).await;
    let detail = format!(
        "{}. AWS removes what was in it in the background.",
        isolated(title(&arn, &instance.name))
    );
    request.done(list, "AppInstance deleted", detail).await
}

/// The page that says what will happen and asks for the name.
#[component]
pub fn DeletePage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let (instance, contents) = tokio::join!(describe(&request, &arn), contents(&request, &arn));
        let instance = instance?;
        let back = paths::instance(&request.connection().id, &arn);
        let spec = request
            .form("app-instances/delete", "Delete AppInstance", "Deleting…")
            .danger()
            .cancel(back)
            .on(&request.connection().id, &arn)
            .field(
                FieldSpec::new(
                    Field::Confirm,
                    Control::short(),
                    confirm_rule(&arn, &instance, When::Always),
                )
                .help(&format!("Account {}:", arn.account().grouped())),
            );
        let spec = request.resumed(spec).await;
        let body = view! {
            <div class="stack narrow">
                {consequences(&request, &contents)}
                <p class="prose muted">
                    "Deleting an AppInstance asks for your password or a one-time code, unless you "
                    "gave one in the last 15 minutes."
                </p> <Form spec=spec />
            </div>
        };
        let call = Call::of(&input::DeleteAppInstance {
            app_instance_arn: arn.clone(),
        });
        let heading = format!(
            "Delete AppInstance {}",
            isolated(title(&arn, &instance.name))
        );
        Ok(within(
            &request,
            &arn,
            &instance.name,
            Section::None,
            "Delete",
            body,
        )
        .headed(heading)
        .calls([call]))
    })
}

/// What goes with an AppInstance.
struct Contents {
    /// Users, with their endpoints.
    users: Total,
    /// Admins, which are among the users and bots.
    admins: Total,
    bots: Total,
}

async fn contents(request: &Request, arn: &AppInstanceArn) -> Contents {
    let counting = |name| Counting {
        request,
        region: arn.region(),
        parent: arn.as_str(),
        name,
        calls: COUNT_CALLS,
    };
    let (all_users, all_admins, all_bots) =
        (counting("users"), counting("admins"), counting("bots"));
    let (users, admins, bots) = tokio::join!(
        all_users.count(calls::<input::ListAppInstanceUsers>(arn)),
        all_admins.count(calls::<input::ListAppInstanceAdmins>(arn)),
        all_bots.count(calls::<input::ListAppInstanceBots>(arn)),
    );
    Contents {
        users,
        admins,
        bots,
    }
}

fn consequences(request: &Request, contents: &Contents) -> AnyView {
    let Contents {
        users,
        admins,
        bots,
    } = contents;
    let panel = Consequence::new(
        Severity::Loss,
        "triangle",
        "Everything in it is deleted, and AWS cannot restore it",
        view! { <p>"The AppInstance is gone at once; AWS removes what is in it in the background."</p> },
    )
    .effects(
        vec![
            Effect::counted(
                "AppInstanceUsers",
                users.words(),
                "Deleted, with their endpoints and tags",
            ),
            Effect::counted(
                "AppInstanceAdmins",
                admins.words(),
                "The role goes with the user or bot",
            ),
            Effect::counted(
                "AppInstanceBots",
                bots.words(),
                "Deleted; the Lex bots stay",
            ),
            Effect::not_visible(
                "Channels and messages",
                "Deleted too; this API cannot count them",
            ),
        ],
        request.now(),
    )
    .further(count_on(
        request,
        &[("users", users), ("admins", admins), ("bots", bots)],
    ));
    panel.view()
}
