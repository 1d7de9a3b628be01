//! A later look at a write whose answer was lost: whether AWS carried it out, as far as reading
//! the resource tells.

use domain::arn::{MemberArn, ResourceArn};
use domain::event::ConsoleEvent;
use domain::input::{
    DescribeAppInstance, DescribeAppInstanceAdmin, DescribeAppInstanceBot, DescribeAppInstanceUser,
    DescribeAppInstanceUserEndpoint, GetAppInstanceRetentionSettings, ListTagsForResource,
};
use domain::snapshot::{Snapshot, replaced};
use domain::view::{AppInstance, AppInstanceBot, AppInstanceUser, Endpoint};
use domain::{Cause, Failure, Operation, Scope, Timestamp};
use serde_json::{Value, json};

use crate::access::{Caller, covers, may_settle};
use crate::audit::{Entry, Outcome, Phase};
use crate::call::Calls;
use crate::identity::Request;
use crate::points::Point;

/// Milliseconds for which AWS may still be applying the write; until then a missing or unchanged
/// resource proves nothing.
const SETTLES: i64 = 60_000;

/// The same for deleting an AppInstance, which AWS goes on with after it answered the call.
const DELETED: i64 = 3_600_000;

/// How far our clock and that of AWS may differ, in milliseconds.
const SKEW: i64 = 5_000;

/// What a look found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It was carried out.
    Done,
    /// It was not.
    NotDone,
    /// Reading does not tell, or not yet.
    Unclear,
}

/// Looks whether a write with an unknown outcome was carried out, and adds what is found to the
/// audit. Calls AWS to read only. Needs the role Operator and, in production, a fresh proof, since
/// it decides what the audit says for good.
pub async fn look(calls: &Calls, caller: &Caller, entry: &Entry) -> Result<Looked, Failure> {
    let connection = entry.connection.as_ref();
    let connection = connection.and_then(|id| calls.connections().get(id));
    let may_look = |caller: &Caller| may_settle(caller, connection, calls.access().now());
    let audit = calls.audit();
    if let Err(failure) = may_look(caller) {
        let detail = json!({ "Entry": entry.id });
        audit
            .note_refusal(&caller.into(), ConsoleEvent::LookAgain, detail, &failure)
            .await?;
        return Err(failure);
    }
    match entry.phase {
        Phase::Unknown => {}
        // Somebody else was faster.
        Phase::Succeeded => return Ok(Looked::Done),
        Phase::Failed => return Ok(Looked::NotDone),
        Phase::Begun | Phase::Refused | Phase::Noted => return Err(Cause::NoSuchPage.into()),
    }
    let (Some(connection), Some(region)) = (entry.connection.clone(), entry.region) else {
        return Err(Cause::NoSuchPage.into());
    };
    let scope = Scope { connection, region };
    let look = Look {
        calls,
        caller,
        scope,
        entry,
    };
    let found = match entry.event.operation() {
        Some(operation) => look.find(operation).await?,
        None => Looked::Unclear,
    };
    let outcome = match found {
        Looked::Done => Some(Outcome::Succeeded),
        Looked::NotDone if look.age() >= SETTLES => Some(Outcome::Failed("not-done")),
        Looked::NotDone | Looked::Unclear => None,
    };
    audit.points().reach(Point::OutcomeFound).await;
    let still = |caller: &Caller| {
        may_look(caller)?;
        look.stay_inside(caller)
    };
    audit.looked(caller, &entry.id, outcome, still).await?;
    Ok(if outcome.is_some() {
        found
    } else {
        Looked::Unclear
    })
}

struct Look<'a> {
    calls: &'a Calls,
    caller: &'a Caller,
    scope: Scope,
    entry: &'a Entry,
}

impl Look<'_> {
    fn age(&self) -> i64 {
        self.calls.access().now().since(self.entry.at)
    }

    /// Answers for an entry outside the caller's grant as if it did not exist.
    fn stay_inside(&self, caller: &Caller) -> Result<(), Failure> {
        let resource = self.resource();
        let instance = resource.as_ref().map(ResourceArn::instance);
        if covers(caller, &self.scope, instance) {
            return Ok(());
        }
        Err(Cause::NoSuchPage.into())
    }

    fn resource(&self) -> Option<ResourceArn> {
        self.entry.resource.as_ref()?.known().cloned()
    }

    async fn find(&self, operation: Operation) -> Result<Looked, Failure> {
        let seen = self.see(operation).await?;
        Ok(match operation {
            Operation::CreateAppInstanceUser | Operation::CreateAppInstanceAdmin => {
                self.made(&seen)
            }
            Operation::DeleteAppInstance if self.age() < DELETED && seen != Seen::Missing => {
                Looked::Unclear
            }
            Operation::DeleteAppInstance
            | Operation::DeleteAppInstanceUser
            | Operation::DeleteAppInstanceBot
            | Operation::DeleteAppInstanceAdmin
            | Operation::DeregisterAppInstanceUserEndpoint => self.gone(&seen),
            Operation::TagResource => self.tagged(&seen),
            Operation::UntagResource => self.untagged(&seen),
            _ => self.changed(&seen),
        })
    }

    fn made(&self, seen: &Seen) -> Looked {
        match seen {
            Seen::There {
                created: Some(at), ..
            } if at.since(self.entry.at) >= -SKEW => Looked::Done,
            // It is missing, or it was there before the call, so AWS refused to make it.
            Seen::There {
                created: Some(_), ..
            }
            | Seen::Missing => Looked::NotDone,
            Seen::There { .. } | Seen::Unreadable => Looked::Unclear,
        }
    }

    fn gone(&self, seen: &Seen) -> Looked {
        match seen {
            Seen::Missing => Looked::Done,
            // It was made anew.
            Seen::There {
                created: Some(at), ..
            } if at.since(self.entry.at) > SKEW => Looked::Done,
            Seen::There { .. } => Looked::NotDone,
            Seen::Unreadable => Looked::Unclear,
        }
    }

    /// Done if everything is as the write wanted it, not done if it is as before; otherwise
    /// somebody changed it since.
    fn changed(&self, seen: &Seen) -> Looked {
        let Seen::There { now, .. } = seen else {
            return Looked::Unclear;
        };
        let is_as = |values: &Value| {
            let mut members = now.as_object().into_iter().flatten();
            members.all(|(name, value)| values[name] == *value)
        };
        if is_as(&self.entry.input) {
            Looked::Done
        } else if self.entry.before.as_ref().is_some_and(is_as) {
            Looked::NotDone
        } else {
            Looked::Unclear
        }
    }

    fn tagged(&self, seen: &Seen) -> Looked {
        let wanted = self.entry.input["Tags"].as_array();
        all_or_none(seen, wanted, true, <[Value]>::contains)
    }

    fn untagged(&self, seen: &Seen) -> Looked {
        let gone = self.entry.input["TagKeys"].as_array();
        all_or_none(seen, gone, false, |present, key| {
            present.iter().any(|tag| tag["Key"] == *key)
        })
    }

    /// Reads what the operation was about, as far as it can be told from the entry.
    async fn see(&self, operation: Operation) -> Result<Seen, Failure> {
        let Some(resource) = self.resource() else {
            return Ok(Seen::Unreadable);
        };
        let input = &self.entry.input;
        match operation {
            // AWS cannot look up what was made with a token, and something else may have the same
            // name.
            Operation::CreateAppInstance
            | Operation::CreateAppInstanceBot
            | Operation::RegisterAppInstanceUserEndpoint => Ok(Seen::Unreadable),
            Operation::TagResource | Operation::UntagResource => {
                let resource_arn = resource;
                let read = ListTagsForResource { resource_arn };
                self.read(read, |tags| (tags.snapshot(), None)).await
            }
            Operation::PutAppInstanceRetentionSettings => {
                let app_instance_arn = resource.instance().clone();
                let read = GetAppInstanceRetentionSettings { app_instance_arn };
                self.read(read, |kept| (kept.snapshot(), None)).await
            }
            Operation::CreateAppInstanceAdmin | Operation::DeleteAppInstanceAdmin => {
                self.admin(resource).await
            }
            Operation::UpdateAppInstanceUserEndpoint
            | Operation::DeregisterAppInstanceUserEndpoint => {
                let (ResourceArn::User(user), Some(id)) = (resource, input["EndpointId"].as_str())
                else {
                    return Ok(Seen::Unreadable);
                };
                let read = DescribeAppInstanceUserEndpoint {
                    app_instance_user_arn: user,
                    endpoint_id: id.to_owned(),
                };
                let now = |found: &Endpoint| replaced(operation, input, found);
                self.read(read, |found| (now(&found), found.created)).await
            }
            _ => match resource {
                ResourceArn::Instance(app_instance_arn) => {
                    let read = DescribeAppInstance { app_instance_arn };
                    let now = |found: &AppInstance| replaced(operation, input, found);
                    self.read(read, |found| (now(&found), found.created)).await
                }
                ResourceArn::User(app_instance_user_arn) => {
                    let read = DescribeAppInstanceUser {
                        app_instance_user_arn,
                    };
                    let now = |found: &AppInstanceUser| replaced(operation, input, found);
                    self.read(read, |found| (now(&found), found.created)).await
                }
                ResourceArn::Bot(app_instance_bot_arn) => {
                    let read = DescribeAppInstanceBot {
                        app_instance_bot_arn,
                    };
                    let now = |found: &AppInstanceBot| replaced(operation, input, found);
                    self.read(read, |found| (now(&found), found.created)).await
                }
            },
        }
    }

    /// Reads something that may be missing. AWS answers for something missing as if it were
    /// forbidden.
    async fn read<I: Request>(
        &self,
        read: I,
        seen: impl FnOnce(I::Output) -> (Value, Option<Timestamp>),
    ) -> Result<Seen, Failure> {
        let connection = &self.scope.connection;
        match self.calls.call(self.caller, connection, read).await {
            Ok(found) => {
                let (now, created) = seen(found);
                Ok(Seen::There { now, created })
            }
            Err(failure) if matches!(failure.cause, Cause::Forbidden | Cause::NotFound) => {
                Ok(Seen::Missing)
            }
            Err(failure) => Err(failure),
        }
    }

    async fn admin(&self, resource: ResourceArn) -> Result<Seen, Failure> {
        let member = match resource {
            ResourceArn::User(arn) => MemberArn::User(arn),
            ResourceArn::Bot(arn) => MemberArn::Bot(arn),
            ResourceArn::Instance(_) => return Ok(Seen::Unreadable),
        };
        let read = DescribeAppInstanceAdmin {
            app_instance_arn: member.instance().clone(),
            app_instance_admin_arn: member,
        };
        self.read(read, |admin| (Value::Null, admin.since)).await
    }
}

/// Compares each value that was asked for with what is there: `done` is what `is_there` says of it
/// once the call was carried out.
fn all_or_none(
    seen: &Seen,
    asked: Option<&Vec<Value>>,
    done: bool,
    is_there: impl Fn(&[Value], &Value) -> bool,
) -> Looked {
    let (Seen::There { now, .. }, Some(asked)) = (seen, asked) else {
        return Looked::Unclear;
    };
    let present = now["Tags"].as_array().map_or(&[][..], Vec::as_slice);
    let count = asked
        .iter()
        .filter(|item| is_there(present, item) == done)
        .count();
    if count == asked.len() {
        Looked::Done
    } else if count == 0 {
        Looked::NotDone
    } else {
        Looked::Unclear
    }
}

/// What reading the resource of an entry gave.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    /// The entry does not say what to read.
    Unreadable,
    /// It is not there.
    Missing,
    /// It is there.
    There {
        /// Its values, as the API's input names them.
        now: Value,
        /// When it was made.
        created: Option<Timestamp>,
    },
}
