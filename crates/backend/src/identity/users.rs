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
use super::convert::{built, days, given, listing, number, text, timestamp, unless_empty};
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
        let rows = output.app_instance_users;
        Ok(listing(rows, output.next_token, summary))
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

#[cfg(test)]
pub(super) mod tests {
    use aws_sdk_chimesdkidentity::Client as Sdk;
    use aws_sdk_chimesdkidentity::operation as op;
    use aws_smithy_mocks::mock;
    use domain::tag::Tags;

    use super::*;
    use crate::identity::tests::{USER, client, days, metadata, operations};

    operations! {
        create_app_instance_user [tags = Tags::default()]:
            |i| i.app_instance_user_id() == Some("us-east-1:alice@x")
                && i.metadata() == Some("m") && i.tags.is_none()
                && i.expiration_settings().is_some_and(|e| e.expiration_days() == 30
                    && *e.expiration_criterion() == types::ExpirationCriterion::CreatedTimestamp),
            op::create_app_instance_user::CreateAppInstanceUserOutput::builder().app_instance_user_arn(USER).build()
            => Given::read(USER);
        describe_app_instance_user: |i| i.app_instance_user_arn() == Some(USER),
            op::describe_app_instance_user::DescribeAppInstanceUserOutput::builder().app_instance_user(
                types::AppInstanceUser::builder().app_instance_user_arn(USER).name("A")
                    .expiration_settings(types::ExpirationSettings::builder().expiration_days(7)
                        .expiration_criterion(types::ExpirationCriterion::CreatedTimestamp).build().unwrap())
                    .build(),
            ).build()
            => AppInstanceUser {
                arn: Given::read(USER), name: "A".into(), metadata: String::new(), created: None,
                updated: None, expires_after: Some(days(7)),
            };
        // An empty token ends a list.
        list_app_instance_users [max_results = 50, next_token = Some("t1".into())]:
            |i| i.next_token() == Some("t1") && i.max_results() == Some(50),
            op::list_app_instance_users::ListAppInstanceUsersOutput::builder().next_token("")
                .app_instance_users(types::AppInstanceUserSummary::builder()
                    .app_instance_user_arn(USER).name("A").build()).build()
            => Listing {
                items: vec![AppInstanceUserSummary {
                    arn: Given::read(USER), name: "A".into(), metadata: String::new(),
                }],
                next_token: None,
            };
        update_app_instance_user [metadata = metadata("")]:
            |i| i.name() == Some("Alice") && i.metadata() == Some(""),
            op::update_app_instance_user::UpdateAppInstanceUserOutput::builder().build() => ();
        delete_app_instance_user: |i| i.app_instance_user_arn() == Some(USER),
            op::delete_app_instance_user::DeleteAppInstanceUserOutput::builder().build() => ();
        put_app_instance_user_expiration_settings [expiration_settings = None]:
            |i| i.expiration_settings().is_none(),
            op::put_app_instance_user_expiration_settings::PutAppInstanceUserExpirationSettingsOutput::builder().build()
            => None;
    }
}
