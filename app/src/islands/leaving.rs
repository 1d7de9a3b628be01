//! Leaving a page with a form on it that was changed and not sent.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use web_sys::Element;

use super::dom;

/// Every control whose value would be work to type again, of every form that is not on its way.
/// Passwords, codes, searches and names that confirm are left out: a person who leaves those
/// changed their mind.
const CONTROLS: &str = "form[novalidate]:not([aria-busy],[action^='/api/session/']) :is(\
input:not([type=hidden],[type=password],[type=search],[name^=confirm],[name=code]),textarea,\
select:has([selected]) option)";
/// A form that came back with what was typed, or whose rows came or went.
const CHANGED: &str = "form[data-changed]:not([aria-busy])";

/// Lets the browser ask before a page with such a form is left. An unchanged form is no reason to
/// ask.
pub fn ask_before_leaving() {
    let _ = window_event_listener_untyped("beforeunload", |event| {
        let Some(root) = document().document_element() else {
            return;
        };
        let came_back = dom::find(&root, CHANGED).is_some();
        if came_back || dom::all(&root, CONTROLS).iter().any(differs) {
            event.prevent_default();
        }
    });
}

/// Whether a control holds something else than the page came with.
fn differs(control: &Element) -> bool {
    let held = |name: &str| js_sys::Reflect::get(control, &JsValue::from_str(name));
    [
        ("value", "defaultValue"),
        ("checked", "defaultChecked"),
        ("selected", "defaultSelected"),
    ]
    .iter()
    .any(|(now, first)| {
        held(first).is_ok_and(|first| !first.is_undefined() && Ok(first) != held(now))
    })
}
