//! Cells of a file on a page: a few letters of each, and of a device token only its end.

use domain::import::{Column, Kind, RawRow};
use domain::view::MaskedToken;
use leptos::prelude::*;

use crate::ui::bidi::chosen;
use crate::ui::parts::missing;

/// How many letters of a cell are shown.
const LETTERS: usize = 60;

/// A cell of the column of a file. Of endpoints it is shown as it is only where the name of the column
/// says that it is no token, and nobody chose that it is one.
pub(super) fn cell(kind: Kind, name: &str, column: Option<&Column>, text: &str) -> AnyView {
    if text.is_empty() {
        return missing();
    }
    let is_token =
        |column: &Column| matches!(column, Column::DeviceToken | Column::VoipDeviceToken);
    let by_name = Column::found(kind, name);
    let is_plain = kind != Kind::Endpoints
        || (by_name.as_ref().is_some_and(|column| !is_token(column))
            && !column.is_some_and(is_token));
    if is_plain {
        return chosen(&shortened(text));
    }
    let MaskedToken { end, length } = MaskedToken::of(text);
    view! {
        <span class="masked">
            <span class="mono">{format!("••••{end}")}</span>
            {format!(" {length} characters")}
        </span>
    }
    .into_any()
}

/// The name of a column, or its number where it has none.
pub(super) fn column_name(at: usize, name: &str) -> AnyView {
    if name.trim().is_empty() {
        return format!("Column {}, without a name", at + 1).into_any();
    }
    chosen(&shortened(name))
}

/// The cell of a row, which may have too few.
pub(super) fn cell_of(row: &RawRow, at: usize) -> &str {
    row.cells.get(at).map_or("", String::as_str)
}

/// The start of a text that can be of any length.
pub(super) fn shortened(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(LETTERS).collect();
    short = short.replace(char::is_control, "\u{fffd}");
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef";

    fn shown(kind: Kind, name: &str, column: Option<Column>) -> String {
        cell(kind, name, column.as_ref(), TOKEN).to_html()
    }

    #[test]
    fn a_token_is_masked_whatever_its_column_is_called_or_taken_for() {
        for (name, column) in [
            ("device_token", Some(Column::DeviceToken)),
            ("push", None),
            ("push", Some(Column::Name)),
            ("name", Some(Column::DeviceToken)),
            ("token", None),
        ] {
            let html = shown(Kind::Endpoints, name, column);
            assert!(!html.contains(TOKEN) && html.contains("cdef"), "{html}");
        }
        assert!(shown(Kind::Endpoints, "name", Some(Column::Name)).contains(TOKEN));
        assert!(shown(Kind::Users, "anything", None).contains(TOKEN));
    }

    #[test]
    fn a_cell_is_escaped_and_short() {
        let html = cell(Kind::Users, "name", None, &"<b>".repeat(100)).to_html();
        assert!(html.contains("&lt;b&gt;") && html.contains('…'), "{html}");
        assert!(html.len() < 600, "{html}");
    }
}
