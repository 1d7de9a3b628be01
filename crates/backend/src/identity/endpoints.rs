//! Push endpoints of AppInstanceUsers: register, describe, list, update, deregister.

use aws_sdk_chimesdkidentity::types;
use domain::arn::ResourceArn;
use domain::input::{
    DeregisterAppInstanceUserEndpoint, DescribeAppInstanceUserEndpoint, Input,
    ListAppInstanceUserEndpoints, RegisterAppInstanceUserEndpoint, UpdateAppInstanceUserEndpoint,
};
use domain::view::{Endpoint, EndpointState, EndpointSummary, MaskedToken, RevealedTokens};
use domain::{Failure, Operation};
use serde::Serialize;

use super::classify::{answer, page};
use super::convert::{
    built, next_token, number, present, required, text, timestamp, unless_empty, unusable,
};
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
        present("EndpointId", output.endpoint_id)
    }

    fn made(made: &String) -> Option<Made> {
        Some(Made::Endpoint(made.clone()))
    }
}

impl Request for DescribeAppInstanceUserEndpoint {
    type Output = Endpoint;

    async fn send(&self, client: &Client) -> Result<Endpoint, Failure> {
        let endpoint = describe(self, client).await?;
        let tokens = present("EndpointAttributes", endpoint.endpoint_attributes())?;
        Ok(Endpoint {
            user: required("AppInstanceUserArn", endpoint.app_instance_user_arn())?,
            device_token: MaskedToken::of(tokens.device_token()),
            voip_device_token: tokens.voip_device_token().map(MaskedToken::of),
            resource_arn: endpoint.resource_arn().and_then(|arn| arn.parse().ok()),
            allow_messages: endpoint.allow_messages().and_then(allow_messages),
            state: state(endpoint.endpoint_state())?,
            created: timestamp(endpoint.created_timestamp()),
            updated: timestamp(endpoint.last_updated_timestamp()),
            kind: kind(endpoint.r#type())?,
            id: present("EndpointId", endpoint.endpoint_id)?,
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
    present("AppInstanceUserEndpoint", output.app_instance_user_endpoint)
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
        let tokens = present("EndpointAttributes", endpoint.endpoint_attributes)?;
        Ok(RevealedTokens {
            device_token: tokens.device_token,
            voip_device_token: tokens.voip_device_token,
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
            items: items.into_iter().map(summary).collect::<Result<_, _>>()?,
            next_token: next_token(output.next_token),
        })
    }
}

fn summary(row: types::AppInstanceUserEndpointSummary) -> Result<EndpointSummary, Failure> {
    Ok(EndpointSummary {
        user: required("AppInstanceUserArn", row.app_instance_user_arn())?,
        kind: kind(row.r#type())?,
        allow_messages: row.allow_messages().and_then(allow_messages),
        state: state(row.endpoint_state())?,
        id: present("EndpointId", row.endpoint_id)?,
        name: text(row.name),
    })
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
            .allow_messages(self.allow_messages.as_str().into());
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

fn kind(kind: Option<&types::AppInstanceUserEndpointType>) -> Result<String, Failure> {
    present("Type", kind).map(|kind| kind.as_str().to_owned())
}

fn allow_messages(allow: &types::AllowMessages) -> Option<domain::settings::AllowMessages> {
    let known = allow.as_str().parse().ok();
    if known.is_none() {
        unusable("AllowMessages");
    }
    known
}

fn state(state: Option<&types::EndpointState>) -> Result<EndpointState, Failure> {
    let state = present("EndpointState", state)?;
    Ok(EndpointState {
        status: state.status().as_str().to_owned(),
        reason: state
            .status_reason()
            .map(|reason| reason.as_str().to_owned()),
    })
}
