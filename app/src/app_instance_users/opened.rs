//! An AppInstanceUser as its pages open it.

use domain::Failure;
use domain::arn::AppInstanceUserArn;
use domain::input::DescribeAppInstanceUser;
use domain::view::AppInstanceUser;

use crate::request::Request;
use crate::ui::tabs::USER_TABS;
use crate::{opened, paths};

/// A user as a page shows it.
pub type Opened = opened::Opened<AppInstanceUserArn, AppInstanceUser>;

/// Where the pages of a user are.
pub fn place(request: &Request, arn: &AppInstanceUserArn) -> opened::Place {
    let path = paths::user(&request.connection().id, arn);
    opened::Place::in_list(
        request,
        arn.instance(),
        ("Users", "users"),
        path,
        &USER_TABS,
    )
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

/// The user of a page's path.
pub async fn of_path(request: &Request) -> Result<Opened, Failure> {
    open(request, &request.user().await?).await
}
