//! An entry of the audit log, where a page names it: who did it, and its page.

use backend::Entry;
use leptos::prelude::*;

use crate::ui::bidi::chosen;
use crate::ui::parts::missing;

/// Who did it, and with what kind of account: a name could be anybody's. A failed sign-in names
/// nobody.
pub fn who(entry: &Entry) -> AnyView {
    if entry.username.is_empty() {
        return missing();
    }
    let kind = entry.actor.name();
    view! {
        {chosen(&entry.username)}
        " "
        <span class="muted">{format!("({kind})")}</span>
    }
    .into_any()
}

/// The page of an entry.
pub fn entry_path(entry: &Entry) -> String {
    format!("/audit/{}", entry.seq)
}
