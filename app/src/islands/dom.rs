//! Access to elements that the server wrote.

use leptos::prelude::document;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, HtmlTemplateElement};

/// The element with an id.
pub fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// The first element inside another that a selector finds.
pub fn find(within: &Element, selector: &str) -> Option<Element> {
    within.query_selector(selector).ok().flatten()
}

/// Every element inside another that a selector finds.
pub fn all(within: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = within.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|at| found.get(at)?.dyn_into().ok())
        .collect()
}

/// What a control of any kind holds.
pub fn value(control: &Element) -> String {
    js_sys::Reflect::get(control, &JsValue::from_str("value"))
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

/// Shows or hides an element.
pub fn show(element: &Element, shown: bool) {
    let _ = element.toggle_attribute_with_force("hidden", !shown);
}

/// Puts text, never markup, into the element inside another that a selector finds.
pub fn write(within: &Element, selector: &str, text: &str) {
    if let Some(found) = find(within, selector) {
        found.set_text_content(Some(text));
    }
}

/// Sets or removes an attribute that is `true` or absent.
pub fn flag(element: &Element, name: &str, on: bool) {
    let _ = if on {
        element.set_attribute(name, "true")
    } else {
        element.remove_attribute(name)
    };
}

/// Whether an attribute is `true`.
pub fn is(element: &Element, name: &str) -> bool {
    element.get_attribute(name).as_deref() == Some("true")
}

/// Moves the focus.
pub fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Puts markup in place of what an element holds, and the focus, if it was in there, on the same link,
/// else on what a selector finds.
pub fn replace(element: &Element, markup: &str, otherwise: &str) {
    let active = document().active_element();
    let focused = active.filter(|active| element.contains(Some(active)));
    let again = focused.map(|active| match active.get_attribute("href") {
        Some(href) => format!("a[href=\"{href}\"]"),
        None => otherwise.to_owned(),
    });
    element.set_inner_html(markup);
    focus(again.and_then(|again| find(element, &again)));
}

/// A copy of the only element of a `<template>`.
pub fn stamp(template: &str) -> Option<Element> {
    let template: HtmlTemplateElement = by_id(template)?.dyn_into().ok()?;
    let first = template.content().first_element_child()?;
    first.clone_node_with_deep(true).ok()?.dyn_into().ok()
}
