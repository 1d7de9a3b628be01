//! AppInstances: create, describe, list, update, delete.

use aws_sdk_chimesdkidentity::types;
use domain::arn::AppInstanceArn;
use domain::input::{
    CreateAppInstance, DeleteAppInstance, DescribeAppInstance, InRegion, ListAppInstances,
    UpdateAppInstance,
};
use domain::view::{AppInstance, AppInstanceSummary};
use domain::{Failure, Given};

use super::classify::{answer, page};
use super::convert::{given, listing, number, text, timestamp, unless_empty};
use super::{Client, Listing, Made, Request, tags};

impl Request for InRegion<CreateAppInstance> {
    type Output = Given<AppInstanceArn>;

    async fn send(&self, client: &Client) -> Result<Self::Output, Failure> {
        let request = client
            .sdk()
            .create_app_instance()
            .name(self.input.name.as_str())
            .set_metadata(unless_empty(self.input.metadata.as_str()))
            .set_tags(tags::list(&self.input.tags)?)
            .client_request_token(self.input.client_request_token.as_str());
        let output = answer::<Self, _, _>(request.send().await)?;
        Ok(given("AppInstanceArn", output.app_instance_arn()))
    }

    fn made(made: &Self::Output) -> Option<Made> {
        Made::resource(made)
    }
}

impl Request for DescribeAppInstance {
    type Output = AppInstance;

    async fn send(&self, client: &Client) -> Result<AppInstance, Failure> {
        let request = client
            .sdk()
            .describe_app_instance()
            .app_instance_arn(self.app_instance_arn.as_str());
        let output = answer::<Self, _, _>(request.send().await)?;
        let instance = output.app_instance;
        let instance = instance.unwrap_or_else(|| types::AppInstance::builder().build());
        Ok(AppInstance {
            arn: given("AppInstanceArn", instance.app_instance_arn()),
            created: timestamp(instance.created_timestamp()),
            updated: timestamp(instance.last_updated_timestamp()),
            name: text(instance.name),
            metadata: text(instance.metadata),
        })
    }
}

impl Request for InRegion<ListAppInstances> {
    type Output = Listing<AppInstanceSummary>;

    async fn send(&self, client: &Client) -> Result<Self::Output, Failure> {
        let request = client
            .sdk()
            .list_app_instances()
            .max_results(number(self.input.max_results))
            .set_next_token(self.input.next_token.clone());
        let output = page::<Self, _, _>(self.input.next_token.as_deref(), request.send().await)?;
        let rows = output.app_instances;
        Ok(listing(rows, output.next_token, summary))
    }

    /// A row whose ARN cannot be read is only for callers whose grant covers the whole Region.
    fn cut(
        mut listing: Self::Output,
        covers: &dyn Fn(Option<&AppInstanceArn>) -> bool,
    ) -> Self::Output {
        listing.items.retain(|row| covers(row.arn.known()));
        listing
    }
}

fn summary(row: types::AppInstanceSummary) -> AppInstanceSummary {
    AppInstanceSummary {
        arn: given("AppInstanceArn", row.app_instance_arn()),
        name: text(row.name),
        metadata: text(row.metadata),
    }
}

impl Request for UpdateAppInstance {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let request = client
            .sdk()
            .update_app_instance()
            .app_instance_arn(self.app_instance_arn.as_str())
            .name(self.name.as_str())
            .metadata(self.metadata.as_str());
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

impl Request for DeleteAppInstance {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let request = client
            .sdk()
            .delete_app_instance()
            .app_instance_arn(self.app_instance_arn.as_str());
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use aws_sdk_chimesdkidentity::Client as Sdk;
    use aws_sdk_chimesdkidentity::operation as op;
    use aws_smithy_mocks::mock;
    use domain::Timestamp;

    use super::*;
    use crate::identity::tests::{INSTANCE, at, client, metadata, one, operations};

    operations! {
        create_app_instance [input.metadata = metadata("")]:
            |i| i.name() == Some("Support") && i.metadata().is_none()
                && i.client_request_token() == Some("token-1")
                && matches!(i.tags(), [tag] if tag.key() == "env" && tag.value() == "prod"),
            op::create_app_instance::CreateAppInstanceOutput::builder().app_instance_arn(INSTANCE).build()
            => Given::read(INSTANCE);
        describe_app_instance: |i| i.app_instance_arn() == Some(INSTANCE),
            op::describe_app_instance::DescribeAppInstanceOutput::builder().app_instance(
                types::AppInstance::builder().app_instance_arn(INSTANCE).name("S")
                    .created_timestamp(at(1_700_000_000_123)).build(),
            ).build()
            => AppInstance {
                arn: Given::read(INSTANCE), name: "S".into(), metadata: String::new(),
                created: Some(Timestamp(1_700_000_000_123)), updated: None,
            };
        list_app_instances: |i| i.max_results() == Some(25) && i.next_token().is_none(),
            op::list_app_instances::ListAppInstancesOutput::builder().next_token("t2").app_instances(
                types::AppInstanceSummary::builder().app_instance_arn(INSTANCE).name("S").metadata("m").build(),
            ).build()
            => one(AppInstanceSummary {
                arn: Given::read(INSTANCE), name: "S".into(), metadata: "m".into(),
            });
        // Empty metadata is sent, since an update replaces and leaving it out is an error.
        update_app_instance [metadata = metadata("")]:
            |i| i.app_instance_arn() == Some(INSTANCE) && i.name() == Some("Support") && i.metadata() == Some(""),
            op::update_app_instance::UpdateAppInstanceOutput::builder().build() => ();
        delete_app_instance: |i| i.app_instance_arn() == Some(INSTANCE),
            op::delete_app_instance::DeleteAppInstanceOutput::builder().build() => ();
    }
}
