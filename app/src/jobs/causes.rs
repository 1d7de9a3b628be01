//! Why rows failed, grouped: how many, the reason, and what to do about it.

use backend::Job;
use backend::jobs::Group;
use leptos::prelude::*;

use super::shown::is_plan;
use crate::ui::job::{counted, number};
use crate::ui::parts::panel_around;

/// How many reasons are shown; the results file has all.
const MOST: usize = 8;

/// The panel; nothing when no row failed.
pub(super) fn panel(job: &Job, groups: &[Group]) -> Option<AnyView> {
    if groups.is_empty() {
        return None;
    }
    let rows = groups.iter().take(MOST).map(|group| {
        let step = group.why.next_step();
        view! {
            <li>
                <b>{counted(group.rows, "row", "rows")}</b>
                <span>
                    {group.why.sentence()} {step.map(|step| view! { <small>{step}</small> })}
                </span>
            </li>
        }
    });
    let rows = rows.collect_view();
    let more = groups.len().saturating_sub(MOST);
    let more = (more > 0).then(|| {
        let more = number(u64::try_from(more).unwrap_or(u64::MAX));
        view! { <p class="muted">{format!("And {more} other reasons, in the results file.")}</p> }
    });
    let list = view! {
        <ul class="rows">{rows}</ul>
        {more}
    };
    let heading = if is_plan(job) {
        "Why rows cannot be done"
    } else {
        "Why rows failed"
    };
    Some(panel_around(("causes", heading), (), list))
}
