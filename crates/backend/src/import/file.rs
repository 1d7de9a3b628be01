//! Reads a file of rows in pieces, as an upload brings them, and keeps no more of it than one row.
//!
//! Finds by itself what the file is: CSV with `,` `;` or tab, or JSON lines; UTF-8 with or without a
//! byte order mark; any line breaks. The same bytes give the same rows and the same problem however
//! they are divided. What the columns mean, and whether the values are good, is not looked at.

mod csv;
mod json;
mod lines;
mod start;
mod table;

use domain::import::{FileProblem, Format, RawRow};
use serde::{Deserialize, Serialize};

use csv::Csv;
use json::Json;
use start::Start;
use table::Table;

/// How much of a file is taken. Sizes are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of the whole file.
    pub bytes: u64,
    /// Rows below the heading.
    pub rows: u64,
    /// Columns of the heading.
    pub columns: usize,
    /// Of a cell. No value of Chime has more than 6,400.
    pub cell_bytes: usize,
    /// Of a row: fifty tags with the longest values, as JSON may write them, are fewer.
    pub row_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 100_000_000,
            rows: 250_000,
            columns: 100,
            cell_bytes: 64 * 1024,
            row_bytes: 256 * 1024,
        }
    }
}

/// What the beginning of a file says about the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// How the file is written.
    pub format: Format,
    /// The names of the columns: those of the first row, or the members of the first object.
    pub columns: Vec<String>,
}

/// Reads one file. Feed it all pieces in order, then finish it.
///
/// ```
/// use backend::import::{Limits, Reader};
/// let mut rows = Vec::new();
/// let mut reader = Reader::new(Limits::default());
/// reader.feed(b"user_id;na", &mut rows)?;
/// reader.feed(b"me\nalice;Alice\n", &mut rows)?;
/// let heading = reader.finish(&mut rows)?;
/// assert_eq!(heading.columns, ["user_id", "name"]);
/// assert_eq!((rows[0].line, rows[0].cells[1].as_str()), (2, "Alice"));
/// # Ok::<(), domain::import::FileProblem>(())
/// ```
#[derive(Debug)]
pub struct Reader {
    read: u64,
    stage: Stage,
    table: Table,
    failed: Option<FileProblem>,
}

#[derive(Debug)]
enum Stage {
    Start(Start),
    Csv(Box<Csv>),
    Json(Box<Json>),
}

impl Reader {
    /// A reader at the beginning of a file.
    pub fn new(limits: Limits) -> Self {
        Self {
            read: 0,
            stage: Stage::Start(Start::new(limits.cell_bytes)),
            table: Table::new(limits),
            failed: None,
        }
    }

    /// Takes the next bytes and adds the rows that end in them to `rows`. Fails as soon as it sees what
    /// makes the file unreadable, and then again each time: nothing after it is read.
    pub fn feed(&mut self, bytes: &[u8], rows: &mut Vec<RawRow>) -> Result<(), FileProblem> {
        if let Some(problem) = &self.failed {
            return Err(problem.clone());
        }
        let result = self.bounded(bytes, rows);
        self.failed = result.as_ref().err().cloned();
        result
    }

    /// Adds the last row and says how the file was written. Fails also when it has no rows, or ends
    /// inside a quoted cell.
    pub fn finish(mut self, rows: &mut Vec<RawRow>) -> Result<Heading, FileProblem> {
        if let Some(problem) = self.failed {
            return Err(problem);
        }
        if let Stage::Start(start) = &mut self.stage {
            start.finish()?;
            self.leave_start(rows)?;
        }
        match &mut self.stage {
            Stage::Start(_) => {}
            Stage::Csv(csv) => csv.finish(&mut self.table, rows)?,
            Stage::Json(json) => json.finish(&mut self.table, rows)?,
        }
        self.table.finish()
    }

    /// The heading, as soon as it is known.
    pub const fn heading(&self) -> Option<&Heading> {
        self.table.heading()
    }

    fn bounded(&mut self, bytes: &[u8], rows: &mut Vec<RawRow>) -> Result<(), FileProblem> {
        let max = self.table.limits().bytes;
        let room = usize::try_from(max - self.read).unwrap_or(usize::MAX);
        let taken = &bytes[..bytes.len().min(room)];
        self.read += taken.len() as u64;
        self.start(taken, rows)?;
        if taken.len() < bytes.len() {
            return Err(FileProblem::Large { max });
        }
        Ok(())
    }

    fn start(&mut self, bytes: &[u8], rows: &mut Vec<RawRow>) -> Result<(), FileProblem> {
        let Stage::Start(start) = &mut self.stage else {
            return self.go_on(bytes, rows);
        };
        let used = start.feed(bytes)?;
        self.leave_start(rows)?;
        self.go_on(&bytes[used..], rows)
    }

    /// Once it is known what the file is, hands on what was kept to find out.
    fn leave_start(&mut self, rows: &mut Vec<RawRow>) -> Result<(), FileProblem> {
        let Stage::Start(start) = &mut self.stage else {
            return Ok(());
        };
        let Some((format, lines, kept)) = start.take_found() else {
            return Ok(());
        };
        let limits = self.table.limits();
        self.stage = match format {
            Format::Csv { separator } => Stage::Csv(Box::new(Csv::new(separator, lines, limits))),
            Format::JsonLines => Stage::Json(Box::new(Json::new(lines))),
        };
        self.go_on(&kept, rows)
    }

    fn go_on(&mut self, bytes: &[u8], rows: &mut Vec<RawRow>) -> Result<(), FileProblem> {
        let nul = bytes.iter().position(|byte| *byte == 0);
        let text = &bytes[..nul.unwrap_or(bytes.len())];
        let line = match &mut self.stage {
            // Only while nothing is known, and then it has taken every byte.
            Stage::Start(_) => return Ok(()),
            Stage::Csv(csv) => {
                csv.feed(text, &mut self.table, rows)?;
                csv.line()
            }
            Stage::Json(json) => {
                json.feed(text, &mut self.table, rows)?;
                json.line()
            }
        };
        match nul {
            Some(_) => Err(FileProblem::Nul { line }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
