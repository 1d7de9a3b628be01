//! Rows of CSV, from bytes in pieces.

use csv_core::{ReadFieldResult, ReaderBuilder};
use domain::import::{FileProblem, Format, RawRow, Separator};
use domain::spreadsheet::restored;

use super::Limits;
use super::lines::{Lines, is_break};
use super::table::Table;

/// Reads CSV, from the heading on.
pub(super) struct Csv {
    parser: csv_core::Reader,
    separator: Separator,
    lines: Lines,
    /// The cell that is being read, with one byte more than it may have.
    cell: Vec<u8>,
    filled: usize,
    cell_line: u64,
    row: RawRow,
    row_bytes: usize,
    is_in_row: bool,
}

impl std::fmt::Debug for Csv {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The parser is tables, and cells are what nobody logs.
        f.debug_struct("Csv").field("line", &self.line()).finish()
    }
}

impl Csv {
    pub(super) fn new(separator: Separator, lines: Lines, limits: Limits) -> Self {
        Self {
            parser: ReaderBuilder::new().delimiter(separator.byte()).build(),
            separator,
            lines,
            cell: vec![0; limits.cell_bytes + 1],
            filled: 0,
            cell_line: lines.current(),
            row: RawRow::default(),
            row_bytes: 0,
            is_in_row: false,
        }
    }

    /// The line of the next byte.
    pub(super) const fn line(&self) -> u64 {
        self.lines.current()
    }

    pub(super) fn feed(
        &mut self,
        mut bytes: &[u8],
        table: &mut Table,
        rows: &mut Vec<RawRow>,
    ) -> Result<(), FileProblem> {
        loop {
            if !self.is_in_row {
                // The parser passes over line breaks between rows too, but tells no line.
                let breaks = bytes.iter().take_while(|byte| is_break(**byte)).count();
                self.lines.pass(&bytes[..breaks]);
                bytes = &bytes[breaks..];
            }
            if bytes.is_empty() {
                return Ok(());
            }
            if !self.is_in_row {
                self.is_in_row = true;
                self.row.line = self.line();
                self.cell_line = self.line();
            }
            let (result, read, written) =
                self.parser.read_field(bytes, &mut self.cell[self.filled..]);
            self.lines.pass(&bytes[..read]);
            bytes = &bytes[read..];
            self.filled += written;
            table.measure_cell(self.cell_line, self.filled)?;
            if let ReadFieldResult::Field { record_end } = result {
                self.end_cell(table)?;
                if record_end {
                    self.end_row(table, rows)?;
                }
            }
        }
    }

    pub(super) fn finish(
        &mut self,
        table: &mut Table,
        rows: &mut Vec<RawRow>,
    ) -> Result<(), FileProblem> {
        if !self.is_in_row {
            return Ok(());
        }
        // The parser does not say that a quote is open. Inside one, a line break ends no row.
        let (result, ..) = self.parser.read_field(b"\n", &mut self.cell[self.filled..]);
        if !matches!(result, ReadFieldResult::Field { record_end: true }) {
            let line = self.cell_line;
            return Err(FileProblem::OpenQuote { line });
        }
        self.end_cell(table)?;
        self.end_row(table, rows)
    }

    fn end_cell(&mut self, table: &Table) -> Result<(), FileProblem> {
        let bytes = &self.cell[..self.filled];
        let text = str::from_utf8(bytes).map_err(|wrong| {
            let mut lines = Lines::at(self.cell_line);
            lines.pass(&bytes[..wrong.valid_up_to()]);
            let line = lines.current();
            FileProblem::NotUtf8 { line }
        })?;
        self.row_bytes += bytes.len() + 1;
        table.measure_row(self.row.line, self.row_bytes)?;
        let cells = &mut self.row.cells;
        if table.heading().is_none() {
            table.count_columns(cells.len() + 1)?;
        }
        // One more than there can be columns shows that a row is too long.
        if cells.len() <= table.limits().columns {
            cells.push(restored(text.to_owned()));
        }
        self.filled = 0;
        self.cell_line = self.line();
        Ok(())
    }

    fn end_row(&mut self, table: &mut Table, rows: &mut Vec<RawRow>) -> Result<(), FileProblem> {
        self.is_in_row = false;
        self.row_bytes = 0;
        let row = std::mem::take(&mut self.row);
        // Spreadsheets write rows of nothing but separators where something stood once.
        if row.cells.iter().all(String::is_empty) {
            return Ok(());
        }
        if table.heading().is_none() {
            let separator = self.separator;
            return table.name(Format::Csv { separator }, row.cells);
        }
        table.add(row, rows)
    }
}
