//! AppInstanceAdmins: promote, describe, list, demote.

use aws_sdk_chimesdkidentity::types;
use domain::Failure;
use domain::input::{
    CreateAppInstanceAdmin, DeleteAppInstanceAdmin, DescribeAppInstanceAdmin, ListAppInstanceAdmins,
};
use domain::view::AppInstanceAdmin;

use super::classify::{answer, page};
use super::convert::{given, listing, number, text, timestamp};
use super::{Client, Listing, Request};

impl Request for CreateAppInstanceAdmin {
    type Output = AppInstanceAdmin;

    async fn send(&self, client: &Client) -> Result<AppInstanceAdmin, Failure> {
        let request = client
            .sdk()
            .create_app_instance_admin()
            .app_instance_arn(self.app_instance_arn.as_str())
            .app_instance_admin_arn(self.app_instance_admin_arn.as_str());
        let output = answer::<Self, _, _>(request.send().await)?;
        Ok(identity(output.app_instance_admin))
    }
}

impl Request for DescribeAppInstanceAdmin {
    type Output = AppInstanceAdmin;

    async fn send(&self, client: &Client) -> Result<AppInstanceAdmin, Failure> {
        let request = client
            .sdk()
            .describe_app_instance_admin()
            .app_instance_arn(self.app_instance_arn.as_str())
            .app_instance_admin_arn(self.app_instance_admin_arn.as_str());
        let output = answer::<Self, _, _>(request.send().await)?;
        let admin = output.app_instance_admin;
        let since = admin.as_ref().and_then(|admin| admin.created_timestamp());
        Ok(AppInstanceAdmin {
            since: timestamp(since),
            ..identity(admin.and_then(|admin| admin.admin))
        })
    }
}

impl Request for ListAppInstanceAdmins {
    type Output = Listing<AppInstanceAdmin>;

    async fn send(&self, client: &Client) -> Result<Self::Output, Failure> {
        let request = client
            .sdk()
            .list_app_instance_admins()
            .app_instance_arn(self.app_instance_arn.as_str())
            .max_results(number(self.max_results))
            .set_next_token(self.next_token.clone());
        let output = page::<Self, _, _>(self.next_token.as_deref(), request.send().await)?;
        let rows = output.app_instance_admins;
        Ok(listing(rows, output.next_token, |row| identity(row.admin)))
    }
}

impl Request for DeleteAppInstanceAdmin {
    type Output = ();

    async fn send(&self, client: &Client) -> Result<(), Failure> {
        let request = client
            .sdk()
            .delete_app_instance_admin()
            .app_instance_arn(self.app_instance_arn.as_str())
            .app_instance_admin_arn(self.app_instance_admin_arn.as_str());
        answer::<Self, _, _>(request.send().await).map(drop)
    }
}

fn identity(identity: Option<types::Identity>) -> AppInstanceAdmin {
    let identity = identity.unwrap_or_else(|| types::Identity::builder().build());
    AppInstanceAdmin {
        member: given("Arn", identity.arn()),
        name: text(identity.name),
        since: None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use aws_sdk_chimesdkidentity::Client as Sdk;
    use aws_sdk_chimesdkidentity::operation as op;
    use aws_smithy_mocks::mock;
    use domain::{Given, Timestamp};

    use super::*;
    use crate::identity::tests::{BOT, INSTANCE, USER, at, client, one, operations};

    fn identity(arn: &str) -> types::Identity {
        types::Identity::builder().arn(arn).name("A").build()
    }

    fn admin(arn: &str, since: Option<i64>) -> AppInstanceAdmin {
        AppInstanceAdmin {
            member: Given::read(arn),
            name: "A".into(),
            since: since.map(Timestamp),
        }
    }

    operations! {
        create_app_instance_admin: |i| i.app_instance_admin_arn() == Some(USER) && i.app_instance_arn() == Some(INSTANCE),
            op::create_app_instance_admin::CreateAppInstanceAdminOutput::builder().app_instance_admin(identity(USER)).build()
            => admin(USER, None);
        describe_app_instance_admin [app_instance_admin_arn = BOT.parse().unwrap()]:
            |i| i.app_instance_admin_arn() == Some(BOT),
            op::describe_app_instance_admin::DescribeAppInstanceAdminOutput::builder().app_instance_admin(
                types::AppInstanceAdmin::builder().admin(identity(BOT)).created_timestamp(at(9)).build(),
            ).build()
            => admin(BOT, Some(9));
        list_app_instance_admins: |i| i.max_results() == Some(25),
            op::list_app_instance_admins::ListAppInstanceAdminsOutput::builder().next_token("t2").app_instance_admins(
                types::AppInstanceAdminSummary::builder().admin(identity(USER)).build(),
            ).build()
            => one(admin(USER, None));
        delete_app_instance_admin: |i| i.app_instance_admin_arn() == Some(USER) && i.app_instance_arn() == Some(INSTANCE),
            op::delete_app_instance_admin::DeleteAppInstanceAdminOutput::builder().build() => ();
    }
}
