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

    /// The number of rows.
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
    /// The id of a server-held cursor for the page after, if there is one. Never a NextToken.
    pub next: Option<String>,
    /// The id of a server-held cursor for the page before; empty for the first page.
    pub previous: Option<String>,
    /// Whether AWS led back to a page that was shown already, so that the list stops here.
    #[serde(default)]
    pub looped: bool,
}

impl<T> Page<T> {
    /// Whether the list has no row at all. A page without rows does not say that: others may follow.
    pub fn is_whole_list_empty(&self) -> bool {
        self.items.is_empty() && self.number == 1 && self.next.is_none() && !self.looped
    }
}
