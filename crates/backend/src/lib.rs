//! Everything behind the pages: calls to Chime SDK Identity with access control and audit,
//! operators, sessions, and the database they live in.
//!
//! Knows nothing of HTTP servers and of rendering. The AWS client is private: the one way to it is
//! [`Backend::call`], which authorises, writes the audit row, and only then sends.

mod access;
pub mod audit;
pub mod background;
mod changes;
pub mod clock;
pub mod commands;
pub mod config;
pub mod held;
pub mod identity;
pub mod look;
pub mod measure;
pub mod names;
mod network;
pub mod oidc;
pub mod operators;
pub mod points;
mod proof;
mod purge;
pub mod random;
pub mod sessions;
mod store;
mod task;
mod walk;

use std::fmt;
use std::sync::Arc;

use domain::event::ConsoleEvent;
use domain::input::DescribeAppInstanceUserEndpoint;
use domain::view::RevealedTokens;
use domain::{AccountId, ConnectionId, Failure};
use serde_json::Value;

pub use audit::{
    Actor, ActorKind, Audit, AuditFilter, AuditReader, Entry, Phase, Search, Stop, Verified,
};
pub use changes::Changes;
pub use clock::Clock;
pub use config::{Caller, Config, Connection, ConnectionConfig, Credentials, Origin};
pub use held::{Bounds, Counted, Cursor, Draft, Held};
pub use identity::{CaBundle, CaBundleError, Client, Listing, Made, Request};
pub use look::Looked;
pub use names::Names;
pub use network::{ClientNetwork, canonical};
pub use operators::{
    Asking, Authenticator, Ended, Enrolment, FirstStep, LeakedPasswords, LeakedPasswordsError,
    Notice, NoticeKind, Operator, OperatorChange, OperatorId, Operators, Pending, Proof,
    may_manage,
};
pub use points::{Point, Points};
pub use sessions::{SessionInfo, Sessions};
pub use store::OpenError;
pub use walk::{Rows, Trail, read_on};

use background::Background;
use identity::{Clients, RevealTokens};
use oidc::{PendingSignIn, Providers};
use store::Store;
use task::Task;

/// The one value that the server makes at start and hands to every request. Cheap to clone.
#[derive(Clone)]
pub struct Backend(Arc<Inner>);

struct Inner {
    connection: Connection,
    clients: Clients,
    store: Store,
    operators: Operators,
    audit: Audit,
    sessions: Sessions,
    cursors: Held<Cursor>,
    counts: Held<Counted>,
    places: Held<String>,
    drafts: Held<Draft>,
    strangers: Held<Draft>,
    revealed: Held<RevealedTokens>,
    links: Held<String>,
    providers: Providers,
    pending_sign_ins: Held<PendingSignIn>,
    recovery_codes: Held<Vec<String>>,
    names: Names,
    clock: Clock,
    background: Background,
}

impl Backend {
    /// Opens the database, brings its tables up to date, and prepares the AWS clients. Calls
    /// nothing outside the machine but the database.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        let store = Store::open(&config.database_url).await?;
        Self::over(store, config).await
    }

    /// The same to look at what the audit is like: what guards it is left as it is found.
    pub async fn open_as_it_is(config: Config) -> Result<Self, OpenError> {
        let store = Store::open_as_it_is(&config.database_url).await?;
        Self::over(store, config).await
    }

    async fn over(store: Store, config: Config) -> Result<Self, OpenError> {
        let Config {
            database_url: _,
            connection,
            read_only,
            providers,
            leaked_passwords,
            clock,
        } = config;
        let clients = Clients::new(&connection, clock.clone()).await?;
        let background = Background::default();
        let inner = Inner {
            clients,
            operators: Operators::new(store.clone(), clock.clone(), leaked_passwords),
            audit: Audit::new(store.clone(), clock.clone()),
            sessions: Sessions::new(store.clone(), clock.clone(), background.clone()),
            cursors: Held::new(clock.clone(), Bounds::PAGES),
            counts: Held::new(clock.clone(), Bounds::FEW),
            places: Held::new(clock.clone(), Bounds::FEW),
            drafts: Held::forms(clock.clone()),
            strangers: Held::forms(clock.clone()),
            revealed: Held::new(clock.clone(), Bounds::FEW),
            links: Held::new(clock.clone(), Bounds::FEW),
            providers,
            pending_sign_ins: Held::new(clock.clone(), Bounds::TRIES),
            recovery_codes: Held::new(clock.clone(), Bounds::FEW),
            names: Names::new(clock.clone()),
            store,
            connection: Connection {
                id: connection.id,
                label: connection.label,
                environment: connection.environment,
                regions: connection.regions,
                read_only,
                endpoint_url: connection.endpoint_url,
            },
            clock,
            background,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.0.connection
    }

    /// The account that calls go to: as configured, else as AWS says. Where AWS did not say, why;
    /// it is asked again after a minute.
    pub async fn account(&self) -> Result<AccountId, Failure> {
        self.0.clients.account().await
    }

    /// Calls one operation by a connection for somebody. The input says to which Region.
    ///
    /// A write is in the audit before it is sent, and goes on when the browser that asked for it
    /// is gone.
    pub async fn call<I: Request>(
        &self,
        caller: &Caller,
        connection: &ConnectionId,
        input: I,
    ) -> Result<I::Output, Failure> {
        Task::new(self, caller, connection, input)?.run(None).await
    }

    /// Like [`Backend::call`]; `before` are the values that the write replaces, as the API names
    /// them, for the differences that the audit shows.
    pub async fn call_with_before<I: Request>(
        &self,
        caller: &Caller,
        connection: &ConnectionId,
        input: I,
        before: Value,
    ) -> Result<I::Output, Failure> {
        Task::new(self, caller, connection, input)?
            .run(Some(before))
            .await
    }

    /// Reads the device tokens of an endpoint in full. Unlike other reads this is in the audit,
    /// needs the role Operator, and asks for a fresh proof in production, like a write.
    pub async fn reveal_tokens(
        &self,
        caller: &Caller,
        connection: &ConnectionId,
        input: DescribeAppInstanceUserEndpoint,
    ) -> Result<RevealedTokens, Failure> {
        Task::new(self, caller, connection, RevealTokens(input))?
            .audited_as(ConsoleEvent::RevealDeviceTokens)
            .run(None)
            .await
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn clients(&self) -> &Clients {
        &self.0.clients
    }

    /// Who may sign in.
    pub fn operators(&self) -> &Operators {
        &self.0.operators
    }

    /// What was done.
    pub fn audit(&self) -> &Audit {
        &self.0.audit
    }

    /// Who is signed in: a store for `tower-sessions`.
    pub fn sessions(&self) -> Sessions {
        self.0.sessions.clone()
    }

    /// The time.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Cursors of lists. They belong to no one: whoever has one reads with their own rights.
    pub fn cursors(&self) -> &Held<Cursor> {
        &self.0.cursors
    }

    /// Where counting a list stopped.
    pub fn counts(&self) -> &Held<Counted> {
        &self.0.counts
    }

    /// Where in which list somebody was last: the query of its address.
    pub fn places(&self) -> &Held<String> {
        &self.0.places
    }

    /// Forms of nobody who is signed in that were refused. Apart from those of people, so that
    /// strangers take no room from them.
    pub fn strangers(&self) -> &Held<Draft> {
        &self.0.strangers
    }

    /// Forms of people who are signed in that were refused.
    pub fn drafts(&self) -> &Held<Draft> {
        &self.0.drafts
    }

    /// Tokens on their way to the page that shows them, once.
    pub fn revealed(&self) -> &Held<RevealedTokens> {
        &self.0.revealed
    }

    /// Links for operators on their way to the page that shows them, once.
    pub fn links(&self) -> &Held<String> {
        &self.0.links
    }

    /// Who else may sign people in.
    pub fn providers(&self) -> &Providers {
        &self.0.providers
    }

    /// Sign-ins with a provider that were begun, by their `state`.
    pub fn pending_sign_ins(&self) -> &Held<PendingSignIn> {
        &self.0.pending_sign_ins
    }

    /// Recovery codes on their way to the page that shows them, once.
    pub fn recovery_codes(&self) -> &Held<Vec<String>> {
        &self.0.recovery_codes
    }

    /// What goes on beside requests.
    pub fn background(&self) -> &Background {
        &self.0.background
    }

    /// Names of AppInstances, for headings.
    pub fn names(&self) -> &Names {
        &self.0.names
    }

    /// Whether the database can be read and written.
    pub async fn is_ready(&self) -> bool {
        self.0.store.is_ready().await
    }

    /// Gives writes that an earlier process began and never finished their outcome: unknown. To be
    /// called at start.
    pub async fn recover(&self) {
        self.recover_since(i64::MIN).await;
    }

    /// The same for what was begun since a time.
    pub(crate) async fn recover_since(&self, since: i64) {
        if let Err(failure) = self.0.audit.recover(since).await {
            tracing::error!(
                cause = failure.cause.code(),
                "audit rows left open could not be closed"
            );
        }
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend")
            .field("connection", &self.0.connection)
            .finish_non_exhaustive()
    }
}
