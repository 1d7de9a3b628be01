//! What is handed over from one request to another that knows its id.

use std::collections::BTreeSet;
use std::fmt;

use domain::view::RevealedTokens;
use domain::{Failure, Operation, Scope};
use serde::{Deserialize, Serialize};

use crate::walk::Trail;

/// Where a list goes on: what a page number in an address stands for.
#[derive(Clone, Serialize, Deserialize)]
pub struct Cursor {
    /// The list.
    pub operation: Operation,
    /// The ARN that it is the list of; empty for AppInstances.
    pub parent: String,
    /// The connection and the Region.
    pub scope: Scope,
    /// The page's number, counted from 1.
    pub page: u32,
    /// The token that AWS gave for this page; `None` is the first page.
    pub token: Option<String>,
    /// The id of the cursor of the page before.
    pub previous: Option<String>,
    /// The tokens that led here, this page's too.
    pub seen: Trail,
}

/// Device tokens on their way to the page that reveals them. Only a handover writes them down: what pages
/// and answers are made of, [`RevealedTokens`], cannot be.
#[derive(Clone, Serialize, Deserialize)]
pub struct Revealed {
    device_token: Option<String>,
    voip_device_token: Option<String>,
}

impl From<RevealedTokens> for Revealed {
    fn from(tokens: RevealedTokens) -> Self {
        Self {
            device_token: tokens.device_token,
            voip_device_token: tokens.voip_device_token,
        }
    }
}

impl From<Revealed> for RevealedTokens {
    fn from(held: Revealed) -> Self {
        Self {
            device_token: held.device_token,
            voip_device_token: held.voip_device_token,
        }
    }
}

/// Where counting a list stopped.
#[derive(Clone, Serialize, Deserialize)]
pub struct Counted {
    /// The list.
    pub operation: Operation,
    /// The ARN that it is the list of; empty for AppInstances.
    pub parent: String,
    /// The connection and the Region.
    pub scope: Scope,
    /// How many there were so far.
    pub found: u32,
    /// The token that AWS gave for what follows.
    pub token: String,
    /// The tokens that led here.
    pub seen: Trail,
}

impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counted")
            .field("operation", &self.operation)
            .field("found", &self.found)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The token is sensitive in the model, and the parent may name a user.
        f.debug_struct("Cursor")
            .field("operation", &self.operation)
            .field("page", &self.page)
            .finish_non_exhaustive()
    }
}

/// A form that was refused, as it was typed, to be shown again after a redirect.
#[derive(Clone, Serialize, Deserialize)]
pub struct Draft {
    /// The page of the form.
    pub path: String,
    /// Names and values of its controls.
    pub fields: Vec<(String, String)>,
    /// Why it was refused.
    pub failure: Option<Failure>,
}

impl Draft {
    /// How much memory it takes, about: each text has its allocation.
    pub(super) fn bytes(&self) -> usize {
        const TEXT: usize = size_of::<String>() + 16;
        let texts = self
            .fields
            .iter()
            .map(|(name, value)| name.len() + value.len() + 2 * TEXT);
        self.path.len() + texts.sum::<usize>()
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

/// What somebody ticked in a list, on whatever page of it.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Ticked(pub(crate) BTreeSet<String>);

impl Ticked {
    /// How much memory it takes, about: each text has its allocation.
    pub(super) fn bytes(&self) -> usize {
        const TEXT: usize = size_of::<String>() + 16;
        self.0.iter().map(|id| id.len() + TEXT).sum()
    }
}

impl fmt::Debug for Ticked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ticked").field(&self.0.len()).finish()
    }
}
