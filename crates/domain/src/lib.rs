//! The words of Amazon Chime SDK Identity as types: what may be built is valid, and what was
//! read from AWS is kept as it came ([`given`]).
//!
//! Shared by the browser and the server, so it does no I/O and has no Cargo features. It knows
//! nothing of SQL and the AWS SDK, and of HTTP only the status of each failure ([`failure`]).

// First, so that the modules below them can use their macros.
#[macro_use]
mod word;
#[macro_use]
pub mod operation;

pub mod account;
pub mod arn;
pub mod connection;
pub mod consequence;
pub mod event;
pub mod failure;
pub mod given;
pub mod grant;
pub mod import;
pub mod input;
pub mod job;
pub mod name;
pub mod page;
pub mod plan;
pub mod problem;
pub mod rate;
pub mod reading;
pub mod role;
pub mod settings;
pub mod snapshot;
pub mod snippet;
pub mod spreadsheet;
pub mod tag;
pub mod timestamp;
pub mod token;
pub mod view;

pub use account::{AccountId, Environment, Region};
pub use connection::{ConnectionId, Scope, Target};
pub use event::Event;
pub use failure::{Cause, CredentialsProblem, Failure, NoConnection, ProviderProblem, Sent, Trace};
pub use given::Given;
pub use grant::Grant;
pub use job::{JobId, JobKind, JobState, RowState, Tally, Verdict};
pub use operation::{Effect, Operation};
pub use page::{Page, PageSize};
pub use problem::{Field, FieldProblem, Problem};
pub use role::Role;
pub use timestamp::Timestamp;
