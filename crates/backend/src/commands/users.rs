//! Users: creating, deleting, and when they expire.

use domain::arn::{AppInstanceUserArn, MemberArn};
use domain::consequence::{self, ExpirationEffect};
use domain::input::{
    CreateAppInstanceUser, DeleteAppInstanceUser, DescribeAppInstanceUser, ExpirationSettings,
    ListAppInstanceUserEndpoints, ListTagsForResource, PutAppInstanceUserExpirationSettings,
};
use domain::plan::{Described, Present};
use domain::settings::Days;
use domain::token::RequestToken;
use domain::view::AppInstanceUser;
use domain::{Cause, Failure, Field, Operation, Problem};

use super::{Acting, admins};
use crate::audit::{AuditFilter, Phase};

/// More endpoints than a user can have (AWS General Reference).
const ENDPOINTS: u32 = 50;

/// How many entries of the audit are looked through for an earlier try of a create.
const TRIES: u32 = 20;

/// A user that was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The user.
    pub arn: AppInstanceUserArn,
    /// Whether nothing was there before, as far as AWS lets us see it. AWS answers a create of an
    /// equal user as if it had made one.
    pub is_new: bool,
}

/// Creates a user. The same token never creates a second one, and an ID that somebody has is
/// refused.
pub async fn create(acting: Acting<'_>, input: CreateAppInstanceUser) -> Result<Created, Failure> {
    let wanted = AppInstanceUserArn::new(&input.app_instance_arn, &input.app_instance_user_id);
    let was_free = refuse_taken(acting, &wanted, &input.client_request_token).await?;
    let made = acting.call(input).await.map_err(taken)?;
    let arn = made.known().cloned().unwrap_or(wanted);
    // If the AWS credentials may not see users, it means nothing that none was seen before: AWS
    // answers the same for a user that is missing and one that may not be seen.
    let is_new = was_free && describe(acting, &arn).await.is_ok();
    Ok(Created { arn, is_new })
}

/// Fails when a user has the ID already, unless this very token made it: a form that is sent twice,
/// or again after a lost answer, is one request. Says whether none was there before.
async fn refuse_taken(
    acting: Acting<'_>,
    arn: &AppInstanceUserArn,
    token: &RequestToken,
) -> Result<bool, Failure> {
    let may_create = acting.caller.role.allows(Operation::CreateAppInstanceUser);
    match describe(acting, arn).await {
        // Somebody who may not create users is told that, and not which exist.
        Ok(_) if !may_create => Ok(false),
        Ok(_) => match earlier_try(acting, arn, token).await {
            Some(phase) => Ok(phase == Phase::Succeeded),
            None => Err(taken(Cause::Conflict.into())),
        },
        Err(failure) if matches!(failure.cause, Cause::Forbidden | Cause::NotFound) => Ok(true),
        Err(failure) => Err(failure),
    }
}

/// How far this operator's last try with the same token for the same user got, if it may have made
/// it.
async fn earlier_try(
    acting: Acting<'_>,
    arn: &AppInstanceUserArn,
    token: &RequestToken,
) -> Option<Phase> {
    let filter = AuditFilter {
        operation: Some(Operation::CreateAppInstanceUser.name().to_owned()),
        resource: Some(arn.to_string()),
        ..AuditFilter::default()
    };
    let audit = acting.calls.audit().seen_by(acting.caller);
    let entries = audit.recent(&filter, None, TRIES).await.ok()?;
    let found = entries.into_iter().find(|entry| {
        entry.operator.as_ref() == Some(&acting.caller.operator)
            && entry.input["ClientRequestToken"] == *token.as_str()
            && matches!(
                entry.phase,
                Phase::Begun | Phase::Succeeded | Phase::Unknown
            )
    });
    found.map(|entry| entry.phase)
}

/// Of a new user only the ID can be in conflict.
fn taken(failure: Failure) -> Failure {
    failure.conflict_of(Field::UserId, Problem::Taken)
}

/// Deletes a user, once its ID was typed. An admin is demoted first. Answers what it was.
pub async fn delete(
    acting: Acting<'_>,
    arn: &AppInstanceUserArn,
    typed: &str,
) -> Result<AppInstanceUser, Failure> {
    confirm(typed, arn)?;
    let member = MemberArn::User(arn.clone());
    let (user, role, tags, endpoints) = tokio::join!(
        describe(acting, arn),
        admins::role_of(acting, &member),
        acting.call(ListTagsForResource {
            resource_arn: arn.clone().into(),
        }),
        acting.call(ListAppInstanceUserEndpoints {
            app_instance_user_arn: arn.clone(),
            max_results: ENDPOINTS,
            next_token: None,
        }),
    );
    let user = user?;
    // All that is known of it, so that it can be brought back. What could not be read is not told.
    let present = Present {
        is_missing: false,
        is_admin: role.as_ref().ok().map(Option::is_some),
        resource: Some(Described::User(user.clone())),
        tags: tags.ok(),
        endpoints: endpoints.ok().map(|listing| listing.items),
    };
    admins::demote_before_delete(acting, &member, role).await?;
    let input = DeleteAppInstanceUser {
        app_instance_user_arn: arn.clone(),
    };
    acting.replace(input, &present).await?;
    Ok(user)
}

/// Makes a user expire some days after its creation, or never. A date in the past deletes the user,
/// so its ID must have been typed for one. Answers what it does.
pub async fn put_expiration(
    acting: Acting<'_>,
    arn: &AppInstanceUserArn,
    days: Option<Days>,
    typed: &str,
) -> Result<ExpirationEffect, Failure> {
    let user = describe(acting, arn).await?;
    let now = acting.calls.access().now();
    let effect = consequence::expiration(user.created.unwrap_or(now), days, now);
    if matches!(effect, ExpirationEffect::Past(_)) {
        confirm(typed, arn)?;
    }
    let input = PutAppInstanceUserExpirationSettings {
        app_instance_user_arn: arn.clone(),
        expiration_settings: days.map(ExpirationSettings::after),
    };
    acting.replace(input, &user).await?;
    Ok(effect)
}

async fn describe(
    acting: Acting<'_>,
    arn: &AppInstanceUserArn,
) -> Result<AppInstanceUser, Failure> {
    let read = DescribeAppInstanceUser {
        app_instance_user_arn: arn.clone(),
    };
    acting.call(read).await
}

fn confirm(typed: &str, arn: &AppInstanceUserArn) -> Result<(), Failure> {
    let word = arn.user_id().as_str();
    Ok(consequence::confirm(Field::ConfirmUserId, typed, word)?)
}
