//! The inputs that list what is in something, asked for in one way.

use super::{
    Input, ListAppInstanceAdmins, ListAppInstanceBots, ListAppInstanceUserEndpoints,
    ListAppInstanceUsers,
};
use crate::arn::{AppInstanceArn, AppInstanceUserArn};

/// The input of an operation that lists what is in something, such as the users of an AppInstance.
pub trait ListOf: Input {
    /// What the rows are in.
    type Parent;

    /// Asks for a page of the rows: how many at most, and where it begins.
    fn page(parent: &Self::Parent, max_results: u32, next_token: Option<String>) -> Self;
}

macro_rules! lists {
    ($($list:ident of $member:ident: $parent:ty;)*) => {
        $(impl ListOf for $list {
            type Parent = $parent;

            fn page(parent: &$parent, max_results: u32, next_token: Option<String>) -> Self {
                Self { $member: parent.clone(), max_results, next_token }
            }
        })*
    };
}

lists! {
    ListAppInstanceAdmins of app_instance_arn: AppInstanceArn;
    ListAppInstanceBots of app_instance_arn: AppInstanceArn;
    ListAppInstanceUsers of app_instance_arn: AppInstanceArn;
    ListAppInstanceUserEndpoints of app_instance_user_arn: AppInstanceUserArn;
}
