//! The zone of the reader, which only the browser knows.

use leptos::prelude::document;

use super::dom;

/// Adds the local time to every time of the page.
pub fn local_times() {
    let Some(root) = document().document_element() else {
        return;
    };
    for time in dom::all(&root, "time[title]") {
        let at = time.get_attribute("datetime").unwrap_or_default();
        let text = format!("{} (your time)", text_of(&js_sys::Date::new(&at.into())));
        let _ = time.set_attribute("title", &text);
    }
    for note in dom::all(&root, "[data-local]") {
        let at = note.get_attribute("data-local");
        if let Some(at) = at.and_then(|at| at.parse().ok()) {
            note.set_text_content(Some(&format!(" ({}, your time)", local(at))));
        }
    }
}

/// A number of milliseconds since 1970 in the zone of the browser.
pub(super) fn local(at: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "JavaScript dates are doubles")]
    let date = js_sys::Date::new(&(at as f64).into());
    text_of(&date)
}

/// `Wed Mar 18 2026 15:22 GMT+0100`.
fn text_of(date: &js_sys::Date) -> String {
    let text = String::from(date.to_string());
    // Seconds and the long name of the zone say nothing more.
    let text = text.split(" (").next().unwrap_or_default();
    match (text.get(..21), text.get(24..)) {
        (Some(start), Some(zone)) => format!("{start}{zone}"),
        _ => text.to_owned(),
    }
}
