//! Work on many resources: plans, and the jobs that carry them out.
//!
//! A job is rows, each with what is wanted of one resource (`domain::plan::Change`). Planning reads
//! what is there and decides for each row; running decides again, writes down what it will send, sends
//! it, and writes down what became of it. Both go on after a crash: the process that holds the lease of
//! a job works on it, and what an earlier holder writes late is refused.

mod again;
mod around;
mod batch;
mod bring_back;
mod change;
mod item;
mod lease;
mod make;
mod outcome;
mod owner;
mod planning;
mod present;
mod purge;
mod queue;
mod read;
mod retry;
mod runner;
mod worker;

use std::sync::Arc;

use domain::arn::AppInstanceArn;
use domain::plan::{Subject, Warning, Why};
use domain::{Given, JobId, JobKind, JobState, RowState, Scope, Tally, Timestamp, Verdict};
use serde_json::Value;

use crate::access::OperatorId;
use crate::background::Background;
use crate::budget::Pace;
use crate::call::Calls;
use crate::clock::Clock;
use crate::store::Store;

pub use around::Around;
pub use bring_back::can_bring_back;
pub use change::By;
pub use make::{Making, NewJob, Row, Wanted};
pub use owner::Owner;
pub use read::{Group, JobList, RowFilter, Rows};

/// The jobs of one database. Cheap to clone.
#[derive(Clone)]
pub struct Jobs(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    calls: Calls,
    background: Background,
    running: runner::Running,
}

impl Jobs {
    pub(crate) fn new(store: Store, clock: Clock, calls: &Calls, background: Background) -> Self {
        Self(Arc::new(Inner {
            store,
            clock,
            calls: calls.of_jobs(),
            background,
            running: runner::Running::default(),
        }))
    }

    /// How fast the calls of a job may go now, and why; `None` where nothing limits them.
    pub fn pace(&self, job: &Job) -> Option<Pace> {
        self.pace_of(job.kind, &job.scope, job.instance.known())
    }

    fn pace_of(
        &self,
        kind: JobKind,
        scope: &Scope,
        instance: Option<&AppInstanceArn>,
    ) -> Option<Pace> {
        let budget = self.0.calls.connections().budget(&scope.connection)?;
        let resource = instance.map(|instance| instance.clone().into());
        let operations = kind.operations().iter();
        let paces =
            operations.filter_map(|operation| budget.pace(scope, *operation, resource.as_ref()));
        paces.min_by(|a, b| a.present.total_cmp(&b.present))
    }
}

/// A job, without its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// By which connection and in which Region.
    pub scope: Scope,
    /// The AppInstance around all of its rows; empty for a job over several of its Region.
    pub instance: Given<AppInstanceArn>,
    /// Whose rights it acts with.
    pub owner: Owner,
    /// What was asked for, as the API names it.
    pub input: Value,
    /// How far it is.
    pub state: JobState,
    /// Why it paused or stopped by itself.
    pub reason: Option<Why>,
    /// When it was made.
    pub created: Timestamp,
    /// When its plan was finished: what the plan says, it says as of then.
    pub planned: Option<Timestamp>,
    /// When it was run first.
    pub started: Option<Timestamp>,
    /// When it came to its end.
    pub ended: Option<Timestamp>,
    /// How many rows it has.
    pub total: u64,
    /// What its plan says.
    pub plan: Plan,
    /// What became of its rows.
    pub tally: Tally,
    /// Rows a second, lately; 0 when nothing is known.
    pub pace: f64,
    /// Whether a process works on it now.
    pub is_held: bool,
}

/// What a plan says, in numbers of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Rows that will be done.
    pub will: u64,
    /// Rows that are so already.
    pub skip: u64,
    /// Rows that cannot be done.
    pub cannot: u64,
    /// Rows of which nothing could be found out.
    pub unsure: u64,
    /// Calls that change something.
    pub calls: u64,
}

impl Job {
    /// Whether its rows are several AppInstances of its Region.
    pub fn is_of_several(&self) -> bool {
        self.instance.as_str().is_empty()
    }

    /// Rows that have no outcome yet.
    pub const fn left(&self) -> u64 {
        self.total.saturating_sub(self.tally.settled())
    }

    /// Seconds until it is done, at the present pace; nothing when that is not known.
    pub fn seconds_left(&self) -> Option<u64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an estimate"
        )]
        (self.pace > 0.0).then(|| (self.left() as f64 / self.pace).ceil() as u64)
    }
}

/// A row of a job, as pages show it.
#[derive(Clone, Debug, PartialEq)]
pub struct JobRow {
    /// Its number, from 1.
    pub row: u64,
    /// The line of the file that it is from.
    pub line: Option<u64>,
    /// What it is about.
    pub subject: Option<Subject>,
    /// The text of what it is about, where it is no ARN that is known.
    pub resource: String,
    /// What the plan says.
    pub verdict: Option<Verdict>,
    /// What else it does.
    pub warning: Option<Warning>,
    /// What was there when it was planned.
    pub before: Value,
    /// The calls that it takes, each with its operation and input, device tokens masked.
    pub calls: Vec<Value>,
    /// How far it is.
    pub state: RowState,
    /// How often its present call was sent.
    pub attempts: u64,
    /// Why nothing was done, or why it failed.
    pub why: Option<Why>,
    /// Its entry in the audit: that of the last call.
    pub entry: Option<String>,
    /// The request id that AWS gave.
    pub aws_request: Option<String>,
}

/// Who a job belongs to, as a filter of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// Those of one operator.
    Of(OperatorId),
}
