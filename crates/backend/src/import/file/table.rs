//! What was read so far: the heading, and how many rows.

use std::collections::HashSet;

use domain::import::{FileProblem, Format, RawRow};

use super::{Heading, Limits};

/// Takes the heading and then rows, within the limits.
#[derive(Debug)]
pub(super) struct Table {
    limits: Limits,
    heading: Option<Heading>,
    rows: u64,
}

impl Table {
    pub(super) const fn new(limits: Limits) -> Self {
        Self {
            limits,
            heading: None,
            rows: 0,
        }
    }

    pub(super) const fn limits(&self) -> Limits {
        self.limits
    }

    pub(super) const fn heading(&self) -> Option<&Heading> {
        self.heading.as_ref()
    }

    /// Takes the names of the columns. Several may be empty: spreadsheets write separators to the end
    /// of the widest row.
    pub(super) fn name(&mut self, format: Format, columns: Vec<String>) -> Result<(), FileProblem> {
        self.count_columns(columns.len())?;
        let mut seen = HashSet::new();
        let mut named = columns.iter().filter(|name| !name.is_empty());
        if let Some(twice) = named.find(|name| !seen.insert(name.as_str())) {
            return Err(FileProblem::same_column(twice));
        }
        self.heading = Some(Heading { format, columns });
        Ok(())
    }

    /// Fails when a heading with so many columns is too wide.
    pub(super) fn count_columns(&self, count: usize) -> Result<(), FileProblem> {
        if count > self.limits.columns {
            let max = u32::try_from(self.limits.columns).unwrap_or(u32::MAX);
            return Err(FileProblem::ManyColumns { max });
        }
        Ok(())
    }

    /// Fails when a cell of so many bytes is too long.
    pub(super) fn measure_cell(&self, line: u64, bytes: usize) -> Result<(), FileProblem> {
        let max = self.limits.cell_bytes;
        if bytes > max {
            let max = max as u64;
            return Err(FileProblem::LongCell { line, max });
        }
        Ok(())
    }

    /// Fails when a row of so many bytes is too long.
    pub(super) fn measure_row(&self, line: u64, bytes: usize) -> Result<(), FileProblem> {
        let max = self.limits.row_bytes;
        if bytes > max {
            let max = max as u64;
            return Err(FileProblem::LongRow { line, max });
        }
        Ok(())
    }

    /// Takes a row below the heading.
    pub(super) fn add(&mut self, row: RawRow, rows: &mut Vec<RawRow>) -> Result<(), FileProblem> {
        let max = self.limits.rows;
        if self.rows == max {
            return Err(FileProblem::ManyRows { max });
        }
        self.rows += 1;
        rows.push(row);
        Ok(())
    }

    /// The heading, of a file that has rows.
    pub(super) fn finish(self) -> Result<Heading, FileProblem> {
        let heading = self.heading.ok_or(FileProblem::Empty)?;
        if self.rows == 0 {
            return Err(FileProblem::OnlyHeading);
        }
        Ok(heading)
    }
}
