//! The HTML document around every page.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::request::{Cookie, Reached, has_local_times};
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

/// What menus and messages do beside what the browser does by itself: the arrows move in a menu, a
/// message is closed, and what a failed cell tells goes away like a menu. It waits for nothing that is
/// loaded, so it is no part of the module.
const MENUS: &str = "\
const near=(e,s)=>e.target instanceof Element?e.target.closest(s):null;\
const told=(keep)=>document.querySelectorAll('details.failed[open]').forEach(d=>{if(d!==keep)d.open=false});\
addEventListener('click',e=>{\
told(near(e,'details.failed'));\
const flash=near(e,'[data-close]')?.closest('.flash');\
if(flash){flash.remove();document.querySelector('h1')?.focus()}});\
addEventListener('keydown',e=>{\
if(e.key==='Escape'){near(e,'details.failed[open]')?.querySelector('summary').focus();told()}\
const to={ArrowDown:1,ArrowUp:-1,Home:0,End:0}[e.key],menu=near(e,'.menu');\
const list=menu?.querySelector('.menu-list');\
if(to===undefined||!list||near(e,'.ask'))return;\
if(!list.matches(':popover-open')){if(!to)return;menu.querySelector('[popovertarget]').click()}\
const all=[...list.querySelectorAll('a,button,input')].filter(i=>i.checkVisibility()&&!i.closest('.ask'));\
const at=all.indexOf(document.activeElement);\
const next=to===1?at+1:to===-1?(at===-1?all.length:at)-1:e.key==='Home'?0:-1;\
all.at(next%all.length)?.focus();e.preventDefault()});";

/// The HTML document that every page is rendered into.
pub fn document(assets: Assets) -> impl IntoView {
    let parts = use_context::<axum::http::request::Parts>();
    let theme = parts.as_ref().and_then(theme_of).unwrap_or("system");
    let local_times = parts.as_ref().is_some_and(has_local_times);
    let nonce = use_nonce();
    let script = START
        .replace("JS", &format!("{:?}", assets.js))
        .replace("WASM", &format!("{:?}", assets.wasm));
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme data-local-times=local_times>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets.css />
                <link rel="modulepreload" href=assets.js />
                <link
                    rel="preload"
                    href=assets.wasm
                    r#as="fetch"
                    r#type="application/wasm"
                    crossorigin="anonymous"
                />
                <MetaTags />
            </head>
            <body>
                <App />
                <script type="module" nonce=nonce.clone()>
                    {MENUS}
                </script>
                <script type="module" nonce=nonce>
                    {script}
                </script>
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
