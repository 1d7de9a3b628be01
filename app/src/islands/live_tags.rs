//! Rows of tags that come and go in the browser, and what saving them would change.

use domain::tag::{MAX_TAGS, TagDiff, TagRow, Tags};
use serde::{Deserialize, Serialize};
use web_sys::Element;

use super::dom;

/// The rows of tags of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveTags {
    /// What the resource has now, to show what would change.
    pub before: Option<Vec<TagRow>>,
}

/// One line of what saving changes: verb, key, value.
pub type Change = (&'static str, String, String);

/// What saving changes, in words.
pub fn changes(diff: &TagDiff) -> Vec<Change> {
    let added = diff
        .added
        .iter()
        .map(|tag| ("Add", tag.key().to_owned(), tag.value().to_owned()));
    let changed = diff.changed.iter().map(|(tag, old)| {
        let value = format!("{old} → {}", tag.value());
        ("Change", tag.key().to_owned(), value)
    });
    let removed = diff
        .removed
        .iter()
        .map(|tag| ("Remove", tag.key().to_owned(), tag.value().to_owned()));
    added.chain(changed).chain(removed).collect()
}

/// The rows as they stand.
pub(super) fn rows(form: &Element) -> Vec<TagRow> {
    dom::all(form, ".tag-row")
        .iter()
        .map(|row| {
            let held = |at: usize| dom::all(row, "input").get(at).map(dom::value);
            TagRow {
                key: held(0).unwrap_or_default(),
                value: held(1).unwrap_or_default(),
            }
        })
        .collect()
}

/// Adds or removes a row, if the button does that.
pub(super) fn press(button: &Element) -> bool {
    let Some(rows) = dom::by_id("tag-rows") else {
        return false;
    };
    match button.get_attribute("name").as_deref() {
        Some("add_row") => {
            if let Some(row) = dom::stamp("tag-row") {
                let _ = rows.append_child(&row);
                number(&rows);
                dom::focus(dom::find(&row, "input"));
            }
        }
        Some("remove_row") => {
            if let Ok(Some(row)) = button.closest(".tag-row") {
                row.remove();
                number(&rows);
                dom::focus(dom::by_id("add-tag"));
            }
        }
        _ => return false,
    }
    true
}

/// Numbers the rows again: the server takes them by number.
fn number(rows: &Element) {
    let found = dom::all(rows, ".tag-row");
    for (at, row) in found.iter().enumerate() {
        for (part, input) in ["key", "value"].iter().zip(dom::all(row, "input")) {
            let id = format!("tag-{part}-{at}");
            let _ = input.set_attribute("name", &format!("tag_{part}[{at}]"));
            if let Some(label) = input.previous_element_sibling() {
                let _ = label.set_attribute("for", &id);
            }
            input.set_id(&id);
        }
        if let Some(button) = dom::find(row, "button") {
            let _ = button.set_attribute("value", &at.to_string());
            let _ = button.set_attribute("aria-label", &format!("Remove tag {}", at + 1));
        }
    }
    let left = (MAX_TAGS as usize).saturating_sub(found.len());
    if let Some(place) = dom::by_id("tags-left") {
        place.set_text_content(Some(&format!("{left} more possible")));
    }
}

impl LiveTags {
    /// Says what saving would change.
    pub(super) fn tell_difference(&self, form: &Element) {
        let (Some(before), Some(list)) = (&self.before, dom::by_id("tag-changes")) else {
            return;
        };
        let before = Tags::from_service(before.iter().cloned().map(|row| (row.key, row.value)));
        let changes = match before.edited(&rows(form)) {
            Ok(tags) => changes(&before.diff(&tags)),
            Err(_) => Vec::new(),
        };
        list.set_text_content(None);
        for (verb, key, value) in &changes {
            if let Some(item) = dom::stamp("tag-change") {
                dom::write(&item, ".badge", verb);
                dom::write(&item, "b", key);
                dom::write(&item, "span span", value);
                let _ = list.append_child(&item);
            }
        }
        if let Some(none) = dom::by_id("tag-changes-none") {
            dom::show(&none, changes.is_empty());
        }
    }
}
