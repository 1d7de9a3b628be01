//! Creating an AppInstance: the form, the call, the way to the new page.

use domain::input::{self, Input as _};
use domain::name::AppInstanceName;
use domain::problem::Check;
use domain::snippet::Call;
use domain::tag::{TagRow, Tags};
use domain::token::RequestToken;
use domain::{Failure, Field, Region, Scope};
use leptos::prelude::*;

use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::request::{Done, Request, new_token};
use crate::ui::bidi::isolated;
use crate::ui::form::with_code;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::{metadata, paths, tags};

/// Creates an AppInstance. The same token never creates a second one.
#[server(prefix = "/api", endpoint = "app-instances/create")]
pub async fn create_app_instance(
    scope: Scope,
    token: RequestToken,
    name: String,
    metadata: String,
    #[server(default)] tag_key: Vec<String>,
    #[server(default)] tag_value: Vec<String>,
) -> Result<Done, Failure> {
    let request = Request::in_scope(&scope);
    let region = scope.region;
    let input = read(&name, &metadata, &tags::rows(tag_key, tag_value), token)?;
    let made = request.call(input.in_region(region)).await?;
    let connection = &request.connection().id;
    let location = match made.known() {
        Some(arn) => paths::instance(connection, arn),
        None => paths::instances(connection, region),
    };
    let another = paths::create_instance(&request.scope_in(region));
    let another = ("Create another", another);
    request
        .made(location, "AppInstance created", isolated(&name), another)
        .await
}

fn read(
    name: &str,
    metadata: &str,
    tags: &[TagRow],
    token: RequestToken,
) -> Result<input::CreateAppInstance, Failure> {
    let mut check = Check::default();
    let name = check.field(Field::Name, AppInstanceName::parse(name));
    let metadata = metadata::read(metadata, "", &mut check);
    let tags = check.field(Field::Tags, Tags::parse(tags));
    let (name, metadata, tags) = check.all((name, metadata, tags))?;
    Ok(input::CreateAppInstance {
        name,
        metadata,
        client_request_token: token,
        tags,
    })
}

/// The page with the form that creates an AppInstance in a Region.
#[component]
pub fn CreatePage() -> impl IntoView {
    page(|request| async move {
        let scope = request.scope()?;
        let region = scope.region;
        let list = paths::instances(&scope.connection, region);
        let spec = request
            .form("app-instances/create", "Create AppInstance", "Creating…")
            .cancel(list.clone())
            .hidden("scope", &scope)
            .hidden("token", new_token())
            .field(
                FieldSpec::new(Field::Name, Control::short(), Rule::AppInstanceName)
                    .help("What people call the application. Names need not be unique."),
            )
            .field(metadata::field(""))
            .field(tags::field(Vec::new(), None));
        let (body, code) = with_code(&request, spec, |spec| example(spec, region)).await;
        Ok(
            Content::new("Create AppInstance", Nav::Instances(region), body)
                .crumb("AppInstances", list)
                .headed(format!("Create AppInstance in {region}"))
                .code(code),
        )
    })
}

/// The call that the form would make as it stands; with a made-up name while it has none,
/// but in a preview.
fn example(spec: &FormSpec, region: Region) -> Result<[Call; 1], Failure> {
    let name = spec.value_or(Field::Name, "my-app");
    let token = spec.token()?;
    let input = read(name, spec.value_of(Field::Metadata), spec.tag_rows(), token)?;
    Ok([Call::of(&input.in_region(region))])
}
