//! Times in UTC, or in the zone of the browser: an operator's choice, kept with the operator.
//!
//! Pages come with UTC, since the server does not know the zone; browser code writes the local time
//! in its place ([`crate::islands::local_times`]). Without it times stay in UTC, and say so.

use domain::Failure;
use leptos::prelude::*;

use crate::paths;
use crate::request::{Done, Request};
use crate::ui::allowed;
use crate::ui::parts::panel_beside;

const PAGE: &str = "/account";

/// Has times shown in the zone of the browser, or in UTC. Goes back to `page`.
#[server(prefix = "/api", endpoint = "account/times")]
pub async fn choose_times(local: bool, #[server(default)] page: String) -> Result<Done, Failure> {
    let request = Request::current();
    let caller = request.caller()?;
    request
        .backend()
        .accounts()
        .choose_times(caller, local)
        .await?;
    let location = if paths::is_local(&page) {
        page
    } else {
        PAGE.to_owned()
    };
    let headline = if local {
        "Times are local from now on"
    } else {
        "Times are in UTC from now on"
    };
    request.done(location, headline, String::new()).await
}

/// The button that switches to the other kind, and comes back to this page.
pub fn switch(request: &Request, class: &'static str) -> AnyView {
    let local = !request.has_local_times();
    let text = if local {
        "Show local times"
    } else {
        "Show UTC"
    };
    let hidden = vec![
        ("local", local.to_string()),
        ("page", request.with_query(&[])),
    ];
    allowed::button_unless(None, class, ("clock", text), "account/times", hidden)
}

/// The panel on the page of one's own account.
pub(super) fn panel(request: &Request) -> AnyView {
    let (chosen, more) = if request.has_local_times() {
        (
            "In the zone of your browser",
            "Without JavaScript times are in UTC, and say so. Files and the command line always have UTC.",
        )
    } else {
        (
            "In UTC",
            "Point at a time, and it is shown in the zone of your browser too.",
        )
    };
    let body = view! {
        <p>
            <b>{chosen}</b>
        </p>
        <p class="muted">{more}</p>
    };
    panel_beside("times", "Times", switch(request, "btn btn-small"), body)
}
