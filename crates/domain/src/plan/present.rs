//! What was read of a resource before it is changed.

use serde_json::{Value, json};

use crate::snapshot::Snapshot;
use crate::tag::Tags;
use crate::timestamp::Timestamp;
use crate::view::{
    AppInstance, AppInstanceBot, AppInstanceUser, AppInstanceUserSummary, Endpoint, EndpointSummary,
};

/// A resource as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named for what it is")]
pub enum Described {
    Instance(AppInstance),
    User(AppInstanceUser),
    Bot(AppInstanceBot),
    Endpoint(Endpoint),
    /// A user of whom only the row of a list is known.
    Listed(AppInstanceUserSummary),
}

impl Described {
    /// When it was created, where AWS says so.
    pub fn created(&self) -> Option<Timestamp> {
        match self {
            Self::Instance(instance) => instance.created,
            Self::User(user) => user.created,
            Self::Bot(bot) => bot.created,
            Self::Endpoint(endpoint) => endpoint.created,
            Self::Listed(_) => None,
        }
    }
}

/// What was read. What was not is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// Whether it is not there. What may not be seen is not there either: AWS answers the same.
    pub is_missing: bool,
    /// The resource itself.
    pub resource: Option<Described>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// Whether it is an admin.
    pub is_admin: Option<bool>,
    /// The endpoints of a user.
    pub endpoints: Option<Vec<EndpointSummary>>,
}

impl Present {
    /// What is known of something that is not there.
    pub fn missing() -> Self {
        Self {
            is_missing: true,
            ..Self::default()
        }
    }
}

/// The members of all that was read, with `IsAdmin` and `Endpoints` beside those of the API. Never a
/// device token.
impl Snapshot for Present {
    fn snapshot(&self) -> Value {
        let mut whole = match &self.resource {
            None => json!({}),
            Some(Described::Instance(instance)) => instance.snapshot(),
            Some(Described::User(user)) => user.snapshot(),
            Some(Described::Bot(bot)) => bot.snapshot(),
            Some(Described::Endpoint(endpoint)) => endpoint.snapshot(),
            Some(Described::Listed(user)) => {
                json!({ "Name": user.name, "Metadata": user.metadata })
            }
        };
        if let Some(tags) = &self.tags {
            whole["Tags"] = json!(tags);
        }
        if let Some(is_admin) = self.is_admin {
            whole["IsAdmin"] = json!(is_admin);
        }
        if let Some(endpoints) = &self.endpoints {
            let each = endpoints.iter().map(|endpoint| {
                json!({
                    "EndpointId": endpoint.id,
                    "Name": endpoint.name,
                    "Type": endpoint.kind,
                    "AllowMessages": endpoint.allow_messages.as_str(),
                })
            });
            whole["Endpoints"] = each.collect();
        }
        whole
    }
}
