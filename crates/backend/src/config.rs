//! What a backend is opened with, and what pages may know of it.

use std::fmt;
use std::net::IpAddr;

use domain::{AccountId, ConnectionId, Environment, Grant, Region, Role, Timestamp};

use crate::changes::Changes;
use crate::clock::Clock;
use crate::oidc::Providers;
use crate::operators::{LeakedPasswords, OperatorId};

/// What [`crate::Backend::open`] needs.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite:…` or `postgres://…`.
    pub database_url: String,
    /// Where calls go.
    pub connection: ConnectionConfig,
    /// Refuses every write.
    pub read_only: bool,
    /// Who else may sign people in.
    pub providers: Providers,
    /// Passwords that nobody may choose.
    pub leaked_passwords: Option<LeakedPasswords>,
    /// Tells the time.
    pub clock: Clock,
}

/// Where calls go.
#[derive(Clone, Debug)]
pub struct ConnectionConfig {
    /// Its name, which is the first segment of paths.
    pub id: ConnectionId,
    /// What people call it.
    pub label: String,
    /// What kind of data it holds.
    pub environment: Environment,
    /// The Regions to offer, the first being the default. At least one.
    pub regions: Vec<Region>,
    /// Who calls.
    pub credentials: Credentials,
    /// An emulator or proxy instead of AWS.
    pub endpoint_url: Option<String>,
    /// The account, when it need not be asked for.
    pub account: Option<AccountId>,
}

/// The AWS credentials that the server calls with.
#[derive(Clone)]
pub enum Credentials {
    /// The standard chain: environment, profile, SSO, container, instance.
    Default,
    /// A key pair.
    Static {
        /// The public half.
        access_key_id: String,
        /// The secret half.
        secret_access_key: String,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "Default",
            Self::Static { .. } => "Static(…)",
        })
    }
}

/// The connection as pages show it. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its name, which is the first segment of paths.
    pub id: ConnectionId,
    /// What people call it.
    pub label: String,
    /// What kind of data it holds.
    pub environment: Environment,
    /// The Regions to offer, the first being the default.
    pub regions: Vec<Region>,
    /// Whether every write is refused.
    pub read_only: bool,
    /// An emulator or proxy instead of AWS.
    pub endpoint_url: Option<String>,
}

/// Where a request came from, before anybody is known to have sent it.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The address; nothing for the command line.
    pub remote: Option<IpAddr>,
    /// The id of the HTTP request; empty for the command line.
    pub request_id: String,
}

/// Who asks: an operator that is signed in, as the session and the request tell.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The operator.
    pub operator: OperatorId,
    /// The operator's name, kept in the audit.
    pub username: String,
    /// What the operator may do.
    pub role: Role,
    /// Where the operator may do it.
    pub grant: Grant,
    /// Where the request came from.
    pub remote: Option<IpAddr>,
    /// The id of the HTTP request.
    pub request_id: String,
    /// When they last proved who they are: by signing in, or by unlocking writes.
    pub proved: Option<Timestamp>,
    /// The name of the session that they ask by (`SessionInfo::sid`); nothing for the console itself,
    /// whose rights are those given here.
    pub session: Option<String>,
    /// What the request has sent so far.
    pub changes: Changes,
}
