//! Recovery codes: made with the authenticator or again, and shown once.

use domain::Failure;
use leptos::prelude::*;

use super::PAGE;
use crate::islands::Copy;
use crate::request::{Done, Request};
use crate::ui::ask::{self, Ask};
use crate::ui::parts::{note, panel_beside};

/// The value of the page's address that names the codes to show.
const CODES: &str = "codes";

/// Makes new recovery codes; the old ones stop working.
#[server(prefix = "/api", endpoint = "account/authenticator/recovery-codes")]
pub async fn new_recovery_codes() -> Result<Done, Failure> {
    let request = Request::current();
    let backend = request.backend();
    let codes = backend
        .accounts()
        .new_recovery_codes(request.caller()?)
        .await?;
    let location = tell(&request, codes).await?;
    let detail = "The ones you had before no longer work.".to_owned();
    request.done(location, "New recovery codes", detail).await
}

/// "New recovery codes".
pub(super) fn button() -> AnyView {
    let ask = Ask {
        id: "codes".to_owned(),
        what: ("refresh", "New recovery codes"),
        question: "Make new recovery codes?".to_owned(),
        effect: "The ones that you have stop working. The new ones are shown once.".to_owned(),
        warning: None,
        confirm: "Make new codes",
        action: "account/authenticator/recovery-codes",
        hidden: super::fields(PAGE),
    };
    ask::button(ask, None, "btn")
}

/// Holds codes for the one page that shows them, and answers that page.
pub(super) async fn tell(request: &Request, codes: Vec<String>) -> Result<String, Failure> {
    let held = request.backend().recovery_codes();
    let id = held.put(&request.visitor().await?, codes).await?;
    Ok(format!("{PAGE}?{CODES}={id}"))
}

/// The codes that the address names, if this visitor made them and they were not shown yet.
pub(super) async fn told(request: &Request) -> Option<AnyView> {
    let id = request.query(CODES)?;
    let visitor = request.visitor().await.ok()?;
    let taken = request.backend().recovery_codes().take(&visitor, &id);
    let Some(codes) = taken.await.ok()? else {
        let sentence = "They are shown once. If you did not keep them, make new ones.";
        let headline = "The recovery codes are not shown again";
        return Some(note("flash", "info", headline, sentence));
    };
    request.shows_a_secret();
    let copied = codes.join("\n");
    let items = codes
        .into_iter()
        .map(|code| {
            view! {
                <li>
                    <code>{code}</code>
                </li>
            }
        })
        .collect_view();
    let beside = view! {
        <span class="panel-note">"Shown once"</span>
        <Copy text=copied what="recovery codes".to_owned() />
    };
    let body = view! {
        <p class="prose">
            "Keep them where you find them without your phone, for example printed. Each "
            "signs you in once instead of a code of the authenticator."
        </p>
        <ul class="recovery-codes">{items}</ul>
    };
    Some(panel_beside("codes", "Recovery codes", beside, body))
}
