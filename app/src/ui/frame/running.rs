//! What runs now: an item of the header, and a note on the pages of an AppInstance.

use backend::Job;
use domain::JobState;
use leptos::prelude::*;

use super::Nav;
use crate::paths;
use crate::ui::bidi::{isolated, plain};
use crate::ui::job::{counted, doing, percent, progress};
use crate::ui::parts::{icon, note_with};

/// How many jobs run, how far they are, and the way to them; nothing when none does.
pub(super) fn item(running: &[Job]) -> Option<AnyView> {
    let first = running.first()?;
    let to = match running.len() {
        1 => paths::job(&first.id),
        _ => "/jobs".to_owned(),
    };
    let many = u64::try_from(running.len()).unwrap_or(u64::MAX);
    let text = format!("{} · {} %", counted(many, "job", "jobs"), percent(running));
    Some(
        view! {
            <a class="pill" href=to title=text.clone()>
                {icon("layers")}
                <span class="pill-text">{text.clone()}</span>
            </a>
        }
        .into_any(),
    )
}

/// Says on a page of an AppInstance who works on many things in it.
pub(super) fn banner(running: &[Job], nav: &Nav) -> Option<AnyView> {
    let Nav::Instance { arn, .. } = nav else {
        return None;
    };
    let here = running
        .iter()
        .filter(|job| job.instance.known() == Some(arn));
    let notes: Vec<_> = here.map(one).collect();
    (!notes.is_empty()).then(|| view! { <div class="flashes">{notes}</div> }.into_any())
}

fn one(job: &Job) -> AnyView {
    let (who, what) = (isolated(&job.owner.username), doing(job.kind));
    let headline = plain(&match job.state {
        JobState::Planning => format!("{who} plans a job here"),
        _ => format!("{who} {what} here"),
    });
    let further = view! {
        <p>
            {format!("{}: {} rows. ", job.kind.label(), progress(job))}
            <a href=paths::job(&job.id)>"See the job"</a>
        </p>
    };
    note_with("flash", "layers", headline, further)
}
