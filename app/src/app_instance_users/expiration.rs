//! When an AppInstanceUser expires: days after its creation, the only criterion there is.
//!
//! A date that is already past deletes the user within hours (developer guide, "AppInstanceUser
//! expiration"), so it asks for the user's ID.

use backend::commands;
use domain::arn::AppInstanceUserArn;
use domain::consequence::{ExpirationEffect, SWEEP_HOURS};
use domain::input::{self, ExpirationSettings};
use domain::settings::Days;
use domain::snippet::Call;
use domain::view::AppInstanceUser;
use domain::{Failure, Field, FieldProblem, Operation, Target, Timestamp};
use leptos::prelude::*;

use super::delete::confirm_field;
use super::of_path;
use crate::form::{Control, FieldSpec, FormSpec, Rule, When, days_of};
use crate::paths;
use crate::request::{Done, Request};
use crate::ui::allowed;
use crate::ui::bidi::isolated;
use crate::ui::consequence::{Consequence, Severity};
use crate::ui::form::{Form, with_code};
use crate::ui::page::page;
use crate::ui::parts::note_with;
use crate::ui::tabs::Tab;
use crate::ui::time::BothTimes;

/// Sets after how many days a user expires. A date that is past must be confirmed with the ID.
#[server(prefix = "/api", endpoint = "users/expiration/put")]
pub async fn put_expiration_settings(
    target: Target<AppInstanceUserArn>,
    expiration_days: String,
    #[server(default)] confirm_user_id: String,
) -> Result<Done, Failure> {
    let days: Days = expiration_days.parse().map_err(|problem| FieldProblem {
        field: Field::ExpireAfter,
        problem,
    })?;
    put(&target, Some(days), &confirm_user_id).await
}

/// Makes a user stay for good.
#[server(prefix = "/api", endpoint = "users/expiration/clear")]
pub async fn clear_expiration_settings(
    target: Target<AppInstanceUserArn>,
) -> Result<Done, Failure> {
    put(&target, None, "").await
}

async fn put(
    target: &Target<AppInstanceUserArn>,
    days: Option<Days>,
    confirm: &str,
) -> Result<Done, Failure> {
    let request = Request::on(target);
    let arn = &target.arn;
    let effect = commands::users::put_expiration(request.acting()?, arn, days, confirm).await?;
    let base = paths::user(&request.connection().id, arn);
    let (headline, detail) = match effect {
        ExpirationEffect::Never => (
            "Expiration cleared",
            "The user stays until it is deleted.".to_owned(),
        ),
        ExpirationEffect::At(at) => ("Expiration saved", format!("The user expires on {at}.")),
        ExpirationEffect::Past(_) => (
            "Expiration saved",
            format!("AWS deletes the user, usually within {SWEEP_HOURS} hours."),
        ),
    };
    request
        .done(format!("{base}/expiration"), headline, detail)
        .await
}

fn settings(
    arn: &AppInstanceUserArn,
    days: Option<Days>,
) -> input::PutAppInstanceUserExpirationSettings {
    input::PutAppInstanceUserExpirationSettings {
        app_instance_user_arn: arn.clone(),
        expiration_settings: days.map(ExpirationSettings::after),
    }
}

/// The page that shows when a user expires, with the form that sets it and the way to clear it.
#[component]
pub fn ExpirationPage() -> impl IntoView {
    page(|request| async move {
        let opened = of_path(&request).await?;
        let (arn, user) = (&opened.arn, &opened.resource);
        let describe = input::DescribeAppInstanceUser {
            app_instance_user_arn: arn.clone(),
        };
        let spec = set_form(&request, arn, user);
        let (form, code) = with_code(&request, spec, |spec| {
            let days = days_of(spec, Field::ExpireAfter)?;
            Ok([Call::of(&describe), Call::of(&settings(arn, days))])
        })
        .await;
        let clear = user.expires_after.is_some().then(|| clear_panel(&request));
        let state = state_panel(user, request.now());
        let body = view! { <div class="stack">{state} {form} {clear}</div> };
        Ok(opened
            .page(&request, Tab::Expiration, "Expiration", body)
            .headed(format!("Expiration of user {}", isolated(opened.title())))
            .code(code))
    })
}

fn set_form(request: &Request, arn: &AppInstanceUserArn, user: &AppInstanceUser) -> FormSpec {
    let rule = Rule::Expiration {
        created: user.created,
        now: request.now(),
    };
    let present = user.expires_after.map(|days| days.get().to_string());
    request
        .form("users/expiration/put", "Save expiration", "Saving…")
        .on(&request.connection().id, arn)
        .field(
            FieldSpec::new(Field::ExpireAfter, Control::Days, rule)
                .value(present.unwrap_or_default())
                .help("Counted from the creation of the user, not from today."),
        )
        .field(confirm_field(arn, When::Loses).help("Needed only when the date is past. The ID is"))
}

/// The link to the page that clears the expiration, which asks first.
fn clear_panel(request: &Request) -> AnyView {
    let to = format!("{}/clear", request.path());
    let operation = Operation::PutAppInstanceUserExpirationSettings;
    let what = ("clock", "Clear expiration");
    view! {
        <section class="stack narrow" aria-labelledby="h-clear">
            <h2 id="h-clear">"Keep the user for good"</h2>
            <p class="prose">
                "Without expiration the user stays until somebody deletes it. You can do this until AWS has deleted the user."
            </p>
            <div class="form-actions">{allowed::link(request, operation, "btn", what, to)}</div>
        </section>
    }
    .into_any()
}

/// The page that says what clearing the expiration does, and asks before it is done.
#[component]
pub fn ExpirationClearPage() -> impl IntoView {
    page(|request| async move {
        let opened = of_path(&request).await?;
        let (arn, user) = (&opened.arn, &opened.resource);
        let back = format!("{}/expiration", opened.path());
        let spec = request
            .form("users/expiration/clear", "Clear expiration", "Clearing…")
            .danger()
            .cancel(back.clone())
            .on(&request.connection().id, arn);
        let spec = request.resumed(spec).await;
        let body = if let Some(at) = user.expires_at() {
            let consequence = Consequence::new(
                Severity::Warning,
                "clock",
                "The user stays until somebody deletes it",
                view! {
                    <p>
                        "So far, AWS would delete the user after " <BothTimes at=at />
                        ". The date can be set again."
                    </p>
                },
            )
            .view();
            view! { <div class="stack narrow">{consequence} <Form spec=spec /></div> }.into_any()
        } else {
            state_panel(user, request.now())
        };
        let call = Call::of(&settings(arn, None));
        let heading = format!("Clear the expiration of user {}", isolated(opened.title()));
        Ok(opened
            .page(&request, Tab::None, "Clear", body)
            .headed(heading)
            .crumb("Expiration", back)
            .calls([call]))
    })
}

/// The expiration that is in force, with its dates.
fn state_panel(user: &AppInstanceUser, now: Timestamp) -> AnyView {
    let created = user.created.map(|at| {
        view! { <p>"Created on " <BothTimes at=at /> {format!(", {}.", at.relative(now))}</p> }
    });
    let (class, icon_name, headline) = match user.expires_at() {
        None => ("flash", "user", "The user does not expire".to_owned()),
        Some(at) if at <= now => (
            "flash flash-warn",
            "hourglass",
            format!("Expired {}, AWS is about to delete it", at.relative(now)),
        ),
        Some(at) => ("flash", "clock", format!("Expires {}", at.relative(now))),
    };
    let date = user.expires_at().map(|at| {
        let days = user.expires_after.map(|days| days.to_string());
        view! {
            <p>
                {days.unwrap_or_default()} " after its creation: " <BothTimes at=at /> ". "
                {format!(
                    "AWS deletes it in the background, usually within {SWEEP_HOURS} hours after.",
                )}
            </p>
        }
    });
    let dates = view! {
        {date}
        {created}
    };
    note_with(class, icon_name, headline, dates)
}
