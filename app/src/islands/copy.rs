//! Copies a text to the clipboard and says so.

use leptos::prelude::*;

/// A button that copies. Without a clipboard the text beside it can still be selected.
#[island]
pub fn Copy(
    /// The text that the button copies.
    text: String,
    /// What it is, for the button's name: `ARN`.
    what: String,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let label = format!("Copy {what}");
    let done = format!("{what} copied");
    let copy = move |_| {
        let promise = window().navigator().clipboard().write_text(&text);
        leptos::task::spawn_local(async move {
            if wasm_bindgen_futures::JsFuture::from(promise).await.is_ok() {
                copied.set(true);
                set_timeout(move || copied.set(false), std::time::Duration::from_secs(2));
            }
        });
    };
    let icon = move || {
        if copied.get() {
            "/icons.svg#i-tick"
        } else {
            "/icons.svg#i-copy"
        }
    };
    view! {
        <button
            class="btn btn-icon btn-ghost btn-tiny copy js-only"
            type="button"
            aria-label=label.clone()
            title=label
            on:click=copy
        >
            <svg class="icon icon-s" aria-hidden="true">
                <use href=icon></use>
            </svg>
        </button>
        <span class="sr-only" role="status">
            {move || if copied.get() { done.clone() } else { String::new() }}
        </span>
    }
}
