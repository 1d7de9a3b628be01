//! `carillon job` and `carillon import`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use domain::JobId;
use domain::arn::AppInstanceArn;
use domain::import::Kind;

use super::{Connection, Store};

/// `carillon job`.
#[derive(Clone, Debug, Args)]
pub struct Jobs {
    /// Where calls go.
    #[command(flatten)]
    pub connection: Connection,
    /// Where the data is.
    #[command(flatten)]
    pub store: Store,
    /// What to do.
    #[command(subcommand)]
    pub command: JobCommand,
}

/// What `carillon job` does.
#[derive(Clone, Debug, Subcommand)]
pub enum JobCommand {
    /// List the newest jobs, those that run first.
    List {
        /// How many at most.
        #[arg(long, default_value_t = 20, value_name = "COUNT")]
        most: usize,
    },
    /// Show a job: how far it is, and why rows failed.
    Show {
        /// The job.
        id: JobId,
    },
    /// Let rows on their way end, and begin no others.
    Pause {
        /// The job.
        id: JobId,
    },
    /// Go on with a job that was paused or that stopped. A process that serves or imports works on it.
    Resume {
        /// The job.
        id: JobId,
    },
    /// End a job: rows on their way end, and the others are left out.
    Cancel {
        /// The job.
        id: JobId,
    },
}

/// `carillon import`.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["plan", "run"]))]
pub struct Import {
    /// The file: CSV or JSON lines, UTF-8.
    pub file: PathBuf,
    /// The AppInstance to import into.
    #[arg(long, value_name = "ARN")]
    pub instance: AppInstanceArn,
    /// What the rows are: users, admins or endpoints.
    #[arg(long, default_value = "users", value_name = "KIND")]
    pub kind: Kind,
    /// Print the plan and change nothing. Exits 3 when a row cannot be done.
    #[arg(long)]
    pub plan: bool,
    /// Run the plan and wait for its end. Exits 0 when every row is done or was so already.
    #[arg(long)]
    pub run: bool,
    /// The job to go on with; the one of the same file that is not over when absent.
    #[arg(long, value_name = "ID")]
    pub job: Option<JobId>,
    /// Where calls go.
    #[command(flatten)]
    pub connection: Connection,
    /// Where the data is.
    #[command(flatten)]
    pub store: Store,
}
