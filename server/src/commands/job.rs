//! `carillon job`: jobs from the shell. What it changes is in the audit too.

use std::process::ExitCode;

use anyhow::Context as _;
use backend::jobs::{By, Whose};
use backend::{AccountsConfig, Backend, Clock, Job, Jobs};
use domain::JobState;

use super::connect::described;
use super::{database_url, opened, say, told};
use crate::cli::{self, JobCommand};

pub(super) async fn run(options: cli::Jobs) -> anyhow::Result<ExitCode> {
    // Nothing is called: the connection only says which one it is.
    let backend = Backend::open(backend::Config {
        database_url: database_url(&options.store)?,
        connection: described(&options.connection)?,
        accounts: AccountsConfig::default(),
        clock: Clock::system(),
    });
    let backend = opened(backend.await)?;
    let jobs = backend.jobs();
    let user = whoami::username().unwrap_or_default();
    let by = By::Shell(&user);
    let (id, changed) = match options.command {
        JobCommand::List { most } => {
            let list = jobs.list(None, &Whose::All, None, most).await;
            for job in list.map_err(|failure| told(&failure))?.jobs {
                say(&line(&job));
            }
            return Ok(ExitCode::SUCCESS);
        }
        JobCommand::Show { id } => {
            let job = jobs.find(&id).await.map_err(|failure| told(&failure))?;
            show(jobs, &job.context("there is no such job")?).await?;
            return Ok(ExitCode::SUCCESS);
        }
        JobCommand::Pause { id } => (id.clone(), jobs.pause(by, &id).await),
        JobCommand::Resume { id } => (id.clone(), jobs.resume(by, &id).await),
        JobCommand::Cancel { id } => (id.clone(), jobs.cancel(by, &id).await),
    };
    changed.map_err(|failure| told(&failure))?;
    let job = jobs.find(&id).await.map_err(|failure| told(&failure))?;
    say(&line(&job.context("there is no such job")?));
    Ok(ExitCode::SUCCESS)
}

/// A job in one line.
fn line(job: &Job) -> String {
    format!(
        "{}  {}  {}  {}  {} of {}",
        job.id,
        job.created.iso(),
        job.state,
        job.kind.label(),
        job.tally.settled(),
        job.total
    )
}

async fn show(jobs: &Jobs, job: &Job) -> anyhow::Result<()> {
    say(&line(job));
    let around = if job.is_of_several() {
        format!("AppInstances of {}", job.scope)
    } else {
        job.instance.to_string()
    };
    say(&format!("by {} on {around}", job.owner.username));
    if let Some(reason) = &job.reason {
        say(&format!("{} because: {}", job.state, reason.sentence()));
    }
    say(&plan(job));
    if job.started.is_some() {
        say(&job.tally.to_string());
    }
    for group in jobs
        .reasons(&job.id)
        .await
        .map_err(|failure| told(&failure))?
    {
        say(&format!("{} rows: {}", group.rows, group.why.sentence()));
    }
    if let (JobState::Running, Some(left)) = (job.state, job.seconds_left()) {
        say(&format!(
            "{:.1} rows a second, about {left} s left",
            job.pace
        ));
    }
    Ok(())
}

/// What a plan says, in one line.
pub(super) fn plan(job: &Job) -> String {
    let plan = job.plan;
    let unsure = match plan.unsure {
        0 => String::new(),
        unsure => format!(", unknown {unsure}"),
    };
    format!(
        "plan: will {}, skip {}, cannot {}{unsure}, calls {}",
        plan.will, plan.skip, plan.cannot, plan.calls
    )
}
