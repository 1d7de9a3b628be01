//! From what somebody pastes or types to its page: an ARN, an address of this console, an id; for any
//! other word, what can be searched.

mod meant;
mod search;

use axum::http::header;
use domain::arn::{AppInstanceArn, ResourceArn};
use domain::{Cause, Failure, Field, FieldProblem, Problem, Region};
use leptos::prelude::*;

use crate::paths::{self, FROM};
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::parts::{icon, small_icon};
use meant::{Meant, meant};

/// The value of the address that has the text, and what it was called before.
const TEXT: [&str; 2] = ["q", "arn"];
/// The longest text that is looked at: longer than any ARN.
const LONGEST: usize = 4000;

/// Leads to what is meant, or says what was found.
#[component]
pub fn GoPage() -> impl IntoView {
    page(|request| async move {
        request.caller()?;
        let text = TEXT.iter().find_map(|name| request.query(name));
        let text = text.unwrap_or_default();
        let read = if text.len() > LONGEST {
            Meant::Word(text.clone())
        } else {
            let host = request.header(header::HOST).unwrap_or_default();
            let own = [
                request.base(),
                format!("http://{host}"),
                format!("https://{host}"),
            ];
            meant(&text, &own, &request.connection().id)
        };
        match read {
            Meant::Nothing => Ok(shown(&request, &text, None)),
            Meant::Page(path) => Ok(leave(&request, &path)),
            Meant::Elsewhere => Ok(shown(&request, &text, Some(Problem::OtherSite))),
            Meant::Word(word) if text.len() > LONGEST => {
                let problem = Problem::TooLong {
                    max: u32::try_from(LONGEST).unwrap_or(u32::MAX),
                    actual: u32::try_from(word.len()).unwrap_or(u32::MAX),
                };
                Ok(shown(&request, "", Some(problem)))
            }
            Meant::Word(word) => search::page(&request, &text, &word).await,
            Meant::EndOfArn(end) => end_of_arn(&request, &text, &end).await,
            Meant::Arn(arn) => match resolve(&request, &arn).await {
                Ok(path) => Ok(leave(&request, &path)),
                Err(Failure {
                    cause: Cause::Invalid(problems),
                    ..
                }) => {
                    let problem = problems.into_iter().next().map(|found| found.problem);
                    Ok(shown(&request, &text, problem))
                }
                Err(failure) => Err(failure),
            },
        }
    })
}

fn leave(request: &Request, path: &str) -> Content {
    request.go_to(path);
    let to = path.to_owned();
    Content::new("Go to", Nav::Other, view! { <a href=to>"Continue"</a> })
}

fn shown(request: &Request, text: &str, problem: Option<Problem>) -> Content {
    Content::new("Go to", Nav::Other, form(request, text, problem))
}

async fn resolve(request: &Request, text: &str) -> Result<String, Failure> {
    let refused = |problem| {
        Failure::from(FieldProblem {
            field: Field::Arn,
            problem,
        })
    };
    let arn: ResourceArn = text
        .parse()
        .map_err(|problem| refused(why(text, problem)))?;
    let connection = request.connection();
    let account = request.account().await?;
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
    Ok(paths::resource(&connection.id, &arn))
}

/// Why an ARN leads nowhere here. An ARN that is cut off, or of another Region, is told as that.
fn why(text: &str, problem: Problem) -> Problem {
    if problem == Problem::NotAnArn && text.starts_with("arn:aws:") {
        return Problem::CutArn;
    }
    let mut parts = text.splitn(3, '/');
    let start = parts.next().zip(parts.next());
    let start = start.map(|(place, id)| format!("{place}/{id}").parse::<AppInstanceArn>());
    match start {
        Some(Err(elsewhere @ Problem::OtherRegion { .. })) => elsewhere,
        _ => problem,
    }
}

/// The page of an ARN whose start is missing: of the Region that has such an AppInstance.
async fn end_of_arn(request: &Request, text: &str, end: &str) -> Result<Content, Failure> {
    let account = request.account().await?;
    let whole = |region: Region| format!("arn:aws:chime:{region}:{account}:{end}");
    let arns = request.regions().into_iter().map(whole);
    let arns: Vec<ResourceArn> = arns.filter_map(|arn| arn.parse().ok()).collect();
    for arn in &arns {
        let instance: &AppInstanceArn = arn.instance();
        let is_there = request.stay_inside(instance).is_ok()
            && crate::app_instances::describe(request, instance)
                .await
                .is_ok();
        if is_there {
            let slug = &request.connection().id;
            return Ok(leave(request, &paths::resource(slug, arn)));
        }
    }
    search::page(request, text, end).await
}

/// The field, with what was typed, and why that leads nowhere.
fn form(request: &Request, text: &str, problem: Option<Problem>) -> AnyView {
    let invalid = problem.is_some().then_some("true");
    let error = problem.map(|problem| {
        view! {
            <p class="field-error" id="q-error" role="alert">
                {small_icon("octagon")}
                <span>{problem.to_string()}</span>
            </p>
        }
    });
    let from = request.query(FROM);
    let from = from.map(|from| view! { <input type="hidden" name=FROM value=from /> });
    view! {
        <form class="stack narrow" action="/go">
            {from}
            <section class="panel panel-form">
                <div class="field">
                    <label for="q">"Name, ID or ARN"</label>
                    <p class="help" id="q-help">
                        "The ARN of an AppInstance, user or bot, or an address of this console, leads to its page. Any other word is searched for."
                    </p>
                    <input
                        class="input"
                        id="q"
                        name="q"
                        value=text.to_owned()
                        dir="auto"
                        autocomplete="off"
                        spellcheck="false"
                        aria-describedby="q-help q-error"
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

/// The heading for a word.
fn heading(word: &str) -> String {
    const SHOWN: usize = 60;
    let mut letters = word.chars();
    let mut start: String = letters.by_ref().take(SHOWN).collect();
    if letters.next().is_some() {
        start.push('…');
    }
    format!("Search for {}", isolated(&start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Problem {
        let problem = text.parse::<ResourceArn>().unwrap_err();
        why(text, problem)
    }

    #[test]
    fn an_arn_of_something_else_has_a_fitting_sentence() {
        let user = "arn:aws:chime:ap-south-1:123456789012:app-instance/1/user/ada";
        assert!(matches!(told(user), Problem::OtherRegion { .. }));
        assert!(matches!(
            told("arn:aws:s3:::bucket"),
            Problem::WrongKind { .. }
        ));
        let channel = "arn:aws:chime:us-east-1:123456789012:app-instance/1/channel/2";
        assert!(matches!(told(channel), Problem::WrongKind { .. }));
        assert_eq!(told("arn:aws:chime:us-east-1"), Problem::CutArn);
        assert_eq!(told("arn:aws-cn:chime:us-east-1:1:x"), Problem::NotAnArn);
    }
}
