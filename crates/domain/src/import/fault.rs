//! Why one row of a file was refused.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Column, shortened};
use crate::problem::Problem;
use crate::settings::Days;

/// What is wrong with a cell or a row. Holds limits, positions and at most the start of one name,
/// never a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the message of each says what it is")]
pub enum Fault {
    #[error(transparent)]
    Value(#[from] Problem),
    #[error("Remove the space at the beginning or the end.")]
    SpaceAround,
    #[error("Remove the character at position {position}: it cannot be seen (U+{code:04X}).")]
    Unseen { position: u32, code: u32 },
    #[error(
        "Write a whole number of days from {} to {}, without a zero in front, or the word never.",
        Days::MIN,
        Days::MAX
    )]
    Days,
    #[error("Write APNS, APNS_SANDBOX or GCM, in capitals.")]
    Type,
    #[error("Write ALL or NONE, in capitals.")]
    AllowMessages,
    #[error(
        "The row has {cells} cells, and the heading has {columns} columns. Add what is missing: an empty cell leaves a value as it is."
    )]
    FewCells { cells: u32, columns: u32 },
    #[error(
        "The row has more cells than the heading has columns, which are {columns}. Put a cell with the separator in it between quotation marks."
    )]
    ManyCells { columns: u32 },
    #[error("The line is not one whole JSON object. Write each object in a line of its own.")]
    NotJson,
    #[error(
        "The member “{name}” is neither a text nor a whole number. Write it between quotation marks."
    )]
    NotText { name: String },
    #[error(
        "The first object of the file has no member “{name}”. Add it there, if need be as null."
    )]
    UnknownMember { name: String },
    #[error("The object has the member “{name}” twice. Remove one of them.")]
    SameMember { name: String },
}

impl Fault {
    /// A member that is a list, an object, true, false, or a number that would not stay the same.
    pub fn not_text(name: &str) -> Self {
        let name = shortened(name);
        Self::NotText { name }
    }

    /// A member that the first object does not have.
    pub fn unknown_member(name: &str) -> Self {
        let name = shortened(name);
        Self::UnknownMember { name }
    }

    /// A member that is there twice.
    pub fn same_member(name: &str) -> Self {
        let name = shortened(name);
        Self::SameMember { name }
    }
}

/// One thing that is wrong with a row: in which column, and what. Shown as a sentence with the name
/// of the column in front.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowProblem {
    /// The column; `None` when it is about the whole row.
    pub column: Option<Column>,
    /// What is wrong there.
    pub fault: Fault,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "{}: {}", shortened(&column.to_string()), self.fault),
            None => self.fault.fmt(f),
        }
    }
}

impl From<Fault> for RowProblem {
    /// A problem of the whole row.
    fn from(fault: Fault) -> Self {
        Self {
            column: None,
            fault,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_a_sentence_with_its_column() {
        let unseen = Fault::Unseen {
            position: 3,
            code: 0x200b,
        };
        let problem = RowProblem {
            column: Some(Column::UserId),
            fault: unseen,
        };
        assert_eq!(
            problem.to_string(),
            "user_id: Remove the character at position 3: it cannot be seen (U+200B)."
        );
        let many = RowProblem::from(Fault::ManyCells { columns: 4 });
        assert!(many.to_string().starts_with("The row has more cells"));
    }

    #[test]
    fn a_problem_is_stored_and_read_back() {
        for fault in [
            Fault::Value(Problem::UserIdCharacter { character: '😀' }),
            Fault::Days,
            Fault::unknown_member("x"),
        ] {
            let problem = RowProblem {
                column: Some(Column::Tag("a".into())),
                fault,
            };
            let json = serde_json::to_string(&problem).unwrap();
            assert_eq!(serde_json::from_str::<RowProblem>(&json).unwrap(), problem);
        }
    }
}
