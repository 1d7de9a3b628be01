//! An AppInstance as the pages in it show it: its name, and the page around them.

use std::collections::HashSet;

use crate::form::{Rule, When};
use crate::listing;
use crate::paths;
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::code::Code;
use crate::ui::frame::{Nav, Section, instance_tabs};
use crate::ui::page::Content;
use crate::ui::parts::short_id;
use backend::{Listing, Request as AwsRequest};
use domain::arn::AppInstanceArn;
use domain::consequence;
use domain::input::DescribeAppInstance;
use domain::view::{AppInstance, AppInstanceSummary};
use domain::{Failure, Page};
use futures_util::future::join_all;
use leptos::prelude::*;

/// Reads an AppInstance: one call.
pub async fn describe(request: &Request, arn: &AppInstanceArn) -> Result<AppInstance, Failure> {
    let input = DescribeAppInstance {
        app_instance_arn: arn.clone(),
    };
    let instance = request.call(input).await?;
    request.backend().names().learn(arn, &instance.name);
    Ok(instance)
}

/// Keeps the names that a list gave.
pub fn learn(request: &Request, rows: &[AppInstanceSummary]) {
    let known = rows
        .iter()
        .filter_map(|row| Some((row.arn.known()?, &row.name)));
    for (arn, name) in known {
        request.backend().names().learn(arn, name);
    }
}

/// The name of an AppInstance for a heading: as read lately, else one call. Its id when that
/// fails, since the page is about something else.
pub async fn name(request: &Request, arn: &AppInstanceArn) -> String {
    let name = match request.backend().names().get(arn) {
        Some(name) => name,
        None => describe(request, arn)
            .await
            .map_or_else(|_| short_id(arn.id()), |instance| instance.name),
    };
    title(arn, &name).to_owned()
}

/// How many names a page reads at most that are not known: a call each.
const MOST_NAMES: usize = 5;

/// Reads the names of some AppInstances that are not known yet. Where that fails, pages show ids.
pub async fn learn_names<'a>(
    request: &Request,
    instances: impl Iterator<Item = &'a AppInstanceArn>,
) {
    let names = request.backend().names();
    let unknown: HashSet<_> = instances.filter(|arn| names.get(arn).is_none()).collect();
    let unknown = unknown.into_iter().take(MOST_NAMES);
    join_all(unknown.map(|arn| name(request, arn))).await;
}

/// What an AppInstance is called, and what is typed to confirm that it is meant: its id when it has no
/// name that can be read.
pub fn title<'a>(arn: &'a AppInstanceArn, name: &'a str) -> &'a str {
    consequence::word_for(name, arn.id())
}

/// The rule of the field that asks for the name, or the id, to confirm what is done.
pub(super) fn confirm_rule(arn: &AppInstanceArn, instance: &AppInstance, when: When) -> Rule {
    Rule::Confirm {
        name: title(arn, &instance.name).to_owned(),
        when,
    }
}

/// A page inside an AppInstance: its place in the navigation and the breadcrumb.
pub fn within(
    request: &Request,
    arn: &AppInstanceArn,
    name: &str,
    section: Section,
    title: impl Into<String>,
    body: impl IntoView + 'static,
) -> Content {
    let connection = &request.connection().id;
    let name = self::title(arn, name);
    let nav = Nav::Instance {
        arn: arn.clone(),
        name: name.to_owned(),
        section,
    };
    let content = Content::new(title, nav, body)
        .crumb("AppInstances", paths::instances(connection, arn.region()));
    let here = paths::instance(connection, arn);
    match section {
        Section::Details => content.tabs(instance_tabs(connection, arn, section)),
        Section::None => content.crumb(isolated(name), here),
        _ => content
            .crumb(isolated(name), here)
            .tabs(instance_tabs(connection, arn, section)),
    }
}

/// A page about an AppInstance of which nothing was read.
pub fn unread(
    request: &Request,
    arn: &AppInstanceArn,
    title: impl Into<String>,
    body: impl IntoView + 'static,
) -> Content {
    let list = paths::instances(&request.connection().id, arn.region());
    Content::new(title, Nav::Instances(arn.region()), body).crumb("AppInstances", list)
}

/// The address of a list of an AppInstance, which ends with `word`.
pub fn list_path(request: &Request, arn: &AppInstanceArn, word: &str) -> String {
    let instance = paths::instance(&request.connection().id, arn);
    format!("{instance}/{word}")
}

/// A page below a list of an AppInstance, as of one user or a form: `list` is what that list is called, and
/// its address.
pub fn below_list(
    request: &Request,
    arn: &AppInstanceArn,
    name: &str,
    (list, to): (&'static str, String),
    title: impl Into<String>,
    body: impl IntoView + 'static,
) -> Content {
    within(request, arn, name, Section::None, title, body).crumb(list, to)
}

/// The page of a list of an AppInstance, such as that of its users. `calls` reads it, and `body` shows what was
/// read.
pub async fn list_page<I, T>(
    request: &Request,
    arn: &AppInstanceArn,
    (section, title): (Section, &'static str),
    calls: impl Fn(u32, Option<String>) -> I,
    body: impl FnOnce(Result<Page<T>, Failure>) -> Result<AnyView, Failure>,
) -> Result<Content, Failure>
where
    I: AwsRequest<Output = Listing<T>>,
    T: Send + 'static,
{
    let found = listing::read(request, arn.region(), arn.as_str(), &calls);
    let (name, found) = tokio::join!(name(request, arn), found);
    let content = within(request, arn, &name, section, title, body(found)?);
    let heading = format!("{title} of {}", isolated(&name));
    let call = listing::first_call(request, calls);
    Ok(content.headed(heading).calls([call]))
}

/// The page of a form below a list of an AppInstance, as of one that creates a bot. Behind its heading stands
/// the name of the AppInstance.
pub async fn form_page(
    request: &Request,
    arn: &AppInstanceArn,
    list: (&'static str, String),
    (title, heading): (&'static str, &'static str),
    (form, code): (AnyView, Code),
) -> Content {
    let name = name(request, arn).await;
    let content = below_list(request, arn, &name, list, title, form);
    let heading = format!("{heading} {}", isolated(&name));
    content.headed(heading).code(code)
}
