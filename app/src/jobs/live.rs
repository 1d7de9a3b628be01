//! The parts of a job's page that change while it is on its way. The browser asks for them every two
//! seconds; without a script the page is loaded again.

use backend::Job;
use domain::{Failure, JobState};
use leptos::prelude::*;

use super::rows::ON_A_PAGE;
use super::shown::Shown;
use super::{causes, find, plan, progress, rows};
use crate::islands::LiveJob;
use crate::paths;
use crate::request::Request;
use crate::ui::job::{is_moving, state_word};
use crate::ui::parts::small_icon;

/// The value of the address by which somebody without a script keeps the page as it is.
const STILL: &str = "still";

/// What is read for the parts.
pub(super) struct Parts {
    /// What is said aloud.
    said: String,
    /// What was found out so far.
    numbers: AnyView,
    rows: AnyView,
}

impl Parts {
    /// Reads what the page of a job shows.
    pub async fn read(request: &Request, job: &Job, shown: Shown) -> Result<Self, Failure> {
        let jobs = request.backend().jobs();
        let (found, reasons) = tokio::join!(
            jobs.rows(&job.id, shown.filter, shown.after, ON_A_PAGE),
            jobs.reasons(&job.id),
        );
        let rate = jobs.pace(job);
        let numbers = if job.state == JobState::Planned {
            plan::panel(job, shown, rate.as_ref())
        } else {
            progress::panel(job, shown, rate.as_ref())
        };
        let causes = causes::panel(job, &reasons?);
        let numbers = view! {
            {numbers}
            {causes}
        };
        Ok(Self {
            said: progress::said(job),
            numbers: numbers.into_any(),
            rows: rows::panel(job, shown, &found?),
        })
    }

    /// The parts of a page, kept up to date while the job is on its way.
    ///
    /// `between` stands between the numbers and the rows of one that is not.
    pub fn view(
        self,
        request: &Request,
        job: &Job,
        shown: Shown,
        between: Option<AnyView>,
    ) -> AnyView {
        let Self {
            said,
            numbers,
            rows,
        } = self;
        if !is_moving(job) {
            return view! {
                {numbers}
                {between}
                {rows}
            }
            .into_any();
        }
        let id = job.id.to_string();
        let pairs = shown.pairs();
        let own = [("id", &*id), ("state", state_word(job))];
        let pairs: Vec<_> = own
            .into_iter()
            .chain(pairs.iter().map(|(name, value)| (*name, &**value)))
            .collect();
        let form = paths::with_query("", &pairs);
        let form = form.trim_start_matches('?').to_owned();
        view! {
            {again(request)}
            <LiveJob action="/api/jobs/now".to_owned() form=form>
                <div class="stack">
                    <p class="sr-only" role="status" data-piece="">
                        {said}
                    </p>
                    <div class="stack" data-piece="">
                        {numbers}
                    </div>
                    <div data-piece="">{rows}</div>
                    <p class="flash flash-warn" data-lost="" hidden=true>
                        {small_icon("triangle")}
                        "The newest numbers could not be read. Load the page again to see them."
                    </p>
                </div>
            </LiveJob>
        }
        .into_any()
    }
}

/// Without a script: loads the page again every five seconds, unless somebody wants it to stay.
fn again(request: &Request) -> AnyView {
    let is_still = request.query(STILL).is_some();
    let again = (!is_still).then(|| view! { <meta http-equiv="refresh" content="5" /> });
    let (words, to, other) = if is_still {
        (
            "This page stays as it is. ",
            request.with_query(&[(STILL, "")]),
            "Load it again every 5 seconds",
        )
    } else {
        (
            "This page is loaded again every 5 seconds. ",
            request.with_query(&[(STILL, "1")]),
            "Keep it as it is",
        )
    };
    view! {
        <noscript>
            {again}
            <p class="muted">
                {words} <a href=request.with_query(&[])>"Refresh"</a> " · " <a href=to>{other}</a>
            </p>
        </noscript>
    }
    .into_any()
}

/// The parts of the page of a job, for a page that shows them live. Nothing when the job is in another
/// state than `state`: the page is loaded again then. The other arguments are those of its address.
#[server(prefix = "/api", endpoint = "jobs/now")]
pub async fn read_job(
    id: String,
    #[server(default)] state: String,
    #[server(default)] verdict: String,
    #[server(default)] outcome: String,
    #[server(default)] after: String,
) -> Result<Option<Vec<String>>, Failure> {
    let request = Request::current();
    let job = find(&request, &id).await?;
    if state_word(&job) != state {
        return Ok(None);
    }
    let given = [("verdict", verdict), ("outcome", outcome), ("after", after)];
    let shown = Shown::read(|wanted| {
        let found = given.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.clone())
    })?;
    let parts = Parts::read(&request, &job, shown).await?;
    Ok(Some(vec![
        parts.said,
        parts.numbers.to_html(),
        parts.rows.to_html(),
    ]))
}
