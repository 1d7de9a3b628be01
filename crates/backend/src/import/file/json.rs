//! Rows of JSON lines, from bytes in pieces.

mod object;

use std::collections::HashMap;

use domain::import::{Fault, FileProblem, Format, RawRow};

use super::lines::{Lines, is_break};
use super::table::Table;
use object::{Object, Value};

/// Reads one JSON object a line. The members of the first one are the columns.
pub(super) struct Json {
    lines: Lines,
    line: Vec<u8>,
    columns: HashMap<String, usize>,
}

impl std::fmt::Debug for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Json").field("line", &self.line()).finish()
    }
}

impl Json {
    pub(super) fn new(lines: Lines) -> Self {
        Self {
            lines,
            line: Vec::new(),
            columns: HashMap::new(),
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
        while !bytes.is_empty() {
            let length = bytes.iter().position(|byte| is_break(*byte));
            let (text, rest) = bytes.split_at(length.unwrap_or(bytes.len()));
            table.measure_row(self.line(), self.line.len() + text.len())?;
            self.line.extend_from_slice(text);
            self.lines.pass(text);
            let Some((line_break, rest)) = rest.split_first() else {
                return Ok(());
            };
            self.end_line(table, rows)?;
            self.lines.pass(&[*line_break]);
            bytes = rest;
        }
        Ok(())
    }

    pub(super) fn finish(
        &mut self,
        table: &mut Table,
        rows: &mut Vec<RawRow>,
    ) -> Result<(), FileProblem> {
        self.end_line(table, rows)
    }

    fn end_line(&mut self, table: &mut Table, rows: &mut Vec<RawRow>) -> Result<(), FileProblem> {
        let line = self.line();
        let bytes = std::mem::take(&mut self.line);
        if bytes.trim_ascii().is_empty() {
            return Ok(());
        }
        let text = str::from_utf8(&bytes).map_err(|_| FileProblem::NotUtf8 { line })?;
        let object = serde_json::from_str::<Object>(text);
        if table.heading().is_none() {
            let object = object.as_ref();
            let object = object.map_err(|_| FileProblem::NotJsonLine { line })?;
            self.name(object, table)?;
        }
        let mut row = RawRow {
            line,
            cells: vec![String::new(); self.columns.len()],
            fault: None,
        };
        match object {
            Ok(object) => self.fill(object, &mut row, table)?,
            Err(_) => row.fault = Some(Fault::NotJson),
        }
        table.add(row, rows)
    }

    fn name(&mut self, first: &Object, table: &mut Table) -> Result<(), FileProblem> {
        let columns: Vec<_> = first.members().map(|(name, _)| name.to_owned()).collect();
        let numbered = columns.iter().cloned().enumerate();
        self.columns = numbered.map(|(at, name)| (name, at)).collect();
        // Two empty names would have one cell.
        if columns.len() > self.columns.len() && columns.iter().any(String::is_empty) {
            return Err(FileProblem::same_column(""));
        }
        table.name(Format::JsonLines, columns)
    }

    /// Puts the members of an object into the cells of their columns, up to the first that is wrong.
    fn fill(&self, object: Object, row: &mut RawRow, table: &Table) -> Result<(), FileProblem> {
        let mut filled = vec![false; row.cells.len()];
        for (name, value) in object.into_members() {
            let Some(at) = self.columns.get(&name).copied() else {
                row.fault = Some(Fault::unknown_member(&name));
                return Ok(());
            };
            if std::mem::replace(&mut filled[at], true) {
                row.fault = Some(Fault::same_member(&name));
                return Ok(());
            }
            match value {
                Value::Text(text) => {
                    table.measure_cell(row.line, text.len())?;
                    row.cells[at] = text;
                }
                Value::Nothing => {}
                Value::Other => {
                    row.fault = Some(Fault::not_text(&name));
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}
