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
use super::convert::{built, given, next_token, number, text, timestamp, unless_empty};
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
        let items = output.app_instance_user_endpoints.unwrap_or_default();
        Ok(Listing {
            items: items.into_iter().map(summary).collect(),
            next_token: next_token(output.next_token),
        })
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
