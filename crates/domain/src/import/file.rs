//! Why a whole file cannot be read, and in which form it was found.

use serde::{Deserialize, Serialize};

use super::{Column, Kind, shortened};
use crate::problem::Problem;

words! {
    /// What stands between the cells of a row.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Separator {
        /// `,`
        Comma => "comma",
        /// `;`, as spreadsheets write where the comma is the decimal sign.
        Semicolon => "semicolon",
        /// A tab.
        Tab => "tab",
    }
    /// Its name.
    fn word, read by str::eq, else Problem = Problem::NotAChoice;
}

impl Separator {
    /// The character itself.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// The form in which a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// CSV with a heading.
    Csv {
        /// What stands between the cells.
        separator: Separator,
    },
    /// One JSON object a line.
    JsonLines,
}

/// Why a file was refused as a whole. Holds lines, limits and at most the start of one column name.
/// Lines are counted from 1, as an editor counts them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the message of each says what it is")]
pub enum FileProblem {
    #[error("The file is empty. Choose a file with a heading and a row for each of what it has.")]
    Empty,
    #[error("The file has a heading and nothing below it. Add a row for each of what it has.")]
    OnlyHeading,
    #[error(
        "The file is not CSV: it is a spreadsheet or an archive, whatever its name says. Open it and save it as “CSV UTF-8”."
    )]
    Spreadsheet,
    #[error(
        "The file is not text: it is {what}, whatever its name says. Choose a CSV file or JSON lines."
    )]
    NotText { what: Binary },
    #[error(
        "The file is written in UTF-16. Save it as UTF-8: in a spreadsheet choose “CSV UTF-8”, in an editor the encoding “UTF-8”."
    )]
    Utf16,
    #[error(
        "Line {line} is not UTF-8. Save the file as UTF-8: in a spreadsheet choose “CSV UTF-8”, in an editor the encoding “UTF-8”."
    )]
    NotUtf8 { line: u64 },
    #[error("Line {line} has a null character, which no text has. Save the file anew as UTF-8.")]
    Nul { line: u64 },
    #[error(
        "The quotation mark that opens a cell in line {line} is never closed. Close it there, or write two where the text has one."
    )]
    OpenQuote { line: u64 },
    #[error(
        "A cell in line {line} has more than {max} bytes. Shorten it, or close its quotation mark: no value of Chime has more than 6,400."
    )]
    LongCell { line: u64, max: u64 },
    #[error(
        "The row in line {line} has more than {max} bytes. Shorten its cells, and end each row with a line break."
    )]
    LongRow { line: u64, max: u64 },
    #[error("The heading has more than {max} columns. Remove those that are not imported.")]
    ManyColumns { max: u32 },
    #[error("Two columns have the name “{name}”. Rename one of them, or remove it.")]
    SameColumn { name: String },
    #[error(
        "None of the names in the first row is one of {kind}. Begin the file with a heading, for one: {}.",
        Column::heading(*.kind)
    )]
    NoHeading { kind: Kind },
    #[error("The file has more than {max} rows. Divide it, and import one part after the other.")]
    ManyRows { max: u64 },
    #[error("The file has more than {} MB. Divide it, and import one part after the other.", .max / 1_000_000)]
    Large { max: u64 },
    #[error("Line {line} is not one whole JSON object. Write each object in a line of its own.")]
    NotJsonLine { line: u64 },
    #[error(
        "The file is one JSON list. Write each object in a line of its own, without the brackets and commas around them."
    )]
    JsonList,
}

impl FileProblem {
    /// Two columns have this name, of which the start is kept.
    pub fn same_column(name: &str) -> Self {
        Self::SameColumn {
            name: shortened(name),
        }
    }
}

/// What a file is that is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Binary {
    Image,
    Pdf,
    Compressed,
}

impl std::fmt::Display for Binary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Image => "an image",
            Self::Pdf => "a PDF",
            Self::Compressed => "a compressed file",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_heading_is_told_which_one_it_needs() {
        let problem = FileProblem::NoHeading { kind: Kind::Users };
        assert_eq!(
            problem.to_string(),
            "None of the names in the first row is one of users. Begin the file with a heading, \
             for one: user_id, name, metadata, expires_days, tag:KEY."
        );
    }

    #[test]
    fn a_problem_is_stored_and_read_back() {
        for problem in [
            FileProblem::Empty,
            FileProblem::NotUtf8 { line: 7 },
            FileProblem::same_column(&"x".repeat(500)),
            FileProblem::NotText {
                what: Binary::Image,
            },
        ] {
            let json = serde_json::to_string(&problem).unwrap();
            assert_eq!(serde_json::from_str::<FileProblem>(&json).unwrap(), problem);
            assert!(problem.to_string().len() < 260, "{problem}");
        }
    }

    #[test]
    fn the_limit_of_a_file_is_told_in_megabytes() {
        let problem = FileProblem::Large { max: 100_000_000 };
        assert!(problem.to_string().contains("100 MB"));
    }
}
