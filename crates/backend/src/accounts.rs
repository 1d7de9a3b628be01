//! People and how they sign in: operators, their sessions, and the providers that vouch for them.
//!
//! Needs a database but not AWS, so the command line uses it to change operators too. Each change
//! and its row in the audit are one transaction.

pub mod oidc;
pub mod operators;
mod purge;
pub mod sessions;

use std::sync::Arc;

use crate::access::Access;
use crate::audit::Audit;
use crate::background::Background;
use crate::clock::Clock;
use crate::handover::{Bounds, Handover};
use crate::store::{OpenError, Store};
use oidc::{PendingSignIn, Providers};
use operators::{Hasher, LeakedPasswords, Strength};
use sessions::Sessions;

/// Who may sign in, and who is signed in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Accounts {
    store: Store,
    clock: Clock,
    access: Access,
    audit: Audit,
    hasher: Arc<Hasher>,
    strength: Arc<Strength>,
    leaked: Option<LeakedPasswords>,
    sessions: Sessions,
    providers: Providers,
    pending_sign_ins: Handover<PendingSignIn>,
}

/// What accounts are opened with beside the database.
#[derive(Clone, Debug, Default)]
pub struct AccountsConfig {
    /// Who else may sign people in.
    pub providers: Providers,
    /// Passwords that nobody may choose.
    pub leaked_passwords: Option<LeakedPasswords>,
}

impl Accounts {
    /// Opens the database and brings its tables up to date, for a process that calls no AWS.
    pub async fn open(
        database_url: &str,
        config: AccountsConfig,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let store = Store::open(database_url).await?;
        let audit = Audit::new(store.clone(), clock.clone());
        Ok(Self::new(
            store,
            clock,
            audit,
            Background::default(),
            config,
        ))
    }

    pub(crate) fn new(
        store: Store,
        clock: Clock,
        audit: Audit,
        background: Background,
        config: AccountsConfig,
    ) -> Self {
        Self {
            access: Access::new(store.clone(), clock.clone()),
            sessions: Sessions::new(store.clone(), clock.clone(), background),
            pending_sign_ins: Handover::new(clock.clone(), Bounds::TRIES),
            hasher: Arc::new(Hasher::new()),
            strength: Arc::new(Strength::new()),
            leaked: config.leaked_passwords,
            providers: config.providers,
            store,
            clock,
            audit,
        }
    }

    /// The audit, in which each change of an account is written down.
    pub const fn audit(&self) -> &Audit {
        &self.audit
    }

    /// Who is signed in: a store for `tower-sessions`.
    pub const fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Who else may sign people in.
    pub const fn providers(&self) -> &Providers {
        &self.providers
    }

    /// Sign-ins with a provider that were begun, by their `state`.
    pub const fn pending_sign_ins(&self) -> &Handover<PendingSignIn> {
        &self.pending_sign_ins
    }
}
