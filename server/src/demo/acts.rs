//! A few changes after the demonstration data is there, made as the dashboard makes them, so that
//! the audit log and the tabs "Activity" have rows. The rows tell the truth: the changes were made
//! at the start, under a name that cannot sign in.

use backend::commands::{self, Acting};
use backend::{Backend, Caller, OperatorId};
use domain::arn::{AppInstanceArn, AppInstanceUserArn, MemberArn, ResourceArn};
use domain::input::{
    DescribeAppInstanceUser, GetAppInstanceRetentionSettings, Input as _,
    ListAppInstanceUserEndpoints, ListAppInstanceUsers, ListAppInstances, ListTagsForResource,
    UpdateAppInstanceUser,
};
use domain::name::{Metadata, UserName};
use domain::settings::{AllowMessages, Days};
use domain::tag::TagRow;
use domain::view::{AppInstanceUser, AppInstanceUserSummary};
use domain::{Cause, Failure, Given, Grant, Problem, Region, Role};

/// Who the audit names.
const NAME: &str = "demonstration";

/// Makes the changes, in the first Region.
pub async fn act(backend: &Backend) -> Result<(), Failure> {
    let connection = backend.connections().first();
    let caller = Caller {
        operator: OperatorId::from(NAME.to_owned()),
        username: NAME.to_owned(),
        role: Role::Admin,
        grant: Grant::EVERYTHING,
        remote: None,
        request_id: String::new(),
        proved: Some(backend.clock().now()),
        session: None,
        changes: backend::Changes::default(),
    };
    let acting = Acting {
        calls: backend.calls(),
        caller: &caller,
        connection: &connection.id,
    };
    let region = connection.regions.first().copied();
    let (instance, users) = oldest(acting, region.ok_or(Cause::Internal)?).await?;
    let Some([edited, kept, tagged, promoted]) = users.get(4..8) else {
        return Err(Cause::Internal.into());
    };
    edit(acting, known(&edited.arn)?).await?;
    let days = Days::try_from(730).map_err(bug)?;
    commands::users::put_expiration(acting, known(&kept.arn)?, Some(days), "").await?;
    tag(acting, known(&tagged.arn)?).await?;
    promote(acting, known(&promoted.arn)?).await?;
    keep_messages(acting, &instance).await?;
    for user in &users {
        if mute_one(acting, known(&user.arn)?).await? {
            break;
        }
    }
    Ok(())
}

/// The oldest AppInstance and the oldest of its users.
async fn oldest(
    acting: Acting<'_>,
    region: Region,
) -> Result<(AppInstanceArn, Vec<AppInstanceUserSummary>), Failure> {
    let list = ListAppInstances {
        max_results: 1,
        next_token: None,
    };
    let mut listed = acting.call(list.in_region(region)).await?.items;
    let instance = listed.pop().ok_or(Cause::Internal)?;
    let instance = known(&instance.arn)?.clone();
    let list = ListAppInstanceUsers {
        app_instance_arn: instance.clone(),
        max_results: 20,
        next_token: None,
    };
    Ok((instance, acting.call(list).await?.items))
}

async fn edit(acting: Acting<'_>, user: &AppInstanceUserArn) -> Result<(), Failure> {
    let metadata = r#"{"team":"billing","locale":"en-US","since":"moved from returns"}"#;
    let read = DescribeAppInstanceUser {
        app_instance_user_arn: user.clone(),
    };
    let change = |present: &AppInstanceUser| {
        Ok(UpdateAppInstanceUser {
            app_instance_user_arn: user.clone(),
            name: UserName::parse(&present.name).map_err(bug)?,
            metadata: Metadata::parse(metadata).map_err(bug)?,
        })
    };
    acting.update(read, None, change).await.map(drop)
}

/// Adds a tag to those that are there.
async fn tag(acting: Acting<'_>, user: &AppInstanceUserArn) -> Result<(), Failure> {
    let resource_arn = ResourceArn::from(user.clone());
    let list = ListTagsForResource {
        resource_arn: resource_arn.clone(),
    };
    let mut rows = acting.call(list).await?.rows();
    rows.push(TagRow {
        key: "tier".to_owned(),
        value: "gold".to_owned(),
    });
    commands::tags::save(acting, &resource_arn, &rows)
        .await
        .map(drop)
}

/// Promotes twice, of which the second is refused, and demotes.
async fn promote(acting: Acting<'_>, user: &AppInstanceUserArn) -> Result<(), Failure> {
    let member = MemberArn::User(user.clone());
    commands::admins::promote(acting, &member).await?;
    match commands::admins::promote(acting, &member).await {
        Err(failure) if failure.cause == Cause::Conflict => {}
        other => return other.map(drop),
    }
    commands::admins::demote(acting, &member).await
}

/// Keeps messages for a month more.
async fn keep_messages(acting: Acting<'_>, instance: &AppInstanceArn) -> Result<(), Failure> {
    let get = GetAppInstanceRetentionSettings {
        app_instance_arn: instance.clone(),
    };
    let present = acting.call(get).await?.days;
    // One that keeps them for good would lose some.
    let Some(present) = present else {
        return Ok(());
    };
    let days = Days::read(present.get() + 30);
    commands::app_instances::put_retention(acting, instance, Some(days), "").await
}

/// Mutes the first device of a user who has more than two, and says whether there was one.
async fn mute_one(acting: Acting<'_>, user: &AppInstanceUserArn) -> Result<bool, Failure> {
    let list = ListAppInstanceUserEndpoints {
        app_instance_user_arn: user.clone(),
        max_results: 3,
        next_token: None,
    };
    let endpoints = acting.call(list).await?.items;
    let [endpoint, _, _] = &endpoints[..] else {
        return Ok(false);
    };
    let mute = AllowMessages::None;
    commands::endpoints::set_allow_messages(acting, user, &endpoint.id, mute).await?;
    Ok(true)
}

/// The value that the emulator gave, which is always known here.
fn known<T>(given: &Given<T>) -> Result<&T, Failure> {
    given.known().ok_or_else(|| Cause::Internal.into())
}

/// A plan that breaks a rule would be a bug.
fn bug(_: Problem) -> Failure {
    Cause::Internal.into()
}
