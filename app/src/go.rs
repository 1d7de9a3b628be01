//! From an ARN or id to its page.

use domain::arn::{AppInstanceArn, ResourceArn};
use domain::{Cause, Failure, Field, FieldProblem, Problem};
use leptos::prelude::*;

use crate::paths;
use crate::request::Request;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::parts::{icon, small_icon};

/// Finds the page of an ARN, or of the id of an AppInstance.
#[component]
pub fn GoPage() -> impl IntoView {
    page(|request| async move {
        request.caller()?;
        let text = request.query("arn").unwrap_or_default();
        let text = text.trim().to_owned();
        let problem = if text.is_empty() {
            None
        } else {
            match resolve(&request, &text).await {
                Ok(path) => {
                    request.go_to(&path);
                    return Ok(Content::new(
                        "Go to",
                        Nav::Other,
                        view! { <a href=path>"Continue"</a> },
                    ));
                }
                Err(Failure {
                    cause: Cause::Invalid(problems),
                    ..
                }) => problems.into_iter().next().map(|found| found.problem),
                Err(failure) => return Err(failure),
            }
        };
        Ok(Content::new("Go to", Nav::Other, form(&text, problem)))
    })
}

async fn resolve(request: &Request, text: &str) -> Result<String, Failure> {
    let refused = |problem| {
        Failure::from(FieldProblem {
            field: Field::Arn,
            problem,
        })
    };
    let connection = request.backend().connection();
    let account = request.backend().account().await?;
    if !text.starts_with("arn:") {
        let of = |region| AppInstanceArn::new(region, &account, text);
        let arns: Result<Vec<_>, _> = request.regions().into_iter().map(of).collect();
        let arns = arns.map_err(|_| refused(Problem::NotAnArn))?;
        let arn = arns.iter().find(|arn| request.stay_inside(arn).is_ok());
        let arn = arn.ok_or(Cause::NoSuchPage)?;
        return Ok(paths::instance(&connection.slug, arn));
    }
    let arn: ResourceArn = text.parse().map_err(refused)?;
    let instance = arn.instance();
    if *instance.account() != account {
        return Err(refused(Problem::OtherAccount {
            account: account.grouped(),
        }));
    }
    if !connection.regions.contains(&instance.region()) {
        let regions: Vec<_> = connection.regions.iter().map(|r| r.as_str()).collect();
        return Err(refused(Problem::OtherRegion {
            region: regions.join(" and "),
        }));
    }
    request.stay_inside(instance)?;
    Ok(paths::resource(&connection.slug, &arn))
}

fn form(text: &str, problem: Option<Problem>) -> AnyView {
    let invalid = problem.is_some().then_some("true");
    let error = problem.map(|problem| {
        view! {
            <p class="field-error" id="arn-error" role="alert">
                {small_icon("octagon")}
                <span>{problem.to_string()}</span>
            </p>
        }
    });
    view! {
        <form class="stack narrow" action="/go">
            <section class="panel panel-form">
                <div class="field">
                    <label for="arn">"ARN or ID"</label>
                    <p class="help" id="arn-help">
                        "The ARN of an AppInstance, user or bot, or the ID of an AppInstance."
                    </p>
                    <input
                        class="input mono"
                        id="arn"
                        name="arn"
                        value=text.to_owned()
                        autocomplete="off"
                        spellcheck="false"
                        aria-describedby="arn-help arn-error"
                        aria-invalid=invalid
                    />
                    {error}
                </div>
            </section>
            <div class="form-actions">
                <button class="btn btn-primary">{icon("arrow-right")} "Go"</button>
            </div>
        </form>
    }
    .into_any()
}
