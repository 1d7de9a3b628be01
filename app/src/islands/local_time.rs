//! The zone of the reader, which only the browser knows.

use domain::Timestamp;
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
                note.set_text_content(Some(&beside(Timestamp(at))));
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
        let local = local(&js_sys::Date::new(&at.into()));
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

/// What is written beside a time in UTC: ` (2026-03-18 15:22:31 UTC+01:00, your time)`. Nothing where
/// that is the time of the browser too.
pub(super) fn beside(at: Timestamp) -> String {
    #[expect(clippy::cast_precision_loss, reason = "JavaScript dates are doubles")]
    let date = js_sys::Date::new(&(at.0 as f64).into());
    match ahead(&date) {
        0 => String::new(),
        ahead => format!(" ({}, your time)", at.exact_in(ahead)),
    }
}

/// By how many minutes the zone of the browser is ahead of UTC at a time.
#[expect(clippy::cast_possible_truncation, reason = "no zone is days away")]
fn ahead(date: &js_sys::Date) -> i32 {
    -(date.get_timezone_offset() as i32)
}

/// A time in the zone of the browser.
#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds of our years fit"
)]
fn local(date: &js_sys::Date) -> String {
    Timestamp(date.get_time() as i64).exact_in(ahead(date))
}
