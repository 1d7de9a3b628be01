//! `carillon import`: a file as a job, from the shell. It goes on with the job of the same file, so
//! that the command can be given again after whatever ended it.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use backend::background::PATIENCE;
use backend::import::ImportProblem;
use backend::jobs::{Around, By, NewJob, Owner, RowFilter};
use backend::{AccountsConfig, Backend, Clock, Job, Origin, random};
use domain::consequence::grouped;
use domain::import::Kind;
use domain::{JobId, JobKind, JobState, Verdict};
use serde_json::json;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::connect::connect;
use super::{database_url, job, opened, say, told};
use crate::cli::{self, Service};
use crate::serve::asked_to_stop;

/// How much of the file is read at once.
const PIECE: usize = 64 * 1024;
/// How often the job is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How many rows that cannot be done are asked for at once.
const ROWS: usize = 500;
/// A row of the plan cannot be done.
const CANNOT: u8 = 3;

pub(super) async fn run(options: cli::Import) -> anyhow::Result<ExitCode> {
    let stop = asked_to_stop()?;
    ensure!(
        options.connection.backend == Service::Embedded || !options.connection.read_only,
        "--read-only refuses every write"
    );
    let (connection, embedded) = connect(&options.connection, &options.store, false).await?;
    let id = connection.id.clone();
    ensure!(
        connection.regions.contains(&options.instance.region()),
        "the connection does not offer {}",
        options.instance.region()
    );
    let backend = Backend::open(backend::Config {
        database_url: database_url(&options.store)?,
        connection,
        accounts: AccountsConfig::default(),
        clock: Clock::system(),
    });
    let backend = opened(backend.await)?;
    backend.jobs().begin();
    let command = Command {
        backend: &backend,
        options: &options,
        connection: id,
        user: whoami::username().unwrap_or_default(),
    };
    let ended = tokio::select! {
        ended = command.carry_out() => Some(ended),
        () = stop => None,
    };
    backend.background().stop(PATIENCE).await;
    if let Some(embedded) = embedded {
        embedded.stop().await;
    }
    match ended {
        Some(ended) => ended,
        None => bail!("stopped; give the same command to go on"),
    }
}

struct Command<'a> {
    backend: &'a Backend,
    options: &'a cli::Import,
    connection: domain::ConnectionId,
    user: String,
}

impl Command<'_> {
    async fn carry_out(&self) -> anyhow::Result<ExitCode> {
        let id = self.job().await?;
        let planned = self
            .until(&id, |job| job.state != JobState::Planning)
            .await?;
        if self.options.plan {
            return self.print_plan(&planned).await;
        }
        let jobs = self.backend.jobs();
        let by = By::Shell(&self.user);
        let set_off = match planned.state {
            JobState::Planned => jobs.start(by, &id, &planned.left().to_string()).await,
            JobState::Paused | JobState::Stopped => jobs.resume(by, &id).await,
            _ => Ok(()),
        };
        set_off.map_err(|failure| told(&failure))?;
        let ended = self
            .until(&id, |job| {
                !matches!(job.state, JobState::Running | JobState::Planning)
                    && (job.state != JobState::Cancelled || job.ended.is_some())
            })
            .await?;
        self.print_outcome(&ended).await
    }

    /// The job of this file: one that was begun before, or a new one.
    async fn job(&self) -> anyhow::Result<JobId> {
        let jobs = self.backend.jobs();
        if let Some(id) = &self.options.job {
            let found = jobs.find(id).await.map_err(|failure| told(&failure))?;
            return Ok(found.context("there is no such job")?.id);
        }
        let source = self.source().await?;
        let begun = jobs.of_source(&source).await;
        if let Some(job) = begun.map_err(|failure| told(&failure))? {
            eprintln!("going on with job {}", job.id);
            return Ok(job.id);
        }
        let name = self.options.file.file_name().unwrap_or_default();
        let new = NewJob {
            kind: match self.options.kind {
                Kind::Users => JobKind::ImportUsers,
                Kind::Admins => JobKind::ImportAdmins,
                Kind::Endpoints => JobKind::ImportEndpoints,
            },
            connection: &self.connection,
            around: Around::Instance(&self.options.instance),
            owner: Owner::shell(&self.user),
            origin: Origin::default(),
            input: json!({ "File": name.to_string_lossy() }),
            source: Some(source),
        };
        let kind = self.options.kind;
        let begun = backend::import::Import::begin(jobs, new, kind, None).await;
        let mut import = begun.map_err(|failure| told(&failure))?;
        let mut file = self.open().await?;
        let mut piece = vec![0; PIECE];
        let read = loop {
            let bytes = file
                .read(&mut piece)
                .await
                .context("the file cannot be read")?;
            if bytes == 0 {
                break Ok(());
            }
            if let Err(problem) = import.feed(&piece[..bytes]).await {
                break Err(problem);
            }
        };
        let finished = match read {
            Ok(()) => import.finish().await,
            Err(problem) => {
                import.give_up().await;
                Err(problem)
            }
        };
        let id = finished.map_err(|problem| refused(&problem))?;
        eprintln!("job {id}");
        Ok(id)
    }

    async fn open(&self) -> anyhow::Result<File> {
        let path = &self.options.file;
        let file = File::open(path).await;
        file.with_context(|| format!("{} cannot be opened", path.display()))
    }

    /// What makes a job the same: the bytes of the file, and what it is imported as and into.
    async fn source(&self) -> anyhow::Result<String> {
        let mut file = self.open().await?;
        let mut digest = random::Digest::default();
        let mut piece = vec![0; PIECE];
        loop {
            let bytes = file
                .read(&mut piece)
                .await
                .context("the file cannot be read")?;
            if bytes == 0 {
                break;
            }
            digest.feed(&piece[..bytes]);
        }
        let what = format!("\n{}\n{}\n", self.options.kind, self.options.instance);
        digest.feed(what.as_bytes());
        digest.feed(self.connection.as_str().as_bytes());
        Ok(digest.hex())
    }

    /// Waits, and tells how far the job is.
    async fn until(&self, id: &JobId, is_there: impl Fn(&Job) -> bool) -> anyhow::Result<Job> {
        let mut told_last = String::new();
        loop {
            let found = self.backend.jobs().find(id).await;
            // The database may be busy; the job goes on.
            if let Ok(found) = found {
                let job = found.context("the job is gone")?;
                let progress = progress(&job);
                if progress != told_last {
                    tell(&progress);
                    told_last = progress;
                }
                if is_there(&job) {
                    if std::io::stderr().is_terminal() {
                        eprintln!();
                    }
                    return Ok(job);
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn print_plan(&self, job: &Job) -> anyhow::Result<ExitCode> {
        say(&job::plan(job));
        self.print_rows(
            job,
            RowFilter {
                verdict: Some(Verdict::Cannot),
                state: None,
            },
        )
        .await?;
        if job.state != JobState::Planned {
            say(&halted(job));
        }
        Ok(if job.plan.cannot > 0 {
            ExitCode::from(CANNOT)
        } else if matches!(job.state, JobState::Paused | JobState::Stopped) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }

    async fn print_outcome(&self, job: &Job) -> anyhow::Result<ExitCode> {
        for state in [domain::RowState::Failed, domain::RowState::Unknown] {
            let filter = RowFilter {
                verdict: None,
                state: Some(state),
            };
            self.print_rows(job, filter).await?;
        }
        say(&job.tally.to_string());
        if job.state != JobState::Done {
            say(&halted(job));
        }
        let is_clean = job.tally.failed == 0 && job.tally.unknown == 0;
        Ok(if job.state == JobState::Done && is_clean {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    /// Prints rows with why, each in a line.
    async fn print_rows(&self, job: &Job, filter: RowFilter) -> anyhow::Result<()> {
        let mut after = 0;
        loop {
            let rows = self.backend.jobs().rows(&job.id, filter, after, ROWS).await;
            let rows = rows.map_err(|failure| told(&failure))?;
            for row in &rows.rows {
                let place = match row.line {
                    Some(line) => format!("line {line}"),
                    None => format!("row {}", row.row),
                };
                let why = row.why.as_ref().map(domain::plan::Why::sentence);
                let named = row.resource.escape_debug();
                say(&format!("{place}: {named}: {}", why.unwrap_or_default()));
                after = row.row;
            }
            if !rows.more {
                return Ok(());
            }
        }
    }
}

/// Why a job does not go on.
fn halted(job: &Job) -> String {
    let why = job.reason.as_ref().map(domain::plan::Why::sentence);
    format!("{}: {}", job.state, why.unwrap_or_default())
}

/// How far a job is.
fn progress(job: &Job) -> String {
    let number = |rows: u64| grouped(u32::try_from(rows).unwrap_or(u32::MAX));
    if job.state == JobState::Planning {
        let planned = job.plan.will + job.plan.skip + job.plan.cannot + job.plan.unsure;
        return format!("planning: {} of {}", number(planned), number(job.total));
    }
    let line = format!(
        "{}: {} of {}",
        job.state,
        number(job.tally.settled()),
        number(job.total)
    );
    match (job.state, job.seconds_left()) {
        (JobState::Running, Some(left)) => {
            format!("{line} · {:.0}/s · about {left} s", job.pace)
        }
        _ => line,
    }
}

/// On a terminal the line is written over; elsewhere each is a line of its own.
fn tell(progress: &str) {
    let mut err = std::io::stderr();
    let _ = if err.is_terminal() {
        write!(err, "\r\x1b[K{progress}").and_then(|()| err.flush())
    } else {
        writeln!(err, "{progress}")
    };
}

fn refused(problem: &ImportProblem) -> anyhow::Error {
    match problem {
        ImportProblem::File(problem) => anyhow::Error::msg(problem.to_string()),
        ImportProblem::Columns(problems) => {
            let each: Vec<_> = problems.iter().map(ToString::to_string).collect();
            anyhow::Error::msg(each.join(" "))
        }
        ImportProblem::Failed(failure) => told(failure),
    }
}
