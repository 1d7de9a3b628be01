//! Calls to Chime SDK Identity: domain types in, domain types out.
//!
//! Nothing outside this module names a type of the AWS SDK.

mod admins;
mod app_instances;
mod bots;
mod classify;
mod client;
mod clock;
mod convert;
mod endpoints;
mod observe;
mod reach;
mod retention;
mod retry;
mod tags;
#[cfg(test)]
mod tests;
mod transport;
mod users;

use std::fmt;
use std::future::Future;

use domain::arn::AppInstanceArn;
use domain::input::Input;
use domain::{Failure, Given};

pub(crate) use client::AccountClient;
pub use client::Client;
pub(crate) use endpoints::RevealTokens;
pub(crate) use observe::{Observed, observed};
pub use transport::{CaBundle, CaBundleError};
pub(crate) use transport::{Proxies, is_loopback, without_proxy};

/// An input that can be sent. Implemented for all of `domain::input`; the two that are about no
/// resource can be sent once a Region is chosen for them.
pub trait Request: Input + Clone + Send + Sync + 'static {
    /// What the operation answers.
    type Output: Send + 'static;

    /// Sends it. Only a started task has a client to send it with.
    fn send(&self, client: &Client) -> impl Future<Output = Result<Self::Output, Failure>> + Send;

    /// Removes what belongs to AppInstances that are not covered. An item that does not say to
    /// which AppInstance it belongs needs a grant for the whole Region. Implement this where an
    /// answer tells of more than the resource of the input.
    fn cut(
        output: Self::Output,
        _covers: &dyn Fn(Option<&AppInstanceArn>) -> bool,
    ) -> Self::Output {
        output
    }

    /// What the answer says was made, so that the audit finds it under its own ARN.
    fn made(_output: &Self::Output) -> Option<Made> {
        None
    }
}

/// What a call made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// A resource with an ARN.
    Resource(String),
    /// An endpoint, which has an id within its user.
    Endpoint(String),
}

impl Made {
    /// The resource with this ARN; `None` when AWS gave no ARN.
    fn resource<T>(arn: &Given<T>) -> Option<Self> {
        let text = arn.as_str();
        (!text.is_empty()).then(|| Self::Resource(text.to_owned()))
    }
}

/// Some items of a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The items, in the order of the service.
    pub items: Vec<T>,
    /// The token that gives the items after them. Never leaves the server: see [`crate::Cursor`].
    pub next_token: Option<String>,
}

impl<T> fmt::Debug for Listing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("items", &self.items.len())
            .field("next_token", &self.next_token.is_some())
            .finish()
    }
}
