//! How long an AppInstance keeps the messages of its channels.
//!
//! Lowering deletes messages, for good after 30 days (developer guide, "Managing message
//! retention"), so it asks for the name.

use backend::commands;
use domain::arn::AppInstanceArn;
use domain::input;
use domain::settings::Days;
use domain::snippet::Call;
use domain::view::Retention;
use domain::{Failure, Field, FieldProblem, Operation, Target, Timestamp};
use leptos::prelude::*;

use super::{confirm_rule, describe, title, within};
use crate::form::{Control, FieldSpec, Rule, When, days_of};
use crate::request::{Done, Request};
use crate::ui::allowed;
use crate::ui::bidi::isolated;
use crate::ui::consequence::{Consequence, Severity};
use crate::ui::form::{Form, with_code};
use crate::ui::frame::Section;
use crate::ui::page::page;
use crate::ui::parts::{note, note_with};

/// Sets the retention of an instance. Lowering it must be confirmed with the name.
#[server(prefix = "/api", endpoint = "app-instances/retention/put")]
pub async fn put_retention_settings(
    target: Target<AppInstanceArn>,
    retention_days: String,
    #[server(default)] confirm: String,
) -> Result<Done, Failure> {
    let days: Days = retention_days.parse().map_err(|problem| FieldProblem {
        field: Field::RetentionDays,
        problem,
    })?;
    put(&target, Some(days), &confirm).await
}

/// Turns retention off: messages are kept for good.
#[server(prefix = "/api", endpoint = "app-instances/retention/off")]
pub async fn turn_off_retention(target: Target<AppInstanceArn>) -> Result<Done, Failure> {
    put(&target, None, "").await
}

async fn put(
    target: &Target<AppInstanceArn>,
    days: Option<Days>,
    confirm: &str,
) -> Result<Done, Failure> {
    let request = Request::on(target);
    let arn = &target.arn;
    commands::app_instances::put_retention(request.acting()?, arn, days, confirm).await?;
    let base = crate::paths::instance(&request.connection().id, arn);
    let detail = match days {
        Some(days) => format!("Messages are kept for {days}."),
        None => "Messages are kept for good.".to_owned(),
    };
    request
        .done(format!("{base}/retention"), "Retention saved", detail)
        .await
}

fn present(arn: &AppInstanceArn) -> input::GetAppInstanceRetentionSettings {
    input::GetAppInstanceRetentionSettings {
        app_instance_arn: arn.clone(),
    }
}

fn settings(arn: &AppInstanceArn, days: Option<Days>) -> input::PutAppInstanceRetentionSettings {
    input::PutAppInstanceRetentionSettings {
        app_instance_arn: arn.clone(),
        app_instance_retention_settings: input::RetentionSettings::new(days),
    }
}

/// The page that shows the retention of an AppInstance, with the form that sets it and the way to
/// turn it off.
#[component]
pub fn RetentionPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let read = present(&arn);
        let call = Call::of(&read);
        let (instance, retention) = tokio::join!(describe(&request, &arn), request.call(read));
        let (instance, retention) = (instance?, retention?);
        let rule = Rule::Retention {
            present: retention.days,
            now: request.now(),
        };
        let spec = request
            .form("app-instances/retention/put", "Save retention", "Saving…")
            .on(&request.connection().id, &arn)
            .field(
                FieldSpec::new(Field::RetentionDays, Control::Days, rule)
                    .value(
                        retention
                            .days
                            .map(|days| days.get().to_string())
                            .unwrap_or_default(),
                    )
                    .help("Channel messages older than this are deleted."),
            )
            .field(
                FieldSpec::new(
                    Field::Confirm,
                    Control::short(),
                    confirm_rule(&arn, &instance, When::Loses),
                )
                .help("Needed only when retention is lowered. The name is"),
            );
        let off = retention.days.is_some().then(|| off_panel(&request));
        let (form, code) = with_code(&request, spec, |spec| {
            let days = days_of(spec, Field::RetentionDays)?;
            Ok([call, Call::of(&settings(&arn, days))])
        })
        .await;
        let state = state_panel(retention, request.now());
        let body = view! { <div class="stack">{state} {form} {off}</div> };
        let name = isolated(title(&arn, &instance.name));
        let section = Section::Retention;
        Ok(
            within(&request, &arn, &instance.name, section, "Retention", body)
                .headed(format!("Retention of {name}"))
                .code(code),
        )
    })
}

/// The link to the page that turns retention off, which asks first.
fn off_panel(request: &Request) -> AnyView {
    let to = format!("{}/off", request.path());
    let operation = Operation::PutAppInstanceRetentionSettings;
    let what = ("archive", "Turn off retention");
    view! {
        <section class="stack narrow" aria-labelledby="h-off">
            <h2 id="h-off">"Keep messages for good"</h2>
            <p class="prose">
                "Without retention nothing is deleted. Messages that retention deleted within the last 30 days come back."
            </p>
            <div class="form-actions">{allowed::link(request, operation, "btn", what, to)}</div>
        </section>
    }
    .into_any()
}

/// The page that says what turning retention off does, and asks before it is done.
#[component]
pub fn RetentionOffPage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let retention = request.call(present(&arn));
        let (instance, retention) = tokio::join!(describe(&request, &arn), retention);
        let (instance, retention) = (instance?, retention?);
        let base = crate::paths::instance(&request.connection().id, &arn);
        let back = format!("{base}/retention");
        let spec = request
            .form(
                "app-instances/retention/off",
                "Turn off retention",
                "Turning off…",
            )
            .danger()
            .cancel(back.clone())
            .on(&request.connection().id, &arn);
        let spec = request.resumed(spec).await;
        let body = match retention.days {
            None => state_panel(retention, request.now()),
            Some(days) => {
                let consequence = Consequence::new(Severity::Warning, "archive", "Messages are kept for good", view! {
                    <p>
                        {format!("So far they are deleted after {days}. ")}
                        "Nothing is deleted any more, and what retention deleted within the last 30 days comes back. If you promised somebody that messages are deleted, you no longer keep that promise."
                    </p>
                }).view();
                view! { <div class="stack narrow">{consequence} <Form spec=spec /></div> }
                    .into_any()
            }
        };
        let name = isolated(title(&arn, &instance.name));
        let content = within(
            &request,
            &arn,
            &instance.name,
            Section::None,
            "Turn off",
            body,
        );
        Ok(content
            .headed(format!("Turn off retention of {name}"))
            .crumb("Retention", back)
            .calls([Call::of(&settings(&arn, None))]))
    })
}

/// What is in force, and how long deleted messages can still come back.
fn state_panel(retention: Retention, now: Timestamp) -> AnyView {
    let Some(days) = retention.days else {
        let sentence = "Messages are kept for good.";
        return note("flash", "archive", "Retention is off", sentence);
    };
    let countdown = retention.permanent_from.map(|at| {
        let text = if at > now {
            format!(
                "Messages that it deleted can still come back until {at} ({}): extend retention or turn it off.",
                at.relative(now),
            )
        } else {
            format!("Since {at} what it deletes is gone for good.")
        };
        view! { <p>{text}</p> }
    });
    let class = if retention.permanent_from.is_some_and(|at| at > now) {
        "flash flash-warn"
    } else {
        "flash"
    };
    let headline = format!("Messages are kept for {days}");
    note_with(class, "clock", headline, countdown)
}
