//! ARNs of the resources of this service (Service Authorization Reference, "Amazon Chime", resource types).
//!
//! Deliberately not shared with the dashboard: a shared parser would hide a shared bug.

use crate::error::ApiError;
use crate::scope::Scope;

/// The resource an ARN names, of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    AppInstance(String),
    User(UserName),
    Bot(BotName),
    /// A channel, a flow or something else that this API does not serve.
    Other,
}

/// A user inside an app instance. User ids hold `:`, `.`, `@`, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserName {
    pub(crate) app_instance_id: String,
    pub(crate) user_id: String,
}

/// A bot inside an app instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BotName {
    pub(crate) app_instance_id: String,
    pub(crate) bot_id: String,
}

/// Reads an ARN of the `chime` service that belongs to the caller's account and Region.
///
/// A malformed ARN or one of another service is a bad request; a good one of another account, Region or partition is
/// forbidden, as AWS does not tell whether it exists.
pub(crate) fn parse(member: &str, arn: &str, scope: &Scope) -> Result<Resource, ApiError> {
    let [partition, service, region, account, resource] = split(member, arn)?;
    if service != "chime" {
        return Err(ApiError::bad_request(format!(
            "{member} is not an ARN of this service"
        )));
    }
    let resource = resource_of(resource);
    if resource != Resource::Other
        && (partition, region, account) != ("aws", &scope.region, &scope.account_id)
    {
        return Err(ApiError::forbidden(format!(
            "{member} belongs to another account or Region"
        )));
    }
    Ok(resource)
}

/// Reads the ARN of an app instance and returns its id.
pub(crate) fn app_instance(member: &str, arn: &str, scope: &Scope) -> Result<String, ApiError> {
    match parse(member, arn, scope)? {
        Resource::AppInstance(id) => Ok(id),
        _ => Err(wrong_kind(member, "an AppInstance")),
    }
}

/// Reads the ARN of an app instance user.
pub(crate) fn user(member: &str, arn: &str, scope: &Scope) -> Result<UserName, ApiError> {
    match parse(member, arn, scope)? {
        Resource::User(user) => Ok(user),
        _ => Err(wrong_kind(member, "an AppInstanceUser")),
    }
}

/// Reads the ARN of an app instance bot.
pub(crate) fn bot(member: &str, arn: &str, scope: &Scope) -> Result<BotName, ApiError> {
    match parse(member, arn, scope)? {
        Resource::Bot(bot) => Ok(bot),
        _ => Err(wrong_kind(member, "an AppInstanceBot")),
    }
}

/// Checks the ARN of a Pinpoint application (`arn:aws:mobiletargeting:{region}:{account}:apps/{id}`).
///
/// AWS wants it in the caller's account and Region and answers `ForbiddenException` otherwise (developer guide,
/// "Using push notifications").
pub(crate) fn check_pinpoint(member: &str, arn: &str, scope: &Scope) -> Result<(), ApiError> {
    let [partition, service, region, account, resource] = split(member, arn)?;
    let application = resource.strip_prefix("apps/").unwrap_or_default();
    if service != "mobiletargeting" || application.is_empty() || application.contains('/') {
        return Err(wrong_kind(member, "a Pinpoint application"));
    }
    if (partition, region, account) != ("aws", &scope.region, &scope.account_id) {
        return Err(ApiError::forbidden(format!(
            "{member} belongs to another account or Region"
        )));
    }
    Ok(())
}

impl Scope {
    /// The ARN of an app instance in this account and Region.
    pub(crate) fn app_instance_arn(&self, id: &str) -> String {
        format!(
            "arn:aws:chime:{}:{}:app-instance/{id}",
            self.region, self.account_id
        )
    }

    /// The ARN of a user in this account and Region.
    pub(crate) fn user_arn(&self, user: &UserName) -> String {
        format!(
            "{}/user/{}",
            self.app_instance_arn(&user.app_instance_id),
            user.user_id
        )
    }

    /// The ARN of a bot in this account and Region.
    pub(crate) fn bot_arn(&self, bot: &BotName) -> String {
        format!(
            "{}/bot/{}",
            self.app_instance_arn(&bot.app_instance_id),
            bot.bot_id
        )
    }
}

fn wrong_kind(member: &str, wanted: &str) -> ApiError {
    ApiError::bad_request(format!("{member} is not the ARN of {wanted}"))
}

/// Checks shape `ChimeArn` of the model and returns partition, service, Region, account and resource.
fn split<'a>(member: &str, arn: &'a str) -> Result<[&'a str; 5], ApiError> {
    let malformed = || ApiError::bad_request(format!("{member} is not a valid ARN"));
    if !(5..=1600).contains(&arn.chars().count()) {
        return Err(ApiError::bad_request(format!(
            "{member} must have a length between 5 and 1600"
        )));
    }
    let mut parts = arn.splitn(6, ':');
    let mut next = || parts.next().ok_or_else(malformed);
    if next()? != "arn" {
        return Err(malformed());
    }
    let found = [next()?, next()?, next()?, next()?, next()?];
    let in_class = |part: &str| {
        part.len() <= 63
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.')
    };
    let resource = found[4];
    let good = found[..4].iter().all(|part| in_class(part))
        && !found[0].is_empty()
        && !resource.is_empty()
        && !resource.starts_with('/')
        && resource.chars().count() <= 1024
        && !resource.contains(['\n', '\r']);
    if good { Ok(found) } else { Err(malformed()) }
}

fn resource_of(resource: &str) -> Resource {
    let parts: Vec<&str> = resource.split('/').collect();
    if parts.iter().any(|part| part.is_empty()) {
        return Resource::Other;
    }
    match parts[..] {
        ["app-instance", id] => Resource::AppInstance(id.to_owned()),
        ["app-instance", id, "user", user] => Resource::User(UserName {
            app_instance_id: id.to_owned(),
            user_id: user.to_owned(),
        }),
        ["app-instance", id, "bot", bot] => Resource::Bot(BotName {
            app_instance_id: id.to_owned(),
            bot_id: bot.to_owned(),
        }),
        _ => Resource::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        Scope {
            account_id: "123456789012".to_owned(),
            region: "us-east-1".to_owned(),
        }
    }

    #[test]
    fn a_user_id_may_hold_colons() {
        let arn = "arn:aws:chime:us-east-1:123456789012:app-instance/i/user/us-east-1:alice.b_c-d@ex.org1";

        let user = user("AppInstanceUserArn", arn, &scope()).unwrap();

        assert_eq!(user.app_instance_id, "i");
        assert_eq!(user.user_id, "us-east-1:alice.b_c-d@ex.org1");
    }

    #[test]
    fn malformed_arns_and_other_kinds_are_bad_requests() {
        for arn in [
            "not-an-arn",
            "arn",
            "arn:aws:chime:us-east-1:123456789012",
            "arn:aws:chime:us-east-1:123456789012:",
            "arn:aws:chime:us-east-1:123456789012:/x",
            "arn:AWS:chime:us-east-1:123456789012:app-instance/i",
            "arn:aws:sns:us-east-1:123456789012:topic",
            "arn:aws:chime:us-east-1:123456789012:app-instance/",
            "arn:aws:chime:us-east-1:123456789012:app-instance/i/user/",
            "arn:aws:chime:us-east-1:123456789012:app-instance/i/user/u",
            "arn:aws:chime:us-east-1:123456789012:app-instance/i/channel/c",
        ] {
            let error = app_instance("AppInstanceArn", arn, &scope()).unwrap_err();
            assert_eq!(error.exception, "BadRequestException", "{arn}");
        }
        let long = format!(
            "arn:aws:chime:us-east-1:123456789012:app-instance/{}",
            "x".repeat(1600)
        );
        assert!(app_instance("AppInstanceArn", &long, &scope()).is_err());
    }

    #[test]
    fn another_account_region_or_partition_is_forbidden() {
        for arn in [
            "arn:aws:chime:eu-central-1:123456789012:app-instance/i",
            "arn:aws:chime:us-east-1:999999999999:app-instance/i",
            "arn:aws-cn:chime:us-east-1:123456789012:app-instance/i",
        ] {
            let error = app_instance("AppInstanceArn", arn, &scope()).unwrap_err();
            assert_eq!(error.exception, "ForbiddenException", "{arn}");
        }
    }

    #[test]
    fn a_pinpoint_application_is_checked_for_kind_then_owner() {
        let check =
            |arn| check_pinpoint("ResourceArn", arn, &scope()).map_err(|error| error.exception);

        assert_eq!(
            check("arn:aws:mobiletargeting:us-east-1:123456789012:apps/abc"),
            Ok(())
        );
        assert_eq!(
            check("arn:aws:mobiletargeting:us-east-1:123456789012:templates/abc"),
            Err("BadRequestException".to_owned())
        );
        assert_eq!(
            check("arn:aws:mobiletargeting:eu-central-1:123456789012:apps/abc"),
            Err("ForbiddenException".to_owned())
        );
    }
}
