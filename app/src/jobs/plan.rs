//! A plan before it runs: what it says in numbers, what it takes away, and the button that runs it.

use backend::{Job, Pace};
use domain::consequence::SWEEP_HOURS;
use domain::plan::Warning;
use domain::{Field, RowState, Verdict};
use leptos::prelude::*;

use super::deeds;
use super::pace::{takes, why};
use super::progress::count_view;
use super::shown::Shown;
use crate::form::{Control, FieldSpec, Rule};
use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::consequence::{Consequence, Severity};
use crate::ui::form::Form;
use crate::ui::job::{counted, number};
use crate::ui::parts::note;
use crate::ui::time::LocalTime;

/// What the plan says: counts that lead to its rows, calls and minutes.
pub(super) fn panel(job: &Job, shown: Shown, rate: Option<&Pace>) -> AnyView {
    let plan = job.plan;
    let parts = [
        (plan.will, "Will be done", "part-done", Verdict::Will),
        (plan.skip, "Nothing to do", "part-skipped", Verdict::Skip),
        (
            plan.cannot,
            "Cannot be done",
            "part-failed",
            Verdict::Cannot,
        ),
        (
            plan.unsure,
            "Not known yet",
            "part-unknown",
            Verdict::Unknown,
        ),
    ];
    let counts = parts
        .into_iter()
        .filter(|(count, _, _, verdict)| *count > 0 || *verdict != Verdict::Unknown)
        .map(|(count, word, key, verdict)| {
            count_view(job, (count, word), key, (Shown::verdict(verdict), shown))
        })
        .collect_view();
    let unknown = (plan.unsure > 0).then(|| {
        let rows = counted(plan.unsure, "row that is", "rows that are");
        format!(", and those of {rows} not known yet")
    });
    let before = (job.tally.done > 0).then(|| {
        let done = (job.tally.done, "Done before");
        let of = (Shown::outcome(RowState::Done), shown);
        count_view(job, done, "part-waiting", of)
    });
    let planned = job.planned.map(|at| {
        view! {
            <p class="muted">
                "As of " <LocalTime at=at />
                ". Each row is compared again when the job runs, and what somebody changed meanwhile is left as it is."
            </p>
        }
    });
    view! {
        <section class="panel" aria-label="Plan">
            <div class="panel-body">
                <div class="job-figures">
                    <p>
                        <b class="job-figure">{number(job.total)}</b>
                        {if job.total == 1 { " row" } else { " rows" }}
                    </p>
                    <p>{takes(plan.calls, rate)}{unknown}</p>
                </div>
                <ul class="job-counts">{counts} {before}</ul>
                <p class="muted">{why(rate)}</p>
                {planned}
            </div>
        </section>
    }
    .into_any()
}

/// What running it takes away.
pub(super) fn consequences(job: &Job, warnings: &[(Warning, u64)]) -> Option<AnyView> {
    let of = |wanted: Warning| {
        let found = warnings.iter().find(|(warning, _)| *warning == wanted);
        found.map_or(0, |(_, count)| *count)
    };
    let (gone, expiring) = (of(Warning::Deletes), of(Warning::ExpiresNow));
    let expires = (expiring > 0).then(|| {
        let verb = if expiring == 1 { "is" } else { "are" };
        format!(
            "{} of these {} {verb} older than they may get and will be deleted within about \
             {SWEEP_HOURS} hours.",
            number(expiring),
            number(job.plan.will)
        )
    });
    // They are read when the job runs, and deleted if they are there.
    let unknown = if job.kind.is_severe() {
        job.plan.unsure
    } else {
        0
    };
    let headline = match (gone, unknown, expiring) {
        (0, 0, 0) => return None,
        (0, 0, _) => format!("{} will be deleted", counted(expiring, "user", "users")),
        (0, unknown, _) => format!("{} may be deleted for good", number(unknown)),
        (gone, 0, _) => format!("{} will be deleted for good", number(gone)),
        (gone, unknown, _) => {
            let (gone, unknown) = (number(gone), number(unknown));
            format!("{gone} will be deleted for good, and {unknown} more may be")
        }
    };
    let may_be = (unknown > 0).then(|| {
        let rows = counted(unknown, "row", "rows");
        let sentence = format!(
            "What {rows} would delete could not be read. It is read again when the job runs, and \
             deleted if it is there."
        );
        view! { <p>{sentence}</p> }
    });
    let lost = (gone + unknown > 0).then(|| {
        view! { <p>"AWS cannot restore them, and no copy is kept but what the audit log has."</p> }
    });
    let lead = view! {
        {expires.map(|expires| view! { <p>{expires}</p> })}
        {may_be}
        {lost}
    };
    let severity = Severity::Loss;
    Some(Consequence::new(severity, "triangle", headline, lead.into_any()).view())
}

/// The form that runs it.
pub(super) async fn form(request: &Request, job: &Job) -> AnyView {
    let rows = job.left();
    if rows == 0 {
        let sentence =
            "No row of this plan needs a call, so there is nothing to run. Cancel closes it.";
        return note("flash", "info", "There is nothing to do", sentence);
    }
    let text = format!("Run {}", counted(rows, "row", "rows"));
    let spec = request
        .form("jobs/start", &text, "Starting…")
        .hidden("id", &job.id)
        .hidden("form", deeds::RUN);
    let spec = if job.kind.is_severe() {
        let help = format!("The number is {}.", number(rows));
        let field = FieldSpec::new(Field::ConfirmCount, Control::short(), Rule::Filled);
        spec.danger().field(field.help(&help))
    } else {
        spec
    };
    let mut spec = request.resumed(spec).await;
    spec.refused = deeds::reason(request, job, true);
    if spec.refused.is_none() {
        spec.locked = deeds::locked(request, job);
    }
    let is_own = request.caller().is_ok_and(|caller| job.owner.is(caller));
    let other = (!is_own).then(|| {
        let owner = isolated(&job.owner.username);
        let sentence = "When you run it, it acts with your rights and is yours from then on.";
        note(
            "flash",
            "info",
            crate::ui::bidi::plain(&format!("This plan was made by {owner}")),
            sentence,
        )
    });
    view! {
        {other}
        <Form spec=spec />
    }
    .into_any()
}
