//! From the operation to the function that does it.

use crate::call::{Answer, Call};
use crate::error::ApiError;
use crate::operation::Operation;
use crate::{admins, app_instances, bots, endpoints, tags, users};

pub(crate) async fn dispatch(call: Call) -> Result<Answer, ApiError> {
    match call.operation {
        Operation::CreateAppInstance => app_instances::create::run(call).await,
        Operation::CreateAppInstanceAdmin => admins::create::run(call).await,
        Operation::CreateAppInstanceBot => bots::create::run(call).await,
        Operation::CreateAppInstanceUser => users::create::run(call).await,
        Operation::DeleteAppInstance => app_instances::delete::run(call).await,
        Operation::DeleteAppInstanceAdmin => admins::delete::run(call).await,
        Operation::DeleteAppInstanceBot => bots::delete::run(call).await,
        Operation::DeleteAppInstanceUser => users::delete::run(call).await,
        Operation::DeregisterAppInstanceUserEndpoint => endpoints::deregister::run(call).await,
        Operation::DescribeAppInstance => app_instances::describe::run(call).await,
        Operation::DescribeAppInstanceAdmin => admins::describe::run(call).await,
        Operation::DescribeAppInstanceBot => bots::describe::run(call).await,
        Operation::DescribeAppInstanceUser => users::describe::run(call).await,
        Operation::DescribeAppInstanceUserEndpoint => endpoints::describe::run(call).await,
        Operation::GetAppInstanceRetentionSettings => app_instances::retention::get(call).await,
        Operation::ListAppInstanceAdmins => admins::list::run(call).await,
        Operation::ListAppInstanceBots => bots::list::run(call).await,
        Operation::ListAppInstanceUserEndpoints => endpoints::list::run(call).await,
        Operation::ListAppInstanceUsers => users::list::run(call).await,
        Operation::ListAppInstances => app_instances::list::run(call).await,
        Operation::ListTagsForResource => tags::list(call).await,
        Operation::PutAppInstanceRetentionSettings => app_instances::retention::put(call).await,
        Operation::PutAppInstanceUserExpirationSettings => users::expiration::put(call).await,
        Operation::RegisterAppInstanceUserEndpoint => endpoints::register::run(call).await,
        Operation::TagResource => tags::tag(call).await,
        Operation::UntagResource => tags::untag(call).await,
        Operation::UpdateAppInstance => app_instances::update::run(call).await,
        Operation::UpdateAppInstanceBot => bots::update::run(call).await,
        Operation::UpdateAppInstanceUser => users::update::run(call).await,
        Operation::UpdateAppInstanceUserEndpoint => endpoints::update::run(call).await,
    }
}
