//! The rows of a job, ticked again, so that a plan can be made of them with other values.

use backend::Job;
use backend::jobs::{Around, RowFilter};
use backend::selection::MOST_TICKED;
use domain::arn::ResourceArn;
use domain::plan::Subject;
use domain::{Cause, Failure};
use leptos::prelude::*;

use super::{Action, List};
use crate::paths::with_query;
use crate::request::{Done, Flash, Request};

/// How many rows are read at once.
const AT_ONCE: usize = 1000;

/// The value of the address of a form that names the job whose values it has.
pub const OF_JOB: &str = "job";

/// Ticks the rows of a job, in place of what was ticked in their list, and goes to the form that its plan was
/// made with. It changes nothing that anybody else sees.
#[server(prefix = "/api", endpoint = "selection/again")]
pub async fn select_again(id: String) -> Result<Done, Failure> {
    let request = Request::current();
    let (caller, backend) = (request.caller()?, request.backend());
    let id = id.parse().map_err(|_| Cause::NoSuchPage)?;
    let job = backend.jobs().get(caller, &id).await?;
    let job = job.ok_or(Cause::NoSuchPage)?;
    let subjects = subjects(&request, &job).await?;
    let action = Action::of_job(&job).ok_or(Cause::Outdated)?;
    let list = list_of(&job, action, &subjects).ok_or(Cause::Outdated)?;
    let rows: Vec<_> = subjects.iter().filter_map(|of| list.row_of(of)).collect();
    let (connection, count) = (&job.scope.connection, rows.len());
    let (selections, key) = (backend.selections(), list.key(connection));
    selections.clear(&caller.operator, &key).await?;
    let left = selections.keep(&caller.operator, &key, &[], rows).await?;
    let kept = list.count(count - left);
    let missing = job.total.saturating_sub((count - left) as u64);
    let detail = match missing {
        0 => String::new(),
        1 => " 1 row of the job cannot be selected.".to_owned(),
        more => format!(" {more} rows of the job cannot be selected."),
    };
    let flash = Flash {
        headline: format!("{kept} of the job selected"),
        detail: format!(
            "Change what you want to, and make a new plan. The job stays as it is.{detail}"
        ),
        warning: missing > 0,
        next: None,
    };
    request.flash(flash).await;
    let form = list.act_path(connection, action.word());
    Ok(Done {
        location: with_query(&form, &[(OF_JOB, job.id.as_str())]),
    })
}

/// What the rows of a job are about: no more than can be ticked.
async fn subjects(request: &Request, job: &Job) -> Result<Vec<Subject>, Failure> {
    let jobs = request.backend().jobs();
    let (mut subjects, mut after, mut more) = (Vec::new(), 0, true);
    while more && subjects.len() < MOST_TICKED {
        let all = RowFilter::default();
        let found = jobs.rows(&job.id, all, after, AT_ONCE).await?;
        more = found.more;
        after = found.rows.last().map_or(after, |row| row.row);
        subjects.extend(found.rows.into_iter().filter_map(|row| row.subject));
    }
    Ok(subjects)
}

/// The list that the rows of a job were ticked in, or one like it: it knows them all, and has the action.
fn list_of(job: &Job, action: Action, subjects: &[Subject]) -> Option<List> {
    let lists = match job.around()? {
        Around::Region(region) => vec![List::Instances(region)],
        Around::Instance(arn) => {
            let endpoints = subjects.first().and_then(|first| match &first.arn {
                ResourceArn::User(user) => Some(List::Endpoints(user.clone())),
                _ => None,
            });
            let lists = [List::Users, List::Bots, List::Admins];
            let lists = lists.map(|list| list(arn.clone()));
            lists.into_iter().chain(endpoints).collect()
        }
    };
    let knows_all = |list: &List| subjects.iter().all(|of| list.row_of(of).is_some());
    let mut lists = lists.into_iter();
    lists.find(|list| Action::of(list).contains(&action) && knows_all(list))
}
