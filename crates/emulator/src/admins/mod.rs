//! App instance admins: users or bots that were promoted (API reference, `AppInstanceAdmin`).
//!
//! An admin has no ARN of its own. Being one gives no right on this API.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod describe;
pub(crate) mod list;

use serde::Serialize;
use sqlx::SqliteConnection;

use crate::arn::{self, Resource};
use crate::call::Call;
use crate::error::ApiError;
use crate::scope::Scope;
use crate::{bots, users};

/// Shape `Identity`: a user or a bot. Its name is the present one.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Identity {
    arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// The user or bot that an admin ARN names.
pub(crate) struct Principal {
    /// The id of the app instance in the ARN.
    app_instance_id: String,
    /// The ARN after that of the app instance, `user/…` or `bot/…`.
    path: String,
    resource: Resource,
}

/// A principal that exists.
pub(crate) struct Found {
    app_instance: i64,
    user: Option<i64>,
    bot: Option<i64>,
    name: Option<String>,
}

impl Principal {
    /// Reads the app instance and the admin that the path of a request names.
    fn in_path(call: &Call) -> Result<Self, ApiError> {
        let app_instance_id = call.app_instance()?;
        Self::parse(
            "appInstanceAdminArn",
            call.label(1),
            &call.scope,
            &app_instance_id,
        )
    }

    /// Reads the ARN of a user or a bot of the app instance `app_instance_id`.
    pub(crate) fn parse(
        member: &str,
        arn: &str,
        scope: &Scope,
        app_instance_id: &str,
    ) -> Result<Self, ApiError> {
        let resource = arn::parse(member, arn, scope)?;
        let (instance, path) = match &resource {
            Resource::User(user) => (&user.app_instance_id, format!("user/{}", user.user_id)),
            Resource::Bot(bot) => (&bot.app_instance_id, format!("bot/{}", bot.bot_id)),
            _ => {
                return Err(ApiError::bad_request(format!(
                    "{member} is not the ARN of a user or a bot"
                )));
            }
        };
        if instance != app_instance_id {
            return Err(ApiError::bad_request(format!(
                "{member} belongs to another AppInstance"
            )));
        }
        Ok(Self {
            app_instance_id: instance.clone(),
            path,
            resource,
        })
    }

    async fn find(&self, db: &mut SqliteConnection, scope: &Scope) -> Result<Found, ApiError> {
        match &self.resource {
            Resource::User(user) => {
                let found = users::find(db, scope, user).await?;
                Ok(Found {
                    app_instance: found.app_instance,
                    user: Some(found.id),
                    bot: None,
                    name: Some(found.name),
                })
            }
            Resource::Bot(bot) => {
                let found = bots::find(db, scope, bot).await?;
                Ok(Found {
                    app_instance: found.app_instance,
                    user: None,
                    bot: Some(found.id),
                    name: found.name,
                })
            }
            _ => Err(ApiError::missing("user or bot")),
        }
    }

    fn identity(&self, scope: &Scope, name: Option<String>) -> Identity {
        Identity {
            arn: format!(
                "{}/{}",
                scope.app_instance_arn(&self.app_instance_id),
                self.path
            ),
            name,
        }
    }
}
