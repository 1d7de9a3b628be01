//! What a file of users, admins or endpoints may have, and what a row of it asks for.
//!
//! A file has columns ([`Mapping`] says what each is), and rows that the constructors of this crate
//! check ([`Mapping::check`]). Reading the bytes is `backend::import`; what there is already, and what
//! would be called, is the plan's.

mod column;
mod duplicates;
mod fault;
mod file;
mod mapping;
mod row;
mod wanted;
mod written;

use serde::{Deserialize, Serialize};

pub use column::Column;
pub use duplicates::{Duplicates, Seen};
pub use fault::{Fault, RowProblem};
pub use file::{Binary, FileProblem, Format, Separator};
pub use mapping::{Mapping, MappingProblem};
pub use row::RawRow;
pub use wanted::{Expires, Wanted};
pub use written::{BadRows, template};

use crate::job::JobKind;
use crate::problem::Problem;

words! {
    /// What the rows of a file are.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Kind {
        /// AppInstanceUsers.
        Users => "users",
        /// Users and bots that become AppInstanceAdmins.
        Admins => "admins",
        /// Push endpoints of users.
        Endpoints => "endpoints",
    }
    /// Its word in addresses and sentences.
    fn word, read by str::eq, else Problem = Problem::NotAChoice;
}

impl Kind {
    /// The job that a file of them becomes.
    pub const fn job(self) -> JobKind {
        match self {
            Self::Users => JobKind::ImportUsers,
            Self::Admins => JobKind::ImportAdmins,
            Self::Endpoints => JobKind::ImportEndpoints,
        }
    }
}

/// The start of a text that a file has, for a sentence: a file can hold any text of any length.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let is_shown = |letter: &char| !letter.is_control() && !crate::reading::turns(*letter);
    let mut short: String = text.chars().filter(is_shown).take(MOST).collect();
    if text.chars().count() > MOST {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_file_is_short_and_has_no_marks_in_a_sentence() {
        assert_eq!(shortened("name"), "name");
        assert_eq!(shortened("a\n\u{202e}b"), "ab");
        assert_eq!(shortened(&"x".repeat(1000)).chars().count(), 61);
    }

    #[test]
    fn a_kind_is_read_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(kind.word().parse(), Ok(*kind));
        }
    }
}
