//! Parts of a page that the server writes anew every two seconds, as the numbers of a job that runs.
//! What they show is not compiled for the browser.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Element;

use super::dom;
use super::post::post;

/// How long to wait between two questions.
const EVERY: Duration = Duration::from_secs(2);

/// How often to ask at most: half an hour. A page that is left open must not keep its session alive for
/// ever.
const AT_MOST: u32 = 900;

/// Keeps what has `data-piece` up to date, and shows what has `data-lost` while it cannot. When there is
/// nothing to keep up to date any more, the page is loaded again.
#[island]
pub fn LiveJob(
    /// The address of the server function: out come the parts in their order, or nothing.
    action: String,
    /// What it is sent.
    form: String,
    /// The parts as the server wrote them first.
    children: Children,
) -> impl IntoView {
    let place = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        if let Some(place) = place.get() {
            let pieces = dom::all(&place, "[data-piece]");
            let live = Live {
                action: action.clone(),
                form: form.clone(),
                shown: RefCell::new(vec![String::new(); pieces.len()]),
                pieces,
                lost: dom::find(&place, "[data-lost]"),
            };
            wait(Rc::new(live), 0);
        }
    });
    view! { <div node_ref=place>{children()}</div> }
}

struct Live {
    action: String,
    form: String,
    pieces: Vec<Element>,
    /// What each part was written with last, so that one that is the same is left alone.
    shown: RefCell<Vec<String>>,
    lost: Option<Element>,
}

fn wait(live: Rc<Live>, asked: u32) {
    set_timeout(
        move || {
            spawn_local(async move {
                // Nobody looks at a page that is hidden.
                let is_lost = if document().hidden() {
                    false
                } else {
                    match post(&live.action, &live.form).await {
                        Ok(answer) if answer.is_null() => {
                            let _ = window().location().reload();
                            return;
                        }
                        Ok(answer) => {
                            live.show(&Array::from(&answer));
                            asked >= AT_MOST
                        }
                        Err(_) => true,
                    }
                };
                if let Some(lost) = &live.lost {
                    dom::show(lost, is_lost);
                }
                if asked < AT_MOST {
                    wait(live, asked + 1);
                }
            });
        },
        EVERY,
    );
}

impl Live {
    fn show(&self, answer: &Array) {
        let mut shown = self.shown.borrow_mut();
        for ((at, piece), shown) in (0..).zip(&self.pieces).zip(shown.iter_mut()) {
            let markup = answer.get(at).as_string().unwrap_or_default();
            if *shown != markup {
                dom::replace(piece, &markup, "a");
                *shown = markup;
            }
        }
    }
}
