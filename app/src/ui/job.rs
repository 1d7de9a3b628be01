//! A job in few words: how far it is, what it does, in which state. For its own pages, the header and
//! the pages of its AppInstance.

use backend::Job;
use domain::{JobKind, JobState};
use leptos::prelude::*;

use super::parts::small_icon;

/// Digits in groups of three.
pub fn number(number: u64) -> String {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    domain::consequence::grouped(number)
}

/// So many of something: `1 row`, `12,480 rows`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// How many rows it is through: of a plan those that were looked at, of a run those that have their
/// outcome.
pub const fn through(job: &Job) -> u64 {
    match job.state {
        // The others have an outcome at once, or had one before they were planned again.
        JobState::Planning => job.tally.settled() + job.plan.will + job.plan.unsure,
        _ => job.tally.settled(),
    }
}

/// `5,012 of 12,480`.
pub fn progress(job: &Job) -> String {
    format!("{} of {}", number(through(job)), number(job.total))
}

/// How much of them that is; never 100 before the end.
pub fn percent(jobs: &[Job]) -> u64 {
    let through: u64 = jobs.iter().map(through).sum();
    let total: u64 = jobs.iter().map(|job| job.total).sum();
    (through * 100).checked_div(total).unwrap_or_default()
}

/// Whether something is still on its way, so that the page of it changes by itself.
pub fn is_moving(job: &Job) -> bool {
    job.state.is_active() || (job.state == JobState::Cancelled && job.ended.is_none())
}

/// The word for its state.
pub const fn state_word(job: &Job) -> &'static str {
    match job.state {
        JobState::Planning => "Planning",
        JobState::Planned => "Planned",
        JobState::Running => "Running",
        JobState::Paused => "Paused",
        JobState::Done => "Done",
        JobState::Cancelled if job.ended.is_none() => "Ending",
        JobState::Cancelled => "Cancelled",
        JobState::Stopped => "Stopped",
    }
}

/// Its state: shape, word and colour.
pub fn state(job: &Job) -> AnyView {
    let (class, name) = match job.state {
        JobState::Planning => ("status status-info", "hourglass"),
        JobState::Planned => ("status status-info", "list"),
        JobState::Running => ("status status-info", "layers"),
        JobState::Paused => ("status status-warn", "pause"),
        JobState::Done => ("status status-ok", "tick-circle"),
        JobState::Cancelled => ("status status-muted", "slash-circle"),
        JobState::Stopped => ("status status-danger", "octagon"),
    };
    view! { <span class=class>{small_icon(name)} {state_word(job)}</span> }.into_any()
}

/// What somebody does by it: `imports users`.
pub const fn doing(kind: JobKind) -> &'static str {
    match kind {
        JobKind::ImportUsers => "imports users",
        JobKind::ImportAdmins => "imports admins",
        JobKind::ImportEndpoints => "imports endpoints",
        JobKind::Update => "updates users",
        JobKind::SetExpiration => "sets when users expire",
        JobKind::Tag => "sets tags",
        JobKind::Untag => "removes tags",
        JobKind::Promote => "makes admins",
        JobKind::Demote => "takes the role of admins",
        JobKind::Delete => "deletes users or bots",
        JobKind::AllowMessages => "sets which messages endpoints get",
        JobKind::Deregister => "deregisters endpoints",
        JobKind::BringBack => "brings back what was deleted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_separators_and_the_right_word() {
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(12_480, "row", "rows"), "12,480 rows");
        assert_eq!(counted(0, "row", "rows"), "0 rows");
    }

    #[test]
    fn nothing_of_nothing_is_no_percentage_that_fails() {
        assert_eq!(percent(&[]), 0);
    }
}
