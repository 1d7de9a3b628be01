//! Where calls go: the connections of this process, each with its clients and its account.
//!
//! A call names its connection, and the registry finds it. There is one entry today.

mod clients;
mod names;

use std::fmt;
use std::sync::Arc;

use domain::rate::Rates;
use domain::{AccountId, Cause, ConnectionId, Environment, Failure, Region, Scope};

use crate::budget::{Budget, Lane};
use crate::clock::Clock;
use crate::identity::{CaBundleError, Client};
use clients::Clients;

pub use names::Names;

/// What a connection is opened with.
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
    /// Refuses every write.
    pub read_only: bool,
    /// How many calls a second it may make.
    pub rates: Rates,
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

/// A connection as pages show it. Holds no secret.
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

/// A connection with what calls by it.
struct Entry {
    connection: Connection,
    clients: Clients,
    budget: Budget,
}

impl Entry {
    async fn open(config: ConnectionConfig, clock: Clock) -> Result<Self, CaBundleError> {
        let clients = Clients::new(&config, clock).await?;
        let connection = Connection {
            id: config.id,
            label: config.label,
            environment: config.environment,
            regions: config.regions,
            read_only: config.read_only,
            endpoint_url: config.endpoint_url,
        };
        Ok(Self {
            connection,
            clients,
            budget: Budget::new(config.rates),
        })
    }
}

/// The connections. Cheap to clone.
#[derive(Clone)]
pub struct Connections {
    /// The one that the process was started with. It is always there.
    first: Arc<Entry>,
}

impl Connections {
    /// Makes the clients. Sends no request.
    pub(crate) async fn open(
        config: ConnectionConfig,
        clock: Clock,
    ) -> Result<Self, CaBundleError> {
        let first = Arc::new(Entry::open(config, clock).await?);
        Ok(Self { first })
    }

    fn entry(&self, id: &ConnectionId) -> Option<&Entry> {
        (self.first.connection.id == *id).then_some(&*self.first)
    }

    /// The connection with this name.
    pub fn get(&self, id: &ConnectionId) -> Option<&Connection> {
        self.entry(id).map(|entry| &entry.connection)
    }

    /// The connection for pages that are about no connection, such as the overview.
    pub fn first(&self) -> &Connection {
        &self.first.connection
    }

    /// The account that calls of a connection go to: as configured, otherwise as AWS says. Fails
    /// with the reason when AWS did not say; AWS is asked again after a minute.
    pub async fn account(&self, id: &ConnectionId) -> Result<AccountId, Failure> {
        let entry = self.entry(id).ok_or(Cause::NoSuchPage)?;
        entry.clients.account().await
    }

    /// The account, if it is known already.
    pub(crate) fn known_account(&self, id: &ConnectionId) -> Option<&AccountId> {
        self.entry(id)?.clients.known_account()
    }

    /// What is left of the calls that a connection may make.
    pub fn budget(&self, id: &ConnectionId) -> Option<&Budget> {
        self.entry(id).map(|entry| &entry.budget)
    }

    /// The client of a connection and Region, if there are both. For `call` alone.
    pub(crate) fn client(&self, scope: &Scope, lane: Lane) -> Option<Client> {
        self.entry(&scope.connection)?
            .clients
            .of(scope.region, lane)
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections")
            .field("first", &self.first.connection.id)
            .finish()
    }
}
