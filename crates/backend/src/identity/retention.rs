//! Retention of the messages of an AppInstance.

use aws_sdk_chimesdkidentity::primitives::DateTime;
use aws_sdk_chimesdkidentity::types;
use domain::Failure;
use domain::input::{GetAppInstanceRetentionSettings, PutAppInstanceRetentionSettings};
use domain::settings::Days;
use domain::view::Retention;

use super::classify::answer;
use super::convert::{days, timestamp};
use super::{Client, Request};

impl Request for GetAppInstanceRetentionSettings {
    type Output = Retention;

    async fn send(&self, client: &Client) -> Result<Retention, Failure> {
        let request = client
            .sdk()
            .get_app_instance_retention_settings()
            .app_instance_arn(self.app_instance_arn.as_str());
        let output = answer::<Self, _, _>(request.send().await)?;
        Ok(retention(
            output.app_instance_retention_settings(),
            output.initiate_deletion_timestamp(),
        ))
    }
}

impl Request for PutAppInstanceRetentionSettings {
    type Output = Retention;

    async fn send(&self, client: &Client) -> Result<Retention, Failure> {
        let wanted = self
            .app_instance_retention_settings
            .channel_retention_settings
            .retention_days;
        // Without days the inner object is sent empty, which switches retention off.
        let channel = types::ChannelRetentionSettings::builder()
            .set_retention_days(wanted.map(Days::get))
            .build();
        let settings = types::AppInstanceRetentionSettings::builder()
            .channel_retention_settings(channel)
            .build();
        let request = client
            .sdk()
            .put_app_instance_retention_settings()
            .app_instance_arn(self.app_instance_arn.as_str())
            .app_instance_retention_settings(settings);
        let output = answer::<Self, _, _>(request.send().await)?;
        Ok(retention(
            output.app_instance_retention_settings(),
            output.initiate_deletion_timestamp(),
        ))
    }
}

fn retention(
    settings: Option<&types::AppInstanceRetentionSettings>,
    permanent_from: Option<&DateTime>,
) -> Retention {
    let kept = settings
        .and_then(|settings| settings.channel_retention_settings())
        .and_then(types::ChannelRetentionSettings::retention_days);
    Retention {
        days: kept.map(|kept| days("RetentionDays", kept)),
        permanent_from: timestamp(permanent_from),
    }
}
