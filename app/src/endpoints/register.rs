//! Registering an endpoint: the form, the checks that need no call, the call.

#![expect(
    clippy::too_many_arguments,
    reason = "a server function has one for each field of its form"
)]

use domain::arn::{AppInstanceUserArn, PinpointAppArn};
use domain::input::{self, EndpointAttributes};
use domain::name::{DeviceToken, EndpointName};
use domain::problem::Check;
use domain::settings::{AllowMessages, EndpointType};
use domain::snippet::Call;
use domain::token::RequestToken;
use domain::{Failure, Field, Problem, Target};
use leptos::prelude::*;

use super::{below_list, endpoint_path, list_path};
use crate::app_instance_users;
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::paths;
use crate::request::{Done, Request, new_token};
use crate::ui::bidi::isolated;
use crate::ui::form::with_code;
use crate::ui::page::page;

/// Stands for a token in "As code".
const EXAMPLE_TOKEN: &str = "DEVICE_TOKEN";

/// What the form sends.
struct Typed<'a> {
    kind: &'a str,
    resource_arn: &'a str,
    device_token: &'a str,
    voip_device_token: &'a str,
    name: &'a str,
    allow_messages: &'a str,
}

/// Registers an endpoint. The same request token never registers a second one.
#[server(prefix = "/api", endpoint = "endpoints/register")]
pub async fn register_app_instance_user_endpoint(
    target: Target<AppInstanceUserArn>,
    token: RequestToken,
    #[server(default)] kind: String,
    resource_arn: String,
    device_token: String,
    #[server(default)] voip_device_token: String,
    #[server(default)] name: String,
    #[server(default)] allow_messages: String,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let user = target.arn;
    let typed = Typed {
        kind: &kind,
        resource_arn: &resource_arn,
        device_token: &device_token,
        voip_device_token: &voip_device_token,
        name: &name,
        allow_messages: &allow_messages,
    };
    let input = read(&user, &typed, token)?;
    let id = request.call(input).await.map_err(registered)?;
    let location = match id.as_str() {
        "" => list_path(&request, &user),
        id => endpoint_path(&request, &user, id),
    };
    let another = paths::register_endpoint(&request.connection().id, &user);
    let another = ("Register another", another);
    let name = super::title(&name);
    request
        .made(location, "Endpoint registered", isolated(&name), another)
        .await
}

/// Of a new endpoint only the token can be in conflict.
fn registered(failure: Failure) -> Failure {
    failure.conflict_of(Field::DeviceToken, Problem::TokenRegistered)
}

fn read(
    user: &AppInstanceUserArn,
    typed: &Typed,
    token: RequestToken,
) -> Result<input::RegisterAppInstanceUserEndpoint, Failure> {
    let mut check = Check::default();
    let kind = check.field(Field::Kind, typed.kind.parse::<EndpointType>());
    let resource = PinpointAppArn::parse(typed.resource_arn, user);
    let resource = check.field(Field::ResourceArn, resource);
    let device_token = DeviceToken::parse(typed.device_token.trim());
    let device_token = check.field(Field::DeviceToken, device_token);
    let voip = match typed.voip_device_token.trim() {
        "" => Ok(None),
        _ if kind == Some(EndpointType::Gcm) => Err(Problem::VoipNeedsApns),
        voip => DeviceToken::parse(voip).map(Some),
    };
    let voip = check.field(Field::VoipDeviceToken, voip);
    let name = check.field(Field::Name, EndpointName::parse(typed.name));
    let allow = check.field(Field::AllowMessages, typed.allow_messages.parse());
    let (kind, resource_arn, device_token, voip_device_token, name, allow_messages) =
        check.all((kind, resource, device_token, voip, name, allow))?;
    Ok(input::RegisterAppInstanceUserEndpoint {
        app_instance_user_arn: user.clone(),
        name,
        r#type: kind,
        resource_arn,
        endpoint_attributes: EndpointAttributes {
            device_token,
            voip_device_token,
        },
        client_request_token: token,
        allow_messages,
    })
}

/// The page with the form that registers an endpoint for a user.
#[component]
pub fn RegisterPage() -> impl IntoView {
    page(|request| async move {
        let user = app_instance_users::of_path(&request).await?;
        let spec = form(&request, &user.arn);
        let (body, code) = with_code(&request, spec, |spec| example(&user.arn, spec)).await;
        let heading = format!("Register endpoint of user {}", isolated(user.title()));
        Ok(below_list(&request, &user, "Register endpoint", body)
            .headed(heading)
            .code(code))
    })
}

fn form(request: &Request, arn: &AppInstanceUserArn) -> FormSpec {
    let types = Control::cards(
        EndpointType::ALL,
        EndpointType::as_str,
        EndpointType::meaning,
    );
    let allow = Control::cards(
        AllowMessages::ALL,
        AllowMessages::as_str,
        AllowMessages::meaning,
    );
    request
        .form("endpoints/register", "Register endpoint", "Registering…")
        .cancel(list_path(request, arn))
        .on(&request.connection().id, arn)
        .hidden("token", new_token())
        .field(FieldSpec::new(Field::Kind, types, Rule::Chosen))
        .field(
            FieldSpec::new(
                Field::ResourceArn,
                Control::text(),
                Rule::PinpointApp(arn.clone()),
            )
            .help("The ARN of the Pinpoint application that sends the pushes."),
        )
        .field(
            FieldSpec::new(Field::DeviceToken, Control::text(), Rule::DeviceToken)
                .help("As the push service gave it to your app. Shown masked afterwards."),
        )
        .field(
            FieldSpec::new(Field::VoipDeviceToken, Control::text(), Rule::DeviceToken)
                .optional()
                .help("For incoming calls on Apple devices; APNS and APNS_SANDBOX only."),
        )
        .field(
            FieldSpec::new(Field::Name, Control::short(), Rule::EndpointName)
                .optional()
                .help("What people call the device."),
        )
        .field(
            FieldSpec::new(Field::AllowMessages, allow, Rule::None)
                .value(AllowMessages::All.as_str()),
        )
}

/// The call that the form as it stands would make. Tokens are never written out.
fn example(user: &AppInstanceUserArn, spec: &FormSpec) -> Result<[Call; 1], Failure> {
    let instance = user.instance();
    let resource = format!(
        "arn:aws:mobiletargeting:{}:{}:apps/your-pinpoint-application-id",
        instance.region(),
        instance.account()
    );
    // A preview checks those that were typed, and writes none out either.
    let (device_token, voip_device_token) = if spec.is_previewed() {
        let voip = spec.value_of(Field::VoipDeviceToken);
        (spec.value_of(Field::DeviceToken), voip)
    } else {
        (EXAMPLE_TOKEN, "")
    };
    let typed = Typed {
        kind: spec.value_or(Field::Kind, EndpointType::Apns.as_str()),
        resource_arn: spec.value_or(Field::ResourceArn, &resource),
        device_token,
        voip_device_token,
        name: spec.value_of(Field::Name),
        allow_messages: spec.value_or(Field::AllowMessages, AllowMessages::All.as_str()),
    };
    let input = read(user, &typed, spec.token()?)?;
    Ok([Call::of(&input)])
}

#[cfg(test)]
mod tests {
    use domain::Cause;

    use super::*;

    const ARN: &str = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0a";

    fn user() -> AppInstanceUserArn {
        "arn:aws:chime:us-east-1:123456789012:app-instance/1/user/u-1"
            .parse()
            .unwrap()
    }

    fn typed() -> Typed<'static> {
        Typed {
            kind: "APNS",
            resource_arn: ARN,
            device_token: " token ",
            voip_device_token: "",
            name: "",
            allow_messages: "ALL",
        }
    }

    fn problems(typed: &Typed) -> Vec<(Field, Problem)> {
        let refused = read(&user(), typed, new_token()).unwrap_err();
        let problems = refused.field_problems().iter();
        problems.map(|p| (p.field, p.problem.clone())).collect()
    }

    #[test]
    fn a_token_loses_the_spaces_that_came_with_pasting() {
        let input = read(&user(), &typed(), new_token()).unwrap();
        assert_eq!(input.endpoint_attributes.device_token.as_str(), "token");
        assert_eq!(input.endpoint_attributes.voip_device_token, None);
    }

    #[test]
    fn a_voip_token_is_refused_for_google() {
        let voip = |kind| Typed {
            kind,
            voip_device_token: "voip",
            ..typed()
        };
        assert!(read(&user(), &voip("APNS_SANDBOX"), new_token()).is_ok());
        let wanted = [(Field::VoipDeviceToken, Problem::VoipNeedsApns)];
        assert_eq!(problems(&voip("GCM")), wanted);
    }

    #[test]
    fn a_pinpoint_application_is_of_the_same_account_and_region() {
        let resource = |resource_arn| {
            let typed = Typed {
                resource_arn,
                ..typed()
            };
            problems(&typed).remove(0).1
        };
        assert!(matches!(
            resource("arn:aws:mobiletargeting:us-east-1:999999999999:apps/0a"),
            Problem::OtherAccount { .. }
        ));
        assert!(matches!(
            resource("arn:aws:mobiletargeting:eu-central-1:123456789012:apps/0a"),
            Problem::OtherRegion { .. }
        ));
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let nothing = Typed {
            kind: "",
            resource_arn: "",
            device_token: "",
            voip_device_token: "",
            name: "",
            allow_messages: "SOME",
        };
        let fields: Vec<_> = problems(&nothing).into_iter().map(|(f, _)| f).collect();
        let wanted = [
            Field::Kind,
            Field::ResourceArn,
            Field::DeviceToken,
            Field::AllowMessages,
        ];
        assert_eq!(fields, wanted);
    }

    #[test]
    fn a_conflict_is_a_token_that_is_registered() {
        let failure = registered(Cause::Conflict.into());
        let problem = &failure.field_problems()[0];
        assert_eq!(problem.field, Field::DeviceToken);
        assert_eq!(problem.problem, Problem::TokenRegistered);
        let limit = registered(Cause::LimitReached.into());
        assert_eq!(limit.cause, Cause::LimitReached);
    }

    #[test]
    fn a_snippet_holds_no_token() {
        let spec = FormSpec::new("x", "/x".into(), "Go", "Going…")
            .hidden("token", new_token())
            .field(
                FieldSpec::new(Field::DeviceToken, Control::text(), Rule::DeviceToken)
                    .value("secret-token"),
            );
        let [call] = example(&user(), &spec).unwrap();
        let text = call.write(domain::snippet::Language::Cli);
        assert!(text.contains(EXAMPLE_TOKEN) && !text.contains("secret-token"));
    }
}
