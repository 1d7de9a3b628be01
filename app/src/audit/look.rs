//! Looks later whether a write was carried out after all, when its answer was lost.

use backend::look::{Looked, look};
use backend::{Entry, Phase};
use domain::{Cause, Failure};
use leptos::prelude::*;

use super::{allowed, entry_path};
use crate::access::reason_to_settle;
use crate::request::{Done, Request};
use crate::ui::allowed::button_unless;
use crate::ui::lock;
use crate::ui::parts::icon;

/// Reads the resource of an entry whose outcome is unknown, and adds what that tells to the audit.
#[server(prefix = "/api", endpoint = "audit/look")]
pub async fn look_again(entry: i64) -> Result<Done, Failure> {
    let request = Request::current();
    allowed(&request)?;
    let caller = request.caller()?;
    let backend = request.backend();
    let found = backend.audit_for(caller).await?.at_seq(entry).await?;
    let found = found.ok_or(Failure::from(Cause::NoSuchPage))?;
    let (headline, detail) = match look(backend.calls(), caller, &found).await? {
        Looked::Done => ("The change was made", "AWS has what was asked for."),
        Looked::NotDone => ("The change was not made", "AWS has what was there before."),
        Looked::Unclear => (
            "Still unknown",
            "What AWS has now does not show it. Look at the resource yourself, or look again in a few minutes.",
        ),
    };
    request
        .done(entry_path(&found), headline, detail.to_owned())
        .await
}

/// What an unknown outcome means, and the button that looks.
pub(super) fn panel(request: &Request, entry: &Entry) -> Option<AnyView> {
    if entry.phase != Phase::Unknown {
        return None;
    }
    let reason = reason_to_settle(request);
    let hidden = vec![
        ("entry", entry.seq.to_string()),
        ("page", request.path().to_owned()),
    ];
    let what = ("eye", "Look again");
    let locked = lock::instead_of_event(request, "btn btn-small", what.1);
    let look = locked
        .unwrap_or_else(|| button_unless(reason, "btn btn-small", what, "audit/look", hidden));
    Some(
        view! {
            <div class="flash flash-warn" role="note">
                {icon("triangle")}
                <div class="flash-text">
                    <b>"AWS did not say whether this was done"</b>
                    <p>
                        "“Look again” reads the resource and compares it with what was asked for. It changes nothing in AWS, and adds what it finds to this log."
                    </p>
                </div>
                {look}
            </div>
        }
        .into_any(),
    )
}
