//! What a change takes, given what is there.

use serde::{Deserialize, Serialize};

use super::{Change, Described, Expires, Present, Subject, Why};
use crate::arn::{AppInstanceUserArn, MemberArn, ResourceArn};
use crate::consequence::{self, ExpirationEffect};
use crate::input::{
    AnyInput, CreateAppInstanceAdmin, CreateAppInstanceUser, DeleteAppInstanceAdmin,
    DeleteAppInstanceBot, DeleteAppInstanceUser, DeregisterAppInstanceUserEndpoint,
    EndpointAttributes, ExpirationSettings, PutAppInstanceUserExpirationSettings,
    RegisterAppInstanceUserEndpoint, TagResource, UntagResource, UpdateAppInstanceUser,
    UpdateAppInstanceUserEndpoint,
};
use crate::job::{UnknownWord, Verdict};
use crate::name::{EndpointName, Metadata, UserId, UserName};
use crate::settings::{AllowMessages, Days};
use crate::tag::{MAX_TAGS, Tags};
use crate::timestamp::Timestamp;
use crate::token::RequestToken;

words! {
    /// What a row does that its calls do not show.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Warning {
        /// The user is older than it may get, and will be deleted within hours.
        ExpiresNow => "expires-now",
        /// It is deleted for good.
        Deletes => "deletes",
    }
    /// The word for it in the database.
    fn name, read by str::eq, else UnknownWord = UnknownWord;
}

/// What is to be done to a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is done.
    pub verdict: Verdict,
    /// Why it is not.
    pub why: Option<Why>,
    /// The calls, in their order. None unless it is done.
    pub calls: Vec<AnyInput>,
    /// What else it does.
    pub warning: Option<Warning>,
}

impl Decision {
    fn will(calls: Vec<AnyInput>, warning: Option<Warning>) -> Self {
        Self {
            verdict: Verdict::Will,
            why: None,
            calls,
            warning,
        }
    }

    fn without(verdict: Verdict, why: Why) -> Self {
        Self {
            verdict,
            why: Some(why),
            calls: Vec::new(),
            warning: None,
        }
    }

    /// Nothing is to be done.
    pub fn skip(why: Why) -> Self {
        Self::without(Verdict::Skip, why)
    }

    /// It cannot be done.
    pub fn cannot(why: Why) -> Self {
        Self::without(Verdict::Cannot, why)
    }
}

/// Decides what a change takes. `token` is that of the row: made once, so that a create that is sent
/// again makes nothing new.
pub fn decide(
    change: &Change,
    subject: &Subject,
    present: &Present,
    token: &RequestToken,
    now: Timestamp,
) -> Decision {
    let decided = Deciding {
        subject,
        present,
        token,
        now,
    }
    .decide(change);
    decided.unwrap_or_else(Decision::cannot)
}

struct Deciding<'a> {
    subject: &'a Subject,
    present: &'a Present,
    token: &'a RequestToken,
    now: Timestamp,
}

impl Deciding<'_> {
    fn decide(&self, change: &Change) -> Result<Decision, Why> {
        match change {
            Change::Put {
                name,
                metadata,
                expires,
                tags,
                admin,
            } => {
                if self.present.is_missing {
                    let mut calls =
                        self.create(name.as_ref(), metadata.as_ref(), *expires, tags)?;
                    if *admin {
                        calls.extend(self.promote()?);
                    }
                    return Ok(Decision::will(calls, None));
                }
                let mut calls = self.update(name.as_ref(), metadata.as_ref())?;
                let mut warning = None;
                if let Some(expires) = expires {
                    let (call, warns) = self.expire(expires.days())?;
                    calls.extend(call);
                    warning = warns;
                }
                if !tags.is_empty() {
                    calls.extend(self.tag(tags)?);
                }
                if *admin {
                    calls.extend(self.promote()?);
                }
                Ok(done(calls, warning))
            }
            Change::Delete | Change::Deregister if self.present.is_missing => {
                Ok(Decision::skip(Why::AlreadyGone))
            }
            _ if self.present.is_missing => Err(Why::Missing),
            Change::Update { name, metadata } => {
                let calls = self.update(name.as_ref(), metadata.as_ref())?;
                Ok(done(calls, None))
            }
            Change::Expire(expires) => {
                let (call, warning) = self.expire(expires.days())?;
                Ok(done(call.into_iter().collect(), warning))
            }
            Change::Tag(tags) => Ok(done(self.tag(tags)?.into_iter().collect(), None)),
            Change::Untag(keys) => Ok(done(self.untag(keys), None)),
            Change::Promote => Ok(done(self.promote()?, None)),
            Change::Demote => Ok(done(self.demote()?, None)),
            Change::Delete => self.delete(),
            Change::Register {
                name,
                r#type,
                resource_arn,
                device_token,
                voip_device_token,
                allow_messages,
            } => {
                let call = RegisterAppInstanceUserEndpoint {
                    app_instance_user_arn: self.user()?.clone(),
                    name: name.clone(),
                    r#type: *r#type,
                    resource_arn: resource_arn.clone(),
                    endpoint_attributes: EndpointAttributes {
                        device_token: device_token.clone(),
                        voip_device_token: voip_device_token.clone(),
                    },
                    client_request_token: self.token.clone(),
                    allow_messages: allow_messages.unwrap_or(AllowMessages::All),
                };
                Ok(Decision::will(vec![call.into()], None))
            }
            Change::Allow(allow) => self.allow(*allow),
            Change::Deregister => {
                let (app_instance_user_arn, endpoint_id) = self.endpoint()?;
                let call = DeregisterAppInstanceUserEndpoint {
                    app_instance_user_arn,
                    endpoint_id,
                };
                Ok(Decision::will(vec![call.into()], Some(Warning::Deletes)))
            }
        }
    }

    fn user(&self) -> Result<&AppInstanceUserArn, Why> {
        match &self.subject.arn {
            ResourceArn::User(arn) if self.subject.endpoint.is_none() => Ok(arn),
            _ => Err(Why::NotForThis),
        }
    }

    fn member(&self) -> Result<MemberArn, Why> {
        match &self.subject.arn {
            ResourceArn::User(arn) if self.subject.endpoint.is_none() => {
                Ok(MemberArn::User(arn.clone()))
            }
            ResourceArn::Bot(arn) => Ok(MemberArn::Bot(arn.clone())),
            _ => Err(Why::NotForThis),
        }
    }

    fn endpoint(&self) -> Result<(AppInstanceUserArn, String), Why> {
        match (&self.subject.arn, &self.subject.endpoint) {
            (ResourceArn::User(user), Some(id)) => Ok((user.clone(), id.clone())),
            _ => Err(Why::NotForThis),
        }
    }

    fn create(
        &self,
        name: Option<&UserName>,
        metadata: Option<&Metadata>,
        expires: Option<Expires>,
        tags: &Tags,
    ) -> Result<Vec<AnyInput>, Why> {
        let arn = self.user()?;
        let id = UserId::parse(arn.user_id().as_str()).map_err(|_| Why::NotForThis)?;
        let call = CreateAppInstanceUser {
            app_instance_arn: arn.instance().clone(),
            app_instance_user_id: id,
            name: name.cloned().ok_or(Why::NameNeeded)?,
            metadata: metadata.cloned().unwrap_or_default(),
            client_request_token: self.token.clone(),
            tags: tags.clone(),
            expiration_settings: expires
                .and_then(Expires::days)
                .map(ExpirationSettings::after),
        };
        Ok(vec![call.into()])
    }

    fn update(
        &self,
        name: Option<&UserName>,
        metadata: Option<&Metadata>,
    ) -> Result<Vec<AnyInput>, Why> {
        let arn = self.user()?;
        let (had, noted) = match &self.present.resource {
            Some(Described::User(user)) => (&user.name, &user.metadata),
            Some(Described::Listed(user)) => (&user.name, &user.metadata),
            _ => return Err(Why::NotForThis),
        };
        let is_same = name.is_none_or(|name| name.as_str() == had)
            && metadata.is_none_or(|metadata| metadata.as_str() == noted);
        if is_same {
            return Ok(Vec::new());
        }
        // An update replaces both, so what stays is sent again.
        let name = match name {
            Some(name) => name.clone(),
            None => UserName::parse(had).map_err(|_| Why::NameBreaksRule)?,
        };
        let metadata = match metadata {
            Some(metadata) => metadata.clone(),
            None => Metadata::parse(noted).map_err(|_| Why::MetadataBreaksRule)?,
        };
        let call = UpdateAppInstanceUser {
            app_instance_user_arn: arn.clone(),
            name,
            metadata,
        };
        Ok(vec![call.into()])
    }

    fn expire(&self, days: Option<Days>) -> Result<(Option<AnyInput>, Option<Warning>), Why> {
        let arn = self.user()?;
        let Some(Described::User(user)) = &self.present.resource else {
            return Err(Why::NotForThis);
        };
        if user.expires_after == days {
            return Ok((None, None));
        }
        let created = user.created.unwrap_or(self.now);
        let effect = consequence::expiration(created, days, self.now);
        let is_past = matches!(effect, ExpirationEffect::Past(_));
        let call = PutAppInstanceUserExpirationSettings {
            app_instance_user_arn: arn.clone(),
            expiration_settings: days.map(ExpirationSettings::after),
        };
        Ok((Some(call.into()), is_past.then_some(Warning::ExpiresNow)))
    }

    fn tag(&self, tags: &Tags) -> Result<Option<AnyInput>, Why> {
        let present = self.present.tags.clone().unwrap_or_default();
        let pairs = |tags: &Tags| -> Vec<(String, String)> {
            let pair = tags.iter().map(|tag| (tag.key(), tag.value()));
            pair.map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect()
        };
        let kept = pairs(&present).into_iter();
        let kept = kept.filter(|(key, _)| tags.iter().all(|tag| tag.key() != key));
        let wanted = Tags::from_service(kept.chain(pairs(tags)));
        let diff = present.diff(&wanted);
        if diff.is_empty() {
            return Ok(None);
        }
        if !diff.added.is_empty() && wanted.len() > MAX_TAGS as usize {
            return Err(Why::TooManyTags);
        }
        let call = TagResource {
            resource_arn: self.subject.arn.clone(),
            tags: diff.to_set(),
        };
        Ok(Some(call.into()))
    }

    fn untag(&self, keys: &[String]) -> Vec<AnyInput> {
        let present = self.present.tags.iter().flat_map(Tags::iter);
        let there = present
            .map(crate::tag::Tag::key)
            .filter(|key| keys.iter().any(|gone| gone == key));
        let tag_keys: Vec<_> = there.map(ToOwned::to_owned).collect();
        if tag_keys.is_empty() {
            return Vec::new();
        }
        let resource_arn = self.subject.arn.clone();
        vec![
            UntagResource {
                resource_arn,
                tag_keys,
            }
            .into(),
        ]
    }

    fn promote(&self) -> Result<Vec<AnyInput>, Why> {
        let member = self.member()?;
        if self.present.is_admin == Some(true) {
            return Ok(Vec::new());
        }
        let call = CreateAppInstanceAdmin {
            app_instance_arn: member.instance().clone(),
            app_instance_admin_arn: member,
        };
        Ok(vec![call.into()])
    }

    fn demote(&self) -> Result<Vec<AnyInput>, Why> {
        let member = self.member()?;
        if self.present.is_admin != Some(true) {
            return Ok(Vec::new());
        }
        let call = DeleteAppInstanceAdmin {
            app_instance_arn: member.instance().clone(),
            app_instance_admin_arn: member,
        };
        Ok(vec![call.into()])
    }

    /// An admin is demoted first: AWS may refuse to delete one.
    fn delete(&self) -> Result<Decision, Why> {
        let mut calls = self.demote()?;
        calls.push(match self.member()? {
            MemberArn::User(app_instance_user_arn) => DeleteAppInstanceUser {
                app_instance_user_arn,
            }
            .into(),
            MemberArn::Bot(app_instance_bot_arn) => DeleteAppInstanceBot {
                app_instance_bot_arn,
            }
            .into(),
        });
        Ok(Decision::will(calls, Some(Warning::Deletes)))
    }

    fn allow(&self, allow: AllowMessages) -> Result<Decision, Why> {
        let (app_instance_user_arn, endpoint_id) = self.endpoint()?;
        let Some(Described::Endpoint(endpoint)) = &self.present.resource else {
            return Err(Why::NotForThis);
        };
        if endpoint.allow_messages.known() == Some(&allow) {
            return Ok(Decision::skip(Why::AlreadySo));
        }
        let call = UpdateAppInstanceUserEndpoint {
            app_instance_user_arn,
            endpoint_id,
            name: EndpointName::parse(&endpoint.name).map_err(|_| Why::NameBreaksRule)?,
            allow_messages: Some(allow.into()),
        };
        Ok(Decision::will(vec![call.into()], None))
    }
}

/// No calls, nothing to do.
fn done(calls: Vec<AnyInput>, warning: Option<Warning>) -> Decision {
    if calls.is_empty() {
        Decision::skip(Why::AlreadySo)
    } else {
        Decision::will(calls, warning)
    }
}

#[cfg(test)]
mod tests;
