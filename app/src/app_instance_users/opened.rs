//! An AppInstanceUser as its pages open it.

use domain::Failure;
use domain::arn::{AppInstanceArn, AppInstanceUserArn};
use domain::input::DescribeAppInstanceUser;
use domain::view::AppInstanceUser;

use crate::request::Request;
use crate::ui::tabs::USER_TABS;
use crate::{opened, paths};

/// A user as a page shows it.
pub type Opened = opened::Opened<AppInstanceUserArn, AppInstanceUser>;

/// The list of the users of an AppInstance.
pub(super) fn list_path(request: &Request, instance: &AppInstanceArn) -> String {
    let connection = &request.connection().id;
    format!("{}/users", paths::instance(connection, instance))
}

/// Where the pages of a user are.
pub(super) fn place(request: &Request, arn: &AppInstanceUserArn) -> opened::Place {
    let instance = arn.instance();
    opened::Place {
        instance: instance.clone(),
        list: ("Users", list_path(request, instance)),
        path: paths::user(&request.connection().id, arn),
        tabs: &USER_TABS,
    }
}

/// What a user is called: its id when it has no name.
fn title(arn: &AppInstanceUserArn, user: &AppInstanceUser) -> String {
    if user.name.trim().is_empty() {
        arn.user_id().to_string()
    } else {
        user.name.clone()
    }
}

/// Reads a user for one of its pages.
pub async fn open(request: &Request, arn: &AppInstanceUserArn) -> Result<Opened, Failure> {
    let describe = DescribeAppInstanceUser {
        app_instance_user_arn: arn.clone(),
    };
    let (place, described) = (place(request, arn), request.call(describe));
    Opened::read(request, arn, place, described, |user| title(arn, user)).await
}
