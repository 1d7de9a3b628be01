//! Deleting an AppInstance: what goes with it, counted; then the name.

use domain::arn::AppInstanceArn;
use domain::consequence::{Count, InstanceContents};
use domain::input;
use domain::snippet::Call;
use domain::{Failure, Field};
use leptos::prelude::*;

use super::{confirm_rule, confirmed, describe, inside};
use crate::form::{Control, Done, FieldSpec, FormSpec, When};
use crate::paths;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::form::Form;
use crate::ui::frame::Section;
use crate::ui::list::count;
use crate::ui::page::page;
use crate::ui::parts::{icon, small_icon};

/// The most calls that counting one kind of thing may take: 50 each, so 500 are counted exactly.
const COUNT_CALLS: u32 = 10;

/// Deletes an AppInstance, once its name was typed. AWS removes what is in it afterwards.
#[server(prefix = "/api", endpoint = "app-instances/delete")]
pub async fn delete_app_instance(arn: AppInstanceArn, confirm: String) -> Result<Done, Failure> {
    let request = Request::current();
    let instance = describe(&request, &arn).await?;
    confirmed(&confirm, &instance)?;
    let before = serde_json::json!({ "Name": instance.name, "Metadata": instance.metadata });
    let input = input::DeleteAppInstance {
        app_instance_arn: arn.clone(),
    };
    request.call_replacing(arn.region(), input, before).await?;
    let list = paths::instances(&request.backend().connection().slug, arn.region());
    let detail = format!(
        "{}. AWS removes what was in it in the background.",
        isolated(&instance.name)
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
        let back = paths::instance(&request.backend().connection().slug, &arn);
        let spec = FormSpec::new(
            "app-instances/delete",
            request.path().to_owned(),
            "Delete AppInstance",
            "Deleting…",
        )
        .danger()
        .cancel(back)
        .hidden("arn", &arn)
        .field(
            FieldSpec::new(
                Field::Confirm,
                Control::short(),
                confirm_rule(&instance, When::Always),
            )
            .help(&format!("Account {}:", arn.account().grouped())),
        );
        let spec = request.resumed(spec).await;
        let now = request.now();
        let body = view! {
            <div class="stack narrow">
                {consequences(contents, now)}
                <p class="prose muted">
                    "Deleting an AppInstance asks for your password or a one-time code, unless you "
                    "gave one in the last 15 minutes."
                </p>
                <Form spec=spec/>
            </div>
        };
        let call = Call::of(
            &input::DeleteAppInstance {
                app_instance_arn: arn.clone(),
            },
            arn.region(),
        );
        let heading = format!("Delete AppInstance {}", isolated(&instance.name));
        Ok(inside(&request, &instance, Section::None, "Delete", body)
            .headed(heading)
            .calls([call]))
    })
}

async fn contents(request: &Request, arn: &AppInstanceArn) -> InstanceContents {
    let region = arn.region();
    let (users, admins, bots) = tokio::join!(
        count(request, region, COUNT_CALLS, |max_results, next_token| {
            input::ListAppInstanceUsers {
                app_instance_arn: arn.clone(),
                max_results,
                next_token,
            }
        }),
        count(request, region, COUNT_CALLS, |max_results, next_token| {
            input::ListAppInstanceAdmins {
                app_instance_arn: arn.clone(),
                max_results,
                next_token,
            }
        }),
        count(request, region, COUNT_CALLS, |max_results, next_token| {
            input::ListAppInstanceBots {
                app_instance_arn: arn.clone(),
                max_results,
                next_token,
            }
        }),
    );
    InstanceContents {
        users,
        admins,
        bots,
    }
}

fn consequences(contents: InstanceContents, now: domain::Timestamp) -> AnyView {
    let row = |what: &'static str, count: Count, effect: &'static str| {
        let count = match count {
            Count::Unknown => "could not count".to_owned(),
            count => count.text(),
        };
        view! {
            <tr>
                <th scope="row">{what}</th>
                <td class="num">{count}</td>
                <td>{effect}</td>
            </tr>
        }
    };
    view! {
        <section class="consequence" aria-labelledby="h-consequence">
            <div class="consequence-head">
                {icon("triangle")}
                <div>
                    <h2 id="h-consequence">"Everything in it is deleted, and AWS cannot restore it"</h2>
                    <p>"The AppInstance is gone at once; AWS removes what is in it in the background."</p>
                </div>
            </div>
            <table>
                <caption class="sr-only">"What is deleted"</caption>
                <thead class="sr-only">
                    <tr>
                        <th scope="col">"What"</th>
                        <th scope="col">"Count"</th>
                        <th scope="col">"Effect"</th>
                    </tr>
                </thead>
                <tbody>
                    {row("AppInstanceUsers", contents.users, "Deleted, with their endpoints and tags")}
                    {row("AppInstanceAdmins", contents.admins, "The role goes with the user or bot")}
                    {row("AppInstanceBots", contents.bots, "Deleted; the Lex bots stay")}
                    <tr>
                        <th scope="row">"Channels and messages"</th>
                        <td class="num muted">"not visible"</td>
                        <td>"Deleted too; this API cannot count them"</td>
                    </tr>
                </tbody>
            </table>
            <p class="consequence-foot">
                {small_icon("info")}
                <span>{format!("Counted on {now}")}</span>
            </p>
        </section>
    }
    .into_any()
}
