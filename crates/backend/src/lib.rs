//! Everything behind the pages: calls to Chime SDK Identity with access control and audit,
//! operators, sessions, and the database they live in.
//!
//! Knows nothing of HTTP servers and of rendering. The AWS client is private: the one way to it is
//! [`Calls::call`], which authorises, writes the audit row, and only then sends.

pub mod access;
pub mod accounts;
pub mod audit;
pub mod background;
pub mod budget;
mod call;
mod changes;
pub mod clock;
pub mod commands;
pub mod connections;
pub mod handover;
pub mod identity;
pub mod import;
pub mod jobs;
pub mod look;
pub mod measure;
mod network;
pub mod points;
pub mod random;
pub mod selection;
mod store;
mod walk;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::Failure;

pub use access::{Access, Act, Caller, OperatorId, Origin};
pub use accounts::operators::{
    Asking, Authenticator, Ended, Enrolment, FirstStep, LeakedPasswords, LeakedPasswordsError,
    Notice, NoticeKind, Operator, OperatorChange, Pending, Proof, may_manage,
};
pub use accounts::sessions::{SessionInfo, Sessions, Visit};
pub use accounts::{Accounts, AccountsConfig, oidc, sessions};
pub use audit::{
    Actor, ActorKind, Audit, AuditFilter, AuditReader, Entry, Phase, Search, Stop, Verified,
};
pub use budget::{Budget, Pace};
pub use call::Calls;
pub use changes::Changes;
pub use clock::Clock;
pub use connections::{Connection, ConnectionConfig, Connections, Credentials, Names};
pub use handover::{Bounds, Counted, Cursor, Draft, Handover, Revealed};
pub use identity::{CaBundle, CaBundleError, Client, Listing, Made, Request};
pub use jobs::{Job, Jobs};
pub use network::{ClientNetwork, canonical};
pub use points::{Point, Points};
pub use store::OpenError;
pub use walk::{Rows, Trail, read_on};

use background::Background;
use import::Imports;
use selection::Selections;
use store::Store;

/// How often what has expired is taken out of the database.
const PURGE_EVERY: Duration = Duration::from_mins(5);

/// How often writes are looked for that another process began and never finished.
const RECOVER_EVERY: Duration = Duration::from_mins(1);

/// How far back to look for them, in milliseconds: older ones were closed in an earlier round or at
/// the start.
const RECENT: i64 = 3_600_000;

/// What [`Backend::open`] needs.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite:…` or `postgres://…`.
    pub database_url: String,
    /// Where calls go.
    pub connection: ConnectionConfig,
    /// Who may sign in.
    pub accounts: AccountsConfig,
    /// Tells the time.
    pub clock: Clock,
}

/// Why a backend could not be opened, in one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The file of certificates to trust.
    #[error(transparent)]
    CaBundle(#[from] CaBundleError),
}

/// The one value that the server makes at start and hands to every request. Cheap to clone.
///
/// It only puts the parts together; each act is a method of the part that does it.
#[derive(Clone)]
pub struct Backend(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    background: Background,
    audit: Audit,
    accounts: Accounts,
    calls: Calls,
    jobs: Jobs,
    imports: Imports,
    names: Names,
    cursors: Handover<Cursor>,
    counts: Handover<Counted>,
    places: Handover<String>,
    drafts: Handover<Draft>,
    strangers: Handover<Draft>,
    revealed: Handover<Revealed>,
    links: Handover<String>,
    recovery_codes: Handover<Vec<String>>,
    selections: Selections,
}

impl Backend {
    /// Opens the database, brings its tables up to date, and prepares the AWS clients. Connects to
    /// nothing outside the machine but the database.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        let Config {
            database_url,
            connection,
            accounts,
            clock,
        } = config;
        let store = Store::open(&database_url).await?;
        let connections = Connections::open(connection, clock.clone()).await?;
        let background = Background::default();
        let audit = Audit::new(store.clone(), clock.clone());
        let accounts = Accounts::new(
            store.clone(),
            clock.clone(),
            audit.clone(),
            background.clone(),
            accounts,
        );
        let access = Access::new(store.clone(), clock.clone());
        let calls = Calls::new(connections, access, audit.clone(), background.clone());
        let jobs = Jobs::new(store.clone(), clock.clone(), &calls, background.clone());
        let base = (store.clone(), clock.clone());
        Ok(Self(Arc::new(Inner {
            imports: Imports::new(base, jobs.clone(), audit.clone(), background.clone()),
            jobs,
            names: Names::new(clock.clone()),
            cursors: Handover::new(clock.clone(), Bounds::PAGES),
            counts: Handover::new(clock.clone(), Bounds::FEW),
            places: Handover::new(clock.clone(), Bounds::FEW),
            drafts: Handover::forms(clock.clone()),
            strangers: Handover::forms(clock.clone()),
            revealed: Handover::new(clock.clone(), Bounds::FEW),
            links: Handover::new(clock.clone(), Bounds::FEW),
            recovery_codes: Handover::new(clock.clone(), Bounds::FEW),
            selections: Selections::new(clock.clone()),
            store,
            clock,
            background,
            audit,
            accounts,
            calls,
        })))
    }

    /// Where calls go.
    pub fn connections(&self) -> &Connections {
        self.0.calls.connections()
    }

    /// What makes calls.
    pub fn calls(&self) -> &Calls {
        &self.0.calls
    }

    /// Work on many resources.
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// Files that were uploaded and are not a job yet.
    pub fn imports(&self) -> &Imports {
        &self.0.imports
    }

    /// Who may sign in, and who is signed in.
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// Reads the present rights of a caller.
    pub fn access(&self) -> &Access {
        self.0.calls.access()
    }

    /// The audit: what was done, by whom, with what outcome.
    pub fn audit(&self) -> &Audit {
        &self.0.audit
    }

    /// The audit log as somebody may read it now ([`Audit::seen_by`]). Call this again for each
    /// piece of a long reading.
    pub async fn audit_for(&self, caller: &Caller) -> Result<AuditReader, Failure> {
        Ok(self.audit().seen_by(&self.access().still(caller).await?))
    }

    /// Names of AppInstances, for headings.
    pub fn names(&self) -> &Names {
        &self.0.names
    }

    /// The clock that everything here reads the time from.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Where a test can hold a request. It does nothing in a build that is not for tests.
    pub fn points(&self) -> &Points {
        self.0.store.points()
    }

    /// Cursors of lists. They belong to no one: a cursor is read with the rights of the person who
    /// asks.
    pub fn cursors(&self) -> &Handover<Cursor> {
        &self.0.cursors
    }

    /// Counts of lists that stopped before the end, to go on from there.
    pub fn counts(&self) -> &Handover<Counted> {
        &self.0.counts
    }

    /// Where in which list somebody was last: the query of its address.
    pub fn places(&self) -> &Handover<String> {
        &self.0.places
    }

    /// Refused forms of people who are not signed in. Kept apart from those of operators, so that
    /// strangers take no room from them.
    pub fn strangers(&self) -> &Handover<Draft> {
        &self.0.strangers
    }

    /// Refused forms of people who are signed in.
    pub fn drafts(&self) -> &Handover<Draft> {
        &self.0.drafts
    }

    /// Tokens on their way to the page that shows them, once.
    pub fn revealed(&self) -> &Handover<Revealed> {
        &self.0.revealed
    }

    /// Links for operators on their way to the page that shows them, once.
    pub fn links(&self) -> &Handover<String> {
        &self.0.links
    }

    /// Recovery codes on their way to the page that shows them, once.
    pub fn recovery_codes(&self) -> &Handover<Vec<String>> {
        &self.0.recovery_codes
    }

    /// What operators ticked in lists.
    pub fn selections(&self) -> &Selections {
        &self.0.selections
    }

    /// What goes on beside requests.
    pub fn background(&self) -> &Background {
        &self.0.background
    }

    /// Whether the database can be read and written.
    pub async fn is_ready(&self) -> bool {
        self.0.store.is_ready().await
    }

    /// Begins the duties of a process that serves: what has expired leaves the database, and a
    /// write that another process began and never finished gets its outcome. Both are done a first
    /// time right away.
    pub async fn begin_duties(&self) {
        self.audit().recover(i64::MIN).await;
        self.jobs().begin();
        let background = self.background();
        let purging = self.clone();
        background.finish(async move { purging.purge().await });
        let purging = self.clone();
        background.every(PURGE_EVERY, move || {
            let purging = purging.clone();
            async move { purging.purge().await }
        });
        let (audit, clock) = (self.audit().clone(), self.clock().clone());
        background.every(RECOVER_EVERY, move || {
            let audit = audit.clone();
            let since = clock.now().0 - RECENT;
            async move { audit.recover(since).await }
        });
    }
}

impl Backend {
    /// Takes away what has expired.
    async fn purge(&self) {
        self.accounts().purge().await;
        self.jobs().purge().await;
        self.imports().purge().await;
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend")
            .field("connections", self.connections())
            .finish_non_exhaustive()
    }
}
