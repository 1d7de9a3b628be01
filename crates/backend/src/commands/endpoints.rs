//! Endpoints: muting and deregistering.

use domain::arn::AppInstanceUserArn;
use domain::input::{
    DeregisterAppInstanceUserEndpoint, DescribeAppInstanceUserEndpoint,
    UpdateAppInstanceUserEndpoint,
};
use domain::name::EndpointName;
use domain::settings::AllowMessages;
use domain::view::Endpoint;
use domain::{Failure, Field, FieldProblem};

use super::Acting;

/// Allows all messages or none, and leaves the name as it is. Answers what was there.
pub async fn set_allow_messages(
    acting: Acting<'_>,
    user: &AppInstanceUserArn,
    id: &str,
    allow: AllowMessages,
) -> Result<Endpoint, Failure> {
    let change = |present: &Endpoint| {
        let name = EndpointName::parse(&present.name).map_err(|problem| FieldProblem {
            field: Field::Name,
            problem,
        })?;
        Ok(UpdateAppInstanceUserEndpoint {
            app_instance_user_arn: user.clone(),
            endpoint_id: id.to_owned(),
            name,
            allow_messages: Some(allow.into()),
        })
    };
    acting.update(read(user, id), None, change).await
}

/// Deregisters an endpoint. Answers what it was.
pub async fn deregister(
    acting: Acting<'_>,
    user: &AppInstanceUserArn,
    id: &str,
) -> Result<Endpoint, Failure> {
    let endpoint = acting.call(read(user, id)).await?;
    let input = DeregisterAppInstanceUserEndpoint {
        app_instance_user_arn: user.clone(),
        endpoint_id: id.to_owned(),
    };
    acting.replace(input, &endpoint).await?;
    Ok(endpoint)
}

fn read(user: &AppInstanceUserArn, id: &str) -> DescribeAppInstanceUserEndpoint {
    DescribeAppInstanceUserEndpoint {
        app_instance_user_arn: user.clone(),
        endpoint_id: id.to_owned(),
    }
}
