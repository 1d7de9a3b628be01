//! Data to look at for `carillon serve --demo`: AppInstances with a past, as a company would have
//! them, in the embedded emulator.
//!
//! The module `plan` decides what there is. It is the same at every start but for the dates, which
//! count back from now. Calls of the API make it, so the data keeps the rules of the API.

mod acts;
mod people;
mod plan;
mod words;

use std::fmt;

use anyhow::{Context as _, ensure};
use app::paths::encoded;
use axum::http::{Method, Uri};
use domain::{Region, Timestamp};
use emulator::{Emulator, Refused};
use serde_json::{Value, json};
use tokio::task::JoinSet;

pub use acts::act;
use plan::{Age, Bot, Endpoint, Instance, User};

/// How much was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named for what is counted")]
pub struct Filled {
    pub app_instances: usize,
    pub users: usize,
    pub admins: usize,
    pub bots: usize,
    pub endpoints: usize,
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} AppInstances with {} users, {} admins, {} bots and {} endpoints",
            self.app_instances, self.users, self.admins, self.bots, self.endpoints
        )
    }
}

/// Fills an emulator that is empty. One that holds something is left as it is.
pub async fn fill(
    emulator: &Emulator,
    regions: &[Region],
    now: Timestamp,
) -> anyhow::Result<Option<Filled>> {
    let api = Api { emulator, now };
    for region in regions {
        let listed = api
            .call(
                *region,
                Age::NONE,
                &Method::GET,
                "/app-instances",
                &Value::Null,
            )
            .await?;
        if listed["AppInstances"]
            .as_array()
            .is_none_or(|found| !found.is_empty())
        {
            return Ok(None);
        }
    }
    let mut filled = Filled::default();
    for instance in plan::instances() {
        if regions.contains(&instance.region) {
            api.make(&instance, &mut filled).await?;
        }
    }
    Ok(Some(filled))
}

struct Api<'a> {
    emulator: &'a Emulator,
    now: Timestamp,
}

/// Calls on their way, each with a number of the caller's.
type Calls = JoinSet<(usize, Result<Value, Refused>)>;

impl Api<'_> {
    async fn make(&self, instance: &Instance, filled: &mut Filled) -> anyhow::Result<()> {
        let body = json!({
            "Name": instance.name,
            "Metadata": instance.metadata,
            "Tags": tags(&instance.tags),
            "ClientRequestToken": token("app-instance", filled.app_instances),
        });
        let region = instance.region;
        let uri = "/app-instances";
        let made = self
            .call(region, instance.age, &Method::POST, uri, &body)
            .await?;
        let arn = text(&made, "AppInstanceArn")?;
        for (days, age) in &instance.retention {
            let uri = format!("/app-instances/{}/retention-settings", encoded(&arn));
            let body = json!({ "AppInstanceRetentionSettings": {
                "ChannelRetentionSettings": { "RetentionDays": days } } });
            self.call(region, *age, &Method::PUT, &uri, &body).await?;
        }
        let users = self.make_users(instance, &arn).await?;
        let bots = self.make_bots(instance, &arn).await?;
        let admins = self.promote(instance, &arn, &users, &bots).await?;
        self.edit(instance, &users).await?;
        let endpoints = self.register(instance, &users).await?;
        filled.app_instances += 1;
        filled.users += users.len();
        filled.bots += bots.len();
        filled.admins += admins;
        filled.endpoints += endpoints;
        Ok(())
    }

    async fn make_users(&self, instance: &Instance, arn: &str) -> anyhow::Result<Vec<String>> {
        let users = instance.users.iter().enumerate();
        let bodies = users.map(|(number, user)| {
            let mut body = json!({
                "AppInstanceArn": arn,
                "AppInstanceUserId": user.id,
                "Name": user.name,
                "Metadata": user.metadata,
                "Tags": tags(&user.tags),
                "ClientRequestToken": token("user", number),
            });
            if let Some(days) = user.expires_after {
                body["ExpirationSettings"] = json!({
                    "ExpirationDays": days,
                    "ExpirationCriterion": "CREATED_TIMESTAMP",
                });
            }
            (user.age, body)
        });
        let made = self.make_each(instance.region, "/app-instance-users", bodies);
        texts(&made.await?, "AppInstanceUserArn")
    }

    async fn make_bots(&self, instance: &Instance, arn: &str) -> anyhow::Result<Vec<String>> {
        let bots = instance.bots.iter().enumerate();
        let bodies = bots.map(|(number, bot)| {
            let body = json!({
                "AppInstanceArn": arn,
                "Name": bot.name,
                "Metadata": bot.metadata,
                "Tags": tags(&bot.tags),
                "Configuration": { "Lex": bot.lex(instance.region, account(arn)) },
                "ClientRequestToken": token("bot", number),
            });
            (bot.age, body)
        });
        let made = self.make_each(instance.region, "/app-instance-bots", bodies);
        texts(&made.await?, "AppInstanceBotArn")
    }

    /// Makes one of each body, as old as it says. The answers have the order of the bodies.
    async fn make_each(
        &self,
        region: Region,
        uri: &str,
        bodies: impl Iterator<Item = (Age, Value)>,
    ) -> anyhow::Result<Vec<Value>> {
        let mut calls = Calls::new();
        for (number, (age, body)) in bodies.enumerate() {
            self.begin(&mut calls, number, region, age, &Method::POST, uri, &body)?;
        }
        finish(calls).await
    }

    async fn promote(
        &self,
        instance: &Instance,
        arn: &str,
        users: &[String],
        bots: &[String],
    ) -> anyhow::Result<usize> {
        let uri = format!("/app-instances/{}/admins", encoded(arn));
        let ages = instance.users.iter().map(|user: &User| user.admin_since);
        let of_users = users.iter().zip(ages);
        let ages = instance.bots.iter().map(|bot: &Bot| bot.admin_since);
        let of_bots = bots.iter().zip(ages);
        let mut calls = Calls::new();
        for (number, (member, since)) in of_users.chain(of_bots).enumerate() {
            let Some(age) = since else { continue };
            let body = json!({ "AppInstanceAdminArn": member });
            self.begin(
                &mut calls,
                number,
                instance.region,
                age,
                &Method::POST,
                &uri,
                &body,
            )?;
        }
        Ok(finish(calls).await?.len())
    }

    /// Gives some users a change later than their creation.
    async fn edit(&self, instance: &Instance, users: &[String]) -> anyhow::Result<()> {
        let mut calls = Calls::new();
        for (number, (arn, user)) in users.iter().zip(&instance.users).enumerate() {
            let Some(age) = user.edited else { continue };
            let uri = format!("/app-instance-users/{}", encoded(arn));
            let body = json!({ "Name": user.name, "Metadata": user.metadata });
            self.begin(
                &mut calls,
                number,
                instance.region,
                age,
                &Method::PUT,
                &uri,
                &body,
            )?;
        }
        finish(calls).await.map(drop)
    }

    async fn register(&self, instance: &Instance, users: &[String]) -> anyhow::Result<usize> {
        let each = users.iter().zip(&instance.users);
        let each = each.flat_map(|(arn, user)| user.endpoints.iter().map(move |one| (arn, one)));
        let each: Vec<(&String, &Endpoint)> = each.collect();
        let mut calls = Calls::new();
        for (number, (arn, endpoint)) in each.iter().enumerate() {
            let uri = format!("/app-instance-users/{}/endpoints", encoded(arn));
            let mut body = json!({
                "Name": endpoint.name,
                "Type": endpoint.kind.as_str(),
                "ResourceArn": endpoint.resource(instance.region, account(arn)),
                "EndpointAttributes": { "DeviceToken": endpoint.device_token },
                "AllowMessages": endpoint.allow.as_str(),
                "ClientRequestToken": token("endpoint", number),
            });
            if let Some(token) = &endpoint.voip_device_token {
                body["EndpointAttributes"]["VoipDeviceToken"] = json!(token);
            }
            let (region, age) = (instance.region, endpoint.age);
            self.begin(&mut calls, number, region, age, &Method::POST, &uri, &body)?;
        }
        let made = finish(calls).await?;
        for (made, (_, endpoint)) in made.iter().zip(&each) {
            if let Some(reason) = endpoint.inactive {
                let id = text(made, "EndpointId")?;
                let set = self
                    .emulator
                    .set_endpoint_state(&id, "INACTIVE", Some(reason));
                set.await?;
            }
        }
        Ok(made.len())
    }

    async fn call(
        &self,
        region: Region,
        age: Age,
        method: &Method,
        uri: &str,
        body: &Value,
    ) -> anyhow::Result<Value> {
        let mut calls = Calls::new();
        self.begin(&mut calls, 0, region, age, method, uri, body)?;
        finish(calls).await?.pop().context("a call has one answer")
    }

    #[expect(clippy::too_many_arguments, reason = "a call has that many parts")]
    fn begin(
        &self,
        calls: &mut Calls,
        number: usize,
        region: Region,
        age: Age,
        method: &Method,
        uri: &str,
        body: &Value,
    ) -> anyhow::Result<()> {
        let uri: Uri = uri.parse()?;
        let time = age.before(self.now).0;
        let call = self
            .emulator
            .call_at(time, region.as_str(), method, &uri, body);
        calls.spawn(async move { (number, call.await) });
        Ok(())
    }
}

/// The answers in the order of the numbers. Calls share the commits of the emulator's database, so
/// that hundreds of them take less than a second.
async fn finish(calls: Calls) -> anyhow::Result<Vec<Value>> {
    let mut answers = calls.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    let answers = answers.into_iter().map(|(_, answer)| answer);
    let answers: Result<Vec<_>, _> = answers.collect();
    answers.context("the emulator refused demonstration data")
}

fn text(answer: &Value, member: &str) -> anyhow::Result<String> {
    let found = answer[member].as_str().map(str::to_owned);
    ensure!(found.is_some(), "the emulator answered without {member}");
    Ok(found.unwrap_or_default())
}

fn texts(answers: &[Value], member: &str) -> anyhow::Result<Vec<String>> {
    answers.iter().map(|answer| text(answer, member)).collect()
}

/// Tags as the API takes them. Without tags there is no list, not an empty one.
fn tags(pairs: &[(&str, &str)]) -> Value {
    if pairs.is_empty() {
        return Value::Null;
    }
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| json!({ "Key": key, "Value": value }))
        .collect()
}

fn token(kind: &str, number: usize) -> String {
    format!("demo-{kind}-{number}")
}

/// The account of an ARN.
fn account(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}
