//! Cells that a spreadsheet would run, made harmless and taken back; and rows of CSV.
//!
//! Export and import use the same two functions, so that what one writes is what the other reads.

/// What a formula begins with; some spreadsheets also take the wide letters of East Asia.
const SIGNS: [char; 12] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\0', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// The mark in front of what is text and no formula.
const MARK: char = '\'';

/// A cell as a file has it: one that begins like a formula has a quote in front and is text. So has
/// one that already looks marked, or [`restored`] would take away a quote that is part of the value.
///
/// ```
/// use domain::spreadsheet::harmless;
/// assert_eq!(harmless("=1".into()), "'=1");
/// assert_eq!(harmless("a=1".into()), "a=1");
/// ```
pub fn harmless(cell: String) -> String {
    if cell.trim_start_matches(MARK).starts_with(SIGNS) {
        format!("{MARK}{cell}")
    } else {
        cell
    }
}

/// The value of a cell that [`harmless`] made: without the quote in front of a formula.
///
/// ```
/// use domain::spreadsheet::restored;
/// assert_eq!(restored("'=1".into()), "=1");
/// assert_eq!(restored("'tis".into()), "'tis");
/// ```
pub fn restored(cell: String) -> String {
    match cell.strip_prefix(MARK) {
        Some(value) if value.trim_start_matches(MARK).starts_with(SIGNS) => value.to_owned(),
        _ => cell,
    }
}

/// A row of CSV with its line break: commas, quotes where they are needed (RFC 4180), and every cell
/// harmless.
pub fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells
        .into_iter()
        .map(|cell| quoted(harmless(cell.to_owned())))
        .collect();
    // A row of one empty cell would be an empty line, which readers pass over.
    if cells.len() == 1 && cells[0].is_empty() {
        return "\"\"\n".to_owned();
    }
    cells.join(",") + "\n"
}

fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for formula in [
            "=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＋1", "－1", "＠a",
        ] {
            assert!(harmless(formula.into()).starts_with('\''), "{formula:?}");
        }
        assert_eq!(harmless("a=1".into()), "a=1");
    }

    #[test]
    fn a_quote_that_is_part_of_the_value_stays() {
        for value in ["'", "''", "'tis", "'=1", "''=1", "'", "'-", "''a"] {
            assert_eq!(restored(harmless(value.into())), value, "{value:?}");
        }
    }

    #[test]
    fn a_row_has_quotes_only_where_they_are_needed() {
        assert_eq!(row(["a", "b c", ""]), "a,b c,\n");
        assert_eq!(
            row(["a,b", "say \"x\"", "=1"]),
            "\"a,b\",\"say \"\"x\"\"\",'=1\n"
        );
        assert_eq!(row(["a\nb"]), "\"a\nb\"\n");
        assert_eq!(row([""]), "\"\"\n");
    }

    proptest! {
        #[test]
        fn what_was_made_harmless_is_restored(value in "['=+a\t\n\r＝-]{0,6}|.{0,20}") {
            prop_assert_eq!(restored(harmless(value.clone())), value);
        }
    }
}
