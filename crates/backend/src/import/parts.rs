//! The rows of a file in the database: some after another, so that neither writing nor reading them
//! takes a statement for each row, nor the memory of all.

use domain::Failure;
use domain::import::{Fault, RawRow};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::Imports;
use crate::store::{unavailable, within};

/// How many bytes of cells one part has, about.
const BYTES: usize = 128 * 1024;

/// A row as it is kept: its line, its cells, and what the reader found wrong with it.
#[derive(Serialize, Deserialize)]
struct Stored(u64, Vec<String>, Option<Fault>);

/// Takes those rows from the front that fill a part; all of them at the end of the file.
pub(super) fn next_part(rows: &mut Vec<RawRow>, is_end: bool) -> Option<Vec<RawRow>> {
    let mut bytes = 0;
    let full = rows.iter().position(|row| {
        bytes += row.cells.iter().map(|cell| cell.len() + 3).sum::<usize>() + 16;
        bytes >= BYTES
    });
    let taken = match full {
        Some(last) => last + 1,
        None if is_end && !rows.is_empty() => rows.len(),
        None => return None,
    };
    Some(rows.drain(..taken).collect())
}

impl Imports {
    pub(super) async fn write_part(
        &self,
        import: &str,
        part: i64,
        rows: Vec<RawRow>,
    ) -> Result<(), Failure> {
        let stored = rows.into_iter();
        let stored: Vec<_> = stored
            .map(|row| Stored(row.line, row.cells, row.fault))
            .collect();
        let content = serde_json::to_string(&stored).unwrap_or_default();
        within(async {
            let mut write = self.0.store.write().await?;
            sqlx::query("INSERT INTO import_parts (import, part, content) VALUES ($1, $2, $3)")
                .bind(import)
                .bind(part)
                .bind(content)
                .execute(write.on())
                .await?;
            write.commit().await
        })
        .await
    }

    /// The rows of a part, which are counted from 0; nothing after the last one.
    pub async fn rows(&self, import: &str, part: i64) -> Result<Option<Vec<RawRow>>, Failure> {
        let read = sqlx::query("SELECT content FROM import_parts WHERE import = $1 AND part = $2")
            .bind(import)
            .bind(part)
            .fetch_optional(self.0.store.pool());
        let Some(row) = within(read).await? else {
            return Ok(None);
        };
        let content: String = row.try_get(0).map_err(|error| unavailable(&error))?;
        let stored: Vec<Stored> = serde_json::from_str(&content).unwrap_or_default();
        let raw = |Stored(line, cells, fault)| RawRow { line, cells, fault };
        Ok(Some(stored.into_iter().map(raw).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, length: usize) -> RawRow {
        RawRow {
            line,
            cells: vec!["x".repeat(length)],
            fault: None,
        }
    }

    #[test]
    fn a_part_is_full_after_so_many_bytes_and_the_last_one_is_what_is_left() {
        let mut rows = vec![row(2, 10), row(3, BYTES), row(4, 10)];
        let first = next_part(&mut rows, false).unwrap();
        assert_eq!(first.len(), 2);
        assert_eq!(next_part(&mut rows, false), None);
        assert_eq!(next_part(&mut rows, true).unwrap()[0].line, 4);
        assert_eq!(next_part(&mut rows, true), None);
    }
}
