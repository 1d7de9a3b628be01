//! Rows of keys and values, with what saving them would change.
//!
//! Without JavaScript the buttons post the form, which comes back with the rows changed; in the
//! browser [`crate::islands::LiveForm`] copies the templates.

use domain::tag::{MAX_TAGS, TagRow, Tags};
use leptos::prelude::*;

use super::parts::{icon, small_icon};
use crate::islands::{Change, changes};

/// The rows, and the difference to what the resource has now.
pub(super) fn tag_rows(rows: &[TagRow], before: Option<&[TagRow]>) -> AnyView {
    let left = (MAX_TAGS as usize).saturating_sub(rows.len());
    let shown = rows
        .iter()
        .enumerate()
        .map(|(at, row)| row_view(at, row))
        .collect_view();
    view! {
        <fieldset class="tag-rows" id="tag-rows" aria-describedby="tags-help tags-error">
            <legend class="sr-only">"Tags"</legend>
            {shown}
        </fieldset>
        <template id="tag-row">{row_view(0, &TagRow::default())}</template>
        <div class="under">
            <button class="btn btn-small" id="add-tag" name="add_row" value="1">
                {small_icon("plus")}
                "Add tag"
            </button>
            <span id="tags-left">{format!("{left} more possible")}</span>
        </div>
        {before.map(|before| difference(before, rows))}
    }
    .into_any()
}

fn row_view(at: usize, row: &TagRow) -> AnyView {
    view! {
        <div class="tag-row">
            {part(at, "key", "Key", &row.key)} {part(at, "value", "Value", &row.value)}
            <button
                class="btn btn-icon btn-ghost"
                name="remove_row"
                value=at
                aria-label=format!("Remove tag {}", at + 1)
            >
                {icon("x")}
            </button>
        </div>
    }
    .into_any()
}

/// The key or the value of a row.
fn part(at: usize, name: &str, label: &'static str, text: &str) -> AnyView {
    let id = format!("tag-{name}-{at}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="input"
                id=id
                name=format!("tag_{name}[{at}]")
                value=text.to_owned()
                autocomplete="off"
                spellcheck="false"
            />
        </div>
    }
    .into_any()
}

/// What saving would do.
fn difference(before: &[TagRow], rows: &[TagRow]) -> AnyView {
    let before = Tags::from_service(before.iter().cloned().map(|row| (row.key, row.value)));
    let wanted = before.edited(rows);
    let changes = wanted.map(|wanted| changes(&before.diff(&wanted)));
    let changes = changes.unwrap_or_default();
    let none = changes.is_empty();
    let items = changes.into_iter().map(change_view).collect_view();
    view! {
        <div class="tag-diff" role="status" aria-label="What saving changes">
            <p class="muted" id="tag-changes-none" hidden=!none>
                "Nothing would change."
            </p>
            <ul class="checks" id="tag-changes">
                {items}
            </ul>
        </div>
        <template id="tag-change">{change_view(("", String::new(), String::new()))}</template>
        <button class="btn btn-small no-js-only" name="add_row" value="0">
            "Review changes"
        </button>
    }
    .into_any()
}

fn change_view((verb, key, value): Change) -> AnyView {
    view! {
        <li>
            <span class="badge">{verb}</span>
            <span>
                <b>{key}</b>
                ": "
                <span>{value}</span>
            </span>
        </li>
    }
    .into_any()
}
