//! Rows that are ticked in a list: how many there are, and that another page of the list does not lose them.
//!
//! The boxes, the bar and its buttons are the server's, and work without this.

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlFormElement};

use super::dom;

/// Follows the boxes of the page, if it has any.
pub fn follow_picks() {
    count();
    let _ = window_event_listener_untyped("change", |event| {
        if let Some(all) = pressed(&event, ".pick-all") {
            for pick in picks() {
                let _ = Reflect::set(&pick, &"checked".into(), &is(&all, "checked").into());
            }
        }
        count();
    });
    let _ = window_event_listener_untyped("click", |event| {
        let Some(link) = pressed(&event, ".pager > a") else {
            return;
        };
        let differs = |pick: &Element| is(pick, "checked") != is(pick, "defaultChecked");
        let opens_another =
            is(&event, "ctrlKey") || is(&event, "metaKey") || is(&event, "shiftKey");
        if !opens_another && picks().iter().any(differs) && go(&link).is_some() {
            event.prevent_default();
        }
    });
}

/// Sends the ticks, and goes on to where a link leads.
fn go(link: &Element) -> Option<()> {
    let form: HtmlFormElement = dom::by_id("selection")?.dyn_into().ok()?;
    dom::find(&form, "[name=go]")?
        .set_attribute("value", &link.get_attribute("href")?)
        .ok()?;
    form.submit().ok()
}

/// Says how many are ticked, here and on other pages.
fn count() {
    let Some(bar) = dom::by_id("selection") else {
        return;
    };
    let picks = picks();
    let here = picks.iter().filter(|pick| is(pick, "checked")).count();
    let elsewhere = bar.get_attribute("data-elsewhere");
    let elsewhere = elsewhere.and_then(|count| count.parse().ok()).unwrap_or(0);
    let words = match elsewhere {
        0 => format!("{here} selected"),
        _ => format!("{} selected, {here} on this page", here + elsewhere),
    };
    dom::write(&bar, ".bulk-count", &words);
    if let Some(all) = root().and_then(|root| dom::find(&root, ".pick-all")) {
        let _ = Reflect::set(&all, &"checked".into(), &(here == picks.len()).into());
        let some = here > 0 && here < picks.len();
        let _ = Reflect::set(&all, &"indeterminate".into(), &some.into());
    }
}

fn root() -> Option<Element> {
    document().document_element()
}

fn picks() -> Vec<Element> {
    root().map_or_else(Vec::new, |root| dom::all(&root, ".pick"))
}

/// What was pressed or changed, if a selector finds it.
fn pressed(event: &Event, selector: &str) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok()?
}

/// Whether a property is true.
fn is(of: &JsValue, name: &str) -> bool {
    Reflect::get(of, &name.into()).is_ok_and(|value| value.is_truthy())
}
