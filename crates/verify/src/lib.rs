//! Compares a service that speaks Amazon Chime SDK Identity with the emulator: the same calls to both, all 30 operations,
//! inside one AppInstance that it makes and removes again.
//!
//! Anyone who has an account can learn with it what AWS does not document. It speaks HTTP by
//! itself, since an SDK drops what it does not know. It knows nothing of operators, and the audit
//! log knows nothing of it.

mod compare;
mod known;
mod report;
mod request;
mod script;
mod service;
mod walk;

pub use compare::Difference;
pub use report::{Finding, Outcome};
pub use service::{Endpoint, NoEndpoint, standard_credentials};
pub use walk::{Plan, Stop, VerifyError, run};

/// How many calls a walk makes of the service when none has to be repeated.
pub fn calls() -> usize {
    script::steps().len()
}
