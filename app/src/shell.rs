//! The HTML document around every page.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::request::{Cookie, Reached};
use crate::routes::App;

/// The addresses of the built front end, with the hashes of their content in their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The module that loads the WASM.
    pub js: String,
    /// The WASM.
    pub wasm: String,
    /// The stylesheet.
    pub css: String,
}

/// Makes the islands of a page live: loads the module, then hands each island its element.
///
/// Ours and not `HydrationScripts`: that one needs `hash.txt` beside the binary, and marks its
/// preloads with the nonce as their CORS mode.
const START: &str = "const m=await import(JS);await m.default({module_or_path:WASM});m.hydrate();\
for(const e of document.querySelectorAll('leptos-island'))await m[e.dataset.component]?.(e);\
document.documentElement.dataset.live='';";

/// The document.
pub fn document(assets: Assets) -> impl IntoView {
    let theme = use_context::<axum::http::request::Parts>()
        .and_then(|parts| theme_of(&parts))
        .unwrap_or("system");
    let nonce = use_nonce();
    let script = START
        .replace("JS", &format!("{:?}", assets.js))
        .replace("WASM", &format!("{:?}", assets.wasm));
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=assets.css/>
                <link rel="modulepreload" href=assets.js/>
                <link rel="preload" href=assets.wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <MetaTags/>
            </head>
            <body>
                <App/>
                <script type="module" nonce=nonce>{script}</script>
            </body>
        </html>
    }
}

/// The theme that the visitor chose.
pub fn theme_of(parts: &axum::http::request::Parts) -> Option<&'static str> {
    let reached = parts.extensions.get::<Reached>()?;
    let value = reached.cookies.value(Cookie::Theme, &parts.headers)?;
    ["light", "dark", "system"]
        .into_iter()
        .find(|theme| *theme == value)
}
