//! A log that shows what is added to it while somebody looks. The server is asked every few
//! seconds and answers with the markup of the list, so that nothing of it is compiled for the
//! browser.

use std::time::Duration;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::dom;
use super::local_time::local_times_in;
use super::post::post;

/// How long to wait between two questions.
const EVERY: Duration = Duration::from_secs(3);

/// How often to ask before somebody has to press the button again: ten minutes. A page that is
/// left open must not keep its session alive for ever.
const AT_MOST: u32 = 200;

/// A list with a button `data-live` that keeps it up to date. Rows that came since are `.is-new`.
#[island]
pub fn LiveLog(
    /// The address of the server function: `seen` and the filters in; out comes nothing, or how far
    /// the log goes now and the markup of the list.
    action: String,
    /// The filters, as in an address.
    query: String,
    /// How far the log went when the list was written.
    seen: i64,
    /// The list of entries as the server wrote it.
    children: Children,
) -> impl IntoView {
    let list = NodeRef::<leptos::html::Div>::new();
    let note = RwSignal::new("");
    let spoken = RwSignal::new(String::new());
    let live = Live {
        list,
        // Which turn of the button is under way; odd while it is on.
        turn: StoredValue::new(0),
        seen: StoredValue::new(seen),
        from: StoredValue::new(format!("{query}&seen=")),
        action: StoredValue::new(action),
        note,
        spoken,
    };
    let press = move |event: web_sys::MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.closest("[data-live]").ok().flatten().is_some()) {
            live.press();
        }
    };
    view! {
        <div role="status">
            {move || {
                let note = note.get();
                (!note.is_empty()).then(|| view! { <p class="live-note">{note}</p> })
            }}
        </div>
        <p class="sr-only" role="status">
            {move || spoken.get()}
        </p>
        <div class="live-list" node_ref=list on:click=press>
            {children()}
        </div>
    }
}

#[derive(Clone, Copy)]
struct Live {
    list: NodeRef<leptos::html::Div>,
    turn: StoredValue<u32>,
    seen: StoredValue<i64>,
    from: StoredValue<String>,
    action: StoredValue<String>,
    note: RwSignal<&'static str>,
    spoken: RwSignal<String>,
}

impl Live {
    fn press(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.note.set("");
        self.show();
        if self.is_on() {
            self.ask(self.turn.get_value(), 0);
        }
    }

    fn is_on(self) -> bool {
        self.turn.get_value() % 2 == 1
    }

    fn stop(self, why: &'static str) {
        self.turn.update_value(|turn| *turn += 1);
        self.note.set(why);
        self.show();
    }

    /// Writes the state of the button, which is new whenever the list is.
    fn show(self) {
        let button = self
            .list
            .get_untracked()
            .and_then(|list| dom::find(&list, "[data-live]"));
        if let Some(button) = button {
            let state = if self.is_on() { "true" } else { "false" };
            let _ = button.set_attribute("aria-pressed", state);
        }
    }

    fn ask(self, turn: u32, asked: u32) {
        spawn_local(async move {
            // Nobody looks at a page that is hidden.
            let answer = if document().hidden() {
                Ok(None)
            } else {
                self.send().await
            };
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            match answer {
                Ok(None) => {}
                Ok(Some((seen, markup))) => self.replace(seen, &markup),
                Err(_) => return self.stop("Live has stopped: the console did not answer. Reload the page to see what is new."),
            }
            if asked >= AT_MOST {
                return self.stop("Live has stopped after ten minutes.");
            }
            set_timeout(
                move || {
                    if self.turn.try_get_value() == Some(turn) {
                        self.ask(turn, asked + 1);
                    }
                },
                EVERY,
            );
        });
    }

    async fn send(self) -> Result<Option<(i64, String)>, JsValue> {
        let form = format!("{}{}", self.from.get_value(), self.seen.get_value());
        let answer = post(&self.action.get_value(), &form).await?;
        if answer.is_null() {
            return Ok(None);
        }
        let answer = Array::from(&answer);
        let seen = answer.get(0).as_f64().ok_or(JsValue::NULL)?;
        let markup = answer.get(1).as_string().ok_or(JsValue::NULL)?;
        // Numbers of rows are far below 2^53, up to which a double is exact.
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number")]
        Ok(Some((seen as i64, markup)))
    }

    /// Puts a newer list in, and the focus back to where it was.
    fn replace(self, seen: i64, markup: &str) {
        let Some(list) = self.list.get_untracked() else {
            return;
        };
        dom::replace(&list, markup, "[data-live]");
        local_times_in(&list);
        self.seen.set_value(seen);
        self.show();
        match dom::all(&list, ".is-new").len() {
            0 => self.spoken.set("Outcomes are up to date".to_owned()),
            1 => self.spoken.set("1 new entry".to_owned()),
            count => self.spoken.set(format!("{count} new entries")),
        }
    }
}
