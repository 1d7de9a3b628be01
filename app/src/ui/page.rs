//! How a page is answered: load, then show it in the frame, or say why not.

use domain::snippet::Call;
use domain::{Cause, Failure};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{ChooseView, MatchNestedRoutes, NestedRoute, PossibleRouteMatch, SsrMode};

use crate::request::Request;
use crate::ui::code::Code;
use crate::ui::frame::{self, Nav};
use crate::ui::{bidi, failed};

/// What a page shows.
pub struct Content {
    title: String,
    heading: Option<String>,
    count: Option<String>,
    badge: Option<AnyView>,
    crumbs: Vec<(String, String)>,
    nav: Nav,
    actions: Vec<AnyView>,
    code: Code,
    tabs: Option<AnyView>,
    body: AnyView,
}

impl Content {
    /// A page with a heading and something below it. A name in the title is
    /// [`isolated`](bidi::isolated).
    pub fn new(title: impl Into<String>, nav: Nav, body: impl IntoView + 'static) -> Self {
        Self {
            title: title.into(),
            heading: None,
            count: None,
            badge: None,
            crumbs: Vec::new(),
            nav,
            actions: Vec::new(),
            code: Code::default(),
            tabs: None,
            body: body.into_any(),
        }
    }

    /// Gives a heading that names the resource, which is the window's title too; in the breadcrumb,
    /// where the resource stands before it, the page keeps its short title. A name in it is
    /// [`isolated`](bidi::isolated).
    #[must_use]
    pub fn headed(mut self, heading: String) -> Self {
        self.heading = Some(heading);
        self
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
        self.code = Code::of(calls);
        self
    }

    /// Lets "As code" show what a form of this page would call as it stands.
    #[must_use]
    pub fn code(mut self, code: Code) -> Self {
        self.code = code;
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
                let content = loading
                    .await
                    .unwrap_or_else(|failure| failed_page(&request, &failure));
                show(&request, content).await
            })}
        </Suspense>
    }
}

/// A page at an address. The answer begins when it is loaded, since its status is known only then.
pub fn at<S, V>(address: S, page: V) -> impl MatchNestedRoutes + Clone
where
    S: PossibleRouteMatch + Clone + Send + 'static,
    V: ChooseView + Clone + 'static,
{
    NestedRoute::new(address, page).ssr_mode(SsrMode::Async)
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
    let drawer = content.code.drawer(request);
    let mut actions = content.actions;
    if let Some(toggle) = content.code.toggle(request, drawer.is_some()) {
        actions.insert(0, toggle);
    }
    let crumbs = frame::crumbs(content.crumbs, &content.title);
    let heading = content.heading.unwrap_or(content.title);
    let tab_title = format!("{} · Carillon", escaped(&bidi::plain(&heading)));
    let main = view! {
        <Title text=tab_title />
        {chrome.flashes()}
        {chrome.banner(&content.nav)}
        <div class="page-head">
            {crumbs} <div class="page-title">
                <h1 tabindex="-1">{bidi::marked_up(&heading)}</h1>
                {content.count.map(|count| view! { <span class="count">{count}</span> })}
                {content.badge}
            </div> <div class="page-actions">{actions}</div>
        </div>
        {content.tabs}
        {content.body}
    };
    chrome.around(request, content.nav, main.into_any(), drawer)
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
