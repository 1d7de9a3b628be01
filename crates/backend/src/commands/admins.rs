//! Admins: promoting and demoting.

use domain::arn::MemberArn;
use domain::input::{CreateAppInstanceAdmin, DeleteAppInstanceAdmin, DescribeAppInstanceAdmin};
use domain::view::AppInstanceAdmin;
use domain::{Cause, Failure};

use super::Acting;

/// Makes a user or a bot an admin.
pub async fn promote(acting: Acting<'_>, member: &MemberArn) -> Result<AppInstanceAdmin, Failure> {
    let input = CreateAppInstanceAdmin {
        app_instance_arn: member.instance().clone(),
        app_instance_admin_arn: member.clone(),
    };
    acting.call(input).await
}

/// Takes the role of an admin. The user or bot stays.
pub async fn demote(acting: Acting<'_>, member: &MemberArn) -> Result<(), Failure> {
    let input = DeleteAppInstanceAdmin {
        app_instance_arn: member.instance().clone(),
        app_instance_admin_arn: member.clone(),
    };
    acting.call(input).await
}

/// Whether a user or bot is an admin.
pub async fn role_of(
    acting: Acting<'_>,
    member: &MemberArn,
) -> Result<Option<AppInstanceAdmin>, Failure> {
    let read = DescribeAppInstanceAdmin {
        app_instance_arn: member.instance().clone(),
        app_instance_admin_arn: member.clone(),
    };
    AppInstanceAdmin::if_any(acting.call(read).await)
}

/// Takes the role of a member that is about to be deleted, if it has it: AWS may refuse to delete
/// an admin (`ConflictException` is in the model, without a word on when). A role that could not be
/// read or taken does not matter, since AWS has the last word on the delete. If AWS does not
/// answer, the delete is not tried: nobody should wait twice, and a demotion with an unknown
/// outcome may still take effect after the member was deleted and made again.
pub(super) async fn demote_before_delete(
    acting: Acting<'_>,
    member: &MemberArn,
    role: Result<Option<AppInstanceAdmin>, Failure>,
) -> Result<(), Failure> {
    match role {
        Ok(Some(_)) => match demote(acting, member).await {
            Err(failure) if failure.cause == Cause::OutcomeUnknown => Err(failure),
            // Its outcome is in the audit.
            _ => Ok(()),
        },
        Err(failure) if failure.cause.can_retry() => Err(failure),
        Ok(None) | Err(_) => Ok(()),
    }
}
