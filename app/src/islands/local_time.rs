//! The zone of the reader, which only the browser knows.

use leptos::prelude::document;
use web_sys::Element;

use super::dom;

/// Adds the local time to every time of the page, or puts it in place of UTC where the operator wants
/// that.
pub fn local_times() {
    if let Some(root) = document().document_element() {
        local_times_in(&root);
        for note in dom::all(&root, "[data-local]") {
            let at = note.get_attribute("data-local");
            if let Some(at) = at.and_then(|at| at.parse().ok()) {
                note.set_text_content(Some(&format!(" ({}, your time)", local(at))));
            }
        }
    }
}

/// The same for a part of the page that has just been written.
pub(super) fn local_times_in(part: &Element) {
    let root = document().document_element();
    let in_place = root.is_some_and(|root| root.has_attribute("data-local-times"));
    for time in dom::all(part, "time[title]") {
        let at = time.get_attribute("datetime").unwrap_or_default();
        let local = text_of(&js_sys::Date::new(&at.into()));
        let utc = time.text_content().unwrap_or_default();
        // Others are distances or days.
        if in_place && utc.ends_with("UTC") {
            time.set_text_content(Some(&local));
            let _ = time.set_attribute("title", &utc);
        } else {
            let _ = time.set_attribute("title", &format!("{local} (your time)"));
        }
    }
}

/// A number of milliseconds since 1970 in the zone of the browser.
pub(super) fn local(at: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "JavaScript dates are doubles")]
    let date = js_sys::Date::new(&(at as f64).into());
    text_of(&date)
}

/// `Wed Mar 18 2026 15:22:31 GMT+0100`, without the long name of the zone.
fn text_of(date: &js_sys::Date) -> String {
    let text = String::from(date.to_string());
    text.split(" (").next().unwrap_or_default().to_owned()
}
