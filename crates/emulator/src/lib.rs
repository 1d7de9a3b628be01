//! An emulator of the Amazon Chime SDK Identity HTTP API.
//!
//! It speaks restJson1 with Signature Version 4 as the service model of AWS says (API version 2021-04-20), keeps its
//! data in SQLite, and is used by `carillon emulate`, by the dashboard's embedded backend and by tests.
//!
//! It deliberately shares no code with the dashboard, does not deliver messages, and does not know IAM policies: every
//! holder of the one key pair may do everything.

mod admins;
mod app_instances;
mod arn;
mod arrivals;
mod background;
mod below;
mod body;
mod bots;
mod call;
mod chance;
mod clock;
mod connection;
mod constraints;
mod control_plane;
mod deadlines;
mod digest;
mod dispatch;
mod emulator;
mod endpoints;
mod error;
mod failing;
mod faults;
mod host;
mod idempotency;
mod in_process;
mod latency;
mod next_token;
mod object;
mod operation;
mod origin;
mod paging;
mod query;
mod rate;
mod request_tokens;
mod reset;
mod routing;
mod scope;
mod seed;
mod server;
mod settings;
mod signature;
mod spoiled;
mod state;
mod statistics;
mod storage;
mod sts;
mod tag_list;
mod tags;
mod twice;
mod users;
mod writer;

pub use deadlines::Deadlines;
pub use emulator::{Config, Emulator, StartError, Storage};
pub use faults::{Fault, FaultKind};
pub use in_process::Refused;
pub use latency::Latency;
pub use origin::{CorsOrigin, NoOrigin};
pub use settings::{Quotas, Rate, RateScope, Settings};
