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
        let date = js_sys::Date::new(&at.into());
        let ahead = ahead(&date);
        // Nothing is to be added where it is UTC, and at a time that is too far for JavaScript.
        if ahead == 0 {
            continue;
        }
        let at = timestamp(&date);
        let utc = time.text_content().unwrap_or_default();
        // Others are distances or days.
        if in_place && utc.ends_with("UTC") {
            let local = if utc == at.human() {
                at.human_in(ahead)
            } else {
                at.exact_in(ahead)
            };
            time.set_text_content(Some(&local));
            let _ = time.set_attribute("title", &utc);
        } else {
            let local = at.exact_in(ahead);
            let _ = time.set_attribute("title", &format!("{local} (your time)"));
        }
    }
}

/// What is written beside a time in UTC: ` (18 Mar 2026, 15:22 UTC+01:00, your time)`. Nothing where
/// that is the time of the browser too.
pub(super) fn beside(at: Timestamp) -> String {
    #[expect(clippy::cast_precision_loss, reason = "JavaScript dates are doubles")]
    let date = js_sys::Date::new(&(at.0 as f64).into());
    match ahead(&date) {
        0 => String::new(),
        ahead => format!(" ({}, your time)", at.human_in(ahead)),
    }
}

/// By how many minutes the zone of the browser is ahead of UTC at a time; 0 at one that is too far for
/// JavaScript.
#[expect(clippy::cast_possible_truncation, reason = "no zone is days away")]
fn ahead(date: &js_sys::Date) -> i32 {
    -(date.get_timezone_offset() as i32)
}

#[expect(clippy::cast_possible_truncation, reason = "a date of JavaScript fits")]
fn timestamp(date: &js_sys::Date) -> Timestamp {
    Timestamp(date.get_time() as i64)
}
