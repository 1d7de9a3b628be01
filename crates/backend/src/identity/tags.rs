//! Tags of AppInstances, users and bots.

use aws_sdk_chimesdkidentity::types;
use domain::Failure;
use domain::input::{ListTagsForResource, TagResource, UntagResource};
use domain::tag::Tags;

use super::classify::answer;
use super::convert::built;
use super::{Client, Request};

/// Tags as the SDK takes them; `None` when there are none, since AWS wants at least one in a list.
pub(super) fn list(tags: &Tags) -> Result<Option<Vec<types::Tag>>, Failure> {
    let tag = |tag: &domain::tag::Tag| {
        let tag = types::Tag::builder().key(tag.key()).value(tag.value());
        built(tag.build())
    };
    let list: Vec<_> = tags.iter().map(tag).collect::<Result<_, _>>()?;
    Ok((!list.is_empty()).then_some(list))
}

impl Request for ListTagsForResource {
    type Output = Tags;

    async fn send(&self, client: &Client) -> Result<Tags, Failure> {
        let request = client
            .sdk()
            .list_tags_for_resource()
            .resource_arn(self.resource_arn.as_str());
        let output = answer::<Self, _, _>(request.send().await)?;
        let tags = output.tags.unwrap_or_default();
        Ok(Tags::from_service(
            tags.into_iter().map(|tag| (tag.key, tag.value)),
        ))
    }
}

impl Request for TagResource {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let request = client
            .sdk()
            .tag_resource()
            .resource_arn(self.resource_arn.as_str())
            .set_tags(list(&self.tags)?);
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

impl Request for UntagResource {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let request = client
            .sdk()
            .untag_resource()
            .resource_arn(self.resource_arn.as_str())
            .set_tag_keys(Some(self.tag_keys.clone()));
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use aws_sdk_chimesdkidentity::Client as Sdk;
    use aws_sdk_chimesdkidentity::operation as op;
    use aws_smithy_mocks::mock;

    use super::*;
    use crate::identity::tests::{USER, client, operations};

    operations! {
        list_tags_for_resource: |i| i.resource_arn() == Some(USER),
            op::list_tags_for_resource::ListTagsForResourceOutput::builder()
                .tags(types::Tag::builder().key("env").value("prod").build().unwrap()).build()
            => Tags::from_service([("env".into(), "prod".into())]);
        tag_resource: |i| i.resource_arn() == Some(USER)
            && matches!(i.tags(), [tag] if tag.key() == "env" && tag.value() == "prod"),
            op::tag_resource::TagResourceOutput::builder().build() => ();
        untag_resource: |i| i.resource_arn() == Some(USER) && i.tag_keys() == ["env"],
            op::untag_resource::UntagResourceOutput::builder().build() => ();
    }
}
