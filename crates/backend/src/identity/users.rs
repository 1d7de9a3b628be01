//! AppInstanceUsers: create, describe, list, update, delete, expiration.

use aws_sdk_chimesdkidentity::types;
use domain::arn::AppInstanceUserArn;
use domain::input::{
    CreateAppInstanceUser, DeleteAppInstanceUser, DescribeAppInstanceUser, ExpirationSettings,
    ListAppInstanceUsers, PutAppInstanceUserExpirationSettings, UpdateAppInstanceUser,
};
use domain::settings::Days;
use domain::view::{AppInstanceUser, AppInstanceUserSummary};
use domain::{Failure, Given};

use super::classify::{answer, page};
use super::convert::{built, days, given, next_token, number, text, timestamp, unless_empty};
use super::{Client, Listing, Made, Request, tags};

impl Request for CreateAppInstanceUser {
    type Output = Given<AppInstanceUserArn>;

    async fn send(&self, client: &Client) -> Result<Self::Output, Failure> {
        let request = client
            .sdk()
            .create_app_instance_user()
            .app_instance_arn(self.app_instance_arn.as_str())
            .app_instance_user_id(self.app_instance_user_id.as_str())
            .name(self.name.as_str())
            .set_metadata(unless_empty(self.metadata.as_str()))
            .set_tags(tags::list(&self.tags)?)
            .set_expiration_settings(self.expiration_settings.map(expiration).transpose()?)
            .client_request_token(self.client_request_token.as_str());
        let output = answer::<Self, _, _>(request.send().await)?;
        Ok(given("AppInstanceUserArn", output.app_instance_user_arn()))
    }

    fn made(made: &Self::Output) -> Option<Made> {
        Made::resource(made)
    }
}

impl Request for DescribeAppInstanceUser {
    type Output = AppInstanceUser;

    async fn send(&self, client: &Client) -> Result<AppInstanceUser, Failure> {
        let request = client
            .sdk()
            .describe_app_instance_user()
            .app_instance_user_arn(self.app_instance_user_arn.as_str());
        let output = answer::<Self, _, _>(request.send().await)?;
        let user = output.app_instance_user;
        let user = user.unwrap_or_else(|| types::AppInstanceUser::builder().build());
        Ok(AppInstanceUser {
            arn: given("AppInstanceUserArn", user.app_instance_user_arn()),
            created: timestamp(user.created_timestamp()),
            updated: timestamp(user.last_updated_timestamp()),
            expires_after: expires_after(user.expiration_settings()),
            name: text(user.name),
            metadata: text(user.metadata),
        })
    }
}

impl Request for ListAppInstanceUsers {
    type Output = Listing<AppInstanceUserSummary>;

    async fn send(&self, client: &Client) -> Result<Self::Output, Failure> {
        let request = client
            .sdk()
            .list_app_instance_users()
            .app_instance_arn(self.app_instance_arn.as_str())
            .max_results(number(self.max_results))
            .set_next_token(self.next_token.clone());
        let output = page::<Self, _, _>(self.next_token.as_deref(), request.send().await)?;
        let items = output.app_instance_users.unwrap_or_default();
        Ok(Listing {
            items: items.into_iter().map(summary).collect(),
            next_token: next_token(output.next_token),
        })
    }
}

fn summary(row: types::AppInstanceUserSummary) -> AppInstanceUserSummary {
    AppInstanceUserSummary {
        arn: given("AppInstanceUserArn", row.app_instance_user_arn()),
        name: text(row.name),
        metadata: text(row.metadata),
    }
}

impl Request for UpdateAppInstanceUser {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let request = client
            .sdk()
            .update_app_instance_user()
            .app_instance_user_arn(self.app_instance_user_arn.as_str())
            .name(self.name.as_str())
            .metadata(self.metadata.as_str());
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

impl Request for DeleteAppInstanceUser {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let request = client
            .sdk()
            .delete_app_instance_user()
            .app_instance_user_arn(self.app_instance_user_arn.as_str());
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

impl Request for PutAppInstanceUserExpirationSettings {
    type Output = Option<Days>;

    async fn send(&self, client: &Client) -> Result<Option<Days>, Failure> {
        let request = client
            .sdk()
            .put_app_instance_user_expiration_settings()
            .app_instance_user_arn(self.app_instance_user_arn.as_str())
            .set_expiration_settings(self.expiration_settings.map(expiration).transpose()?);
        let output = answer::<Self, _, _>(request.send().await)?;
        Ok(expires_after(output.expiration_settings()))
    }
}

fn expiration(settings: ExpirationSettings) -> Result<types::ExpirationSettings, Failure> {
    let settings = types::ExpirationSettings::builder()
        .expiration_days(settings.expiration_days.get())
        .expiration_criterion(types::ExpirationCriterion::CreatedTimestamp);
    built(settings.build())
}

/// A criterion that AWS adds later has a number of days too, and that is what is shown.
fn expires_after(settings: Option<&types::ExpirationSettings>) -> Option<Days> {
    settings.map(|settings| days("ExpirationDays", settings.expiration_days()))
}
