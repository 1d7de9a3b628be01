//! The files that an import gives out: one to fill in, and the rows that were refused.

use super::{Kind, RawRow, RowProblem};
use crate::spreadsheet::row;

/// A file to fill in: the heading, and one row as an example. CSV in UTF-8 with commas and LF.
pub fn template(kind: Kind) -> String {
    let (heading, example): (&[&str], &[&str]) = match kind {
        Kind::Users => (
            &["user_id", "name", "metadata", "expires_days", "tag:team"],
            &[
                "alice",
                "Alice Example",
                "{\"plan\":\"free\"}",
                "365",
                "support",
            ],
        ),
        Kind::Admins => (&["user_id"], &["alice"]),
        Kind::Endpoints => (
            &[
                "user_id",
                "name",
                "type",
                "resource_arn",
                "device_token",
                "voip_device_token",
                "allow_messages",
            ],
            &[
                "alice",
                "Phone of Alice",
                "APNS",
                "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef",
                "0123456789abcdef",
                "",
                "ALL",
            ],
        ),
    };
    row(heading.iter().copied()) + &row(example.iter().copied())
}

/// The name of the column with what is wrong.
const PROBLEM: &str = "problem";

/// Writes the rows that were refused as CSV, each with what is wrong in a last column, so that they
/// can be mended and imported again. A column of that name that the file already has gives way to the
/// new one: it is of an earlier round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRows {
    columns: Vec<String>,
    earlier: Option<usize>,
}

impl BadRows {
    /// For a file with these names in its heading.
    pub fn new(columns: Vec<String>) -> Self {
        let earlier = columns.iter().position(|name| name == PROBLEM);
        Self { columns, earlier }
    }

    /// The first line, with its line break.
    pub fn heading(&self) -> String {
        let columns = self.columns.iter().map(String::as_str);
        row(self.without_earlier(columns).chain([PROBLEM]))
    }

    /// A refused row, with its line break. Cells that are missing are empty; those for which there is no
    /// column stand behind the problem, so that nothing is lost.
    pub fn row(&self, refused: &RawRow, problems: &[RowProblem]) -> String {
        let sentences: Vec<_> = problems.iter().map(RowProblem::to_string).collect();
        self.row_with(refused, &sentences.join(" "))
    }

    /// The same for a row that was refused for this reason.
    pub fn row_with(&self, refused: &RawRow, sentence: &str) -> String {
        let count = self.columns.len();
        let cells = refused.cells.iter().map(String::as_str);
        let padded = cells.clone().chain(std::iter::repeat("")).take(count);
        let problem = format!("Line {}: {sentence}", refused.line);
        let behind = cells.skip(count);
        let own = self.without_earlier(padded);
        row(own.chain([problem.as_str()]).chain(behind))
    }

    fn without_earlier<'a>(
        &self,
        cells: impl Iterator<Item = &'a str>,
    ) -> impl Iterator<Item = &'a str> {
        let earlier = self.earlier;
        let numbered = cells.enumerate();
        numbered.filter_map(move |(at, cell)| (Some(at) != earlier).then_some(cell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Column, Fault};

    fn refused(cells: &[&str]) -> RawRow {
        RawRow {
            line: 7,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
            fault: None,
        }
    }

    fn problems() -> [RowProblem; 2] {
        let column = Some(Column::UserId);
        let fault = Fault::SpaceAround;
        [
            RowProblem { column, fault },
            Fault::ManyCells { columns: 2 }.into(),
        ]
    }

    #[test]
    fn a_refused_row_has_what_is_wrong_at_its_end() {
        let file = BadRows::new(vec!["id".into(), "name".into()]);
        assert_eq!(file.heading(), "id,name,problem\n");
        let row = file.row(&refused(&["=a ", "b"]), &problems()[..1]);
        assert_eq!(
            row,
            "'=a ,b,Line 7: user_id: Remove the space at the beginning or the end.\n"
        );
    }

    #[test]
    fn a_row_that_is_too_short_or_too_long_loses_nothing() {
        let file = BadRows::new(vec!["id".into(), "name".into()]);
        let short = file.row(&refused(&["a"]), &problems()[..1]);
        assert!(short.starts_with("a,,Line 7: "), "{short}");
        let long = file.row(&refused(&["a", "b", "c"]), &problems());
        assert!(long.starts_with("a,b,\"Line 7: ") || long.starts_with("a,b,Line 7: "));
        assert!(long.ends_with(",c\n"), "{long}");
    }

    #[test]
    fn the_problem_of_an_earlier_round_gives_way() {
        let file = BadRows::new(["id", "problem", "name"].map(str::to_owned).to_vec());
        assert_eq!(file.heading(), "id,name,problem\n");
        let row = file.row(&refused(&["a", "old", "b"]), &problems()[..1]);
        assert!(row.starts_with("a,b,Line 7: "), "{row}");
    }

    #[test]
    fn every_template_has_columns_that_are_found() {
        for kind in Kind::ALL {
            let file = template(*kind);
            let heading = file.lines().next().unwrap();
            for name in heading.split(',') {
                assert!(Column::found(*kind, name).is_some(), "{name}");
            }
            for column in Column::of(*kind) {
                assert!(heading.contains(&column.to_string()), "{column}");
            }
        }
    }
}
