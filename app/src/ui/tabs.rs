//! Tabs under a heading. Each is a link to a page of its own.

use leptos::prelude::*;

/// A page of an AppInstanceUser or AppInstanceBot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Details,
    Endpoints,
    Expiration,
    Tags,
    Activity,
    /// Below the tabs: a form, or a single endpoint.
    None,
}

/// The tabs that a kind of resource has.
pub struct Tabs {
    label: &'static str,
    /// Each with the end of its address and its text.
    all: &'static [(Tab, &'static str, &'static str)],
}

/// The tabs of a user.
pub static USER_TABS: Tabs = Tabs {
    label: "AppInstanceUser",
    all: &[
        (Tab::Details, "", "Details"),
        (Tab::Endpoints, "/endpoints", "Endpoints"),
        (Tab::Expiration, "/expiration", "Expiration"),
        (Tab::Tags, "/tags", "Tags"),
        (Tab::Activity, "/activity", "Activity"),
    ],
};

/// The tabs of a bot.
pub static BOT_TABS: Tabs = Tabs {
    label: "AppInstanceBot",
    all: &[
        (Tab::Details, "", "Details"),
        (Tab::Tags, "/tags", "Tags"),
        (Tab::Activity, "/activity", "Activity"),
    ],
};

impl Tabs {
    /// The tabs of the resource whose page is `base`, on one of its pages.
    pub fn view(&self, base: &str, here: Tab) -> AnyView {
        let links = self.all.iter();
        let links = links.map(|(tab, path, text)| (format!("{base}{path}"), *text, *tab == here));
        tabs(self.label, links)
    }
}

/// The tabs of an endpoint; `base` is its page.
pub fn endpoint_tabs(base: &str, activity: bool) -> AnyView {
    let links = [
        (base.to_owned(), "Details", !activity),
        (format!("{base}/activity"), "Activity", activity),
    ];
    tabs("AppInstanceUserEndpoint", links.into_iter())
}

/// Tabs: address, text, and whether it is the one that is shown.
pub fn tabs(
    label: &'static str,
    links: impl Iterator<Item = (String, &'static str, bool)>,
) -> AnyView {
    let links = links
        .map(|(to, text, here)| {
            let current = here.then_some("page");
            view! {
                <li>
                    <a href=to aria-current=current>
                        {text}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label=label>
            <ul>{links}</ul>
        </nav>
    }
    .into_any()
}
