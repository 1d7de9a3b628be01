//! How a page is answered: load, then show it in the frame, or say why not.

use domain::snippet::Call;
use domain::{Cause, Failure};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::request::Request;
use crate::ui::frame::{self, Nav};
use crate::ui::{code, failed};

/// What a page shows.
pub struct Content {
    title: String,
    count: Option<String>,
    badge: Option<AnyView>,
    crumbs: Vec<(String, String)>,
    nav: Nav,
    actions: Vec<AnyView>,
    calls: Vec<Call>,
    tabs: Option<AnyView>,
    body: AnyView,
}

impl Content {
    /// A page with a heading and something below it.
    pub fn new(title: impl Into<String>, nav: Nav, body: impl IntoView + 'static) -> Self {
        Self {
            title: title.into(),
            count: None,
            badge: None,
            crumbs: Vec::new(),
            nav,
            actions: Vec::new(),
            calls: Vec::new(),
            tabs: None,
            body: body.into_any(),
        }
    }

    /// Adds a page above this one to the breadcrumb.
    #[must_use]
    pub fn crumb(mut self, text: impl Into<String>, to: impl Into<String>) -> Self {
        self.crumbs.push((text.into(), to.into()));
        self
    }

    /// Adds an action at the right of the heading.
    #[must_use]
    pub fn action(mut self, action: impl IntoView + 'static) -> Self {
        self.actions.push(action.into_any());
        self
    }

    /// Adds a badge beside the heading.
    #[must_use]
    pub fn badge(mut self, badge: impl IntoView + 'static) -> Self {
        self.badge = Some(badge.into_any());
        self
    }

    /// Adds tabs under the heading.
    #[must_use]
    pub fn tabs(mut self, tabs: impl IntoView + 'static) -> Self {
        self.tabs = Some(tabs.into_any());
        self
    }

    /// Adds calls that "As code" shows.
    #[must_use]
    pub fn calls(mut self, calls: impl IntoIterator<Item = Call>) -> Self {
        self.calls.extend(calls);
        self
    }
}

/// A page: its content is loaded first, so that status, headers and flash messages are right.
pub fn page<F, L>(load: L) -> impl IntoView
where
    L: FnOnce(Request) -> F,
    F: Future<Output = Result<Content, Failure>> + Send + 'static,
{
    let request = Request::current();
    let loading = load(request.clone());
    view! {
        <Suspense>
            {Suspend::new(async move {
                let content = loading.await.unwrap_or_else(|failure| failed_page(&request, &failure));
                show(&request, content).await
            })}
        </Suspense>
    }
}

fn failed_page(request: &Request, failure: &Failure) -> Content {
    request.set_status(failure.cause.status());
    Content::new(
        failure.cause.headline(),
        Nav::Other,
        failed::panel(failure, request),
    )
}

/// A text for `<title>`: `leptos_meta` writes what it is given as it is, and a name that somebody
/// chose must not end the element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

async fn show(request: &Request, content: Content) -> AnyView {
    let chrome = frame::Chrome::load(request).await;
    let code = code::drawer(request, &content.calls);
    let with_drawer = code.is_some();
    let mut actions = content.actions;
    if !content.calls.is_empty() {
        actions.insert(0, code::toggle(request, with_drawer));
    }
    let tab_title = format!("{} · Carillon", escaped(&content.title));
    let current = content.title.clone();
    let crumbs = frame::crumbs(content.crumbs, &current);
    let main = view! {
        <Title text=tab_title/>
        {chrome.flashes()}
        <div class="page-head">
            {crumbs}
            <div class="page-title">
                <h1 tabindex="-1">{content.title}</h1>
                {content.count.map(|count| view! { <span class="count">{count}</span> })}
                {content.badge}
            </div>
            <div class="page-actions">{actions}</div>
        </div>
        {content.tabs}
        {content.body}
    };
    chrome.around(request, content.nav, main.into_any(), code)
}

/// What is shown at an address that has no page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    // While the routes are listed at start there is no request to answer.
    use_context::<axum::http::request::Parts>()
        .map(|_| page(|_| async { Err(Cause::NoSuchPage.into()) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_end_its_element() {
        assert_eq!(
            escaped("A & </title><script>"),
            "A &amp; &lt;/title>&lt;script>"
        );
    }
}
