//! The entry point of the browser: makes the islands of the page live.

use leptos::wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    // The linker drops exports of a crate that nothing refers to.
    let _ = app::islands::LiveForm;
    leptos::mount::hydrate_islands();
    app::islands::local_times();
    app::islands::ask_before_leaving();
    app::islands::follow_picks();
}
