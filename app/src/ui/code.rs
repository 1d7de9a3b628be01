//! "As code": the calls of a page in other languages, in a drawer that has its own address.

use domain::snippet::{Call, Language};
use leptos::prelude::*;

use crate::islands::Copy;
use crate::request::Request;
use crate::ui::parts::{icon, small_icon};

/// The button that opens or closes the drawer.
pub fn toggle(request: &Request, open: bool) -> AnyView {
    let to = request.with_query(&[("code", if open { "" } else { "cli" })]);
    view! {
        <a class="btn" href=to aria-current=open.then_some("true")>
            {icon("code")}
            "As code"
        </a>
    }
    .into_any()
}

/// The drawer, if the address asks for it.
pub fn drawer(request: &Request, calls: &[Call]) -> Option<AnyView> {
    let wanted = request.query("code")?;
    let language = Language::ALL.iter().copied().find(|l| l.slug() == wanted)?;
    if calls.is_empty() {
        return None;
    }
    let tabs = Language::ALL
        .iter()
        .map(|l| {
            let to = request.with_query(&[("code", l.slug())]);
            let current = (*l == language).then_some("page");
            view! { <li><a href=to aria-current=current>{l.label()}</a></li> }
        })
        .collect_view();
    let snippets = calls
        .iter()
        .map(|call| {
            let text = call.write(language);
            let name = call.operation().name();
            view! {
                <h3>{name}</h3>
                <div class="code-box">
                    <Copy text=text.clone() what=format!("{name} as {}", language.label())/>
                    <pre class="code" tabindex="0" aria-label=name>
                        <code>{text}</code>
                    </pre>
                </div>
            }
        })
        .collect_view();
    let needs = calls
        .iter()
        .map(|call| {
            view! {
                <li>
                    {small_icon("key")}
                    <code>{call.operation().iam_action()}</code>
                </li>
            }
        })
        .collect_view();
    let close = request.with_query(&[("code", "")]);
    Some(
        view! {
            <aside class="drawer" id="code" aria-labelledby="h-code">
                <div class="drawer-head">
                    <h2 id="h-code" tabindex="-1">"As code"</h2>
                    <a class="btn btn-icon btn-ghost btn-small" href=close aria-label="Close As code">
                        {icon("x")}
                    </a>
                </div>
                <p class="muted">"The calls of this page, with your own credentials."</p>
                <nav class="tabs" aria-label="Language">
                    <ul>{tabs}</ul>
                </nav>
                {snippets}
                <h3>"Permissions these calls need"</h3>
                <ul class="checks">{needs}</ul>
            </aside>
        }
        .into_any(),
    )
}
