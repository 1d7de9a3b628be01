//! Whether a user that a form creates is there already, made by this form or before it.

use backend::{AuditFilter, Phase};
use domain::arn::AppInstanceUserArn;
use domain::input::{self, DescribeAppInstanceUser};
use domain::token::RequestToken;
use domain::{Cause, Failure, Operation};

use super::create::taken;
use crate::request::Request;

const OPERATION: Operation = Operation::CreateAppInstanceUser;
/// How many entries of the audit are looked through for an earlier try of a form.
const TRIES: u32 = 20;

/// Fails when a user has the ID already, unless this very form made it: one that is sent twice, or
/// again after an answer that was lost, is one request. Says whether none was there before the form.
pub(super) async fn refuse_existing(
    request: &Request,
    input: &input::CreateAppInstanceUser,
) -> Result<bool, Failure> {
    let arn = AppInstanceUserArn::new(&input.app_instance_arn, &input.app_instance_user_id);
    let described = DescribeAppInstanceUser {
        app_instance_user_arn: arn.clone(),
    };
    let found = request.call(arn.instance().region(), described).await;
    match found {
        // Who may not create is told that, and not what is there.
        Ok(_) if !request.caller()?.role.allows(OPERATION) => Ok(false),
        Ok(_) => match earlier_try(request, &arn, &input.client_request_token).await {
            Some(phase) => Ok(phase == Phase::Succeeded),
            None => Err(taken(Cause::Conflict.into())),
        },
        Err(failure) if matches!(failure.cause, Cause::Forbidden | Cause::NotFound) => Ok(true),
        Err(failure) => Err(failure),
    }
}

/// How far this operator's last try with the same token for the same user got, if it may have made it.
async fn earlier_try(
    request: &Request,
    arn: &AppInstanceUserArn,
    token: &RequestToken,
) -> Option<Phase> {
    let caller = request.caller().ok()?;
    let filter = AuditFilter {
        operation: Some(OPERATION.name().to_owned()),
        resource: Some(arn.to_string()),
        ..AuditFilter::default()
    };
    let audit = request.backend().audit().seen_by(caller);
    let entries = audit.recent(&filter, None, TRIES).await.ok()?;
    let token = token.to_string();
    let found = entries.into_iter().find(|entry| {
        entry.operator.as_ref() == Some(&caller.operator)
            && entry.input["ClientRequestToken"] == *token
            && matches!(
                entry.phase,
                Phase::Begun | Phase::Succeeded | Phase::Unknown
            )
    });
    found.map(|entry| entry.phase)
}

/// Whether the AWS credentials may see the user. If they may not, that none was seen before means
/// nothing: AWS says the same of both.
pub(super) async fn is_seen(request: &Request, arn: &AppInstanceUserArn) -> bool {
    let described = DescribeAppInstanceUser {
        app_instance_user_arn: arn.clone(),
    };
    let seen = request.call(arn.instance().region(), described).await;
    seen.is_ok()
}
