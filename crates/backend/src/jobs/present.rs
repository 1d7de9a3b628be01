//! Reading what is there, as far as a change needs it.

use domain::arn::{MemberArn, ResourceArn};
use domain::input::{
    DescribeAppInstance, DescribeAppInstanceAdmin, DescribeAppInstanceBot, DescribeAppInstanceUser,
    DescribeAppInstanceUserEndpoint, ListAppInstanceUserEndpoints, ListTagsForResource,
};
use domain::plan::{Described, Present, Reads, Subject};
use domain::view::AppInstanceAdmin;
use domain::{Cause, Failure};

use crate::commands::Acting;

/// The most endpoints of a user that are read: there cannot be more (AWS General Reference).
const ENDPOINTS: u32 = 50;

/// Reads what a change needs. What is missing is not an error.
pub(super) async fn read(
    acting: Acting<'_>,
    subject: &Subject,
    reads: Reads,
) -> Result<Present, Failure> {
    let mut present = Present::default();
    if reads.resource {
        match there(resource(acting, subject).await)? {
            Some(resource) => present.resource = Some(resource),
            None => return Ok(Present::missing()),
        }
    }
    if reads.tags {
        let read = ListTagsForResource {
            resource_arn: subject.arn.clone(),
        };
        match there(acting.call(read).await)? {
            Some(tags) => present.tags = Some(tags),
            None => return Ok(Present::missing()),
        }
    }
    if let (true, Some(member)) = (reads.admin, member(&subject.arn)) {
        let read = DescribeAppInstanceAdmin {
            app_instance_arn: member.instance().clone(),
            app_instance_admin_arn: member,
        };
        let admin = AppInstanceAdmin::if_any(acting.call(read).await)?;
        present.is_admin = Some(admin.is_some());
    }
    if let (true, ResourceArn::User(user)) = (reads.endpoints, &subject.arn) {
        let read = ListAppInstanceUserEndpoints {
            app_instance_user_arn: user.clone(),
            max_results: ENDPOINTS,
            next_token: None,
        };
        present.endpoints = there(acting.call(read).await)?.map(|listing| listing.items);
    }
    Ok(present)
}

async fn resource(acting: Acting<'_>, subject: &Subject) -> Result<Described, Failure> {
    match (&subject.arn, &subject.endpoint) {
        (ResourceArn::User(user), Some(endpoint)) => {
            let read = DescribeAppInstanceUserEndpoint {
                app_instance_user_arn: user.clone(),
                endpoint_id: endpoint.clone(),
            };
            acting.call(read).await.map(Described::Endpoint)
        }
        (ResourceArn::User(user), None) => {
            let read = DescribeAppInstanceUser {
                app_instance_user_arn: user.clone(),
            };
            acting.call(read).await.map(Described::User)
        }
        (ResourceArn::Bot(bot), _) => {
            let read = DescribeAppInstanceBot {
                app_instance_bot_arn: bot.clone(),
            };
            acting.call(read).await.map(Described::Bot)
        }
        (ResourceArn::Instance(instance), _) => {
            let read = DescribeAppInstance {
                app_instance_arn: instance.clone(),
            };
            acting.call(read).await.map(Described::Instance)
        }
    }
}

fn member(arn: &ResourceArn) -> Option<MemberArn> {
    match arn {
        ResourceArn::User(user) => Some(MemberArn::User(user.clone())),
        ResourceArn::Bot(bot) => Some(MemberArn::Bot(bot.clone())),
        ResourceArn::Instance(_) => None,
    }
}

/// What is there; AWS answers for something missing as if it were forbidden.
fn there<T>(read: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(failure) if matches!(failure.cause, Cause::Forbidden | Cause::NotFound) => Ok(None),
        Err(failure) => Err(failure),
    }
}
