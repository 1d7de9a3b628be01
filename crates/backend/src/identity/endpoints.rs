//! Push endpoints of AppInstanceUsers: register, describe, list, update, deregister.

use aws_sdk_chimesdkidentity::types;
use domain::arn::ResourceArn;
use domain::input::{
    DeregisterAppInstanceUserEndpoint, DescribeAppInstanceUserEndpoint, Input,
    ListAppInstanceUserEndpoints, RegisterAppInstanceUserEndpoint, UpdateAppInstanceUserEndpoint,
};
use domain::settings::AllowMessages;
use domain::view::{Endpoint, EndpointState, EndpointSummary, MaskedToken, RevealedTokens};
use domain::{Failure, Given, Operation};
use serde::Serialize;

use super::classify::{answer, page};
use super::convert::{built, given, listing, number, text, timestamp, unless_empty};
use super::{Client, Listing, Made, Request};

impl Request for RegisterAppInstanceUserEndpoint {
    type Output = String;

    async fn send(&self, client: &Client) -> Result<String, Failure> {
        let tokens = &self.endpoint_attributes;
        let attributes = types::EndpointAttributes::builder()
            .device_token(tokens.device_token.as_str())
            .set_voip_device_token(tokens.voip_device_token.clone().map(String::from));
        let request = client
            .sdk()
            .register_app_instance_user_endpoint()
            .app_instance_user_arn(self.app_instance_user_arn.as_str())
            .set_name(unless_empty(self.name.as_str()))
            .r#type(self.r#type.as_str().into())
            .resource_arn(self.resource_arn.as_str())
            .endpoint_attributes(built(attributes.build())?)
            .client_request_token(self.client_request_token.as_str())
            .allow_messages(self.allow_messages.as_str().into());
        let output = answer::<Self, _, _>(request.send().await)?;
        Ok(text(output.endpoint_id))
    }

    fn made(made: &String) -> Option<Made> {
        (!made.is_empty()).then(|| Made::Endpoint(made.clone()))
    }
}

impl Request for DescribeAppInstanceUserEndpoint {
    type Output = Endpoint;

    async fn send(&self, client: &Client) -> Result<Endpoint, Failure> {
        let endpoint = describe(self, client).await?;
        let tokens = endpoint.endpoint_attributes();
        Ok(Endpoint {
            user: given("AppInstanceUserArn", endpoint.app_instance_user_arn()),
            device_token: tokens.map(|tokens| MaskedToken::of(tokens.device_token())),
            voip_device_token: tokens
                .and_then(|tokens| tokens.voip_device_token())
                .map(MaskedToken::of),
            resource_arn: given("ResourceArn", endpoint.resource_arn()),
            allow_messages: allow_messages(endpoint.allow_messages()),
            state: state(endpoint.endpoint_state()),
            created: timestamp(endpoint.created_timestamp()),
            updated: timestamp(endpoint.last_updated_timestamp()),
            kind: kind(endpoint.r#type()),
            id: text(endpoint.endpoint_id),
            name: text(endpoint.name),
        })
    }
}

async fn describe(
    input: &DescribeAppInstanceUserEndpoint,
    client: &Client,
) -> Result<types::AppInstanceUserEndpoint, Failure> {
    let request = client
        .sdk()
        .describe_app_instance_user_endpoint()
        .app_instance_user_arn(input.app_instance_user_arn.as_str())
        .endpoint_id(&input.endpoint_id);
    let output = answer::<DescribeAppInstanceUserEndpoint, _, _>(request.send().await)?;
    let endpoint = output.app_instance_user_endpoint;
    Ok(endpoint.unwrap_or_else(|| types::AppInstanceUserEndpoint::builder().build()))
}

/// The same call, for the one page that shows the tokens.
#[derive(Clone, Serialize)]
pub(crate) struct RevealTokens(pub(crate) DescribeAppInstanceUserEndpoint);

impl Input for RevealTokens {
    const OPERATION: Operation = DescribeAppInstanceUserEndpoint::OPERATION;

    fn resource(&self) -> Option<ResourceArn> {
        self.0.resource()
    }
}

impl Request for RevealTokens {
    type Output = RevealedTokens;

    async fn send(&self, client: &Client) -> Result<RevealedTokens, Failure> {
        let endpoint = describe(&self.0, client).await?;
        let (device_token, voip_device_token) = endpoint
            .endpoint_attributes
            .map(|tokens| (tokens.device_token, tokens.voip_device_token))
            .unzip();
        Ok(RevealedTokens {
            device_token,
            voip_device_token: voip_device_token.flatten(),
        })
    }
}

impl Request for ListAppInstanceUserEndpoints {
    type Output = Listing<EndpointSummary>;

    async fn send(&self, client: &Client) -> Result<Self::Output, Failure> {
        let request = client
            .sdk()
            .list_app_instance_user_endpoints()
            .app_instance_user_arn(self.app_instance_user_arn.as_str())
            .max_results(number(self.max_results))
            .set_next_token(self.next_token.clone());
        let output = page::<Self, _, _>(self.next_token.as_deref(), request.send().await)?;
        let rows = output.app_instance_user_endpoints;
        Ok(listing(rows, output.next_token, summary))
    }
}

fn summary(row: types::AppInstanceUserEndpointSummary) -> EndpointSummary {
    EndpointSummary {
        user: given("AppInstanceUserArn", row.app_instance_user_arn()),
        kind: kind(row.r#type()),
        allow_messages: allow_messages(row.allow_messages()),
        state: state(row.endpoint_state()),
        id: text(row.endpoint_id),
        name: text(row.name),
    }
}

impl Request for UpdateAppInstanceUserEndpoint {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let request = client
            .sdk()
            .update_app_instance_user_endpoint()
            .app_instance_user_arn(self.app_instance_user_arn.as_str())
            .endpoint_id(&self.endpoint_id)
            .name(self.name.as_str())
            .set_allow_messages(
                self.allow_messages
                    .as_ref()
                    .map(|allow| allow.as_str().into()),
            );
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

impl Request for DeregisterAppInstanceUserEndpoint {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let request = client
            .sdk()
            .deregister_app_instance_user_endpoint()
            .app_instance_user_arn(self.app_instance_user_arn.as_str())
            .endpoint_id(&self.endpoint_id);
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

fn kind(kind: Option<&types::AppInstanceUserEndpointType>) -> String {
    kind.map_or_else(String::new, |kind| kind.as_str().to_owned())
}

fn allow_messages(allow: Option<&types::AllowMessages>) -> Given<AllowMessages> {
    given("AllowMessages", allow.map(types::AllowMessages::as_str))
}

fn state(state: Option<&types::EndpointState>) -> EndpointState {
    let reason = state.and_then(types::EndpointState::status_reason);
    EndpointState {
        status: state.map_or_else(String::new, |state| state.status().as_str().to_owned()),
        reason: reason.map(|reason| reason.as_str().to_owned()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use aws_sdk_chimesdkidentity::Client as Sdk;
    use aws_sdk_chimesdkidentity::operation as op;
    use aws_smithy_mocks::mock;
    use domain::Timestamp;
    use domain::name::EndpointName;

    use super::*;
    use crate::identity::tests::{PINPOINT, USER, at, client, one, operations};

    fn sdk_endpoint() -> types::AppInstanceUserEndpoint {
        let attributes = types::EndpointAttributes::builder().device_token("device-token-1");
        types::AppInstanceUserEndpoint::builder()
            .app_instance_user_arn(USER)
            .endpoint_id("e-1")
            .name("Phone")
            .r#type(types::AppInstanceUserEndpointType::Gcm)
            .resource_arn(PINPOINT)
            .endpoint_attributes(attributes.build().unwrap())
            .allow_messages(types::AllowMessages::All)
            .endpoint_state(sdk_state())
            .created_timestamp(at(1))
            .build()
    }

    fn sdk_state() -> types::EndpointState {
        types::EndpointState::builder()
            .status(types::EndpointStatus::Inactive)
            .status_reason(types::EndpointStatusReason::InvalidDeviceToken)
            .build()
            .unwrap()
    }

    fn state() -> EndpointState {
        EndpointState {
            status: "INACTIVE".into(),
            reason: Some("INVALID_DEVICE_TOKEN".into()),
        }
    }

    operations! {
        register_app_instance_user_endpoint [allow_messages = AllowMessages::All]:
            |i| i.app_instance_user_arn() == Some(USER)
                && i.name() == Some("Phone") && i.r#type() == Some(&types::AppInstanceUserEndpointType::Apns)
                && i.resource_arn() == Some(PINPOINT) && i.allow_messages() == Some(&types::AllowMessages::All)
                && i.client_request_token() == Some("token-1")
                && i.endpoint_attributes().is_some_and(|a| a.device_token() == "device-token-1"
                    && a.voip_device_token() == Some("device-token-1")),
            op::register_app_instance_user_endpoint::RegisterAppInstanceUserEndpointOutput::builder().endpoint_id("e-1").build()
            => "e-1".to_owned();
        // The token of a device does not get further than here.
        describe_app_instance_user_endpoint: |i| i.endpoint_id() == Some("e-1"),
            op::describe_app_instance_user_endpoint::DescribeAppInstanceUserEndpointOutput::builder()
                .app_instance_user_endpoint(sdk_endpoint()).build()
            => Endpoint {
                user: Given::read(USER), id: "e-1".into(), name: "Phone".into(), kind: "GCM".into(),
                resource_arn: Given::read(PINPOINT),
                device_token: Some(MaskedToken { end: "en-1".into(), length: 14 }), voip_device_token: None,
                allow_messages: AllowMessages::All.into(), state: state(), created: Some(Timestamp(1)),
                updated: None,
            };
        list_app_instance_user_endpoints: |i| i.app_instance_user_arn() == Some(USER),
            op::list_app_instance_user_endpoints::ListAppInstanceUserEndpointsOutput::builder().next_token("t2")
                .app_instance_user_endpoints(types::AppInstanceUserEndpointSummary::builder()
                    .app_instance_user_arn(USER).endpoint_id("e-1").name("Phone")
                    .r#type(types::AppInstanceUserEndpointType::ApnsSandbox).endpoint_state(sdk_state()).build())
                .build()
            => one(EndpointSummary {
                user: Given::read(USER), id: "e-1".into(), name: "Phone".into(), kind: "APNS_SANDBOX".into(),
                allow_messages: Given::read(""), state: state(),
            });
        update_app_instance_user_endpoint [name = EndpointName::parse("").unwrap()]:
            |i| i.endpoint_id() == Some("e-1") && i.name() == Some("")
                && i.allow_messages() == Some(&types::AllowMessages::None),
            op::update_app_instance_user_endpoint::UpdateAppInstanceUserEndpointOutput::builder().build() => ();
        deregister_app_instance_user_endpoint: |i| i.endpoint_id() == Some("e-1") && i.app_instance_user_arn() == Some(USER),
            op::deregister_app_instance_user_endpoint::DeregisterAppInstanceUserEndpointOutput::builder().build() => ();
    }

    #[tokio::test]
    async fn revealing_gives_the_whole_token() {
        let rule = mock!(Sdk::describe_app_instance_user_endpoint).then_output(|| {
            op::describe_app_instance_user_endpoint::DescribeAppInstanceUserEndpointOutput::builder(
            )
            .app_instance_user_endpoint(sdk_endpoint())
            .build()
        });
        let input = RevealTokens(crate::identity::tests::describe_app_instance_user_endpoint());

        let tokens = input.send(&client(&[&rule])).await.unwrap();

        let expected = RevealedTokens {
            device_token: Some("device-token-1".into()),
            voip_device_token: None,
        };
        assert!(tokens == expected);
    }
}
