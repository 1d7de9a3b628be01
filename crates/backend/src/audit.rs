//! What was done, by whom, with what outcome.
//!
//! Append-only: a write leaves a row before it is sent and another with its outcome. Each row
//! holds a hash over itself and the row before, so that an edit or a gap shows.

mod append;
mod chain;
mod open;
mod query;
mod read;
mod recover;
mod row;
mod turns;
mod walk;

use std::net::IpAddr;
use std::str::FromStr;

use domain::arn::{AppInstanceArn, ResourceArn};
use domain::{ConnectionId, Event, Given, JobId, Region, Scope, Timestamp};
use serde_json::Value;

use crate::access::{Caller, OperatorId, Origin};
use crate::clock::Clock;
use crate::points::Points;
use crate::store::{OpenError, Store};

pub(crate) use append::mask;
pub use chain::Verified;
pub use query::AuditFilter;
pub use read::AuditReader;
pub use walk::{Search, Stop};

/// Who the audit names for what was done from the shell. No operator can have this name.
pub const SHELL: &str = "(command line)";

/// The audit of one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Audit {
    store: Store,
    clock: Clock,
    open: open::Open,
    turns: turns::Turns,
}

impl Audit {
    /// Opens the database only to read the audit: the triggers that guard it are left as they are
    /// found.
    pub async fn open_as_it_is(database_url: &str, clock: Clock) -> Result<Self, OpenError> {
        let store = Store::open_as_it_is(database_url).await?;
        Ok(Self::new(store, clock))
    }

    pub(crate) fn new(store: Store, clock: Clock) -> Self {
        Self {
            store,
            clock,
            open: open::Open::default(),
            turns: turns::Turns::default(),
        }
    }

    /// Where a test can hold a request. It does nothing in a build that is not for tests.
    pub const fn points(&self) -> &Points {
        self.store.points()
    }
}

/// How far something got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Sent, or about to be.
    Begun,
    /// AWS did it.
    Succeeded,
    /// AWS or the console did not do it.
    Failed,
    /// No answer came, or the process ended before one did.
    Unknown,
    /// It was not allowed, and never sent.
    Refused,
    /// An event of the console itself: somebody signed in, an operator was added.
    Noted,
}

impl Phase {
    /// Every phase.
    pub const ALL: &[Self] = &[
        Self::Begun,
        Self::Succeeded,
        Self::Failed,
        Self::Unknown,
        Self::Refused,
        Self::Noted,
    ];

    /// The word for it, in the database and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::Noted => "noted",
        }
    }
}

impl FromStr for Phase {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL
            .iter()
            .copied()
            .find(|phase| phase.name() == name)
            .ok_or(())
    }
}

/// What kind of account something was done with, which a name alone does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// The shell, or the program itself when it starts.
    Shell,
    /// An operator who signs in with a password.
    Password,
    /// An operator who signs in with a provider.
    Provider,
    /// Nobody who is known.
    Nobody,
}

impl ActorKind {
    /// Derived from stored facts that nobody can choose: only HTTP requests have an id, and an
    /// operator has either a password or a provider, for good.
    const fn of(has_request: bool, has_operator: bool, has_provider: bool) -> Self {
        match (has_request, has_operator, has_provider) {
            (false, _, _) => Self::Shell,
            (true, false, _) => Self::Nobody,
            (true, true, false) => Self::Password,
            (true, true, true) => Self::Provider,
        }
    }

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shell => "shell",
            Self::Password => "password",
            Self::Provider => "provider",
            Self::Nobody => "nobody",
        }
    }
}

/// One thing that was done or tried, with its outcome as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The operation id that pages show.
    pub id: String,
    /// Its place in the audit: the `before_seq` of the page after.
    pub seq: i64,
    /// When it was begun.
    pub at: Timestamp,
    /// Who did it; `None` for events before a sign-in and for the command line.
    pub operator: Option<OperatorId>,
    /// Their name at the time.
    pub username: String,
    /// What kind of account it was done with.
    pub actor: ActorKind,
    /// Where the request came from.
    pub remote: Option<IpAddr>,
    /// The id of the HTTP request.
    pub request: String,
    /// The connection.
    pub connection: Option<ConnectionId>,
    /// The Region.
    pub region: Option<Region>,
    /// What it is about.
    pub event: Event,
    /// The ARN that it was about.
    pub resource: Option<Given<ResourceArn>>,
    /// The ARN of the AppInstance around that.
    pub instance: Option<Given<AppInstanceArn>>,
    /// How far it got.
    pub phase: Phase,
    /// The input as the API's JSON, device tokens masked; the detail of an event.
    pub input: Value,
    /// The values that it replaced, where they were known.
    pub before: Option<Value>,
    /// The code of the failure (`domain::Cause::code`).
    pub failure: Option<String>,
    /// The request id that AWS gave.
    pub aws_request: Option<String>,
    /// When the outcome was written.
    pub finished_at: Option<Timestamp>,
    /// The job that did it.
    pub job: Option<JobId>,
    /// Who found the outcome by looking later; nobody when AWS had answered.
    pub looked_by: Option<String>,
    /// Whether a cell of its row is damaged: not of a form that this program writes. The other
    /// members hold what could be read.
    pub damaged: bool,
}

/// Who an event is about, for [`Audit::note`].
#[derive(Clone, Debug)]
pub struct Actor<'a> {
    /// The operator, when one is known.
    pub operator: Option<&'a OperatorId>,
    /// The name; for a failed sign-in leave it empty, people type passwords there.
    pub username: &'a str,
    /// Where the request came from.
    pub remote: Option<IpAddr>,
    /// The id of the HTTP request; empty for the command line.
    pub request_id: &'a str,
}

impl<'a> Actor<'a> {
    /// The person at the command line of the console's machine.
    pub const SHELL: Self = Self {
        operator: None,
        username: SHELL,
        remote: None,
        request_id: "",
    };

    /// An operator who is not signed in yet, by id and name, or nobody who is known.
    pub(crate) fn new(operator: Option<(&'a OperatorId, &'a str)>, origin: &'a Origin) -> Self {
        Self {
            operator: operator.map(|(id, _)| id),
            username: operator.map_or("", |(_, name)| name),
            remote: origin.remote,
            request_id: &origin.request_id,
        }
    }
}

impl<'a> From<&'a Caller> for Actor<'a> {
    fn from(caller: &'a Caller) -> Self {
        Self {
            operator: Some(&caller.operator),
            username: &caller.username,
            remote: caller.remote,
            request_id: &caller.request_id,
        }
    }
}

/// A call as it is about to be sent.
pub(crate) struct Begun<'a> {
    pub(crate) actor: Actor<'a>,
    pub(crate) scope: &'a Scope,
    pub(crate) operation: &'a str,
    pub(crate) resource: Option<String>,
    pub(crate) instance: Option<String>,
    pub(crate) input: Value,
    pub(crate) before: Option<Value>,
    pub(crate) job: Option<String>,
}

/// How a call ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    Succeeded,
    Failed(&'static str),
    Unknown,
}

impl Outcome {
    pub(crate) const fn phase(self) -> Phase {
        match self {
            Self::Succeeded => Phase::Succeeded,
            Self::Failed(_) => Phase::Failed,
            Self::Unknown => Phase::Unknown,
        }
    }
}
