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

#[cfg(test)]
pub(super) mod tests {
    use aws_sdk_chimesdkidentity::Client as Sdk;
    use aws_sdk_chimesdkidentity::operation as op;
    use aws_smithy_mocks::mock;
    use domain::Timestamp;
    use domain::input::RetentionSettings;

    use super::*;
    use crate::identity::tests::{INSTANCE, at, client, days, operations};

    operations! {
        get_app_instance_retention_settings: |i| i.app_instance_arn() == Some(INSTANCE),
            op::get_app_instance_retention_settings::GetAppInstanceRetentionSettingsOutput::builder()
                .app_instance_retention_settings(types::AppInstanceRetentionSettings::builder()
                    .channel_retention_settings(
                        types::ChannelRetentionSettings::builder().retention_days(90).build(),
                    ).build())
                .initiate_deletion_timestamp(at(5)).build()
            => Retention { days: Some(days(90)), permanent_from: Some(Timestamp(5)) };
        // Switching off is an empty inner object, not an absent one.
        put_app_instance_retention_settings [app_instance_retention_settings = RetentionSettings::new(None)]:
            |i| i.app_instance_retention_settings()
                .and_then(|settings| settings.channel_retention_settings())
                .is_some_and(|channel| channel.retention_days().is_none()),
            op::put_app_instance_retention_settings::PutAppInstanceRetentionSettingsOutput::builder().build()
            => Retention { days: None, permanent_from: None };
    }
}
