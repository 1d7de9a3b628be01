//! Tabs under a heading. Each is a link to a page of its own.

use domain::ConnectionId;
use domain::arn::{AppInstanceBotArn, AppInstanceUserArn};
use leptos::prelude::*;

use crate::paths;

/// A page of an AppInstanceUser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserTab {
    Details,
    Endpoints,
    Expiration,
    Tags,
    Activity,
    /// Below the tabs: a form, or a single endpoint.
    None,
}

impl UserTab {
    const ALL: &[(Self, &str, &str)] = &[
        (Self::Details, "", "Details"),
        (Self::Endpoints, "/endpoints", "Endpoints"),
        (Self::Expiration, "/expiration", "Expiration"),
        (Self::Tags, "/tags", "Tags"),
        (Self::Activity, "/activity", "Activity"),
    ];
}

/// The tabs of a user.
pub fn user_tabs(connection: &ConnectionId, arn: &AppInstanceUserArn, tab: UserTab) -> AnyView {
    let base = paths::user(connection, arn);
    let links = UserTab::ALL
        .iter()
        .map(|(each, path, text)| (format!("{base}{path}"), *text, *each == tab));
    tabs("AppInstanceUser", links)
}

/// A page of an AppInstanceBot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotTab {
    Details,
    Tags,
    Activity,
    /// Below the tabs: a form.
    None,
}

/// The tabs of a bot.
pub fn bot_tabs(connection: &ConnectionId, arn: &AppInstanceBotArn, tab: BotTab) -> AnyView {
    const ALL: &[(BotTab, &str, &str)] = &[
        (BotTab::Details, "", "Details"),
        (BotTab::Tags, "/tags", "Tags"),
        (BotTab::Activity, "/activity", "Activity"),
    ];
    let base = paths::bot(connection, arn);
    let links = ALL
        .iter()
        .map(|(each, path, text)| (format!("{base}{path}"), *text, *each == tab));
    tabs("AppInstanceBot", links)
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
