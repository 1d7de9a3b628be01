//! AppInstanceAdmins: promote, describe, list, demote.

use aws_sdk_chimesdkidentity::types;
use domain::Failure;
use domain::input::{
    CreateAppInstanceAdmin, DeleteAppInstanceAdmin, DescribeAppInstanceAdmin, ListAppInstanceAdmins,
};
use domain::view::AppInstanceAdmin;

use super::classify::{answer, page};
use super::convert::{given, next_token, number, text, timestamp};
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
        let items = output.app_instance_admins.unwrap_or_default();
        Ok(Listing {
            items: items.into_iter().map(|row| identity(row.admin)).collect(),
            next_token: next_token(output.next_token),
        })
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
