//! Signing in with a provider: OpenID Connect, authorization code with PKCE, state and nonce.
//!
//! Speaks with providers and finds out who somebody is. `operators::identities` makes an operator
//! with a role of them.

mod address;
mod claims;
mod config;
mod groups;
mod http;
mod provider;
mod provider_claims;
mod published;
mod relying;
mod sign_in;
mod signed;
mod token;

pub use config::{ConfigError, ProviderConfig};
pub use provider::{Provider, ProviderIdentity};
pub use sign_in::{CallbackParameters, Finished, PendingSignIn, Purpose};

use std::sync::Arc;

/// How long a sign-in may take, in milliseconds.
const SIGN_IN_LASTS: i64 = 600_000;

/// The providers that people may sign in with, in the order of the configuration. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Providers(Arc<Vec<Provider>>);

impl Providers {
    /// Checks the configuration. Sends no request, so the console starts even when a provider is
    /// down.
    pub fn new(configs: Vec<ProviderConfig>) -> Result<Self, ConfigError> {
        config::check(&configs)?;
        let providers: Result<_, _> = configs.into_iter().map(Provider::new).collect();
        Ok(Self(Arc::new(providers?)))
    }

    /// All providers, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }

    /// The provider with this id, if it is configured.
    pub fn get(&self, id: &str) -> Option<&Provider> {
        self.iter().find(|provider| provider.id() == id)
    }
}
