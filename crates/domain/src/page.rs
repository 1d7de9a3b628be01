//! Pages of a list: forward-only, without a total, because the API has none.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How many rows a page shows. The API gives at most 50.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the numbers")]
pub enum PageSize {
    Ten,
    #[default]
    TwentyFive,
    Fifty,
}

impl PageSize {
    /// Every size.
    pub const ALL: &[Self] = &[Self::Ten, Self::TwentyFive, Self::Fifty];

    /// How many rows a page of this size has at most.
    pub const fn get(self) -> u32 {
        match self {
            Self::Ten => 10,
            Self::TwentyFive => 25,
            Self::Fifty => 50,
        }
    }
}

impl fmt::Display for PageSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.get())
    }
}

impl FromStr for PageSize {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .iter()
            .copied()
            .find(|size| size.to_string() == text)
            .ok_or(())
    }
}

/// Some rows, and where they stand in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, at most a page's worth.
    pub items: Vec<T>,
    /// The page's number, counted from 1.
    pub number: u32,
    /// The id of the cursor for the next page, which the server holds; `None` when the list ends
    /// here. Never a NextToken.
    pub next: Option<String>,
    /// The id of the cursor for the page before, which the server holds; empty for the first page.
    pub previous: Option<String>,
    /// Whether AWS led back to a page that was already shown, so that the list stops here.
    #[serde(default)]
    pub looped: bool,
}

impl<T> Page<T> {
    /// Whether the list has no row at all. An empty page alone does not say that: others may
    /// follow.
    pub fn is_whole_list_empty(&self) -> bool {
        self.items.is_empty() && self.number == 1 && self.next.is_none() && !self.looped
    }
}
