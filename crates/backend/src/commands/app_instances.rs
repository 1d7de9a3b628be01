//! AppInstances: deleting, and how long messages are kept.

use domain::arn::AppInstanceArn;
use domain::consequence::{self, RetentionEffect};
use domain::input::{
    DeleteAppInstance, DescribeAppInstance, GetAppInstanceRetentionSettings,
    PutAppInstanceRetentionSettings, RetentionSettings,
};
use domain::settings::Days;
use domain::view::AppInstance;
use domain::{Failure, Field};

use super::Acting;

/// Deletes an AppInstance, once its name was typed; its id, if nobody can read the name. AWS
/// removes what is in it afterwards. Answers what it was.
pub async fn delete(
    acting: Acting<'_>,
    arn: &AppInstanceArn,
    typed: &str,
) -> Result<AppInstance, Failure> {
    let instance = describe(acting, arn).await?;
    confirm(typed, arn, &instance)?;
    let input = DeleteAppInstance {
        app_instance_arn: arn.clone(),
    };
    acting.replace(input, &instance).await?;
    Ok(instance)
}

/// Keeps messages for some days, or for good. A shorter time deletes messages, so the name must
/// have been typed for one.
pub async fn put_retention(
    acting: Acting<'_>,
    arn: &AppInstanceArn,
    days: Option<Days>,
    typed: &str,
) -> Result<(), Failure> {
    let read = GetAppInstanceRetentionSettings {
        app_instance_arn: arn.clone(),
    };
    let present = acting.call(read).await?;
    let now = acting.calls.access().now();
    let effect = consequence::retention(present.days, days, now);
    if matches!(effect, RetentionEffect::Shorter { .. }) {
        let instance = describe(acting, arn).await?;
        confirm(typed, arn, &instance)?;
    }
    let input = PutAppInstanceRetentionSettings {
        app_instance_arn: arn.clone(),
        app_instance_retention_settings: RetentionSettings::new(days),
    };
    acting.replace(input, &present).await?;
    Ok(())
}

async fn describe(acting: Acting<'_>, arn: &AppInstanceArn) -> Result<AppInstance, Failure> {
    let read = DescribeAppInstance {
        app_instance_arn: arn.clone(),
    };
    acting.call(read).await
}

fn confirm(typed: &str, arn: &AppInstanceArn, instance: &AppInstance) -> Result<(), Failure> {
    let word = consequence::word_for(&instance.name, arn.id());
    Ok(consequence::confirm(Field::Confirm, typed, word)?)
}
