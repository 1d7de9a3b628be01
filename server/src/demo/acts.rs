//! A few changes made through the dashboard's own way to the service after the demonstration data
//! is there, so that the audit log and the tabs "Activity" have rows. They are what they say: made
//! at the start, by nobody who can sign in.

use backend::{Backend, Caller, OperatorId};
use domain::arn::{AppInstanceArn, AppInstanceUserArn, MemberArn};
use domain::input::{
    CreateAppInstanceAdmin, DeleteAppInstanceAdmin, ExpirationSettings,
    GetAppInstanceRetentionSettings, Input, ListAppInstanceUserEndpoints, ListAppInstanceUsers,
    ListAppInstances, PutAppInstanceRetentionSettings, PutAppInstanceUserExpirationSettings,
    RetentionSettings, TagResource, UpdateAppInstanceUser, UpdateAppInstanceUserEndpoint,
};
use domain::name::{EndpointName, Metadata, UserName};
use domain::settings::{AllowMessages, Days};
use domain::tag::Tags;
use domain::view::AppInstanceUserSummary;
use domain::{Cause, Failure, Given, Grant, Problem, Role, Scope};
use serde_json::{Value, json};

/// Who the audit names.
const NAME: &str = "demonstration";

/// Makes the changes, in the first Region.
pub async fn act(backend: &Backend) -> Result<(), Failure> {
    let region = backend.connection().regions.first().copied();
    let actor = Actor {
        backend,
        caller: Caller {
            operator: OperatorId::from(NAME.to_owned()),
            username: NAME.to_owned(),
            role: Role::Admin,
            grant: Grant::EVERYTHING,
            remote: None,
            request_id: String::new(),
            proved: Some(backend.clock().now()),
            session: None,
            changes: backend::Changes::default(),
        },
        scope: Scope {
            connection: backend.connection().slug.clone(),
            region: region.ok_or(Cause::Internal)?,
        },
    };
    let (instance, users) = actor.users().await?;
    let Some([edited, kept, tagged, promoted]) = users.get(4..8) else {
        return Err(Cause::Internal.into());
    };
    actor.edit(edited).await?;
    actor.keep(known(&kept.arn)?).await?;
    actor.tag(known(&tagged.arn)?).await?;
    actor.promote(&instance, known(&promoted.arn)?).await?;
    actor.keep_messages(&instance).await?;
    for user in &users {
        if actor.mute_one(known(&user.arn)?).await? {
            break;
        }
    }
    Ok(())
}

struct Actor<'a> {
    backend: &'a Backend,
    caller: Caller,
    scope: Scope,
}

impl Actor<'_> {
    async fn call<I: backend::Request>(&self, input: I) -> Result<I::Output, Failure> {
        self.backend.call(&self.caller, &self.scope, input).await
    }

    async fn replace<I>(&self, input: I, before: Value) -> Result<I::Output, Failure>
    where
        I: backend::Request + Input,
    {
        let (caller, scope) = (&self.caller, &self.scope);
        self.backend
            .call_with_before(caller, scope, input, before)
            .await
    }

    /// The oldest AppInstance and the oldest of its users.
    async fn users(&self) -> Result<(AppInstanceArn, Vec<AppInstanceUserSummary>), Failure> {
        let list = ListAppInstances {
            max_results: 1,
            next_token: None,
        };
        let mut listed = self.call(list).await?.items;
        let instance = listed.pop().ok_or(Cause::Internal)?;
        let instance = known(&instance.arn)?.clone();
        let list = ListAppInstanceUsers {
            app_instance_arn: instance.clone(),
            max_results: 20,
            next_token: None,
        };
        Ok((instance, self.call(list).await?.items))
    }

    async fn edit(&self, user: &AppInstanceUserSummary) -> Result<(), Failure> {
        let metadata = r#"{"team":"billing","locale":"en-US","since":"moved from returns"}"#;
        let input = UpdateAppInstanceUser {
            app_instance_user_arn: known(&user.arn)?.clone(),
            name: UserName::parse(&user.name).map_err(bug)?,
            metadata: Metadata::parse(metadata).map_err(bug)?,
        };
        let before = json!({ "Name": user.name, "Metadata": user.metadata });
        self.replace(input, before).await.map(drop)
    }

    async fn keep(&self, user: &AppInstanceUserArn) -> Result<(), Failure> {
        let days = Days::try_from(730).map_err(bug)?;
        let input = PutAppInstanceUserExpirationSettings {
            app_instance_user_arn: user.clone(),
            expiration_settings: Some(ExpirationSettings::after(days)),
        };
        let before = json!({ "ExpirationSettings": null });
        self.replace(input, before).await.map(drop)
    }

    async fn tag(&self, user: &AppInstanceUserArn) -> Result<(), Failure> {
        let input = TagResource {
            resource_arn: user.clone().into(),
            tags: Tags::from_service([("tier".to_owned(), "gold".to_owned())]),
        };
        self.replace(input, json!({ "Tags": [] })).await.map(drop)
    }

    /// Promotes twice, of which the second is refused, and demotes.
    async fn promote(
        &self,
        instance: &AppInstanceArn,
        user: &AppInstanceUserArn,
    ) -> Result<(), Failure> {
        let create = CreateAppInstanceAdmin {
            app_instance_arn: instance.clone(),
            app_instance_admin_arn: MemberArn::User(user.clone()),
        };
        self.call(create.clone()).await?;
        match self.call(create).await {
            Err(failure) if failure.cause == Cause::Conflict => {}
            other => return other.map(drop),
        }
        let delete = DeleteAppInstanceAdmin {
            app_instance_arn: instance.clone(),
            app_instance_admin_arn: MemberArn::User(user.clone()),
        };
        self.call(delete).await.map(drop)
    }

    /// Keeps messages for a month more.
    async fn keep_messages(&self, instance: &AppInstanceArn) -> Result<(), Failure> {
        let get = GetAppInstanceRetentionSettings {
            app_instance_arn: instance.clone(),
        };
        let present = self.call(get).await?.days;
        let days = Days::read(present.map_or(365, Days::get) + 30);
        let input = PutAppInstanceRetentionSettings {
            app_instance_arn: instance.clone(),
            app_instance_retention_settings: RetentionSettings::new(Some(days)),
        };
        let before = json!({ "AppInstanceRetentionSettings": RetentionSettings::new(present) });
        self.replace(input, before).await.map(drop)
    }

    /// Mutes the first device of a user who has more than two, and says whether there was one.
    async fn mute_one(&self, user: &AppInstanceUserArn) -> Result<bool, Failure> {
        let list = ListAppInstanceUserEndpoints {
            app_instance_user_arn: user.clone(),
            max_results: 3,
            next_token: None,
        };
        let endpoints = self.call(list).await?.items;
        let [endpoint, _, _] = &endpoints[..] else {
            return Ok(false);
        };
        let input = UpdateAppInstanceUserEndpoint {
            app_instance_user_arn: user.clone(),
            endpoint_id: endpoint.id.clone(),
            name: EndpointName::parse(&endpoint.name).map_err(bug)?,
            allow_messages: Some(AllowMessages::None.into()),
        };
        let before = json!({ "Name": endpoint.name, "AllowMessages": endpoint.allow_messages });
        self.replace(input, before).await.map(|()| true)
    }
}

/// The emulator gives what is known.
fn known<T>(given: &Given<T>) -> Result<&T, Failure> {
    given.known().ok_or_else(|| Cause::Internal.into())
}

/// What the plan holds is valid.
fn bug(_: Problem) -> Failure {
    Cause::Internal.into()
}
